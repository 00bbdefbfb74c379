"""Cases of faults.md, section A, told at the checkout of a real till with a real hub behind it, in one process.

R01, R02, R07, R08, R09, R10, R11 and their kinds: what is dead, what is not alive yet, what the day allows, which tier
counts, and whose clock is right.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.programmes import load_programme
from drivers.printer.document import Columns, from_json
from hub.audit.verify import verify
from hub.build import build_hub
from hub.hub import Hub
from hub.importing import import_members
from hub.members import NewMember
from hub.people.registering import register_member
from loyalty.bodies import Grant, Sale, SaleNumber
from loyalty.operation import Operation, Store, utc_text
from loyalty.programme import Activation, Life, PercentAccrual, Programme, Tier
from offline_cache.cache import Cache
from pos_agent.answers import Reply
from pos_agent.checkout import Checkout
from pos_agent.notices import Notices
from pos_agent.protocol import BasketLine, Code, Pay, Redeem, SetBasket
from sync.hub_port import HubUnreachable
from sync.worker import SyncWorker
from tests.hub_here import HubHere
from tests.listed import listed

BEGIN = datetime(2026, 1, 10, 9, 0, tzinfo=UTC)
ANNA = "2600000000017"
ALENKA = load_programme("alenka")


class Till:
    """A checkout with its file and its worker. `off`: how far its clock is ahead of the shop's."""

    def __init__(self, shop: Shop, path: Path, name: str, off: timedelta, zone: str | None) -> None:
        self.shop = shop
        self.off = off
        self.online = True
        self.cache = Cache(path, name, Store(id="1", timezone=zone) if zone else None)
        self.worker = SyncWorker(
            self.cache, HubHere(shop.hub, self._linked), programme="alenka", jitter=lambda: 0.0, clock=self.clock
        )

    def clock(self) -> datetime:
        return self.shop.now + self.off

    def _linked(self) -> None:
        if not self.online:
            raise HubUnreachable("The link is cut.")

    # what the cashier does

    def sync(self) -> None:
        while self.worker.step(0.0) == 0.0:
            pass

    def tell(self, *commands: Any) -> list[Reply]:
        checkout = Checkout(
            self.cache, self.shop.programme, language="en", receipt_language="en", is_online=lambda: self.online
        )
        off_s = self.cache.clock_off_s()
        now = self.clock() + timedelta(seconds=off_s)
        return [listed(command, checkout.handle(command, now, off_s)) for command in commands]

    def sell(self, *lines: BasketLine, card: str = ANNA, redeem: bool = True, day: str | None = None) -> Sale:
        self.shop.sales += 1
        number = str(self.shop.sales)
        *_, paid = self.tell(
            SetBasket(lines=lines),
            Code(text=card),
            *([Redeem()] if redeem else []),
            Pay(sale=number, day=day),
        )
        assert paid.code == "recorded", paid
        self.last = self.operation(number)
        assert isinstance(self.last.body, Sale)
        return self.last.body

    def operation(self, number: str) -> Operation:
        with self.cache.file.reading() as connection:
            ((day,),) = connection.execute("SELECT sale_day FROM operations WHERE sale_number = ?", (number,))
        stored = self.cache.sale(SaleNumber(day=day, number=number))
        assert stored is not None
        return stored.operations[-1]

    def paper(self) -> dict[str, str]:
        job = self.cache.print_jobs.last_receipt()
        assert job is not None
        return {block.left: block.right for block in from_json(job.document).blocks if isinstance(block, Columns)}


