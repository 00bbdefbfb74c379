"""The file knows the latest moment that it has seen: a clock that is set back, or a restart, makes it none earlier."""

from __future__ import annotations

from datetime import timedelta

from offline_cache.changes import NOTED_EVERY
from tests.offline_cache.conftest import Till


def test_a_till_that_sells_nothing_remembers_the_latest_moment_over_a_restart(till: Till) -> None:
    till.page()
    later = till.NOW + timedelta(days=3)
    till.cache.changes.note_moment(later)
    till.restart()
    assert till.cache.changes.feed().latest_at == later
    till.cache.changes.note_moment(till.NOW)
    assert till.cache.changes.feed().latest_at == later, "a clock set back is told from it"


def test_it_is_not_written_each_time(till: Till) -> None:
    till.page()
    written = till.cache.file.changes
    till.cache.changes.note_moment(till.NOW + NOTED_EVERY - timedelta(seconds=1))
    assert till.cache.file.changes == written
    till.cache.changes.note_moment(till.NOW + NOTED_EVERY)
    assert till.cache.file.changes > written


def test_the_hubs_word_takes_the_place_of_what_a_wrong_clock_has_said(till: Till) -> None:
    till.cache.changes.note_moment(till.NOW + timedelta(days=36_500))
    till.page()
    assert till.cache.changes.feed().latest_at == till.NOW
