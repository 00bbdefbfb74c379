"""A sale that came before its card is taken up on each database."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from hub.audit.verify import verify
from hub.build import build_programmes
from hub.hub import Hub
from hub.keys import new_keys
from hub.store.seam import Store
from loyalty.bodies import Accrued, CardIssued, Sale, SaleNumber
from tests.hub.conftest import Pen

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
CARD = "2600000000116"


def test_a_sale_that_came_before_its_card_is_given_once(store: Store) -> None:
    hub = Hub(store, keys=new_keys(random.Random(8).randbytes), now=lambda: NOW, programmes=build_programmes())
    number = SaleNumber(day="2026-03-02", number="1")
    sale = Sale(sale=number, card=CARD, lines=(), total_kopecks=1_000, paid_kopecks=1_000, accrued=Accrued(points=30))
    first, other = Pen("t1"), Pen("t2")
    taken = hub.take("t2", [other.write(sale, at=NOW + timedelta(minutes=1))])
    assert [answer.reason for answer in taken.answers] == ["unknown_card"]
    issued = first.write(CardIssued(sale=number, member="anna", card=CARD), at=NOW)
    for _ in range(2):
        hub.take("t1", [issued])
    assert hub.balances("alenka") == {"anna": 30}
    with store.reading() as reader:
        assert [case.state for case in reader.all_cases()] == ["settled"]
    assert verify(store, hub.zone_of).faults == ()
