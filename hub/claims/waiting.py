"""Receipts that were brought before they had come: given when they come, refused when they do not."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from hub.account.act import BY_MEMBER
from hub.claims.bring import give
from hub.claims.claim import KIND, NEVER_CAME, Brought, Key, State, brought_in, found_by, with_state
from hub.errands.errand import Errand
from hub.hub import Hub
from hub.outside.services import NoAnswer, Services
from hub.people.orders import NotDone, Order
from hub.people.who import is_erased, people
from hub.store.errand_records import ErrandRow
from hub.store.records import Place
from hub.store.rows import Rows
from hub.store.seam import Writer
from loyalty.operation import ACCOUNT_CHAIN
from sync.receipts import SoughtReceipt


def step(hub: Hub, services: Services, row: ErrandRow) -> None:
    """Raises NoAnswer where it is waited for still."""
    brought = brought_in(row)
    late = hub.now() >= datetime.fromisoformat(brought.until)
    with hub.store.reading() as reader:
        owner = next((one for one in people(reader, [row.member]) if not is_erased(reader, one.member)), None)
        found = found_by(reader, brought.sought)
    if owner is None:
        _end(hub, row, "member_gone")
    elif found is not None:
        _give(hub, row, owner.member, found.kept.place, late=late)
    elif late:
        _end(hub, row, NEVER_CAME)
    else:
        raise NoAnswer("it has not come")


def _give(hub: Hub, row: ErrandRow, owner: str, of: Place, *, late: bool) -> None:
    order = Order(by=BY_MEMBER, key=f"claim/{row.id}", chain=ACCOUNT_CHAIN)
    try:
        shown = give(hub, owner, Key(brought_in(row).sought), of, order)
    except NotDone as error:  # the rules of its day are not here yet
        if not late:
            raise NoAnswer(str(error)) from error
        _end(hub, row, error.code)
        return
    if shown.state == "given":
        _end(hub, row, "", "given")  # it is so already, unless he has gone into another since he brought it
    else:
        _end(hub, row, shown.state)


def _end(hub: Hub, row: ErrandRow, why: str, state: State = "refused") -> None:
    def work(writer: Writer) -> None:
        kept = writer.locked_errands([row.id])[row.id]
        if kept.state == "waiting":
            writer.write(Rows(errands=[with_state(kept, state, hub.now(), why=why)]))

    hub.within(work)


def forget(writer: Writer, row: ErrandRow, now: datetime) -> ErrandRow:
    """Nobody finds his purchase by it any more."""
    nothing = Brought(sought=SoughtReceipt(), made_at=brought_in(row).made_at)
    state = "refused" if row.state == "waiting" else row.state
    return row._replace(about="", state=state, due_at=None, body=msgspec.json.encode(nothing).decode())


RECEIPT_CLAIM: Final = Errand(KIND, forget, step)
