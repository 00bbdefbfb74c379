"""What the till shows of files of its own that were damaged, and of operations that are lost."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, TypedDict

from loyalty.utc import moment
from offline_cache.cache import Cache
from offline_cache.losses import missing
from pos_agent.status import DamagedFile, LostOperations

SAID: Final = timedelta(days=14)  # whoever is on holiday comes back to it; `pos-agent damage` says it for ever


def damaged_files(cache: Cache) -> tuple[DamagedFile, ...]:
    """The oldest first. What has come back from the hub meanwhile is none of the unread any more."""
    return tuple(
        DamagedFile(
            file=one.file,
            at=one.at,
            why=one.why,
            taken=one.taken,
            unread=tuple(f"{key.generation}.{key.sequence}" for key in cache.damages.missing(one)),
        )
        for one in cache.damages.all()
    )


def lost_operations(cache: Cache) -> tuple[LostOperations, ...]:
    return tuple(
        LostOperations(generation=one.generation, first=one.first, last=one.last, at=one.at, count=one.left or 0)
        for one in missing(cache.losses.all())
    )


class Damage(TypedDict):
    damaged: tuple[DamagedFile, ...]
    lost: tuple[LostOperations, ...]


def damage_of(cache: Cache) -> Damage:
    return Damage(damaged=damaged_files(cache), lost=lost_operations(cache))


def is_said(at: str, now: datetime) -> bool:
    since = moment(at)
    return since is not None and now - since < SAID


def fresh(
    damaged: Iterable[DamagedFile], lost: Iterable[LostOperations], now: datetime
) -> tuple[list[DamagedFile], list[LostOperations]]:
    """Those that people are still told of without being asked."""
    return [one for one in damaged if is_said(one.at, now)], [one for one in lost if is_said(one.at, now)]
