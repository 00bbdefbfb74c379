"""Signing in and out. No receipt is touched."""

from __future__ import annotations

from pos_agent.counter import Counter, Done
from pos_agent.protocol_staff import SignIn, SignOut
from pos_agent.staff.rights import Presented, proven
from pos_agent.visit import Visit


def sign_in(counter: Counter, visit: Visit, command: SignIn) -> Done:
    person = proven(counter, Presented(command.person, command.pin, command.badge))
    assert counter.staff is not None, "whoever was found is on a list"
    counter.staff.sign_in(counter.caller.place, person, counter.now)
    return Done(visit=visit, code="signed_in", facts={"name": person.name})


def sign_out(counter: Counter, visit: Visit, command: SignOut) -> Done:
    if counter.staff is not None:
        counter.staff.sign_out(counter.caller.place)
    return Done(visit=visit, code="signed_out")
