"""The hub's jobs one by one, by a clock that is an argument; and whose turn it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import pytest

from hub.hub import Hub
from hub.jobs.running import LEASE, JobHeld, Running, due_at
from hub.jobs.table import JOBS, Job
from hub.jobs.turn import Turn
from hub.programmes import Programmes
from hub.store.errors import StoreOff
from hub.store.office_records import SeenRow, StoreRow
from hub.store.records import HoldRow, HoldState, JobRow, LotRow
from hub.store.rows import Rows
from hub.stores import partition_of_store
from loyalty.bodies import CardBlocked, CardUnblocked, MemberMerged, MemberRegistered
from loyalty.bodies import Grant as Points
from loyalty.operation import utc_text
from loyalty.points_life import end_of
from loyalty.programme import Activation, Grant, Grants, Life
from loyalty.snapshot import LOTS_MAX
from tests.hub.conftest import NOW, PROGRAMMES, Office

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
BY_NAME = {job.name: job for job in JOBS}
ALENKA = PROGRAMMES["alenka"]


@pytest.fixture
def at(office: Office) -> Callable[..., int]:
    """Do a job at a moment; for how many it did something."""

    def run(name: str, moment: datetime, page: int = 2) -> int:
        office.now = moment
        return sum(Running(office.hub, page=page).run(BY_NAME[name], moment))

    return run


def lots(office: Office, member: str = "anna") -> list[LotRow]:
    with office.hub.store.reading() as reader:
        return reader.lots_of([member])


# expiry


def test_points_are_booked_as_expired_at_their_very_end_and_once(office: Office, at: Callable[..., int]) -> None:
    for number in range(5):
        office.join(f"m{number}", points=7)
        office.grant(10, f"m{number}", days=3)
        office.grant(20, f"m{number}", days=3)
        office.grant(30, f"m{number}", days=4)
    assert at("expiry", NOW + 3 * DAY - timedelta(microseconds=1)) == 0
    assert at("expiry", NOW + 3 * DAY) == 5 and at("expiry", NOW + 3 * DAY) == 0
    assert office.lots("m4") == [(7, 7), (10, 0), (20, 0), (30, 30)]
    assert [row.expired for row in lots(office, "m4")] == [0, 10, 20, 0]
    office.chain = "hub"
    expired = [("expired", "alenka", 10), ("member", "m4", -10), ("expired", "alenka", 20), ("member", "m4", -20)]
    assert office.postings() == expired
    assert office.balance("m4") == 37 and office.verdict().faults == ()


def test_what_happened_before_the_end_takes_from_points_that_expired(office: Office, at: Callable[..., int]) -> None:
    """A till was without a connection over midnight; and a lot that was given another end dies again."""
    office.join()
    office.grant(100, days=3)
    assert at("expiry", NOW + 4 * DAY) == 1
    assert office.take(office.sale(spent=60), at=NOW + 2 * DAY) == ["applied"]
    assert [(row.remaining, row.expired) for row in lots(office)] == [(0, 40)]
    assert at("expiry", NOW + 5 * DAY) == 0 and office.snapshot().debt == 0 and office.verdict().faults == ()


def test_points_of_a_member_who_went_into_another_die_there(office: Office, at: Callable[..., int]) -> None:
    for name in ("anna", "boris"):
        office.join(name)
        office.grant(10, name, days=3)
    assert office.born(MemberMerged(member="anna", into="boris")) == "applied"
    assert at("expiry", NOW + 3 * DAY) == 1
    assert sorted(row.expired for row in lots(office, "boris")) == [10, 10] and office.verdict().faults == ()


def test_a_programme_that_this_hub_does_not_know_holds_up_nobody(office: Office, at: Callable[..., int]) -> None:
    for number in range(3):
        office.join(f"olga{number}", programme="perekrestok")
        points = Points(
            member=f"olga{number}", points=7, reason="x", active_from=utc_text(NOW), expires_at=utc_text(NOW)
        )
        assert office.born(points, programme="perekrestok") == "applied"
    office.join()
    office.grant(10, days=3)
    office.hub.known = Programmes({"alenka": ALENKA}, lambda source: None)
    assert at("expiry", NOW + 3 * DAY) == 1 and at("expiry", NOW + 3 * DAY) == 0
    assert [row.expired for row in lots(office)] == [10]


def test_each_programmes_points_die_under_its_own_rules(office: Office, at: Callable[..., int]) -> None:
    office.join()
    office.join("olga", programme="perekrestok")
    office.grant(10, days=3)
    points = Points(member="olga", points=7, reason="x", active_from=utc_text(NOW), expires_at=utc_text(NOW + 2 * DAY))
    assert office.born(points, programme="perekrestok") == "applied"
    assert at("expiry", NOW + 2 * DAY) == 1 and at("expiry", NOW + 3 * DAY) == 1
    said = "SELECT json_extract(text, '$.programme') FROM operations WHERE text LIKE '%\"expiry\"%' ORDER BY sequence"
    assert office.rows(said) == [("perekrestok",), ("alenka",)] and office.verdict().faults == ()


# birthdays


def gift(office: Office, member: str = "anna") -> list[tuple[int, datetime, datetime | None]]:
    return [(row.granted, row.active_from, row.expires_at) for row in lots(office, member)]


def shop(year: int, month: int, day: int, hour: int = 12) -> datetime:
    """A moment by the shop's clock."""
    return datetime(year, month, day, hour, tzinfo=ALENKA.timezone).astimezone(UTC)


