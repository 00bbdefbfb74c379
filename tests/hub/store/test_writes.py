"""Writes: every list of `Rows`, all or nothing, what a key forbids and what a check does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hub.store.certificate_records import CertificateEntryRow, CertificateHoldRow, CertificateNumberRow
from hub.store.coupon_records import (
    CampaignKey,
    CampaignMemberRow,
    CampaignRow,
    CouponHoldKey,
    CouponHoldRow,
    MadeCoupon,
)
from hub.store.errand_records import ErrandRow, PictureRow
from hub.store.errors import Clash, StoreOff
from hub.store.letter_records import LetterKey, LetterRow, MailingRow
from hub.store.named import NamedRow
from hub.store.office_records import (
    ActedRow,
    CardOrderRow,
    CardPhoneRow,
    CodeRow,
    ConfirmedRow,
    GiftRow,
    GoodsRow,
    MessageRow,
    ProgrammeRow,
    SeenKey,
    SeenRow,
    SettingRow,
    StaffRow,
    StoreDayRow,
    StoreRow,
    WatchedRow,
)
from hub.store.records import (
    CardRow,
    ChainEnd,
    ChainKey,
    ChangeRow,
    CouponRow,
    DayRow,
    EntryRow,
    HoldKey,
    JobRow,
    KeptOperation,
    LotKey,
    MemberRow,
    OnceRow,
    Place,
    ProfileRow,
    ReturnRow,
)
from hub.store.rows import MovedCard, Rows
from hub.store.seam import Counts, Store
from hub.store.sticker_records import StickerEntryRow, StickerRow
from tests.hub.store.rows import NOW, case, certificate, consent, earlier, hold, lot, member, operation, plenty

AT = Place("t1", 1, 1)
ENTRY = EntryRow(*AT, 1, "anna", "member", None, 5)


def write(store: Store, *rows: Rows) -> None:
    with store.writing() as writer:
        for some in rows:
            writer.write(some)


def everything(store: Store) -> dict[str, list[Any]]:
    """All that the ledger's tables hold."""
    with store.reading() as reader:
        members = [row.member for row in reader.all_members()]
        found: dict[str, list[Any]] = {
            "members": list(reader.all_members()),
            "profiles": sorted(reader.profiles(members).values()),
            "chains": list(reader.all_chains()),
            "operations": list(reader.all_operations()),
            "named": list(reader.all_named()),
            "cards": list(reader.all_cards()),
            "lots": list(reader.all_lots()),
            "entries": list(reader.all_entries()),
            "days": list(reader.all_days()),
            "stickers": list(reader.all_stickers()),
            "sticker entries": list(reader.all_sticker_entries()),
            "used": list(reader.all_coupon_uses()),
            "conflicts": list(reader.all_conflicts()),
            "made coupons": list(reader.all_made_coupons()),
            "campaigns": list(reader.all_campaigns()),
            "campaign members": list(reader.all_campaign_members()),
            "coupon holds": list(reader.all_coupon_holds()),
            "returns": list(reader.all_returns()),
            "cases": list(reader.all_cases()),
            "once": list(reader.all_once()),
            "holds": list(reader.all_holds()),
            "consents": list(reader.all_consents()),
            "earlier": list(reader.all_earlier_sales()),
            "goods": list(reader.all_goods()),
            "gifts": list(reader.all_gifts()),
            "till settings": list(reader.all_till_settings()),
            "staff": list(reader.all_staff()),
            "stores": list(reader.all_stores()),
            "watched": list(reader.all_watched()),
            "store days": list(reader.all_store_days()),
            "acted": list(reader.all_acted()),
            "seen": list(reader.all_seen()),
            "certificates": list(reader.all_certificates()),
            "certificates' entries": list(reader.all_certificate_entries()),
            "certificates' holds": list(reader.all_certificate_holds()),
            "certificates' numbers": list(reader.all_certificate_numbers()),
            "codes": list(reader.all_codes()),
            "card phones": list(reader.all_card_phones()),
            "card orders": list(reader.all_card_orders()),
            "errands": list(reader.all_errands()),
            "pictures": list(reader.all_pictures()),
            "messages": list(reader.all_messages()),
            "mailings": list(reader.all_mailings()),
            "letters": list(reader.all_letters()),
            "phones confirmed": list(reader.all_phones_confirmed()),
            "jobs": list(reader.all_jobs()),
            "changes": [change[1:] for change in reader.changes("alenka", "", 100)],
        }
        return found


def there(store: Store) -> dict[str, list[Any]]:
    return {name: rows for name, rows in everything(store).items() if rows}


