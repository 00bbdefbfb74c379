"""Which programme a till is under at a moment: what its settings name, until the hub has published one of its id.

From then on each is in force at its own moment, by the corrected clock, if its file is here: a till that has not got it
goes on under the one before, and says so. While the day that a file of the shop's own names as its first lies ahead,
the one stays in force that the settings named before.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from config.programmes import ProgrammeError
from config.shelf import Shelf
from loyalty.programme import Programme
from offline_cache.cache import Cache
from offline_cache.published import Published


class OwnProgrammes(NamedTuple):
    """What the settings name, and what they named before."""

    named: Programme
    before: Programme | None = None

    def at(self, now: datetime) -> Programme:
        return self.before if self.before is not None and is_ahead(self.named, now) else self.named


class InForce(NamedTuple):
    """`since`: from when it was published; None: it is what the settings name. `missing`: the newest that should be in
    force by now and cannot be read here; `coming`: the next that is known of."""

    programme: Programme
    since: datetime | None = None
    missing: Published | None = None
    coming: Published | None = None


def is_ahead(programme: Programme, now: datetime) -> bool:
    """Has its first day, by its own clock, not come yet?"""
    return programme.day(now) < programme.effective_from


def in_force(cache: Cache, shelf: Shelf, own: OwnProgrammes, now: datetime) -> InForce:
    published = cache.programmes.published
    if not published:
        return InForce(own.at(now))
    begun = [one for one in published if one.begins_at is not None and one.begins_at <= now]
    coming = next((one for one in published if one.begins_at is not None and one.begins_at > now), None)
    missing: Published | None = None
    for one in reversed(begun):
        found = _on_shelf(shelf, own.named, one.hash)
        if found is not None:
            return InForce(found, one.begins_at, missing, coming)
        missing = missing or one
    return InForce(own.at(now), None, missing, coming)


def other_file(cache: Cache, own: Programme) -> Published | None:
    """What the hub knows under the id and the version of the till's own file, and is another."""
    return next(
        (one for one in cache.programmes.published if one.version == own.version and one.hash != own.content_hash), None
    )


def _on_shelf(shelf: Shelf, own: Programme, hash: str) -> Programme | None:
    """None also for one that this version cannot read."""
    if hash == own.content_hash:
        return own
    try:
        found = shelf.programme(hash)
    except ProgrammeError:
        return None
    return found if found is not None and found.id == own.id else None
