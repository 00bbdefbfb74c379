"""A hub whose programme has campaigns with bounds, and the desk that tills ask."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

from hub.audit.verify import verify
from hub.build import build_hub
from hub.desk.acts import ACTS, ActRefused, Asked
from hub.hub import Hub
from hub.store.records import CaseRow
from hub.store.seam import Store
from loyalty.bodies import CouponUse, OperationRef, Return, ReturnedLine, Sale
from loyalty.operation import utc_text
from loyalty.programme import CouponTerms, MemberMade, Offer, Programme
from tests.hub.conftest import NOW, PROGRAMMES, Office, Pen

KEYS = itertools.count()


def campaign(id: str, *, amount: int = 100, **terms: Any) -> Offer:
    return Offer(id=id, ru=id, en=id, kind="amount_off", amount_kopecks=amount, terms=CouponTerms(**terms))


CAMPAIGNS: Final = (
    campaign("plain"),
    campaign("thrice", uses=3),
    campaign("once-a-member", per_member=1),
    campaign("three-in-all", in_all=3),
    campaign("budget", budget_kopecks=300),
    campaign("own"),
)
RULES: Final[Programme] = replace(
    PROGRAMMES["alenka"],
    coupons=CAMPAIGNS,
    member_made=MemberMade(campaigns=("own",), a_month=2, price_points=50, life_days=30),
)


class Shop(Office):
    """What tills and the office do with coupons."""

    def __init__(self, path: Path, rules: Mapping[str, Programme] | None = None, store: Store | None = None) -> None:
        self.rules = dict(rules or {**PROGRAMMES, "alenka": RULES})
        self.store = store
        super().__init__(path)

    def open(self) -> None:
        if self.store is not None:
            self.hub = Hub(self.store, now=lambda: self.now, programmes=self.rules)
        else:
            self.hub = build_hub(self.path, self.rules, serving=False, now=lambda: self.now)

    def ask(self, act: str, *, till: str = "t1", key: str = "", store: str = "s1", **body: Any) -> Any:
        """The reply; raises ActRefused."""
        asked = Asked("", "Olga", till, store if till else "", "alenka", key or f"{till}/{next(KEYS)}")
        return ACTS[act].do(self.hub, asked, msgspec.convert(body, ACTS[act].takes))

    def refusal(self, act: str, **asked: Any) -> str:
        with pytest.raises(ActRefused) as refused:
            self.ask(act, **asked)
        return refused.value.code

    def hold(self, serial: str, campaign: str = "plain", *, till: str = "t1", **more: Any) -> str:
        """Until when; or why not."""
        try:
            held = self.ask("coupon_hold", till=till, serial=serial, campaign=campaign, **{"hold": f"{till}/1"} | more)
        except ActRefused as refused:
            return refused.code
        return str(held.until)

    def is_held(self, *asked: Any, **more: Any) -> bool:
        return self.hold(*asked, **more).startswith("2026-")

    def used(
        self, *serials: str, campaign: str = "plain", member: str | None = None, off: int = 100, **more: Any
    ) -> Sale:
        uses = {name: more.pop(name) for name in ("uses", "value", "points") if name in more}
        coupons = tuple(CouponUse(serial=one, campaign=campaign, discount_kopecks=off, **uses) for one in serials)
        sale = self.sale(member, **more)
        return msgspec.structs.replace(sale, coupons=coupons)

    def back(self, sequence: int, *serials: str, till: str = "t1", member: str | None = None) -> Return:
        """The sale comes back whole."""
        return Return(
            of=OperationRef(chain=till, generation=1, sequence=sequence),
            sold_at=utc_text(NOW),
            member=member,
            lines=(ReturnedLine(id="1", quantity_m=1000, refund_kopecks=100),),
            refund_kopecks=100,
            qualifying_kopecks=1_000,
            coupons=serials,
        )

    def cases(self) -> list[CaseRow]:
        with self.hub.store.reading() as reader:
            return list(reader.all_cases())

    def case_costs(self) -> dict[str, int]:
        """Kopecks, by kind."""
        costs: dict[str, int] = {}
        for case in self.cases():
            costs[case.kind] = costs.get(case.kind, 0) + case.cost_kopecks
        return costs

    def counted(self, campaign: str, member: str | None = None) -> tuple[int, int]:
        """Uses and kopecks, in all or of a member."""
        with self.hub.store.reading() as reader:
            rows = reader.campaigns_of("alenka") if member is None else reader.campaign_members([member])
            return next(((row.uses, row.discount_kopecks) for row in rows if row.campaign == campaign), (0, 0))

    def page(self, after: str = "", till: str = "t9") -> Any:
        return self.hub.changes(till=till, programme="alenka", after=after, limit=99)

    def is_sound(self) -> bool:
        return verify(self.hub.store, self.hub.zone_of).faults == ()


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path / "hub.db")
    yield shop
    shop.hub.close()


@pytest.fixture(scope="session")
def pens() -> type[Pen]:
    return Pen
