"""Signing in and out. No receipt is touched."""

from __future__ import annotations

from pos_agent.counter import Counter, Done
from pos_agent.protocol_staff import SignIn, SignOut
from pos_agent.staff.rights import Presented, proven
from pos_agent.visit import Visit
from sync.staff_list import Colleague


def sign_in(counter: Counter, visit: Visit, command: SignIn) -> Done:
    person = proven(counter, Presented(command.person, command.pin, command.badge))
    assert counter.staff is not None, "whoever was found is on a list"
    if counter.scanned and _answers(counter, person, command):
        return Done(visit=visit, code="second_shown", facts={"name": person.name})
    counter.staff.sign_in(counter.caller.place, person, counter.now)
    return Done(visit=visit, code="signed_in", facts={"name": person.name})


def _answers(counter: Counter, person: Colleague, command: SignIn) -> bool:
    """A badge before the till's scanner, while a step of somebody else waits for a second person, is for that."""
    staff, asks = counter.staff, counter.person
    if staff is None or asks is None or asks.id == person.id or command.badge is None:
        return False
    return staff.challenges.show_badge(counter.caller.place, command.badge, counter.now)


def sign_out(counter: Counter, visit: Visit, command: SignOut) -> Done:
    if counter.staff is not None:
        counter.staff.sign_out(counter.caller.place)
    return Done(visit=visit, code="signed_out")
