"""What the hub says of one member to a till that asks for him while somebody waits: as he is now, in one moment with
the till's watermark."""

from __future__ import annotations

from datetime import datetime

from hub import feed
from hub.books.holds import AskRefused
from hub.merges import stands_for
from hub.store.records import ChainKey, MemberRow
from hub.store.seam import Reader
from loyalty.programme import Programme
from loyalty.utc import utc_text
from sync.protocol import MemberNow, MemberRequest, Watermark


def member_now(
    reader: Reader, request: MemberRequest, *, now: datetime, phone_key: feed.PhoneKey, rules: Programme | None
) -> MemberNow:
    """Raises AskRefused for one who is there and cannot be told."""
    key = ChainKey(request.till, request.generation)
    end = reader.chain_ends([key]).get(key)
    here = MemberNow(
        watermark=Watermark(generation=request.generation, sequence=end.sequence if end else 0), at=utc_text(now)
    )
    row = _whom(reader, request)
    if row is None:
        return here
    told = feed.tellable(reader, row.member, now, phone_key, rules)
    if told is None:
        raise AskRefused("cannot_be_told", "no till could keep this member: the hub's log says why")
    others = (hold for hold in reader.holds_of([row.member]) if hold.till != request.till)
    return MemberNow(watermark=here.watermark, at=here.at, member=told, held=sum(hold.holds_at(now) for hold in others))


def _whom(reader: Reader, request: MemberRequest) -> MemberRow | None:
    """The one whom card, phone or id mean now."""
    if request.card is not None:
        card = reader.cards([request.card]).get(request.card)
        wanted = card.member if card else None
    elif request.phone is not None:
        sharing = reader.with_phone(request.programme, request.phone)
        wanted = sharing[0] if len(sharing) == 1 else None
    else:
        wanted = request.member
    row = stands_for(lambda id: reader.members([id]).get(id), wanted) if wanted else None
    return row if row is not None and row.programme == request.programme else None
