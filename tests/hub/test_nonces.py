"""A nonce is the hub's own, good once, for some minutes."""

from __future__ import annotations

import pytest

from hub.face.nonces import GOOD_S, Nonces


class Clock:
    now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s


def test_a_nonce_is_good_once_and_for_its_time() -> None:
    clock = Clock()
    nonces = Nonces(clock)
    first, second = nonces.give(), nonces.give()
    assert first != second
    assert nonces.take(first) and not nonces.take(first)
    clock.now_s += GOOD_S + 1
    assert not nonces.take(second), "it is too old"
    assert not nonces.take(first), "and what is forgotten of the used is too old as well"


@pytest.mark.parametrize("nonce", ["", "-", "9999999999-aa-bb", "x-y-z", "1e9-" + "a" * 18 + "-" + "b" * 32])
def test_no_nonce_is_made_by_anybody_else(nonce: str) -> None:
    assert not Nonces(Clock()).take(nonce)


def test_a_nonce_of_another_process_or_with_another_letter_is_none() -> None:
    nonces = Nonces(Clock())
    assert not nonces.take(Nonces(Clock()).give())
    good = nonces.give()
    for place in range(len(good)):
        other = good[:place] + ("0" if good[place] != "0" else "1") + good[place + 1 :]
        assert not nonces.take(other)
    assert nonces.take(good)
