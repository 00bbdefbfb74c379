"""What the ledger's tables hold, told row by row to whoever compares it with what the operations say. What a table
says against itself is a fault at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Final, TypeVar

from hub.audit import certificates, coupons
from hub.audit.coupons import tell_coupons
from hub.audit.fingerprints import Says
from hub.audit.follow import Faults
from hub.audit.ledger import NO_LONGER, Whose
from hub.goods import told
from hub.store.office_records import SeenRow
from hub.store.records import HoldRow, LotRow, MemberRow
from hub.store.seam import Reader
from loyalty.utc import utc_text

TABLES = frozenset(
    {
        *("member", "registered", "debt", "card", "replaced card", "blocked", "lot", "holding", "expired"),
        *("spent", "redeemed", "offline", "coupon", "return", "named"),
        *("consent", "withdrawn consent", "earlier sale", "stickers", "sticker entry"),
        *(coupons.USES | coupons.COUNTED | coupons.MADE),
        *certificates.TABLES,
    }
)

FIRST_DAY: Final = date(2000, 1, 1)  # of prices: none is from before

_Theirs = TypeVar("_Theirs", HoldRow, SeenRow)


class Unreadable(Exception):
    """A table holds what its columns cannot mean, such as a moment that is none: nothing behind it can be read."""


@contextmanager
def readable(table: str) -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise Unreadable(f"{table}: a row cannot be read: {error}") from error


def tell_members(reader: Reader, says: Says, faults: Faults) -> Whose:
    """The members, and who went into whom."""
    merged: dict[str, str] = {}
    for row in reader.all_members():
        says.kept("member", (row.member, row.programme))
        says.kept("registered", (row.member,), int(row.registered))
        says.kept("debt", (row.member,), row.debt)
        if row.merged_into is not None:
            merged[row.member] = row.merged_into
        faults.extend(_member_faults(row))
    return Whose(merged)


def tell_tables(reader: Reader, whose: Whose, says: Says, faults: Faults, wanted: Collection[str] = TABLES) -> None:
    """All others, as far as they are wanted."""
    if not {"card", "replaced card", "blocked"}.isdisjoint(wanted):
        with readable("cards"):
            _cards(reader, says)
    if not {"lot", "holding", "expired"}.isdisjoint(wanted):
        with readable("lots"):
            _lots(reader, whose, says, faults)
    if not {"spent", "redeemed", "offline"}.isdisjoint(wanted):
        _days(reader, says)
    if not {"stickers", "sticker entry"}.isdisjoint(wanted):
        _stickers(reader, whose, says, faults)
    with readable("coupons"):
        tell_coupons(reader, whose, says, faults.add, wanted)
    if "named" in wanted:
        for row in reader.all_named():
            says.kept("named", tuple(row))
    if "return" in wanted:
        for back in reader.all_returns():
            says.kept("return", tuple(back))
    if not {"consent", "withdrawn consent"}.isdisjoint(wanted):
        with readable("consents"):
            _consents(reader, whose, says)
    if not certificates.TABLES.isdisjoint(wanted):
        with readable("certificates"):
            faults.extend(certificates.tell_certificates(reader, says))
    if "earlier sale" in wanted:
        for sale in reader.all_earlier_sales():
            says.kept("earlier sale", tuple(sale))


def _member_faults(row: MemberRow) -> Iterator[str]:
    if row.debt < 0:
        yield f"member {row.member}: owes {row.debt}"
    if row.merged_into is not None and row.debt:
        yield f"member {row.member}: owes {row.debt}, and went into {row.merged_into}"


def _cards(reader: Reader, says: Says) -> None:
    for row in reader.all_cards():
        says.kept("card", (row.number, row.member))
        if row.status == "replaced" or row.successor is not None:
            says.kept("replaced card", (row.number, row.successor if row.status == "replaced" else row.status))
        if row.status == "blocked":
            says.kept("blocked", (row.number,))


def _lots(reader: Reader, whose: Whose, says: Says, faults: Faults) -> None:
    merged = whose.merged
    for row in reader.all_lots():
        member, lot, granted, remaining, expired, active_from, expires_at = row
        says.kept("lot", (member, lot, granted, active_from, NO_LONGER if member in merged else expires_at))
        says.kept("holding", (member, lot), remaining)
        says.kept("expired", (member, lot), expired)
        if min(remaining, expired) < 0 or remaining + expired > granted:
            faults.add(f"lot {lot} of {member}: was {granted}, holds {remaining}, {expired} of it expired")
        if member in merged and (remaining or expired):
            faults.add(f"lot {lot} of {member}: {_left(row)}, and he went into {merged[member]}")


def _left(row: LotRow) -> str:
    return f"holds {row.remaining}, {row.expired} of it expired"


def _days(reader: Reader, says: Says) -> None:
    for member, day, redeemed, offline, spent in reader.all_days():
        says.kept("redeemed", (member, day), redeemed)
        says.kept("offline", (member, day), offline)
        says.kept("spent", (member, day), spent)


def _stickers(reader: Reader, whose: Whose, says: Says, faults: Faults) -> None:
    """Each balance is the sum of its entries, and each entry is an operation's."""
    for entry in reader.all_sticker_entries():
        says.kept("sticker entry", (*entry.place, whose.last(entry.member), entry.collection), entry.stickers)
        says.said("stickers", (entry.member, entry.collection), entry.stickers)
    for member, collection, count in reader.all_stickers():
        says.kept("stickers", (member, collection), count)
        if member in whose.merged and count:
            faults.add(f"stickers {collection} of {member}: {count}, and he went into {whose.merged[member]}")


