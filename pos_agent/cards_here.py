"""What of cards can be given out at this till, for who looks."""

from __future__ import annotations

from datetime import datetime

from loyalty.programme import Programme
from loyalty.utc import utc_text
from offline_cache.cache import Cache
from pos_agent.cards_state import CardsHere
from pos_agent.counter import today_at


def cards_of(cache: Cache, programme: Programme, now: datetime) -> CardsHere:
    blanks = cache.card_numbers.blanks()
    return CardsHere(
        blanks=blanks.left,
        counted_at=utc_text(blanks.at) if blanks.at is not None else None,
        virtual=cache.card_numbers.free(now),
        given_today=cache.card_numbers.given_on(today_at(now, cache, programme).isoformat()),
    )
