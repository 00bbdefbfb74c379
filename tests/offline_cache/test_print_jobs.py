"""Papers: every move of a job that is allowed, every other one that must change nothing, and words that come late."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pytest

from loyalty.operation import Key
from offline_cache.print_jobs import PaperEvent as E
from offline_cache.print_jobs import PaperState as S
from offline_cache.print_jobs import PrintJobs
from offline_cache.records import Paper, PrintJob
from storage import engine
from tests.offline_cache.conftest import NOW, Till

# How to bring a queued job into each state.
WAYS: dict[S, tuple[E, ...]] = {
    S.QUEUED: (),
    S.SENDING: (E.BEGUN,),
    S.SENT: (E.BEGUN, E.SENT),
    S.PRINTED: (E.BEGUN, E.PROVED),
    S.INTERRUPTED: (E.BEGUN, E.INTERRUPTED),
    S.UNKNOWN: (E.BEGUN, E.LOST),
}
MOVES = {
    (S.QUEUED, E.BEGUN): S.SENDING,
    (S.SENDING, E.SENT): S.SENT,
    (S.SENDING, E.PROVED): S.PRINTED,
    (S.SENDING, E.NOT_SENT): S.QUEUED,
    (S.SENDING, E.INTERRUPTED): S.INTERRUPTED,
    (S.SENDING, E.LOST): S.UNKNOWN,
    (S.SENT, E.PROVED): S.PRINTED,
    (S.SENT, E.INTERRUPTED): S.INTERRUPTED,
    (S.SENT, E.LOST): S.UNKNOWN,
    (S.INTERRUPTED, E.BEGUN): S.SENDING,
    (S.UNKNOWN, E.PROVED): S.PRINTED,
    (S.UNKNOWN, E.SEEN): S.PRINTED,
    (S.UNKNOWN, E.NOT_SEEN): S.QUEUED,
}


@pytest.fixture
def papers(till: Till) -> PrintJobs:
    till.sell(1)
    jobs = till.cache.print_jobs
    assert isinstance(jobs, PrintJobs)
    return jobs


def brought(jobs: PrintJobs, *events: E) -> PrintJob:
    """The receipt of the first sale after these events."""
    job = receipt(jobs)
    for event in events:
        moved = jobs.happened(job, event)
        assert moved is not None, event
        job = moved
    return job


def receipt(jobs: PrintJobs, sequence: int = 1) -> PrintJob:
    job = jobs.receipt_of(Key(1, sequence))
    assert job is not None
    return job


@pytest.mark.parametrize(("state", "event"), list(itertools.product(WAYS, E)), ids=lambda value: value.value)
def test_every_state_and_every_event(papers: PrintJobs, state: S, event: E) -> None:
    job = brought(papers, *WAYS[state])
    assert job.state == state.value
    moved = papers.happened(job, event, "why")
    then = MOVES.get((state, event))
    if then is None:
        assert moved is None and receipt(papers) == job
    else:
        assert moved is not None and moved == receipt(papers)
        assert (moved.state, moved.cause) == (then.value, "why")
        assert moved.attempt == job.attempt + (event is E.BEGUN)
        assert moved.doubtful == (job.doubtful or event in (E.INTERRUPTED, E.LOST))


def test_a_job_once_in_doubt_stays_marked_until_it_is_printed(papers: PrintJobs) -> None:
    job = brought(papers, E.BEGUN, E.LOST, E.NOT_SEEN, E.BEGUN, E.NOT_SENT, E.BEGUN, E.SENT)
    assert job.doubtful and job.attempt == 3


def test_a_job_is_begun_once(papers: PrintJobs) -> None:
    queued = receipt(papers)
    papers.begin(queued)
    with pytest.raises(AssertionError):
        papers.begin(queued)


def test_receipts_come_out_in_the_order_of_their_sales(till: Till, papers: PrintJobs) -> None:
    till.sell(2)
    assert papers.last_receipt() == receipt(papers, 2)
    first = brought(papers, E.BEGUN, E.LOST)
    assert papers.oldest_open() == first, "the second waits until somebody has said what became of the first"
    papers.happened(first, E.SEEN)
    assert papers.oldest_open() == receipt(papers, 2)


@pytest.mark.parametrize("on_its_way", [(E.BEGUN,), (E.BEGUN, E.SENT)])
def test_what_was_on_its_way_at_a_crash_is_unknown_and_not_sent_again(
    till: Till, papers: PrintJobs, on_its_way: tuple[E, ...]
) -> None:
    brought(papers, *on_its_way)
    till.restart()
    job = receipt(till.cache.print_jobs)
    assert (job.state, job.attempt, job.doubtful, job.cause) == ("unknown", 1, True, "agent_stopped")
    with pytest.raises(AssertionError):
        till.cache.print_jobs.begin(job)


@pytest.mark.parametrize("state", [S.QUEUED, S.PRINTED, S.INTERRUPTED, S.UNKNOWN])
def test_what_was_at_rest_stays_as_it_is_over_a_restart(till: Till, papers: PrintJobs, state: S) -> None:
    job = brought(papers, *WAYS[state])
    till.restart()
    assert receipt(till.cache.print_jobs) == job


@pytest.mark.parametrize("late", list(E), ids=lambda event: event.value)
def test_a_word_about_an_earlier_attempt_says_nothing_of_this_one(papers: PrintJobs, late: E) -> None:
    first = brought(papers, E.BEGUN, E.LOST)
    asked = papers.happened(first, E.NOT_SEEN)
    assert asked is not None
    second = papers.begin(asked)
    assert papers.happened(first, late) is None
    assert receipt(papers) == second


def test_papers_that_no_sale_brings(till: Till, papers: PrintJobs) -> None:
    papers.add(Paper(kind="report", label="02.03.2026", document=b"x"), till.NOW)
    papers.add(Paper(kind="copy", label="1", document=b"c"), till.NOW, key=Key(1, 1))
    papers.happened(papers.begin(receipt(papers)), E.PROVED)
    report = papers.oldest_open()
    assert report is not None
    assert (report.kind, report.label, report.key, report.document) == ("report", "02.03.2026", None, b"x")
    assert receipt(papers).document != b"c", "a copy is not the receipt"
    assert papers.counts() == {"printed": 1, "queued": 2}


@pytest.mark.parametrize(("proof", "proved"), [("process_id", True), ("gs_r", True), ("person", False), ("", False)])
def test_what_the_printer_did_not_prove_itself_may_have_left_something_in_it(
    papers: PrintJobs, proof: str, proved: bool
) -> None:
    assert papers.lately_proved(), "nothing was ever sent"
    papers.happened(papers.begin(receipt(papers)), E.PROVED, proof=proof)
    assert papers.lately_proved() == proved
    assert papers.proofs() == {proof: 1}


def test_receipts_of_the_first_schema_are_kept(open_till: Callable[..., Any], tmp_path: Path) -> None:
    """A file written before there were copies and reports: its receipts go on where they were."""
    old = tmp_path / "till.db"
    room = tmp_path / "offline_cache"
    (room / "migrations").mkdir(parents=True)
    here = Path(__file__).parents[2] / "offline_cache"
    shutil.copy(here / "migrations" / "0001_initial.sql", room / "migrations")
    shutil.copy(here / "queries.sql", room)
    from storage.sqlite_file import SqliteFile

    SqliteFile(old, room).close()
    with closing(engine.connect(old)) as connection:
        connection.execute(
            "INSERT INTO operations (sequence, hash, kind, member, sale_day, sale_number, points, redeemed_points,"
            " offline, text, result) VALUES (1, 'h', 'sale', 'm', '2026-03-02', '17', 0, 0, 0, '', 'applied')"
        )
        connection.execute(
            "INSERT INTO print_jobs (job, sequence, document, state, attempt, cause, doubtful, queued_at)"
            " VALUES (1, 1, x'01', 'unknown', 3, 'silent', 1, 't')"
        )
    connection.close()
    file = SqliteFile(old, here)
    assert PrintJobs(file).oldest_open() == PrintJob(
        job=1,
        kind="receipt",
        label="17",
        key=Key(1, 1),
        document=b"\x01",
        state="unknown",
        attempt=3,
        cause="silent",
        doubtful=True,
    )
    file.close()


@pytest.mark.parametrize("seed", range(10))
def test_papers_are_counted_as_they_lie_there(papers: PrintJobs, seed: int) -> None:
    """However far the counting of before went, after each event it says what a look at every row says."""
    chance = Random(seed)
    for _ in range(60):
        job = papers.oldest_open()
        if job is None or chance.random() < 0.3:
            papers.add(Paper(kind="copy", label="1", document=b"{}"), NOW)
        else:
            papers.happened(papers.begin(job) if job.state == "queued" else job, chance.choice(list(E)))
        with papers._file.reading() as connection:
            rows = dict(connection.execute("SELECT state, count(*) FROM print_jobs GROUP BY state"))
        assert papers.counts() == rows
