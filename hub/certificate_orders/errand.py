"""Certificates that members buy, as a kind of errand."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from hub.certificate_orders.order import KIND, OVER, changed, forgotten, order_of, state_of, stepped
from hub.certificate_orders.ordering import OWN
from hub.certificate_orders.steps import step
from hub.errands.errand import Errand
from hub.store.errand_records import ErrandRow
from hub.store.seam import Writer
from sync.account.certificates import SHIPPED

BY_HUB: Final = "hub"


def forget(writer: Writer, row: ErrandRow, now: datetime) -> ErrandRow:
    """What is paid goes to whom it was bought for, without the buyer's words and picture; his mail stays as long as a
    fiscal document is to go there. What is not paid ends: a payment that comes all the same goes back."""
    row, is_receipt_due = row._replace(member=""), row.state in ("paid", "refunding", "unreceipted")
    match state_of(row):
        case state if state in OVER or state == "delivered":
            return forgotten(row)._replace(due_at=None)
        case "new" | "paying":
            return changed(stepped(row, "cancelled", now, BY_HUB, due=now), to_name="", to_mail="", words="", mail="")
        case "picture" | "redraw":  # nobody chooses another any more
            row = row._replace(state="paid", at=now, due_at=now)
    mail = order_of(row).mail if is_receipt_due else ""
    design = SHIPPED[0] if order_of(row).design == OWN else order_of(row).design
    return changed(row, words="", mail=mail, design=design, return_url="")


CERTIFICATE_ORDER: Final = Errand(name=KIND, forget=forget, step=step)
