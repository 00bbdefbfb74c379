"""Whole tables in the order of their keys, and what is asked of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from hub.store.records import ChainEnd
from hub.store.rows import Rows
from hub.store.seam import Counts, Reader, Store
from tests.hub.store.rows import NOW, PLENTY, lot, member, plenty, plenty_to_read

STREAMS: dict[str, tuple[Callable[[Reader], Iterator[Any]], Callable[[Rows], list[Any]]]] = {
    "chains": (lambda r: r.all_chains(), lambda rows: sorted(rows.chains)),
    "operations": (lambda r: r.all_operations(), lambda rows: sorted(rows.operations)),
    "members": (lambda r: r.all_members(), lambda rows: sorted(rows.new_members)),
    "cards": (lambda r: r.all_cards(), lambda rows: sorted(rows.new_cards, key=lambda card: card.number)),
    "named": (lambda r: r.all_named(), lambda rows: sorted(rows.named)),
    "lots": (lambda r: r.all_lots(), lambda rows: sorted(rows.new_lots, key=lambda row: row.key)),
    "entries": (lambda r: r.all_entries(), lambda rows: sorted(rows.entries)),
    "days": (lambda r: r.all_days(), lambda rows: sorted(rows.days)),
    "stickers": (lambda r: r.all_stickers(), lambda rows: sorted(rows.stickers)),
    "sticker entries": (lambda r: r.all_sticker_entries(), lambda rows: sorted(rows.sticker_entries)),
    "coupon uses": (lambda r: r.all_coupon_uses(), lambda rows: sorted(rows.used_coupons)),
    "made coupons": (lambda r: r.all_made_coupons(), lambda rows: sorted(rows.made_coupons)),
    "campaigns": (lambda r: r.all_campaigns(), lambda rows: sorted(rows.campaigns)),
    "campaign members": (lambda r: r.all_campaign_members(), lambda rows: sorted(rows.campaign_members)),
    "coupon holds": (lambda r: r.all_coupon_holds(), lambda rows: sorted(rows.coupon_holds)),
    "conflicts": (lambda r: r.all_conflicts(), lambda rows: sorted(rows.conflicts)),
    "cases": (lambda r: r.all_cases(), lambda rows: sorted(rows.new_cases, key=lambda case: case.key)),
    "returns": (lambda r: r.all_returns(), lambda rows: sorted(rows.returns)),
    "once": (lambda r: r.all_once(), lambda rows: sorted(rows.once)),
    "holds": (lambda r: r.all_holds(), lambda rows: sorted(rows.new_holds, key=lambda hold: hold.key)),
    "consents": (lambda r: r.all_consents(), lambda rows: sorted(rows.new_consents, key=lambda row: row.key)),
    "earlier sales": (
        lambda r: r.all_earlier_sales(),
        lambda rows: sorted(rows.earlier_sales, key=lambda row: row.key),
    ),
    "published": (lambda r: r.all_published(), lambda rows: sorted(rows.published)),
    "stores": (lambda r: r.all_stores(), lambda rows: sorted(rows.stores, key=lambda row: row.store)),
    "goods": (lambda r: r.all_goods(), lambda rows: sorted(rows.goods)),
    "staff": (lambda r: r.all_staff(), lambda rows: sorted(rows.staff)),
    "till settings": (lambda r: r.all_till_settings(), lambda rows: sorted(rows.till_settings)),
    "gifts": (lambda r: r.all_gifts(), lambda rows: sorted(rows.gifts)),
    "watched": (lambda r: r.all_watched(), lambda rows: sorted(rows.watched)),
    "store days": (lambda r: r.all_store_days(), lambda rows: sorted(rows.store_days)),
    "acted": (lambda r: r.all_acted(), lambda rows: sorted(rows.acted)),
    "seen": (lambda r: r.all_seen(), lambda rows: sorted(rows.seen)),
    "certificates": (
        lambda r: r.all_certificates(),
        lambda rows: sorted(rows.new_certificates, key=lambda c: c.number),
    ),
    "certificates' entries": (lambda r: r.all_certificate_entries(), lambda rows: sorted(rows.certificate_entries)),
    "certificates' holds": (lambda r: r.all_certificate_holds(), lambda rows: sorted(rows.certificate_holds)),
    "certificates' numbers": (lambda r: r.all_certificate_numbers(), lambda rows: sorted(rows.certificate_numbers)),
    "codes": (lambda r: r.all_codes(), lambda rows: sorted(rows.codes)),
    "card phones": (lambda r: r.all_card_phones(), lambda rows: sorted(rows.card_phones)),
    "card orders": (lambda r: r.all_card_orders(), lambda rows: sorted(rows.card_orders)),
    "errands": (lambda r: r.all_errands(), lambda rows: sorted(rows.errands, key=lambda row: row.id)),
    "pictures": (lambda r: r.all_pictures(), lambda rows: sorted(rows.pictures)),
    "messages": (lambda r: r.all_messages(), lambda rows: sorted(rows.messages)),
    "mailings": (lambda r: r.all_mailings(), lambda rows: sorted(rows.mailings)),
    "letters": (lambda r: r.all_letters(), lambda rows: sorted(rows.new_letters, key=lambda row: row.key)),
    "phones confirmed": (lambda r: r.all_phones_confirmed(), lambda rows: sorted(rows.phones_confirmed)),
    "jobs": (lambda r: r.all_jobs(), lambda rows: sorted(rows.jobs, key=lambda row: row.job)),
}


@pytest.fixture
def filled(store: Store) -> Store:
    with store.writing() as writer:
        writer.write(plenty_to_read())
    return store


def test_all_of_each_in_the_order_of_its_keys(read_only: Store) -> None:
    rows = plenty_to_read()
    with read_only.reading() as reader:
        for name, (stream, wanted) in STREAMS.items():
            assert list(stream(reader)) == wanted(rows), name
            assert len(wanted(rows)) >= PLENTY


def test_open_cases_are_told_the_oldest_first(read_only: Store) -> None:
    still = [case for case in plenty_to_read().new_cases if case.state == "open"]
    with read_only.reading() as reader:
        assert list(reader.all_open_cases()) == sorted(still, key=lambda case: (case.opened_at, case.key))
        assert 0 < len(still) < PLENTY


def test_an_empty_ledger_streams_nothing(store: Store) -> None:
    with store.reading() as reader:
        for name, (stream, _) in STREAMS.items():
            assert list(stream(reader)) == [], name
        assert list(reader.all_open_cases()) == []
        assert list(reader.members_of("p0")) == [] and reader.counts() == Counts(0, 0, 0, 0)


def test_a_number_is_no_text_when_rows_are_ordered(store: Store) -> None:
    ends = [ChainEnd(chain, generation, 1, "") for chain in ("t10", "t2") for generation in (10, 9, 1)]
    with store.writing() as writer:
        writer.write(Rows(chains=ends))
    with store.reading() as reader:
        generations = [(end.chain, end.generation) for end in reader.all_chains()]
    assert generations == [("t10", 1), ("t10", 9), ("t10", 10), ("t2", 1), ("t2", 9), ("t2", 10)]


def test_several_streams_run_side_by_side_at_one_moment(filled: Store) -> None:
    """As `verify` reads: operations, their entries and the chain, while tills go on."""
    rows = plenty()
    with filled.reading() as reader:
        operations, entries, lots = reader.all_operations(), reader.all_entries(), reader.all_lots()
        seen: list[list[Any]] = [[], [], []]
        for number in range(2 * PLENTY):
            if number == 100:
                with filled.writing() as writer:
                    new = plenty()
                    writer.write(Rows(lots=[row._replace(remaining=0) for row in new.new_lots]))
                assert reader.members(["m0001"]), "and single rows are looked up between"
            seen[0] += [next(operations)] if number % 2 else []
            seen[1].append(next(entries))
            seen[2].append(next(lots))
        assert [next(stream, None) for stream in (operations, entries, lots)] == [None] * 3
    assert seen == [sorted(rows.operations), sorted(rows.entries), sorted(rows.new_lots, key=lambda row: row.key)]


def test_a_stream_that_is_left_half_read_holds_no_moment(filled: Store) -> None:
    """Whoever looks next, perhaps by the same connection, sees what is so now."""
    left = []
    for points in range(1, 6):
        with filled.reading() as reader:
            stream = reader.all_operations()
            next(stream)
            left.append(stream)
        with filled.writing() as writer:
            writer.write(Rows(members=[member("m0001", debt=points)]))
        with filled.reading() as reader:
            assert reader.members(["m0001"])["m0001"].debt == points


def test_members_of_a_programme_who_have_not_gone_into_another(read_only: Store) -> None:
    wanted = [row.member for row in plenty_to_read().new_members if row.programme == "p1" and row.merged_into is None]
    with read_only.reading() as reader:
        behind = sorted(wanted)[1:4]
        assert reader.members_behind("p1", sorted(wanted)[0], 3) == behind
    with read_only.reading() as reader:
        assert list(reader.members_of("p1")) == sorted(wanted)
        assert list(reader.members_of("p")) == []


def test_counts(read_only: Store) -> None:
    with read_only.reading() as reader:
        assert reader.counts() == Counts(PLENTY, 2 * PLENTY, PLENTY, 2 * PLENTY)


def test_a_whole_ledger_has_no_damage(read_only: Store) -> None:
    with read_only.reading() as reader:
        assert list(reader.damage()) == []


def test_who_has_many_lots_of_which_one_died_meanwhile(store: Store) -> None:
    tick = timedelta(microseconds=1)
    later = NOW + timedelta(days=1)
    own = [f"{n}" for n in range(3)]  # three open lots besides: four is more than three

    def lots_of(owner: str, ends: list[Any], **more: Any) -> list[Any]:
        living = [lot(name, 5, owner, expires_at=None) for name in own]
        return living + [lot(f"end{n}", 5, owner, expires_at=end, **more) for n, end in enumerate(ends)]

    rows = Rows(
        new_members=[
            member(name, "perekrestok" if name == "of another programme" else "alenka")
            for name in ("at the end", "just after", "before", "at the beginning", "long dead", "of another programme")
        ]
        + [member(name) for name in ("zoe", "too few", "was empty", "was booked", "lives", "booked, too few")],
        new_lots=[
            *lots_of("zoe", [NOW + tick, NOW + 2 * tick]),
            *lots_of("at the end", [later]),
            *lots_of("just after", [later + tick]),
            *lots_of("at the beginning", [NOW]),
            *lots_of("long dead", [NOW - timedelta(days=400)]),
            *lots_of("of another programme", [NOW + tick]),
            *lots_of("too few", [NOW + tick])[1:],
            *lots_of("was empty", [NOW + tick], remaining=0),
            *lots_of("was booked", [NOW + tick], remaining=0, expired=5),
            lot("more", 5, "was booked"),
            lot("more", 5, "was empty"),
            *lots_of("booked, too few", [NOW + tick], remaining=0, expired=5),
            *lots_of("lives", [None]),
        ],
    )
    with store.writing() as writer:
        writer.write(rows)
    with store.reading() as reader:
        found = reader.died_between("alenka", NOW, later, 3)
        assert sorted(found) == ["at the end", "was booked", "zoe"] and len(found) == len(set(found))
        assert reader.died_between("alenka", NOW, later, 4) == ["zoe"]
        assert reader.died_between("alenka", later, later, 0) == []
        assert reader.died_between("nobody", NOW, later, 3) == []
