"""What an operation of ours changes in the till's own file at once, before the hub has heard of it.

`done` runs in the transaction that makes the operation exist. `kept` lays the same over the hub's word, for as long
as the hub has not heard of it: a lost card must not come back to life with a page. `undone` takes it back when the hub
refuses it. `found` does it where the operation comes back to a file that may know of it already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from loyalty.bodies import (
    COUPON_USED,
    CardBlocked,
    CardIssued,
    CardMadeVirtual,
    CardReissued,
    CardUnblocked,
    Fiscal,
    FiscalAdded,
    HoldVoided,
    Return,
    Sale,
)
from loyalty.cards import CardStatus
from loyalty.operation import Key, Operation
from offline_cache import certificate_deeds as certificates
from offline_cache.coupons import give_back, left_of, use_here
from offline_cache.members import add_member
from storage import engine
from storage.sqlite_file import FileError

Act = Callable[[Any, engine.Connection, Operation, Any], None]  # the operation, and its body besides


@dataclass(frozen=True, slots=True)
class Deed:
    done: Act
    kept: Act | None = None  # None: a page of the hub cannot undo it
    undone: Act | None = None  # None: what happened stays, though the hub refuses it
    found: Act | None = None  # None: as it is kept, else as it is done

    @property
    def found_again(self) -> Act:
        return self.found or self.kept or self.done


def _sale(sql: Any, connection: engine.Connection, operation: Operation, sale: Sale) -> None:
    known = {deviation.note for deviation in sale.deviations if deviation.kind == COUPON_USED}
    for coupon in sale.coupons:
        if coupon.serial in known:
            continue
        is_left = left_of(sql, connection, coupon.serial, coupon.uses) > 0
        if not is_left or not use_here(sql, connection, coupon.serial, operation.key):
            raise FileError(f"coupon {coupon.serial} was used before")
    certificates.paid_with(sql, connection, operation, sale.tenders)
    _keep_fiscal(sql, connection, operation.key, sale.fiscal)


def _sale_found(sql: Any, connection: engine.Connection, operation: Operation, sale: Sale) -> None:
    known = {deviation.note for deviation in sale.deviations if deviation.kind == COUPON_USED}
    for coupon in sale.coupons:
        if coupon.serial not in known:
            use_here(sql, connection, coupon.serial, operation.key)
    certificates.paid_with(sql, connection, operation, sale.tenders)
    _keep_fiscal(sql, connection, operation.key, sale.fiscal)


def _fiscal_added(sql: Any, connection: engine.Connection, operation: Operation, added: FiscalAdded) -> None:
    _keep_fiscal(sql, connection, Key(added.of.generation, added.of.sequence), added.fiscal)


def _hold_voided(sql: Any, connection: engine.Connection, operation: Operation, voided: HoldVoided) -> None:
    """The hub's alone: what a till reserves stands with its receipt."""


def _keep_fiscal(sql: Any, connection: engine.Connection, sale: Key, documents: Iterable[Fiscal]) -> None:
    """A customer who brings goods back has the fiscal receipt in hand."""
    for document in documents:
        sql.add_fiscal_document(
            connection,
            document=plain_number(document.document),
            sign=plain_number(document.sign),
            generation=sale.generation,
            sequence=sale.sequence,
        )


def plain_number(text: str) -> str:
    """Without leading zeros: a device, its QR and a POS write them differently."""
    return text.lstrip("0")


def _return(sql: Any, connection: engine.Connection, operation: Operation, back: Return) -> None:
    for serial in back.coupons:
        give_back(sql, connection, serial, operation.key)
    certificates.given_back(sql, connection, operation, back.tenders)
    if back.of.chain == operation.chain:
        sql.add_return(
            connection,
            of_generation=back.of.generation,
            of_sequence=back.of.sequence,
            generation=operation.generation,
            sequence=operation.sequence,
        )
    else:
        sql.add_return_elsewhere(
            connection,
            of_chain=back.of.chain,
            of_generation=back.of.generation,
            of_sequence=back.of.sequence,
            generation=operation.generation,
            sequence=operation.sequence,
        )


def _issued(sql: Any, connection: engine.Connection, operation: Operation, issued: CardIssued) -> None:
    _must_be_blank(sql, connection, issued.card)
    add_member(sql, connection, issued.member)
    _save(sql, connection, issued.card, issued.member, "issued")
    _given(sql, connection, issued.card, virtual=issued.virtual)


def _given(sql: Any, connection: engine.Connection, card: str, *, virtual: bool) -> None:
    """There is one less of those that can be given out."""
    if virtual:
        sql.use_virtual_number(connection, number=card)
    else:
        sql.take_blank(connection)


