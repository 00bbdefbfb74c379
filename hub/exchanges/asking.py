"""A partner is asked for what was ordered, and what came of it is written. Whoever dies on the way asks again under the
same key, and what is booked is booked once."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Final

import msgspec

from hub.bearing import Said
from hub.errands.due import SOONEST
from hub.exchanges.exchange import Event, Kept, hold_of, is_lawful, kept_of, state_of, stepped, with_kept
from hub.hub import Hub
from hub.merges import stands_for
from hub.outside.partner import EXCHANGES, AskExchange, ExchangeTold
from hub.outside.services import NoAnswer, SaysNo, Services
from hub.people.orders import Order
from hub.store.errand_records import ErrandRow
from hub.store.records import MemberRow
from hub.store.rows import Rows
from hub.store.seam import Writer
from loyalty.bodies import PointsToPartner
from loyalty.operation import ACCOUNT_CHAIN

BY_MEMBER: Final = "member"

log = logging.getLogger(__name__)


def ask(hub: Hub, services: Services, row: ErrandRow) -> None:
    """Raises NoAnswer."""
    kept = kept_of(row)
    try:
        told = _asked(services, row.id, kept)
    except SaysNo as no:
        declined(hub, row.id, no.code)
    except NoAnswer:
        if state_of(row) != "new":
            raise
        hub.within(lambda writer: _write(writer, row.id, "silent", hub.now(), due_at=hub.now() + SOONEST))
    else:
        given(hub, row.id, told)


def _asked(services: Services, id: str, kept: Kept) -> ExchangeTold:
    service = services.partners.get(kept.partner)
    if service is None:
        raise NoAnswer(f"nobody says where {kept.partner} is asked (--services)")
    body = AskExchange(key=id, number=kept.number, units=kept.units, unit=kept.unit)
    return service.ask(EXCHANGES, body, ExchangeTold, id)


# what the partner says


def given(hub: Hub, id: str, told: ExchangeTold) -> None:
    """What he has given for a sum that he was not asked for is looked at by people."""
    with hub.store.reading() as reader:
        kept = kept_of(reader.errands([id])[id])
    event: Event = "given" if told.units == kept.units else "differs"
    order = Order(by=BY_MEMBER, key=f"exchange/{id}", chain=ACCOUNT_CHAIN)
    book(hub, id, event, order, told=told)


def declined(hub: Hub, id: str, code: str) -> None:
    hub.within(lambda writer: let_go(writer, id, "declined", hub.now(), code=code))


# what is written


def book(
    hub: Hub, id: str, event: Event, order: Order, *, why: str = "", told: ExchangeTold | None = None
) -> ErrandRow | None:
    """The operation with the row's next state, where the table has it; None: it was there before. As of the moment at
    which he ordered it: what has died since was alive. Raises hub.bearing.NotApplied."""
    with hub.store.reading() as reader:
        kept = kept_of(reader.errands([id])[id])
    wrote: ErrandRow | None = None

    def decide(writer: Writer) -> Said:
        nonlocal wrote
        row, wrote = _locked(writer, id), None
        if not is_lawful(row, event):
            return Said(())
        wrote = _told(stepped(row, event, hub.now(), by=order.by, why=why), told)
        bodies = [_body(wrote, why)] if wrote.state == "done" else []
        return Said(bodies, errands=[wrote], whole=True)

    hub.bear_after(
        kept.programme,
        decide,
        chain=order.chain,
        asked=order.key,
        by=order.by,
        at=datetime.fromisoformat(kept.made_at),
    )
    return wrote


def _body(row: ErrandRow, why: str) -> PointsToPartner:
    kept = kept_of(row)
    return PointsToPartner(
        member=row.member,
        partner=kept.partner,
        points=kept.points,
        units=kept.units,
        unit=kept.unit,
        exchange=row.id,
        theirs=kept.theirs,
        reason=why,
    )


def let_go(
    writer: Writer, id: str, event: Event, now: datetime, *, by: str = "", why: str = "", code: str = ""
) -> ErrandRow | None:
    """Its points are free again, unless it has ended; None: it had."""
    row = _locked(writer, id)
    if not is_lawful(row, event):
        log.warning("exchange %s is %s, and the partner says: %s", id, row.state, event)
        return None
    row = stepped(row, event, now, by=by, why=why)
    row = with_kept(row, msgspec.structs.replace(kept_of(row), code=code))
    owner = owner_of(writer, row)
    hold = hold_of(writer, owner.member, id) if owner is not None else None
    writer.write(Rows(errands=[row], holds=[hold._replace(state="voided")] if hold is not None else []))
    return row


def _write(writer: Writer, id: str, event: Event, now: datetime, *, due_at: datetime | None = None) -> None:
    row = _locked(writer, id)
    if is_lawful(row, event):
        writer.write(Rows(errands=[stepped(row, event, now, due_at=due_at)]))


def _told(row: ErrandRow, told: ExchangeTold | None) -> ErrandRow:
    if told is None:
        return row
    return with_kept(row, msgspec.structs.replace(kept_of(row), theirs=told.id, told_units=told.units))


def _locked(writer: Writer, id: str) -> ErrandRow:
    """After its member, as everything else does it."""
    owner_of(writer, writer.errands([id])[id])
    return writer.locked_errands([id])[id]


def owner_of(writer: Writer, row: ErrandRow) -> MemberRow | None:
    """Whoever he is now, held until this is written."""
    return stands_for(lambda id: writer.locked_members([id]).get(id), row.member)
