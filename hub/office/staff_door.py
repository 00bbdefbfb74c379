"""The staff at the office's door."""

from __future__ import annotations

from hub.hub import Hub
from hub.office.door import Clerk, comes_in, stores_of
from hub.staff.book import by_key, by_pin, find
from hub.staff.person import Person


class StaffDoor:
    """By the book of staff (hub/staff/book.py)."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def by_pin(self, name: str, pin: str) -> Clerk | None:
        with self._hub.store.reading() as reader:
            return _clerk(by_pin(reader, self._hub.pepper, name, pin))

    def called(self, name: str) -> str:
        with self._hub.store.reading() as reader:
            known = find(reader, name)
        return known.name if known is not None else name

    def by_key(self, key: str) -> Clerk | None:
        with self._hub.store.reading() as reader:
            return _clerk(by_key(reader, key))

    def still(self, id: str) -> Clerk | None:
        with self._hub.store.reading() as reader:
            return _clerk(find(reader, id))


def _clerk(person: Person | None) -> Clerk | None:
    if person is None or not comes_in(person.role, person.revoked_at is not None):
        return None
    return Clerk(person.id, person.name, person.role, stores_of(person.stores), person.pin)
