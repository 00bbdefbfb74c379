"""Acts about a shop's day, and about who works there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import msgspec

from hub.desk.act import Act, ActRefused, Asked
from hub.desk.anchors import ANCHOR_AUDIT
from hub.hub import Hub
from hub.people.orders import NotDone, Order
from hub.people.staff_cards import mark_staff
from hub.people.who import NotFound
from loyalty.day import AskDay, PartOfDay, StoreDay, read_counts


class MarkStaff(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`card`: of somebody who works here, or no more."""

    card: str
    staff: bool = True


class StaffMarked(msgspec.Struct, frozen=True, kw_only=True):
    member: str
    changed: bool


def day_of_store(hub: Hub, asked: Asked, told: AskDay) -> StoreDay:
    """As far as its tills have told of it, some minutes ago."""
    store = asked.store if asked.till else told.store
    if not asked.till and not asked.sees(store):
        raise ActRefused("not_allowed", f"{store} is no store of yours")
    try:
        day = date.fromisoformat(told.day).isoformat()
    except ValueError as error:
        raise ActRefused("bad_day", f"{told.day!r} is no day; write it like 2026-03-31") from error
    with hub.store.reading() as reader:
        rows = reader.days_of_store(store, day)
    parts = (PartOfDay(till=row.till, by=row.by, counts=read_counts(row.body)) for row in rows)
    return StoreDay(store=store, day=day, parts=tuple(parts))


def staff_marked(hub: Hub, asked: Asked, told: MarkStaff) -> StaffMarked:
    try:
        marked = mark_staff(hub, told.card, Order(by=asked.by), staff=told.staff)
    except (NotDone, NotFound) as error:
        raise ActRefused("unknown_member", str(error)) from error
    return StaffMarked(member=marked.member, changed=marked.changed)


DAY_ACTS: Final[Mapping[str, Act]] = {
    "day": Act(takes=AskDay, right="see_day", do=day_of_store),
    "mark_staff": Act(takes=MarkStaff, right="keep_staff", do=staff_marked),
    "anchor_audit": ANCHOR_AUDIT,
}
