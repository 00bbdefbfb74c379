"""A programme of the chain's own is published: its file goes on the shelf, with the moment from which it is in force.

What was published under an id and a version is that for ever. What has begun is not taken back: another one follows it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from hub.books.intake import held_end
from hub.hub import Hub
from hub.programmes import UTC, WAITING_MAX, ZONE, of_programme, rows_ahead, rows_begun
from hub.store.office_records import ProgrammeRow, PublishedRow
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from loyalty.operation import OFFICE_CHAIN
from loyalty.programme import Programme
from loyalty.utc import utc_text
from sync.protocol import SOURCE_BYTES_MAX

WITHDRAWN: Final = "withdrawn_file/"  # settings: when, by the hash of a file that was published and never began


class NotPublished(Exception):
    """Nothing was changed; the message says why, and what helps."""


class Publication(NamedTuple):
    row: PublishedRow
    is_new: bool


def publish(hub: Hub, programme: Programme, source: str, begins_at: datetime | None) -> Publication:
    """`source`: the text of its file. `begins_at` None: now, or with the day that the file names. Raises
    NotPublished."""
    if len(source.encode()) > SOURCE_BYTES_MAX:
        raise NotPublished(f"The file is longer than {SOURCE_BYTES_MAX} bytes: no till would read it.")
    return hub.within(lambda writer: _publish(hub, writer, programme, source, begins_at))


def _publish(hub: Hub, writer: Writer, programme: Programme, source: str, begins_at: datetime | None) -> Publication:
    held_end(writer, OFFICE_CHAIN)  # one at a time: what is read here stands
    now = hub.now()
    hub.known.take(writer)
    rows = of_programme(writer.published(), programme.id)
    _refuse_another_content(hub, programme)
    settings = _zone_kept(hub, writer, programme, is_first=not rows)
    first_day = _first_moment(programme)
    at = begins_at or max(now.replace(microsecond=0), first_day)
    if at < first_day:
        raise NotPublished(
            f"The file says effective_from = {programme.effective_from}: it cannot begin before that day."
        )
    before = rows_begun(rows, at)[-1:]
    if before and before[0].hash == programme.content_hash:
        return Publication(before[0], is_new=False)
    _refuse_moment(hub, programme, rows, at, now, said=begins_at is not None)
    row = PublishedRow(programme.id, at, programme.version, programme.content_hash, now)
    writer.write(Rows(programmes=[ProgrammeRow(programme.content_hash, source)], published=[row], settings=settings))
    hub.known.take(writer)
    return Publication(row, is_new=True)


def _refuse_another_content(hub: Hub, programme: Programme) -> None:
    other = hub.known.other_hash(programme)
    if other is not None:
        raise NotPublished(
            f"Version {programme.version} of {programme.id} is known with other content (hash {other[:16]}, this file "
            f"has {programme.content_hash[:16]}). Give the file a version of its own."
        )


def _zone_kept(hub: Hub, writer: Writer, programme: Programme, *, is_first: bool) -> dict[str, str]:
    """Days of members are counted by the clock of the programme, and that stays as it was, also where it was nobody's:
    an id that tills sold under before it was known here."""
    if is_first and programme.id not in hub.known.shipped:
        return {ZONE + programme.id: UTC.key} if any(writer.members_of(programme.id)) else {}
    known = hub.known.zone_of(programme.id)
    if known != programme.timezone:
        raise NotPublished(
            f"The clock of {programme.id} is {known.key}, and days of its members were counted by it: "
            f"{programme.timezone.key} would be another programme. Shops in other zones have theirs (`store add`)."
        )
    return {}


def _refuse_moment(
    hub: Hub, programme: Programme, rows: list[PublishedRow], at: datetime, now: datetime, *, said: bool
) -> None:
    was_in_force = programme.id in hub.known.shipped or bool(rows_begun(rows, now))
    if said and at < now and was_in_force:
        raise NotPublished(
            f"That moment is over, and {programme.id} was in force then: what was sold under it stays so. "
            "Give a moment that is still to come."
        )
    if (there := next((row for row in rows if row.begins_at == at), None)) is not None:
        raise NotPublished(f"Version {there.version} begins at that moment. Withdraw it first, or give another moment.")
    if len(rows_ahead(rows, now)) >= WAITING_MAX:
        raise NotPublished(f"{WAITING_MAX} versions of {programme.id} are still to begin: no more of them at once.")


def _first_moment(programme: Programme) -> datetime:
    """Midnight of its first day, by the programme's clock."""
    day = programme.effective_from
    return datetime(day.year, day.month, day.day, tzinfo=programme.timezone)


def unpublished(hub: Hub) -> list[Programme]:
    """Files of programmes that are known here which are neither published nor shipped: tills sent them, or they were
    withdrawn."""
    with hub.store.reading() as reader:
        hashes = [row.hash for row in reader.all_programmes() if not hub.known.is_ours(row.hash)]
    known, found = hub.programmes, [hub.rules(hash) for hash in hashes]
    return [one for one in found if one is not None and one.id in known]


def was_withdrawn(reader: Reader, hash: str) -> bool:
    """Was it published here once, before it began?"""
    return reader.setting(WITHDRAWN + hash) is not None


def withdraw(hub: Hub, id: str, version: str) -> list[PublishedRow]:
    """What of it is still to begin. Raises NotPublished."""
    return hub.within(lambda writer: _withdraw(hub, writer, id, version))


def _withdraw(hub: Hub, writer: Writer, id: str, version: str) -> list[PublishedRow]:
    held_end(writer, OFFICE_CHAIN)
    rows = [row for row in of_programme(writer.published(), id) if row.version == version]
    ahead = rows_ahead(rows, hub.now())
    if not rows:
        raise NotPublished(f"No version {version!r} of {id!r} is published. `pos-hub programme list` shows them.")
    if not ahead:
        raise NotPublished(f"Version {version} of {id} has begun: it is not taken back. Publish another to follow it.")
    marks = {WITHDRAWN + row.hash: utc_text(hub.now()) for row in ahead}
    writer.write(Rows(withdrawn=[row.key for row in ahead], settings=marks))
    hub.known.take(writer)
    return ahead
