"""Is this the till that the hub knows? A table; and what a till that is not proven does (B1, B2, N21)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from config.programmes import load_programme
from loyalty.programme import Language
from offline_cache.lease import Bond, Lease
from pos_agent.checkout import Checkout
from pos_agent.proof import ELSEWHERE_BORNE, Facts, Why, unproven
from pos_agent.proof_words import PROOF_WORDS
from pos_agent.protocol import Redeem
from pos_agent.shown_words import say_shown
from tests.pos_agent.conftest import ANNA, KEY, Desk, known_members
from tests.there import there

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
BOND = Bond(ledger="l", key="k", machine="m")
PROVEN = Facts(bond=BOND, lease=Lease(generation=2, bond=BOND), generation=2, stopped="", elsewhere_at=None)


def lease(generation: int = 2, **bond: str) -> dict[str, Any]:
    return {"lease": Lease(generation=generation, bond=msgspec.structs.replace(BOND, **bond))}


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({}, None),
        ({"bond": None}, "not_joined"),
        ({"lease": None}, "not_leased"),
        (lease(generation=1), "not_leased"),
        (lease(key="other"), "not_leased"),
        (lease(ledger="other"), "not_leased"),
        (lease(machine="other"), "other_machine"),
        ({"stopped": "other_file"}, "other_file"),
        ({"stopped": "forked"}, "forked"),
        ({"stopped": "revoked"}, "sent_away"),
        ({"elsewhere_at": NOW - ELSEWHERE_BORNE}, None),
        ({"elsewhere_at": NOW - ELSEWHERE_BORNE - timedelta(seconds=1)}, "runs_elsewhere"),
    ],
)
def test_b1_b2_n21_why_a_till_is_not_proven(facts: dict[str, Any], why: Why | None) -> None:
    assert unproven(replace(PROVEN, **facts), NOW) == why


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_reason_is_said(language: Language) -> None:
    for code in PROOF_WORDS:
        assert "{" not in say_shown(code, language, outbox="7") and "7" in say_shown(code, language, outbox="7")


def test_b2_a_till_that_is_not_proven_earns_and_does_not_redeem_until_it_is(tmp_path: Path) -> None:
    cache = known_members(tmp_path)
    why: list[Why | None] = ["other_machine"]
    checkout = Checkout(
        cache,
        load_programme("alenka"),
        language="en",
        receipt_language="ru",
        is_online=lambda: False,
        unproven=lambda: why[0],
    )
    desk = Desk(checkout=checkout, cache=cache, key=KEY)
    desk.basket()
    desk.code(ANNA)
    asked = desk.do(Redeem(points=50))
    assert "this till is not confirmed by the office" in asked.text
    assert there(there(asked.told).limit).reason == "unproven"
    paid = desk.pay("1")
    (sale,) = desk.stored("1")
    assert paid.ok and sale.redeemed.points == 0 and sale.accrued.points > 0

    why[0] = None
    desk.basket()
    desk.code(ANNA)
    assert desk.do(Redeem(points=50)).ok and desk.pay("2").ok
    assert desk.stored("2")[0].redeemed.points == 50
    cache.close()
