"""Certificates on both databases: the same story gives the same answers and rows, and tills that ask at once never get
more together than is on one."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from itertools import count
from typing import Any

import msgspec
import pytest

from hub.audit.verify import verify
from hub.build import build_programmes
from hub.desk.acts import ACTS, ActRefused, Asked
from hub.hub import Hub
from hub.jobs.running import Running
from hub.jobs.table import JOBS
from hub.store.seam import Store
from loyalty.bodies import (
    Body,
    CertificateBlocked,
    CertificateRefunded,
    CertificateReplaced,
    CertificateSold,
    Sale,
    SaleNumber,
    Tender,
)
from loyalty.certificate_numbers import certificate_number
from loyalty.utc import utc_text
from tests.hub.certified import back_of
from tests.hub.conftest import DAY, NOW, Pen

PROGRAMMES = build_programmes()
NUMBERS = tuple(certificate_number(n) for n in range(6))
KEYS = count()


def ask(hub: Hub, act: str, till: str, **body: Any) -> Any:
    asked = Asked("", till, till, "s1", "alenka", f"{till}/{next(KEYS)}")
    return ACTS[act].do(hub, asked, msgspec.convert(body, ACTS[act].takes))


def paid(number: str, kopecks: int, receipt: int) -> Sale:
    return Sale(
        sale=SaleNumber(day=DAY, number=str(receipt)),
        lines=(),
        total_kopecks=kopecks,
        paid_kopecks=kopecks,
        tenders=(Tender(kind="certificate", kopecks=kopecks, id=number),),
    )


class Story:
    """Made once, and told to each hub."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.pens = {till: Pen(till, store=f"s-{till}") for till in ("t1", "t2")}
        self.sales: list[tuple[str, int, str]] = []

    def batches(self, rounds: int) -> list[tuple[str, list[str]]]:
        told = []
        for receipt in range(rounds):
            pen = self.chance.choice(list(self.pens.values()))
            told.append((pen.till, [pen.write(self._body(pen, receipt * 10 + n)) for n in range(3)]))
        return told

    def _body(self, pen: Pen, receipt: int) -> Body:
        number, kopecks = self.chance.choice(NUMBERS), self.chance.randint(1, 60)
        match self.chance.randrange(12):
            case 0 | 1:
                return CertificateSold(certificate=number, kopecks=100)
            case 2:
                until = utc_text(NOW + timedelta(days=1))
                return CertificateSold(certificate=number, kopecks=100, paid=False, until=until)
            case 3:
                return CertificateRefunded(certificate=number, kopecks=kopecks)
            case 4:
                return CertificateBlocked(certificate=number)
            case 5:
                return CertificateReplaced(certificate=number, into=self.chance.choice(NUMBERS[3:] + NUMBERS[:1]))
            case 6 | 7 if self.sales:
                till, sequence, used = self.chance.choice(self.sales)
                return back_of(sequence, (used, kopecks), till=till)
        self.sales.append((pen.till, pen.sequence + 1, number))
        return paid(number, kopecks, receipt)


def rows(store: Store) -> dict[str, list[Any]]:
    with store.reading() as reader:
        return {
            "certificates": list(reader.all_certificates()),
            "entries": list(reader.all_certificate_entries()),
            "holds": list(reader.all_certificate_holds()),
            "named": list(reader.all_named()),
            "cases": [case._replace(opened_at=NOW) for case in reader.all_cases()],
        }


@pytest.fixture
def both(request: pytest.FixtureRequest) -> list[Store]:
    stores = [request.getfixturevalue(f"{name}_ledger")() for name in ("sqlite", "postgres")]
    for store in stores:
        request.addfinalizer(store.close)
    return stores


def test_the_same_story_gives_the_same_answers_and_rows(both: list[Store]) -> None:
    now = NOW
    hubs = [Hub(store, now=lambda: now, programmes=PROGRAMMES) for store in both]
    told = Story(7).batches(40)
    (end,) = (job for job in JOBS if job.name == "certificates")
    for part, (till, texts) in enumerate(told):
        answers = [hub.take(till, texts).answers for hub in hubs]
        assert answers[0] == answers[1]
        for hub in hubs if part % 4 == 0 else ():
            with suppress(ActRefused):
                ask(hub, "certificate_hold", till, number=NUMBERS[part % 6], hold=f"h{part}", kopecks=30)
    assert rows(both[0]) == rows(both[1])
    now = NOW + timedelta(days=1)
    assert len({sum(Running(hub).run(end, now)) for hub in hubs}) == 1
    found = rows(both[0])
    assert found == rows(both[1]) and found["holds"] == []
    assert len(found["entries"]) > 60 and {row.account for row in found["entries"]} >= {"beyond", "ended", "refunded"}
    for hub, store in zip(hubs, both, strict=True):
        assert verify(store, hub.zone_of).faults == ()


def test_tills_that_ask_at_once_never_get_more_together_than_is_on_it(open_store: Callable[[], Store]) -> None:
    """Two hubs on one database, some tills at each."""
    stores = [open_store() for _ in range(2)]
    hubs = [Hub(store, now=lambda: NOW, programmes=PROGRAMMES) for store in stores]
    seller = Pen("seller")
    hubs[0].take("seller", [seller.write(CertificateSold(certificate=NUMBERS[0], kopecks=1_000))])

    def till(which: int) -> int:
        """Holds, and sells what it got."""
        hub, name, pen = hubs[which % 2], f"t{which}", Pen(f"t{which}")
        try:
            held = ask(hub, "certificate_hold", name, number=NUMBERS[0], hold="h", kopecks=300).kopecks
        except ActRefused as refused:
            assert refused.code in ("certificate_held", "certificate_empty")
            return 0
        (answer,) = hub.take(name, [pen.write(paid(NUMBERS[0], held, which))]).answers
        assert answer.result == "applied"
        return int(held)

    with ThreadPoolExecutor(6) as tills:
        assert sum(tills.map(till, range(12))) == 1_000
    with stores[0].reading() as reader:
        (row,) = reader.certificates([NUMBERS[0]]).values()
        assert (row.left, row.beyond) == (0, 0) and list(reader.all_cases()) == []
        assert list(reader.all_certificate_holds()) == []
    assert verify(stores[0], hubs[0].zone_of).faults == ()


def test_two_hubs_that_hear_of_one_number_at_once_sell_it_once(open_store: Callable[[], Store]) -> None:
    stores = [open_store() for _ in range(2)]
    hubs = [Hub(store, now=lambda: NOW, programmes=PROGRAMMES) for store in stores]

    def sell(which: int) -> str:
        pen = Pen(f"t{which}")
        texts = [pen.write(CertificateSold(certificate=number, kopecks=100)) for number in NUMBERS]
        return ",".join(str(answer.reason) for answer in hubs[which].take(pen.till, texts).answers)

    with ThreadPoolExecutor(2) as both:
        answers = sorted(both.map(sell, range(2)))
    assert answers == sorted([",".join(["None"] * 6), ",".join(["certificate_sold_before"] * 6)])
    assert verify(stores[0], hubs[0].zone_of).faults == ()
