"""A store's staff as a till knows it: hashes that the hub would have told, and the people with what only they know."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from loyalty.staff import Role
from pos_agent.sealing import Sealing
from pos_agent.staff.book import StaffBook
from pos_agent.staff.caller import OverWhich
from pos_agent.staff.staff import Staff
from sync.staff_codes import BADGE, badge_hash, pin_hash
from sync.staff_list import Colleague, StaffList, StaffTold

PEPPER: Final = bytes(range(32, 64))
SEAL_KEY: Final = bytes(range(64, 96))


class Person(NamedTuple):
    id: str
    name: str
    role: Role
    pin: str
    badge: str


ANNA: Final = Person("anna", "Петрова А.", "cashier", "1111", BADGE + "ANNA" * 6 + "AA")
ZOYA: Final = Person("zoya", "Зимина З.", "cashier", "2222", BADGE + "ZOYA" * 6 + "AA")
OLGA: Final = Person("olga", "Орлова О.", "manager", "3333", BADGE + "OLGA" * 6 + "AA")
MARK: Final = Person("mark", "Марков М.", "manager", "4444", BADGE + "MARK" * 6 + "AA")
OFFICE: Final = Person("vera", "Вера", "office", "5555", BADGE + "VERA" * 6 + "AA")
AUDITOR: Final = Person("igor", "Ищенко И.", "auditor", "6666", BADGE + "IGOR" * 6 + "AA")
ALL: Final = (ANNA, ZOYA, OLGA, MARK, OFFICE, AUDITOR)


@cache
def _colleague(one: Person, pepper: bytes) -> Colleague:
    return Colleague(
        id=one.id,
        name=one.name,
        role=one.role,
        pin=pin_hash(pepper, one.pin),
        badge=badge_hash(pepper, one.badge),
    )


def told(*people: Person, edition: str = "e1", pepper: bytes = PEPPER) -> StaffTold:
    """As a page of the hub tells them."""
    known = tuple(_colleague(one, pepper) for one in people or ALL)
    return StaffTold(list=StaffList(edition=edition, people=known), pepper=pepper)


def book_in(folder: Path) -> StaffBook:
    return StaffBook(folder, Sealing(SEAL_KEY, "pepper of PINs"))


def staff_in(folder: Path, *people: Person) -> Staff:
    """For `Checkout(…, staff=…)`, with all of them where none are named."""
    book = book_in(folder)
    if not book.has_list:
        book.keep(told(*people))
    return Staff(book, folder, "till-1", timedelta(minutes=10), OverWhich(300_000, 3_000))