def test_a_birthday_brings_points_from_the_first_of_its_days_to_the_last_once_a_year(
    office: Office, at: Callable[..., int]
) -> None:
    """A18."""
    office.join(birthday="1990-05-17")
    assert at("birthday", shop(2026, 5, 13, 23)) == 0
    begins = shop(2026, 5, 14, 0)
    assert at("birthday", begins) == 1
    assert gift(office) == [(100, begins, end_of(ALENKA, date(2026, 5, 20)))]
    for day in range(14, 22):
        assert at("birthday", shop(2026, 5, day)) == 0
    assert at("birthday", shop(2027, 5, 20, 23)) == 1 and len(gift(office)) == 2 and office.verdict().faults == ()


def test_points_for_a_birthday_are_for_registered_members_whose_birthday_is_known(
    office: Office, at: Callable[..., int]
) -> None:
    office.join("guest", registered=False, birthday="1990-05-17")
    office.join("silent")
    office.join("olga", programme="perekrestok", birthday="1990-05-17")
    office.join("anna", birthday="1990-05-17")
    assert at("birthday", shop(2026, 5, 17)) == 1
    office.born(MemberRegistered(member="guest"))
    assert at("birthday", shop(2026, 5, 20)) == 1, "who registers within the days gets them still"
    assert not lots(office, "silent") and not lots(office, "olga")


@pytest.mark.parametrize(
    ("birthday", "first", "last", "done"),
    [
        ("2000-02-29", (2026, 2, 25), (2026, 3, 3), "birthday/2026"),
        ("2000-02-29", (2028, 2, 25), (2028, 3, 2), "birthday/2028"),
        ("2000-02-28", (2028, 2, 25), (2028, 3, 2), "birthday/2028"),
        ("2000-03-01", (2028, 2, 27), (2028, 3, 4), "birthday/2028"),
        ("2000-01-01", (2026, 12, 29), (2027, 1, 4), "birthday/2027"),
        ("2000-12-31", (2026, 12, 28), (2027, 1, 3), "birthday/2026"),
    ],
)
def test_leap_days_and_new_year(
    office: Office, at: Callable[..., int], birthday: str, first: Any, last: Any, done: str
) -> None:
    office.join(birthday=birthday)
    begins, ends = shop(*first) - 12 * HOUR, shop(*last) + 12 * HOUR
    assert at("birthday", begins - timedelta(microseconds=1)) == 0 and at("birthday", ends) == 0
    assert at("birthday", ends - timedelta(microseconds=1)) == 1 and at("birthday", begins) == 0
    assert office.rows("SELECT what FROM once") == [(done,)]


