"""Members of a file join in transactions of some hundred rows, so that tills are served meanwhile.

The file is checked whole first: while one line of it cannot be, nothing is written. How far an import has come is
written with the rows themselves, under the hash of the file: whatever ends it, the same file again goes on where it
was, and takes nobody twice. A row whose card or member has come into the ledger meanwhile is left out and told; the
others are in.
"""

from __future__ import annotations

import hashlib
import itertools
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, Literal

import msgspec

from hub.hub import Hub, Said, all_applied
from hub.members import BadMembers, NewMember
from hub.store.records import ProfileRow
from hub.store.seam import Reader
from loyalty.bodies import Body, Grant, MemberJoined
from loyalty.operation import utc_text

ROWS_AT_ONCE: Final = 200  # of one transaction: it took 25 ms, for which a till's push has to wait
TIDIED_AFTER: Final = 25  # transactions: some 80 MB of a file's log
PAUSE_S: Final = 0.005  # between two of them, so that whoever waits gets the ledger first
LOOKED_UP_AT_ONCE: Final = 1_000  # rows, while the file is checked
WHY: Final = {"card": "is in the ledger already", "member": "is for a member who is in the ledger already"}


class LeftOut(msgspec.Struct, frozen=True, array_like=True):
    """A line of the file, and what of it the ledger had already."""

    line: int
    had: Literal["card", "member"]


class Progress(msgspec.Struct, frozen=True, omit_defaults=True):
    """So many rows of a file are done, all but these."""

    rows: int = 0
    left_out: tuple[LeftOut, ...] = ()


class Import:
    """One file's import. `rows` are what it holds, `digest` is the hash of its bytes."""

    def __init__(self, hub: Hub, rows: Sequence[NewMember], digest: str) -> None:
        self._hub = hub
        self.rows = sorted(rows, key=lambda row: row.programme)  # a transaction is of one programme
        self._setting = f"import/{digest}"
        with hub.store.reading() as reader:
            self.progress = self._kept(reader)
            if not self.progress.rows:
                _check(reader, self.rows)

    @property
    def done(self) -> bool:
        return self.progress.rows == len(self.rows)

    def steps(self, pause: Callable[[], None] = lambda: time.sleep(PAUSE_S)) -> Iterator[int]:
        """Take the rows that are still to be taken; yields how many are done after each transaction."""
        for number in itertools.count(1):
            if self.done:
                return
            self._step()
            yield self.progress.rows
            if number % TIDIED_AFTER == 0:
                self._hub.store.tidy()
            if not self.done:
                pause()

    def left_out(self) -> list[str]:
        """Each line that was not taken, and why."""
        return _told(self.rows, self.progress.left_out)

    def _step(self) -> None:
        begun = self.progress
        rest = itertools.islice(self.rows, begun.rows, begun.rows + ROWS_AT_ONCE)
        programme = self.rows[begun.rows].programme
        batch = list(itertools.takewhile(lambda row: row.programme == programme, rest))
        after = begun

        def decide(reader: Reader) -> Said:
            nonlocal after
            after = self._kept(reader)
            if after.rows != begun.rows:  # another process imports the same file
                return Said(())
            there = _there(reader, batch)
            known = {left.line for left in there}
            fresh = [row for row in batch if row.line not in known]
            after = Progress(begun.rows + len(batch), (*begun.left_out, *there))
            return self._said(fresh, {self._setting: msgspec.json.encode(after).decode()})

        all_applied(self._hub.bear_after(programme, decide))
        self.progress = after

    def _said(self, rows: Sequence[NewMember], settings: Mapping[str, str]) -> Said:
        now = utc_text(self._hub.now())
        bodies: list[Body] = []
        for row in rows:
            bodies.append(MemberJoined(member=row.member, card=row.card, registered=row.registered))
            if row.points:
                bodies.append(Grant(member=row.member, points=row.points, reason="import", active_from=now))
        profiles = [ProfileRow(row.member, row.phone, row.birthday, row.favourites) for row in rows]
        return Said(bodies, profiles, settings)

    def _kept(self, reader: Reader) -> Progress:
        kept = reader.setting(self._setting)
        return Progress() if kept is None else msgspec.json.decode(kept, type=Progress)


def import_members(hub: Hub, rows: Sequence[NewMember]) -> Iterator[int]:
    """Take rows that come from no file; yields the number of each. Raises BadMembers, and then none was taken."""
    content = msgspec.json.encode([(row.programme, row.card, row.member) for row in rows])
    before = 0
    for done in Import(hub, rows, hashlib.sha256(content).hexdigest()).steps():
        yield from range(before + 1, done + 1)
        before = done


def _check(reader: Reader, rows: Sequence[NewMember]) -> None:
    """Raises BadMembers with each line that is in the ledger already."""
    there: list[LeftOut] = []
    for start in range(0, len(rows), LOOKED_UP_AT_ONCE):
        there += _there(reader, rows[start : start + LOOKED_UP_AT_ONCE])
    if there:
        raise BadMembers(_told(rows, there))


def _there(reader: Reader, rows: Sequence[NewMember]) -> list[LeftOut]:
    """The rows whose card or member the ledger has."""
    cards = reader.cards([row.card for row in rows])
    members = reader.members([row.member for row in rows])
    return [
        LeftOut(row.line, "card" if row.card in cards else "member")
        for row in rows
        if row.card in cards or row.member in members
    ]


def _told(rows: Sequence[NewMember], left_out: Sequence[LeftOut]) -> list[str]:
    by_line = {row.line: row for row in rows}
    return [
        f"line {left.line}: card {by_line[left.line].card} {WHY[left.had]}"
        for left in sorted(left_out, key=lambda left: left.line)
    ]
