"""The second person of a gift that is too much for one: he approves it, and it is given, or refuses it.

Who has signed in is known by his id. Of who only says his name, that two names are two persons is believed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

import msgspec

from hub.hub import Hub
from hub.people.gifts import Given, gift_called, settings_of, state_words
from hub.people.grants import carried_out, life_of, quiet
from hub.people.orders import NotDone, Order, check_order, check_reason
from hub.store.rows import Rows
from hub.store.seam import Writer
from loyalty.utc import utc_text


def approve(hub: Hub, id: str, order: Order, told: Callable[[int], None] = quiet) -> Given:
    """Answer for it too, and give it; again where that was stopped. Raises NotDone."""
    check_order(order)
    return carried_out(hub, hub.within(partial(_approved, hub, id, order)), told)


def _approved(hub: Hub, id: str, order: Order, writer: Writer) -> Given:
    given, now = gift_called(writer, id), hub.now()
    if given.second is not None:
        return given
    _check_waits(given, now)
    if _is_one_person(given, order):
        raise NotDone(f"{given.by} ordered gift {id}: another person approves it, --by NAME.", code="gift_yours")
    given = msgspec.structs.replace(given, second=order.by, second_at=utc_text(now))
    life_of(hub, given)
    writer.write(Rows(settings=settings_of(given)))
    return given


def refuse(hub: Hub, id: str, why: str, order: Order) -> Given:
    """Nobody gets it; also by who ordered it. Raises NotDone."""
    check_order(order)
    check_reason(why)
    return hub.within(partial(_refused, hub, id, why, order))


def _refused(hub: Hub, id: str, why: str, order: Order, writer: Writer) -> Given:
    given, now = gift_called(writer, id), hub.now()
    _check_waits(given, now)
    given = msgspec.structs.replace(given, refused_at=utc_text(now), refused_by=order.by, refused_why=why)
    writer.write(Rows(settings=settings_of(given)))
    return given


def _check_waits(given: Given, now: datetime) -> None:
    """Raises NotDone."""
    if given.state(now) != "waits":
        raise NotDone(
            f"Gift {given.id} does not wait for a second person: {state_words(given, now) or 'it is given'}.",
            code="gift_waits_no_more",
        )


def _is_one_person(given: Given, order: Order) -> bool:
    """As far as ids, else names, say."""
    if given.person and order.person:
        return given.person == order.person
    return given.by.casefold().split() == order.by.casefold().split()
