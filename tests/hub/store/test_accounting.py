"""What leaves for accounting, on both databases: against an independent model, and the same for ever."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hub.accounting.certificates import WHAT as CERTIFICATES
from hub.accounting.closing import NotOver, close, closed_days, days_of_month, decided, taken
from hub.accounting.liability import LOTS_MIN, liability
from hub.accounting.moved import Left, moved
from hub.accounting.settlement import Pair, Settlement
from hub.accounting.sheet import Sheet, Wanted
from hub.accounting.written import WHAT, as_csv, as_json
from hub.audit.verify import verify
from hub.build import build_programmes
from hub.hub import Hub
from hub.jobs.running import Running
from hub.jobs.table import JOBS
from hub.store.office_records import StoreRow
from hub.store.rows import Rows
from hub.store.seam import Store
from loyalty.bodies import (
    Accrued,
    Adjustment,
    ClawedBack,
    Grant,
    MemberJoined,
    OperationRef,
    Redeemed,
    Return,
    Sale,
    SaleNumber,
)
from loyalty.operation import utc_text
from tests.hub.store.accounted import SHOPS, Chance, Happened, Model, Person, Till, lot_of, summed

ALENKA = build_programmes()["alenka"]
(EXPIRY,) = (job for job in JOBS if job.name == "expiry")
MARCH = days_of_month("2026-03")
NOON = timedelta(hours=12)


class Chain:
    """The little chain in its month: tills that are offline for days, a hub, and accounting every noon."""

    def __init__(self, store: Store, chance: random.Random) -> None:
        self.chance = chance
        self.now = datetime(2026, 2, 27, 12, tzinfo=UTC)
        self.hub = Hub(store, now=lambda: self.now, programmes={"alenka": ALENKA})
        self.people = [Person(f"m{number}") for number in range(8)]
        self.model = Model(self.people)
        self.tills = [Till(f"t-{shop.id}-{number}", shop) for shop in SHOPS for number in range(2)]
        self.does = Chance(chance)
        self.offline: dict[str, int] = {}
        self.hubs_own = 0
        self.back: set[OperationRef] = set()
        with store.writing() as writer:
            writer.write(Rows(stores=[StoreRow(shop.id, shop.entity, timezone=shop.timezone) for shop in SHOPS]))
        self._born(*(MemberJoined(member=one.id, card=f"c{one.id}", registered=True) for one in self.people))

    def _born(self, *bodies: Any) -> None:
        self.hubs_own += len(bodies)
        assert all(answer.result == "applied" for answer in self.hub.bear("alenka", *bodies))

    def live(self, begin: datetime) -> None:
        """A day of all tills: most of what they do is pushed at once."""
        moments = sorted(self.chance.uniform(0, 24) for _ in range(14))
        for hours in moments:
            self.now = begin + timedelta(hours=hours)
            till = self.chance.choice(self.tills)
            till.write(self._body(till), self.now)
            if self.offline.get(till.name, 0) == 0:
                self.push(till)
            if self.chance.random() < 0.05:
                self._grant()
            if self.chance.random() < 0.05:
                self._adjust()
        for till in self.tills:
            left = self.offline.get(till.name, 0)
            self.offline[till.name] = left - 1 if left else self.chance.choice((0, 0, 0, 0, 1, 4))
        self.now = begin + timedelta(hours=24)

    def _body(self, till: Till) -> Sale | Return:
        sold = [one for one in self.model.sold.values() if one.ref not in self.back]
        if sold and self.chance.random() < 0.25:
            one = self.chance.choice(sold)
            self.back.add(one.ref)
            return self.does.back(one, self.now)
        return self.does.sale(self.chance.choice(self.people), self.now)

    def _grant(self) -> None:
        grant = Grant(
            member=self.chance.choice(self.people).id,
            points=self.chance.randint(1, 30),
            reason="g",
            active_from=utc_text(self.now),
        )
        self._born(grant)
        self.model.grant(grant, lot_of("hub", self.hubs_own), self.now)

    def _adjust(self) -> None:
        whose, points = self.chance.choice(self.people).id, self.chance.choice((-15, 9))
        change = Adjustment(member=whose, reason="r", points=points)
        self._born(change)
        self.model.adjust(change, lot_of("hub", self.hubs_own), self.now)

    def push(self, till: Till) -> None:
        if not till.unsent:
            return
        first = till.sequence - len(till.unsent) + 1
        answers = self.hub.take(till.name, [text for text, _, _ in till.unsent]).answers
        assert [answer.reason for answer in answers] == [None] * len(till.unsent)
        for sequence, (_, at, body) in enumerate(till.unsent, start=first):
            ref = OperationRef(chain=till.name, generation=1, sequence=sequence)
            if isinstance(body, Sale):
                self.model.sale(ref, body, till.shop, at)
            elif isinstance(body, Return):
                self.model.back(body, lot_of(till.name, sequence), till.shop, at)
        till.unsent.clear()

    def expire(self) -> None:
        before = self.operations()
        for _ in Running(self.hub).run(EXPIRY, self.now):
            pass
        self.hubs_own += self.operations() - before
        self.model.expire(self.now)

    def operations(self) -> int:
        with self.hub.store.reading() as reader:
            return reader.counts().operations

    # accounting

    def export(self, *days: str, wanted: Wanted | None = None) -> tuple[Sheet, bytes]:
        """As the command does it."""
        self.hub.within(lambda writer: close(writer, days, self.hub.programmes, self.now))
        return self.told(*days, wanted=wanted)

    def told(self, *days: str, wanted: Wanted | None = None) -> tuple[Sheet, bytes]:
        sheet = Sheet(wanted or Wanted())
        with self.hub.store.reading() as reader:
            for some in moved(reader, taken(reader, days), Left(days[0]), lambda read: None):
                sheet.take(some)
        return sheet, "".join((*as_csv(sheet), *as_json(sheet, days))).encode()

    def settled(self) -> Settlement:
        settled = Settlement()
        with self.hub.store.reading() as reader:
            for some in moved(reader, taken(reader, MARCH), Left(MARCH[0]), lambda read: None):
                settled.take(reader, some)
        return settled


class Accountant:
    """Exports days in a haphazard order, and keeps what the model says each must hold."""

    def __init__(self, chain: Chain) -> None:
        self.chain = chain
        self.told: dict[str, bytes] = {}
        self.booked: dict[str, list[tuple[str, str, Happened]]] = {}
        self._open: list[Happened] = []
        self._seen = 0

    def export(self, day: str) -> Sheet:
        mine, _ = self.take(day)
        sheet, self.told[day] = self.chain.export(day)
        self.booked[day] = mine
        assert sheet.rows == summed(mine), day
        return sheet

    def take(self, day: str) -> tuple[list[tuple[str, str, Happened]], int]:
        """What belongs to a day now, and how many operations that are."""
        happened = self.chain.model.happened
        self._open += happened[self._seen :]
        self._seen = len(happened)
        mine = [(day, "" if one.day == day else one.day, one) for one in self._open if self._belongs(one, day)]
        self._open = [one for one in self._open if not self._belongs(one, day)]
        return mine, sum(bool(one.rows) for _, _, one in mine)

    def _belongs(self, one: Happened, day: str) -> bool:
        return one.day == day or one.day in self.told


@pytest.fixture
def chance() -> random.Random:
    seed = random.SystemRandom().randrange(10**9)
    print(f"seed {seed}")
    return random.Random(seed)


@pytest.fixture
def month(store: Store, chance: random.Random) -> tuple[Chain, Accountant]:
    """All days of March 2026 lived, and all but a few exported at the next noon."""
    chain = Chain(store, chance)
    accountant = Accountant(chain)
    skipped = set(chance.sample(MARCH[5:25], 3))
    for number in range(-1, 33):
        begin = datetime(2026, 3, 1, tzinfo=UTC) + number * timedelta(days=1)
        chain.live(begin)
        chain.now += NOON
        day = begin.date().isoformat()
        if number % 5 == 2:
            chain.expire()
        if day in MARCH and day not in skipped:
            accountant.export(day)
    return chain, accountant


def test_a_month_comes_to_what_the_model_says_and_is_the_same_for_ever(month: tuple[Chain, Accountant]) -> None:
    chain, accountant = month
    assert verify(chain.hub.store, chain.hub.zone_of).faults == ()
    for till in chain.tills:
        chain.push(till)
    for day in sorted(set(MARCH) - accountant.told.keys(), reverse=True):  # those that were left out, the last first
        accountant.export(day)
    assert any(late for mine in accountant.booked.values() for _, late, _ in mine), "tills were late"
    kinds = {row.what for mine in accountant.booked.values() for _, _, one in mine for row in one.rows}
    lived = (
        WHAT.keys() - CERTIFICATES.keys()
    )  # those have months of their own: tests/hub/test_certificate_accounting.py
    assert lived - {"debt"} <= kinds <= WHAT.keys(), "not in every month does somebody owe"
    for till in chain.tills:
        chain.push(till)
    for day, told in accountant.told.items():
        assert chain.told(day)[1] == told == chain.export(day)[1], day
    whole, _ = chain.told(*MARCH)
    assert whole.rows == summed([one for mine in accountant.booked.values() for one in mine])
    in_march = [one for one in chain.model.happened if one.day in MARCH]
    assert sum(map(len, accountant.booked.values())) == len(in_march), "each of its operations once"
    assert whole.rows == chain.export(*MARCH)[0].rows


def test_control_sums_are_the_ledgers_own(month: tuple[Chain, Accountant]) -> None:
    """All that ever happened, in exports: to the point what the entries say."""
    chain, _ = month
    for till in chain.tills:
        chain.push(till)
    chain.now = datetime(2026, 5, 1, 12, tzinfo=UTC)
    exported: Counter[str] = Counter()
    for days in (("2026-02-27", "2026-02-28"), MARCH, days_of_month("2026-04")):
        sheet, _ = chain.export(*days)
        for account, points in sheet.control.get("alenka", Counter[str]()).items():
            exported[account] += points
        rows: Counter[str] = Counter()
        for key, (_, points, _) in sheet.rows.items():
            rows[key.what] += points
        held = rows["issued"] - rows["redeemed"] - rows["expired"] + rows["adjusted"]
        control = sheet.control.get("alenka", Counter[str]())
        assert control.total() == 0 and held == control["member"] + control["debt"]
    with chain.hub.store.reading() as reader:
        entries: Counter[str] = Counter()
        for entry in reader.all_entries():
            entries[entry.account] += entry.points
        holdings = sum(lot.remaining for lot in reader.all_lots())
    assert {name: sum for name, sum in exported.items() if sum} == {name: sum for name, sum in entries.items() if sum}
    assert exported["member"] == holdings


def test_entities_settle_to_zero_and_as_the_model_says(month: tuple[Chain, Accountant]) -> None:
    chain, accountant = month
    settled = chain.settled()
    owed: Counter[tuple[str, str]] = Counter()
    for mine in accountant.booked.values():
        for _, _, one in mine:
            for debtor, creditor, points in one.claims:
                owed[debtor, creditor] += points
                owed[creditor, debtor] -= points
    wanted = {Pair("alenka", *pair): points for pair, points in owed.items() if points > 0}
    claims = settled.claims()
    assert {pair: claim.points for pair, claim in claims.items()} == wanted and wanted
    assert all(claim.kopecks == claim.points * 100 for claim in claims.values())
    assert sum(settled.balances().values()) == 0 and any(settled.balances().values())


def test_a_filtered_export_is_the_same_rows_less_the_others(month: tuple[Chain, Accountant]) -> None:
    chain, _ = month
    whole, _ = chain.told(*MARCH)
    west, _ = chain.told(*MARCH, wanted=Wanted("alenka", "OOO West"))
    msk, _ = chain.told(*MARCH, wanted=Wanted(store="msk"))
    assert west.rows == {key: sums for key, sums in whole.rows.items() if key.entity == "OOO West"}
    assert msk.rows == {key: sums for key, sums in whole.rows.items() if key.store == "msk"} and msk.rows
    assert chain.told(*MARCH, wanted=Wanted("perekrestok"))[0].rows == {}


def test_liability_at_any_moment_is_what_was_held_then(month: tuple[Chain, Accountant]) -> None:
    chain, _ = month
    for till in chain.tills:
        chain.push(till)
    for at in (chain.now, datetime(2026, 3, 11, 9, tzinfo=UTC), datetime(2026, 3, 24, 21, tzinfo=UTC)):
        with chain.hub.store.reading() as reader:
            owed = liability(reader, at, chain.hub.zone_of, lambda read: None)["alenka"]
            then = {kept.place for kept in reader.all_operations() if f'"at":"{utc_text(at)}' >= _at_of(kept.text)}
            entries = [entry for entry in reader.all_entries() if entry.place in then]
            ends = {lot.lot: lot.expires_at for lot in reader.all_lots()}
        held: Counter[bool] = Counter()
        for entry in entries:
            if entry.account == "member":
                end = ends[entry.lot or ""]
                held[end is None or end > at] += entry.points
        assert (owed.points, owed.dead) == (held[True], held[False])
        assert owed.debt == -sum(entry.points for entry in entries if entry.account == "debt")
        assert sum(one.points for one in owed.months()) == owed.points
        months = [one.month for one in owed.months()]
        assert months == sorted(months, key=lambda month: (not month, month)), "those without an end come last"


def _at_of(text: str) -> str:
    begin = text.index('"at":"')
    return text[begin : begin + len('"at":"2026-03-02T12:00:00.000000+00:00')]


def test_a_day_that_goes_on_in_the_west_is_not_taken(store: Store, chance: random.Random) -> None:
    """Kaliningrad's 2 March ends at 22:00 UTC."""
    chain = Chain(store, chance)
    chain.now = datetime(2026, 3, 2, 21, 59, tzinfo=UTC)
    with pytest.raises(NotOver, match="2026-03-02 is not over in all stores: it is at 2026-03-02 22:00 UTC"):
        chain.export("2026-03-02")
    with store.reading() as reader:
        assert closed_days(reader) == {}
    chain.now += timedelta(minutes=1)
    chain.export("2026-03-02")
    with store.reading() as reader:
        assert closed_days(reader) == {"2026-03-02": 1}
        assert decided(reader, ["2026-03-02"], chain.hub.programmes, chain.now) is None


