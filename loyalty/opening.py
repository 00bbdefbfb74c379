"""When a shop is open: how people write it down, how it is said, and whether it is open now.

    mon-fri 9:00-22:00, sat sun 10:00-20:00        пн-пт 9:00-13:00 14:00-18:00; сб 9-15; вс выходной
    daily 8:00-23:00        ежедневно 18:00-2:00 (over midnight)        24/7        круглосуточно

Days that are others stand apart: `2026-12-31 9:00-18:00; 01.01.2027 closed`. Times are those of the shop's own clock.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby, pairwise
from typing import Final, NamedTuple

import msgspec

from loyalty.programme import Language

DAY_MINUTES: Final = 24 * 60
SPANS_MAX: Final = 4  # of a day
DAYS_MAX: Final = 60  # that are others than their week
TEXT_LETTERS_MAX: Final = 2_000
FAR: Final = timedelta(days=7)  # what is so far away is not said
AHEAD_DAYS: Final = 8  # in which a shop that opens at all opens again

WEEK: Final[Mapping[Language, tuple[str, ...]]] = {
    "ru": ("пн", "вт", "ср", "чт", "пт", "сб", "вс"),
    "en": ("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
}
FULL: Final = ("по", "вт", "ср", "че", "пя", "су", "во")  # how their full names begin, besides
NAMED: Final[Mapping[Language, tuple[str, ...]]] = {  # as they are shown
    "ru": WEEK["ru"],
    "en": tuple(day.capitalize() for day in WEEK["en"]),
}
DAILY: Final = frozenset(("daily", "ежедневно", "пн-вс", "mon-sun"))
ALWAYS: Final = frozenset(("24/7", "24", "круглосуточно", "always"))
CLOSED: Final = frozenset(("closed", "выходной", "закрыто", "закрыт", "-", "нет"))
_SPAN: Final = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?-(\d{1,2})(?:[:.](\d{2}))?", re.ASCII)
_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_DOTTED: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)

Span = tuple[
    int, int
]  # minutes of the day; the end after the beginning, and behind 24 hours where it is the next day's
Spans = tuple[Span, ...]
WHOLE_DAY: Final[Spans] = ((0, DAY_MINUTES),)


class BadHours(ValueError):
    """What cannot be read, with words for whoever mends it."""


class Hours(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`week`: of Monday to Sunday, () for nothing known; `days`: YYYY-MM-DD that are others, () for closed."""

    week: tuple[Spans, ...] = ()
    days: dict[str, Spans] = {}


class Opening(NamedTuple):
    """`until`: when it closes, or (not `is_open`) opens; None: it does not. `is_known`: else nobody knows."""

    is_known: bool
    is_open: bool
    until: datetime | None


# as people write it


def week_of(text: str) -> tuple[Spans, ...]:
    """Of Monday to Sunday; nothing said of a day: it is closed; nothing at all: (). Raises BadHours."""
    found: dict[int, Spans] = {}
    for named, times in _parts(text, lambda word: not _is_time(word)):
        days = _days(named) if named else list(range(7))
        if twice := found.keys() & set(days):
            raise BadHours(f"{NAMED['en'][min(twice)]} stands twice")
        found |= dict.fromkeys(days, _spans(times))
    return tuple(found.get(day, ()) for day in range(7)) if found else ()


def days_of(text: str) -> dict[str, Spans]:
    """By YYYY-MM-DD. Raises BadHours."""
    found: dict[str, Spans] = {}
    for named, times in _parts(text, lambda word: not _is_time(word)):
        if not named:
            raise BadHours(f"{times[0]!r}: on which day? Write it like 2026-12-31 9:00-18:00")
        for day in (_date(word).isoformat() for word in named):
            if day in found:
                raise BadHours(f"{day} stands twice")
            found[day] = _spans(times)
    if len(found) > DAYS_MAX:
        raise BadHours(f"at most {DAYS_MAX} days are kept")
    return dict(sorted(found.items()))


def _parts(text: str, is_day: Callable[[str], bool]) -> Iterator[tuple[list[str], list[str]]]:
    """Days and the times behind them. Blanks around a dash are taken out: `9:00 - 22:00` is one time."""
    if len(text) > TEXT_LETTERS_MAX:
        raise BadHours("too long")
    plain = re.sub(r"(?<=\w)\s*[-–—]\s*(?=\w)", "-", text.casefold())
    runs = [(named, list(words)) for named, words in groupby(re.findall(r"[^\s;,]+", plain), is_day)]
    if runs and runs[-1][0]:
        raise BadHours(f"{' '.join(runs[-1][1])!r}: say when, like 9:00-22:00, or closed")
    days: list[str] = []
    for named, words in runs:
        if named:
            days = words
        else:
            yield days, words


def _is_time(word: str) -> bool:
    return word in ALWAYS or word in CLOSED or _SPAN.fullmatch(word) is not None


def _days(words: Iterable[str]) -> list[int]:
    found: list[int] = []
    for word in words:
        first, dash, last = word.partition("-")
        begin, end = (0, 6) if word in DAILY else (_weekday(first), _weekday(last if dash else first))
        found += [day % 7 for day in range(begin, end + 1 if end >= begin else end + 8)]
    return found


