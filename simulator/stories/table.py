"""Which stories there are, how often each is told, and which kinds of operations it makes.

A kind of the program's table (loyalty/kinds.py) that no story makes is a red test.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from simulator.stories import cards, certificates, coupons, races, receipts, returns, sale, stickers
from simulator.story import Story
from simulator.visit import Visit


class Told(NamedTuple):
    """`makes`: names of kinds."""

    tell: Callable[[Visit], Story]
    weight: float
    makes: frozenset[str]


SALE: Final = frozenset({"sale"})

STORIES: Final = {
    "buys": Told(sale.buys, 10.0, SALE),
    "brings_back": Told(returns.brings_back, 1.5, frozenset({"return", "return_completed"})),
    "brings_back_again": Told(returns.brings_back_again, 0.5, frozenset({"return"})),
    "uses_coupon": Told(coupons.uses_coupon, 1.5, SALE),
    "exchanges_stickers": Told(stickers.exchanges, 0.6, SALE),
    "buys_certificate": Told(certificates.buys_certificate, 0.5, frozenset({"sale", "certificate_sold"})),
    "uses_certificate": Told(certificates.uses_certificate, 1.0, SALE),
    "refunds_certificate": Told(certificates.refunds_certificate, 0.2, frozenset({"certificate_refunded"})),
    "loses_certificate": Told(
        certificates.loses_certificate, 0.2, frozenset({"certificate_blocked", "certificate_replaced"})
    ),
    "takes_card": Told(cards.takes_card, 0.3, frozenset({"sale", "card_issued"})),
    "reissues": Told(cards.reissues, 0.15, frozenset({"sale", "card_reissued"})),
    "makes_virtual": Told(cards.makes_virtual, 0.15, frozenset({"card_made_virtual"})),
    "blocks_card": Told(cards.loses_card, 0.15, frozenset({"card_blocked"})),
    "finds_card": Told(cards.finds_card, 0.2, frozenset({"card_unblocked"})),
    "adds_fiscal": Told(receipts.adds_fiscal, 0.3, frozenset({"sale", "fiscal_added"})),
    "tells_twice": Told(receipts.tells_twice, 0.3, SALE),
    "counts_anew": Told(receipts.counts_anew, 0.3, SALE),
    "changes_basket": Told(receipts.changes_basket, 0.4, SALE),
    "pays_old_quote": Told(receipts.pays_old_quote, 0.3, SALE),
    "puts_aside": Told(receipts.puts_aside, 0.3, SALE),
    "over_midnight": Told(receipts.over_midnight, 0.3, SALE),
    "changes_mind": Told(receipts.changes_mind, 0.4, frozenset({"sale", "hold_voided"})),
    "drops_card": Told(receipts.drops_card, 0.2, SALE),
    "two_pos": Told(receipts.two_pos, 0.2, SALE),
    "races": Told(races.races, 0.5, SALE),
}
