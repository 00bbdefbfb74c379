"""Whom the office means: by a card, an id, a phone, a name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import Final, NamedTuple

from hub.merges import erased_of, stands_for, with_heirs
from hub.store.records import CardRow, MemberRow, ProfileRow
from hub.store.seam import Reader
from loyalty.phones import BadPhone, parse_phone

FOUND_MAX: Final = 50  # of one look by a name: more is no answer


class NotFound(Exception):
    """Nobody is called so, or several are; the message says what helps."""


class Person(NamedTuple):
    """A member with what is known of him besides operations."""

    row: MemberRow
    profile: ProfileRow
    cards: tuple[CardRow, ...]

    @property
    def member(self) -> str:
        return self.row.member


def standing(reader: Reader, member: str) -> MemberRow | None:
    """Who answers to an id now; None: nobody ever did."""
    return stands_for(lambda id: reader.members([id]).get(id), member)


def person_called(reader: Reader, programmes: Collection[str], text: str) -> Person:
    """The one who has this card, this id or this phone in one of the programmes. Raises NotFound."""
    found = list(_exact(reader, programmes, text))
    if not found:
        raise NotFound(f"Nobody has the card, the phone or the id {text!r}. `pos-hub member find` looks by a name too.")
    if len(found) > 1:
        ids = ", ".join(f"{one.member} ({one.row.programme})" for one in found)
        raise NotFound(f"Several have {text!r}: {ids}. Say which by the id or a card.")
    return found[0]


def found_by(
    reader: Reader,
    programmes: Collection[str],
    text: str = "",
    *,
    card: str = "",
    phone: str = "",
    name: str = "",
    most: int = FOUND_MAX,
) -> list[Person]:
    """Whoever fits: `text` is any of the three, or an id. At most so many. Raises NotFound for a phone that is none."""
    if card:
        return people(reader, _of_card(reader, card))
    if phone:
        try:
            return people(reader, _of_phone(reader, programmes, parse_phone(phone)))
        except BadPhone as error:
            raise NotFound(f"Phone {error}.") from error
    exact = [] if name else list(_exact(reader, programmes, text))
    return exact or people(reader, islice(_named(reader, name or text), most))


def people(reader: Reader, ids: Iterable[str]) -> list[Person]:
    """In the order of the ids; whoever has gone into another is that one, once."""
    wanted = dict.fromkeys(ids)
    there = with_heirs(reader.members, wanted)
    rows = {row.member: row for one in wanted if (row := stands_for(there.get, one)) is not None}
    here = list(rows)
    if not here:
        return []
    profiles = reader.profiles(here)
    cards: dict[str, list[CardRow]] = {}
    for card in reader.cards_of(here):
        cards.setdefault(card.member, []).append(card)
    empty = ProfileRow("", None, None, ())
    return [
        Person(row, profiles.get(one) or empty._replace(member=one), tuple(cards.get(one, ())))
        for one, row in rows.items()
    ]


def _exact(reader: Reader, programmes: Collection[str], text: str) -> Iterator[Person]:
    """By a card, else by an id, else by a phone."""
    by_card = people(reader, _of_card(reader, text))
    if by_card:
        yield from by_card
        return
    by_id = people(reader, [text])
    if by_id:
        yield from by_id
        return
    try:
        number = parse_phone(text)
    except BadPhone:
        return
    yield from people(reader, _of_phone(reader, programmes, number))


def _of_card(reader: Reader, number: str) -> list[str]:
    return [card.member for card in reader.cards([number]).values()]


def _of_phone(reader: Reader, programmes: Iterable[str], phone: str) -> list[str]:
    return [member for programme in sorted(programmes) for member in reader.with_phone(programme, phone)]


def _named(reader: Reader, name: str) -> Iterator[str]:
    """Every word of the name is the beginning of one of theirs."""
    wanted = _folded(name).split()
    if not wanted:
        return
    for profile in reader.all_profiles():
        told = "" if profile.name is None else _folded(profile.name)
        if wanted[0] in told and all(any(word.startswith(one) for word in told.split()) for one in wanted):
            yield profile.member


def _folded(name: str) -> str:
    return name.casefold().replace("ё", "е")


def is_erased(reader: Reader, member: str) -> bool:
    return bool(erased_of(reader, [member]))
