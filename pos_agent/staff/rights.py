"""Who may do what a desk is asked for, and who answers for a step besides. All of it raises Refused."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple, Protocol

from loyalty.staff import Right, may
from pos_agent.protocol_staff import Second
from pos_agent.refused import Refused
from pos_agent.staff import tries
from pos_agent.staff.caller import FREE, Caller, SignedIn, Step
from pos_agent.staff.challenges import Challenge
from pos_agent.staff.proving import PinSaid, ProvePin
from pos_agent.staff.staff import Staff
from sync.staff_codes import is_pin
from sync.staff_list import Colleague

NOTHING: Final = Second()  # told: whoever has shown his badge at the till's scanner meanwhile


class Presented(NamedTuple):
    """By what somebody shows who he is."""

    person: str | None
    pin: str | None
    badge: str | None


class Asked(Protocol):
    """What a command stands on, as far as it matters here."""

    now: datetime
    caller: Caller
    pins: tuple[PinSaid, ...]  # what came of PINs that were checked for it
    may_prove: bool  # PINs are checked beside the loop

    @property
    def listed(self) -> Staff | None:
        """Who works here; None: the office keeps no list."""
        ...

    @property
    def person(self) -> SignedIn | None: ...


def need(asked: Asked, right: Right) -> SignedIn | None:
    """Whoever asks, if he may; None: nobody has to have signed in for it."""
    person = asked.person
    if person is not None and may(person.role, right):
        return person
    if asked.caller.guest and right == "sell":
        return None
    if asked.listed is None:
        if right in FREE:
            return None
        raise Refused("not_allowed") if person is not None else Refused("no_staff")
    raise Refused("not_allowed") if person is not None else Refused("sign_in_needed")


def proven(asked: Asked, shown: Presented) -> Colleague:
    """Who it is that shows his PIN or badge. Raises ProvePin the first time; Refused, and the try counts."""
    staff = asked.listed
    if staff is None:
        raise Refused("no_staff")
    pepper = staff.book.pepper
    if pepper is None:
        raise Refused("no_pepper")
    name = tries.ALL if shown.badge is not None else shown.person or ""
    known = None if shown.badge is not None else staff.book.find(name)
    said = next((one for one in asked.pins if one.person == name), None) if known is not None else None
    if said is None:
        _may_try(asked, staff, name)
    if shown.badge is not None:
        known = staff.book.of_badge(shown.badge)
        if known is None:
            staff.keep_tries(tries.with_try(staff.tries, name, asked.now))
            _may_try(asked, staff, name)
            raise Refused("wrong_badge", left=_left(staff, name))
        return known
    if known is None or not known.pin or not is_pin(shown.pin or ""):
        staff.keep_tries(tries.with_try(staff.tries, name, asked.now))
        _may_try(asked, staff, name)
        raise Refused("wrong_pin", left=_left(staff, name))
    if said is None:
        staff.keep_tries(tries.with_try(staff.tries, name, asked.now))
        one = ProvePin(name, shown.pin or "", known.pin, pepper)
        if asked.may_prove:
            raise one
        said = one.said()
    if not said.right:
        _may_try(asked, staff, name)
        raise Refused("wrong_pin", left=_left(staff, name))
    staff.keep_tries(tries.after_right(staff.tries, name))
    return known


def _may_try(asked: Asked, staff: Staff, name: str) -> None:
    if pause := tries.pause_s(staff.tries, name, asked.now):
        raise Refused("pin_pause", seconds=str(pause))


def _left(staff: Staff, name: str) -> str:
    return str(tries.left(staff.tries, name))


def second(asked: Asked, right: Right, step: Step, told: Second | None) -> SignedIn:
    """Somebody else who answers for just this step: near, by his PIN or badge, or far, by the office's code."""
    staff = asked.listed
    if staff is None:
        raise Refused("no_staff")
    if staff.book.pepper is None:
        raise Refused("no_pepper")
    if told is None:
        raise Refused("second_needed", challenge=_challenge(asked, staff, step).spoken)
    if told.code is not None:
        return _far(asked, staff, right, step, told.code)
    if told == NOTHING:
        told = Second(badge=staff.challenges.badge_for(asked.caller.place, step, asked.now) or None)
    if told == NOTHING:
        raise Refused("second_needed", challenge=_challenge(asked, staff, step).spoken)
    answers = proven(asked, Presented(told.person, told.pin, told.badge))
    if asked.person is not None and answers.id == asked.person.id:
        raise Refused("second_same")
    if not _may_answer(answers, right):
        raise Refused("second_not_allowed", name=answers.name)
    return SignedIn(answers.id, answers.name, answers.role)


def _may_answer(one: Colleague, right: Right) -> bool:
    return may(one.role, right) and may(one.role, "be_second")


def _challenge(asked: Asked, staff: Staff, step: Step) -> Challenge:
    assert staff.book.pepper is not None
    return staff.challenges.of(asked.caller.place, step, staff.book.pepper, asked.now)


def _far(asked: Asked, staff: Staff, right: Right, step: Step, code: str) -> SignedIn:
    assert staff.book.pepper is not None
    asking = asked.person.id if asked.person is not None else ""
    others = [one for one in staff.book.list.people if one.id != asking and _may_answer(one, right)]
    said = staff.challenges.said(asked.caller.place, step, code, staff.book.pepper, asked.now, others)
    if isinstance(said, Colleague):
        return SignedIn(said.id, said.name, said.role)
    challenge = _challenge(asked, staff, step)
    if said == "over":
        raise Refused("second_code_over", challenge=challenge.spoken)
    raise Refused("second_wrong_code", left=str(challenge.tries_left))
