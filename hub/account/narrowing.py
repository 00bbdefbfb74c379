"""A phone is not yet a person: two share one, and numbers change hands. Who has a code that came to it says which
member he is by a card's number or his birthday, which whoever bought the number yesterday does not know.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from hub.account.card_link_acts import one_try, typed_number
from hub.desk.act import ActRefused
from hub.files import values
from hub.files.reasons import BadValue
from hub.hub import Hub
from hub.people.who import Person, is_erased
from hub.store.seam import Reader, Writer
from loyalty.months import months_on
from loyalty.programme import Programme

AGE_MIN: Final = 14  # years: whoever is younger needs his parents for what he agrees to (the Civil Code's article 26)


def the_one(
    hub: Hub, reader: Reader, rules: Programme, found: Sequence[Person], known_by: str, *, by_card: bool
) -> Person:
    """`found`: whoever has the phone; `known_by`: a card or a birthday that he has typed, "" for none; `by_card`: he
    came by a card's number. Raises ActRefused: nobody_here, not_known_by, several_here, phone_silent, too_young."""
    now = hub.now()
    here = [one for one in found if not is_erased(reader, one.member)]
    if not here:
        raise ActRefused("nobody_here", "nobody has the phone")
    his = [one for one in here if is_known_by(one, known_by, rules.day(now))] if known_by else here
    if not his:
        raise ActRefused("not_known_by", "nobody who has the phone has this card or birthday")
    if len(his) > 1:
        raise ActRefused("several_here", f"{len(his)} members have the phone")
    if not known_by and not by_card and is_silent(hub, reader, rules, his[0]):
        raise ActRefused("phone_silent", "the member has not confirmed the phone for long")
    check_age(his[0].profile.birthday, rules.day(now))
    return his[0]


def count_try(writer: Writer, phone: str, day: date) -> None:
    """So many cards and birthdays are typed for a phone (as the hub hides it) in a day. Raises ActRefused."""
    one_try(writer, f"phone/{phone}", day.isoformat())


def is_known_by(person: Person, text: str, today: date) -> bool:
    if any(card.number == typed_number(text) for card in person.cards):
        return True
    try:
        born = values.birthday(text, today)
    except BadValue:
        return False
    return born is not None and born == person.profile.birthday


def is_silent(hub: Hub, reader: Reader, rules: Programme, person: Person) -> bool:
    """The programme asks for the phone again after so many months (`phone_recheck_months`), and they are over."""
    months, phone = rules.redemption.phone_recheck_months, person.profile.phone
    if months is None or phone is None:
        return False
    row = reader.phones_confirmed([person.member]).get(person.member)
    if row is None or row.phone != hub.codes.phone(phone):
        return False  # it never was, as tills see it too (loyalty/redemption.py)
    return rules.day(hub.now()) >= months_on(rules.day(row.at), months)


def check_age(born: str | None, today: date) -> None:
    """Nobody has an account of his own who is under 14; whose birthday is not known is believed. Raises ActRefused."""
    if born is not None and years_old(date.fromisoformat(born), today) < AGE_MIN:
        raise ActRefused("too_young", f"the member is under {AGE_MIN}")


def years_old(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
