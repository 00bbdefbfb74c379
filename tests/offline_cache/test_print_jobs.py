"""Papers: each move of a job that is allowed, and those that come too late and must change nothing."""

from __future__ import annotations

from typing import Any

import pytest

from offline_cache.records import PrintJob


def job(till: Any, sequence: int = 1) -> PrintJob:
    found = till.cache.print_jobs.of_operation(sequence)
    assert isinstance(found, PrintJob)
    return found


def state(till: Any) -> tuple[str, int, bool]:
    now = job(till)
    return now.state, now.attempt, now.doubtful


@pytest.fixture
def papers(till: Any) -> Any:
    till.sell(1)
    return till.cache.print_jobs


def test_a_job_is_sent_and_printed(till: Any, papers: Any) -> None:
    sending = papers.begin(papers.oldest_open())
    assert (sending.state, sending.attempt) == ("sending", 1)
    papers.end(sending, "printed")
    assert state(till) == ("printed", 1, False) and papers.oldest_open() is None
    assert papers.counts() == {"printed": 1}


def test_a_job_is_begun_once(papers: Any) -> None:
    queued = papers.oldest_open()
    papers.begin(queued)
    with pytest.raises(AssertionError):
        papers.begin(queued)


def test_receipts_come_out_in_the_order_of_their_sales(till: Any, papers: Any) -> None:
    till.sell(2)
    first = papers.begin(papers.oldest_open())
    papers.end(first, "unknown", "no answer")
    assert papers.oldest_open().sequence == 1, "the second waits until somebody has said what became of the first"
    papers.answer(job(till), came_out=True)
    assert papers.oldest_open().sequence == 2


def test_what_was_being_sent_at_a_crash_is_unknown_and_not_sent_again(till: Any, papers: Any) -> None:
    papers.begin(papers.oldest_open())
    till.restart()
    assert state(till) == ("unknown", 1, False) and job(till).cause == "agent_stopped"
    with pytest.raises(AssertionError):
        till.cache.print_jobs.begin(job(till))


@pytest.mark.parametrize(("came_out", "then"), [(True, "printed"), (False, "queued")])
def test_a_person_settles_an_unknown_job(till: Any, papers: Any, came_out: bool, then: str) -> None:
    papers.end(papers.begin(papers.oldest_open()), "unknown")
    papers.answer(job(till), came_out=came_out)
    assert state(till) == (then, 1, True)
    papers.answer(job(till), came_out=not came_out)  # nobody asks any more
    assert state(till) == (then, 1, True)


def test_a_late_proof_settles_only_its_own_attempt(till: Any, papers: Any) -> None:
    first = papers.begin(papers.oldest_open())
    papers.end(first, "unknown")
    papers.answer(job(till), came_out=False)
    second = papers.begin(job(till))
    papers.end(second, "unknown")
    papers.prove(first)
    assert state(till) == ("unknown", 2, True)
    papers.prove(second)
    assert state(till) == ("printed", 2, True)


def test_an_attempt_that_was_overtaken_says_nothing_any_more(till: Any, papers: Any) -> None:
    first = papers.begin(papers.oldest_open())
    papers.end(first, "queued", "cable")
    papers.begin(job(till))
    papers.end(first, "printed")
    assert state(till) == ("sending", 2, False)
