"""Purchases of before, at whichever till: for goods without a receipt, and for who did not show his card."""

from __future__ import annotations

import msgspec

from pos_agent.command import CommandBase


class SoldReceipt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sale of before: by its number, with its day or shift; or by a `code`, read from our paper or from the fiscal
    receipt. `till`: that of another till (or POS), `store`: of another store. `id`: as `member_sales` tells it, where
    there is no receipt: that is a manager's, and a second person answers for it."""

    sale: str | None = None
    day: str | None = None
    shift: str | None = None
    code: str | None = None
    till: str | None = None
    store: str | None = None
    id: str | None = None


class MemberPurchases(CommandBase, frozen=True, kw_only=True, tag="member_sales"):
    """What a member has bought of which something could still come back, the newest first, by a card, a phone or an id;
    of a `day` (YYYY-MM-DD) or a `total` in rubles alone, where they are said. The hub is asked."""

    who: str
    day: str | None = None
    total: str | None = None


class LookAtClaim(CommandBase, frozen=True, kw_only=True, tag="look_at_claim"):
    """«Мне не начислили»: why a purchase earned nothing, and what it would have earned for whoever has this card, phone
    or id (`who`). The purchase by its receipt, else by the card that was shown, with `day` and `total`."""

    who: str
    of: SoldReceipt | None = None
    day: str | None = None
    total: str | None = None


class ClaimSale(CommandBase, frozen=True, kw_only=True, tag="claim_sale"):
    """It is given to him, once, for a `reason`; what comes back of it later takes the points along."""

    who: str
    reason: str
    of: SoldReceipt | None = None
    day: str | None = None
    total: str | None = None
