"""What the till shows of its hub: whether it is there, and what on either side was not taken."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from offline_cache.cache import Cache
from pos_agent.status import HubStatus, RefusedOperation, RowSetAside, RowsSetAside
from sync.worker import SyncState

ROWS_SHOWN_MAX = 20  # a person settles them at the hub, whose log has them all


def hub_status(url: str, state: SyncState, cache: Cache) -> HubStatus:
    pulled_at = cache.feed().pulled_at
    return HubStatus(
        url=url,
        online=state.online,
        cause=state.cause,
        code=state.code,
        pulled_at=pulled_at.isoformat() if pulled_at else None,
        clock_off_s=cache.clock_off_s(),
    )


def refused_operations(cache: Cache) -> tuple[RefusedOperation, ...]:
    return tuple(
        RefusedOperation(generation=key.generation, sequence=key.sequence, reason=reason)
        for key, reason in cache.refused()
    )


def rows_set_aside(cache: Cache) -> RowsSetAside | UnsetType:
    """UNSET where everything was taken."""
    rows = tuple(RowSetAside(kind=row.kind, key=row.key, reason=row.reason) for row in cache.set_aside(ROWS_SHOWN_MAX))
    return RowsSetAside(count=cache.set_aside_count(), rows=rows) if rows else UNSET