def test_points_that_live_on_come_late_rather_than_never(office: Office) -> None:
    """A hub that stood still on the day; without a window in the programme's file the day is the birthday itself."""
    rule = Grant(points=50, life=Life(kind="days", count=30), activation=Activation())
    rules = replace(ALENKA, birthday=None, grants=Grants(birthday=rule))
    office.hub.known = Programmes({"alenka": rules}, lambda source: None)
    office.join(birthday="1990-05-17")

    def on(day: int) -> int:
        office.now = shop(2026, 5, day)
        return sum(Running(office.hub).run(BY_NAME["birthday"], office.now))

    assert [on(16), on(25), on(24), on(17)] == [0, 0, 1, 0]
    assert gift(office) == [(50, shop(2026, 5, 24), end_of(ALENKA, date(2026, 6, 23)))]


def test_two_accounts_of_one_person_get_points_once(office: Office, at: Callable[..., int]) -> None:
    for name in ("anna", "boris", "vera"):
        office.join(name, birthday="1990-05-17", registered=name != "boris")
    assert at("birthday", shop(2026, 5, 17)) == 2
    merges = [MemberMerged(member="anna", into="boris"), MemberMerged(member="vera", into="boris")]
    office.hub.bear("alenka", *merges)
    office.born(MemberRegistered(member="boris"))
    assert at("birthday", shop(2026, 5, 18)) == 0
    assert office.rows("SELECT member, what FROM once") == [
        (name, "birthday/2026") for name in ("anna", "boris", "vera")
    ]
    assert office.balance("boris") == 200 and office.verdict().faults == ()


# cards of paper forms


def test_a_card_of_a_paper_form_becomes_active_on_its_day(office: Office, at: Callable[..., int]) -> None:
    """P19."""
    begins = NOW + 20 * DAY
    for number in range(3):
        office.join(f"m{number}", registered=False)
        office.born(MemberRegistered(member=f"m{number}", active_from=utc_text(begins)))
    office.take(CardBlocked(member="m2", card="cardm2"))
    assert at("pending", begins - timedelta(microseconds=1)) == 0 and office.cards("m0") == {"cardm0": "pending"}
    assert at("pending", begins, page=1) == 2 and at("pending", begins) == 0
    assert office.rows("SELECT status, active_from FROM cards ORDER BY number") == [
        ("active", None),
        ("active", None),
        ("blocked", utc_text(begins)),
    ]
    page = office.hub.changes(till="t1", programme="alenka", after="", limit=100)
    assert {told.member: told.cards[0].status for told in page.members} == {
        "m0": "active",
        "m1": "active",
        "m2": "blocked",
    }
    assert office.take(CardUnblocked(member="m2", card="cardm2")) == ["applied"]
    assert office.rows("SELECT status, active_from FROM cards WHERE member = 'm2'") == [("active", None)]
    assert office.verdict().faults == ()


# told again


def test_members_with_many_lots_are_told_again_once(office: Office, at: Callable[..., int]) -> None:
    office.join()
    for _ in range(LOTS_MAX + 1):
        office.grant(1)
    office.grant(5, days=3)
    assert at("retell", NOW) == 0
    after = office.hub.changes(till="t1", programme="alenka", after="", limit=100).cursor
    assert at("retell", NOW + 3 * DAY - HOUR) == 0 and at("retell", NOW + 3 * DAY) == 1
    assert at("retell", NOW + 3 * DAY) == 0 and at("retell", NOW + 4 * DAY) == 0
    page = office.hub.changes(till="t1", programme="alenka", after=after, limit=100)
    assert [told.member for told in page.members] == ["anna"]


# holds that ran out


