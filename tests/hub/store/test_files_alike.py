"""A file of members comes into both databases alike, also over those who are there, also after it was cut short."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from hub.audit.verify import verify
from hub.brought.kind import Around
from hub.brought.reading import read_brought
from hub.brought.receipts import RECEIPTS
from hub.brought.taking import Bringing
from hub.build import build_programmes
from hub.earlier import with_card, with_number
from hub.files.checked import CheckedRows
from hub.files.members_file import read_members
from hub.hub import Hub
from hub.importing import Import
from hub.members import NewMember
from hub.reconciling import Sheet, reconciled
from hub.store.office_records import SeenRow, StoreRow
from hub.store.records import ProfileRow
from hub.store.rows import Rows
from hub.store.seam import Store
from hub.stores import keep_store, partition_of_store
from hub.taking import ROWS_AT_ONCE
from loyalty.bodies import CardReissued, MemberJoined, SaleNumber
from tests.hub.conftest import Pen

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PROGRAMMES = build_programmes()
ROWS = 450  # in more than two transactions


@pytest.fixture
def hub(store: Store) -> Iterator[Hub]:
    hub = Hub(store, now=lambda: NOW, programmes=PROGRAMMES)
    yield hub
    assert verify(hub.store, hub.zone_of).faults == ()


def rows(first: int, last: int, tail: str) -> CheckedRows[NewMember]:
    """Member n has card n and n points."""
    text = "card,points,member,favourites\n" + "".join(f"{n},{n},m{n},{tail}\n" for n in range(first, last))
    return read_members(io.BytesIO(text.encode()), PROGRAMMES, programme="alenka").rows


def done(hub: Hub, table: Callable[[], CheckedRows[NewMember]], digest: str, **how: bool) -> Sheet:
    """Begun, cut short after a transaction, and begun anew to its end."""
    next(Import(hub, table(), digest, **how).steps())
    importing = Import(hub, table(), digest, **how)
    assert importing.progress.rows == ROWS_AT_ONCE
    for _ in importing.steps():
        pass
    with hub.store.reading() as reader:
        return reconciled(reader, importing.rows, importing.progress, file="f", ledger="l")


def test_a_file_that_is_cut_short_is_taken_once(hub: Hub) -> None:
    sheet = done(hub, lambda: rows(1, ROWS, "чай"), "f")
    assert (sheet.joined, sheet.joined_points, sheet.faults) == (ROWS - 1, sum(range(ROWS)), ())
    assert hub.balances("alenka") == {f"m{n}": n for n in range(1, ROWS)}


def test_who_is_there_is_told_anew_where_he_is_known_and_keeps_his_points(hub: Hub) -> None:
    for _ in Import(hub, rows(1, 301, "чай"), "f").steps():
        pass
    hub.within(lambda writer: keep_store(writer, StoreRow("s1", members="shop")))

    seen = SeenRow("m7", "s1", NOW + timedelta(days=60))
    hub.within(lambda writer: writer.write(Rows(seen=[seen])))
    sheet = done(hub, lambda: rows(1, ROWS, "чай|мёд"), "g", update=True)
    assert (sheet.joined, sheet.updated, sheet.unchanged, sheet.faults) == (ROWS - 301, 300, 0, ())
    assert sheet.standing_points == sum(range(301)) and sheet.joined_points == sum(range(301, ROWS))
    again = done(hub, lambda: rows(1, ROWS, "чай|мёд"), "h", update=True)
    assert (again.joined, again.updated, again.unchanged, again.faults) == (0, 0, ROWS - 1, ())
    assert hub.balances("alenka") == {f"m{n}": n for n in range(1, ROWS)}
    with hub.store.reading() as reader:
        told = reader.changes(partition_of_store("s1", "alenka"), "", 100)
    assert [change.key for change in told] == ["m7"]
    anna = hub.snapshot("m7")
    assert anna is not None and anna.favourites == ("чай", "мёд")


def test_two_rows_of_one_member_tell_of_him_together(hub: Hub) -> None:
    """He has a new card, and the file still has the old one too."""
    hub.bear("alenka", MemberJoined(member="anna", card="c1", registered=True))
    reissued = CardReissued(
        sale=SaleNumber(day="2026-03-02", number="1"), member="anna", old_card="c1", new_card="c2", fee_kopecks=0
    )
    assert [answer.result for answer in hub.take("t1", [Pen().write(reissued)]).answers] == ["applied"]
    text = "card,phone,birthday\nc1,89161234567,\nc2,,17.05.1990\n"
    table = read_members(io.BytesIO(text.encode()), PROGRAMMES, programme="alenka").rows
    for _ in Import(hub, table, "f", update=True).steps():
        pass
    with hub.store.reading() as reader:
        assert reader.profiles(["anna"])["anna"] == ProfileRow("anna", "+79161234567", "1990-05-17", ())


def test_what_the_ledger_has_is_left_out_where_that_was_asked_for(hub: Hub) -> None:
    for _ in Import(hub, rows(100, 200, ""), "f").steps():
        pass
    sheet = done(hub, lambda: rows(1, ROWS, ""), "g", skip=True)
    assert [(left.kind, left.rows, left.points) for left in sheet.left_out] == [
        ("card_there", 100, sum(range(100, 200)))
    ]
    assert (sheet.joined, sheet.faults) == (ROWS - 101, ())


def receipts(hub: Hub) -> Bringing:
    """Of two lines each, of ten cards."""
    text = "store,date,number,card,name,sum\n" + "".join(
        f"s1,2025-11-02,{number},{number % 10},Tea,{number}.{line}0\n" for number in range(1, ROWS) for line in (1, 2)
    )
    around = Around(programmes=PROGRAMMES, now=NOW, programme="alenka")
    return Bringing(hub, RECEIPTS, read_brought(io.BytesIO(text.encode()), RECEIPTS, around).rows, "r", around)


def test_receipts_of_before_that_are_cut_short_are_taken_once(hub: Hub) -> None:
    next(receipts(hub).steps())
    importing = receipts(hub)
    assert importing.progress.rows == ROWS_AT_ONCE
    for _ in importing.steps():
        pass
    (one,) = with_number(hub, "s1", "2025-11-02", "17")
    assert (one.sale.total_kopecks, len(one.sale.lines)) == (3_430, 2)
    assert [found.sale.card for found in with_card(hub, "7")] == ["7"] * 45
    assert len(receipts(hub).rows) == ROWS - 1 and receipts(hub).done
