"""A year of members by a clock that is an argument. Jobs run at any moment, twice, are torn in the middle of a page,
are killed with their process, and are done by two hubs at once, with the lease and without it: in the end the ledger
is, to the lot, what an independent little model says (members_of_a_year.py)."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest

from hub.audit.verify import verify
from hub.build import build_programmes
from hub.hub import Hub
from hub.jobs.running import LEASE, JobHeld, Running
from hub.jobs.table import JOBS
from hub.jobs.turn import Turn
from hub.store.office_records import SeenRow, StoreRow
from hub.store.postgres.store import PostgresStore
from hub.store.records import HoldRow, HoldState, ProfileRow
from hub.store.rows import Rows
from hub.store.seam import Reader, Store, Writer
from hub.store.sqlite.store import SqliteStore
from hub.stores import partition_of_store
from loyalty.bodies import (
    Accrued,
    Grant,
    MemberJoined,
    MemberMerged,
    MemberRegistered,
    Redeemed,
    Sale,
    SaleNumber,
    SoldLine,
)
from loyalty.effects import lot_id
from loyalty.operation import utc_text
from tests.hub.conftest import Pen
from tests.hub.store.members_of_a_year import MOSCOW, Person, Told

MEMBERS = int(os.environ.get("JOBS_MEMBERS", "20"))
DAYS = 370
ALENKA = build_programmes()["alenka"]
BEGIN = date(2026, 1, 1)
ODD_DAYS = ("02-29", "02-28", "03-01", "01-01", "12-31", "12-29")
PAGE = 3
PASSERS = 30  # they come to a shop that keeps its own members alone, and do nothing else
SHOP = "s1"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
ROOT = Path(__file__).parents[3]
Ledger = Path | str


class Killed(BaseException):
    """The process ends here."""


class Mortal:
    """A store under a process that ends at its n-th transaction, before the commit or right after it."""

    def __init__(self, store: Store, lives: int, after_commit: bool) -> None:
        self.name, self.writers, self.tidy = store.name, store.writers, store.tidy
        self.scrub = store.scrub
        self._store = store
        self._lives = lives
        self._after_commit = after_commit

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        self._alive()
        with self._store.reading() as reader:
            yield reader

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        self._alive()
        self._lives -= 1
        with self._store.writing() as writer:
            yield writer
            if not self._lives and not self._after_commit:
                raise Killed
        self._alive()

    def _alive(self) -> None:
        if self._lives <= 0:
            raise Killed

    def settle(self) -> None:
        self._store.settle()

    def close(self) -> None:
        pass


def opened(ledger: Ledger) -> Store:
    return SqliteStore(ledger) if isinstance(ledger, Path) else PostgresStore(ledger)


def hub_on(store: Store, now: Callable[[], datetime]) -> Hub:
    return Hub(store, now=now, programmes={"alenka": ALENKA})


def work(ledger: Ledger, moment: str) -> None:
    """A process of its own: does all jobs, and says so after every page. It is killed meanwhile."""
    now = datetime.fromisoformat(moment)
    running = Running(hub_on(opened(ledger), lambda: now), page=1)
    for job in JOBS:
        for _ in running.run(job, now):
            print(job.name, flush=True)


class Year:
    def __init__(self, ledger: Ledger, chance: random.Random) -> None:
        self.ledger = ledger
        self.chance = chance
        self.now = self.moment(0, 9)
        self.stores = [opened(ledger), opened(ledger)]
        self.hubs = [hub_on(store, lambda: self.now) for store in self.stores]
        self.pen = Pen(rules=ALENKA.content_hash)
        self.too_cheap: set[tuple[str, int, int]] = set()  # sales that are not by the rules
        self.late: list[tuple[int, str, Callable[[], None]]] = []  # the day a text comes, and what it does
        self.people: list[Person] = []
        self.passers = [Person(f"p{number}", None, False, {}) for number in range(PASSERS)]
        self.holds: dict[str, datetime] = {}  # until when: nobody spends them here, so they run out
        self.seen: dict[str, datetime] = {}  # a passer, and until when the shop knows him
        self.let_go: Counter[str] = Counter()
        self.processes = 0

    def moment(self, day: int, hour: float) -> datetime:
        """By the shop's clock, no two alike."""
        at = datetime(BEGIN.year, BEGIN.month, BEGIN.day, tzinfo=MOSCOW) + timedelta(days=day, hours=hour)
        return at.astimezone(UTC) + timedelta(microseconds=self.chance.randrange(10**6))

    # what happens in shops

    def open_the_shop(self) -> None:
        with self.stores[0].writing() as writer:
            writer.write(Rows(stores=[StoreRow(SHOP, members="shop")]))
        passers = [MemberJoined(member=one.id, card=None, registered=False) for one in self.passers]
        assert [answer.result for answer in self.hubs[0].bear("alenka", *passers)] == ["applied"] * PASSERS

    def reserve(self, day: int) -> None:
        """More than there is, at times: a hold that runs out takes nothing, whatever it held."""
        hold = f"h{len(self.holds)}-{day}"
        until = self.moment(day, self.chance.uniform(10, 60))
        row = HoldRow(self.chance.choice(self.people).id, hold, "t1", self.chance.randint(1, 500), until)
        state: HoldState = self.chance.choice(get_args(HoldState))
        with self.stores[day % 2].writing() as writer:
            writer.write(Rows(new_holds=[row._replace(state=state)]))
        self.holds[hold] = until

    def pass_by(self, day: int) -> None:
        """Somebody comes for the first time, again, or after the shop had let go of him."""
        passer, until = self.chance.choice(self.passers), self.moment(day + self.chance.randint(1, 90), 12)
        with self.stores[day % 2].writing() as writer:
            writer.write(Rows(seen=[SeenRow(passer.id, SHOP, until)]))
        self.seen[passer.id] = until

    def join(self, number: int) -> None:
        month_day = self.chance.choice((*ODD_DAYS, f"{number % 12 + 1:02}-{self.chance.randint(1, 28):02}"))
        born = date.fromisoformat(f"1988-{month_day}") if number % 7 else None
        person = Person(f"m{number}", born, number % 3 > 0, {f"c{number}": "active" if number % 3 else "issued"})
        points, self.now = self.chance.randint(101, 900), self.now + MINUTE
        person.earn(str(points), points, self.now, None)
        self.people.append(person)
        joined = MemberJoined(member=person.id, card=f"c{number}", registered=person.registered)
        grant = Grant(member=person.id, points=points, reason="import", active_from=utc_text(self.now))
        profile = ProfileRow(person.id, None, born.isoformat() if born else None, ())
        answers = self.hubs[0].bear("alenka", joined, grant, profiles=[profile])
        assert [answer.result for answer in answers] == ["applied"] * 2

    def shop(self, day: int) -> None:
        for _ in range(self.chance.randint(0, max(1, MEMBERS // 8))):
            self.sell(day)
            self.sell_to_nobody(day)
        self.reserve(day)
        self.pass_by(day)
        if self.chance.random() < 0.05:
            self.register(day)
        if self.chance.random() < 0.01:
            self.merge(day)

    def sell(self, day: int) -> None:
        """Sometimes the till has no connection, and it comes days later."""
        person, at = self.chance.choice(self.people), self.moment(day, self.chance.uniform(10, 20))
        earned, spent = self.chance.randint(0, 90), self.chance.choice((0, 0, self.chance.randint(1, 250)))
        ends = self.moment(day + self.chance.randint(1, 150), 24).replace(microsecond=0) if earned % 5 else None
        sale = Sale(
            sale=SaleNumber(day="2026-01-01", number=str(self.pen.sequence + 1)),
            member=person.id,
            card=None,
            link="online",
            lines=(),
            total_kopecks=100_000,
            paid_kopecks=100_000,
            qualifying_kopecks=100_000,
            redeemed=Redeemed(points=spent, kopecks=spent * 100),
            accrued=Accrued(points=earned, expires_at=utc_text(ends) if ends else None),
        )
        name = lot_id("t1", 1, self.pen.sequence + 1)

        def happened() -> None:
            person.now.spend(spent, at)
            if earned:
                person.now.earn(name, earned, at, ends)

        self.late.append((day, self.pen.write(sale, at=at), happened))

    def sell_to_nobody(self, day: int) -> None:
        """One in five at a price that no rule gives."""
        net = self.chance.choice((10_000, 10_000, 10_000, 10_000, 9_000))
        line = SoldLine(
            id="1",
            name="Чай",
            unit="pc",
            category="tea",
            price_kopecks=10_000,
            quantity_m=1_000,
            net_before_kopecks=net,
            discount_kopecks=0,
            net_kopecks=net,
        )
        number = SaleNumber(day="2026-01-01", number=f"n{self.pen.sequence}")
        sale = Sale(sale=number, lines=(line,), total_kopecks=net, paid_kopecks=net)
        text = self.pen.write(sale, at=self.moment(day, self.chance.uniform(10, 20)))
        if net < 10_000:
            self.too_cheap.add(("t1", 1, self.pen.sequence))
        self.late.append((day, text, lambda: None))

    def arrive(self, day: int) -> None:
        """The till has a connection."""
        self.now = self.moment(day, 21)
        told, self.late = self.late, []
        if told:
            taken = self.hubs[day % 2].take("t1", [text for _, text, _ in told])
            assert [answer.result for answer in taken.answers] == ["applied"] * len(told)
        for _, _, happened in told:
            happened()

    def register(self, day: int) -> None:
        self.now = self.moment(day, 12)
        guests = [person for person in self.people if not person.registered and person.into is None]
        if guests:
            person = self.chance.choice(guests)
            until = self.now + timedelta(days=20) if self.chance.random() < 0.7 else None
            person.register(until)
            self.said(MemberRegistered(member=person.id, active_from=utc_text(until) if until else None))

    def merge(self, day: int) -> None:
        self.now = self.moment(day, 22)
        gone, into = self.chance.sample([person for person in self.people if person.into is None], 2)
        gone.merge_into(into)
        self.said(MemberMerged(member=gone.id, into=into.id))

    def said(self, body: MemberRegistered | MemberMerged) -> None:
        (answer,) = self.hubs[0].bear("alenka", body)
        assert answer.result == "applied"

    # what happens to the jobs

    def night(self, day: int) -> None:
        """All that may become of the jobs, and then once well."""
        self.now = self.moment(day, self.chance.uniform(0, 6))
        troubles = [self.torn, self.torn, self.twice, self.two_hubs, self.two_without_a_lease]
        for trouble in self.chance.sample(troubles, self.chance.randint(0, 2)):
            trouble()
            self.now += self.chance.choice((MINUTE, 2 * LEASE))
        is_last = day == DAYS - 1 and not self.processes
        if self.processes < 2 and (self.chance.random() < 0.05 or is_last):
            self.killed()
        self.now += HOUR + LEASE  # whoever died has lost his lease, and every job is due
        drive(Running(self.hubs[day % 2], page=PAGE), self.now)
        for person in self.people:
            person.jobs_ran(self.now)
        self.holds = {hold: until for hold, until in self.holds.items() if until > self.now}
        self.let_go.update(passer for passer, until in self.seen.items() if until <= self.now)
        self.seen = {passer: until for passer, until in self.seen.items() if until > self.now}

    def torn(self) -> None:
        mortal = Mortal(self.stores[0], self.chance.randint(1, 12), self.chance.random() < 0.5)
        with suppress(Killed):
            hub = hub_on(mortal, lambda: self.now)
            drive(Running(hub, page=self.chance.randint(1, PAGE)), self.now)

    def twice(self) -> None:
        for job in JOBS:
            with suppress(JobHeld):
                list(Running(self.hubs[0], page=PAGE).run(job, self.now))

    def two_hubs(self) -> None:
        self.at_once(lambda hub: drive(Running(hub, page=1), self.now, steps=2_000))

    def two_without_a_lease(self) -> None:
        """A holder whose machine slept wakes up, and does not know that his time is over."""
        since = self.now - HOUR

        def all_of_it(hub: Hub) -> None:
            for job in JOBS:
                list(job.run(Turn(hub=hub, since=since, until=self.now, page=1)))

        self.at_once(all_of_it)

    def at_once(self, do: Callable[[Hub], None]) -> None:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(do, self.hubs))

    def killed(self) -> None:
        """SIGKILL after the first pages; one that had nothing to do has ended."""
        self.processes += 1
        where = f"Path({str(self.ledger)!r})" if isinstance(self.ledger, Path) else repr(self.ledger)
        script = f"from pathlib import Path; from {__name__} import work; work({where}, {utc_text(self.now)!r})"
        command = [sys.executable, "-c", script]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
            assert process.stdout is not None
            process.stdout.readline()
            process.kill()

    # what came of it

    def lots(self) -> list[Told]:
        with self.stores[1].reading() as reader:
            return sorted(
                Told(
                    row.member,
                    str(row.granted) if row.lot.startswith("hub/") else row.lot,
                    row.remaining,
                    row.expired,
                    row.expires_at,
                )
                for row in reader.all_lots()
                if row.remaining or row.expired
            )

    def promises(self) -> tuple[dict[str, datetime], dict[str, datetime], Counter[str]]:
        """Holds, who is of the shop, and how often it was told that somebody is not."""
        with self.stores[1].reading() as reader:
            holds = {row.hold: row.until for row in reader.all_holds()}
            seen = {row.member: row.until for row in reader.all_seen()}
            told = reader.changes(partition_of_store(SHOP, "alenka"), "", 10_000)
        return holds, seen, Counter(change.key for change in told)

    def close(self) -> None:
        for hub in self.hubs:
            hub.close()


def drive(running: Running, now: datetime, steps: int = 10_000) -> None:
    """Until nothing is due, or all that is due is another's."""
    for _ in range(steps):
        if running.step(now) > now:
            return
    raise AssertionError("it is never done")


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_a_year_of_members_comes_to_the_same_whatever_becomes_of_the_jobs(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    seed = int(os.environ.get("POS_TEST_SEED") or random.SystemRandom().randrange(10**9))
    print(f"POS_TEST_SEED={seed}")
    year = Year(tmp_path / "hub.db" if database == "sqlite" else request.getfixturevalue("url"), random.Random(seed))
    year.open_the_shop()
    for number in range(MEMBERS):
        year.join(number)
    for day in range(DAYS):
        if year.chance.random() < 0.2 or day == DAYS - 1:
            year.night(day)
        if day < DAYS - 1:
            year.shop(day)
            if year.chance.random() < 0.5 or day == DAYS - 2:
                year.arrive(day)
    assert year.processes, "a process was killed"
    assert year.promises() == (year.holds, year.seen, year.let_go) and year.seen and max(year.let_go.values()) > 1

    assert year.lots() == sorted(lot for person in year.people for lot in person.lots(year.now))
    with year.stores[0].reading() as reader:
        rows = {row.member: row for row in reader.all_members()}
        assert {id: row.debt for id, row in rows.items()} == {
            person.id: person.debt for person in (*year.people, *year.passers)
        }
        cards = {row.number: row.status for row in reader.all_cards()}
        done = {(row.member, row.what) for row in reader.all_once()}
        assert all(job.holder is None for job in reader.all_jobs())
        cases = [case for case in reader.all_cases() if case.kind == "not_by_rules"]
        told = [change.key for change in reader.changes("till:t1", "", 10_000)]
    assert {case[:3] for case in cases} == year.too_cheap and {case.cost_kopecks for case in cases} == {1_000}
    assert sorted(key for key in told if key.startswith("not_by_rules/")) == sorted(case.id for case in cases)
    assert cards == {number: status for person in year.people for number, status in person.statuses(year.now).items()}
    assert done == {(person.id, f"birthday/{when}") for person in year.people for when in person.had}
    assert done and any(lot.expired for lot in year.lots()) and "active" in cards.values(), "there was something to do"
    assert verify(year.stores[0], year.hubs[0].zone_of).faults == ()
    year.close()