def test_holds_go_when_their_time_is_over_and_move_nothing(office: Office, at: Callable[..., int]) -> None:
    """In every state; one of a member who is not there holds up nobody."""
    for number in range(5):
        office.join(f"m{number}", points=7)
    states: tuple[HoldState, ...] = get_args(HoldState)
    holds = [HoldRow(f"m{n}", f"h{end}", "t1", 5, NOW + end * HOUR, states[n % 3]) for n in range(5) for end in (1, 2)]
    with office.hub.store.writing() as writer:
        writer.write(Rows(new_holds=[*holds, HoldRow("nobody", "h1", "t1", 5, NOW + HOUR)]))
    before = office.rows("SELECT * FROM changes"), office.rows("SELECT * FROM operations")
    assert at("holds", NOW + HOUR - timedelta(microseconds=1)) == 0
    assert at("holds", NOW + HOUR) == 6 and at("holds", NOW + HOUR) == 0
    with office.hub.store.reading() as reader:
        assert list(reader.all_holds()) == holds[1::2]
    assert before == (office.rows("SELECT * FROM changes"), office.rows("SELECT * FROM operations"))
    assert office.balance("m0") == 7 and office.verdict().faults == ()


# who was not seen in a shop for long


def test_a_shop_lets_go_of_whom_it_has_not_seen_for_long_and_its_tills_are_told(
    office: Office, at: Callable[..., int]
) -> None:
    """Each shop by itself; also of one who has gone into another, and of one who is not there."""
    for name in ("anna", "boris", "petr", "gone"):
        office.join(name, programme="perekrestok" if name == "petr" else "alenka")
    assert office.born(MemberMerged(member="gone", into="anna")) == "applied"
    seen = [
        SeenRow("anna", "s1", NOW + HOUR),
        SeenRow("anna", "s2", NOW + 2 * HOUR),
        *(SeenRow(name, "s1", NOW + HOUR) for name in ("boris", "gone", "nobody", "petr")),
    ]
    with office.hub.store.writing() as writer:
        writer.write(Rows(seen=seen, stores=[StoreRow("s1"), StoreRow("s2")]))
    assert at("seen", NOW + HOUR - timedelta(microseconds=1)) == 0
    assert at("seen", NOW + HOUR) == 5 and at("seen", NOW + HOUR) == 0
    with office.hub.store.reading() as reader:
        assert list(reader.all_seen()) == [seen[1]]
        alenka, perekrestok, other = (
            [(change.kind, change.key) for change in reader.changes(partition_of_store(*shop), "", 9)]
            for shop in (("s1", "alenka"), ("s1", "perekrestok"), ("s2", "alenka"))
        )
    assert sorted(alenka) == [("member", "anna"), ("member", "boris"), ("member", "gone")]
    assert perekrestok == [("member", "petr")] and other == []
    assert at("seen", NOW + 2 * HOUR) == 1 and office.verdict().faults == ()


# whose turn it is