@dataclass
class Shop:
    folder: Path
    programme: Programme
    now: datetime = BEGIN
    sales: int = 0
    tills: list[Till] = field(default_factory=list)
    hub: Hub = field(init=False)

    def __post_init__(self) -> None:
        programmes = {"alenka": self.programme, "perekrestok": load_programme("perekrestok")}
        self.hub = build_hub(self.folder / "hub.db", programmes, serving=False, now=lambda: self.now)

    def till(self, name: str = "t1", *, off: timedelta = timedelta(), zone: str | None = None) -> Till:
        self.tills.append(Till(self, self.folder / f"{name}.db", name, off, zone))
        return self.tills[-1]

    def join(self, points: int = 0, *, registered: bool = True) -> None:
        anna = NewMember(
            line=2,
            programme="alenka",
            card=ANNA,
            phone=None,
            points=points,
            registered=registered,
            birthday=None,
            favourites=(),
            member="anna",
        )
        assert list(import_members(self.hub, [anna])) == [1]

    def balance(self) -> int:
        return self.hub.balances("alenka")["anna"]

    def close(self) -> None:
        assert verify(self.hub.store, self.hub.zone_of).faults == ()
        for till in self.tills:
            till.cache.close()
        self.hub.close()


@pytest.fixture
def open_shop(tmp_path: Path) -> Iterator[Callable[..., Shop]]:
    opened: list[Shop] = []

    def make(programme: Programme = ALENKA) -> Shop:
        opened.append(Shop(tmp_path, programme))
        return opened[-1]

    yield make
    for shop in opened:
        shop.close()


def goods(rubles: int, category: str = "gifts") -> BasketLine:
    return BasketLine(id=f"{category}-{rubles}", name="Goods", price=f"{rubles}.00", category=category)


# dead points


def test_r01_points_that_died_since_the_last_page_are_not_sold(open_shop: Callable[..., Shop]) -> None:
    """R01, F9: welcome 150 (90 days) on 10 January, the till polls; on 10 June basket 1000.00, card, redeem, pay."""
    shop = open_shop()
    till = shop.till()
    shop.join(registered=False)
    assert register_member(shop.hub, ANNA, ALENKA, None).granted == 150
    till.sync()
    shop.now = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)
    till.sync()  # nothing changed at the hub: no page brings the member anew
    found = till.tell(Code(text=ANNA))[0]
    assert "0 bonuses" in found.text
    sale = till.sell(goods(1000))
    assert (sale.redeemed.points, sale.paid_kopecks) == (0, 100_000)
    till.sync()
    assert shop.balance() == sale.accrued.points == 20
    assert till.paper()["Balance"] == "20 bonuses"


@pytest.mark.parametrize(("hours", "spent"), [(0, 30), (-1, 30), (1, 0)])
def test_r01_offline_too_to_the_minute_of_the_end(open_shop: Callable[..., Shop], hours: int, spent: int) -> None:
    """R01, its kind: the end of a day in the shop's zone, while the link is cut."""
    shop = open_shop()
    till = shop.till()
    shop.join(registered=False)
    end = BEGIN + timedelta(hours=5)
    born(shop, 30, BEGIN, end)
    register_member(shop.hub, ANNA, replace(ALENKA, grants=replace(ALENKA.grants, welcome=None)), None)
    till.sync()
    till.online = False
    shop.now = end + timedelta(hours=hours) - (timedelta(microseconds=1) if hours == 0 else timedelta())
    sale = till.sell(goods(1000))
    assert sale.redeemed.points == spent
    till.online = True
    till.sync()
    assert shop.balance() == sale.accrued.points + (0 if spent or hours == 1 else 30)


def born(shop: Shop, points: int, start: datetime, end: datetime | None) -> None:
    grant = Grant(
        member="anna",
        points=points,
        reason="gift",
        active_from=utc_text(start),
        expires_at=utc_text(end) if end else None,
    )
    (answer,) = shop.hub.bear("alenka", grant)
    assert answer.result == "applied"


