"""Members come in by CSV and get registered: the office's side of the hub.

    programme,card,phone,points,registered,birthday,favourites,member
    alenka,2600000000017,+79161234567,150,yes,1990-05-17,chocolate;cookies,

`programme` and `card` are required; `member` is an id of your own, else one is made. A file with a bad line is not
taken at all: every one is told with its number first. How good ones come into the ledger is in hub/importing.py.
"""

from __future__ import annotations

import csv
import itertools
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TextIO

from hub.hub import Hub, Said
from hub.store.records import MemberRow, ProfileRow
from hub.store.seam import Reader
from loyalty.bodies import Body, Grant, MemberRegistered
from loyalty.operation import utc_text
from loyalty.phones import parse_phone
from loyalty.points_life import grant_times
from loyalty.programme import Programme

COLUMNS = ("programme", "card", "phone", "points", "registered", "birthday", "favourites", "member")
POINTS_MAX = 100_000_000  # a typing slip, not a balance
FIELD_CHARACTERS_MAX = 300  # a member must fit into a page of the change feed, many times
BAD_LINES_SHOWN_MAX = 20


class BadMembers(Exception):
    """The file was not taken; `problems` names each bad line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(shown(problems))
        self.problems = problems


def shown(problems: list[str]) -> str:
    """As many as a screen holds."""
    more = len(problems) - BAD_LINES_SHOWN_MAX
    return "\n".join([*problems[:BAD_LINES_SHOWN_MAX], *([f"… and {more} more"] if more > 0 else [])])


class UnknownCard(Exception):
    """No member has this card."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMember:
    line: int  # of the file
    programme: str
    card: str
    phone: str | None
    points: int
    registered: bool
    birthday: str | None
    favourites: tuple[str, ...]
    member: str


def new_id() -> str:
    return secrets.token_hex(8)


def read_members(file: TextIO, programmes: Iterable[str], new_id: Callable[[], str] = new_id) -> list[NewMember]:
    """The rows of a CSV file; `new_id` makes ids for members who bring none. Raises BadMembers with every bad
    line."""
    try:
        heading = file.readline()
        delimiter = ";" if ";" in heading and "," not in heading else ","  # spreadsheets in Russia write semicolons
        reader = csv.DictReader(itertools.chain([heading], file), delimiter=delimiter)
        try:
            return _members(reader, programmes, new_id)
        except csv.Error as error:
            raise BadMembers([f"line {reader.line_num + 1}: {error}"]) from error
    except UnicodeDecodeError as error:
        raise BadMembers(["the file is not UTF-8 (in a spreadsheet, save it as «CSV UTF-8»)"]) from error


def _members(reader: csv.DictReader[str], programmes: Iterable[str], new_id: Callable[[], str]) -> list[NewMember]:
    unknown = [name for name in reader.fieldnames or () if name not in COLUMNS]
    twice = [name for name in COLUMNS if list(reader.fieldnames or ()).count(name) > 1]
    missing = [name for name in ("programme", "card") if name not in (reader.fieldnames or ())]
    if unknown or missing or twice:
        what = [f"unknown column {name!r}" for name in unknown] + [f"missing column {name!r}" for name in missing]
        what += [f"column {name!r} twice" for name in twice]
        raise BadMembers([f"line 1: {', '.join(what)}. The columns are: {', '.join(COLUMNS)}"])
    known, members, problems = set(programmes), [], []
    seen: dict[tuple[str, str], int] = {}
    for row in reader:
        try:
            member = _row(row, known, reader.line_num, new_id)
            for key in (("card", member.card), ("member", member.member)):
                if key in seen:
                    raise ValueError(f"{key[0]} {key[1]} stands on line {seen[key]} too")
                seen[key] = reader.line_num
            members.append(member)
        except ValueError as error:
            problems.append(f"line {reader.line_num}: {error}")
    if problems:
        raise BadMembers(problems)
    return members


def _row(row: dict[str | Any, str | Any], programmes: set[str], line: int, new_id: Callable[[], str]) -> NewMember:
    if None in row:
        raise ValueError("more fields than columns")
    text = {str(name): str(value or "").strip() for name, value in row.items()}
    for name, value in text.items():
        if len(value) > FIELD_CHARACTERS_MAX or not value.isprintable():
            raise ValueError(f"{name} must be at most {FIELD_CHARACTERS_MAX} printable characters")
    if text["programme"] not in programmes:
        raise ValueError(f"programme {text['programme']!r} is not one of {', '.join(sorted(programmes))}")
    if not text["card"].isascii() or not text["card"].isalnum():
        raise ValueError(f"card {text['card']!r} must be letters and digits")
    return NewMember(
        line=line,
        programme=text["programme"],
        card=text["card"],
        phone=parse_phone(text["phone"]) if text.get("phone") else None,
        points=_points(text.get("points", "")),
        registered=_yes(text.get("registered", "")),
        birthday=_birthday(text.get("birthday", "")),
        favourites=tuple(part for part in text.get("favourites", "").split(";") if part),
        member=text.get("member") or new_id(),
    )


def _points(text: str) -> int:
    if not text:
        return 0
    if not text.isascii() or not text.isdigit() or int(text) > POINTS_MAX:
        raise ValueError(f"points {text!r} must be a whole number from 0 to {POINTS_MAX}")
    return int(text)


def _birthday(text: str) -> str | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError(f"birthday {text!r} is not a day; write it like 1990-05-17") from None


def _yes(text: str) -> bool:
    if text.lower() not in ("", "yes", "no"):
        raise ValueError(f"registered {text!r} must be yes or no")
    return text.lower() == "yes"


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