FIRST = Rows(
    operations=[operation()],
    named=[NamedRow("anna", *AT), NamedRow("boris", *AT)],
    chains=[ChainEnd("t1", 1, 1, "a")],
    new_members=[member("anna"), member("boris", registered=True, debt=3)],
    profiles=[ProfileRow("anna", "+79161234567", "1990-05-17", ("чай",))],
    new_cards=[CardRow("c1", "anna", "pending", NOW), CardRow("c2", "boris", "active")],
    new_lots=[lot("t1/1/1", 5), lot("t1/1/1", 7, "boris")],
    entries=[ENTRY, EntryRow(*AT, 2, "anna", "issued", None, -5)],
    days=[DayRow("anna", "2026-03-02", 1, 1, 100)],
    stickers=[StickerRow("anna", "2026-09-01", -3)],
    sticker_entries=[StickerEntryRow(*AT, "anna", "2026-09-01", -3)],
    used_coupons=[CouponRow("s1", *AT)],
    conflicts=[CouponRow("s1", "t2", 1, 1)],
    made_coupons=[MadeCoupon("s1", "alenka", "c", "anna", "k1", "{}"), MadeCoupon("s2", "alenka", "c", "", "", "{}")],
    campaigns=[CampaignRow("alenka", "c", 1, 100, "{}"), CampaignRow("alenka", "d", 2)],
    campaign_members=[CampaignMemberRow("anna", "alenka", "c", 1, 100)],
    coupon_holds=[CouponHoldRow("s1", "t1", "h1", "alenka", "c", "", 5, NOW)],
    returns=[ReturnRow(*AT, "t1", 1, 2, 5)],
    new_cases=[case()],
    changes=[ChangeRow("alenka", "member", "anna"), ChangeRow("alenka", "coupon", "s1")],
    once=[OnceRow("anna", "birthday/2026")],
    new_holds=[hold("h1"), hold("h1", 7, "boris")],
    new_consents=[consent(), consent(what="profiling", withdrawn_at=NOW)],
    earlier_sales=[earlier()],
    stores=[StoreRow("s1", "ООО", "дискаунтер", "Europe/Moscow", "shop", 30), StoreRow("s2")],
    goods=[GoodsRow("1001", "{}"), GoodsRow("1002", '{"name":"Чай"}')],
    gifts=[GiftRow("g1", 0, "anna", 5), GiftRow("g1", 1, "boris", 7)],
    till_settings=[SettingRow("*", "language", "{}"), SettingRow("s1", "language", "{}")],
    watched=[WatchedRow("by:Olga", "{}"), WatchedRow("member:anna", "{}")],
    store_days=[StoreDayRow("s1", "2026-03-02", "t1", "", "{}"), StoreDayRow("s1", "2026-03-02", "t1", "p1", "{}")],
    acted=[ActedRow(1, "{}"), ActedRow(2, "{}")],
    staff=[StaffRow("", "petrova", "{}"), StaffRow("s1", "petrova", "{}")],
    seen=[SeenRow("anna", "s1", NOW), SeenRow("boris", "s1", NOW)],
    new_certificates=[certificate(), certificate("9000000000000025", paid=False, until=NOW, tries=2)],
    certificate_entries=[
        CertificateEntryRow(*AT, 1, "9000000000000017", "certificate", 100_000),
        CertificateEntryRow(*AT, 2, "9000000000000017", "sold", -100_000),
    ],
    certificate_holds=[CertificateHoldRow("9000000000000017", "t1", "h1", 5, NOW, NOW + timedelta(minutes=9))],
    certificate_numbers=[
        CertificateNumberRow("9000000000000017", "c-t1-f"),
        CertificateNumberRow("9000000000000025", "office"),
    ],
    codes=[CodeRow("k1", NOW, "ff", "anna", "{}")],
    card_phones=[CardPhoneRow("f1", "2600", "{}"), CardPhoneRow("f2", "2600", "{}")],
    errands=[ErrandRow("e1", "ticket", "anna", "", "new", None, NOW, "{}")],
    pictures=[PictureRow("i1", "e1", "/9j/")],
    card_orders=[CardOrderRow("o1", "anna", "new", "", NOW, "{}"), CardOrderRow("o2", "anna", "made", "77", NOW, "{}")],
    messages=[MessageRow("k1", "waiting", NOW, "{}")],
    mailings=[MailingRow("m1", "{}")],
    new_letters=[LetterRow("anna", "l1", NOW, "m1", "waiting", NOW, "{}")],
    phones_confirmed=[ConfirmedRow("anna", "ff", NOW)],
    jobs=[JobRow("expiry", NOW, 3), JobRow("birthday", None, 0, "here", NOW)],
    programmes=[ProgrammeRow("h1", "id: alenka")],
    settings={"colour": "red"},
)
UNTOUCHED = Rows(settings={"colour": "blue"}, changes=[ChangeRow("alenka", "member", "boris")])


def test_every_list_of_rows_is_kept(store: Store) -> None:
    write(store, FIRST)
    assert everything(store) == {
        "members": FIRST.new_members,
        "profiles": [*FIRST.profiles, ProfileRow("boris", None, None, ())],
        "chains": FIRST.chains,
        "operations": FIRST.operations,
        "named": FIRST.named,
        "cards": FIRST.new_cards,
        "lots": FIRST.new_lots,
        "entries": FIRST.entries,
        "days": FIRST.days,
        "stickers": FIRST.stickers,
        "sticker entries": FIRST.sticker_entries,
        "used": FIRST.used_coupons,
        "conflicts": FIRST.conflicts,
        "made coupons": FIRST.made_coupons,
        "campaigns": FIRST.campaigns,
        "campaign members": FIRST.campaign_members,
        "coupon holds": FIRST.coupon_holds,
        "returns": FIRST.returns,
        "cases": FIRST.new_cases,
        "once": FIRST.once,
        "holds": FIRST.new_holds,
        "consents": FIRST.new_consents,
        "earlier": FIRST.earlier_sales,
        "goods": FIRST.goods,
        "gifts": FIRST.gifts,
        "till settings": FIRST.till_settings,
        "staff": FIRST.staff,
        "stores": FIRST.stores,
        "watched": FIRST.watched,
        "store days": FIRST.store_days,
        "acted": FIRST.acted,
        "seen": FIRST.seen,
        "certificates": FIRST.new_certificates,
        "certificates' entries": FIRST.certificate_entries,
        "certificates' holds": FIRST.certificate_holds,
        "certificates' numbers": FIRST.certificate_numbers,
        "codes": FIRST.codes,
        "card phones": FIRST.card_phones,
        "card orders": FIRST.card_orders,
        "errands": FIRST.errands,
        "pictures": FIRST.pictures,
        "messages": FIRST.messages,
        "mailings": FIRST.mailings,
        "letters": FIRST.new_letters,
        "phones confirmed": FIRST.phones_confirmed,
        "jobs": FIRST.jobs[::-1],
        "changes": [("member", "anna"), ("coupon", "s1")],
    }
    with store.reading() as reader:
        assert reader.programmes(["h1"]) == {"h1": "id: alenka"} and reader.setting("colour") == "red"


def test_nothing_to_write_is_nothing(store: Store) -> None:
    write(store, Rows(), Rows())
    assert there(store) == {}


def test_what_is_replaced_is_as_it_was_told_last(store: Store) -> None:
    write(store, FIRST)
    anna = MemberRow("anna", "perekrestok", registered=True, debt=9, merged_into="boris")
    profile = ProfileRow("boris", None, "2000-01-31", ("мёд", "чай"))
    card = CardRow("c1", "anna", "replaced", None, "c2")
    full = lot("t1/1/1", 6, remaining=1, expired=4, active_from=NOW + timedelta(1), expires_at=NOW + timedelta(2))
    end = ChainEnd("t1", 1, 2, "b")
    write(store, Rows(members=[anna], profiles=[profile], cards=[card], lots=[full], chains=[end]))
    now = everything(store)
    assert now["members"] == [anna, FIRST.new_members[1]] and now["profiles"] == [*FIRST.profiles, profile]
    assert now["cards"] == [card, FIRST.new_cards[1]] and now["chains"] == [end]
    assert now["lots"] == [full, FIRST.new_lots[1]], "the same lot of another member is another row"


