"""Operations as text: written one way, hashed as written, every field checked when read."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.bodies import (
    AMOUNT_MAX,
    Accrued,
    Advice,
    BelievedLot,
    CardIssued,
    CardReissued,
    CouponUse,
    Deviation,
    Fiscal,
    Grant,
    MemberJoined,
    MemberRegistered,
    Redeemed,
    Sale,
    SaleNumber,
    Seen,
    SoldLine,
    SoldPosition,
)
from loyalty.kinds import KINDS, name_of
from loyalty.operation import (
    FIRST_HASH,
    BadOperation,
    Operation,
    Store,
    hash_operation,
    is_canonical,
    read_operation,
    utc_text,
    write_operation,
)

SALE = SaleNumber(day="2026-03-02", number="42")
TIME = "2026-03-02T12:00:00.000000+00:00"

GOLDEN = Operation(
    v=2,
    chain="shop-1",
    generation=1,
    sequence=7,
    previous_hash="0123456789abcdef" * 4,
    at=TIME,
    clock_off_s=-3,
    store=Store(id="msk-7", timezone="Europe/Moscow"),
    programme="alenka",
    programme_hash="fedcba9876543210" * 4,
    asked="pos-1/2026-03-02/42",
    by="7",
    body=Sale(
        sale=SALE,
        member="m1",
        card="2600000000017",
        link="offline",
        lines=(
            SoldLine(
                id="1",
                name='Шоколад "Алёнка"',
                unit="kg",
                price_kopecks=64_900,
                quantity_m=347,
                net_before_kopecks=22_520,
                discount_kopecks=4_504,
                net_kopecks=18_016,
                category="sweets",
                article="A-17",
                positions=(SoldPosition(quantity_m=347, price_kopecks=51_919, amount_kopecks=18_016),),
            ),
        ),
        total_kopecks=18_016,
        paid_kopecks=18_016,
        qualifying_kopecks=22_520,
        redeemed=Redeemed(points=45, kopecks=4_504, lots=(BelievedLot(points=45, expires_at=TIME),)),
        accrued=Accrued(points=9, parts=(("base", 9),), active_from=TIME),
        coupons=(CouponUse(serial="00ff", campaign="tea", discount_kopecks=1),),
        seen=Seen(points_active=45, favourites=("tea",)),
        fiscal=(Fiscal(device="99", document="5", sign="77", at=TIME, kopecks=18_016, kind="sale"),),
        deviations=(Deviation(kind="clock_off", note="-3 s"),),
    ),
)
GOLDEN_TEXT = (
    '{"v":2,"chain":"shop-1","generation":1,"sequence":7,'
    '"previous_hash":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",'
    '"at":"2026-03-02T12:00:00.000000+00:00","programme":"alenka",'
    '"programme_hash":"fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210",'
    '"body":{"type":"sale","sale":{"day":"2026-03-02","number":"42"},"member":"m1","card":"2600000000017",'
    '"link":"offline","lines":[{"id":"1","name":"Шоколад \\"Алёнка\\"","unit":"kg","price_kopecks":64900,'
    '"quantity_m":347,"net_before_kopecks":22520,"discount_kopecks":4504,"net_kopecks":18016,"category":"sweets",'
    '"article":"A-17","positions":[[347,51919,18016,false]]}],'
    '"total_kopecks":18016,"paid_kopecks":18016,"qualifying_kopecks":22520,'
    '"redeemed":{"points":45,"kopecks":4504,'
    '"lots":[{"points":45,"expires_at":"2026-03-02T12:00:00.000000+00:00"}]},'
    '"accrued":{"points":9,"parts":[["base",9]],"active_from":"2026-03-02T12:00:00.000000+00:00"},'
    '"coupons":[{"serial":"00ff","campaign":"tea","discount_kopecks":1}],'
    '"seen":{"points_active":45,"favourites":["tea"]},'
    '"fiscal":[{"device":"99","document":"5","sign":"77","at":"2026-03-02T12:00:00.000000+00:00","kopecks":18016,'
    '"kind":"sale"}],"deviations":[{"kind":"clock_off","note":"-3 s"}]},'
    '"clock_off_s":-3,"store":{"id":"msk-7","timezone":"Europe/Moscow"},"asked":"pos-1/2026-03-02/42","by":"7"}'
)
GOLDEN_HASH = "d10aa4b2ab66a76d5f10d8919724ae4572792a9fa2655a626ee8d1ce797c01b6"

# as the first version wrote it; this text stands in ledgers
V1_TEXT = (
    '{"till":"shop-1","generation":1,"sequence":7,'
    '"previous_hash":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",'
    '"at":"2026-03-02T12:00:00.000000+00:00","programme":"alenka",'
    '"programme_hash":"fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210",'
    '"body":{"type":"sale","sale":{"day":"2026-03-02","number":"42"},"member":"m1","card":"2600000000017",'
    '"link":"offline","lines":[{"id":"1","name":"Шоколад \\"Алёнка\\"","unit":"kg","price_kopecks":64900,'
    '"quantity_m":347,"net_before_kopecks":22520,"discount_kopecks":4504,"net_kopecks":18016,"category":"sweets"}],'
    '"total_kopecks":18016,"paid_kopecks":18016,"redeemed_points":45,"redeemed_kopecks":4504,"accrued_points":9,'
    '"accrued_parts":[["base",9]],"accrued_active_from":"2026-03-02T12:00:00.000000+00:00",'
    '"accrued_expires_at":null,"coupons":[{"serial":"00ff","campaign":"tea","discount_kopecks":1}]}}'
)
V1_HASH = "11cfc2c75290cdd89af3f70297bec946e99885fd06eefc4706ae96c116c8bc0a"


def golden(**changes: Any) -> str:
    """The golden text with other fields; a field that the body has, or a new one, goes into the body."""
    told = json.loads(GOLDEN_TEXT)
    for name, value in changes.items():
        (told["body"] if name in told["body"] or name.startswith("new") or name == "type" else told)[name] = value
    return json.dumps(told, ensure_ascii=False)


def test_a_sale_of_before_there_was_advice_is_the_same_text_and_advice_leaves_its_defaults_out() -> None:
    sale = GOLDEN.body
    assert isinstance(sale, Sale) and sale.advice is None and '"advice"' not in GOLDEN_TEXT
    told = Advice(kind="tier", more_kopecks=4_200, goal_kopecks=150_000, rate_bp=300, before_bp=200)
    text = write_operation(msgspec.structs.replace(GOLDEN, body=msgspec.structs.replace(sale, advice=told)))
    written = '"advice":{"kind":"tier","more_kopecks":4200,"goal_kopecks":150000,"rate_bp":300,"before_bp":200}'
    assert text == GOLDEN_TEXT.replace('"note":"-3 s"}]', f'"note":"-3 s"}}],{written}')
    back = read_operation(text).body
    assert isinstance(back, Sale) and back.advice == told and not told.taken


def test_a_text_of_version_1_is_read_as_it_was_meant_and_keeps_its_hash() -> None:
    told = read_operation(V1_TEXT)
    assert (told.v, told.chain, told.key, told.at, told.store) == (1, "shop-1", (1, 7), TIME, None)
    sale = told.body
    assert isinstance(sale, Sale)
    assert (sale.member, sale.card, sale.link, sale.sale) == ("m1", "2600000000017", "offline", SALE)
    assert (sale.redeemed.points, sale.redeemed.kopecks, sale.redeemed.lots) == (45, 4_504, ())
    assert sale.accrued == Accrued(points=9, parts=(("base", 9),), active_from=TIME)
    assert sale.qualifying_kopecks == sale.total_kopecks == 18_016, "all of it counted for tiers then"
    assert sale.lines[0].category == "sweets" and sale.coupons[0].serial == "00ff"
    assert hash_operation(V1_TEXT) == V1_HASH


def test_a_text_is_judged_by_the_encoder_of_its_own_version() -> None:
    assert is_canonical(V1_TEXT) and is_canonical(GOLDEN_TEXT)
    for text in (V1_TEXT, GOLDEN_TEXT):
        assert not is_canonical(text.replace(",", ", "))
        assert not is_canonical("{" + '"weather":"sunny",' + text[1:])
    assert not is_canonical(GOLDEN_TEXT.replace('"by":"7"', '"by":"7","channel":"shop"')), "a default is left out"


def test_a_stored_text_is_never_written_anew() -> None:
    with pytest.raises(AssertionError, match="never written anew"):
        write_operation(read_operation(V1_TEXT))


def test_an_operation_of_a_version_to_come_is_refused_and_says_so() -> None:
    with pytest.raises(BadOperation, match=r"\$\.v: operations of version 3 are not known here; 2 is the newest"):
        read_operation(GOLDEN_TEXT.replace('"v":2', '"v":3'))


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind.reserved])
def test_a_reserved_kind_is_read_by_its_name_alone(name: str) -> None:
    text = golden().replace('"type": "sale"', f'"type": "{name}"')
    assert name_of(read_operation(text).body) == name


def test_the_text_and_the_hash_of_an_operation_are_these_for_ever() -> None:
    assert write_operation(GOLDEN) == GOLDEN_TEXT
    assert hash_operation(GOLDEN_TEXT) == GOLDEN_HASH == hashlib.sha256(GOLDEN_TEXT.encode()).hexdigest()
    assert read_operation(GOLDEN_TEXT) == GOLDEN


BODIES = st.one_of(
    st.builds(CardIssued, sale=st.just(SALE), member=st.text(), card=st.text()),
    st.builds(
        CardReissued,
        sale=st.just(SALE),
        member=st.text(),
        old_card=st.text(),
        new_card=st.text(),
        fee_kopecks=st.integers(),
    ),
    st.builds(MemberJoined, member=st.text(), card=st.none() | st.text(), registered=st.booleans()),
    st.builds(MemberRegistered, member=st.text()),
    st.builds(
        Grant,
        member=st.text(),
        points=st.integers(1, AMOUNT_MAX),
        reason=st.text(),
        active_from=st.datetimes(timezones=st.just(UTC)).map(utc_text),
    ),
    st.just(GOLDEN.body),
)
OPERATIONS = st.builds(
    Operation,
    v=st.just(2),
    chain=st.text(),
    clock_off_s=st.integers(-9, 9),
    store=st.none() | st.builds(Store, id=st.text()),
    channel=st.sampled_from(["shop", "self", "online"]),
    asked=st.none() | st.text(),
    generation=st.integers(1, 9),
    sequence=st.integers(1, 10**9),
    previous_hash=st.just(FIRST_HASH),
    at=st.datetimes(timezones=st.just(UTC)).map(utc_text),
    programme=st.text(),
    programme_hash=st.text(),
    body=BODIES,
)


@given(OPERATIONS)
def test_what_is_written_is_read_and_written_again_alike(operation: Operation) -> None:
    text = write_operation(operation)
    again = read_operation(text)
    assert again == operation and write_operation(again) == text
    assert json.loads(text)["sequence"] == operation.sequence, "plain JSON to everybody else"


@given(OPERATIONS, OPERATIONS)
def test_texts_are_equal_when_operations_are(one: Operation, other: Operation) -> None:
    assert (write_operation(one) == write_operation(other)) == (one == other)
    assert (hash_operation(write_operation(one)) == hash_operation(write_operation(other))) == (one == other)


def test_what_a_newer_till_adds_is_no_obstacle_and_stays_in_the_hash() -> None:
    text = golden(newly="said", newer={"of": ["the", "till"]}).replace('{"v"', '{"weather":"sunny","v"')
    assert read_operation(text) == GOLDEN
    assert hash_operation(text) != GOLDEN_HASH
    assert hash_operation(text) == hashlib.sha256(text.encode()).hexdigest()


def test_the_hash_is_over_the_text_as_it_came() -> None:
    spaced = GOLDEN_TEXT.replace(",", ", ")
    assert read_operation(spaced) == GOLDEN and hash_operation(spaced) != GOLDEN_HASH


BAD = {
    "negative redeemed points": golden(redeemed={"points": -1}),
    "negative accrued points": golden(accrued={"points": -1}),
    "a negative total": golden(total_kopecks=-1),
    "points past all limits": golden(accrued={"points": AMOUNT_MAX + 1}),
    "points past 64 bits": golden(redeemed={"points": 10**40}),
    "points with a fraction": golden(accrued={"points": 1.0}),
    "points as text": golden(accrued={"points": "9"}),
    "points as a yes": golden(accrued={"points": True}),
    "no points at all": golden(accrued={"points": None}),
    "sequence zero": golden(sequence=0),
    "generation zero": golden(generation=0),
    "a generation past all limits": golden(generation=2**40),
    "a clock off by more than there is": golden(clock_off_s=10**11),
    "a store in no time zone": golden(store={"id": "1", "timezone": "Mars/Olympus"}),
    "a channel that is none": golden(channel="mail"),
    "a version that is none": golden(v="2"),
    "a time without a zone": golden(at="2026-03-02T12:00:00"),
    "a time of another zone": golden(at="2026-03-02T12:00:00+03:00"),
    "a time before all times": golden(accrued={"active_from": "0001-01-01T00:00:00+14:00"}),
    "no time": golden(at="noon"),
    "an end that is no time": golden(accrued={"expires_at": "never"}),
    "a start that is no time": golden(accrued={"active_from": ""}),
    "a day that is none": golden(sale={"day": "2026-02-30", "number": "1"}),
    "an unknown kind": golden(type="gift"),
    "no kind": GOLDEN_TEXT.replace('"type":"sale",', ""),
    "a missing field": GOLDEN_TEXT.replace('"total_kopecks":18016,', ""),
    "cut short": GOLDEN_TEXT[:-1],
    "two of them": GOLDEN_TEXT * 2,
    "nothing": "",
    "a list": "[]",
    "no JSON": "sale",
    "NaN": golden(accrued={"points": float("nan")}),
    "half a character": GOLDEN_TEXT.replace("m1", "\\ud800"),
    "half a character as it is": GOLDEN_TEXT.replace("m1", "\ud800"),
    "deep": GOLDEN_TEXT.replace('"type"', '"x":' + "[" * 100_000 + "]" * 100_000 + ',"type"'),
    "a grant of nothing": GOLDEN_TEXT[: GOLDEN_TEXT.index('"body"')]
    + f'"body":{{"type":"grant","member":"m","points":0,"reason":"r","active_from":"{TIME}"}}}}',
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_what_is_no_operation_is_refused_in_a_line(text: str) -> None:
    with pytest.raises(BadOperation) as caught:
        read_operation(text)
    assert 0 < len(str(caught.value)) < 300 and "\n" not in str(caught.value)


def test_the_refusal_names_the_field() -> None:
    with pytest.raises(BadOperation, match=r"\$\.body\.redeemed\.points"):
        read_operation(BAD["negative redeemed points"])


@given(st.text())
def test_no_text_is_more_than_refused(text: str) -> None:
    with pytest.raises(BadOperation):
        read_operation(text)


@given(st.data())
def test_a_damaged_text_is_refused_or_has_another_hash(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(GOLDEN_TEXT) - 1))
    letter = data.draw(st.characters(exclude_characters=GOLDEN_TEXT[place], exclude_categories=["Cs"]))
    assert hash_operation(GOLDEN_TEXT[:place] + letter + GOLDEN_TEXT[place + 1 :]) != GOLDEN_HASH


def test_our_own_mistakes_are_seen_where_they_are_made() -> None:
    with pytest.raises(ValueError, match="not a time in UTC"):
        msgspec.structs.replace(GOLDEN, at="2026-03-02T12:00:00")
    with pytest.raises(ValueError, match="isoformat"):
        SaleNumber(day="2 March", number="1")


def test_times_are_written_in_utc_and_sort_as_texts() -> None:
    moscow = timezone(timedelta(hours=3))
    assert utc_text(datetime(2026, 3, 2, 15, 0, tzinfo=moscow)) == TIME
    times = [datetime(2026, 3, 2, 12, 0, tzinfo=UTC) + timedelta(microseconds=n) for n in (0, 1, 10**6, 10**11)]
    assert sorted(map(utc_text, reversed(times))) == [utc_text(time) for time in times]


# every kind of version 1, as it was written


V1_HEAD = V1_TEXT[: V1_TEXT.index('"body"')] + '"body":'
V1_BODIES: dict[str, tuple[str, Any]] = {
    "card_issued": (
        '{"type":"card_issued","sale":{"day":"2026-03-02","number":"42"},"member":"m","card":"c"}',
        CardIssued(sale=SALE, member="m", card="c"),
    ),
    "card_reissued": (
        '{"type":"card_reissued","sale":{"day":"2026-03-02","number":"42"},"member":"m","old_card":"a",'
        '"new_card":"b","fee_kopecks":5000}',
        CardReissued(sale=SALE, member="m", old_card="a", new_card="b", fee_kopecks=5_000),
    ),
    "member_joined": (
        '{"type":"member_joined","member":"m","card":null,"registered":true}',
        MemberJoined(member="m", card=None, registered=True),
    ),
    "member_registered": ('{"type":"member_registered","member":"m"}', MemberRegistered(member="m")),
    "grant": (
        f'{{"type":"grant","member":"m","points":5,"reason":"r","active_from":"{TIME}","expires_at":null}}',
        Grant(member="m", points=5, reason="r", active_from=TIME),
    ),
}


@pytest.mark.parametrize(("said", "body"), V1_BODIES.values(), ids=V1_BODIES)
def test_every_kind_of_version_1_is_read_as_todays(said: str, body: Any) -> None:
    text = f"{V1_HEAD}{said}}}"
    assert read_operation(text).body == body and is_canonical(text)
