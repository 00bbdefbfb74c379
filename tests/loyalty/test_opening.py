"""When a shop is open: what people write, what is said of it, and what holds now."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from loyalty.opening import BadHours, Hours, days_of, opening_at, spans_text, week_lines, week_of, written


def at(month: int, day: int, hour: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("mon-fri 9:00-22:00; sat, sun 10:00-20:00", [("пн–пт", "09:00–22:00"), ("сб–вс", "10:00–20:00")]),
        ("пн-пт 9-21, сб-вс 10-20", [("пн–пт", "09:00–21:00"), ("сб–вс", "10:00–20:00")]),
        ("Пн–Вс: 08.00 – 23.00", [("ежедневно", "08:00–23:00")]),
        ("сб-вт 9-21", [("пн–вт", "09:00–21:00"), ("ср–пт", "закрыто"), ("сб–вс", "09:00–21:00")]),
        ("понедельник 9:00-13:00 14:00-18:00; вт выходной", [("пн", "09:00–13:00, 14:00–18:00"), ("вт–вс", "закрыто")]),
        ("24/7", [("ежедневно", "круглосуточно")]),
        ("ежедневно 18:00-2:00", [("ежедневно", "18:00–02:00")]),
        ("", []),
    ],
)
def test_hours_are_read_as_people_write_them_and_as_they_are_kept(text: str, lines: list[tuple[str, str]]) -> None:
    week = week_of(text)
    assert week_lines(week, "ru") == lines
    assert week_of(written(Hours(week=week))[0]) == week


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("пн 25-26", "no such time"),
        ("пн 9:00-9:00", "24/7"),
        ("пн 9-13 12-18", "one after the other"),
        ("пн 9-21 пн 10-20", "twice"),
        ("пн-пт", "say when"),
        ("кроме вс 9-21", "no day of the week"),
        ("пн 9:75-10:00", "no such time"),
        ("9-21 " * 500, "too long"),
    ],
)
def test_hours_that_cannot_be_are_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(BadHours, match=said):
        week_of(text)


def test_days_that_are_others_go_before_their_week() -> None:
    hours = Hours(week=week_of("daily 9-21"), days=days_of("31.12.2026 9:00-18:00; 2027-01-01 closed"))
    assert written(hours)[1] == "2026-12-31 09:00-18:00; 2027-01-01 closed"
    assert days_of(written(hours)[1]) == hours.days
    assert opening_at(hours, at(12, 31, 17)).until == at(12, 31, 18)
    assert opening_at(hours, at(12, 31, 19)) == (True, False, at(1, 2, 9, year=2027))
    for text in ("31.13.2026 9-18", "9-18", "2026-12-31 9-18, 31.12.2026 closed"):
        with pytest.raises(BadHours):
            days_of(text)


def test_over_midnight_round_the_clock_and_never() -> None:
    night = Hours(week=week_of("fri 18:00-2:00"))  # 27 November 2026 is a Friday
    assert opening_at(night, at(11, 28, 1)) == (True, True, at(11, 28, 2))
    assert opening_at(night, at(11, 28, 2)) == (True, False, at(12, 4, 18))
    assert opening_at(Hours(week=week_of("24/7")), at(11, 28, 3)) == (True, True, None)
    days = Hours(week=week_of("daily 0:00-24:00"), days=days_of("2026-11-29 closed"))
    assert opening_at(days, at(11, 28, 3)).until == at(11, 29)
    assert opening_at(Hours(week=week_of("mon closed")), at(11, 28, 3)) == (True, False, None)
    assert not opening_at(Hours(), at(11, 28, 3)).is_known
    assert spans_text((), "en") == "closed"