def test_many_rows_are_replaced_at_once_each_by_its_own(store: Store) -> None:
    rows = plenty()
    write(store, rows)
    members = [row._replace(debt=n, registered=not row.registered) for n, row in enumerate(rows.new_members)]
    lots = [row._replace(remaining=0, expired=n % 50) for n, row in enumerate(rows.new_lots)]
    cards = [card._replace(status="blocked", active_from=None) for card in rows.new_cards[::2]]
    profiles = [row._replace(phone=f"+{n}", favourites=(str(n),)) for n, row in enumerate(rows.profiles)]
    ends = [end._replace(sequence=1_000 + n) for n, end in enumerate(rows.chains)]
    write(store, Rows(members=members, lots=lots, cards=cards, profiles=profiles, chains=ends))
    now = everything(store)
    assert now["members"] == sorted(members) and now["lots"] == sorted(lots) and now["profiles"] == sorted(profiles)
    assert now["cards"] == sorted([*cards, *rows.new_cards[1::2]], key=lambda card: card.number)
    assert now["chains"] == sorted(ends)


def test_a_chain_may_be_new_or_known_in_one_write(store: Store) -> None:
    write(store, FIRST)
    ends = [ChainEnd("t2", 1, 1, "x"), ChainEnd("t1", 1, 7, "y"), ChainEnd("t1", 2, 1, "z")]
    write(store, Rows(chains=ends))
    assert everything(store)["chains"] == sorted(ends)


def test_how_far_a_copy_goes_is_kept_and_never_less(store: Store) -> None:
    """Whatever the chain does meanwhile."""
    ends = [ChainEnd("t1", 1, 7, "y"), ChainEnd("t1", 2, 1, "z"), ChainEnd("t2", 1, 1, "x")]
    write(store, Rows(chains=ends))
    for copied in ([ChainEnd("t1", 1, 5, "w"), ends[1]], [ChainEnd("t1", 1, 3, "v")]):
        with store.writing() as writer:
            writer.locked_chains([end.key for end in copied])
            writer.cover(copied)
    write(store, Rows(chains=[ChainEnd("t1", 1, 9, "q")]))
    with store.reading() as reader:
        assert reader.covered_of(["t1", "t2", "t3"]) == {ChainKey("t1", 1): 5, ChainKey("t1", 2): 1}
        assert reader.covered_of(["t2"]) == {}


def test_stickers_add_up(store: Store) -> None:
    write(store, FIRST)
    write(store, Rows(stickers=[StickerRow("anna", "2026-09-01", 20), StickerRow("anna", "2025-09-01", 1)]))
    write(store, Rows(stickers=[StickerRow("anna", "2026-09-01", -18)]))
    assert everything(store)["stickers"] == [StickerRow("anna", "2025-09-01", 1), StickerRow("anna", "2026-09-01", -1)]


def test_days_add_up(store: Store) -> None:
    write(store, FIRST)
    write(store, Rows(days=[DayRow("anna", "2026-03-02", 10, 0, -300), DayRow("anna", "2026-03-03", -4, -1, 0)]))
    write(store, Rows(days=[DayRow("anna", "2026-03-02", -5, 2, 1)]))
    days = [DayRow("anna", "2026-03-02", 6, 3, -199), DayRow("anna", "2026-03-03", -4, -1, 0)]
    assert everything(store)["days"] == days


def test_a_case_is_settled_in_its_place(store: Store) -> None:
    more = [case("refused"), case(sequence=2), case(chain="t2")]
    write(store, FIRST, Rows(new_cases=more))
    settled = case(others=(AT, Place("t2", 1, 7)), member=None)._replace(
        state="settled", settled_at=NOW, settled_by="Olga", remedy="accept", settled_note="ё"
    )
    write(store, Rows(cases=[settled]))
    assert everything(store)["cases"] == sorted([settled, *more], key=lambda one: one.key)
    with store.reading() as reader:
        assert reader.cases([settled.key, case("clock").key]) == {settled.key: settled}
        assert list(reader.all_open_cases()) == sorted(more, key=lambda one: one.key)


def test_a_hold_becomes_another_in_its_place(store: Store) -> None:
    voided = hold("h1", 0, till="t9", until=NOW + timedelta(hours=1), state="voided")
    write(store, FIRST, Rows(new_holds=[hold("h2", 3)], holds=[voided]))
    assert everything(store)["holds"] == [voided, hold("h2", 3), hold("h1", 7, "boris")]
    again = hold("h1", 8)
    write(store, Rows(gone_holds=[HoldKey("anna", "h1"), HoldKey("boris", "h2"), HoldKey("vera", "h1")]))
    assert everything(store)["holds"] == [hold("h2", 3), hold("h1", 7, "boris")], "who is not there need not go"
    write(store, Rows(gone_holds=[HoldKey("anna", "h2")], new_holds=[hold("h2", 4), again]))
    assert everything(store)["holds"] == [again, hold("h2", 4), hold("h1", 7, "boris")]


def test_a_consent_ends_in_its_place_or_goes_to_another(store: Store) -> None:
    ended = consent(withdrawn_at=NOW + timedelta(days=1))
    write(store, FIRST, Rows(consents=[ended]))
    moved = FIRST.new_consents[1]._replace(member="boris")
    write(store, Rows(gone_consents=[FIRST.new_consents[1].key], new_consents=[moved]))
    assert everything(store)["consents"] == [ended, moved]


def test_goods_are_as_they_were_told_last(store: Store) -> None:
    write(store, FIRST, Rows(goods=[GoodsRow("1002", "{}"), GoodsRow("1002", '{"kind":"vodka"}')]))
    assert everything(store)["goods"] == [FIRST.goods[0], GoodsRow("1002", '{"kind":"vodka"}')]


