"""Coupons in the random walk: of every kind, shown, typed, held, dropped, used at both tills, made by members,
revoked, brought back; and what the hub must have counted of them."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import msgspec

from hub.desk.acts import ACTS, ActRefused, Asked
from hub.store.coupon_records import CampaignKey
from hub.store.records import CaseRow, Place, place_of
from loyalty.bodies import COUPON_USED, Body, Return, Sale
from loyalty.coupon_token import CouponClaims
from pos_agent.errands import Errand, HubSaid
from pos_agent.protocol import Code, Command, DropCoupon
from simulator.terms import CAMPAIGNS, DEAR, FEW, ONCE, THRICE
from sync.coupons import (
    HOLD,
    MAKE,
    REVOKE,
    CouponHeld,
    CouponHoldAsked,
    CouponMadeTold,
    CouponMakeAsked,
    CouponRevokeAsked,
)
from tests.life.kept import Kept

if TYPE_CHECKING:
    from tests.life.walk import Walk
    from tests.life.walking import WalkingTill

TO_HAND: Final = 8  # coupons that people have just now; each is another's when it is used up or old
VALUES: Final = {ONCE: (0, 0, 4_500), THRICE: (0, 2_000), FEW: (0,), DEAR: (0, 30_000)}


class Had(msgspec.Struct, frozen=True):
    """A coupon in somebody's hand."""

    serial: str
    campaign: str
    token: str
    code: str = ""  # typed; "": only one that was made has one
    member: str = ""
    uses: int = 1


