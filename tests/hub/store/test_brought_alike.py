"""N1, B5: what files bring besides members comes into both databases alike: whole, once, with what was left out told;
also cut short, told again, or told by another file."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from hub.audit.verify import verify
from hub.brought.holders import Holders
from hub.brought.kind import Around
from hub.brought.kinds import BROUGHT
from hub.brought.reading import read_brought
from hub.brought.sheet import BroughtSheet, Counted, reconciled, told
from hub.brought.taking import Bringing
from hub.build import build_programmes
from hub.hub import Hub
from hub.importing import import_members
from hub.members import BadMembers, NewMember
from hub.people.orders import Order
from hub.people.profile import erase
from hub.store.seam import Store
from hub.taking import ROWS_AT_ONCE
from loyalty.bodies import CardBlocked, MemberMerged
from loyalty.operation import OFFICE_CHAIN
from loyalty.points_life import bought_points_times, end_of, last_day_of
from tests.hub.files.as_people_have_them import A1, A2, A3, P1

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PROGRAMMES = build_programmes()
ALENKA = PROGRAMMES["alenka"]
A4, A5 = "2600000000048", "2600000000055"
RIGHT = "  in is out, row by row and to the last one, by the ledger's own entries"


@pytest.fixture
def hub(store: Store) -> Iterator[Hub]:
    hub = Hub(store, now=lambda: NOW, programmes=PROGRAMMES)
    fields: dict[str, Any] = {"line": 1, "points": 0, "registered": True, "birthday": None, "favourites": ()}
    fields |= {"programme": "alenka"}
    members = [
        NewMember(**fields, member="anna", card=A1, phone=P1),
        NewMember(**fields, member="boris", card=A2, phone=None),
        *(NewMember(**fields, member=f"m{n}", card=f"{n}", phone=None) for n in range(1, 461)),
    ]
    for _ in import_members(hub, members):
        pass
    yield hub
    assert verify(hub.store, hub.zone_of).faults == ()


def bringing(
    hub: Hub, kind: str, text: str, *, skip: bool = True, update: bool = False, digest: str | None = None
) -> Bringing:
    around = Around(programmes=PROGRAMMES, now=NOW, update=update)
    rows = read_brought(io.BytesIO(text.encode()), BROUGHT[kind], around).rows
    digest = digest or hashlib.sha256(text.encode() + bytes([update])).hexdigest()
    return Bringing(hub, BROUGHT[kind], rows, digest, around, by="olga", skip=skip)


def sheet_of(hub: Hub, importing: Bringing) -> BroughtSheet:
    with hub.store.reading() as reader:
        sheet = reconciled(
            reader,
            importing.kind,
            importing.rows,
            importing.progress,
            PROGRAMMES,
            Holders(),
            file="f",
            ledger="l",
        )
    assert sheet.faults == () and told(sheet)[-1] == RIGHT
    return sheet


def brought(hub: Hub, kind: str, text: str, **how: Any) -> tuple[BroughtSheet, list[str]]:
    """All of it; what came of it, and what is told of the rows that were left out."""
    importing = bringing(hub, kind, text, **how)
    for _ in importing.steps():
        pass
    return sheet_of(hub, importing), [str(bad) for bad in importing.rows.bad()]


def lots(hub: Hub, member: str) -> list[tuple[int, datetime, datetime | None]]:
    with hub.store.reading() as reader:
        return [(lot.granted, lot.active_from, lot.expires_at) for lot in reader.lots_of([member])]


def bought(hub: Hub, member: str) -> dict[str, int]:
    with hub.store.reading() as reader:
        return {day.day: day.spent_kopecks for day in reader.days_of([member], "") if day.spent_kopecks}


def cards(hub: Hub, member: str) -> dict[str, str]:
    with hub.store.reading() as reader:
        return {card.number: card.status for card in reader.cards_of([member])}


# lots


def test_lots_begin_and_end_as_the_file_says_by_the_programmes_clock(hub: Hub) -> None:
    text = f"card,phone,points,from,until\n{A1},,150,2026-02-01,2026-12-31\n,{P1},7,2026-04-01,never\n{A2},,3,,\n"
    text += f"{A2},,0,,\n{A2},,4,2026-04-01,\n"
    sheet, bad = brought(hub, "lots", text)
    assert bad == [] and sheet.members == 2 and sheet.taken == Counted(4, 164, 0) and sheet.unchanged.rows == 1
    year_end = end_of(ALENKA, datetime(2026, 12, 31, tzinfo=UTC).date())
    assert lots(hub, "anna") == [
        (150, datetime(2026, 1, 31, 21, tzinfo=UTC), year_end),
        (7, datetime(2026, 3, 31, 21, tzinfo=UTC), None),
    ]
    april = datetime(2026, 3, 31, 21, tzinfo=UTC)
    ends = [bought_points_times(ALENKA, at).expires_at for at in (NOW, april)]
    assert lots(hub, "boris") == [(3, NOW, ends[0]), (4, april, ends[1])]
    by_rules = {f"{last_day_of(ALENKA, end):%Y-%m}": points for end, points in zip(ends, (3, 4), strict=True) if end}
    assert len(by_rules) == 2 and sheet.spread == {"alenka": {"2026-12": 150, "never": 7, **by_rules}}


def test_lots_that_were_cut_short_go_on_and_are_taken_once(hub: Hub) -> None:
    text = "card,points\n" + "".join(f"{n},{n}\n" for n in range(1, 451))
    next(bringing(hub, "lots", text).steps())
    importing = bringing(hub, "lots", text)
    assert importing.progress.rows == ROWS_AT_ONCE
    assert list(importing.steps()) == [2 * ROWS_AT_ONCE, 450]
    again = bringing(hub, "lots", text)
    assert again.done and sheet_of(hub, again) == sheet_of(hub, importing)
    assert sheet_of(hub, again).taken == Counted(450, 450 * 451 // 2, 0)
    assert sum(hub.balances("alenka").values()) == 450 * 451 // 2


def test_a_file_with_a_row_that_cannot_be_taken_is_refused_whole_but_for_skip(hub: Hub) -> None:
    text = f"card,points,member\n{A1},5,\n{A3},5,\n{A1},5,boris\n{A2},5,\n"
    with pytest.raises(BadMembers) as caught:
        bringing(hub, "lots", text, skip=False)
    wrong = [
        f"line 3: card {A3} is nobody's in the ledger",
        f"line 4: member boris is boris's and card {A1} is anna's",
    ]
    assert caught.value.problems == wrong and lots(hub, "anna") == []
    sheet, bad = brought(hub, "lots", text)
    assert bad == wrong and sheet.taken == Counted(2, 10, 0)


def test_whoever_is_in_another_or_erased_by_now_is_told_or_found(hub: Hub) -> None:
    text = "card,points\n1,5\n2,6\n3,7\n"
    importing = bringing(hub, "lots", text)
    erase(hub, "m3", Order(by="olga"), "he asked for it")
    hub.bear("alenka", MemberMerged(member="m1", into="boris"), chain=OFFICE_CHAIN)
    for _ in importing.steps():
        pass
    assert sheet_of(hub, importing).taken == Counted(2, 11, 0)
    (left,) = importing.rows.bad()
    assert str(left).startswith("line 4: card 3 is of a member who was erased")
    assert [points for points, *_ in lots(hub, "boris")] == [5]


# purchases


def test_purchases_count_for_tiers_and_are_not_doubled_by_another_file(hub: Hub) -> None:
    first = f"card;rubles;until\n{A1};150 000,00;28.02.2026\n{A2};10;28.02.2026\n"
    sheet, bad = brought(hub, "turnover", first)
    assert bad == [] and sheet.taken == Counted(2, 0, 15_001_000) and sheet.booked.kopecks == 15_001_000
    other = f"card;rubles;until\n{A1};160 000,00;01.03.2026\n{A2};10;01.03.2026\n"
    _, bad = brought(hub, "turnover", other)
    assert bad[0] == "line 2: member anna has 150000.00 until 2026-02-28 in the ledger already" and len(bad) == 2
    sheet, bad = brought(hub, "turnover", other, update=True)
    assert bad == [] and sheet.updated == Counted(1, 0, 16_000_000) and sheet.unchanged == Counted(1, 0, 1_000)
    assert sheet.booked == Counted(1, 0, 1_000_000)
    assert bought(hub, "anna") == {"2026-02-28": 15_000_000, "2026-03-01": 1_000_000}
    assert brought(hub, "turnover", other, update=True)[0] == sheet, "the same file again takes nothing"


def test_purchases_of_other_days_are_more_and_of_days_in_part_the_same_are_told(hub: Hub) -> None:
    head = "card,rubles,from,until\n"
    brought(hub, "turnover", f"{head}{A1},100,2025-01-01,2025-12-31\n{A1},20,2026-01-01,2026-02-28\n")
    assert bought(hub, "anna") == {"2025-12-31": 10_000, "2026-02-28": 2_000}
    _, bad = brought(hub, "turnover", f"{head}{A1},30,2026-02-01,2026-03-01\n", update=True)
    assert bad == [
        "line 2: member anna has 20.00 from 2026-01-01 until 2026-02-28 in the ledger,"
        " of other days than 30.00 from 2026-02-01 until 2026-03-01"
    ]
    sheet, _ = brought(hub, "turnover", f"{head}{A1},90,2025-01-01,2026-03-01\n", update=True)
    assert sheet.booked == Counted(1, 0, -3_000) and sum(bought(hub, "anna").values()) == 9_000


@pytest.mark.parametrize("far", [0, 1_200])
def test_a_member_stands_once_in_a_file_for_the_same_days(hub: Hub, far: int) -> None:
    """Also where so many rows lie between that the ledger is asked of them apart."""
    between = "".join(f"{n % 460 + 1},0\n" for n in range(far))
    _, bad = brought(hub, "turnover", f"card,rubles\n{A1},100\n{between}{A1},7\n")
    assert bad == [f"line {far + 3}: his purchases of these days stand on line 2 too"]
    assert bought(hub, "anna") == {"2026-03-02": 10_000}


def test_a_merge_brings_the_purchases_of_both_and_a_new_file_knows_them(hub: Hub) -> None:
    brought(hub, "turnover", f"card,rubles,until\n{A1},100,2026-02-28\n{A2},10,2026-02-28\n")
    hub.bear("alenka", MemberMerged(member="anna", into="boris"), chain=OFFICE_CHAIN)
    sheet, _ = brought(hub, "turnover", f"card,rubles,until\n{A2},150,2026-03-01\n", update=True)
    assert sheet.booked.kopecks == 4_000 and sum(bought(hub, "boris").values()) == 15_000


# cards


def test_cards_are_linked_by_the_office_and_blocked_where_the_file_says_so(hub: Hub) -> None:
    text = f"other,phone,card,status\n{A1},,{A3},\n,{P1},{A4},blocked\n{A2},,{A1},\n{A2},,{A2},active\n"
    sheet, bad = brought(hub, "cards", text)
    assert bad == [f"line 4: card {A1} is member anna's in the ledger, not boris's"]
    assert (sheet.taken.rows, sheet.unchanged.rows, sheet.members) == (2, 1, 1)
    assert cards(hub, "anna") == {A1: "active", A3: "active", A4: "blocked"}
    with hub.store.reading() as reader:
        office = [kept.text for kept in reader.all_operations() if kept.chain == OFFICE_CHAIN]
    assert len(office) == 3 and all('"by":"olga"' in text for text in office)


def test_cards_that_are_there_are_told_and_changed_with_update(hub: Hub) -> None:
    hub.bear("alenka", CardBlocked(member="boris", card=A2), chain=OFFICE_CHAIN)
    text = f"member,card,status\nanna,{A1},заблокирована\nboris,{A2},действует\nanna,{A5},виртуальная\n"
    _, bad = brought(hub, "cards", text)
    assert bad == [
        f"line 2: card {A1} is active in the ledger, not blocked",
        f"line 3: card {A2} is blocked in the ledger, not active",
    ]
    sheet, bad = brought(hub, "cards", text, update=True)
    assert bad == [] and (sheet.updated.rows, sheet.unchanged.rows) == (2, 1)
    assert cards(hub, "anna") == {A1: "blocked", A5: "active"} and cards(hub, "boris") == {A2: "active"}


def test_the_sheet_finds_a_ledger_that_does_not_hold_what_the_file_says(hub: Hub) -> None:
    """As if another file had come under the same hash."""
    brought(hub, "lots", f"card,points\n{A1},5\n{A2},6\n", digest="f")
    other = bringing(hub, "lots", f"card,points\n{A1},5\n{A2},7\n", digest="f")
    with hub.store.reading() as reader:
        sheet = reconciled(reader, other.kind, other.rows, other.progress, PROGRAMMES, Holders(), file="f", ledger="l")
    assert sheet.faults == (
        "line 3: 7 points in the file, 6 points in the ledger",
        "the file has 12 points, 11 are accounted for",
    )
    assert told(sheet)[-1].startswith("  WRONG: ") and RIGHT not in told(sheet)


def test_the_sheet_finds_rows_without_operations_and_operations_without_rows(hub: Hub) -> None:
    importing = bringing(hub, "lots", f"card,points\n{A1},5\n")
    for _ in importing.steps():
        pass
    other = bringing(hub, "lots", f"card,points\n{A2},7\n")
    for rows, progress, fault in (
        (other.rows, importing.progress, "member anna got 5 points, which no row of the file has"),
        (importing.rows, other.progress, "line 2 was taken, and nothing in the ledger says so"),
    ):
        with hub.store.reading() as reader:
            sheet = reconciled(reader, importing.kind, rows, progress, PROGRAMMES, Holders(), file="f", ledger="l")
        assert fault in sheet.faults
