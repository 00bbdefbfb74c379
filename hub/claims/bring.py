"""A member brings a receipt: what it would give him, and that it is given, once; or it waits until it comes.

How many he may bring is bounded by the programme, a day and in thirty days, those that wait counted; who collects what
others leave at a till rings besides (hub/watching.py). A code that names nothing counts as a guess.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Final, NamedTuple

import msgspec

from hub.claims.claim import KIND, WAITS_FOR, Key, brought_in, found_by, id_of, may_come, new, row_of
from hub.errands.errand import errands_of
from hub.hub import Hub
from hub.people.claims import Claim, claim, looked
from hub.people.orders import NotDone, Order, check_not_erased
from hub.people.receipts import FoundReceipt, receipts_at
from hub.people.who import Person, person_called
from hub.store.errand_records import ErrandRow
from hub.store.records import Place
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from loyalty.claims import claim_ends
from loyalty.operation import zone_of
from loyalty.paper.sale import masked
from loyalty.utc import utc_text
from sync.receipts import ClaimState

MONTH: Final = timedelta(days=30)
GUESSES_A_DAY: Final = 20
GUESSES: Final = "claim_guesses/"  # settings, by member: how many codes that name nothing he has typed on which day


class Shown(NamedTuple):
    """`claim` None: it has not come yet. `card`: of whoever it was given to before, masked; `last_day`: on which it may
    be brought, YYYY-MM-DD, or until when it is waited for."""

    state: ClaimState
    claim: Claim | None = None
    card: str = ""
    last_day: str = ""


class _Guesses(msgspec.Struct, frozen=True):
    day: str
    count: int = 0


def look(hub: Hub, whom: str, key: Key) -> Shown:
    """What it would give. Raises NotDone, NotFound."""
    with hub.store.reading() as reader:
        person = person_called(reader, hub.programmes, whom)
        found = found_by(reader, key.sought)
        if found is not None:
            return _shown(hub, looked(hub, reader, person, found))
    hub.within(partial(_guess, hub, person))
    with hub.store.reading() as reader:
        return _not_here(hub, reader, person, key)


def bring(hub: Hub, whom: str, key: Key, order: Order) -> Shown:
    """It is given, once; brought again it says so. Raises NotDone, NotFound."""
    with hub.store.reading() as reader:
        person = person_called(reader, hub.programmes, whom)
        found = found_by(reader, key.sought)
    if found is None:
        return hub.within(lambda writer: _wait(hub, writer, person.member, key))
    return give(hub, person.member, key, found.kept.place, order, check=partial(_check_count, hub))


def give(
    hub: Hub,
    member: str,
    key: Key,
    of: Place,
    order: Order,
    *,
    check: Callable[[Writer, Person, Key], None] = lambda writer, person, key: None,
) -> Shown:
    """`check` raises NotDone. Raises NotDone, NotFound."""

    def also(writer: Writer, person: Person, told: Claim) -> None:
        check(writer, person, key)
        given = new(key.sought, hub.now(), number=told.found.sale.sale.number, points=told.points)
        writer.write(Rows(errands=[row_of(person.member, "given", hub.now(), given, of.id)]))

    done = claim(hub, member, of, order, also=also)
    with hub.store.reading() as reader:
        (found,) = receipts_at(reader, [of])
        shown = _shown(hub, looked(hub, reader, person_called(reader, hub.programmes, member), found))
    is_given = done.changed or (done.before is not None and shown.state == "given_before")
    return shown._replace(state="given") if is_given else shown


def brought_by(reader: Reader, member: str) -> list[ErrandRow]:
    """The newest first, each receipt once: whoever has gone into him may have waited for it."""
    rows = errands_of(reader, KIND, member)
    newest = {brought_in(row).sought: row for row in reversed(rows)}
    return sorted(newest.values(), key=lambda row: (row.at, row.id), reverse=True)


# a receipt that is not here


def _not_here(hub: Hub, reader: Reader, person: Person, key: Key) -> Shown:
    """Raises NotDone where no such receipt will come."""
    rules, now = hub.programmes[person.row.programme], hub.now()
    if not may_come(reader, key, rules.timezone, now):
        raise NotDone("No receipt is called so.", code="unknown_receipt")
    return Shown("waiting", last_day=rules.day(now + WAITS_FOR).isoformat())


def _wait(hub: Hub, writer: Writer, member: str, key: Key) -> Shown:
    writer.locked_members([member])
    person, now = person_called(writer, hub.programmes, member), hub.now()
    check_not_erased(writer, person)
    shown = _not_here(hub, writer, person, key)
    if id_of(person.member, key.sought) not in writer.locked_errands([id_of(person.member, key.sought)]):
        _check_count(hub, writer, person, key)
        body = new(key.sought, now, until=utc_text(now + WAITS_FOR))
        writer.write(Rows(errands=[row_of(person.member, "waiting", now, body)]))
    return shown


# how many he may bring


def _check_count(hub: Hub, writer: Writer, person: Person, key: Key) -> None:
    """Raises NotDone."""
    programme, now = hub.programmes[person.row.programme], hub.now()
    rows = [row for row in brought_by(writer, person.member) if row.state != "refused"]
    ids = {row.id for row in rows}
    if id_of(person.member, key.sought) in ids:  # it waited, and was counted then
        return
    if sum(programme.day(row.at) == programme.day(now) for row in rows) >= programme.claims.a_day:
        raise NotDone("He has brought as many receipts today as one may.", code="claims_day")
    if sum(row.at > now - MONTH for row in rows) >= programme.claims.a_month:
        raise NotDone("He has brought as many receipts in thirty days as one may.", code="claims_month")


def _guess(hub: Hub, person: Person, writer: Writer) -> None:
    """Raises NotDone."""
    writer.locked_members([person.member])
    name, day = f"{GUESSES}{person.member}", hub.programmes[person.row.programme].day(hub.now()).isoformat()
    kept = writer.setting(name)
    guesses = msgspec.json.decode(kept, type=_Guesses) if kept is not None else _Guesses(day)
    count = guesses.count + 1 if guesses.day == day else 1
    if count > GUESSES_A_DAY:
        raise NotDone("He has typed too many codes today.", code="claims_guesses")
    writer.write(Rows(settings={name: msgspec.json.encode(_Guesses(day, count)).decode()}))


# as it is told


def _shown(hub: Hub, told: Claim) -> Shown:
    found = told.found
    rules = hub.rules(found.sold.programme_hash) or hub.programmes[found.sold.programme]
    ends = claim_ends(rules, datetime.fromisoformat(found.sold.at))
    last = ends.astimezone(zone_of(found.sold.store, rules.timezone)).date().isoformat()
    return Shown(told.state, told, _card(found), last)


def _card(found: FoundReceipt) -> str:
    """Of whoever it was given to afterwards."""
    claimed = found.claim
    return masked(claimed.card) if claimed is not None and claimed.card else ""