def test_other_entities_and_rates_of_later_change_nothing_that_was_told(month: tuple[Chain, Accountant]) -> None:
    """Nor does another zone: no operation changes its day."""
    chain, accountant = month
    with chain.hub.store.writing() as writer:
        writer.write(Rows(stores=[StoreRow(shop.id, "OOO New") for shop in SHOPS]))
    dear = replace(ALENKA, currency=replace(ALENKA.currency, kop_per_point=7), timezone=ZoneInfo("Asia/Tokyo"))
    chain.hub.known.shipped = {"alenka": dear}
    for day, told in accountant.told.items():
        assert chain.export(day)[1] == told
    chain.now += timedelta(days=40)
    _, late = accountant.take("2026-04-01")
    sheet, _ = chain.export("2026-04-01")
    assert sheet.operations == late
    assert {key.entity for key in sheet.rows} <= {"", "OOO New"} and any(key.entity for key in sheet.rows)


def test_breakage_is_expected_as_history_had_it(store: Store) -> None:
    """Lots of 10 points that live 100 days: after 40 days half of each is spent, the rest dies. So of points that have
    more than 60 days to live half dies, and of those that have fewer all of them."""
    now = datetime(2026, 1, 1, 12, tzinfo=UTC)
    hub = Hub(store, now=lambda: now, programmes={"alenka": ALENKA})
    hub.bear("alenka", MemberJoined(member="anna", card="c", registered=True))
    till = Till("t1", SHOPS[2])
    day = timedelta(days=1)

    def receipt(at: datetime, **fields: Any) -> None:
        number = SaleNumber(day=at.date().isoformat(), number=str(till.sequence))
        till.write(Sale(sale=number, member="anna", lines=(), total_kopecks=0, paid_kopecks=0, **fields), at)

    def earn(at: datetime, points: int, days: int) -> None:
        receipt(at, accrued=Accrued(points=points, expires_at=utc_text(at + days * day)))

    begin = datetime(2025, 1, 1, 12, tzinfo=UTC)
    for number in range(LOTS_MIN):
        earn(begin + timedelta(minutes=number), 10, 100)
    receipt(begin + 40 * day + timedelta(hours=1), redeemed=Redeemed(points=5 * LOTS_MIN, kopecks=0))
    earn(now - 20 * day, 100, 100)  # 80 days to live
    earn(now - 70 * day, 60, 100)  # 30 days
    earn(now - day, 7, 500)  # longer than anything that is known
    earn(now, 40, 100)  # as long as what is known
    last = OperationRef(chain="t1", generation=1, sequence=LOTS_MIN)
    late = Return(
        of=last,
        sold_at=utc_text(begin),
        member="anna",
        lines=(),
        refund_kopecks=0,
        clawed_back=ClawedBack(points=5),
    )
    till.write(late, begin + 101 * day)  # of the last lot, when its points have died
    texts = [text for text, _, _ in till.unsent]
    for start in range(0, len(texts), 50):
        assert all(one.reason is None for one in hub.take("t1", texts[start : start + 50]).answers)

    with store.reading() as reader:
        owed = liability(reader, now, hub.zone_of, lambda read: None)["alenka"]
        early = liability(reader, begin + 90 * day, hub.zone_of, lambda read: None)["alenka"]
        almost = begin + 100 * day + timedelta(minutes=LOTS_MIN - 2)
        few = liability(reader, almost, hub.zone_of, lambda read: None)["alenka"]
    assert owed.history.lots == LOTS_MIN and owed.history.died == 5 * LOTS_MIN == owed.dead + 5
    months = {month.month: (month.points, month.expected, month.unknown) for month in owed.months()}
    assert months == {"2026-01": (60, 60, 0), "2026-03": (100, 50, 0), "2026-04": (40, 20, 0), "2027-05": (7, 0, 7)}
    assert few.history.lots == LOTS_MIN - 1 and [month.unknown for month in few.months()] == [few.points] != [0]
    assert early.history.lots == 0 and all(month.unknown == month.points for month in early.months())


