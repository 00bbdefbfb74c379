"""Members of a file join, or get what it says of them.

How a file is taken is in hub/taking.py; hub/reconciling.py holds what came of it against the file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

import msgspec

from hub.batches import batches
from hub.bearing import Said
from hub.files.checked import CheckedRows, Fate, rows_of
from hub.files.handed import Wish
from hub.files.reasons import Fault
from hub.hub import Hub
from hub.judging import Judged, Known, Verdict, but_for_phone, holders_of_phone, judged, there
from hub.members import NewMember, ends_at
from hub.store.records import ProfileRow
from hub.store.seam import Reader, Writer
from hub.taking import Decided, Taking
from loyalty.bodies import Body, Grant, MemberJoined, MemberRegistered
from loyalty.operation import utc_text
from loyalty.programme import Programme

LOOKED_UP_AT_ONCE: Final = 1_000  # rows, while the file is checked


class Import(Taking[NewMember]):
    """`update`: members who are there get what the file says of them, but never points."""

    kept_as = "members_taken/"

    def __init__(
        self, hub: Hub, rows: CheckedRows[NewMember], digest: str, *, update: bool = False, skip: bool = False
    ) -> None:
        self.update = update
        super().__init__(hub, rows, digest, skip=skip)

    @property
    def joined_before(self) -> int:
        return self.fates_before[Fate.JOINED].rows

    def _look_up(self, reader: Reader) -> None:
        _look_up(reader, self.rows, self.update)

    def _decide(self, writer: Writer, programme: str, batch: Sequence[tuple[int, NewMember]]) -> Decided:
        givers = self.rows.handed.givers([number for number, _ in batch])
        held = writer.locked_members if self.update else None
        ledger = there(writer, [row for _, row in batch], held)
        found = judged(batch, ledger, update=self.update, givers=givers)
        fates = [(number, _fate(verdict)) for (number, _), verdict in zip(batch, found.verdicts, strict=True)]
        return Decided(fates, self._said(found, self._hub.programmes[programme]))

    def _said(self, found: Judged, programme: Programme) -> Said:
        given = _Given(programme, self._hub.now())
        bodies: list[Body] = []
        profiles: list[ProfileRow] = []
        known: dict[str, ProfileRow] = dict(found.freed)
        registered: set[str] = set()
        for row in found.verdicts:
            if isinstance(row, NewMember):
                bodies.append(MemberJoined(member=row.member, card=row.card, registered=row.registered))
                if row.points:
                    bodies.append(given.grant(row))
                profiles.append(ProfileRow(row.member, row.phone, row.birthday, row.favourites, row.name, row.email))
            elif isinstance(row, Known) and row.registers:
                bodies.append(MemberRegistered(member=row.profile.member))
                registered.add(row.profile.member)
            if isinstance(row, Known) and (row.changed or row.registers):
                known[row.profile.member] = row.profile
        # tills are told of whoever an operation concerns
        profiles += [profile for member, profile in known.items() if member in registered]
        return Said(bodies, profiles, known=[one for member, one in known.items() if member not in registered])


def import_members(hub: Hub, rows: Sequence[NewMember]) -> Iterator[int]:
    """Take rows that come from no file; yields the number of each. Raises BadMembers, and then none was taken."""
    content = msgspec.json.encode([(row.programme, row.card, row.member) for row in rows])
    before = 0
    for done in Import(hub, rows_of(rows), hashlib.sha256(content).hexdigest()).steps():
        yield from range(before + 1, done + 1)
        before = done


def _look_up(reader: Reader, rows: CheckedRows[NewMember], update: bool) -> None:
    """Rows that the ledger cannot take are not taken, nor are those whose phone somebody keeps."""
    rows.handed.begin()
    if next(reader.all_members(), None) is None:
        return
    for some in batches(rows.in_order(), LOOKED_UP_AT_ONCE):
        batch = [row for _, row in some]
        ledger = there(reader, batch)
        faults: list[tuple[int, Fault]] = []
        wishes: list[Wish] = []
        for at, row in some:
            verdict = but_for_phone(row, ledger, update=update)
            if isinstance(verdict, Fault):
                faults.append((at.number, verdict))
            elif row.phone is not None:
                owner = verdict.profile.member if isinstance(verdict, Known) else None
                wishes.append(Wish(at.number, owner, holders_of_phone(row, verdict, ledger)))
        rows.leave_out(faults)
        rows.handed.put(wishes)
    _keep_phones(rows)


def _keep_phones(rows: CheckedRows[NewMember]) -> None:
    """Whoever is left out keeps his phone, so that another is left out, and so on."""
    vain = rows.handed.in_vain()
    while vain:
        rows.leave_out((number, fault) for number, _, fault in vain)
        vain = rows.handed.in_vain({owner for _, owner, _ in vain if owner is not None})


class _Given:
    """The points that rows bring, from this moment on; the end of each day is worked out once."""

    def __init__(self, programme: Programme, now: datetime) -> None:
        self._programme = programme
        self._now = now
        self._active_from = utc_text(now)
        self._ends: dict[str, str | None] = {}

    def grant(self, row: NewMember) -> Grant:
        if row.expires not in self._ends:
            end = ends_at(row.expires, self._programme, self._now)
            self._ends[row.expires] = utc_text(end) if end else None
        return Grant(
            member=row.member,
            points=row.points,
            reason="import",
            active_from=self._active_from,
            expires_at=self._ends[row.expires],
        )


def _fate(verdict: Verdict) -> Fate | Fault:
    if isinstance(verdict, Fault):
        return verdict
    if isinstance(verdict, Known):
        return Fate.UPDATED if verdict.changed or verdict.registers else Fate.UNCHANGED
    return Fate.JOINED
