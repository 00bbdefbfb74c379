"""Double entry: what an operation does to a member's lots and debt, as entries that sum to zero."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from hub.books.accounts import account_from, lot_of
from hub.books.ledger import Ledger
from hub.store.records import Account as AccountName
from hub.store.records import LotRow, Place, place_of
from loyalty.bodies import Adjustment, Grant, Return, Sale, SaleClaimed
from loyalty.effects import affected, lot_id
from loyalty.lots import Account, Taken
from loyalty.operation import Operation
from loyalty.utc import moment

Contra = Mapping[AccountName, int]  # points of the programme's accounts, as the operation says


def book(
    ledger: Ledger, operation: Operation, owner: str, contra: Contra, taken: tuple[Taken, ...] | None = None
) -> Account:
    """Book it as of its own moment; the account as it was before. `taken`: what the sale took that goods come back
    from. Raises loyalty.effects.Impossible, and then nothing has changed."""
    member = ledger.member(owner)
    assert member is not None
    before = account_from(member, ledger.lots_of(owner))
    after, granted = affected(before, operation, taken)
    own = lot_id(*place_of(operation))
    _book_lots(ledger, operation, owner, own, before, after)
    if granted:
        _make_lot(ledger, operation, owner, own, granted, after)
    ledger.owe(owner, after.debt - before.debt)
    for account, points in contra.items():
        ledger.enter(owner, account, points)
    ledger.enter(owner, "expired", -ledger.unbalanced)  # came back too late to live
    return before


def _book_lots(ledger: Ledger, operation: Operation, owner: str, own: str, before: Account, after: Account) -> None:
    """Lots that are others now: also empty ones that a return fills again, and filled ones that are empty. A lot that
    gets another end keeps it when it is emptied at once: a return may fill it again."""
    ends = _ends(operation)
    old = {lot.id: lot for lot in before.lots}
    new = {lot.id: lot for lot in after.lots}
    for id in dict.fromkeys((*old, *new)):
        was, now = old.get(id), new.get(id)
        if id == own or was is now or was == now:  # most are the very same
            continue
        row = ledger.lot(owner, id)
        assert row is not None, f"lot {id} of {owner} was not read"
        if now is None:
            ledger.put_lot(row._replace(remaining=0, expired=0, expires_at=ends.get(id, row.expires_at)))
        else:
            ledger.put_lot(row._replace(remaining=now.points, expired=now.expired, expires_at=now.expires_at))


def _ends(operation: Operation) -> dict[str, datetime | None]:
    body = operation.body
    return {end.lot: moment(end.expires_at) for end in body.ends} if isinstance(body, Adjustment) else {}


def _make_lot(ledger: Ledger, operation: Operation, owner: str, own: str, granted: int, after: Account) -> None:
    """The lot that the operation makes, though a debt may have taken all of it."""
    for lot in after.lots:
        if lot.id == own:
            ledger.put_own_lot(LotRow(owner, own, granted, lot.points, 0, lot.active_from, lot.expires_at))
            return
    ledger.put_own_lot(LotRow(owner, own, granted, 0, 0, *_life(operation)))


def _life(operation: Operation) -> tuple[datetime, datetime | None]:
    """From when to when a lot would live of which nothing is left."""
    body = operation.body
    start: str | None = None
    end: str | None = None
    if isinstance(body, Sale | SaleClaimed):
        start, end = body.accrued.active_from, body.accrued.expires_at
    elif isinstance(body, Return):
        end = body.restored.dead_until
    elif isinstance(body, Grant | Adjustment):
        start, end = body.active_from, body.expires_at
    return datetime.fromisoformat(start or operation.at), moment(end)


def taken_of(ledger: Ledger, owner: str, of: Place, restored: int) -> tuple[Taken, ...]:
    """What a sale took of which lot, oldest first, less so many points that are back already."""
    took = [entry for entry in ledger.entries_of(of) if entry.account == "member" and entry.points < 0]
    lots = [(ledger.lot(owner, entry.lot or ""), -entry.points) for entry in took]
    taken = [Taken(lot_of(row._replace(remaining=points, expired=0)), points) for row, points in lots if row]
    return _without_newest(taken, restored)


def _without_newest(still: list[Taken], points: int) -> tuple[Taken, ...]:
    """Points that were taken last came back first."""
    while points and still:
        lot, had = still.pop()
        back = min(points, had)
        points -= back
        if had > back:
            still.append(Taken(lot, had - back))
    return tuple(still)
