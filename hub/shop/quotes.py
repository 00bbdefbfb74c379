"""`POST /quotes`: what a basket comes to, promised for some minutes."""

from __future__ import annotations

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
    """The same key is the same quote, as long as that holds."""
    id, digest = quote_id(asked.shop.name, asked.key), digest_of(asked, "quote", body)

    def work(writer: Writer) -> QuoteTold:
        row, now = writer.locked_errands([id]).get(id), hub.now()
        if row is not None and stands(row, now):
            known = read_promise(row)
            if known.asked != digest:
                raise ShopRefused("key_taken", "another quote was asked under this key")
            return known.told
        promise = promised(hub, writer, asked, body, id, digest)
        writer.write(Rows(errands=[quote_row(promise, now)]))
        return promise.told

    hub.look_at_programmes()
    return hub.within(work, first=True)


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
