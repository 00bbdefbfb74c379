"""What an act of the account is: see acts.py, which has them all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import msgspec

from hub.desk.act import ActRefused
from hub.hub import Hub
from hub.people.orders import NotDone, Order
from hub.people.who import NotFound, Person, is_erased, people
from hub.store.seam import Reader
from loyalty.operation import ACCOUNT_CHAIN

BY_MEMBER: Final = "member"  # who orders what a member does in his account


class AccountAsked(NamedTuple):
    """`member`: who is signed in, "" where nobody is. The same `key` is the same order; it is of this member and act
    alone, whatever key was sent (hub/face/account.py). `mark`: of the phone that he had when he signed in, "" where
    nobody minds."""

    member: str
    programme: str
    key: str
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountAct:
    """`takes`: the body's type. `signed_in`: somebody has to be. `do` raises ActRefused."""

    takes: type[msgspec.Struct]
    do: Callable[[Hub, AccountAsked, Any], msgspec.Struct]
    signed_in: bool = True


def signed_in(reader: Reader, asked: AccountAsked) -> Person:
    """Who he is now, also where he has gone into another since he signed in; nobody, once erased, or once his phone is
    another: who has lost it may have lost his sessions too. Raises ActRefused."""
    found = people(reader, [asked.member])
    if not found or found[0].row.programme != asked.programme or is_erased(reader, found[0].member):
        raise ActRefused("member_gone", "no member of this programme answers to the id")
    if asked.mark not in ("", mark_of(found[0])):
        raise ActRefused("member_gone", "his phone is another than the one with which he signed in")
    return found[0]


def mark_of(person: Person) -> str:
    """Of his phone. Short, so that it is a mark of a hundred thousand phones, and says none."""
    told = f"{person.member}\n{person.profile.phone or ''}"
    return hashlib.sha256(told.encode()).hexdigest()[:4]


def order_of(asked: AccountAsked) -> Order:
    """Of the member himself: an operation of the chain `account`."""
    return Order(by=BY_MEMBER, key=f"account/{asked.key}", chain=ACCOUNT_CHAIN)


def ordered(give: Callable[[], Any]) -> Any:
    """Carry an order out. Raises ActRefused, with the order's own code."""
    try:
        return give()
    except NotDone as error:
        raise ActRefused(error.code, str(error)) from error
    except NotFound as error:
        raise ActRefused("nobody_found", str(error)) from error
