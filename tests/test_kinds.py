"""One table of kinds: whoever reads operations has a row for each kind that concerns it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from hub.accounting.sheet import MONEY
from hub.audit.verify import CHECKS
from hub.books.bounds import CHECKS as BOUNDS
from hub.books.needs import NEEDS
from hub.books.postings import POSTINGS
from loyalty.bodies import Body, Sale, SaleNumber
from loyalty.day import COUNTED as COUNTED_OF_DAY
from loyalty.kinds import (
    KIND_OF,
    KINDS,
    READERS,
    Kind,
    KindForgotten,
    KindReserved,
    forgotten,
    maker_of,
    may_make,
    row_for,
)
from loyalty.operation import FIRST_HASH, Operation
from loyalty.standing import COUNTS
from offline_cache.deeds import DEEDS
from pos_agent.papers import PAPERS
from pos_agent.report import COUNTED

SALE = Sale(sale=SaleNumber(day="2026-03-02", number="1"), lines=(), total_kopecks=0, paid_kopecks=0)
TABLES: Mapping[str, Mapping[str, Any]] = {
    "standing": COUNTS,
    "cache": DEEDS,
    "papers": PAPERS,
    "report": COUNTED,
    "day": COUNTED_OF_DAY,
    "bounds": BOUNDS,
    "needs": NEEDS,
    "books": POSTINGS,
    "verify": CHECKS,
    "accounting": MONEY,
}


def test_every_reader_is_looked_at() -> None:
    assert TABLES.keys() == READERS.keys()


@pytest.mark.parametrize("reader", TABLES)
def test_no_reader_forgets_a_kind(reader: str) -> None:
    assert forgotten(reader, TABLES[reader]) == []


@pytest.mark.parametrize("reader", TABLES)
def test_no_reader_has_a_row_for_what_is_no_kind_or_does_not_concern_it(reader: str) -> None:
    rows = set(TABLES[reader])
    assert rows <= {name for name, kind in KINDS.items() if READERS[reader](kind) and not kind.reserved}


@pytest.mark.parametrize("reader", TABLES)
def test_a_new_kind_is_missed_by_every_reader_that_it_concerns(reader: str) -> None:
    """What happens when somebody adds a kind and thinks of the table alone."""
    new = Kind(name="raffle_won", makers=frozenset({"till"}), moves=frozenset({"points"}), paper="receipt")
    assert forgotten(reader, TABLES[reader], {**KINDS, new.name: new}) == ["raffle_won"]
    hubs = replace(new, makers=frozenset({"hub"}))
    assert forgotten(reader, TABLES[reader], {**KINDS, new.name: hubs}) == (
        ["raffle_won"] if reader in ("bounds", "needs", "books", "verify") else []
    )


@pytest.mark.parametrize("reader", TABLES)
def test_a_reader_refuses_a_kind_that_it_forgot_by_its_name(reader: str) -> None:
    without = {name: row for name, row in TABLES[reader].items() if name != "sale"}
    with pytest.raises(KindForgotten, match=f"{reader} has no row for the kind sale"):
        row_for(reader, without, SALE)


@pytest.mark.parametrize("reader", TABLES)
def test_every_reader_refuses_what_is_reserved_with_one_reason(reader: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KIND_OF, Sale, replace(KIND_OF[Sale], reserved=True))  # type: ignore[misc]
    with pytest.raises(KindReserved) as caught:
        row_for(reader, TABLES[reader], SALE)
    assert caught.value.reason == "kind_reserved"


def test_every_body_is_a_kind_and_the_other_way_round() -> None:
    assert set(KIND_OF) == set(Body.__args__) and len(KINDS) == len(KIND_OF)


def test_who_may_make_what() -> None:
    """Written once more, from the issue and DESIGN §9, not taken from the table under test."""
    tills = {
        *(
            "sale",
            "return",
            "fiscal_added",
            "hold_voided",
            "card_issued",
            "card_reissued",
            "card_made_virtual",
            "card_blocked",
            "card_unblocked",
        ),
        *("certificate_sold", "certificate_refunded", "certificate_blocked", "certificate_replaced"),
    }
    assert {name for name, kind in KINDS.items() if "till" in kind.makers} == tills
    hubs = {
        "return_completed",
        "coupon_made",
        "coupon_revoked",
        "certificate_ended",
        "member_joined",
        "member_registered",
        "member_merged",
        "grant",
        "adjustment",
        "expiry",
    }
    hubs |= {"sale_claimed", "turnover_brought", "earlier_sale", "consent_given", "consent_withdrawn"}
    assert {name for name, kind in KINDS.items() if "hub" in kind.makers} == hubs
    assert [maker_of(chain) for chain in ("hub", "office", "account", "shop-1")] == ["hub", "office", "account", "till"]


@pytest.mark.parametrize(("chain", "may"), [("shop-1", True), ("hub", False), ("office", False), ("account", False)])
def test_a_sale_is_made_at_a_till(chain: str, may: bool) -> None:
    operation = Operation(
        v=2,
        chain=chain,
        generation=1,
        sequence=1,
        previous_hash=FIRST_HASH,
        at="2026-03-02T12:00:00.000000+00:00",
        programme="alenka",
        programme_hash="a" * 64,
        body=SALE,
    )
    assert may_make(operation) is may