def test_a_gift_is_for_whom_it_was_told_last_and_is_read_from_a_number_on(store: Store) -> None:
    write(
        store, FIRST, Rows(gifts=[GiftRow("g1", 1, "vera", 9), GiftRow("g1", 2, "anna", 1), GiftRow("g2", 0, "x", 1)])
    )
    with store.reading() as reader:
        assert reader.gift_rows("g1", 1, 5) == [GiftRow("g1", 1, "vera", 9), GiftRow("g1", 2, "anna", 1)]
        assert reader.gift_rows("g1", 0, 1) == [GiftRow("g1", 0, "anna", 5)]
        assert reader.gift_rows("g1", 3, 5) == reader.gift_rows("g\0", 0, 5) == []


def test_a_setting_is_as_it_was_said_last_and_is_read_by_stores(store: Store) -> None:
    said, other = SettingRow("s1", "language", '{"value":"en"}'), SettingRow("s1", "idle_minutes", "{}")
    write(store, FIRST, Rows(till_settings=[said, other]))
    assert everything(store)["till settings"] == [FIRST.till_settings[0], other, said]
    with store.reading() as reader:
        assert reader.till_settings(["s1", "s2", "S1", "s1\0"]) == [other, said]
        assert reader.till_settings(["s1", "*"]) == [FIRST.till_settings[0], other, said]
        assert reader.till_settings([]) == []


def test_a_cards_phones_are_read_and_go(store: Store) -> None:
    rows = [CardPhoneRow("f2", "77", "{}"), CardPhoneRow("f1", "77", "{}"), CardPhoneRow("f0", "88", "{}")]
    write(store, Rows(card_phones=rows))
    write(store, Rows(card_phones=[CardPhoneRow("f2", "77", '{"a":1}')]))
    with store.writing() as writer:
        assert writer.locked_card_phones(["f1", "f9"]) == {"f1": rows[1]}
        assert writer.phones_of_cards(["77", "99"]) == [rows[1], CardPhoneRow("f2", "77", '{"a":1}')]
    write(store, Rows(gone_card_phones=["f1", "f9"]))
    with store.reading() as reader:
        assert [row.id for row in reader.all_card_phones()] == ["f0", "f2"]


def test_a_card_order_is_found_by_its_member_its_card_and_its_state(store: Store) -> None:
    first = CardOrderRow("o1", "anna", "new", "", NOW, "{}")
    rows = [CardOrderRow("o3", "vera", "new", "", NOW - timedelta(days=1), "{}"), first]
    write(store, Rows(card_orders=rows))
    made = first._replace(state="made", number="77", at=NOW + timedelta(days=1), body='{"a":1}')
    write(store, Rows(card_orders=[made]))
    with store.writing() as writer:
        assert writer.locked_card_orders(["o1", "o9"]) == {"o1": made}
        assert writer.card_orders_of(["anna", "boris"]) == [made]
        assert writer.card_orders_with(["77", ""]) == [made]
        assert writer.card_orders_in("new", 9) == [rows[0]]
    write(store, Rows(card_orders=[first._replace(state="new")]))
    with store.reading() as reader:
        assert [row.id for row in reader.card_orders_in("new", 9)] == ["o3", "o1"], "the one that waits longest first"
        assert [row.id for row in reader.card_orders_in("new", 1)] == ["o3"]


def test_an_errand_is_found_by_its_member_its_mark_its_state_and_its_moment(store: Store) -> None:
    first = ErrandRow("e1", "ticket", "anna", "a1", "new", NOW, NOW, "{}")
    other = ErrandRow("e3", "ticket", "", "", "new", None, NOW - timedelta(days=1), "{}")
    elsewhere = ErrandRow("e2", "exchange", "anna", "a1", "new", NOW, NOW, "{}")
    write(store, Rows(errands=[first, other, elsewhere]))
    with store.writing() as writer:
        assert writer.locked_errands(["e1", "e9"]) == {"e1": first}
        assert writer.errands_of("ticket", ["anna", ""]) == [first]
        assert writer.every_errand_of(["anna", ""]) == [first, elsewhere]
        assert writer.errands_about("exchange", ["a1", ""]) == [elsewhere]
        assert writer.errands_in("ticket", "new", 9) == [other, first], "the one that waits longest first"
        assert writer.errands_in("ticket", "new", 1) == [other]
        assert writer.errands_due("ticket", NOW, 9) == [first]
        assert writer.errands_due("ticket", NOW - timedelta(seconds=1), 9) == []
    done = first._replace(
        state="done", member="vera", about="", due_at=None, at=NOW + timedelta(days=1), body='{"a":1}'
    )
    write(store, Rows(errands=[done]))
    with store.reading() as reader:
        assert list(reader.all_errands()) == [done, elsewhere, other]
        assert reader.errands_of("ticket", ["anna"]) == reader.errands_due("ticket", NOW, 9) == []
    write(store, Rows(gone_errands=["e1", "e2", "e9"], errands=[first]))
    with store.reading() as reader:
        assert list(reader.all_errands()) == [first, other]


def test_pictures_are_found_by_their_errand_and_go(store: Store) -> None:
    write(
        store,
        Rows(pictures=[PictureRow("p2", "e1", "/9j/"), PictureRow("p1", "e1", "AAAA"), PictureRow("p3", "e2", "")]),
    )
    with store.reading() as reader:
        assert reader.pictures_of(["e1", "e9"]) == [("p1", "e1"), ("p2", "e1")]
        assert reader.pictures(["p2"]) == {"p2": PictureRow("p2", "e1", "/9j/")}
    write(store, Rows(gone_pictures=["p1"], pictures=[PictureRow("p1", "e3", "BBBB")]))
    with store.reading() as reader:
        assert reader.pictures_of(["e1", "e3"]) == [("p2", "e1"), ("p1", "e3")]