class Coupons:
    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.made = 0
        self.had = [self._mint() for _ in range(TO_HAND)]
        self.all = {one.serial: one for one in self.had}
        self.shown: Had | None = None  # last, at whichever till
        self.held: dict[tuple[str, str], datetime] = {}  # until when the hub keeps it, by till and serial
        self.paid: dict[str, list[tuple[Place, str, datetime]]] = {}  # with one that is held, and not yet at the hub
        self.sure: set[tuple[Place, str]] = set()  # uses that came to the hub while it kept them

    # what happens

    def any(self, till: WalkingTill, name: dict[str, Any]) -> Command:
        chance = self.walk.chance
        luck = chance.random()
        if luck < 0.35:
            place, fresh = chance.randrange(TO_HAND), self._make() if chance.random() < 0.5 else self._mint()
            self.had[place] = self.all[fresh.serial] = fresh
        elif luck < 0.38:
            self._revoke(chance.choice(self.had))
        elif luck < 0.43:
            return DropCoupon(campaign=chance.choice((None, None, *CAMPAIGNS)), **name)
        one = self.shown if self.shown is not None and chance.random() < 0.4 else chance.choice(self.had)
        self.shown = one
        typed = one.code and chance.random() < 0.4
        return Code(text=one.code if typed else one.token, **name)

    def same(self, name: dict[str, Any]) -> Command:
        fresh = self._mint()
        self.had[self.walk.chance.randrange(TO_HAND)] = self.all[fresh.serial] = self.shown = fresh
        return Code(text=fresh.token, **name)

    def _mint(self) -> Had:
        """As a sheet of them is printed: nobody's, or one member's."""
        chance, walk = self.walk.chance, self.walk
        self.made += 1
        shipped = [offer.id for offer in walk.rules.coupons if offer.id not in CAMPAIGNS]
        campaign = chance.choice((*CAMPAIGNS, *CAMPAIGNS, *shipped))
        offer = walk.rules.coupon(campaign)
        assert offer is not None
        serial = self.made.to_bytes(16, "big").hex()
        claims = CouponClaims(
            serial=serial,
            programme=walk.programme,
            campaign=campaign,
            valid_from=walk.now.replace(second=0, microsecond=0) - timedelta(minutes=2),
            valid_to=walk.now.replace(second=0, microsecond=0) + timedelta(days=chance.choice((1, 30, 300))),
            zone=walk.rules.timezone.key,
            value=chance.choice(VALUES.get(campaign, (0,))),
            uses=offer.terms.uses,
            member=f"m{chance.randrange(4)}" if chance.random() < 0.15 else "",
        )
        return Had(serial, campaign, walk.hub.mint(claims), uses=claims.uses)

    def _make(self) -> Had:
        """A member makes himself one for points, where he has them and any are left this month."""
        chance, walk = self.walk.chance, self.walk
        member, campaign = f"m{chance.randrange(4)}", chance.choice((ONCE, THRICE))
        asked = Asked("", member, "", "", walk.programme, f"{chance.getrandbits(60):015x}")
        try:
            told = ACTS[MAKE].do(walk.hub, asked, CouponMakeAsked(campaign=campaign, member=member))
        except ActRefused as refused:
            walk.counts[refused.code] += 1
            return self._mint()
        assert isinstance(told, CouponMadeTold)
        walk.counts["coupons made"] += 1
        coupon, offer = told.coupon, walk.rules.coupon(campaign)
        assert offer is not None
        return Had(coupon.serial, campaign, coupon.token, coupon.code, member, offer.terms.uses)

    def _revoke(self, one: Had) -> None:
        if REVOKE in ACTS:
            asked = Asked("", "office", "", "", self.walk.programme, f"{self.walk.chance.getrandbits(60):015x}")
            ACTS[REVOKE].do(self.walk.hub, asked, CouponRevokeAsked(serial=one.serial, reason="found"))
            self.walk.counts["coupons revoked"] += 1

    # what is heard

    def heard(self, till: WalkingTill, errand: Errand, said: HubSaid) -> None:
        """A use is kept for the till, or it does without."""
        if errand.act == HOLD and said.body is not None:
            asked = msgspec.json.decode(errand.body, type=CouponHoldAsked)
            told = msgspec.json.decode(said.body, type=CouponHeld)
            self.held[till.name, asked.serial] = datetime.fromisoformat(told.until)

    def recorded(self, till: WalkingTill, place: Place, body: Body) -> None:
        for use in body.coupons if isinstance(body, Sale) else ():
            until = self.held.pop((till.name, use.serial), None)
            if until is not None:
                self.paid.setdefault(till.name, []).append((place, use.serial, until))

    def synced(self, till: WalkingTill) -> None:
        """All that it recorded is at the hub by now."""
        paid = self.paid.pop(till.name, ())
        self.sure |= {(place, serial) for place, serial, until in paid if self.walk.now < until}

    # what must hold

    def check(self, kept: Kept) -> None:
        freed = {(place_of(back.of), serial) for _, back in kept.of(Return) for serial in back.coupons}
        sales = kept.of(Sale)
        uses = [(place, sale, use) for place, sale in sales for use in sale.coupons if (place, use.serial) not in freed]
        self._campaigns(kept, uses)
        self._beyond(kept, uses)
        self._sure(uses)
        self._once_here(sales, freed)
        self._back_with_the_last(kept)

    def _campaigns(self, kept: Kept, uses: list[Any]) -> None:
        """Of each, what the recorded sales used and took off, less what came back."""
        counted: Counter[str] = Counter()
        discount: Counter[str] = Counter()
        for _, _, use in uses:
            counted[use.campaign] += 1
            discount[use.campaign] += use.discount_kopecks
        for offer in self.walk.rules.coupons:
            key = CampaignKey(self.walk.programme, offer.id)
            row = kept.reader.campaigns([key]).get(key)
            here = (counted[offer.id], discount[offer.id])
            assert here == ((row.uses, row.discount_kopecks) if row is not None else (0, 0)), offer.id
            terms = offer.terms
            if terms.in_all is not None:
                over = len(_named(kept.cases_of("coupon_limit")))
                assert counted[offer.id] - terms.in_all <= over, f"{offer.id}: uses beyond its terms are cases"
            if terms.budget_kopecks is not None:
                cost = sum(case.cost_kopecks for case in kept.cases_of("coupon_budget"))
                assert discount[offer.id] - terms.budget_kopecks <= cost, f"{offer.id}: what is beyond is somebody's"
            self.walk.counts["coupon uses"] += counted[offer.id]

    def _beyond(self, kept: Kept, uses: list[Any]) -> None:
        """Uses of one coupon beyond its own are conflicts at the hub, and each of them a case with its cost."""
        used = Counter(use.serial for _, _, use in uses)
        allowed = {use.serial: use.uses for _, _, use in uses}
        conflicts = [(row.place, row.serial) for row in kept.reader.all_conflicts()]
        assert sum(max(0, count - allowed[serial]) for serial, count in used.items()) == len(conflicts)
        twice = _named(kept.cases_of("coupon_twice"))
        assert set(conflicts) <= twice, "each use too many is somebody's to settle"
        costs = {place: 0 for place, _ in twice}
        for place, sale in kept.of(Sale):
            for use in sale.coupons:
                if (place, use.serial) in twice:
                    costs[place] += use.discount_kopecks
        assert {_place(case): case.cost_kopecks for case in kept.cases_of("coupon_twice")} == costs
        self.walk.counts["coupons beyond"] += len(conflicts)
        for case in kept.cases:
            self.walk.counts[f"case {case.kind}"] += 1
        for _, reason in kept.refused:
            self.walk.counts[f"refused {reason}"] += 1

    def _sure(self, uses: list[Any]) -> None:
        """Where the hub kept a use until the sale came, whatever others do without asking it: these alone are never
        too many, nor too dear."""
        sure = [use for place, _, use in uses if (place, use.serial) in self.sure]
        allowed = {use.serial: use.uses for use in sure}
        for serial, count in Counter(use.serial for use in sure).items():
            assert count <= allowed[serial], "the hub has kept one use for two receipts"
        for campaign, count in Counter(use.campaign for use in sure).items():
            offer = self.walk.rules.coupon(campaign)
            assert offer is not None
            cost = sum(use.discount_kopecks for use in sure if use.campaign == campaign)
            assert offer.terms.in_all is None or count <= offer.terms.in_all
            assert offer.terms.budget_kopecks is None or cost <= offer.terms.budget_kopecks
        self.walk.counts["coupons sure"] += len(sure)

    def _once_here(self, sales: list[tuple[Place, Sale]], freed: set[tuple[Place, str]]) -> None:
        """At one till more often than a coupon says only with a deviation."""
        here: Counter[tuple[str, str]] = Counter()
        for place, sale in sales:
            known = {deviation.note for deviation in sale.deviations if deviation.kind == COUPON_USED}
            for use in sale.coupons:
                if (place, use.serial) not in freed and use.serial not in known:
                    here[place.chain, use.serial] += 1
                    assert here[place.chain, use.serial] <= use.uses, "used up at this till"

    def _back_with_the_last(self, kept: Kept) -> None:
        """A right comes back with the last of the goods."""
        for _, back in kept.of(Return):
            if back.coupons:
                assert kept.is_all_back(place_of(back.of)), "goods of it are still sold"
                self.walk.counts["coupons back"] += 1


def _place(case: CaseRow) -> Place:
    return Place(*case[:3])


def _named(cases: list[CaseRow]) -> set[tuple[Place, str]]:
    return {(_place(case), serial) for case in cases for serial in case.note.split(",")}
