"""The way of a scan to its consumer: repeats dropped, everything else delivered, all counted."""

from dataclasses import asdict
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.scanner.scan import REFUSED, UNTERMINATED, Scan
from drivers.scanner.stream import REPEAT_S, ScanStream

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def scan(text: str, *flags: str) -> Scan:
    return Scan(text=text, raw=text.encode(), symbology=None, scanner="left", at=AT, flags=frozenset(flags))


class Consumer:
    def __init__(self) -> None:
        self.taken: list[Scan] = []
        self.full = False
        self.stream = ScanStream(self.take)

    def take(self, scan: Scan) -> bool:
        if not self.full:
            self.taken.append(scan)
        return not self.full


@pytest.fixture
def consumer() -> Consumer:
    return Consumer()


def test_three_equal_goods_one_after_another_are_three(consumer: Consumer) -> None:
    for number in range(3):
        consumer.stream.take(scan("4607"), 10 + 0.4 * number)
    assert len(consumer.taken) == consumer.stream.counts.scans == 3


def test_a_bounced_trigger_is_one_scan_however_long_it_bounces(consumer: Consumer) -> None:
    for number in range(10):
        consumer.stream.take(scan("4607"), 10 + 0.2 * number)
    assert len(consumer.taken) == 1
    assert consumer.stream.counts.duplicates == 9


def test_two_codes_in_turn_are_no_repeats(consumer: Consumer) -> None:
    for number in range(6):
        consumer.stream.take(scan("ab"[number % 2]), 10 + 0.1 * number)
    assert [scan.text for scan in consumer.taken] == list("ababab")


def test_a_code_that_comes_whole_right_after_its_half_is_delivered(consumer: Consumer) -> None:
    consumer.stream.take(scan("4607", UNTERMINATED), 10.0)
    consumer.stream.take(scan("4607"), 10.1)
    assert [scan.flags for scan in consumer.taken] == [{UNTERMINATED}, frozenset()]
    assert (consumer.stream.counts.flagged, consumer.stream.counts.scans) == (1, 1)


def test_noise_without_end_is_told_once_and_leaves_room_for_scans(consumer: Consumer) -> None:
    for number in range(1000):
        consumer.stream.take(scan("", REFUSED), 10 + 0.001 * number)
    consumer.stream.take(scan("4607"), 11.5)
    assert [scan.text for scan in consumer.taken] == ["", "4607"]


def test_what_nobody_took_is_counted(consumer: Consumer) -> None:
    consumer.full = True
    consumer.stream.take(scan("4607"), 10.0)
    assert (consumer.stream.counts.lost, consumer.stream.counts.scans) == (1, 0)


@given(
    st.lists(
        st.tuples(
            st.sampled_from("ab"),
            st.sampled_from([(), (UNTERMINATED,), (REFUSED,)]),
            st.floats(0.01, 1.0),
            st.booleans(),
        )
    )
)
def test_every_scan_is_counted_once_and_none_that_came_late_is_dropped(
    story: list[tuple[str, tuple[str, ...], float, bool]],
) -> None:
    consumer, now_s = Consumer(), 100.0
    for text, flags, pause_s, full in story:
        now_s += pause_s
        consumer.full = full
        before = consumer.stream.counts.duplicates
        consumer.stream.take(scan(text, *flags), now_s)
        if pause_s > REPEAT_S:
            assert consumer.stream.counts.duplicates == before
    counts = asdict(consumer.stream.counts)
    assert sum(counts.values()) == len(story)
    assert counts["scans"] + counts["flagged"] + counts["refused"] == len(consumer.taken)
