"""`POST /quotes`: what a basket comes to, promised for some minutes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from hub.errands.errand import Errand
from hub.hub import Hub
from hub.outside.services import Services
from hub.shop.asked import digest_of
from hub.shop.call import Call, ShopAsked, ShopRefused
from hub.shop.promise import QUOTE, promised, quote_id, quote_row, read_promise, stands
from hub.store.errand_records import ErrandRow
from hub.store.rows import Rows
from hub.store.seam import Writer
from sync.shop.quotes import QuoteAsked, QuoteTold

GOODS: Final = (
    "may_not_be_sold_online",
    "other_price",
    "no_price",
    "bad_basket",
    "coupon_bad",
    "certificate_bad",
    "member_gone",
)


def ask_quote(hub: Hub, asked: ShopAsked, body: QuoteAsked) -> QuoteTold:
    """The same key is the same quote, as long as that holds. It is worked out before anybody waits for the ledger."""
    id, digest = quote_id(asked.shop.name, asked.key), digest_of(asked, "quote", body)
    hub.look_at_programmes()
    with hub.store.reading() as reader:
        known = _known(hub, reader.errands([id]), digest)
        if known is not None:
            return known
        promise = promised(hub, reader, asked, body, id, digest)

    def keep(writer: Writer) -> QuoteTold:
        before = _known(hub, writer.locked_errands([id]), digest)
        if before is None:
            writer.write(Rows(errands=[quote_row(promise, hub.now())]))
        return before or promise.told

    return hub.within(keep, first=True)


def _known(hub: Hub, rows: Mapping[str, ErrandRow], digest: str) -> QuoteTold | None:
    """What was told under this key, and holds. Raises ShopRefused where something else was asked."""
    row = next((one for one in rows.values() if stands(one, hub.now())), None)
    if row is None:
        return None
    known = read_promise(row)
    if known.asked != digest:
        raise ShopRefused("key_taken", "another quote was asked under this key")
    return known.told


def _over(hub: Hub, services: Services, row: ErrandRow) -> None:
    """Nobody can name it any more."""
    hub.within(lambda writer: writer.write(Rows(gone_errands=[row.id])))


def _forget(writer: Writer, row: ErrandRow, now: datetime) -> ErrandRow:
    """A promise to nobody: it goes at once."""
    return row._replace(member="", body="{}", due_at=now, state="over")


SHOP_QUOTE: Final = Errand(QUOTE, _forget, _over)
QUOTE_CALLS: Final = (
    Call(
        method="POST",
        path="/quotes",
        summary="What a basket comes to: offers, points that may be spent with all reasons, and what it earns",
        scope="quote",
        takes=QuoteAsked,
        gives=QuoteTold,
        do=ask_quote,
        member="may",
        refused=GOODS,
        example={
            "lines": [{"id": "1", "article": "10001", "quantity_m": 2_000}],
            "spend": "all",
        },
    ),
)
