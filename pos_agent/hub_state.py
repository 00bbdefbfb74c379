"""What the till shows of its hub: whether it is there, and what on either side was not taken."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import UNSET, UnsetType

from loyalty.programme import Language, Programme
from loyalty.utc import utc_text
from offline_cache.cache import Cache
from offline_cache.published import Published
from offline_cache.trimming import TERM
from pos_agent.cards_state import CardsHere
from pos_agent.case_words import CASES_SHOWN_MAX, say_case
from pos_agent.counter import today_at
from pos_agent.hub_holds import Silence
from pos_agent.in_force import InForce, other_file
from pos_agent.proof import Why
from pos_agent.status import (
    Bootstrap,
    HubStatus,
    OpenCases,
    ProgrammeInForce,
    ProgrammeVersion,
    RefusedOperation,
    RowSetAside,
    RowsSetAside,
    ShownCase,
)
from sync.lease import LEASE, ends_soon
from sync.worker import SyncState

ROWS_SHOWN_MAX = 20  # a person settles them at the hub, whose log has them all


def hub_status(
    url: str,
    state: SyncState,
    cache: Cache,
    silence: Silence,
    unproven: Why | None = None,
    *,
    lease: timedelta = LEASE,
    term: timedelta = TERM,
    now: datetime,
) -> HubStatus:
    feed, forgotten, coming = cache.changes.feed(), cache.forgetting.forgotten(), cache.ready.coming()
    pulled_at, end = feed.pulled_at, ends_soon(feed, lease, now)
    return HubStatus(
        url=url,
        online=state.online,
        cause=state.cause,
        code=state.code,
        pulled_at=pulled_at.isoformat() if pulled_at else None,
        clock_off_s=cache.clock_off_s(),
        next_at=utc_text(state.next_at) if state.next_at else None,
        unanswered=silence.questions,
        unanswered_at=utc_text(silence.at) if silence.at else None,
        lease_ends_at=utc_text(end) if end and not state.online else UNSET,
        forgotten=forgotten.why if forgotten else UNSET,
        bootstrap=Bootstrap(done=coming.done, of=coming.members) if coming else UNSET,
        unproven=unproven or UNSET,
        uncovered_since=cache.trimming.uncovered_since(now, term) or UNSET,
    )


def programme_in_force(cache: Cache, found: InForce, own: Programme) -> ProgrammeInForce:
    """`own`: what the settings name."""
    return ProgrammeInForce(
        version=found.programme.version,
        hash=found.programme.content_hash,
        since=utc_text(found.since) if found.since else None,
        missing=_version(cache, found.missing),
        coming=_version(cache, found.coming),
        differs=_version(cache, other_file(cache, own)),
    )


def _version(cache: Cache, one: Published | None) -> ProgrammeVersion | UnsetType:
    if one is None:
        return UNSET
    since = utc_text(one.begins_at) if one.begins_at else None
    here = cache.programmes.source(one.hash) is not None
    return ProgrammeVersion(version=one.version, hash=one.hash, since=since, here=here)


def refused_operations(cache: Cache) -> tuple[RefusedOperation, ...]:
    return tuple(
        RefusedOperation(generation=key.generation, sequence=key.sequence, reason=reason)
        for key, reason in cache.refused()
    )


def rows_set_aside(cache: Cache) -> RowsSetAside | UnsetType:
    """UNSET where everything was taken."""
    rows = tuple(
        RowSetAside(kind=row.kind, key=row.key, reason=row.reason) for row in cache.changes.set_aside(ROWS_SHOWN_MAX)
    )
    return RowsSetAside(count=cache.changes.set_aside_count(), rows=rows) if rows else UNSET


def open_cases(cache: Cache, programme: Programme, language: Language) -> OpenCases | UnsetType:
    """UNSET where there are none. In the cashier's language."""
    newest = tuple(
        ShownCase(
            case=case.id,
            kind=case.kind,
            opened_at=case.opened_at,
            sale=case.sale,
            text=say_case(case, programme, language),
        )
        for case in cache.cases.newest_open(CASES_SHOWN_MAX)
    )
    return OpenCases(count=cache.cases.open_count(), newest=newest) if newest else UNSET


def cards_of(cache: Cache, programme: Programme, now: datetime) -> CardsHere:
    """What can be given out here."""
    blanks = cache.card_numbers.blanks()
    return CardsHere(
        blanks=blanks.left,
        counted_at=utc_text(blanks.at) if blanks.at is not None else None,
        virtual=cache.card_numbers.free(now),
        given_today=cache.card_numbers.given_on(today_at(now, cache, programme).isoformat()),
        certificates=cache.certificates.ahead(),
    )