class Log:
    """Jobs of a test's own, and what became of them."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.fails: BaseException | None = None

    def job(self, name: str, pages: int = 1, every: timedelta = HOUR) -> Job:
        def run(turn: Turn) -> Iterator[int]:
            for number in range(pages):
                if self.fails is not None:
                    raise self.fails
                self.done.append(f"{name}{number}")
                yield 3

        return Job(name=name, every=every, run=run, does="", counts=("", ""))


def drive(running: Running, now: datetime) -> datetime:
    """Until there is nothing left to do; says when it wants to be called again."""
    while (again := running.step(now)) <= now:
        pass
    return again


def rows(hub: Hub) -> dict[str, JobRow]:
    with hub.store.reading() as reader:
        return reader.jobs()


def test_each_job_is_done_when_it_is_due_a_page_at_a_step(office: Office) -> None:
    log = Log()
    running = Running(office.hub, jobs=[log.job("a", 2), log.job("b", every=2 * HOUR), log.job("c", 0)])
    assert running.step(NOW) == NOW and log.done == ["a0"]
    assert drive(running, NOW) == NOW + HOUR and log.done == ["a0", "a1", "b0"]
    assert rows(office.hub) == {"a": JobRow("a", NOW, 6), "b": JobRow("b", NOW, 3), "c": JobRow("c", NOW)}
    assert drive(running, NOW + HOUR / 2) == NOW + HOUR and len(log.done) == 3
    assert drive(running, NOW + HOUR) == NOW + 2 * HOUR and log.done[3:] == ["a0", "a1"]


def test_a_job_is_not_anothers_while_it_is_held_and_goes_on_when_its_holder_is_dead(office: Office) -> None:
    log = Log()
    jobs = [log.job("a", 3)]
    first, second = (Running(office.hub, jobs=jobs, holder=name) for name in ("first", "second"))
    first.step(NOW)
    assert rows(office.hub)["a"].holder == "first" and second.step(NOW) == NOW + LEASE
    with pytest.raises(JobHeld, match="first"):
        list(second.run(jobs[0], NOW + LEASE / 2))
    assert log.done == ["a0"]
    drive(second, NOW + LEASE)
    assert log.done == ["a0", "a0", "a1", "a2"] and rows(office.hub)["a"] == JobRow("a", NOW + LEASE, 9)
    drive(first, NOW + LEASE)
    assert len(log.done) == 4, "who comes back finds that it is not his any more"


def test_a_holder_who_is_not_dead_goes_on_holding(office: Office) -> None:
    log = Log()
    first, second = (Running(office.hub, jobs=[log.job("a", 9)], holder=name) for name in ("first", "second"))
    for seconds in range(0, 200, 25):
        now = NOW + timedelta(seconds=seconds)
        first.step(now)
        assert second.step(now) > now
    assert log.done == [f"a{number}" for number in range(8)]


def test_a_job_that_is_run_by_hand_and_lasts_goes_on_being_held(office: Office) -> None:
    log, office.now = Log(), NOW
    running, other = Running(office.hub, holder="by hand"), Running(office.hub, holder="other")
    job = log.job("a", 9)
    for _ in running.run(job, NOW, lambda: office.now):
        office.now += LEASE * 0.7
        with pytest.raises(JobHeld, match="by hand"):
            next(other.run(job, office.now))
    assert rows(office.hub)["a"] == JobRow("a", NOW, 27)


def test_who_stops_lets_go(office: Office) -> None:
    log = Log()
    first, second = (Running(office.hub, jobs=[log.job("a", 2)], holder=name) for name in ("first", "second"))
    first.step(NOW)
    first.close()
    first.close()
    drive(second, NOW)
    assert log.done == ["a0", "a0", "a1"]
    stopped = second.run(log.job("b", 2), NOW)
    next(stopped)
    stopped.close()
    assert rows(office.hub)["b"].holder is None


def test_a_job_that_fails_is_tried_again_at_its_next_time_and_the_others_are_done(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = Log(), Log()
    bad.fails = ZeroDivisionError()
    running = Running(office.hub, jobs=[bad.job("bad"), good.job("good")])
    assert drive(running, NOW) == NOW + HOUR and good.done == ["good0"]
    assert "the job bad failed" in caplog.text and rows(office.hub)["bad"] == JobRow("bad")
    bad.fails = None
    drive(running, NOW + HOUR / 2)
    assert not bad.done
    drive(running, NOW + HOUR)
    assert bad.done == ["bad0"]


def test_when_the_database_is_off_it_is_tried_again(office: Office) -> None:
    log = Log()
    log.fails = StoreOff("the disk is full")
    running = Running(office.hub, jobs=[log.job("a")])
    with pytest.raises(StoreOff):
        running.step(NOW)
    log.fails = None
    drive(running, NOW)
    assert log.done == ["a0"] and rows(office.hub)["a"] == JobRow("a", NOW, 3)


def test_a_clock_that_was_a_year_ahead_does_not_stop_the_jobs_for_a_year(office: Office) -> None:
    log = Log()
    job = log.job("a")
    drive(Running(office.hub, jobs=[job]), NOW + 365 * DAY)
    assert due_at(job, rows(office.hub)["a"], NOW) == NOW
    running = Running(office.hub, jobs=[job])
    drive(running, NOW)
    assert log.done == ["a0", "a0"] and rows(office.hub)["a"].done_until == NOW
    running.step(NOW + 365 * DAY)  # held in the far future, and left
    drive(Running(office.hub, jobs=[job]), NOW + HOUR)
    assert rows(office.hub)["a"].done_until == NOW + HOUR


def test_every_job_has_a_name_that_no_other_has() -> None:
    assert len(BY_NAME) == len(JOBS) and all(job.every >= timedelta(minutes=1) for job in JOBS)
