"""A recorded sale that gets its member afterwards: what it earns him, and how it is undone from then on.

The receipt stays as it was paid: prices of members are not given afterwards, points are, by the rules of its day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import compress

import msgspec

from loyalty.bodies import Accrued, OperationRef, Return, Sale, SaleClaimed, Seen
from loyalty.operation import Operation
from loyalty.points_life import bought_points_times
from loyalty.programme import UNKNOWN, Programme
from loyalty.returns import Back, all_lines, came, came_back, earned_by
from loyalty.utc import utc_text


def claimed_by(
    programme: Programme,
    sold: Operation,
    returns: Sequence[Return],
    member: str,
    card: str | None,
    seen: Seen,
    reason: str = "",
) -> SaleClaimed:
    """What a sale of nobody gives this member now. `programme` is that of the sale, `returns` came back of it so far,
    `seen`: the member as he was then."""
    sale = sold.body
    assert isinstance(sale, Sale), "only a sale is claimed"
    his = msgspec.structs.replace(sold, body=msgspec.structs.replace(sale, member=member, card=card, seen=seen))
    back = came_back(sale, returns)
    times = bought_points_times(programme, datetime.fromisoformat(sold.at))
    counted, gone = _qualifying(programme, sale), _qualifying(programme, sale, back)
    return SaleClaimed(
        of=OperationRef(chain=sold.chain, generation=sold.generation, sequence=sold.sequence),
        of_sale=sale.sale,
        sold_at=sold.at,
        member=member,
        card=card,
        accrued=Accrued(
            points=earned_by(programme, his, back),
            active_from=utc_text(times.active_from),
            expires_at=utc_text(times.expires_at) if times.expires_at else None,
        ),
        qualifying_kopecks=max(0, counted - gone),
        earned_points=earned_by(programme, his, Back()),
        earned_kopecks=counted,
        seen=seen,
        reason=reason,
    )


def as_claimed(sold: Operation, claim: SaleClaimed | None) -> Operation:
    """The sale as it stands since it was claimed: the member's, and undone as one of his."""
    sale = sold.body
    if claim is None or not isinstance(sale, Sale):
        return sold
    accrued = msgspec.structs.replace(claim.accrued, points=claim.earned_points)
    his = msgspec.structs.replace(
        sale,
        member=claim.member,
        card=claim.card,
        accrued=accrued,
        qualifying_kopecks=claim.earned_kopecks,
        seen=claim.seen,
    )
    return msgspec.structs.replace(sold, body=his)


def may_give(programme: Programme, sold: Operation) -> int:
    """Points that a sale of nobody gives whoever claims it, at least: what he is to the rules nobody knows yet. 0: it
    is somebody's, or nothing of it may be claimed."""
    sale = sold.body
    if not isinstance(sale, Sale) or sale.member is not None or sale.card is not None or not programme.claims.days:
        return 0
    his = msgspec.structs.replace(sold, body=msgspec.structs.replace(sale, seen=Seen()))
    return earned_by(programme, his, Back())


def claim_ends(programme: Programme, sold_at: datetime) -> datetime:
    """The last moment at which a purchase of then is claimed."""
    return sold_at + timedelta(days=programme.claims.days)


def never_given(claim: SaleClaimed | None) -> tuple[int, int]:
    """Points, and kopecks for tiers, of goods that were back before it was claimed: they count as taken back."""
    if claim is None:
        return 0, 0
    return claim.earned_points - claim.accrued.points, claim.earned_kopecks - claim.qualifying_kopecks


def _qualifying(programme: Programme, sale: Sale, back: Back | None = None) -> int:
    """What goods that earn were paid with before points: all of them, or those that came back."""
    lines = all_lines(sale)
    earns = [programme.categories.get(line.category or UNKNOWN, programme.categories[UNKNOWN]).earn for line in lines]
    parts = [line.net_before_kopecks if back is None else came(line.net_before_kopecks, line, back) for line in lines]
    return sum(compress(parts, earns))
