"""Somebody who works in the shops or in the office, as the hub knows him."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from loyalty.staff import Role
from loyalty.utc import utc_text

DEEDS_MAX: Final = 50  # of one person; the oldest go


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """What was done with him, by whom."""

    what: str
    by: str
    at: str


class Person(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`name`: as operations name him. `stores`: in which he works; none: in all. `were`: lists on which he was before.
    `pin`, `badge`: hashes with the pepper; `key`: hash of what a program of his shows."""

    id: str
    name: str
    role: Role
    stores: tuple[str, ...] = ()
    were: tuple[str, ...] = ()
    pin: str = ""
    badge: str = ""
    key: str = ""
    revoked_at: str | None = None
    deeds: tuple[Deed, ...] = ()

    def works_in(self, store: str) -> bool:
        return not self.stores or store in self.stores


def changed(person: Person, what: str, by: str, now: datetime, **values: object) -> Person:
    """With what was done, and the deed."""
    deed = Deed(what=what, by=by, at=utc_text(now))
    return msgspec.structs.replace(person, **values, deeds=(*person.deeds, deed)[-DEEDS_MAX:])
