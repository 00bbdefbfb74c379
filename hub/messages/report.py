"""What a mailing did: whom it went to, to whom not and why, who stopped it after, who bought after, beside the group
that was kept out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from hub.hub import Hub
from hub.messages.letter import CONSENT, letter_of
from hub.messages.mailing import Mailing, mailing_called
from hub.store.letter_records import LetterRow
from hub.store.seam import Reader

AT_ONCE: Final = 500
DAYS: Final = 14


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """`bought`: so many of its members did, within the days after; `kopecks`: of what counts for tiers."""

    members: int = 0
    bought: int = 0
    kopecks: int = 0

    @property
    def share_bp(self) -> int:
        """Who bought, of ten thousand."""
        return self.bought * 10_000 // self.members if self.members else 0


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """`not_sent`: how many, by why; `opted_out`: who withdrew the consent afterwards."""

    mailing: Mailing
    days: int
    sent: Group
    control: Group
    waiting: int
    failed: int
    not_sent: dict[str, int]
    opted_out: int


def report(hub: Hub, id: str, days: int = DAYS) -> Report:
    """Raises NotDone."""
    with hub.store.reading() as reader:
        mailing = mailing_called(reader, id)
        told = _Told(hub, reader, mailing, days)
        for rows in _pages(reader, id):
            told.add(rows)
    return told.report()


def _pages(reader: Reader, id: str) -> Iterator[Sequence[LetterRow]]:
    after = ""
    while rows := reader.letters_of_mailing(id, after, AT_ONCE):
        after = rows[-1].member
        yield rows


class _Told:
    def __init__(self, hub: Hub, reader: Reader, mailing: Mailing, days: int) -> None:
        self._rules = hub.programmes[mailing.programme]
        self._reader = reader
        self._mailing = mailing
        self._days = days
        self._states: Counter[str] = Counter()
        self._why = Counter(mailing.left_out)
        self._bought: Counter[str] = Counter()
        self._kopecks: Counter[str] = Counter()
        self._opted_out = 0

    def add(self, rows: Sequence[LetterRow]) -> None:
        self._states.update(row.state for row in rows)
        self._why.update(letter_of(row).why for row in rows if row.state == "left_out")
        sent = [row for row in rows if row.state == "sent"]
        self._count("sent", sent)
        self._count("control", [row for row in rows if row.state == "control"])
        self._opted_out += self._withdrew(sent)

    def _count(self, group: str, rows: Sequence[LetterRow]) -> None:
        first = {row.member: self._rules.day(_at(row)) for row in rows}
        spent: Counter[str] = Counter()
        since = min(first.values(), default=None)
        for day in self._reader.days_of(first, since.isoformat()) if since is not None else ():
            begins = first[day.member]
            if begins.isoformat() <= day.day < (begins + timedelta(days=self._days)).isoformat():
                spent[day.member] += day.spent_kopecks
        bought = {member: kopecks for member, kopecks in spent.items() if kopecks > 0}
        self._bought[group] += len(bought)
        self._kopecks[group] += sum(bought.values())

    def _withdrew(self, sent: Sequence[LetterRow]) -> int:
        what = CONSENT.get(self._mailing.channel)
        at = {row.member: _at(row) for row in sent}
        ended = {
            row.member
            for row in (self._reader.consents_of(at) if what and at else ())
            if row.what == what and row.withdrawn_at is not None and row.withdrawn_at >= at[row.member]
        }
        return len(ended)

    def report(self) -> Report:
        return Report(
            mailing=self._mailing,
            days=self._days,
            sent=self._group("sent"),
            control=self._group("control"),
            waiting=self._states["waiting"] + self._states["sending"],
            failed=self._states["failed"],
            not_sent=dict(sorted(self._why.items())),
            opted_out=self._opted_out,
        )

    def _group(self, name: str) -> Group:
        return Group(members=self._states[name], bought=self._bought[name], kopecks=self._kopecks[name])


def _at(row: LetterRow) -> datetime:
    sent_at = letter_of(row).sent_at
    return datetime.fromisoformat(sent_at) if sent_at else row.made_at
