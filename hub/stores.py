"""Shops whose tills are told of those alone who are seen there: whom that is, and that they hear of every change.

A shop has a partition of the feed for each programme. Somebody is seen in a shop who buys there, whom a till of it
asks for, whom the office sends; for `keep_days` from then on. All of it inside the caller's transaction, and decided
once the members are locked; a ledger without such shops pays one look for each transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from hub.store.office_records import SeenKey, SeenRow, StoreRow
from hub.store.records import ChangeRow
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from sync.protocol import CHAIN, SHOP

RENEWED_AFTER: Final = timedelta(days=1)  # whoever buys daily is written anew once a day
STORE_LETTERS_MAX: Final = 60 - len(SHOP)  # a scope names the store, and is so long (sync/protocol.py)


class Happened(NamedTuple):
    """An operation that was applied. `store`: where, if it says so; `sold_in`: of a return, the store of its sale;
    `serials`: coupons that it used up or gave back, or (`everywhere`) that nobody is to use any more; `gone`: who went
    into the last of `members`."""

    store: str
    members: tuple[str, ...]
    serials: tuple[str, ...] = ()
    sold_in: str = ""
    gone: str | None = None
    everywhere: bool = False


def partition_of_store(store: str, programme: str) -> str:
    """Where the store's tills read of whoever is seen there."""
    return f"store:{store}/{programme}"


def scope_of(shop: StoreRow | None) -> str:
    """How a till is told whom it is told of."""
    return SHOP + shop.store if shop is not None else CHAIN


def shop_of(reader: Reader, store: str) -> StoreRow | None:
    """The store, if its tills are told of its own members alone."""
    row = reader.named_stores([store]).get(store) if store else None
    return row if row is not None and row.members == "shop" else None


def is_seen(row: SeenRow | None, at: datetime) -> bool:
    return row is not None and row.until > at


# after operations


def tell_shops(writer: Writer, rows: Rows, at: datetime, happened: Sequence[Happened] = ()) -> None:
    """Before `rows` are written: who was seen where, and the shops' own changes."""
    if not rows.changes or not writer.has_shops():
        return
    members = {change.key for change in rows.changes if change.kind == "member"}
    known = {row.key: row for row in writer.seen_of(sorted(members))}
    named = {key.store for key in known} | {store for one in happened for store in (one.store, one.sold_in)} - {""}
    shops = {store: row for store, row in writer.named_stores(sorted(named)).items() if row.members == "shop"}
    for row in _seen_now(known, shops, at, happened):
        known[row.key] = row
        rows.seen.append(row)
    if any(one.everywhere for one in happened):
        shops |= {store: row for store, row in writer.stores().items() if row.members == "shop"}
    where = _where(known.values(), shops)
    rows.changes += [
        *_changes_of_members(rows.changes, where),
        *_changes_of_coupons(rows.changes, where, happened, shops),
    ]


def _seen_now(
    known: Mapping[SeenKey, SeenRow], shops: Mapping[str, StoreRow], at: datetime, happened: Iterable[Happened]
) -> Iterator[SeenRow]:
    """Rows that are new or others than they were, each once."""
    until = dict[SeenKey, datetime]()
    for one in happened:
        for shop, member in ((shops[one.store], member) for member in one.members if one.store in shops):
            until[SeenKey(member, shop.store)] = at + timedelta(days=shop.keep_days)
        for key, end in _inherited(known, until, one):
            until[key] = end
    for key, end in until.items():
        if _is_worth_it(known.get(key), end):
            yield SeenRow(*key, end)


def _inherited(
    known: Mapping[SeenKey, SeenRow], until: dict[SeenKey, datetime], one: Happened
) -> Iterator[tuple[SeenKey, datetime]]:
    """Whoever knew the one who has gone into another knows that one now."""
    if one.gone is None:
        return
    ends = {key: row.until for key, row in known.items()} | until
    for key, end in [(key, end) for key, end in ends.items() if key.member == one.gone]:
        into = SeenKey(one.members[-1], key.store)
        yield into, max(end, ends.get(into, end))


def _is_worth_it(row: SeenRow | None, until: datetime) -> bool:
    return row is None or until - row.until >= RENEWED_AFTER


def _where(seen: Iterable[SeenRow], shops: Mapping[str, StoreRow]) -> dict[str, list[str]]:
    """The shops that know a member, be it that his time there is over: they hear so all the earlier."""
    found: dict[str, list[str]] = {}
    for row in seen:
        if row.store in shops:
            found.setdefault(row.member, []).append(row.store)
    return found


def _changes_of_members(changes: Iterable[ChangeRow], where: Mapping[str, Collection[str]]) -> list[ChangeRow]:
    return [
        change._replace(partition=partition_of_store(store, change.partition))
        for change in changes
        if change.kind == "member"
        for store in where.get(change.key, ())
    ]


def _changes_of_coupons(
    changes: Iterable[ChangeRow],
    where: Mapping[str, Collection[str]],
    happened: Iterable[Happened],
    shops: Mapping[str, StoreRow],
) -> list[ChangeRow]:
    """A right that was used up or given back is told where that was, where it had been used, and wherever its member
    is known; one that is revoked, everywhere."""
    concerned: dict[str, dict[str, None]] = {}
    for one in happened:
        stores = [store for store in (one.store, one.sold_in) if store in shops]
        stores += [store for member in one.members for store in where.get(member, ())]
        stores += shops if one.everywhere else ()
        for serial in one.serials:
            concerned.setdefault(serial, {}).update(dict.fromkeys(stores))
    return [
        change._replace(partition=partition_of_store(store, change.partition))
        for change in changes
        if change.kind == "coupon"
        for store in concerned.get(change.key, ())
    ]


# without an operation


def is_news(reader: Reader, store: str, member: str, at: datetime) -> bool:
    """Would `see` write anything?"""
    shop = shop_of(reader, store)
    if shop is None:
        return False
    key = SeenKey(member, store)
    return _is_worth_it(reader.seen([key]).get(key), at + timedelta(days=shop.keep_days))


def see(writer: Writer, store: str, members: Collection[str], at: datetime) -> int:
    """These members are seen in a shop. How many its tills did not know."""
    shop = shop_of(writer, store)
    if shop is None:
        return 0
    here = writer.locked_members(sorted(members))
    known = writer.seen([SeenKey(member, store) for member in here])
    until = at + timedelta(days=shop.keep_days)
    rows = [
        SeenRow(member, store, until)
        for member in sorted(here)
        if _is_worth_it(known.get(SeenKey(member, store)), until)
    ]
    new = [row.member for row in rows if not is_seen(known.get(row.key), at)]
    told = [ChangeRow(partition_of_store(store, here[member].programme), "member", member) for member in new]
    writer.write(Rows(seen=rows, changes=told))
    return len(new)


def keep_store(writer: Writer, row: StoreRow) -> None:
    """New, or another than it was. Tills of a store whose `members` is another now begin their feed anew; of what
    happened while it was the chain's, the shop's own feed says nothing, so all who are seen there are told again."""
    before = writer.named_stores([row.store]).get(row.store)
    rows = Rows(stores=[row])
    if before is not None and (before.members, row.members) == ("chain", "shop"):
        seen = [one.member for one in writer.all_seen() if one.store == row.store]
        here = writer.members(seen)
        rows.changes = [ChangeRow(partition_of_store(row.store, here[one].programme), "member", one) for one in seen]
    writer.write(rows)
