"""A receipt without a card that a member brings in his account."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from hub.account.act import AccountAct, AccountAsked, order_of, ordered, signed_in
from hub.claims.bring import Shown, bring, brought_by, look
from hub.claims.claim import Key, brought_in, key_in, state_of
from hub.desk.act import ActRefused
from hub.hub import Hub
from hub.store.errand_records import ErrandRow
from loyalty.utc import utc_text
from sync.account.claims import AskBrought, BringReceipt, BroughtNow, BroughtTold, LookAtReceipt, ReceiptBrought

SHOWN_MAX: Final = 20


def look_at_receipt(hub: Hub, asked: AccountAsked, body: LookAtReceipt) -> ReceiptBrought:
    return _told(hub, asked, body.code, lambda member, key: look(hub, member, key))


def bring_receipt(hub: Hub, asked: AccountAsked, body: BringReceipt) -> ReceiptBrought:
    return _told(hub, asked, body.code, lambda member, key: bring(hub, member, key, order_of(asked)))


def _told(hub: Hub, asked: AccountAsked, code: str, do: Callable[[str, Key], Shown]) -> ReceiptBrought:
    with hub.store.reading() as reader:
        member = signed_in(reader, asked).member
    key = key_in(code)
    if key is None:
        raise ActRefused("no_receipt_code", "it is no code of a receipt")
    shown: Shown = ordered(lambda: do(member, key))
    if shown.claim is None:
        return ReceiptBrought(state=shown.state, last_day=shown.last_day)
    sold, sale = shown.claim.found.sold, shown.claim.found.sale
    return ReceiptBrought(
        state=shown.state,
        number=sale.sale.number,
        at=sold.at,
        shop=sold.store.id if sold.store else "",
        kopecks=sale.total_kopecks,
        points=shown.claim.points if shown.state != "of_another" else 0,
        card=shown.card if shown.state == "of_another" else "",
        last_day=shown.last_day,
    )


def receipts_brought(hub: Hub, asked: AccountAsked, body: AskBrought) -> BroughtTold:
    rules = hub.programmes[asked.programme].claims
    with hub.store.reading() as reader:
        rows = brought_by(reader, signed_in(reader, asked).member)[:SHOWN_MAX]
    return BroughtTold(brought=tuple(map(_now, rows)), days=rules.days, a_day=rules.a_day)


def _now(row: ErrandRow) -> BroughtNow:
    brought = brought_in(row)
    return BroughtNow(
        state=state_of(row),
        at=utc_text(row.at),
        number=brought.number,
        points=brought.points,
        why=brought.why,
        receipt=row.about,
    )


RECEIPT_CLAIM_ACTS: Final[Mapping[str, AccountAct]] = {
    "receipt_claim_look": AccountAct(takes=LookAtReceipt, do=look_at_receipt),
    "receipt_claim": AccountAct(takes=BringReceipt, do=bring_receipt),
    "receipt_claims": AccountAct(takes=AskBrought, do=receipts_brought),
}
