"""Whose turn it is to write: so many at a time, whoever has a customer waiting first, and nobody is forgotten."""

from __future__ import annotations

import random
import threading
import time
from datetime import timedelta

import pytest

from hub.books.turns import Turns
from loyalty.utc import utc_text
from sync.protocol import HoldReply, HoldRequest
from tests.hub.conftest import Office, Pen

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


def test_a_hold_is_answered_before_the_batches_that_wait(office: Office) -> None:
    """While a day's outboxes come in, a customer still stands at a till."""
    office.join(points=500)
    turns = office.hub._intake._turns
    until = utc_text(office.now + timedelta(minutes=20))
    asked = HoldRequest(till="t9", programme="alenka", member="anna", hold="t9/1", points=5, until=until)
    replies: list[HoldReply] = []
    texts = [(till, Pen(till).write(office.sale(earned=1))) for till in ("t1", "t2", "t3")]
    threads = [threading.Thread(target=office.hub.take, args=(till, [text])) for till, text in texts]
    threads.append(threading.Thread(target=lambda: replies.append(office.hub.hold(asked))))
    with turns.taken():
        for number, thread in enumerate(threads, start=1):
            thread.start()
            until_they_wait(turns, number)
    for thread in threads:
        thread.join(LONG_S)
    assert [(reply.points, reply.active) for reply in replies] == [(5, 500)], "what was earned comes after it"
    assert office.balance() == 503