def test_what_died_is_told_before_it_dies_and_the_paper_says_which(open_shop: Callable[..., Shop]) -> None:
    """R01, its kind: two lots, the nearer one dies; what is left is exact, without a page."""
    shop = open_shop()
    till = shop.till()
    shop.join()
    born(shop, 40, BEGIN, BEGIN + timedelta(days=3))
    born(shop, 70, BEGIN, BEGIN + timedelta(days=9))
    till.sync()
    till.online = False
    till.sell(goods(100), redeem=False)
    assert till.paper()["Expiring 13.01.2026"] == "40 bonuses"
    shop.now += timedelta(days=4)
    till.sell(goods(100), redeem=False)
    assert till.paper()["Expiring 19.01.2026"] == "70 bonuses"
    assert till.paper()["Balance at 10.01 12:00"] == "74 bonuses"


# points that are not alive yet


def test_r02_points_that_count_from_tomorrow_are_not_sold_today(open_shop: Callable[..., Shop]) -> None:
    """R02, F9: activation 1 day; 1,000 earned five seconds ago; redeem: nothing, and the cashier is told from when."""
    points = replace(ALENKA.points, activation=Activation(days=1), life=Life(kind="months", count=12))
    shop = open_shop(replace(ALENKA, points=points))
    till = shop.till()
    shop.join()
    till.sync()
    earned = till.sell(goods(20_000)).accrued.points
    assert earned == 1_000
    shop.now += timedelta(seconds=5)
    for _ in range(2):  # before the hub has heard of it, and after
        replies = till.tell(SetBasket(lines=(goods(1000),)), Code(text=ANNA), Redeem())
        assert "Nothing is redeemed" in replies[-1].text
        assert "From January 11, 2026: 1,000 bonuses more." in replies[-1].text
        till.sync()
    assert till.sell(goods(1000)).redeemed.points == 0
    shop.now = datetime(2026, 1, 10, 21, 0, tzinfo=UTC)  # midnight in the shop
    assert till.sell(goods(3000)).redeemed.points == 1_000 + 20
    till.sync()
    assert shop.balance() == 99  # 5 % of the 1980.00 that were paid


