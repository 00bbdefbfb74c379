"""What is done away from the tills, how often, and which kinds of operations it makes: beside
simulator/stories/table.py, in the same shape."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from simulator.away import brought, certificates, claims, coupons, members, partners, points, shop
from simulator.away.matter import Errand, Matter


class Away(NamedTuple):
    """`an_hour`: for each till of the chain, on average; `makes`: names of kinds."""

    tell: Callable[[Matter], Errand]
    an_hour: float
    makes: frozenset[str]


AWAY: Final = {
    "corrects": Away(points.corrects, 0.06, frozenset({"adjustment"})),
    "until_tonight": Away(points.until_tonight, 0.02, frozenset({"adjustment", "expiry"})),
    "gives": Away(points.gives, 0.03, frozenset({"grant"})),
    "joins": Away(members.joins, 0.02, frozenset({"member_joined", "member_registered", "grant", "consent_given"})),
    "registers": Away(members.registers, 0.02, frozenset({"member_registered", "grant", "consent_given"})),
    "merges": Away(members.merges, 0.005, frozenset({"member_merged"})),
    "links": Away(members.links, 0.01, frozenset({"card_linked"})),
    "loses_card": Away(members.loses_card, 0.01, frozenset({"card_blocked", "card_unblocked"})),
    "says": Away(members.says, 0.02, frozenset({"profile_changed"})),
    "agrees": Away(members.agrees, 0.02, frozenset({"consent_given", "consent_withdrawn"})),
    "claims": Away(claims.claims, 0.04, frozenset({"sale_claimed"})),
    "brings_lots": Away(brought.lots, 0.02, frozenset({"grant"})),
    "brings_turnover": Away(brought.turnover, 0.005, frozenset({"turnover_brought"})),
    "brings_receipts": Away(brought.receipts, 0.005, frozenset({"earlier_sale"})),
    "orders": Away(shop.orders, 0.04, frozenset({"sale", "return"})),
    "makes_coupon": Away(coupons.makes, 0.02, frozenset({"coupon_made", "coupon_revoked"})),
    "mints_coupons": Away(coupons.mints, 0.01, frozenset({"coupon_made", "coupon_revoked"})),
    "exchanges": Away(partners.exchanges, 0.02, frozenset({"points_to_partner"})),
    "gives_to_fund": Away(partners.gives_to_fund, 0.02, frozenset({"points_to_charity"})),
    "gives_certificate": Away(
        certificates.gives,
        0.01,
        frozenset({"certificate_sold", "certificate_blocked", "certificate_replaced", "certificate_ended"}),
    ),
}