def _issued_found(sql: Any, connection: engine.Connection, operation: Operation, issued: CardIssued) -> None:
    """What the hub tells of the member or the card is newer."""
    if sql.find_member(connection, member=issued.member) is None:
        add_member(sql, connection, issued.member)
    if sql.find_card(connection, number=issued.card) is None:
        _save(sql, connection, issued.card, issued.member, "issued")


def _not_issued(sql: Any, connection: engine.Connection, operation: Operation, issued: CardIssued) -> None:
    """Another has the card; what the hub tells of it is not touched."""
    sql.forget_card(connection, number=issued.card, member=issued.member)


def _reissued(
    sql: Any, connection: engine.Connection, operation: Operation, reissued: CardReissued | CardMadeVirtual
) -> None:
    _must_be_blank(sql, connection, reissued.new_card)
    _replaced(sql, connection, operation, reissued)
    _given(sql, connection, reissued.new_card, virtual=isinstance(reissued, CardMadeVirtual))


def _replaced(
    sql: Any, connection: engine.Connection, operation: Operation, reissued: CardReissued | CardMadeVirtual
) -> None:
    old = sql.find_card(connection, number=reissued.old_card)
    if old is None:  # it comes back to a file that knows neither
        return
    status = _freed(sql, connection, reissued.member) if old[2] == "blocked" else old[2]
    _save(sql, connection, reissued.old_card, reissued.member, "replaced")
    _save(sql, connection, reissued.new_card, reissued.member, status, old[3])


def _not_replaced(
    sql: Any, connection: engine.Connection, operation: Operation, reissued: CardReissued | CardMadeVirtual
) -> None:
    """The old card is as good as it was, until the hub tells more of it."""
    new = sql.find_card(connection, number=reissued.new_card)
    if new is not None and new[1] == reissued.member:
        sql.forget_card(connection, number=reissued.new_card, member=reissued.member)
        if sql.find_card(connection, number=reissued.old_card) is not None:  # else it was refused itself
            status = _freed(sql, connection, reissued.member) if new[2] == "replaced" else new[2]
            _save(sql, connection, reissued.old_card, reissued.member, status, new[3])


def _blocked(sql: Any, connection: engine.Connection, operation: Operation, blocked: CardBlocked) -> None:
    card = sql.find_card(connection, number=blocked.card)
    if card is not None and card[2] == "active":
        sql.note_registered(connection, member=blocked.member)
    _save(sql, connection, blocked.card, blocked.member, "blocked")


def _unblocked(sql: Any, connection: engine.Connection, operation: Operation, unblocked: CardUnblocked) -> None:
    """It earns at once; whether it may redeem is the hub's word."""
    _save(sql, connection, unblocked.card, unblocked.member, "issued")


def _freed(sql: Any, connection: engine.Connection, member: str) -> CardStatus:
    """Of a card in the place of a blocked one: as good as its member is registered, as far as this till has seen it;
    else it earns at once, and whether it may redeem is the hub's word."""
    return "active" if sql.is_registered(connection, member=member) is not None else "issued"


def _must_be_blank(sql: Any, connection: engine.Connection, card: str) -> None:
    """The cashier took a blank card; since then the hub may have told us that another till gave it out."""
    if sql.find_card(connection, number=card) is not None:
        raise FileError(f"card {card} has an owner already")


def _save(
    sql: Any,
    connection: engine.Connection,
    card: str,
    member: str,
    status: str,
    active_from: str | None = None,
) -> None:
    sql.save_card(connection, number=card, member=member, status=status, active_from=active_from)


DEEDS: Final[Mapping[str, Deed]] = {
    "sale": Deed(_sale, found=_sale_found),
    "return": Deed(_return),
    "fiscal_added": Deed(_fiscal_added),
    "hold_voided": Deed(_hold_voided),
    "card_issued": Deed(_issued, undone=_not_issued, found=_issued_found),
    "card_reissued": Deed(_reissued, kept=_replaced, undone=_not_replaced),
    "card_made_virtual": Deed(_reissued, kept=_replaced, undone=_not_replaced),
    "card_blocked": Deed(_blocked, kept=_blocked),
    "card_unblocked": Deed(_unblocked, kept=_unblocked),
    "certificate_sold": Deed(certificates.sold),
    "certificate_refunded": Deed(certificates.refunded),
    "certificate_blocked": Deed(certificates.blocked),
    "certificate_replaced": Deed(certificates.replaced),
}
