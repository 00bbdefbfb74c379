"""Reads by keys: what is there, and nothing else, however many keys and whatever they look like."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

import pytest

from hub.store.coupon_records import CampaignKey
from hub.store.letter_records import LetterKey
from hub.store.office_records import ProgrammeRow, SeenKey, StoreDayKey, StoreRow
from hub.store.records import (
    CardRow,
    CaseKey,
    ChainEnd,
    ChainKey,
    ChangeRow,
    CouponRow,
    DayRow,
    EarlierNumber,
    EntryRow,
    HoldRow,
    KeptOperation,
    LotKey,
    LotRow,
    MemberRow,
    Place,
    ProfileRow,
    ReturnRow,
)
from hub.store.rows import Rows
from hub.store.seam import Counts, Reader, Store
from tests.hub.store.rows import LATEST, NOW, ODD, PLENTY, lot, member, operation, plenty_to_read

NOBODY = ["m0001 ", "M0001", "m001", "", "m0001'--"]
NO_PLACE = [Place("t0", 1, 10**9), Place("t0", 3, 1), Place("T0", 1, 1), Place("", 1, 1)]


class Read(NamedTuple):
    """A method, and what it must say of which rows. `order`: a list comes in this order, or in any."""

    ask: Callable[[Reader, Collection[Any]], Any]
    rows: Callable[[Rows], Iterable[Any]]
    key: Callable[[Any], Any]
    absent: list[Any]
    value: Callable[[Any], Any] = lambda row: row
    order: Callable[[Any], Any] | None = None


def newest(rows: Rows) -> list[ChainEnd]:
    return list({end.chain: end for end in sorted(rows.chains)}.values())


def restored(rows: Rows) -> list[tuple[Place, int]]:
    sums: dict[Place, int] = {}
    for row in rows.returns:
        sums[Place(*row[:3])] = sums.get(Place(*row[:3]), 0) + row.restored
    return list(sums.items())


def still_told(rows: Rows) -> list[LotRow]:
    return [
        one
        for one in rows.new_lots
        if one.remaining or (one.expired and one.expires_at is not None and one.expires_at > NOW)
    ]


READS = {
    "chain_ends": Read(
        lambda r, keys: r.chain_ends(keys),
        lambda rows: rows.chains,
        lambda end: end.key,
        [ChainKey("t0001", 3), ChainKey("t1", 1), ChainKey("", 0)],
    ),
    "newest_ends": Read(lambda r, keys: r.newest_ends(keys), newest, lambda end: end.chain, ["t1", "T0001", ""]),
    "ends_of": Read(
        lambda r, keys: r.ends_of(keys), lambda rows: rows.chains, lambda end: end.chain, ["t1", "T0001", ""]
    ),
    "operations": Read(
        lambda r, keys: r.operations(keys), lambda rows: rows.operations, lambda kept: kept.place, NO_PLACE
    ),
    "naming": Read(
        lambda r, keys: r.naming(keys), lambda rows: rows.named, lambda row: row.name, NOBODY, order=lambda row: row
    ),
    "members": Read(lambda r, keys: r.members(keys), lambda rows: rows.new_members, lambda row: row.member, NOBODY),
    "profiles": Read(lambda r, keys: r.profiles(keys), lambda rows: rows.profiles, lambda row: row.member, NOBODY),
    "cards": Read(
        lambda r, keys: r.cards(keys), lambda rows: rows.new_cards, lambda card: card.number, ["c9998", "C9998/a", ""]
    ),
    "cards_of": Read(
        lambda r, keys: r.cards_of(keys),
        lambda rows: rows.new_cards,
        lambda card: card.member,
        NOBODY,
        order=lambda card: (card.member, card.number),
    ),
    "open_lots": Read(lambda r, keys: r.open_lots(keys, NOW), still_told, lambda row: row.member, NOBODY),
    "lots_of": Read(lambda r, keys: r.lots_of(keys), lambda rows: rows.new_lots, lambda row: row.member, NOBODY),
    "lots": Read(
        lambda r, keys: r.lots(keys),
        lambda rows: rows.new_lots,
        lambda row: row.key,
        [LotKey("m0001", "2/1"), LotKey("m0002", "1/1"), LotKey("m0001", "1/3")],
    ),
    "entries_of": Read(
        lambda r, keys: r.entries_of(keys),
        lambda rows: rows.entries,
        lambda entry: entry.place,
        NO_PLACE,
        order=lambda entry: (entry.place, entry.number),
    ),
    "restored": Read(
        lambda r, keys: r.restored(keys), restored, lambda row: row[0], NO_PLACE, value=lambda row: row[1]
    ),
    "returns_of": Read(
        lambda r, keys: r.returns_of(keys),
        lambda rows: rows.returns,
        lambda row: Place(*row[:3]),
        NO_PLACE,
        order=lambda row: row,
    ),
    "stickers_of": Read(
        lambda r, keys: r.stickers_of(keys),
        lambda rows: rows.stickers,
        lambda row: row.member,
        NOBODY,
        order=lambda row: row,
    ),
    "days_of": Read(
        lambda r, keys: r.days_of(keys, ""),
        lambda rows: rows.days,
        lambda row: row.member,
        NOBODY,
        order=lambda row: (row.member, row.day),
    ),
    "coupon_uses": Read(
        lambda r, keys: r.coupon_uses(keys),
        lambda rows: rows.used_coupons,
        lambda row: row.serial,
        ["s1", "S0001", ""],
        order=lambda row: (row.serial, row.number),
    ),
    "made_coupons": Read(
        lambda r, keys: r.made_coupons(keys),
        lambda rows: rows.made_coupons,
        lambda row: row.serial,
        ["s1", "S0001", ""],
    ),
    "coupons_with_codes": Read(
        lambda r, keys: sorted(r.coupons_with_codes(keys)),
        lambda rows: rows.made_coupons,
        lambda row: row.code,
        ["K0001", "k"],
        order=lambda row: row,
    ),
    "coupons_of": Read(
        lambda r, keys: r.coupons_of(keys),
        lambda rows: [row for row in rows.made_coupons if row.member],
        lambda row: row.member,
        NOBODY,
        order=lambda row: (row.member, row.serial),
    ),
    "campaigns": Read(
        lambda r, keys: r.campaigns(keys),
        lambda rows: rows.campaigns,
        lambda row: row.key,
        [CampaignKey("p0", "K0001"), CampaignKey("", "")],
    ),
    "campaign_members": Read(
        lambda r, keys: r.campaign_members(keys),
        lambda rows: rows.campaign_members,
        lambda row: row.member,
        NOBODY,
        order=lambda row: row.key,
    ),
    "cases": Read(
        lambda r, keys: r.cases(keys),
        lambda rows: rows.new_cases,
        lambda case: case.key,
        [CaseKey(*at, "debt") for at in NO_PLACE] + [CaseKey("t0", 1, 1, "clock"), CaseKey("t0", 1, 1, "")],
    ),
    "coupon_conflicts": Read(
        lambda r, keys: r.coupon_conflicts(keys),
        lambda rows: rows.conflicts,
        lambda row: row.serial,
        ["s1", "S0001", ""],
        order=lambda row: row,
    ),
    "holds_of": Read(
        lambda r, keys: r.holds_of(keys),
        lambda rows: rows.new_holds,
        lambda hold: hold.member,
        NOBODY,
        order=lambda hold: hold.key,
    ),
    "consents_of": Read(
        lambda r, keys: r.consents_of(keys),
        lambda rows: rows.new_consents,
        lambda row: row.member,
        NOBODY,
        order=lambda row: row.key,
    ),
    "earlier_sales": Read(
        lambda r, keys: r.earlier_sales(keys),
        lambda rows: rows.earlier_sales,
        lambda row: EarlierNumber(*row[:3]),
        [EarlierNumber("st0", "2025-11-03", "1"), EarlierNumber("st2", "2025-11-01", "1"), EarlierNumber("", "", "")],
    ),
    "earlier_with_cards": Read(
        lambda r, keys: r.earlier_with_cards(keys),
        lambda rows: [row for row in rows.earlier_sales if row.card],
        lambda row: row.card,
        ["C1", "c3", ""],
    ),
    "earlier_with_documents": Read(
        lambda r, keys: r.earlier_with_documents(keys),
        lambda rows: [row for row in rows.earlier_sales if row.document],
        lambda row: row.document,
        ["4", "01", ""],
    ),
    "seen_of": Read(
        lambda r, keys: r.seen_of(keys),
        lambda rows: rows.seen,
        lambda row: row.member,
        NOBODY,
        order=lambda row: row.key,
    ),
    "seen": Read(
        lambda r, keys: r.seen(keys),
        lambda rows: rows.seen,
        lambda row: row.key,
        [SeenKey("m0001", "st0000"), SeenKey("st0001", "m0001"), SeenKey("M0001", "st0001"), SeenKey("", "")],
    ),
    "named_stores": Read(
        lambda r, keys: r.named_stores(keys),
        lambda rows: rows.stores,
        lambda row: row.store,
        ["st1", "St0001", "", "st0001 "],
    ),
    "goods": Read(
        lambda r, keys: r.goods(keys),
        lambda rows: rows.goods,
        lambda row: row.article,
        ["a1", "A0001", "", "a0001 "],
    ),
    "till_settings": Read(
        lambda r, keys: r.till_settings(keys),
        lambda rows: rows.till_settings,
        lambda row: row.store,
        ["st1", "St0001", "", "st0001 "],
        order=lambda row: row,
    ),
    "codes": Read(
        lambda r, keys: r.codes(keys), lambda rows: rows.codes, lambda row: row.id, ["code1", "Code0001", ""]
    ),
    "card_phones": Read(
        lambda r, keys: r.card_phones(keys), lambda rows: rows.card_phones, lambda row: row.id, ["ph1", "Ph0001-1", ""]
    ),
    "phones_of_cards": Read(
        lambda r, keys: r.phones_of_cards(keys),
        lambda rows: rows.card_phones,
        lambda row: row.card,
        ["26", "260001 ", ""],
        order=lambda row: (row.card, row.id),
    ),
    "card_orders": Read(
        lambda r, keys: r.card_orders(keys), lambda rows: rows.card_orders, lambda row: row.id, ["co1", "Co0001-1", ""]
    ),
    "card_orders_of": Read(
        lambda r, keys: r.card_orders_of(keys),
        lambda rows: rows.card_orders,
        lambda row: row.member,
        ["", "M0001"],
        order=lambda row: (row.member, row.id),
    ),
    "card_orders_with": Read(
        lambda r, keys: r.card_orders_with(keys),
        lambda rows: [row for row in rows.card_orders if row.number],
        lambda row: row.number,
        ["", "27", "270001 "],
        order=lambda row: (row.number, row.id),
    ),
    "errands": Read(
        lambda r, keys: r.errands(keys), lambda rows: rows.errands, lambda row: row.id, ["er1", "Er0001-1", ""]
    ),
    "errands_of": Read(
        lambda r, keys: r.errands_of("ticket", keys),
        lambda rows: [row for row in rows.errands if row.kind == "ticket" and row.member],
        lambda row: row.member,
        ["", "M0001"],
        order=lambda row: (row.member, row.id),
    ),
    "every_errand_of": Read(
        lambda r, keys: r.every_errand_of(keys),
        lambda rows: [row for row in rows.errands if row.member],
        lambda row: row.member,
        ["", "M0001"],
        order=lambda row: (row.member, row.id),
    ),
    "errands_about": Read(
        lambda r, keys: r.errands_about("exchange", keys),
        lambda rows: [row for row in rows.errands if row.kind == "exchange" and row.about],
        lambda row: row.about,
        ["", "A0001"],
        order=lambda row: (row.about, row.id),
    ),
    "pictures": Read(
        lambda r, keys: r.pictures(keys), lambda rows: rows.pictures, lambda row: row.id, ["pi1", "Pi0001-1", ""]
    ),
    "messages": Read(
        lambda r, keys: r.messages(keys), lambda rows: rows.messages, lambda row: row.id, ["msg1", "Msg0001", ""]
    ),
    "mailings": Read(
        lambda r, keys: r.mailings(keys), lambda rows: rows.mailings, lambda row: row.mailing, ["mail1", "Mail0001", ""]
    ),
    "letters": Read(
        lambda r, keys: r.letters(keys),
        lambda rows: rows.new_letters,
        lambda row: row.key,
        [LetterKey("m0001", "l0002-0"), LetterKey("M0001", "l0001-0"), LetterKey("", "")],
    ),
    "letters_called": Read(
        lambda r, keys: r.letters_called(keys),
        lambda rows: rows.new_letters,
        lambda row: row.id,
        ["l0001", "L0001-0", ""],
        order=lambda row: row.id,
    ),
    "letters_of": Read(
        lambda r, keys: r.letters_of(keys),
        lambda rows: rows.new_letters,
        lambda row: row.member,
        NOBODY,
        order=lambda row: (row.member, row.made_at, row.id),
    ),
    "phones_confirmed": Read(
        lambda r, keys: r.phones_confirmed(keys),
        lambda rows: rows.phones_confirmed,
        lambda row: row.member,
        ["m1", "M0001", ""],
    ),
    "watched": Read(
        lambda r, keys: r.watched(keys),
        lambda rows: rows.watched,
        lambda row: row.subject,
        ["member:", "Member:m0001", ""],
    ),
    "store_days": Read(
        lambda r, keys: r.store_days(keys),
        lambda rows: rows.store_days,
        lambda row: row.key,
        [StoreDayKey("st0001", "2026-03-02", "t0001", "p2"), StoreDayKey("", "", "", "")],
    ),
    "staff": Read(
        lambda r, keys: r.staff(keys),
        lambda rows: rows.staff,
        lambda row: row.list,
        ["st1", "St0001", "", "st0001 "],
        order=lambda row: row,
    ),
    "staff_called": Read(
        lambda r, keys: r.staff_called(keys),
        lambda rows: [row for row in rows.staff if not row.list],
        lambda row: row.id,
        ["p1", "P0001", "p0001 "],
    ),
    "programmes": Read(
        lambda r, keys: r.programmes(keys),
        lambda rows: rows.programmes,
        lambda row: row.hash,
        ["h1", "H0001", ""],
        value=lambda row: row.source,
    ),
}


def said(read: Read, answer: Any) -> Any:
    """A list that may come in any order, sorted; its rows are whole records."""
    if isinstance(answer, list) and read.order is None:
        return sorted(answer)
    return answer


def told(read: Read, rows: Rows, keys: Collection[Any], like: Any) -> Any:
    wanted = set(keys)
    found = [row for row in read.rows(rows) if read.key(row) in wanted]
    if isinstance(like, dict):
        return {read.key(row): read.value(row) for row in found}
    return sorted(found, key=read.order)


@pytest.mark.parametrize("name", READS)
def test_keys_bring_their_rows_and_no_others(read_only: Store, name: str) -> None:
    read, rows = READS[name], plenty_to_read()
    keys = list(dict.fromkeys(map(read.key, read.rows(rows))))
    assert len(keys) >= PLENTY / 2
    few = keys[:3]
    asked: list[Collection[Any]] = [[], set(), keys[:1], tuple(few), set(few), dict.fromkeys(few).keys()]
    asked += [read.absent, [*few, *read.absent], [*few, *few], keys, frozenset(keys)]
    with read_only.reading() as reader:
        for these in asked:
            answer = read.ask(reader, these)
            assert said(read, answer) == told(read, rows, these, answer), f"{name} of {len(these)}"
            assert bool(answer) == bool(set(keys) & set(these))
    with read_only.writing() as writer:  # a transaction sees the same
        answer = read.ask(writer, few)
        assert said(read, answer) == told(read, rows, few, answer)


def test_what_is_read_is_made_of_the_records_types(read_only: Store) -> None:
    """Equal is not enough: 1 == True, and a list of names is no tuple."""
    with read_only.reading() as reader:
        (row,) = reader.members(["m0002"]).values()
        assert type(row) is MemberRow and row.registered is True and row.merged_into is None
        (profile,) = reader.profiles(["m0002"]).values()
        assert type(profile) is ProfileRow and profile.favourites == ("чай", "мёд")
        card = reader.cards(["c9998/a"])["c9998/a"]
        assert type(card) is CardRow and card.active_from is not None
        (one, two) = sorted(reader.lots_of(["m0001"]))
        assert type(one) is LotRow and one.expires_at is not None
        for at in (card.active_from, one.active_from, one.expires_at, two.active_from):
            assert at.utcoffset() == timedelta()
        assert {type(points) for points in two[2:5]} == {int} and two.granted == 9 * 10**15
        assert type(next(iter(reader.restored([Place("t0", 1, 1)]).values()))) is int
        assert {type(value) for value in reader.days_of(["m0001"], "")[0][2:]} == {int}
        assert type(reader.counts()) is Counts
        hold, _ = reader.holds_of(["m0001"])
        assert type(hold) is HoldRow and type(hold.points) is int and hold.until.utcoffset() == timedelta()
        assert reader.seen_of(["m0001"])[0].until.utcoffset() == timedelta()
        shop = reader.stores()["st0001"]
        assert type(shop) is StoreRow and type(shop.keep_days) is int


def test_a_shop_is_noticed_among_stores(store: Store) -> None:
    with store.writing() as writer:
        assert not writer.has_shops()
        writer.write(Rows(stores=[StoreRow("s1"), StoreRow("s2")]))
        assert writer.has_shops() is False
        writer.write(Rows(stores=[StoreRow("s2", members="shop")]))
    with store.reading() as reader:
        assert reader.has_shops() is True


@pytest.mark.parametrize("kind", ["members", "chains", "cards", "lots", "serials"])
def test_names_that_look_alike_are_different_names(store: Store, kind: str) -> None:
    """Quotes, emoji, one letter written in two ways (NFD, NFC), very long, and the words of SQL, COPY and JSON."""
    names = list(ODD)
    random.Random(3).shuffle(names)
    assert len(set(names)) == len(names)
    rows = {
        "members": Rows(new_members=[member(name, name, merged_into=name) for name in names]),
        "chains": Rows(chains=[ChainEnd(name, 1, number, name) for number, name in enumerate(names)]),
        "cards": Rows(new_cards=[CardRow(name, name, "issued", None, name) for name in names]),
        "lots": Rows(new_lots=[lot(name, 1, name) for name in names]),
        "serials": Rows(used_coupons=[CouponRow(name, name, 1, number) for number, name in enumerate(names)]),
    }[kind]
    with store.writing() as writer:
        writer.write(rows)
    with store.reading() as reader:
        everything: dict[str, tuple[Any, Any, list[Any]]] = {
            "members": (reader.members, reader.all_members(), rows.new_members),
            "chains": (reader.newest_ends, reader.all_chains(), rows.chains),
            "cards": (reader.cards, reader.all_cards(), rows.new_cards),
            "lots": (
                lambda keys: {key.member: row for key, row in reader.lots([LotKey(k, k) for k in keys]).items()},
                reader.all_lots(),
                rows.new_lots,
            ),
            "serials": (
                lambda keys: {row.serial: row for row in reader.coupon_uses(keys)},
                reader.all_coupon_uses(),
                rows.used_coupons,
            ),
        }
        by_keys, stream, wanted = everything[kind]
        assert list(stream) == sorted(wanted, key=lambda row: row[0]), "by the code points of their letters"
        assert by_keys(names) == {row[0]: row for row in wanted}
        for row in wanted:
            assert by_keys([row[0]]) == {row[0]: row}


def test_texts_come_back_letter_by_letter(store: Store) -> None:
    long = "".join(map(chr, random.Random(4).choices(range(0x20, 0xD7FF), k=100_000)))
    texts = [*ODD, long]
    with store.writing() as writer:
        writer.write(
            Rows(
                operations=[operation(n, text=text, reason=text) for n, text in enumerate(texts, start=1)],
                settings={name: name for name in ODD} | {"long": long},
                programmes=[ProgrammeRow(f"h{n}", text) for n, text in enumerate(texts)],
                new_members=[member("anna")],
                profiles=[ProfileRow("anna", "+7", "1990", tuple(texts))],
                changes=[ChangeRow(name, "member", name) for name in ODD],
            )
        )
    with store.reading() as reader:
        kept = reader.operations([Place("t1", 1, n) for n in range(1, len(texts) + 1)])
        assert [kept[Place("t1", 1, n)][4:] for n in range(1, len(texts) + 1)] == [(text, text) for text in texts]
        assert all(reader.setting(name) == name for name in ODD) and reader.setting("long") == long
        assert reader.programmes([f"h{n}" for n in range(len(texts))]) == {f"h{n}": t for n, t in enumerate(texts)}
        assert reader.profiles(["anna"])["anna"].favourites == tuple(texts)
        for name in ODD:
            assert [change.key for change in reader.changes(name, "", 9)] == [name]


def test_settings(store: Store) -> None:
    with store.writing() as writer:
        assert writer.setting("colour") is None
        writer.write(Rows(settings={"colour": "red", "empty": ""}))
    with store.writing() as writer:
        writer.write(Rows(settings={"colour": "green"}))
    with store.reading() as reader:
        assert (reader.setting("colour"), reader.setting("empty"), reader.setting("COLOUR")) == ("green", "", None)


def test_moments_are_kept_to_the_microsecond_whatever_clock_told_them(store: Store) -> None:
    moscow = datetime(2026, 3, 3, 2, 59, 59, 1, tzinfo=timezone(timedelta(hours=3)))
    lots = [lot("a", 1, active_from=moscow, expires_at=LATEST), lot("b", 1, expires_at=NOW + timedelta(microseconds=1))]
    with store.writing() as writer:
        writer.write(Rows(new_lots=lots, new_cards=[CardRow("c", "anna", "pending", moscow)]))
    with store.reading() as reader:
        assert sorted(reader.lots_of(["anna"])) == lots
        assert reader.cards(["c"])["c"].active_from == moscow


def test_lots_that_died_just_now_are_still_told_and_empty_ones_are_not(store: Store) -> None:
    tick = timedelta(microseconds=1)
    dead: dict[str, Any] = {"remaining": 0, "expired": 5}
    lots = [
        lot("full", 5),
        lot("full though dead", 5, expires_at=NOW - timedelta(days=9)),
        lot("empty", 5, remaining=0),
        lot("died after", 5, **dead, expires_at=NOW + tick),
        lot("died at", 5, **dead, expires_at=NOW),
        lot("died before", 5, **dead, expires_at=NOW - tick),
        lot("half", 9, remaining=1, expired=5, expires_at=NOW + tick),
        lot("full", 5, "boris"),
    ]
    with store.writing() as writer:
        writer.write(Rows(new_lots=lots))
    with store.reading() as reader:
        names = sorted(row.lot for row in reader.open_lots(["anna"], NOW))
    assert names == ["died after", "full", "full though dead", "half"], "each of them once"


def test_days_from_a_day_on(store: Store) -> None:
    days = [DayRow(name, f"2026-0{month}-01", 1, 0, 5) for name in ("boris", "anna") for month in (3, 1, 2)]
    with store.writing() as writer:
        writer.write(Rows(days=days))
    with store.reading() as reader:
        assert reader.days_of(["boris", "anna"], "2026-02-01") == sorted(d for d in days if d.day >= "2026-02-01")
        assert reader.days_of(["anna"], "2026-03-02") == []


def test_what_returns_gave_back_is_summed_by_sale(store: Store) -> None:
    sale, other = Place("t1", 1, 1), Place("t1", 1, 11)
    returns = [ReturnRow(*sale, "t2", 1, n, 10**n) for n in (1, 2)] + [ReturnRow(*sale, "t3", 1, 1, 0)]
    with store.writing() as writer:
        writer.write(Rows(returns=[*returns, ReturnRow(*other, "t2", 1, 3, 0)]))
    with store.reading() as reader:
        assert reader.restored([sale, other, Place("t1", 2, 1)]) == {sale: 110, other: 0}


def test_the_newest_generation_is_the_highest_number_not_the_longest_chain(store: Store) -> None:
    ends = [ChainEnd("t1", 9, 500, "a"), ChainEnd("t1", 10, 1, "b"), ChainEnd("t1", 1, 900, "c")]
    with store.writing() as writer:
        writer.write(Rows(chains=ends))
    with store.reading() as reader:
        assert reader.newest_ends(["t1"]) == {"t1": ends[1]}


def test_entries_come_in_the_order_in_which_they_were_made(store: Store) -> None:
    entries = [EntryRow("t1", 1, 2, n, "anna", "member", None, n) for n in (10, 9, 1, 2, 11)]
    entries += [EntryRow("t1", 1, 10, 1, "anna", "member", None, 1)]
    with store.writing() as writer:
        writer.write(Rows(entries=entries))
    with store.reading() as reader:
        read = reader.entries_of([Place("t1", 1, 10), Place("t1", 1, 2)])
    assert [(one.sequence, one.number) for one in read] == [(2, 1), (2, 2), (2, 9), (2, 10), (2, 11), (10, 1)]


def test_a_part_of_a_chain_is_read_from_its_first_place_to_its_last_number(store: Store) -> None:
    operations = [KeptOperation("t1", 1, n, "", "{}", None) for n in (10, 9, 1, 2, 11)]
    others = [operations[0]._replace(generation=2), operations[0]._replace(chain="t2")]
    entries = [EntryRow(*kept.place, n, "anna", "member", None, n) for kept in operations + others for n in (2, 1)]
    with store.writing() as writer:
        writer.write(Rows(operations=operations + others, entries=entries))
    with store.reading() as reader:
        assert [one.sequence for one in reader.operations_on(Place("t1", 1, 2), 10)] == [2, 9, 10]
        assert reader.operations_on(Place("t1", 1, 3), 8) == [] == reader.operations_on(Place("t1", 1, 12), 99)
        read = reader.entries_on(Place("t1", 1, 9), 10)
    assert [(one.chain, one.generation, one.sequence, one.number) for one in read] == [
        ("t1", 1, sequence, number) for sequence in (9, 10) for number in (1, 2)
    ]