def test_codes_and_messages_are_read_by_their_moments_and_go(store: Store) -> None:
    moments = [NOW + timedelta(seconds=n) for n in range(3)]
    codes = [CodeRow(f"k{2 - n}", at, "ff", "anna", str(n)) for n, at in enumerate(moments)]
    messages = [MessageRow(f"k{2 - n}", "waiting", at, str(n)) for n, at in enumerate(moments)]
    confirmed = [ConfirmedRow(name, "ff", NOW) for name in ("anna", "boris")]
    write(store, Rows(codes=codes, messages=messages, phones_confirmed=confirmed))
    write(store, Rows(messages=[messages[1]._replace(state="sent", body="s")]))
    with store.writing() as writer:
        assert writer.locked_codes(["k0", "k9"]) == {"k0": codes[2]}
        assert writer.locked_messages(["k1"])["k1"].state == "sent"
    with store.reading() as reader:
        assert reader.codes_since(moments[0]) == codes[1:] and reader.codes_until(moments[1], 1) == codes[:1]
        assert reader.messages_in("waiting", 5) == [messages[0], messages[2]]
        assert [row.id for row in reader.newest_messages(2)] == ["k0", "k1"]
        assert [row.id for row in reader.messages_until(moments[1], 9)] == ["k2", "k1"]
    write(store, Rows(gone_codes=["k2", "k9"], gone_messages=["k2", "k1"], gone_confirmed=["vera", "anna"]))
    assert everything(store)["codes"] == [codes[2], codes[1]] and everything(store)["messages"] == [messages[2]]
    assert everything(store)["phones confirmed"] == confirmed[1:]


def test_letters_are_found_by_member_by_mailing_by_id_and_when_they_are_due(store: Store) -> None:
    moments = [NOW + timedelta(seconds=n) for n in range(3)]
    rows = [
        LetterRow("anna", "l2", moments[0], "m1", "waiting", moments[2], "{}"),
        LetterRow("anna", "l1", moments[1], "", "sent", None, "{}"),
        LetterRow("boris", "l0", moments[2], "m1", "waiting", moments[1], "{}"),
    ]
    write(store, Rows(mailings=[MailingRow("m1", "{}"), MailingRow("m0", "{}")], new_letters=rows))
    write(store, Rows(mailings=[MailingRow("m1", '{"a":1}')]))
    with store.writing() as writer:
        assert writer.locked_mailings(["m1", "m9"]) == {"m1": MailingRow("m1", '{"a":1}')}
        assert writer.locked_letters([rows[0].key, LetterKey("anna", "l0")]) == {rows[0].key: rows[0]}
    with store.reading() as reader:
        assert reader.letters_of(["anna"]) == rows[:2] and reader.letters_called(["l0", "l9"]) == [rows[2]]
        assert reader.letters_of_mailing("m1", "", 5) == [rows[0], rows[2]]
        assert (
            reader.letters_of_mailing("m1", "anna", 5) == [rows[2]]
            and reader.letters_of_mailing("m1", "", 1) == rows[:1]
        )
        assert reader.letters_of_mailing("", "", 5) == []
        assert reader.due_letters(moments[1], 5) == [rows[2]] and reader.due_letters(moments[2], 1) == [rows[2]]
    write(store, Rows(letters=[rows[2]._replace(state="sending", due_at=None, body="s")], gone_letters=[rows[0].key]))
    assert everything(store)["letters"] == [rows[1], rows[2]._replace(state="sending", due_at=None, body="s")]
    with pytest.raises(Clash):
        write(store, Rows(new_letters=[rows[1]]))


def test_what_is_watched_and_a_day_are_as_they_were_told_last(store: Store) -> None:
    day = FIRST.store_days[1]._replace(body='{"sales":1}')
    write(store, FIRST, Rows(watched=[WatchedRow("by:Olga", '{"uses":[]}')], store_days=[day]))
    with store.reading() as reader:
        assert reader.watched(["by:Olga"]) == {"by:Olga": WatchedRow("by:Olga", '{"uses":[]}')}
        assert reader.days_of_store("s1", "2026-03-02") == [FIRST.store_days[0], day]
        assert reader.days_of_store("S1", "2026-03-02") == reader.days_of_store("s\0", "") == []


def test_acts_are_read_from_the_last_one_back(store: Store) -> None:
    with store.reading() as reader:
        assert reader.last_acted() is None and reader.acted_before(5, 5) == []
    write(store, FIRST)
    with store.reading() as reader:
        assert reader.last_acted() == FIRST.acted[1]
        assert reader.acted_before(3, 5) == FIRST.acted[::-1] and reader.acted_before(3, 1) == FIRST.acted[1:]
        assert reader.acted_before(1, 5) == []


def test_a_shop_is_as_it_was_told_last_and_so_is_who_is_seen_there(store: Store) -> None:
    later, latest = NOW + timedelta(days=1), NOW + timedelta(days=2)
    shop = StoreRow("s1", "АО", "", None, "chain", 7)
    write(store, FIRST, Rows(stores=[shop], seen=[SeenRow("anna", "s1", later), SeenRow("anna", "s2", NOW)]))
    now = everything(store)
    assert now["stores"] == [shop, FIRST.stores[1]]
    assert now["seen"] == [SeenRow("anna", "s1", later), SeenRow("anna", "s2", NOW), FIRST.seen[1]]
    write(store, Rows(seen=[SeenRow("anna", "s2", latest), SeenRow("anna", "s2", later)]))
    assert everything(store)["seen"][1] == SeenRow("anna", "s2", later), "twice in one write: the last of them"
    keys = [SeenKey("boris", "s1"), SeenKey("anna", "s1"), SeenKey("anna", "s9")]
    write(store, Rows(unseen=keys, seen=[SeenRow("anna", "s1", NOW)]))
    assert everything(store)["seen"] == [SeenRow("anna", "s1", NOW), SeenRow("anna", "s2", later)]


def test_a_programme_is_kept_once(store: Store) -> None:
    write(store, FIRST, Rows(programmes=[ProgrammeRow("h1", "id: other"), ProgrammeRow("h2", "id: more")]))
    with store.reading() as reader:
        assert reader.programmes(["h1", "h2"]) == {"h1": "id: alenka", "h2": "id: more"}


def test_cards_go_to_another_member(store: Store) -> None:
    write(store, FIRST)
    moved = CardRow("c1", "boris", "active", None, "c2")
    write(store, Rows(moved_cards=[MovedCard("anna", moved)]))
    with store.reading() as reader:
        assert reader.cards_of(["anna"]) == [] and reader.cards(["c1"]) == {"c1": moved}
        assert reader.cards_of(["anna", "boris"]) == [moved, FIRST.new_cards[1]]


def test_a_right_given_back_is_used_again_in_one_write(store: Store) -> None:
    """The sale that gives it back makes room for the one that had honoured it too."""
    write(store, FIRST)
    other = CouponRow("s1", "t2", 1, 1)
    write(store, Rows(freed_coupons=FIRST.used_coupons, used_coupons=[other], settled_conflicts=[other]))
    now = everything(store)
    assert now["used"] == [other] and now["conflicts"] == []
    write(store, Rows(settled_conflicts=[other], conflicts=[other], freed_coupons=[other]))
    now = everything(store)
    assert now["used"] == [] and now["conflicts"] == [other]


