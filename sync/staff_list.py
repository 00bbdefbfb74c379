"""The list of whoever works at a store, as the till reads it: row by row. A hub may be newer than this till; a row that
cannot be read is named, and the others stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

import msgspec

from loyalty.possible import is_text, shown_id
from loyalty.staff import Role
from sync.protocol import STAFF_MAX, Edition, ToldPerson
from sync.staff_codes import HASHED, PEPPER_BYTES

UNREAD: Final = "?"  # the id of a row, or of all rows, that cannot be read


class Colleague(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`name`: as operations name him. `pin`, `badge`: hashes; "": he has none."""

    id: str
    name: str
    role: Role
    pin: str = ""
    badge: str = ""


class StaffList(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`edition`: what the hub calls all of it together; "": the office keeps no list. `unread`: ids of rows that cannot
    be read here."""

    edition: Edition = ""
    people: tuple[Colleague, ...] = ()
    unread: tuple[str, ...] = ()


class StaffTold(msgspec.Struct, frozen=True, kw_only=True):
    """`pepper` None: it did not come, or not so that it can be opened; the one that is known stays."""

    list: StaffList
    pepper: bytes | None = None


class KeepsStaff(Protocol):
    """Where the till keeps it."""

    @property
    def edition(self) -> Edition: ...

    def keep(self, told: StaffTold) -> None:
        """What cannot be kept now is told again."""
        ...


class _Frame(msgspec.Struct, frozen=True, kw_only=True):
    edition: Edition
    pepper: str = ""
    people: tuple[msgspec.Raw, ...] = ()


class _Named(msgspec.Struct, frozen=True):
    id: str = UNREAD


_frame = msgspec.json.Decoder(_Frame).decode
_row = msgspec.json.Decoder(ToldPerson).decode
_named = msgspec.json.Decoder(_Named).decode


def read_staff(told: msgspec.Raw, opened: Callable[[str], str] = str) -> StaffTold | None:
    """None: what is wrong as a whole is not taken, and told again."""
    try:
        frame = _frame(told)
        pepper = bytes.fromhex(opened(frame.pepper)) if frame.pepper else None
    except (ValueError, RecursionError):
        return None
    if pepper is not None and len(pepper) != PEPPER_BYTES:
        return None
    people, unread = list[Colleague](), list[str]()
    for row in frame.people[:STAFF_MAX]:
        try:
            people.append(_checked(_row(row)))
        except (ValueError, RecursionError):
            unread.append(_id_in(row))
    return StaffTold(
        list=StaffList(edition=frame.edition, people=tuple(people), unread=tuple(unread)),
        pepper=pepper,
    )


def _checked(row: ToldPerson) -> Colleague:
    """Raises ValueError for one whom this till cannot know, or show."""
    if not all(map(is_text, (row.id, row.name))):
        raise ValueError(f"person {shown_id(row.id)} has a text that nobody can read")
    if row.pin and not row.pin.startswith(HASHED):
        raise ValueError(f"person {shown_id(row.id)} has a PIN that is hashed otherwise")
    return msgspec.convert(msgspec.to_builtins(row), Colleague)


def _id_in(row: msgspec.Raw) -> str:
    try:
        return shown_id(_named(row).id)
    except (ValueError, RecursionError):
        return UNREAD
