"""Whose the rows of a file are: by card, phone and id, each table once for many rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from hub.brought.kind import Around, BroughtRow, Who
from hub.files.cards import card
from hub.files.members_headings import CALLED
from hub.files.reasons import BadValue, Fault
from hub.files.values import phone
from hub.merges import erased_of, stands_for, with_heirs
from hub.store.records import CardRow, MemberRow
from hub.store.seam import Reader

WHO_CALLED: Final = {column: CALLED[column] for column in Who._fields}
Held = Callable[[Sequence[str]], Mapping[str, MemberRow]]  # how members are read so that they stay as they are


def card_reader(around: Around) -> Callable[[str], str]:
    """Of the programme that was said, or of all."""
    schemes = tuple(
        scheme
        for id, programme in around.programmes.items()
        if around.programme in (None, id)
        for scheme in programme.cards.schemes
    )
    return lambda text: card(text, schemes)


def who_readers(around: Around) -> Mapping[str, Callable[[str], Any]]:
    """Of the columns that say whose a row is."""
    read = card_reader(around)
    return {"card": lambda text: read(text) if text else None, "phone": phone, "member": lambda text: text or None}


def who(said: Mapping[str, Any]) -> Who:
    """Raises BadValue where nobody is named."""
    found = Who(said["card"], said["phone"], said["member"])
    if not any(found):
        raise BadValue("nobody", "neither card nor phone nor member is said")
    return found


def owners(
    reader: Reader, rows: Sequence[BroughtRow], around: Around, held: Held | None = None
) -> list[MemberRow | Fault | None]:
    """Whose each row is, who is there and not erased, or why it is nobody's; None: it names nobody."""
    ledger = _there(reader, [row.whose for row in rows], around, held)
    return [_owner(row.whose, ledger, around) for row in rows]


class _There(NamedTuple):
    cards: Mapping[str, CardRow]
    phones: Mapping[str, Collection[str]]  # members who have it
    members: Mapping[str, MemberRow]
    erased: Collection[str]


def _there(reader: Reader, named: Sequence[Who], around: Around, held: Held | None) -> _There:
    cards = reader.cards([one.card for one in named if one.card is not None])
    phones = _phones(reader, {one.phone for one in named if one.phone is not None}, around)
    wanted = {one.member for one in named if one.member is not None} | {row.member for row in cards.values()}
    wanted |= {member for holders in phones.values() for member in holders}
    members = with_heirs(held or reader.members, wanted)
    return _There(cards, phones, members, erased_of(reader, members))


def _phones(reader: Reader, phones: Collection[str], around: Around) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for programme in sorted(around.programmes) if around.programme is None else [around.programme]:
        for number, members in reader.with_phones(programme, phones).items() if phones else ():
            found.setdefault(number, []).extend(members)
    return found


def _owner(who: Who, ledger: _There, around: Around) -> MemberRow | Fault | None:
    found: dict[str, tuple[MemberRow, str]] = {}
    for words, ids in _candidates(who, ledger):
        rows = {row.member: row for id in ids if (row := stands_for(ledger.members.get, id)) is not None}
        if not rows:
            return Fault("unknown", f"{words} is nobody's in the ledger")
        if len(rows) > 1:
            return Fault("several", f"{words} is of several members: {', '.join(rows)}; say which by a card or the id")
        found |= {member: (row, words) for member, row in rows.items()}
    if not found:
        return None
    if len(found) > 1:
        words = " and ".join(f"{words} is {member}'s" for member, (_, words) in found.items())
        return Fault("other_member", words)
    ((row, words),) = found.values()
    if row.member in ledger.erased:
        return Fault("erased", f"{words} is of a member who was erased: nothing is known of him any more")
    if row.programme not in around.programmes or around.programme not in (None, row.programme):
        return Fault("other_programme", f"{words} is of the programme {row.programme} in the ledger")
    return row


def _candidates(who: Who, ledger: _There) -> Iterator[tuple[str, Collection[str]]]:
    if who.member is not None:
        yield f"member {who.member}", [who.member]
    if who.card is not None:
        yield f"card {who.card}", [row.member for row in [ledger.cards.get(who.card)] if row is not None]
    if who.phone is not None:
        yield f"phone {who.phone}", ledger.phones.get(who.phone, ())