def test_r02_points_earned_without_a_network_live_from_their_own_moment(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop(replace(ALENKA, points=replace(ALENKA.points, activation=Activation(minutes=30))))
    till = shop.till()
    shop.join()
    till.sync()
    till.online = False
    till.sell(goods(10_000))
    taken = []
    for minutes in (29, 1):
        shop.now += timedelta(minutes=minutes)
        taken.append(till.sell(goods(10)).redeemed.points)
    assert taken == [0, 5]


# limits of a day


def test_r07_the_offline_day_is_by_the_moment_and_not_by_what_the_pos_says(open_shop: Callable[..., Shop]) -> None:
    """R07: offline, 00:30 on the 3rd, cap 500 a day, `pay` with the day of the 2nd, five receipts."""
    shop = open_shop()
    till = shop.till()
    shop.join(5_000)
    shop.now = datetime(2026, 3, 2, 21, 30, tzinfo=UTC)
    till.sync()
    till.online = False
    taken = [till.sell(goods(2000), day="2026-03-02").redeemed.points for _ in range(5)]
    assert taken == [300, 200, 0, 0, 0]
    sold = till.last.body
    assert isinstance(sold, Sale) and sold.sale.day == "2026-03-02", "the receipt keeps the day that the POS said"


@pytest.mark.parametrize(
    ("zone", "taken"), [(None, [300, 200, 300]), ("Asia/Yekaterinburg", [300, 300, 200]), ("UTC", [300, 200, 0])]
)
def test_r07_midnight_is_the_stores_own(open_shop: Callable[..., Shop], zone: str | None, taken: list[int]) -> None:
    """R07, its kind: the day begins anew at midnight by the clock of the store, here 20:30, 21:00 and 22:30 Moscow."""
    shop = open_shop()
    till = shop.till(zone=zone)
    shop.join(5_000)
    spent = []
    shop.now = datetime(2026, 3, 2, 18, 30, tzinfo=UTC)
    till.sync()
    till.online = False
    for hour, minute in ((18, 30), (19, 0), (21, 30)):
        shop.now = datetime(2026, 3, 2, hour, minute, tzinfo=UTC)
        spent.append(till.sell(goods(2000)).redeemed.points)
    assert spent == taken


@pytest.mark.parametrize("online", [True, False])
def test_r08_what_was_redeemed_at_another_till_today_counts(open_shop: Callable[..., Shop], online: bool) -> None:
    """R08: day_max_points = 500: 500 at till 1, synced, then till 2."""
    shop = open_shop(replace(ALENKA, redemption=replace(ALENKA.redemption, day_max_points=500)))
    one, two = shop.till("t1"), shop.till("t2")
    shop.join(5_000)
    one.sync()
    assert one.sell(goods(2000)).redeemed.points == 500
    one.sync()
    two.sync()
    two.online = online
    assert two.sell(goods(2000)).redeemed.points == 0
    shop.now += timedelta(days=1)
    two.online = True
    two.sync()
    assert two.sell(goods(2000)).redeemed.points == 500


def test_r08_the_offline_day_of_another_till_counts_too(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop()
    one, two = shop.till("t1"), shop.till("t2")
    shop.join(5_000)
    one.sync()
    one.online = False
    assert [one.sell(goods(2000)).redeemed.points for _ in range(2)] == [300, 200]
    one.online = True
    one.sync()
    two.sync()
    two.online = False
    assert two.sell(goods(2000)).redeemed.points == 0


# tiers


def tiered(window: str = "all", days: int = 0) -> Programme:
    tiers = (
        Tier(from_kopecks=0, rate_bp=200),
        Tier(from_kopecks=150_000, rate_bp=300),
        Tier(from_kopecks=300_000, rate_bp=500),
    )
    accrual: Any = PercentAccrual(tiers=tiers, tier_metric="accumulated", tier_window=window, tier_days=days)  # type: ignore[arg-type]
    return replace(ALENKA, accrual=accrual)


def test_r09_a_certificate_that_was_bought_raises_no_tier(open_shop: Callable[..., Shop]) -> None:
    """R09: a certificate of 3000.00 bought, then goods 1000.00: 2 %, 20."""
    shop = open_shop(tiered())
    till = shop.till()
    shop.join()
    till.sync()
    till.sell(goods(3000, "gift_certificate"))
    for _ in range(2):
        till.sync()
    assert till.sell(goods(1000)).accrued.points == 20


@pytest.mark.parametrize("syncing", [True, False])
def test_r09_own_sales_count_at_once(open_shop: Callable[..., Shop], syncing: bool) -> None:
    """R09: offline 3 × 2000.00: 40, 60, 100; and as much when the hub hears of each."""
    shop = open_shop(tiered())
    till = shop.till()
    shop.join()
    till.sync()
    till.online = syncing
    earned = []
    for _ in range(3):
        earned.append(till.sell(goods(2000), redeem=False).accrued.points)
        till.sync()
    assert earned == [40, 60, 100]


@pytest.mark.parametrize(("window", "days", "earned"), [("all", 0, 60), ("year", 0, 40), ("rolling", 30, 40)])
def test_r09_purchases_fall_out_of_the_programmes_window(
    open_shop: Callable[..., Shop], window: str, days: int, earned: int
) -> None:
    shop = open_shop(tiered(window, days))
    till = shop.till()
    shop.now = datetime(2025, 12, 1, 9, 0, tzinfo=UTC)
    shop.join()
    till.sync()
    till.sell(goods(2000), redeem=False)
    till.sync()
    shop.now = datetime(2026, 1, 2, 9, 0, tzinfo=UTC)
    till.online = False  # the till knows by itself what has fallen out
    assert till.sell(goods(2000), redeem=False).accrued.points == earned


# clocks


def test_r10_a_till_whose_clock_is_two_years_back_lives_in_the_hubs_time(open_shop: Callable[..., Shop]) -> None:
    """R10: till online, its clock 800 days back; a sale: its lot's times from the hub's clock, a deviation, a word."""
    shop = open_shop()
    till = shop.till(off=timedelta(days=-800))
    shop.join(100)
    till.sync()
    sale = till.sell(goods(1000))
    assert sale.redeemed.points == 100, "online nobody is stopped"
    assert till.last.at == utc_text(shop.now) and till.last.clock_off_s == 800 * 86_400
    assert sale.accrued.expires_at == "2027-01-10T21:00:00.000000+00:00"
    assert [(one.kind, one.note) for one in sale.deviations] == [("clock_off", f"{800 * 86_400} s")]
    till.sync()
    assert shop.balance() == sale.accrued.points
    notices = Notices("ru")
    (told,) = notices.clock(till.cache.clock_off_s(), 300)
    assert not told.ok and "отстают на 1152000 мин" in told.text
    assert notices.clock(till.cache.clock_off_s(), 300) == [], "once"
    assert notices.clock(0, 300) == []
    (told,) = notices.clock(-360, 300)
    assert "спешат на 6 мин" in told.text


@pytest.mark.parametrize("seconds", [-3, 3, -200, 200, 4_000_000, -4_000_000])
def test_r11_a_clock_that_is_off_stops_nobody_when_the_link_is_cut(
    open_shop: Callable[..., Shop], seconds: int
) -> None:
    """R11: till 3 s behind the hub, link cut, redeem. The last correction is applied."""
    shop = open_shop()
    till = shop.till(off=timedelta(seconds=seconds))
    shop.join(1_000)
    till.sync()
    till.online = False
    sale = till.sell(goods(1000))
    assert sale.redeemed.points == 300 and till.last.at == utc_text(shop.now)
    assert bool(sale.deviations) == (abs(seconds) > 300)


def test_r11_a_clock_that_was_put_back_since_stops_redeeming_without_a_link(open_shop: Callable[..., Shop]) -> None:
    """Earlier than a moment that the file has seen: the hub's page, or the till's own last sale."""
    shop = open_shop()
    till = shop.till()
    shop.join(1_000)
    till.sync()
    till.online = False
    till.off = timedelta(seconds=-1)
    assert till.sell(goods(1000)).redeemed.points == 0
    till.off = timedelta(hours=2)
    assert till.sell(goods(1000)).redeemed.points == 300
    till.off = timedelta(hours=1)
    replies = till.tell(SetBasket(lines=(goods(1000),)), Code(text=ANNA), Redeem())
    assert "the till's clock is wrong" in replies[-1].text
    till.online = True
    assert till.sell(goods(300)).redeemed.points > 0, "online nobody is stopped"
    till.sync()
    till.online = False
    assert till.sell(goods(300)).redeemed.points > 0, "the hub's time is the latest now"


def test_the_operation_says_where_and_by_which_rules(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop()
    till = shop.till(zone="Asia/Yekaterinburg")
    shop.join()
    till.sync()
    till.sell(goods(100))
    told = json.loads(till.cache.outbox(1)[0][1])
    assert told["store"] == {"id": "1", "timezone": "Asia/Yekaterinburg"} and told["v"] == 2
    assert told["programme_hash"] == ALENKA.content_hash


def test_a_till_whose_link_comes_and_goes_ends_where_the_hub_does(open_shop: Callable[..., Shop]) -> None:
    seed = random.SystemRandom().randrange(10**9)
    print(f"seed {seed}")
    chance = random.Random(seed)
    shop = open_shop()
    till = shop.till()
    shop.join(500)
    till.sync()
    for _ in range(25):
        till.online = chance.random() < 0.5
        shop.now += timedelta(hours=chance.randint(0, 30))
        till.sell(goods(chance.randint(10, 3000)), redeem=chance.random() < 0.5)
        till.sync()
    till.online = True
    till.sync()
    stands = till.cache.members.member("anna")
    assert stands is not None
    account = stands.standing(ALENKA).account
    books = shop.hub.account("anna", shop.now)
    assert [(lot.points, lot.expires_at) for lot in account.lots if not lot.dead(shop.now)] == [
        (lot.points, lot.expires_at) for lot in books.lots if lot.points and not lot.dead(shop.now)
    ]
