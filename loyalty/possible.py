"""What can be true of a member: who tells of him and who is told look before he is kept, so that one bad row is set
aside and nothing that reads him later stumbles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from loyalty.cards import STATUSES
from loyalty.member import POINTS_MAX
from loyalty.names import TOLD_LETTERS_MAX
from loyalty.snapshot import MemberSnapshot

ID_LETTERS_MAX = 300  # of a member, a card, a lot, a coupon: as much as the hub's import takes
NAME_LETTERS_MAX = 1_000  # of a category
YEARS: Final = range(1900, 3000)  # of any moment: within them a clock of any place can say it
# C0, DEL, C1, halves of letters, and what turns the direction of text: none of them is in an id or a name
_NOT_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


class ImpossibleMember(ValueError):
    """No member is like this; the message says what of him."""


def is_text(text: str, longest: int = ID_LETTERS_MAX) -> bool:
    """Can it be an id or a name?"""
    return 0 < len(text) <= longest and _NOT_TEXT.search(text) is None


def are_texts(ids: Sequence[str]) -> bool:
    """`is_text` of each, for a million members one after the other."""
    letters = "".join(ids)
    are_short = len(letters) <= ID_LETTERS_MAX or max(map(len, ids)) <= ID_LETTERS_MAX
    return all(ids) and are_short and (letters.isprintable() or _NOT_TEXT.search(letters) is None)


def shown_id(text: str) -> str:
    """An id as a person may see it, whatever is in it."""
    return "".join(letter if letter.isprintable() else "?" for letter in text[:ID_LETTERS_MAX])


def check_member(told: MemberSnapshot) -> None:
    """Raises ImpossibleMember."""
    _check_texts(told)
    _check_points(told)
    _check_times(told)


def _check_texts(told: MemberSnapshot) -> None:
    numbers, lots = [card.number for card in told.cards], [lot.id for lot in told.lots]
    if not are_texts([told.member, *numbers, *lots]):
        raise ImpossibleMember("an id is none")
    if not all(is_text(name, NAME_LETTERS_MAX) for name in told.favourites):
        raise ImpossibleMember("a favourite is no category")
    if not all(is_text(phone) for phone in told.revoked_phones):
        raise ImpossibleMember("a phone is none")
    if told.name is not None and not is_text(told.name, TOLD_LETTERS_MAX):
        raise ImpossibleMember("a name is none, or not masked")
    if not all(card.status in STATUSES for card in told.cards):
        raise ImpossibleMember("a card has a status that nobody knows")
    _check_once("lot", lots)
    _check_once("card", numbers)
    if told.phone_key:
        try:
            bytes.fromhex(told.phone_key)
        except ValueError as error:
            raise ImpossibleMember("the phone's key is none") from error


def _check_points(told: MemberSnapshot) -> None:
    """Of one number as of their sums: what is above was never given by all shops together."""
    parts = [told.debt, *(lot.points for lot in told.lots)]
    parts += [number for one in told.redeemed for number in (one.points, one.offline)]
    if min(parts) < 0 or max(parts) > POINTS_MAX or sum(lot.points for lot in told.lots) > POINTS_MAX:
        raise ImpossibleMember("points of no number's size")
    if any(abs(one.count) > POINTS_MAX for one in told.stickers):
        raise ImpossibleMember("stickers of no number's size")
    if told.spent and not _are_spent([one.kopecks for one in told.spent]):
        raise ImpossibleMember("purchases of no number's size")


def _are_spent(kopecks: Sequence[int]) -> bool:
    return max(map(abs, kopecks)) <= POINTS_MAX and sum(kopecks) <= POINTS_MAX


def _check_times(told: MemberSnapshot) -> None:
    if told.birthday is not None:
        check_day(told.birthday)
    collections = [one.collection for one in told.stickers]
    for days in ([one.day for one in told.redeemed], [one.day for one in told.spent], collections):
        _check_once("day", days)
        for day in days:
            check_day(day)
    moments = [told.phone_seen_at, *(card.active_from for card in told.cards)]
    moments += [text for lot in told.lots for text in (lot.active_from, lot.expires_at)]
    for text in moments:
        if text is not None:
            check_year(text)


def check_year(text: str) -> None:
    """Of a moment that was read as one in UTC."""
    if int(text[:4]) not in YEARS:
        raise ImpossibleMember("a moment is in no year of ours")


def check_day(text: str) -> None:
    """YYYY-MM-DD, as days are compared; fromisoformat takes more."""
    try:
        right = date.fromisoformat(text).isoformat() == text
    except ValueError:
        right = False
    if not right:
        raise ImpossibleMember("a day is none")


def _check_once(what: str, ids: Sequence[str]) -> None:
    if len(ids) > 1 and len(set(ids)) != len(ids):
        raise ImpossibleMember(f"a {what} is told twice")