def _consents(reader: Reader, whose: Whose, says: Says) -> None:
    """Of two that became one person's at one moment, one stays where it was."""
    for row in reader.all_consents():
        key = (whose.last(row.member), row.what, utc_text(row.given_at))
        says.kept("consent", (*key, row.document, row.source))
        if row.withdrawn_at is not None:
            says.kept("withdrawn consent", (*key, utc_text(row.withdrawn_at)))


def promise_faults(reader: Reader) -> Iterator[str]:
    """Of holds, and of who is seen where, no operation says that they must be; but each is a member's, and a shop's."""
    with readable("holds"):
        for hold in _of_nobody(reader, reader.all_holds()):
            yield f"hold {hold.hold} of {hold.member}: there is no such member"
    with readable("certificates' holds"):
        yield from certificates.hold_faults(reader)
    stores = reader.stores()
    with readable("seen"):
        for seen in _of_nobody(reader, reader.all_seen()):
            yield f"member {seen.member}, seen in {seen.store}: is not there"
        for store in sorted({seen.store for seen in reader.all_seen()} - stores.keys()):
            yield f"store {store}: members are seen there, and it is not there"


def goods_faults(reader: Reader) -> Iterator[str]:
    """No operation says what goods are; but a till must be able to keep what is told of them."""
    for row in reader.all_goods():
        try:
            told(row, "", "", FIRST_DAY)
        except (ValueError, RecursionError) as error:
            yield f"goods {row.article}: tills cannot be told of them: {error}"


def published_faults(reader: Reader) -> Iterator[str]:
    """Tills are told of them, and ask for their files."""
    with readable("published"):
        rows = reader.published()
        there = reader.programmes({row.hash for row in rows})
        for row in rows:
            if row.hash not in there:
                yield f"programme {row.programme}, version {row.version}: its file is not on the shelf"


def _of_nobody(reader: Reader, rows: Iterable[_Theirs]) -> Iterator[_Theirs]:
    """Both come in the order of members, so each table is gone through once."""
    members = (row.member for row in reader.all_members())
    at = next(members, None)
    for row in rows:
        while at is not None and at < row.member:
            at = next(members, None)
        if at != row.member:
            yield row