def test_only_the_sale_that_used_a_right_frees_it(store: Store) -> None:
    others = [CouponRow("s1", "t2", 1, 1), CouponRow("s1", "t1", 2, 1), CouponRow("s1", "t1", 1, 2)]
    write(store, FIRST, Rows(freed_coupons=others, settled_conflicts=others[1:]))
    now = everything(store)
    assert now["used"] == FIRST.used_coupons and now["conflicts"] == FIRST.conflicts


def test_what_is_counted_and_held_of_coupons_is_replaced_and_let_go(store: Store) -> None:
    write(store, FIRST)
    now = Rows(
        made_coupons=[FIRST.made_coupons[0]._replace(member="boris", body='{"uses":2}')],
        campaigns=[CampaignRow("alenka", "c", 2, 150, ""), CampaignRow("alenka", "d"), CampaignRow("alenka", "e", 1)],
        campaign_members=[
            CampaignMemberRow("anna", "alenka", "c", 0, 0),
            CampaignMemberRow("boris", "alenka", "c", 1, 9),
        ],
        coupon_holds=[CouponHoldRow("s1", "t1", "h2", "alenka", "c", "anna", 6, NOW)],
    )
    write(store, now)
    found = everything(store)
    assert found["made coupons"] == [now.made_coupons[0], FIRST.made_coupons[1]]
    assert found["campaigns"] == [now.campaigns[0], now.campaigns[2]], "one of which nothing is to be said is none"
    assert found["campaign members"] == now.campaign_members[1:] and found["coupon holds"] == now.coupon_holds
    write(store, Rows(gone_coupon_holds=[CouponHoldKey("s1", "t1"), CouponHoldKey("s1", "t2")]))
    assert everything(store)["coupon holds"] == []


def test_a_campaign_is_locked_also_where_nothing_is_known_of_it(store: Store) -> None:
    write(store, FIRST)
    known, new = CampaignKey("alenka", "c"), CampaignKey("alenka", "new")
    with store.writing() as writer:
        assert writer.locked_campaigns([new, known]) == {known: FIRST.campaigns[0]} == writer.campaigns([known, new])
        assert writer.locked_campaigns([new]) == {} == writer.locked_campaigns([])
    assert everything(store)["campaigns"] == FIRST.campaigns
    with store.reading() as reader:
        assert reader.campaigns_of("alenka") == FIRST.campaigns and reader.campaigns_of("other") == []
        assert reader.coupon_holds(known) == FIRST.coupon_holds == reader.coupon_holds_of("t1")
        assert reader.coupon_holds(new) == [] == reader.coupon_holds_of("t2")
        assert reader.coupons_made("alenka", "c", "s1", 9) == FIRST.made_coupons[1:]
        assert reader.coupons_made("alenka", "c", "", 1) == FIRST.made_coupons[:1]
        assert reader.coupons_with_codes([""]) == [], "no code is nobody's"


def test_a_transaction_sees_what_it_wrote(store: Store) -> None:
    with store.writing() as writer:
        writer.write(FIRST)
        assert writer.members(["anna"]) == {"anna": FIRST.new_members[0]}
        assert writer.open_lots(["anna"], NOW) == [FIRST.new_lots[0]]
        assert writer.locked_chains([ChainKey("t1", 1)])[ChainKey("t1", 1)] == FIRST.chains[0]
        writer.write(Rows(members=[FIRST.new_members[0]._replace(debt=1)], days=FIRST.days))
        assert writer.members(["anna"])["anna"].debt == 1
        assert writer.days_of(["anna"], "") == [DayRow("anna", "2026-03-02", 2, 2, 200)]
        assert writer.counts() == Counts(operations=1, entries=2, members=2, conflicts=1)


def test_locking_tells_what_is_there(store: Store) -> None:
    write(store, FIRST)
    with store.writing() as writer:
        assert writer.locked_chains([]) == {} == writer.locked_members([])
        assert writer.locked_chains([ChainKey("t1", 2), ChainKey("t1", 1)]) == {ChainKey("t1", 1): FIRST.chains[0]}
        assert writer.locked_members(["zoe", "boris", "anna"]) == {row.member: row for row in FIRST.new_members}
    assert everything(store)["chains"] == FIRST.chains, "looking begins no chain"


class Stop(Exception):
    pass


@pytest.mark.parametrize("error", [Stop, KeyboardInterrupt, GeneratorExit])
def test_all_or_nothing_when_the_block_raises(store: Store, error: type[BaseException]) -> None:
    write(store, FIRST)
    before = everything(store)
    with pytest.raises(error), store.writing() as writer:
        writer.locked_members(["anna"])
        writer.write(Rows(members=[FIRST.new_members[0]._replace(debt=77)], freed_coupons=FIRST.used_coupons))
        writer.write(plenty())
        raise error
    assert everything(store) == before
    write(store, UNTOUCHED)
    assert everything(store)["changes"][-1] == ("member", "boris"), "and it goes on"


def test_what_was_written_is_there_when_it_is_opened_again(open_store: Callable[[], Store]) -> None:
    first = open_store()
    write(first, FIRST)
    before = everything(first)
    first.close()
    assert everything(open_store()) == before


DOUBLES = {
    "operations": Rows(operations=[operation(hash="other", text="other")]),
    "members": Rows(new_members=[member("anna", "perekrestok")]),
    "cards": Rows(new_cards=[CardRow("c1", "anna", "active")]),
    "cards of another": Rows(new_cards=[CardRow("c1", "boris", "active")]),
    "lots": Rows(new_lots=[lot("t1/1/1", 9)]),
    "entries": Rows(entries=[ENTRY]),
    "coupons": Rows(used_coupons=[CouponRow("s1", "t2", 1, 1)]),
    "conflicts": Rows(conflicts=FIRST.conflicts),
    "returns": Rows(returns=[FIRST.returns[0]._replace(restored=1)]),
    "cases": Rows(new_cases=[case(note="another")]),
    "what is done once": Rows(once=FIRST.once),
    "holds": Rows(new_holds=[hold("h1", 9, till="t2")]),
    "consents": Rows(new_consents=[consent(document="v2")]),
    "earlier receipts": Rows(earlier_sales=[earlier(card=None)]),
    "twice in one": Rows(new_members=[member("vera"), member("vera")]),
    "an operation twice in one": Rows(operations=[operation(2), operation(2)]),
}


