"""What the office says of a till's settings, as the till reads it: row by row, and no row's meaning.

A hub may be newer than this till. A row that cannot be read is named, and the others stand; which of them are settings
here, and which values they may have, the settings themselves say.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

import msgspec

from loyalty.possible import is_text, shown_id
from loyalty.utc import check_utc
from sync.protocol import SETTINGS_MAX, Edition, ToldSetting

UNREAD: Final = "?"  # the name of a row, or of all rows, that cannot be read


class Proposal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`edition`: what the hub calls all of it together. `unread`: names of rows that cannot be read here."""

    edition: Edition = ""
    settings: tuple[ToldSetting, ...] = ()
    unread: tuple[str, ...] = ()


class OfficeWord(Protocol):
    """Where the till keeps it."""

    @property
    def edition(self) -> Edition: ...

    def keep(self, proposal: Proposal) -> None:
        """What cannot be kept now is told again."""
        ...


class _Frame(msgspec.Struct, frozen=True, kw_only=True):
    edition: Edition
    settings: tuple[msgspec.Raw, ...] = ()


class _Named(msgspec.Struct, frozen=True):
    name: str = UNREAD


_frame = msgspec.json.Decoder(_Frame).decode
_row = msgspec.json.Decoder(ToldSetting).decode
_named = msgspec.json.Decoder(_Named).decode


def read_proposal(told: msgspec.Raw) -> Proposal:
    """What is wrong as a whole has no edition, and so is told until it is right."""
    try:
        frame = _frame(told)
    except (ValueError, RecursionError):
        return Proposal(unread=(UNREAD,))
    read, unread = _read(frame.settings[:SETTINGS_MAX])
    return Proposal(edition=frame.edition, settings=tuple(read), unread=tuple(unread))


def _read(rows: Sequence[msgspec.Raw]) -> tuple[list[ToldSetting], list[str]]:
    read, unread = list[ToldSetting](), list[str]()
    for row in rows:
        try:
            read.append(_checked(_row(row)))
        except (ValueError, RecursionError):
            unread.append(_name_in(row))
    return read, unread


def _checked(row: ToldSetting) -> ToldSetting:
    """What can be shown to people. Raises ValueError."""
    check_utc(row.at)
    texts = (row.name, row.store, row.by, row.value if isinstance(row.value, str) and row.value else "-")
    if not all(map(is_text, texts)):
        raise ValueError(f"setting {shown_id(row.name)} has a text that nobody can read")
    return row


def _name_in(row: msgspec.Raw) -> str:
    try:
        return shown_id(_named(row).name)
    except (ValueError, RecursionError):
        return UNREAD