def _weekday(word: str) -> int:
    key = word.strip(".:")
    for names in (*WEEK.values(), FULL):
        found = [number for number, name in enumerate(names) if key.startswith(name)]
        if found:
            return found[0]
    raise BadHours(f"{word!r} is no day of the week; write it like mon-fri or пн-пт")


def _spans(words: Sequence[str]) -> Spans:
    if len(words) == 1 and words[0] in ALWAYS:
        return WHOLE_DAY
    if len(words) == 1 and words[0] in CLOSED:
        return ()
    spans = [_span(word) for word in words]
    if len(spans) > SPANS_MAX:
        raise BadHours(f"{' '.join(words)!r}: at most {SPANS_MAX} times of a day")
    if any(before[1] > after[0] for before, after in pairwise(spans)):
        raise BadHours(f"{' '.join(words)!r}: they are not one after the other")
    return tuple(spans)


def _span(word: str) -> Span:
    found = _SPAN.fullmatch(word)
    if found is None:
        raise BadHours(f"{word!r} is no time; write it like 9:00-22:00")
    begin, end = _minute(found[1], found[2], word), _minute(found[3], found[4], word)
    if begin in (end, DAY_MINUTES):
        raise BadHours(f"{word!r}: it ends when it begins; for round the clock write 24/7")
    return (begin, end if end > begin else end + DAY_MINUTES)


def _minute(hour: str, minute: str | None, word: str) -> int:
    found = int(hour) * 60 + int(minute or 0)
    if int(minute or 0) > 59 or found > DAY_MINUTES:
        raise BadHours(f"{word!r}: there is no such time")
    return found


def _date(word: str) -> date:
    iso, dotted = _ISO.fullmatch(word), _DOTTED.fullmatch(word)
    parts = (iso[1], iso[2], iso[3]) if iso else (dotted[3], dotted[2], dotted[1]) if dotted else None
    try:
        return date(*map(int, parts or ()))
    except (TypeError, ValueError):
        raise BadHours(f"{word!r} is no day; write it like 2026-12-31 or 31.12.2026") from None


# as it is said


def spans_text(spans: Spans, language: Language) -> str:
    if not spans:
        return "закрыто" if language == "ru" else "closed"
    if spans == WHOLE_DAY:
        return "круглосуточно" if language == "ru" else "round the clock"
    return ", ".join(f"{_clock(begin)}–{_clock(end)}" for begin, end in spans)


def _clock(minute: int) -> str:
    at = minute if minute == DAY_MINUTES else minute % DAY_MINUTES
    return f"{at // 60:02}:{at % 60:02}"


def week_lines(week: Sequence[Spans], language: Language) -> list[tuple[str, str]]:
    """Days and times, those one after the other that are alike on one line; nothing where nothing is known."""
    if week and all(spans == week[0] for spans in week):
        return [("ежедневно" if language == "ru" else "daily", spans_text(week[0], language))]
    lines, day = list[tuple[str, str]](), 0
    for spans, alike in groupby(week):
        last = day + len(list(alike)) - 1
        named = NAMED[language]
        lines.append((named[day] if day == last else f"{named[day]}–{named[last]}", spans_text(spans, language)))
        day = last + 1
    return lines


def written(hours: Hours) -> tuple[str, str]:
    """The week and the other days as `week_of` and `days_of` read them."""
    week = "; ".join(f"{days.lower()} {text}" for days, text in week_lines(hours.week, "en"))
    days = "; ".join(f"{day} {spans_text(spans, 'en')}" for day, spans in hours.days.items())
    return tuple(text.replace("–", "-").replace(",", "").replace("round the clock", "24/7") for text in (week, days))  # type: ignore[return-value]


# now


def opening_at(hours: Hours, local: datetime) -> Opening:
    """`local`: by the shop's clock."""
    if not hours.week:
        return Opening(False, False, None)
    at = local.replace(tzinfo=None)
    for begin, end in _runs(hours, at.date()):
        if end > at:
            is_open = begin <= at
            until = end if is_open else begin
            return Opening(True, is_open, until.replace(tzinfo=local.tzinfo) if until - at < FAR else None)
    return Opening(True, False, None)


def _runs(hours: Hours, today: date) -> Iterator[tuple[datetime, datetime]]:
    """From yesterday on; what meets at midnight is one."""
    begin: datetime | None = None
    end = datetime.min  # noqa: DTZ901 of the shop's clock, as all of these
    for first, last in sorted(_moments(hours, today)):
        if begin is None or first > end:
            if begin is not None:
                yield begin, end
            begin, end = first, last
        end = max(end, last)
    if begin is not None:
        yield begin, end


def _moments(hours: Hours, today: date) -> Iterator[tuple[datetime, datetime]]:
    for number in range(-1, AHEAD_DAYS + 1):
        day = today + timedelta(days=number)
        midnight = datetime.combine(day, time())
        for begin, end in hours_on(hours, day):
            yield midnight + timedelta(minutes=begin), midnight + timedelta(minutes=end)


def hours_on(hours: Hours, day: date) -> Spans:
    other = hours.days.get(day.isoformat())
    if other is not None:
        return other
    return hours.week[day.weekday()] if hours.week else ()