@pytest.mark.parametrize("what", DOUBLES)
def test_a_key_that_is_there_by_now_is_a_clash_and_nothing_was_written(store: Store, what: str) -> None:
    """Also when it comes last, after much that would have been good."""
    write(store, FIRST)
    before = everything(store)
    with pytest.raises(Clash), store.writing() as writer:
        writer.write(UNTOUCHED)
        writer.write(Rows(new_members=[member("petr")], operations=[operation(3)]))
        writer.write(DOUBLES[what])
    assert everything(store) == before
    with store.reading() as reader:
        assert reader.setting("colour") == "red"
    write(store, UNTOUCHED)
    assert everything(store)["changes"][-1] == ("member", "boris"), "and it goes on"


OTHERS = {
    "operations": Rows(operations=[operation(2), operation(1, "t2"), KeptOperation("t1", 2, 1, "", "{}", None)]),
    "named": Rows(named=[NamedRow("anna", "t2", 1, 1), NamedRow("vera", *AT), NamedRow("anna", "t1", 2, 1)]),
    "lots": Rows(new_lots=[lot("t1/1/2", 1), lot("t1/1/1", 1, "vera")]),
    "entries": Rows(entries=[ENTRY._replace(number=3), ENTRY._replace(generation=2), ENTRY._replace(chain="t2")]),
    "uses": Rows(used_coupons=[CouponRow("s1", "t2", 1, 1, 2), CouponRow("s2", *AT)]),
    "conflicts": Rows(
        conflicts=[CouponRow("s1", "t2", 1, 2), CouponRow("s1", "t2", 2, 1), CouponRow("s2", "t2", 1, 1)]
    ),
    "returns": Rows(returns=[FIRST.returns[0]._replace(sequence=3), FIRST.returns[0]._replace(of_sequence=3)]),
    "cases": Rows(new_cases=[case("clock"), case(sequence=2), case(chain="t2"), case()._replace(generation=2)]),
    "chains": Rows(chains=[ChainEnd("t1", 2, 1, "a"), ChainEnd("t2", 1, 1, "a")]),
    "days": Rows(days=[DayRow("anna", "2026-03-03", 1, 1, 1), DayRow("boris", "2026-03-02", 1, 1, 1)]),
    "stickers": Rows(stickers=[StickerRow("anna", "2025-09-01", 1), StickerRow("boris", "2026-09-01", 1)]),
    "sticker entries": Rows(
        sticker_entries=[
            StickerEntryRow(*AT, "boris", "2026-09-01", -3),
            StickerEntryRow(*AT, "anna", "2025-09-01", -3),
            StickerEntryRow(*AT[:2], 2, "anna", "2026-09-01", -3),
        ]
    ),
    "once": Rows(once=[OnceRow("anna", "birthday/2027"), OnceRow("boris", "birthday/2026")]),
    "holds": Rows(new_holds=[hold("h2"), hold("h1", owner="vera")]),
    "consents": Rows(
        new_consents=[consent(NOW - timedelta(days=1)), consent(what="mailing_sms"), consent(owner="boris")]
    ),
    "earlier receipts": Rows(
        earlier_sales=[earlier("18"), earlier(pos="2"), earlier(store="s2"), earlier(day="2025-11-03")]
    ),
    "stores": Rows(stores=[StoreRow("S1")]),
    "goods": Rows(goods=[GoodsRow("1003", "{}"), GoodsRow("1001 ", "{}")]),
    "till settings": Rows(till_settings=[SettingRow("s1", "sales", "{}"), SettingRow("S1", "language", "{}")]),
    "gifts": Rows(gifts=[GiftRow("g1", 2, "anna", 5), GiftRow("G1", 0, "anna", 5)]),
    "watched": Rows(watched=[WatchedRow("Member:anna", "{}"), WatchedRow("member:boris", "{}")]),
    "store days": Rows(
        store_days=[
            StoreDayRow("s2", "2026-03-02", "t1", "", "{}"),
            StoreDayRow("s1", "2026-03-03", "t1", "", "{}"),
            StoreDayRow("s1", "2026-03-02", "t2", "", "{}"),
            StoreDayRow("s1", "2026-03-02", "t1", "p2", "{}"),
        ]
    ),
    "acted": Rows(acted=[ActedRow(3, "{}")]),
    "seen": Rows(seen=[SeenRow("anna", "s2", NOW), SeenRow("vera", "s1", NOW)]),
    "codes": Rows(codes=[CodeRow("K1", NOW, "ff", "anna", "{}")]),
    "card phones": Rows(card_phones=[CardPhoneRow("F1", "2600", "{}")]),
    "card orders": Rows(card_orders=[CardOrderRow("O1", "anna", "new", "", NOW, "{}")]),
    "errands": Rows(errands=[ErrandRow("E1", "ticket", "", "a", "new", NOW, NOW, "{}")]),
    "pictures": Rows(pictures=[PictureRow("I1", "E1", "/9j/")]),
    "messages": Rows(messages=[MessageRow("K1", "waiting", NOW, "{}")]),
    "mailings": Rows(mailings=[MailingRow("M1", "{}")]),
    "letters": Rows(
        new_letters=[
            LetterRow("anna", "L1", NOW, "m1", "sent", None, "{}"),
            LetterRow("boris", "l1", NOW, "m1", "sent", None, "{}"),
        ]
    ),
    "phones confirmed": Rows(phones_confirmed=[ConfirmedRow("vera", "ff", NOW)]),
    "jobs": Rows(jobs=[JobRow("pending")]),
    "phones": Rows(profiles=[ProfileRow("boris", "+79161234567", None, ())]),
}


@pytest.mark.parametrize("what", OTHERS)
def test_a_key_is_all_of_its_columns(store: Store, what: str) -> None:
    write(store, FIRST)
    before = sum(map(len, everything(store).values()))
    write(store, OTHERS[what])
    new = sum(len(rows) for rows in vars_of(OTHERS[what]).values())
    assert sum(map(len, everything(store).values())) == before + (0 if what == "phones" else new)


