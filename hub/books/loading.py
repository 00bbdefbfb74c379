"""Reads what a batch needs, each table once: cards that are shown for their owners, the members (locked), and then
what is theirs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from hub.books.certificate_ledger import load_certificates
from hub.books.claims import claims_of
from hub.books.coupon_loading import load_coupons, whose_coupons
from hub.books.coupon_rows import NO_RULES, CouponRules
from hub.books.ledger import Ledger, Loaded
from hub.books.needs import Needs, Whose, needs_of
from hub.merges import stands_for
from hub.store.records import LotKey, LotRow, MemberRow
from hub.store.seam import Writer
from loyalty.bodies import Sale
from loyalty.operation import Operation, read_operation


def load(writer: Writer, operations: Iterable[Operation], now: datetime, coupons: CouponRules = NO_RULES) -> Ledger:
    """Everything that these operations look at or change, locked against others. A return of a sale in the same batch
    finds its sale there. `now`: by the hub's clock."""
    needs = needs_of(operations)
    loaded = Loaded()
    _sales(writer, needs, loaded)
    whose_coupons(writer, needs)
    shown = {whose.card for whose in needs.whose if whose.card is not None and whose.member is None}
    owners = _owners(writer, shown)
    _members(writer, loaded, {whose.member or owners.get(whose.card or "", "") for whose in needs.whose} - {""})
    if lost := {whose.card for whose in needs.whose if whose.card and whose.member not in {None, *loaded.members}}:
        by_card = _owners(writer, lost)
        _members(writer, loaded, set(by_card.values()) - loaded.members.keys())
        owners, shown = owners | by_card, shown | lost
    _cards(writer, needs, loaded, shown)
    _lots(writer, needs, loaded, owners)
    if needs.sales:
        loaded.restored = writer.restored(needs.sales)
    if needs.serials or needs.all_of:
        using = _members_of(loaded, needs.using, owners)
        merging = _standing(loaded, needs.all_of)
        loaded.coupons = load_coupons(writer, needs, using, merging, _standing(loaded, needs.taken_in))
    for day in writer.days_of(_standing(loaded, needs.all_of), "") if needs.all_of else ():
        loaded.days.setdefault(day.member, []).append(day)
    for done in writer.once_of(_standing(loaded, needs.once)) if needs.once else ():
        loaded.once.setdefault(done.member, set()).add(done.what)
    if holding := _members_of(loaded, needs.holds, owners):
        loaded.holds = {hold.key: hold for hold in writer.holds_of(sorted(holding))}
    if agreeing := _members_of(loaded, needs.consents, owners):
        loaded.consents = {row.key: row for row in writer.consents_of(sorted(agreeing))}
    if collecting := _members_of(loaded, needs.stickers, owners):
        loaded.stickers = writer.stickers_of(sorted(collecting))
    if needs.earlier:
        loaded.earlier = {row.key: row for row in writer.earlier_sales(needs.earlier)}
    if needs.certificates:
        loaded.certificates = load_certificates(writer, needs.certificates, needs.certificate_sales)
    return Ledger(loaded, now, coupons)


def _sales(writer: Writer, needs: Needs, loaded: Loaded) -> None:
    """The sales that goods come back from, what they took, and whose they were: those members are needed too."""
    if not needs.sales:
        return
    loaded.sales = writer.operations(needs.sales)
    loaded.claims = claims_of(writer, needs.sales)
    needs.whose.update(Whose(claim.member) for claim in loaded.claims.values())
    for entry in writer.entries_of(needs.sales):
        loaded.taken.setdefault(entry.place, []).append(entry)
    for sale in (read_operation(kept.text).body for kept in loaded.sales.values() if kept.reason is None):
        if isinstance(sale, Sale) and (sale.member is not None or sale.card is not None):
            needs.whose.add(Whose(sale.member, sale.card))


def _owners(writer: Writer, cards: set[str]) -> dict[str, str]:
    return {number: card.member for number, card in writer.cards(cards).items()} if cards else {}


def _members(writer: Writer, loaded: Loaded, wanted: set[str]) -> None:
    """And those into whom they went, however many times; locked, in one order."""
    while wanted:
        found = writer.locked_members(sorted(wanted))
        loaded.members |= found
        wanted = {row.merged_into for row in found.values() if row.merged_into} - loaded.members.keys()


def _cards(writer: Writer, needs: Needs, loaded: Loaded, shown: set[str]) -> None:
    """Read once their members are locked: before, somebody else might have changed them."""
    if needs.cards or shown:
        loaded.cards = writer.cards(needs.cards | shown)
    if needs.cards_of:
        held = writer.cards_of(_standing(loaded, needs.cards_of))
        loaded.cards |= {card.number: card for card in held}


def _lots(writer: Writer, needs: Needs, loaded: Loaded, owners: dict[str, str]) -> None:
    spending = _members_of(loaded, needs.spends, owners)
    rows: list[LotRow] = writer.open_lots(sorted(spending), needs.since) if spending else []
    if needs.all_of:
        rows = rows + writer.lots_of(_standing(loaded, needs.all_of))
    loaded.lots = {row.key: row for row in rows}
    named = {LotKey(row.member, lot) for whose, lot in needs.named if (row := _row(loaded, whose, owners))}
    named |= _taken_from(loaded, spending)
    if missing := named - loaded.lots.keys():
        loaded.lots |= writer.lots(sorted(missing))


def _taken_from(loaded: Loaded, spending: set[str]) -> set[LotKey]:
    """The lots that returned sales took from: with whoever has them now."""
    keys = set()
    for entry in (entry for entries in loaded.taken.values() for entry in entries):
        row = _row(loaded, Whose(entry.member), {})
        if row and entry.lot is not None and row.member in spending:
            keys.add(LotKey(row.member, entry.lot))
    return keys


def _row(loaded: Loaded, whose: Whose, owners: dict[str, str]) -> MemberRow | None:
    """The member as he stands now."""
    id = whose.member if whose.member in loaded.members else owners.get(whose.card or "")
    return stands_for(loaded.members.get, id) if id else None


def _members_of(loaded: Loaded, wanted: Iterable[Whose], owners: dict[str, str]) -> set[str]:
    return {row.member for whose in wanted if (row := _row(loaded, whose, owners))}


def _standing(loaded: Loaded, members: Iterable[str]) -> list[str]:
    return sorted({row.member for member in members if (row := _row(loaded, Whose(member), {}))})