def test_days_that_are_closed_at_once_are_each_closed_once(open_store: Callable[[], Store]) -> None:
    """By four offices, each of which wants the same days in an order of its own."""
    now = datetime(2026, 4, 1, tzinfo=UTC)
    hubs = [Hub(open_store(), now=lambda: now, programmes={"alenka": ALENKA}) for _ in range(4)]

    def take(hub: Hub, day: str) -> None:
        hub.within(lambda writer: close(writer, [day], hub.programmes, now))

    def work(number: int) -> None:
        for day in MARCH[number:12] + MARCH[:number]:
            take(hubs[number], day)

    with ThreadPoolExecutor(len(hubs)) as offices:
        list(offices.map(work, range(len(hubs))))
    with hubs[0].store.reading() as reader:
        days = closed_days(reader)
    assert sorted(days) == list(MARCH[:12]) and sorted(days.values()) == list(range(1, 13))
    assert verify(hubs[0].store, hubs[0].zone_of).faults == ()


def test_an_empty_day_is_a_file_with_headings(store: Store, chance: random.Random) -> None:
    chain = Chain(store, chance)
    chain.now = datetime(2026, 4, 1, tzinfo=UTC)
    sheet, told = chain.export("2026-03-05")
    assert sheet.operations == 0 and told.startswith("\ufeffДата;За дату;".encode())
    assert told.decode().endswith('"control": {}, "rows": [\n]}\n')