def vars_of(rows: Rows) -> dict[str, list[Any]]:
    return {name: getattr(rows, name) for name in rows.__dataclass_fields__ if getattr(rows, name)}


FORBIDDEN = {
    "a lot below nothing": Rows(lots=[lot("t1/1/1", 5, remaining=-1)]),
    "expired below nothing": Rows(lots=[lot("t1/1/1", 5, expired=-1, remaining=0)]),
    "more than was granted": Rows(lots=[lot("t1/1/1", 5, remaining=3, expired=3)]),
    "a new lot of nothing": Rows(new_lots=[lot("t1/1/2", 0)]),
    "a new lot below nothing": Rows(new_lots=[lot("t1/1/2", 5, remaining=-1)]),
    "a new lot with more than was granted": Rows(new_lots=[lot("t1/1/2", 5, expired=1)]),
    "debt below nothing": Rows(members=[member("anna", debt=-1)]),
    "a new member's debt": Rows(new_members=[member("vera", debt=-1)]),
    "an entry of nothing": Rows(entries=[ENTRY._replace(number=3, points=0)]),
    "an unknown account": Rows(entries=[ENTRY._replace(number=3, account="wallet")]),  # type: ignore[arg-type]
    "stickers that are none": Rows(sticker_entries=[StickerEntryRow(*AT, "anna", "2025-09-01", 0)]),
    "operation 0": Rows(operations=[operation(0)]),
    "generation 0": Rows(operations=[operation(2)._replace(generation=0)]),
    "an unknown status": Rows(cards=[CardRow("c1", "anna", "eaten")]),  # type: ignore[arg-type]
    "a new card's status": Rows(new_cards=[CardRow("c3", "anna", "eaten")]),  # type: ignore[arg-type]
    "an unknown change": Rows(changes=[ChangeRow("alenka", "weather", "x")]),  # type: ignore[arg-type]
    "a case in no state": Rows(new_cases=[case("clock", state="lost")]),
    "a job that did less than nothing": Rows(jobs=[JobRow("expiry", did=-1)]),
    "a hold of less than nothing": Rows(new_holds=[hold("h2", -1)]),
    "a hold that would hold less than nothing": Rows(holds=[hold("h1", -1)]),
    "a consent that ended before it began": Rows(consents=[consent(withdrawn_at=NOW - timedelta(seconds=1))]),
    "a hold in no state": Rows(new_holds=[hold("h2", state="lost")]),
    "goods of which nothing is known": Rows(goods=[GoodsRow("1004", None)]),  # type: ignore[arg-type]
    "a setting of which nothing is said": Rows(till_settings=[SettingRow("s1", "sales", None)]),  # type: ignore[arg-type]
    "a message in no state": Rows(messages=[MessageRow("k2", "lost", NOW, "{}")]),
    "a letter in no state": Rows(new_letters=[LetterRow("anna", "l2", NOW, "m1", "lost", None, "{}")]),
    "a gift of nothing": Rows(gifts=[GiftRow("g1", 2, "anna", 0)]),
    "a gift before the first": Rows(gifts=[GiftRow("g1", -1, "anna", 1)]),
    "an act before the first": Rows(acted=[ActedRow(0, "{}")]),
    "a shop that keeps nobody": Rows(stores=[StoreRow("s1", keep_days=0)]),
    "a shop that is told of some": Rows(stores=[StoreRow("s3", members="some")]),  # type: ignore[arg-type]
    "an operation without text": Rows(operations=[operation(2, text=None)]),
    "a lot without a beginning": Rows(new_lots=[lot("t1/1/2", 5)._replace(lot=None)]),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_what_a_check_forbids_is_our_own_mistake_and_nothing_was_written(store: Store, what: str) -> None:
    write(store, FIRST)
    before = everything(store)
    with pytest.raises(Exception, match=r".") as caught, store.writing() as writer:
        writer.write(UNTOUCHED)
        writer.write(FORBIDDEN[what])
    assert not isinstance(caught.value, StoreOff | Clash), "nobody may try it again"
    assert everything(store) == before


ABSENT = {
    "a member": Rows(members=[member("zoe")]),
    "a profile": Rows(profiles=[ProfileRow("zoe", "+7", None, ())]),
    "a card": Rows(cards=[CardRow("c9", "anna", "blocked")]),
    "a card of another": Rows(cards=[CardRow("c1", "boris", "blocked")]),
    "a card moved from another": Rows(moved_cards=[MovedCard("boris", CardRow("c1", "vera", "active"))]),
    "a lot": Rows(lots=[lot("t1/1/9", 1)]),
    "a case": Rows(cases=[case("clock")]),
    "a hold": Rows(holds=[hold("h2")]),
    "a consent": Rows(consents=[consent(NOW + timedelta(seconds=1))]),
    "a hold of another": Rows(holds=[hold("h1", owner="vera")]),
    "one of two lots": Rows(lots=[lot("t1/1/1", 9), lot("t1/1/9", 1)]),
}


@pytest.mark.parametrize("what", ABSENT)
def test_what_is_not_there_cannot_be_replaced(store: Store, what: str) -> None:
    """Points that were written nowhere would be lost without a word."""
    write(store, FIRST)
    before = everything(store)
    with pytest.raises(LookupError), store.writing() as writer:
        writer.write(ABSENT[what])
    assert everything(store) == before


def test_a_ledger_that_is_closed_says_so(store: Store) -> None:
    store.close()
    with pytest.raises(StoreOff), store.reading():
        pass
    with pytest.raises(StoreOff), store.writing():
        pass
    store.close()


def test_settling_loses_nothing_and_the_ledger_goes_on(store: Store) -> None:
    write(store, FIRST)
    before = everything(store)
    with store.reading():
        pass
    store.settle()
    assert everything(store) == before
    write(store, UNTOUCHED)
    assert len(everything(store)["changes"]) == 3


def test_a_new_member_has_his_profile_cards_and_lots_from_one_write(store: Store) -> None:
    key = LotKey("anna", "t1/1/1")
    write(store, FIRST)
    with store.reading() as reader:
        assert reader.lots([key])[key].remaining == 5 and reader.profiles(["anna"])["anna"] == FIRST.profiles[0]


def test_it_has_a_name_that_people_know(store: Store) -> None:
    assert store.name and "\n" not in store.name
