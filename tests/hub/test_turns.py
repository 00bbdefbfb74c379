"""Whose turn it is to write: so many at a time, whoever has a customer waiting first, and nobody is forgotten."""

from __future__ import annotations

import random
import threading
import time

import pytest

from hub.books.turns import Turns

LONG_S = 20.0


def until_they_wait(turns: Turns, how_many: int) -> None:
    end = time.monotonic() + LONG_S
    while turns.waiting < how_many:
        assert time.monotonic() < end, "they never came to wait"
        threading.Event().wait(0.001)


def test_whoever_has_a_customer_waiting_goes_before_all_who_came_earlier() -> None:
    turns, done = Turns(1), []

    def work(name: str, first: bool) -> None:
        with turns.taken(first=first):
            done.append(name)

    came = [("push", False)] * 3 + [("hold", True)] * 2 + [("push", False)]
    threads = [threading.Thread(target=work, args=one) for one in came]
    with turns.taken():
        for number, thread in enumerate(threads, start=1):
            thread.start()
            until_they_wait(turns, number)
    for thread in threads:
        thread.join(LONG_S)
    assert done == ["hold"] * 2 + ["push"] * 4 and turns.waiting == 0


@pytest.mark.parametrize("most", [1, 3])
def test_never_more_than_so_many_and_nobody_waits_for_ever(most: int) -> None:
    turns, at_once, seen, guard = Turns(most), [0], [0], threading.Lock()
    seed = random.SystemRandom().randrange(10**9)
    print(f"seed {seed}")

    def work(number: int) -> None:
        chance = random.Random(seed + number)
        for _ in range(200):
            with turns.taken(first=chance.random() < 0.3):
                with guard:
                    at_once[0] += 1
                    seen[0] = max(seen[0], at_once[0])
                if chance.random() < 0.1:
                    threading.Event().wait(0.0005)  # others get on
                with guard:
                    at_once[0] -= 1

    threads = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG_S)
    assert not any(thread.is_alive() for thread in threads) and seen[0] == most and turns.waiting == 0


def test_a_turn_that_fails_is_given_back() -> None:
    turns = Turns(1)
    for first in (True, False):
        with pytest.raises(ZeroDivisionError), turns.taken(first=first):
            raise ZeroDivisionError
    with turns.taken():
        pass
