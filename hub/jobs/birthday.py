"""Points for a birthday (A18): to each registered member whose birthday is known, once a year.

They are given when the birthday's days begin, or as soon after as the hub runs; not when they are over. `once` says who
has had them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from hub.bearing import Said, all_applied
from hub.jobs.turn import Turn
from hub.store.records import OnceRow
from hub.store.seam import Writer
from loyalty.accrual import birthdays_around, born_for
from loyalty.bodies import Grant
from loyalty.points_life import grant_times
from loyalty.programme import BirthdayBonus, Programme
from loyalty.programme import Grant as GrantRule
from loyalty.utc import utc_text

LATE_DAYS: Final = 7  # a hub that stood still over the birthday makes up for it, where the points live on so long


def give(turn: Turn) -> Iterator[int]:
    for programme in turn.hub.programmes.values():
        rule = programme.grants.birthday
        if rule is not None:
            for birthday in birthdays_around(_window(programme, rule), programme.day(turn.until)):
                yield from _born(turn, programme, rule, birthday)


def _window(programme: Programme, rule: GrantRule) -> BirthdayBonus:
    window = programme.birthday or BirthdayBonus(days_before=0, days_after=0)
    if rule.life.kind == "birthday":  # they would die with the days, or live to those of the next year
        return window
    return replace(window, days_after=max(window.days_after, LATE_DAYS))


def _born(turn: Turn, programme: Programme, rule: GrantRule, birthday: date) -> Iterator[int]:
    what = f"birthday/{birthday.year}"
    for month_day in born_for(birthday):
        after = ""
        while members := _next(turn, programme, month_day, what, after):
            after = members[-1]
            yield _page(turn, programme, rule, birthday, members)


def _next(turn: Turn, programme: Programme, month_day: str, what: str, after: str) -> list[str]:
    with turn.hub.store.reading() as reader:
        return reader.born_on(programme.id, month_day, what, after, turn.page)


def _page(turn: Turn, programme: Programme, rule: GrantRule, birthday: date, members: Sequence[str]) -> int:
    """How many of them got points."""
    times = grant_times(programme, rule, turn.until, birthday)
    what = f"birthday/{birthday.year}"

    def decide(writer: Writer) -> Said:
        chosen = _chosen(writer, members, what)
        grants = [
            Grant(
                member=member,
                points=rule.points,
                reason="birthday",
                active_from=utc_text(times.active_from),
                expires_at=utc_text(times.expires_at) if times.expires_at else None,
            )
            for member in chosen
        ]
        return Said(grants, once=[OnceRow(member, what) for member in chosen])

    answers = turn.hub.bear_after(programme.id, decide, at=turn.until)
    return all_applied(answers)


def _chosen(writer: Writer, members: Sequence[str], what: str) -> list[str]:
    """Those who are still to get them, now that nobody else can change who they are."""
    rows = writer.locked_members(members)
    had = {row.member for row in writer.once_of(rows.keys()) if row.what == what}
    return [member for member in sorted(rows) if rows[member].merged_into is None and member not in had]
