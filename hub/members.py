"""Members as they join and get registered: the office's side of the hub. hub/files/ reads whole files of them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from hub.hub import Hub, Said
from hub.store.records import MemberRow, ProfileRow
from hub.store.seam import Reader
from loyalty.bodies import Body, Grant, MemberRegistered
from loyalty.operation import utc_text
from loyalty.points_life import grant_times
from loyalty.programme import Programme

BAD_LINES_SHOWN_MAX: Final = 20
BAD_LINES_KEPT_MAX: Final = 1_000  # of a file of a million there may be a million


class BadMembers(Exception):
    """The file was not taken; `problems` names its bad lines, the first ones of `count`."""

    def __init__(self, problems: Sequence[str], count: int | None = None) -> None:
        self.count = len(problems) if count is None else count
        super().__init__(shown(problems, self.count))
        self.problems = list(problems)


def shown(problems: Sequence[str], count: int) -> str:
    """As many as a screen holds."""
    some = problems[:BAD_LINES_SHOWN_MAX]
    more = count - len(some)
    return "\n".join([*some, *([f"… and {more} more"] if more > 0 else [])])


class UnknownCard(Exception):
    """No member has this card."""


class NewMember(msgspec.Struct, frozen=True, kw_only=True, array_like=True, gc=False):
    """A row of a file. `named`: it brought the member's id, else one was made."""

    line: int
    programme: str
    card: str
    phone: str | None
    points: int
    registered: bool
    birthday: str | None
    favourites: tuple[str, ...]
    member: str
    named: bool = True


def new_id() -> str:
    return secrets.token_hex(8)


def register_member(hub: Hub, card: str, programme: Programme, phone: str | None) -> int | None:
    """The member filled the form in (A8): the card becomes active, the welcome grant is given once (A21).
    Returns the points granted; None: he was registered before. Raises UnknownCard."""
    granted: int | None = None

    def decide(reader: Reader) -> Said:
        nonlocal granted
        member = _to_register(reader, card, programme)
        if member.registered:
            granted = None
            return Said(())
        welcome = _welcome(programme, member.member, hub.now())
        granted = welcome.points if welcome else 0
        bodies: list[Body] = [MemberRegistered(member=member.member), *([welcome] if welcome else [])]
        return Said(bodies, _with_phone(reader, member.member, phone))

    hub.bear_after(programme.id, decide)
    return granted


def _to_register(reader: Reader, number: str, programme: Programme) -> MemberRow:
    card = reader.cards([number]).get(number)
    if card is None:
        raise UnknownCard(f"No member has card {number}.")
    member = reader.members([card.member])[card.member]
    if member.programme != programme.id:
        raise UnknownCard(f"Card {number} is of the programme {member.programme}, not of {programme.id}.")
    return member


def _with_phone(reader: Reader, member: str, phone: str | None) -> list[ProfileRow]:
    return [reader.profiles([member])[member]._replace(phone=phone)] if phone else []


def _welcome(programme: Programme, member: str, now: datetime) -> Grant | None:
    welcome = programme.grants.welcome
    if welcome is None:
        return None
    times = grant_times(programme, welcome, now)
    return Grant(
        member=member,
        points=welcome.points,
        reason="welcome",
        active_from=utc_text(times.active_from),
        expires_at=utc_text(times.expires_at) if times.expires_at else None,
    )
