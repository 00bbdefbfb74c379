"""What the hub is told is checked: each text gets its place, and a code for what is wrong with it (SEC3)."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from config import settings
from hub.books.bounds import TEXT_LETTERS_MAX, Fault, fault_of
from hub.books.told import TILL_NAME, ReadBatch, Told, placed, read_batch
from hub.build import build_programmes
from hub.store.records import ChainEnd
from loyalty.basket import LINES_MAX, PRICE_MAX_KOPECKS, RECEIPT_MAX_KOPECKS, TEXT_MAX, BadBasket, Basket, Line
from loyalty.bodies import (
    Accrued,
    Adjustment,
    Body,
    CardIssued,
    CardReissued,
    CouponUse,
    Expiry,
    Fiscal,
    FiscalAdded,
    Grant,
    LotEnd,
    LotPoints,
    MemberJoined,
    MemberMerged,
    MemberRegistered,
    OperationRef,
    PointsToCharity,
    PointsToPartner,
    Redeemed,
    Restored,
    Return,
    ReturnedLine,
    Sale,
    SaleNumber,
    SoldLine,
)
from loyalty.member import POINTS_MAX, MemberView
from loyalty.operation import FIRST_HASH, VERSION, Operation, Store, hash_operation, utc_text, write_operation
from loyalty.quote import YEARS, quote
from loyalty.returns import LineReturn
from loyalty.sold import return_of, reverse_quoted, sale_of

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
NUMBER = SaleNumber(day="2026-03-02", number="42")
SERIAL = "00ff" * 8
PROGRAMMES = build_programmes()
LINE = SoldLine(
    id="1",
    name="Tea",
    unit="pc",
    price_kopecks=10_000,
    quantity_m=1_000,
    net_before_kopecks=10_000,
    discount_kopecks=2_000,
    net_kopecks=8_000,
)
SALE = Sale(
    sale=NUMBER,
    member="m1",
    card="2600000000017",
    lines=(LINE,),
    total_kopecks=8_000,
    paid_kopecks=8_000,
    redeemed=Redeemed(points=20, kopecks=2_000),
    accrued=Accrued(points=9, active_from=utc_text(NOW), expires_at=utc_text(NOW + timedelta(days=365))),
    coupons=(CouponUse(serial=SERIAL, campaign="tea", discount_kopecks=1),),
)
OF = OperationRef(chain="t1", generation=1, sequence=1)
RETURN = Return(
    of=OF,
    of_sale=NUMBER,
    sold_at=utc_text(NOW),
    lines=(ReturnedLine(id="1", quantity_m=1_000, refund_kopecks=8_000),),
    refund_kopecks=8_000,
    restored=Restored(points=20),
    coupons=(SERIAL,),
)
GRANT = Grant(member="m1", points=5, reason="gift", active_from=utc_text(NOW))
EXCHANGED = PointsToPartner(member="m1", partner="s7", points=1000, units=100, unit="miles", exchange="e1")
GIVEN = PointsToCharity(member="m1", fund="charity", points=100, kopecks=1000)
FISCAL = Fiscal(device="99", document="5", sign="77", at=utc_text(NOW), kopecks=8_000, kind="sale")


def operation(body: Body = SALE, **changes: Any) -> Operation:
    plain = Operation(
        v=VERSION,
        chain="t1",
        generation=1,
        sequence=1,
        previous_hash=FIRST_HASH,
        at=utc_text(NOW),
        programme="alenka",
        programme_hash="a" * 64,
        store=Store(id="msk-7"),
        body=body,
    )
    return replace(plain, **changes)


def chain(*bodies: Body, first: int = 1, previous: str = FIRST_HASH) -> list[str]:
    """Texts of a till, one after the other."""
    texts = []
    for sequence, body in enumerate(bodies, start=first):
        texts.append(write_operation(operation(body, sequence=sequence, previous_hash=previous)))
        previous = hash_operation(texts[-1])
    return texts


TEXT = write_operation(operation())


def changed(change: Callable[[dict[str, Any]], Any], text: str = TEXT) -> str:
    """The text as a program would write it that thinks otherwise, in one place."""
    said = json.loads(text)
    change(said)
    return msgspec.json.encode(said).decode()


def fault(text: str) -> str | None:
    """What is wrong with a single text, or why reading stops at it."""
    batch = read_batch("t1", [text])
    if batch.stopped is not None:
        assert batch.told == []
        return batch.stopped.code
    return batch.told[0].fault


# how a text is written

WRITTEN = {
    "as we write it": (TEXT, None),
    "with blanks": (TEXT.replace(",", ", "), "not_canonical"),
    "with a line's end": (TEXT + "\n", "not_canonical"),
    "in another order": (changed(lambda said: said.update(v=said.pop("v"))), "not_canonical"),
    "a default written out": (changed(lambda said: said.update(channel="shop")), "not_canonical"),
    "a default of the body written out": (changed(lambda said: said["body"].update(link="online")), "not_canonical"),
    "a letter escaped": (TEXT.replace("Tea", "\\u0054ea"), "not_canonical"),
    "a field twice": (TEXT.replace('{"v":2,', '{"v":2,"v":2,'), "not_canonical"),
    "nothing": ("", "unreadable"),
    "no JSON": ("sale", "unreadable"),
    "a list": ("[]", "unreadable"),
    "a number": ("7", "unreadable"),
    "cut short": (TEXT[:-1], "unreadable"),
    "points as text": (changed(lambda said: said["body"]["redeemed"].update(points="9")), "unreadable"),
    "points below nothing": (changed(lambda said: said["body"]["redeemed"].update(points=-9)), "unreadable"),
    "a generation of -99": (changed(lambda said: said.update(generation=-99)), "unreadable"),
    "a sequence of 2^70": (TEXT.replace('"sequence":1', f'"sequence":{2**70}'), "unreadable"),
    "a channel that is none": (changed(lambda said: said.update(channel="mail")), "unreadable"),
    "a day that is none": (changed(lambda said: said["body"]["sale"].update(day="2026-02-30")), "unreadable"),
    "a time of another zone": (changed(lambda said: said.update(at="2026-03-02T12:00:00+03:00")), "unreadable"),
    "half a character": (TEXT.replace("Tea", "\\ud800"), "unreadable"),
    "half a character as it is": (TEXT.replace("Tea", "\ud800"), "not_text"),
    "a zero byte": ("\0" + TEXT, "not_text"),
    "deep": ('{"v":2,"x":' + "[" * 100_000 + "]" * 100_000 + "}", "unreadable"),
    "a newer version": (changed(lambda said: said.update(v=3)), "newer_operation"),
    "a newer version, spaced": (changed(lambda said: said.update(v=3)).replace(",", ", "), "unreadable"),
    "a new kind": (changed(lambda said: said.update(body={"type": "raffle_won", "prize": 1})), "newer_operation"),
    "a new field": (changed(lambda said: said.update(weather="sunny")), "newer_operation"),
    "a new field of the body": (
        changed(lambda said: said["body"].update(bags=[1, {"of": "paper"}])),
        "newer_operation",
    ),
    "a new field of a line": (changed(lambda said: said["body"]["lines"][0].update(colour="red")), "newer_operation"),
    "a known name in a new place": (changed(lambda said: said["body"].update(store={"id": "1"})), "newer_operation"),
    "a new field and a default": (changed(lambda said: said.update(weather="", channel="shop")), "not_canonical"),
    "a new field, spaced": (changed(lambda said: said.update(weather="")).replace(",", ", "), "not_canonical"),
    "a new field and one that is wrong": (changed(lambda said: said.update(weather="", at="noon")), "unreadable"),
    "another till's": (write_operation(operation(chain="t2")), "wrong_till"),
    "another till's, unreadable": (write_operation(operation(chain="t2"))[:-1] + ',"at":1}', "wrong_till"),
}


@pytest.mark.parametrize(("text", "expected"), WRITTEN.values(), ids=WRITTEN)
def test_how_a_text_is_written_says_what_becomes_of_it(text: str, expected: str | None) -> None:
    assert fault(text) == expected


@pytest.mark.parametrize("till", ["", "hub", "office", "account", "T1", "t 1", "t1\n", "-t1", "t" * 33, "касса"])
def test_nobody_is_called_so(till: str) -> None:
    batch = read_batch(till, [write_operation(operation(chain=till))])
    assert batch.told == [] and batch.stopped is not None and batch.stopped.code == "wrong_till"


def test_a_till_is_called_as_its_settings_let_it() -> None:
    assert TILL_NAME.pattern == settings.TILL_NAME.pattern


def test_what_came_before_a_newer_operation_is_read() -> None:
    first, second = chain(SALE, GRANT)
    batch = read_batch("t1", [first, changed(lambda said: said.update(v=9), second), second])
    assert [one.sequence for one in batch.told] == [1]
    assert batch.stopped is not None and batch.stopped.code == "newer_operation"
    assert "upgrade the hub first" in batch.stopped.message


def test_a_text_is_read_with_its_hash_and_place() -> None:
    texts = chain(SALE, GRANT, first=7, previous="f" * 64)
    assert read_batch("t1", texts) == ReadBatch(
        [
            Told(
                texts[0], hash_operation(texts[0]), 1, 7, "f" * 64, operation(sequence=7, previous_hash="f" * 64), None
            ),
            Told(
                texts[1],
                hash_operation(texts[1]),
                1,
                8,
                hash_operation(texts[0]),
                operation(GRANT, sequence=8, previous_hash=hash_operation(texts[0])),
                None,
            ),
        ]
    )


# the place of what cannot be read


def numbered(batch: ReadBatch, end: ChainEnd | None) -> list[tuple[int, int, str]]:
    return [(one.generation, one.sequence, one.previous_hash) for one in placed(batch, end)]


def end(sequence: int, last: str, generation: int = 1) -> ChainEnd:
    return ChainEnd("t1", generation, sequence, hash_operation(last))


def test_an_envelope_that_can_be_read_tells_the_place() -> None:
    text = changed(lambda said: said["body"].update(total_kopecks="much"), chain(SALE, first=5, previous="e" * 64)[0])
    assert numbered(read_batch("t1", [text]), None) == [(1, 5, "e" * 64)]


def test_what_cannot_be_read_follows_the_one_before_it() -> None:
    first = chain(SALE, first=5, previous="e" * 64)[0]
    batch = read_batch("t1", [first, "{", "}", *chain(GRANT, first=8, previous=hash_operation("}"))])
    assert numbered(batch, None) == [
        (1, 5, "e" * 64),
        (1, 6, hash_operation(first)),
        (1, 7, hash_operation("{")),
        (1, 8, hash_operation("}")),
    ]


@pytest.mark.parametrize("known", [end(5, "x"), end(9, "later"), None])
def test_what_begins_a_batch_stands_before_the_one_that_names_it(known: ChainEnd | None) -> None:
    """Also when the batch comes again, long after it was taken."""
    batch = read_batch("t1", ["{", "}", *chain(GRANT, first=8, previous=hash_operation("}"))])
    before = known.last_hash if known else FIRST_HASH
    assert numbered(batch, known) == [(1, 6, before), (1, 7, hash_operation("{")), (1, 8, hash_operation("}"))]


def test_what_stands_alone_follows_the_end_of_the_chain() -> None:
    batch = read_batch("t1", ["{", "}"])
    assert numbered(batch, end(5, "x", generation=3)) == [(3, 6, hash_operation("x")), (3, 7, hash_operation("{"))]
    assert numbered(batch, None) == [(1, 1, FIRST_HASH), (1, 2, hash_operation("{"))]


def test_what_stands_alone_and_comes_again_is_the_end_of_the_chain() -> None:
    assert numbered(read_batch("t1", ["{"]), end(5, "{"))[0][:2] == (1, 5)
    assert [key[:2] for key in numbered(read_batch("t1", ["{", "}"]), end(5, "}"))] == [(1, 4), (1, 5)]
    assert [key[:2] for key in numbered(read_batch("t1", ["{", "}"]), end(5, "{"))] == [(1, 5), (1, 6)]


def test_a_text_that_names_another_does_not_place_it() -> None:
    batch = read_batch("t1", ["{", *chain(GRANT, first=8, previous="e" * 64)])
    assert numbered(batch, end(5, "x")) == [(1, 6, hash_operation("x")), (1, 8, "e" * 64)]


@given(st.lists(st.text() | st.sampled_from([TEXT, "{", *(text for text, _ in WRITTEN.values())])), st.integers(0, 9))
def test_no_text_is_more_than_refused(texts: list[str], sequence: int) -> None:
    batch = read_batch("t1", texts)
    told = placed(batch, end(sequence, "x") if sequence else None)
    assert [one.text for one in told] == texts[: len(told)]
    assert all(one.sequence > 0 and len(one.previous_hash) == len(one.hash) for one in told)
    assert batch.stopped is not None or len(told) == len(texts)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.sampled_from([SALE, RETURN, GRANT]), st.data())
def test_no_value_in_any_place_is_more_than_refused(body: Body, data: st.DataObject) -> None:
    said = json.loads(write_operation(operation(body)))
    inner = said if data.draw(st.booleans()) else said["body"]
    inner[data.draw(st.sampled_from(sorted(inner)))] = data.draw(JSON)
    read_batch("t1", [json.dumps(said), json.dumps(said, separators=(",", ":"), ensure_ascii=False)])


# what is believed

DEAREST = Line(
    id="1", name="Yacht", price_kopecks=PRICE_MAX_KOPECKS, quantity_m=RECEIPT_MAX_KOPECKS // PRICE_MAX_KOPECKS * 1000
)
LONG = "я" * TEXT_MAX


RICHEST = MemberView(points_active=POINTS_MAX, accumulated_kopecks=POINTS_MAX)


def earning(programme: str, lines: tuple[Line, ...]) -> Basket:
    """Of goods that points may pay and that earn some."""
    categories = PROGRAMMES[programme].categories.values()
    best = next(each.id for each in categories if each.earn and each.redeem == "yes")
    return Basket(lines=tuple(dataclasses.replace(line, category=best) for line in lines))


def sold(programme: str, lines: tuple[Line, ...], at: datetime = NOW) -> Sale:
    """What a till makes of a basket."""
    rules, basket = PROGRAMMES[programme], earning(programme, lines)
    answer = quote(rules, basket, RICHEST, at=at, requested_points=None)
    return sale_of(rules, basket, RICHEST, answer, at, number=NUMBER, member="m1")


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_the_dearest_receipt_that_a_till_takes_is_believed(programme: str) -> None:
    sale = sold(programme, (DEAREST,))
    assert fault_of(operation(sale)) is None
    assert sale.total_kopecks + sale.redeemed.kopecks == RECEIPT_MAX_KOPECKS


def test_a_till_takes_none_that_is_dearer() -> None:
    cent = Line(id="2", name="Match", price_kopecks=1)
    with pytest.raises(BadBasket, match="come to more than"):
        Basket(lines=(DEAREST, cent))
    dearer = replace(SALE, total_kopecks=RECEIPT_MAX_KOPECKS + 1, lines=())
    assert fault_of(operation(dearer)) == "bad_amount"


def test_the_longest_receipt_with_the_longest_names_is_believed() -> None:
    lines = tuple(Line(id=str(at).rjust(TEXT_MAX), name=LONG, price_kopecks=100) for at in range(LINES_MAX))
    assert fault_of(operation(sold("alenka", lines))) is None


@pytest.mark.parametrize("programme", PROGRAMMES)
@pytest.mark.parametrize("year", [YEARS[0], YEARS[-1]])
def test_a_sale_of_every_year_that_a_till_quotes_in_is_believed(programme: str, year: int) -> None:
    at = datetime(year, 12, 31, 23, 59, tzinfo=UTC) if year > 2100 else datetime(year, 1, 1, tzinfo=UTC)
    assert (
        fault_of(operation(sold(programme, (Line(id="1", name="Tea", price_kopecks=900),), at), at=utc_text(at)))
        is None
    )


def test_goods_that_come_back_while_the_clock_has_no_battery_are_believed() -> None:
    assert fault_of(operation(RETURN, at="1970-01-01T00:00:09.000000+00:00")) is None


@pytest.mark.parametrize("name", ["", "\0\t\r\n", "\u202eeet", "\x1b[2J", "🫖", LONG])
def test_a_funny_name_costs_nobody_his_points(name: str) -> None:
    """Some POS tell names as their tables hold them, with zeros behind or tabs between: the till takes them so."""
    sale = sold("alenka", (Line(id="1", name=name, price_kopecks=900),))
    assert fault(write_operation(operation(sale))) is None


def test_what_a_till_gives_back_is_believed() -> None:
    rules, basket = PROGRAMMES["alenka"], earning("alenka", (DEAREST,))
    sale = sold("alenka", basket.lines)
    answer = quote(rules, basket, RICHEST, at=NOW, requested_points=None)
    (step,) = reverse_quoted(rules, basket, RICHEST, answer, NOW, [[LineReturn(id="1", quantity_m=DEAREST.quantity_m)]])
    back = return_of(rules, operation(sale), step, NOW, reason="я" * 200)
    assert fault_of(operation(back)) is None and back.restored.points > 0


BELIEVED = {
    "a sale": SALE,
    "a sale of nobody": replace(SALE, member=None, card=None),
    "a receipt of a card alone": replace(SALE, lines=(), redeemed=Redeemed()),
    "all points there are": replace(SALE, accrued=Accrued(points=POINTS_MAX)),
    "points for ever": replace(SALE, accrued=Accrued(points=1, expires_at="2999-12-31T00:00:00.000000+00:00")),
    "a return": RETURN,
    "fiscal documents": FiscalAdded(of=OF, of_sale=NUMBER, fiscal=(FISCAL,)),
    "a card": CardIssued(sale=NUMBER, member="m1", card="2600000000017"),
    "a member whose id is a name": MemberJoined(member="Anna Ivanova-Петрова №7", card=None, registered=True),
    "a grant": GRANT,
    "an adjustment": Adjustment(
        member="m1", reason="r", points=-POINTS_MAX, ends=(LotEnd(lot="t1/1/1", expires_at=None),)
    ),
    "points that died": Expiry(member="m1", lots=(LotPoints(lot="t1/1/000000000001", points=5),)),
}


@pytest.mark.parametrize("body", BELIEVED.values(), ids=BELIEVED)
def test_what_can_be_is_believed(body: Body) -> None:
    assert fault_of(operation(body)) is None


HUGE = 10**17
SEC3: dict[str, tuple[Body, str]] = {
    "10^17 points": (replace(SALE, accrued=Accrued(points=HUGE)), "bad_amount"),
    "10^17 points spent": (replace(SALE, redeemed=Redeemed(points=HUGE)), "bad_amount"),
    "10^17 kopecks": (replace(SALE, total_kopecks=HUGE), "bad_amount"),
    "10^17 kopecks for tiers": (replace(SALE, qualifying_kopecks=HUGE), "bad_amount"),
    "10^17 kopecks of points": (replace(SALE, redeemed=Redeemed(points=1, kopecks=HUGE)), "bad_amount"),
    "paid less than nothing": (replace(SALE, paid_kopecks=-1), "bad_amount"),
    "a line of less than nothing": (replace(SALE, lines=(replace(LINE, net_kopecks=-1),)), "bad_amount"),
    "a line of no quantity": (replace(SALE, lines=(replace(LINE, quantity_m=0),)), "bad_amount"),
    "a total without its lines": (replace(SALE, total_kopecks=7_999), "bad_sum"),
    "points that paid more than there was": (replace(SALE, redeemed=Redeemed(points=1, kopecks=10_001)), "bad_sum"),
    "points that begin in year 1": (
        replace(SALE, accrued=Accrued(points=1, active_from="0001-01-01T00:00:00.000000+00:00")),
        "bad_moment",
    ),
    "points that end in year 9999": (
        replace(SALE, accrued=Accrued(points=1, expires_at="9999-12-31T23:59:59.999999+00:00")),
        "bad_moment",
    ),
    "sold in year 1": (replace(RETURN, sold_at="0001-01-01T00:00:00.000000+00:00"), "bad_moment"),
    "a day of year 9999": (replace(SALE, sale=SaleNumber(day="9999-12-31", number="1")), "bad_moment"),
    "a name of 5,000 letters": (replace(SALE, lines=(replace(LINE, name="n" * 5_000),)), "bad_text"),
    "a member with NUL": (replace(SALE, member="m\0"), "bad_identity"),
    "a member with U+202E": (replace(SALE, member="m\u202e1"), "bad_identity"),
    "a member without a name": (replace(SALE, member=""), "bad_identity"),
    "a card of 5,000 letters": (replace(SALE, card="c" * 5_000), "bad_identity"),
    "a coupon zzz": (replace(SALE, coupons=(CouponUse(serial="zzz", campaign="c", discount_kopecks=1),)), "bad_serial"),
    "a coupon in capitals": (
        replace(SALE, coupons=(CouponUse(serial="00FF" * 8, campaign="c", discount_kopecks=1),)),
        "bad_serial",
    ),
    "a coupon zzz that comes back": (replace(RETURN, coupons=("zzz",)), "bad_serial"),
    "a thousand and one coupons": (replace(RETURN, coupons=(SERIAL,) * 1_001), "too_many"),
    "a thousand and one lines": (replace(SALE, lines=(LINE,) * 1_001), "too_many"),
    "10^17 points back": (replace(RETURN, restored=Restored(points=HUGE)), "bad_amount"),
    "10^17 kopecks back": (replace(RETURN, refund_kopecks=HUGE), "bad_amount"),
    "of no operation": (replace(RETURN, of=OperationRef(chain="t1", generation=-99, sequence=1)), "bad_identity"),
    "of an operation past 64 bits": (
        replace(RETURN, of=OperationRef(chain="t1", generation=1, sequence=2**63)),
        "bad_identity",
    ),
    "a fee below nothing": (
        CardReissued(sale=NUMBER, member="m1", old_card="1", new_card="2", fee_kopecks=-1),
        "bad_amount",
    ),
    "a card that is none": (CardIssued(sale=NUMBER, member="m1", card="\n"), "bad_identity"),
    "a reason without end": (replace(GRANT, reason="r" * (TEXT_LETTERS_MAX + 1)), "bad_text"),
    "a grant of 10^17": (replace(GRANT, points=HUGE), "bad_amount"),
    "a grant from year 1": (replace(GRANT, active_from="0001-01-01T00:00:00+00:00"), "bad_moment"),
    "an adjustment of -10^17": (Adjustment(member="m1", reason="r", points=-HUGE), "bad_amount"),
    "a lot to year 9999": (
        Adjustment(member="m1", reason="r", ends=(LotEnd(lot="l", expires_at="9999-12-31T23:59:59+00:00"),)),
        "bad_moment",
    ),
    "a merge into nobody": (MemberMerged(member="m1", into=""), "bad_identity"),
    "a registration in year 9999": (
        MemberRegistered(member="m1", active_from="9999-12-31T23:59:59+00:00"),
        "bad_moment",
    ),
    "a fiscal document of 10^17": (
        FiscalAdded(of=OF, of_sale=NUMBER, fiscal=(replace(FISCAL, kopecks=HUGE),)),
        "bad_amount",
    ),
    "points of 10^17 for a partner": (replace(EXCHANGED, points=HUGE), "bad_amount"),
    "units of 10^17 of a partner": (replace(EXCHANGED, units=HUGE), "bad_amount"),
    "an exchange of nobody": (replace(EXCHANGED, member=""), "bad_identity"),
    "a partner's number without end": (replace(EXCHANGED, theirs="9" * (TEXT_LETTERS_MAX + 1)), "bad_text"),
    "points of 10^17 for a fund": (replace(GIVEN, points=HUGE), "bad_amount"),
    "rubles of 10^17 for a fund": (replace(GIVEN, matched_kopecks=HUGE), "bad_amount"),
    "a fund that is none": (replace(GIVEN, fund="\n"), "bad_identity"),
}


@pytest.mark.parametrize(("body", "expected"), SEC3.values(), ids=SEC3)
def test_sec3_what_cannot_be_is_refused_by_its_name(body: Body, expected: str) -> None:
    text = write_operation(operation(body))
    assert fault(text) == expected
    batch = read_batch("t1", [*chain(SALE), text, *chain(SALE)])
    assert [one.fault for one in batch.told] == [None, expected, None], "and never stops the others"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"at": "0001-01-01T00:00:00.000000+00:00"}, "bad_moment"),
        ({"at": "9999-12-31T23:59:59.999999+00:00"}, "bad_moment"),
        ({"programme": ""}, "bad_identity"),
        ({"programme_hash": "\0"}, "bad_identity"),
        ({"store": Store(id="\u202e")}, "bad_identity"),
    ],
)
def test_sec3_an_envelope_that_cannot_be_is_refused(changes: dict[str, Any], expected: str) -> None:
    assert fault(write_operation(operation(**changes))) == expected


def test_sec3_a_generation_of_version_1_past_all_bounds_is_unreadable() -> None:
    text = (
        f'{{"till":"t1","generation":{2**63},"sequence":1,"previous_hash":"{FIRST_HASH}","at":"{utc_text(NOW)}",'
        '"programme":"alenka","programme_hash":"a","body":{"type":"member_registered","member":"m1"}}'
    )
    assert fault(text) == "unreadable"
    assert fault(text.replace(str(2**63), "1")) is None


def test_codes_are_short_and_plain() -> None:
    assert all(re.fullmatch(r"[a-z_]{1,40}", code) for code in get_args(Fault))
