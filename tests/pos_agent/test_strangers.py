"""A card that is valid and not known at this till: in a shop that is told of its own members alone, or before the hub
was ever reached. It earns, redeems nothing, and the hub knows whose it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from drivers.printer.document import from_json
from drivers.printer.preview import render
from loyalty.bodies import Return, Sale, SaleNumber
from loyalty.operation import Key
from loyalty.programme import Language
from loyalty.snapshot import CardSnapshot, MemberSnapshot
from offline_cache.cache import Cache
from offline_cache.records import Page
from pos_agent.answers import Reply
from pos_agent.inquiry import Heard, Inquiry
from pos_agent.protocol import (
    Balance,
    Cancel,
    Code,
    DropCard,
    IssueCard,
    Pay,
    Phone,
    Prepare,
    Redeem,
    ReissueCard,
    ReturnedGoods,
    ReturnGoods,
    Said,
    SetBasket,
    SoldReceipt,
)
from pos_agent.report import points_report
from pos_agent.shown import ON_SCREEN, shown_front
from sync.protocol import MemberNow, Watermark
from tests.one_port import Server
from tests.pos_agent.conftest import NOW, PHONE_KEY, Desk, member
from tests.pos_agent.joined import Here, Till
from tests.there import there

VERA = "2600000000208"  # a member of the chain who was never in this shop
VERA_PHONE = "+79161230000"


@pytest.fixture
def shop(desk: Desk) -> Desk:
    """The same till in a shop that is told of its own members alone."""
    desk.cache.changes.apply(
        Page(
            members=[member("anna", 150, (Desk.ANNA, "active"))],
            used_coupons=[],
            coupon_keys={},
            phone_hash_key=PHONE_KEY,
            watermark=Key(1, 0),
            cursor="1",
            pulled_at=NOW,
            scope="shop:7",
        )
    )
    return desk


@pytest.fixture
def inquired(shop: Desk) -> list[Inquiry]:
    """Whom the hub was asked about."""
    asked: list[Inquiry] = []
    shop.checkout.house.inquire = asked.append
    return asked


def vera(points: int = 300, status: str = "active", sequence: int = 0, held: int = 0, **more: Any) -> MemberNow:
    told = member("vera", points, (VERA, status), **more)
    watermark = Watermark(generation=1, sequence=sequence)
    return MemberNow(watermark=watermark, at="2026-03-02T12:00:01+00:00", member=told, held=held)


NOBODY = MemberNow(watermark=Watermark(generation=1, sequence=0), at="2026-03-02T12:00:01+00:00")


def heard(shop: Desk, now: MemberNow | None, **inquiry: Any) -> Reply | None:
    return shop.checkout.heard(Heard(inquiry=Inquiry(**inquiry), now=now), shop.now)


def sale(shop: Desk, number: str = "1") -> Sale:
    (body,) = shop.stored(number)
    assert isinstance(body, Sale)
    return body


def paper(shop: Desk, number: str = "1") -> str:
    stored = there(shop.cache.sale(SaleNumber(day=Desk.DAY, number=number)))
    job = there(shop.cache.print_jobs.receipt_of(stored.operations[-1].key))
    return "\n".join(render(from_json(job.document), ON_SCREEN))


# who is one


def test_a_valid_card_that_the_shop_does_not_know_earns_and_is_told_why_no_more(shop: Desk) -> None:
    reply = shop.code(VERA)
    assert (reply.ok, reply.code) == (True, "stranger")
    assert reply.text == (
        "Card ****0208 is not known here: points are earned and come to the card; none can be spent until the hub "
        "knows it."
    )
    told = there(shop.basket().told)
    limit = there(told.limit)
    assert (limit.points, limit.reason) == (0, "stranger")
    assert limit.text == "Nothing can be redeemed yet: the card is not known here. It earns already."
    assert told.accrued.points == 9, "as anybody's, by the rules for everybody"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2600000000209", "check_digit"),
        ("26000000002", "length"),
        ("4607001771234", "goods"),
        ("2700000000205", "goods"),
    ],
)
def test_what_is_no_card_of_the_programme_is_no_stranger(shop: Desk, text: str, code: str) -> None:
    reply = shop.code(text)
    assert (reply.ok, reply.code) == (False, code)
    assert shop.checkout.visit.who is None


def test_where_all_members_are_known_an_unknown_card_stays_refused(desk: Desk) -> None:
    assert desk.code(VERA).code == "unknown_card"


def test_before_the_hub_was_ever_reached_everybody_is_a_stranger(tmp_path: Any, desk: Desk) -> None:
    with_nobody = Cache(tmp_path / "new.db", "till-9")
    desk.checkout.house.cache = with_nobody
    assert desk.code(VERA).code == "stranger"
    with_nobody.close()


def test_a_stranger_is_no_members_successor_for_it_may_be_goods(shop: Desk) -> None:
    """R16: labels of scales have numbers as cards have."""
    shop.do(SetBasket(lines=(shop.chocolate(1),)))
    shop.code(Desk.ANNA)
    reply = shop.code(VERA)
    assert (reply.ok, reply.code) == (False, "unknown_card")
    assert there(shop.checkout.visit.who).member == "anna"


def test_a_label_of_goods_that_looks_like_a_card_is_said_so(shop: Desk) -> None:
    shop.basket()
    reply = shop.do(Code(text=VERA, scanner="scanner-1"))
    assert reply.code == "stranger" and "If it is goods, take the card off the receipt." in reply.text
    assert shop.do(DropCard()).ok and shop.checkout.visit.who is None


def test_a_strangers_card_does_not_wait_for_the_next_receipt(shop: Desk) -> None:
    shop.do(SetBasket(lines=(shop.chocolate(1),), sale="1"))
    shop.do(Code(text=Desk.ANNA, sale="1"))
    assert shop.code(VERA).code == "unknown_card"
    assert shop.checkout.receipts.waiting is None


def test_a_stranger_makes_way_for_another_card(shop: Desk) -> None:
    shop.basket()
    shop.code(VERA)
    assert shop.code(Desk.BLANK).code == "stranger"
    assert shop.code(Desk.ANNA).code == "member_found"


# the sale


@pytest.mark.parametrize("online", [True, False])
def test_the_sale_earns_to_the_card_and_redeems_nothing(shop: Desk, online: bool) -> None:
    shop.online[0] = online
    shop.code(VERA)
    shop.basket()
    asked = shop.do(Redeem(points=100))
    assert there(asked.told).redeemed.points == 0 and "is not known here" in asked.text
    assert shop.do(Prepare()).ok
    reply = shop.pay("1")
    assert reply.code == "recorded"
    assert reply.text == "Receipt 1 is recorded: 9 bonuses come to card ****0208 once the office knows it."
    recorded = sale(shop)
    assert (recorded.member, recorded.card, recorded.redeemed.points, recorded.accrued.points) == (None, VERA, 0, 9)
    seen = there(recorded.seen)
    assert (seen.points_active, seen.accumulated_kopecks, seen.birthday, seen.favourites) == (0, 0, False, ())


def test_a_blank_card_that_the_sale_issues_is_nobody_yet_and_no_stranger(shop: Desk) -> None:
    shop.basket(shop.chocolate(12))
    assert shop.do(IssueCard(card=Desk.BLANK)).ok
    assert there(shop.do(Prepare()).told).tail == there(shop.pay("1").told).tail
    issued, recorded = shop.stored("1")
    assert issued.member == recorded.member and recorded.member
    assert "неизвестна" not in paper(shop)


@pytest.mark.parametrize("dropped", [False, True])
def test_a_card_that_was_shown_as_a_customers_own_is_not_issued_without_the_hubs_word(
    shop: Desk, inquired: list[Inquiry], dropped: bool
) -> None:
    shop.online[0] = False
    shop.basket(shop.chocolate(12))
    shop.code(VERA)
    if dropped:
        shop.do(DropCard())
    before = shop.checkout.visit
    reply = shop.do(IssueCard(card=VERA))
    assert (reply.code, reply.text) == (
        "card_not_blank",
        "Card ****0208 was shown as the customer's own, and whose it is cannot be known without a connection. Issue "
        "another.",
    )
    assert shop.checkout.visit == before and inquired == []
    shop.online[0] = True
    assert "The office is being asked" in shop.do(IssueCard(card=VERA)).text
    assert inquired == [Inquiry(card=VERA)]
    heard(shop, NOBODY, card=VERA)
    assert shop.do(IssueCard(card=VERA)).code == "card_will_be_issued"
    who = there(shop.checkout.visit.who)
    assert (shop.checkout.visit.issue, who.stranger, who.card) == (VERA, False, VERA)


def test_another_blank_card_is_issued_in_a_strangers_place(shop: Desk) -> None:
    shop.online[0] = False
    shop.basket(shop.chocolate(12))
    shop.code(VERA)
    assert shop.do(IssueCard(card=Desk.BLANK)).ok
    assert shop.checkout.visit.issue == Desk.BLANK


def test_the_hub_is_asked_whether_a_card_is_blank_and_one_that_is_not_goes_off(
    shop: Desk, inquired: list[Inquiry]
) -> None:
    shop.basket(shop.chocolate(12))
    assert shop.do(IssueCard(card=VERA)).code == "card_will_be_issued"
    assert inquired == [Inquiry(card=VERA)]
    reply = there(heard(shop, vera(), card=VERA))
    assert (reply.ok, reply.code, reply.text) == (False, "card_not_blank", "Card ****0208 is taken. Use another one.")
    visit = shop.checkout.visit
    assert (visit.who, visit.issue) == (None, None) and visit.lines
    assert shop.do(Prepare()).code == "changed_news"


def test_a_blank_card_that_the_hub_knows_nobody_of_stays(shop: Desk, inquired: list[Inquiry]) -> None:
    shop.basket(shop.chocolate(12))
    shop.do(IssueCard(card=Desk.BLANK))
    before = shop.checkout.visit
    for now in (NOBODY, None):
        assert heard(shop, now, card=Desk.BLANK) is None
    assert shop.checkout.visit == before
    shop.pay("1")
    assert [type(body).__name__ for body in shop.stored("1")] == ["CardIssued", "Sale"]


def test_a_card_that_replaces_a_lost_one_and_is_somebodys_leaves_the_member_there(
    shop: Desk, inquired: list[Inquiry]
) -> None:
    shop.code(Desk.ANNA)
    shop.basket()
    assert shop.do(ReissueCard(new_card=VERA)).ok
    assert inquired[-1] == Inquiry(card=VERA)
    assert there(heard(shop, vera(), card=VERA)).code == "card_not_blank"
    visit = shop.checkout.visit
    assert (there(visit.who).member, there(visit.who).card, visit.reissue) == ("anna", Desk.ANNA, None)


def test_where_all_cards_are_known_nobody_is_asked_about_a_blank_one(desk: Desk) -> None:
    asked: list[Inquiry] = []
    desk.checkout.house.inquire = asked.append
    desk.basket(desk.chocolate(12))
    assert desk.do(IssueCard(card=desk.BLANK)).ok and asked == []


def test_a_strangers_card_cannot_be_replaced(shop: Desk) -> None:
    shop.basket()
    shop.code(VERA)
    assert shop.do(ReissueCard(new_card=Desk.BLANK)).code == "no_card_to_replace"


def test_the_paper_and_the_tail_say_that_the_points_come_later_and_no_balance(shop: Desk) -> None:
    shop.code(VERA)
    shop.basket()
    told = there(shop.do(Prepare()).told).tail
    assert there(shop.pay("1").told).tail == told
    for text in ("\n".join(there(told)), paper(shop)):
        assert "Карта здесь пока неизвестна" in text and "Баллы придут, когда её найдут" in text
        assert "Начислено" in text and "Баланс" not in text and "регистрация" not in text


def test_the_page_shows_a_card_that_is_not_known_and_no_balance(shop: Desk) -> None:
    shop.code(VERA)
    shown = there(shown_front(shop.checkout, shop.checkout.receipts, shop.now).member)
    assert (shown.card, shown.status, shown.balance, shown.notes) == ("****0208", "unknown", None, ())


def test_the_sale_told_again_is_the_same_also_when_the_card_is_known_by_then(shop: Desk) -> None:
    shop.do(SetBasket(lines=(shop.chocolate(1),), sale="1", day=Desk.DAY))
    shop.do(Code(text=VERA, sale="1", day=Desk.DAY))
    shop.pay("1")
    heard(shop, vera(), member="vera")
    shop.do(SetBasket(lines=(shop.chocolate(1),), sale="1", day=Desk.DAY))
    assert shop.do(Code(text=VERA, sale="1", day=Desk.DAY)).code == "recorded_before"
    assert shop.pay("1").code == "recorded_before"
    assert len(shop.stored("1")) == 1
    shop.do(SetBasket(lines=(shop.chocolate(1),), sale="1", day=Desk.DAY))
    assert shop.do(Code(text=Desk.ANNA, sale="1", day=Desk.DAY)).code == "sale_number_taken"


def test_a_sale_that_the_power_took_is_recorded_to_the_card_that_the_pos_printed(shop: Desk) -> None:
    said = Said(lines=(shop.chocolate(1),), card=VERA, accrued_points=8)
    assert shop.do(Pay(sale="1", day=Desk.DAY, quote="gone", said=said)).ok
    assert (sale(shop).member, sale(shop).card, sale(shop).accrued.points) == (None, VERA, 8)


def test_where_all_are_known_such_a_card_is_refused_as_before(desk: Desk) -> None:
    said = Said(lines=(desk.chocolate(1),), card=VERA, accrued_points=8)
    assert desk.do(Pay(sale="1", day=Desk.DAY, quote="gone", said=said)).code == "bad_basket"


@pytest.mark.parametrize(("language", "row"), [("ru", "Неизвестных здесь карт"), ("en", "Cards not known here")])
def test_the_days_report_counts_strangers(shop: Desk, language: Language, row: str) -> None:
    for number, card in (("1", VERA), ("2", Desk.ANNA), ("3", VERA), ("4", "")):
        shop.basket()
        if card:
            shop.code(card)
        shop.pay(number)
    house = shop.checkout.house
    document = points_report(shop.cache.shifts.of(Desk.DAY), house.programme, language, till="t", store=None, at=NOW)
    (line,) = [line for line in render(document, ON_SCREEN) if row in line]
    assert line.endswith(" 2")


# the hub's word of him


def test_the_hub_is_asked_at_once_and_nobody_waits(shop: Desk, inquired: list[Inquiry]) -> None:
    assert shop.code(VERA).code == "stranger"
    assert inquired == [Inquiry(card=VERA)]


@pytest.mark.parametrize("why", ["offline", "training"])
def test_without_a_connection_and_in_training_nobody_is_asked(shop: Desk, inquired: list[Inquiry], why: str) -> None:
    shop.online[0] = why != "offline"
    shop.cache.training = why == "training"
    assert shop.code(VERA).code == "stranger"
    text = "Nobody here has this phone, and the office cannot be asked. Ask for the card."
    assert shop.do(Phone(number=VERA_PHONE)).text == text
    assert inquired == []


def test_a_stranger_whom_the_hub_knows_becomes_the_visits_member_and_stays(shop: Desk) -> None:
    shop.code(VERA)
    shop.basket()
    reply = there(heard(shop, vera(), card=VERA))
    assert (reply.ok, reply.code) == (True, "member_found")
    assert there(there(reply.told).limit).points > 0 and "Redeem" in there(reply.ask).text
    who = there(shop.checkout.visit.who)
    assert (who.member, who.stranger) == ("vera", False)
    shop.pay("1")
    assert sale(shop).member == "vera"
    assert shop.code(VERA).code == "member_found", "he is known here from now on"


def test_a_card_that_nobody_has_is_taken_off_and_may_be_issued(shop: Desk) -> None:
    shop.code(VERA)
    shop.basket(shop.chocolate(12))
    reply = there(heard(shop, NOBODY, card=VERA))
    assert (reply.ok, reply.code) == (False, "unknown_card")
    assert there(reply.ask).text == "Issue card ****0208?"
    assert shop.checkout.visit.who is None and shop.checkout.visit.lines
    shown = shown_front(shop.checkout, shop.checkout.receipts, shop.now)
    assert there(reply.told).accrued.points == shown.accrued_points
    shop.pay("1")
    assert sale(shop).card is None


def test_a_card_that_was_replaced_is_taken_off(shop: Desk) -> None:
    shop.code(VERA)
    reply = there(heard(shop, vera(status="replaced"), card=VERA))
    assert (reply.ok, reply.code) == (False, "card_replaced")
    assert shop.checkout.visit.who is None


def test_without_an_answer_he_stays_a_stranger_and_nothing_is_said(shop: Desk) -> None:
    shop.code(VERA)
    before = shop.checkout.visit
    assert heard(shop, None, card=VERA) is None
    assert shop.checkout.visit == before


@pytest.mark.parametrize("then", ["prepared", "paid", "another", "dropped"])
def test_an_answer_that_comes_too_late_for_the_receipt_is_kept_for_the_next(shop: Desk, then: str) -> None:
    shop.code(VERA)
    shop.basket()
    late: dict[str, Callable[[], Any]] = {
        "prepared": lambda: shop.do(Prepare()),
        "paid": lambda: shop.pay("1"),
        "another": lambda: shop.code(Desk.ANNA),
        "dropped": lambda: shop.do(DropCard()),
    }
    late[then]()
    before = shop.checkout.visit
    assert heard(shop, vera(), card=VERA) is None
    assert shop.checkout.visit == before
    assert there(shop.cache.members.card(VERA)).member == "vera"


@pytest.mark.parametrize("then", ["prepared", "another"])
def test_that_nobody_has_the_card_changes_nothing_that_is_frozen_or_anothers(shop: Desk, then: str) -> None:
    shop.code(VERA)
    shop.basket()
    shop.do(Prepare()) if then == "prepared" else shop.code(Desk.ANNA)
    before = shop.checkout.visit
    assert heard(shop, NOBODY, card=VERA) is None
    assert shop.checkout.visit == (before if then == "prepared" else replace(before, strange=None))


# by phone


def by_phone() -> MemberNow:
    return MemberNow(
        watermark=Watermark(generation=1, sequence=0),
        at="2026-03-02T12:00:01+00:00",
        member=MemberSnapshot(member="vera", cards=(CardSnapshot(number=VERA, status="active"),)),
    )


def test_an_unknown_phone_is_asked_for_and_the_answer_is_the_member(shop: Desk, inquired: list[Inquiry]) -> None:
    shop.basket()
    reply = shop.do(Phone(number="8 916 123-00-00"))
    assert (reply.ok, reply.code) == (False, "unknown_phone") and "the office is being asked" in reply.text
    assert inquired == [Inquiry(phone=VERA_PHONE)]
    found = there(heard(shop, by_phone(), phone=VERA_PHONE))
    assert (found.ok, found.code) == (True, "member_found_by_phone")
    who = there(shop.checkout.visit.who)
    assert (who.member, who.identified_by) == ("vera", "phone")


@pytest.mark.parametrize(
    ("now", "text"),
    [
        (NOBODY, "No member has this phone. Ask for the card."),
        (None, "The office did not answer, and nobody here has this phone. Ask for the card."),
    ],
)
def test_a_phone_that_the_hub_does_not_know_is_said_so(shop: Desk, now: MemberNow | None, text: str) -> None:
    before = shop.checkout.visit
    reply = there(heard(shop, now, phone=VERA_PHONE))
    assert (reply.ok, reply.code, reply.text) == (False, "unknown_phone", text)
    assert shop.checkout.visit == before


def test_a_phone_is_of_the_receipt_at_which_it_was_said(shop: Desk, inquired: list[Inquiry]) -> None:
    shop.do(SetBasket(lines=(shop.chocolate(1),), sale="1"))
    shop.do(Phone(number=VERA_PHONE, sale="1"))
    (inquiry,) = inquired
    shop.do(SetBasket(lines=(shop.chocolate(1),), sale="2"))
    assert shop.checkout.heard(Heard(inquiry=inquiry, now=by_phone()), shop.now) is None
    assert shop.checkout.visit.who is None


def test_a_phone_says_nothing_where_a_member_has_come_meanwhile(shop: Desk) -> None:
    shop.code(Desk.ANNA)
    for now in (by_phone(), NOBODY, None):
        assert heard(shop, now, phone=VERA_PHONE) is None
    assert there(shop.checkout.visit.who).member == "anna"


# what is on the account


def test_a_balance_that_is_not_known_here_is_asked_for_and_told(shop: Desk, inquired: list[Inquiry]) -> None:
    shop.basket()
    shop.do(Prepare())
    before = shop.checkout.visit
    reply = shop.do(Balance(text=VERA))
    assert (reply.ok, reply.code, reply.ask) == (False, "unknown_card", None)
    assert reply.text == "Card ****0208 is not known here; the office is being asked: repeat in a second."
    (inquiry,) = inquired
    told = there(shop.checkout.heard(Heard(inquiry=inquiry, now=vera(held=100)), shop.now))
    assert (told.ok, told.code, there(told.balance).balance) == (True, "balance_told", 300)
    assert "300 bonuses" in told.text and "100 bonuses of them are reserved" in told.text
    assert shop.do(Balance(text=VERA)).code == "balance_told", "whoever reads answers alone asks again"
    assert shop.checkout.visit == before


@pytest.mark.parametrize("may_tell", [True, False])
def test_a_balance_by_phone_is_asked_for_and_told_to_whom_it_may_be(
    shop: Desk, inquired: list[Inquiry], may_tell: bool
) -> None:
    shop.checkout.house.balance_by_phone = may_tell
    reply = shop.do(Balance(phone=VERA_PHONE))
    assert reply.code == "unknown_phone" and "the office is being asked" in reply.text
    told = there(shop.checkout.heard(Heard(inquiry=inquired[0], now=by_phone()), shop.now))
    assert told.code == ("balance_told" if may_tell else "member_known")
    assert there(told.balance).balance == (0 if may_tell else None)
    assert shop.checkout.visit.who is None


@pytest.mark.parametrize(
    ("now", "text"),
    [
        (NOBODY, "Card ****0208 is unknown. Issue it with a purchase, or ask for another."),
        (None, "The office did not answer, and card ****0208 is not known here. Ask again."),
    ],
)
def test_a_balance_that_nobody_has_or_nobody_told_is_said_so(
    shop: Desk, inquired: list[Inquiry], now: MemberNow | None, text: str
) -> None:
    shop.basket(shop.chocolate(12))
    shop.do(Balance(text=VERA))
    reply = there(shop.checkout.heard(Heard(inquiry=inquired[0], now=now), shop.now))
    assert (reply.ok, reply.code, reply.text, reply.ask) == (False, "unknown_card", text, None)


def test_without_a_connection_a_shop_never_says_that_an_unknown_card_may_be_issued(shop: Desk) -> None:
    shop.online[0] = False
    text = shop.do(Balance(text=VERA)).text
    assert text == "Card ****0208 is not known here, and the office cannot be asked: there is no connection. Ask later."


def test_a_balance_that_is_known_here_is_asked_for_too_and_told_where_it_is_another(
    shop: Desk, inquired: list[Inquiry]
) -> None:
    assert there(shop.do(Balance(text=Desk.ANNA)).balance).balance == 150
    (inquiry,) = inquired
    for points, text in ((150, None), (90, "Fresh from the office: 90 bonuses on the account.")):
        told = member("anna", points, (Desk.ANNA, "active"))
        now = MemberNow(watermark=Watermark(generation=1, sequence=0), at="2026-03-02T12:00:01+00:00", member=told)
        reply = shop.checkout.heard(Heard(inquiry=inquiry, now=now), shop.now)
        assert (reply.text if reply else None) == text


# a promise that the hub's word has overtaken


def test_what_nobody_was_told_is_told_before_the_money(shop: Desk) -> None:
    """The POS was told of 9 bonuses to come; then the hub said that nobody has the card, to the page alone."""
    shop.basket()
    assert there(shop.code(VERA).told).accrued.points == 9
    heard(shop, NOBODY, card=VERA)
    reply = shop.do(Prepare())
    assert (reply.ok, reply.code) == (False, "changed_news")
    assert reply.text == (
        "There is news of this receipt: now 494.90\xa0₽ to pay, 0 bonuses to earn. Tell the customer. Card ****0208 is "
        "no longer on the receipt."
    )
    assert not shop.checkout.visit.prepared
    assert shop.do(Prepare()).code == "prepared", "once is enough"


def test_what_an_answer_has_told_since_is_no_news(shop: Desk) -> None:
    shop.basket()
    shop.code(VERA)
    heard(shop, NOBODY, card=VERA)
    shop.basket()
    assert shop.do(Prepare()).code == "prepared"


def test_sums_that_are_what_they_were_are_no_news(shop: Desk) -> None:
    shop.basket()
    shop.code(VERA)
    heard(shop, vera(0), card=VERA)
    assert shop.checkout.visit.heard is not None
    assert shop.do(Prepare()).code == "prepared"


def test_whoever_shows_the_last_quote_names_it_and_is_not_asked_twice(shop: Desk) -> None:
    shop.basket()
    old = there(shop.code(VERA).told).quote
    heard(shop, NOBODY, card=VERA)
    reply = shop.do(Prepare(quote=old))
    assert reply.code == "changed_news"
    again = there(reply.ask).answers[0].command
    assert again == Prepare(quote=shop.checkout.visit.quote)
    assert shop.do(again).code == "prepared"


def test_the_quote_that_the_page_shows_needs_no_other_answer(shop: Desk) -> None:
    shop.basket()
    shop.code(VERA)
    heard(shop, NOBODY, card=VERA)
    assert shop.do(Prepare(quote=shop.checkout.visit.quote)).code == "prepared"


@pytest.mark.parametrize("prepared", [True, False])
def test_money_for_points_that_nobody_can_have_is_recorded_without_them(shop: Desk, prepared: bool) -> None:
    shop.basket()
    quote = there(shop.code(VERA).told).quote
    if prepared:
        shop.do(Prepare())
    heard(shop, NOBODY, card=VERA)
    reply = shop.do(Pay(sale="1", day=Desk.DAY, quote=quote))
    assert (reply.code, there(reply.told).accrued.points) == ("no_member", 0)
    assert reply.text.endswith("Nobody has card ****0208: no points are earned.")
    recorded = sale(shop)
    assert (recorded.member, recorded.card, recorded.accrued.points, recorded.seen) == (None, None, 0, None)
    assert {(one.kind, one.note) for one in recorded.deviations} >= {("card_of_nobody", VERA)}


def test_a_card_that_is_shown_again_is_promised_anew(shop: Desk) -> None:
    """It may have been issued in another shop meanwhile."""
    shop.code(VERA)
    heard(shop, NOBODY, card=VERA)
    shop.now += timedelta(hours=2)
    shop.online[0] = False
    shop.code(VERA)
    shop.basket()
    shop.pay("1")
    assert (sale(shop).card, sale(shop).accrued.points) == (VERA, 9)


# what the answer says of it


def test_the_first_answer_says_that_the_office_is_being_asked(shop: Desk, inquired: list[Inquiry]) -> None:
    reply = shop.code(VERA)
    assert reply.code == "stranger" and "the office is being asked: repeat in a second" in reply.text
    assert reply.say == ("****0208: asking the office", "Repeat in a second")
    shop.basket()
    assert "is being asked" in shop.do(Code(text=VERA, scanner="scanner-1")).text
    heard(shop, vera(), card=VERA)
    assert shop.code(VERA).code == "member_found"


def test_a_card_that_nobody_has_is_said_so_to_whoever_shows_it_again(shop: Desk, inquired: list[Inquiry]) -> None:
    shop.basket(shop.chocolate(12))
    shop.code(VERA)
    heard(shop, NOBODY, card=VERA)
    reply = shop.code(VERA)
    assert (reply.code, there(reply.ask).text, len(inquired)) == ("unknown_card", "Issue card ****0208?", 1)
    assert shop.do(there(reply.ask).answers[0].command).code == "card_will_be_issued"


def test_a_card_in_a_members_place_is_asked_for_and_not_called_a_blank_one(shop: Desk, inquired: list[Inquiry]) -> None:
    shop.code(Desk.ANNA)
    reply = shop.code(VERA)
    assert (reply.code, reply.ask) == ("unknown_card", None) and "the office is being asked" in reply.text
    assert inquired[-1] == Inquiry(card=VERA)
    assert heard(shop, vera(), card=VERA) is None
    assert shop.code(VERA).code == "member_found"


def test_a_receipt_that_lay_aside_meanwhile_has_the_member_with_its_next_answer(shop: Desk) -> None:
    shop.do(SetBasket(lines=(shop.chocolate(3),), sale="1"))
    shop.do(Code(text=VERA, sale="1"))
    shop.do(SetBasket(lines=(shop.chocolate(1),), sale="2"))
    heard(shop, vera(), card=VERA)
    told = there(shop.do(SetBasket(lines=(shop.chocolate(3),), sale="1")).told)
    assert there(told.limit).points > 0 and there(shop.checkout.visit.who).member == "vera"


def test_a_receipt_whose_member_was_forgotten_while_it_lay_aside_is_a_strangers(shop: Desk) -> None:
    """A shop's till forgets whom it is told of no more a day later; a receipt may lie for longer."""
    shop.checkout.house.idle = timedelta(days=9)
    for number in ("1", "2"):
        shop.do(SetBasket(lines=(shop.chocolate(3),), sale=number, day=Desk.DAY))
        shop.do(Code(text=Desk.ANNA, sale=number, day=Desk.DAY))
    told = there(shop.do(Redeem(points=10, sale="2", day=Desk.DAY)).told)
    shop.cache.changes.apply(
        Page(
            members=[],
            used_coupons=[],
            coupon_keys={},
            phone_hash_key=PHONE_KEY,
            watermark=Key(1, 0),
            cursor="2",
            pulled_at=NOW,
            at=NOW,
            scope="shop:7",
            gone=["anna"],
        )
    )
    shop.now += timedelta(days=1, hours=1)
    while shop.cache.changes.forget_some(shop.now):
        pass
    assert shop.cache.members.member("anna") is None
    assert there(shown_front(shop.checkout, shop.checkout.receipts, shop.now).member).balance is None
    reply = shop.do(SetBasket(lines=(shop.chocolate(3),), sale="1", day=Desk.DAY))
    assert reply.ok and there(there(reply.told).limit).reason == "stranger"
    paid = shop.do(Pay(sale="2", day=Desk.DAY, quote=told.quote))
    assert paid.code == "recorded"
    recorded = sale(shop, "2")
    assert (recorded.member, recorded.card, recorded.redeemed.points) == (None, Desk.ANNA, 10)


# what it comes to


def test_his_points_count_once_before_and_after_the_hub_has_them(shop: Desk) -> None:
    """The hub's word without the sale: the sale is added to it. With it: nothing is."""
    shop.code(VERA)
    shop.basket()
    shop.pay("1")
    heard(shop, vera(300, sequence=0), member="vera")
    assert shop.points("vera") == 309
    shop.now += timedelta(seconds=5)
    later = MemberNow(
        watermark=Watermark(generation=1, sequence=1),
        at="2026-03-02T12:00:05+00:00",
        member=member("vera", 309, (VERA, "active")),
    )
    heard(shop, later, member="vera")
    assert shop.points("vera") == 309


def test_a_strangers_goods_come_back_to_the_card(shop: Desk) -> None:
    shop.code(VERA)
    shop.basket()
    shop.pay("1")
    goods = ReturnedGoods(id="1", quantity="3")
    command = ReturnGoods(of=SoldReceipt(sale="1", day=Desk.DAY), lines=(goods,))
    told = shop.do(command)
    assert told.ok and "the hub will see to the points" in told.text
    assert shop.do(ReturnGoods(quote=there(told.returned).quote, paid=True, sale="R1", day=Desk.DAY)).ok
    operation = there(shop.cache.return_numbered(SaleNumber(day=Desk.DAY, number="R1")))
    back = operation.body
    assert isinstance(back, Return)
    assert (back.member, back.card) == (None, VERA) and back.clawed_back.points > 0
    assert shop.cache.print_jobs.paper_of(operation.key) is not None


def test_what_came_back_counts_with_the_sale_once_the_card_is_known(shop: Desk) -> None:
    shop.code(VERA)
    shop.basket()
    shop.pay("1")
    shop.do(ReturnGoods(of=SoldReceipt(sale="1", day=Desk.DAY), whole=True, paid=True, sale="R1", day=Desk.DAY))
    heard(shop, vera(300), member="vera")
    assert shop.points("vera") == 300


# with a hub


@pytest.fixture
def here(tmp_path: Path, server: Server) -> Iterator[Here]:
    here = Here(tmp_path, server)
    here.shop("7")
    here.join("vera", VERA, 300, VERA_PHONE)
    yield here
    here.close()


def sells(till: Till, number: str, *, pays: bool = True) -> Reply:
    """To whoever has Vera's card; the reply to the card, or to the payment."""
    till.do(SetBasket(lines=(Desk.chocolate(30),), sale=number))
    found = till.do(Code(text=VERA, sale=number))
    return till.do(Pay(sale=number)) if pays else found


def test_a_strangers_sale_offline_comes_to_the_member_of_the_card(here: Here) -> None:
    """Before the hub has it, after it, and when the till is told of him: never twice."""
    till = here.till("t1", "7")
    till.sync()
    assert till.cache.changes.feed().scope == "shop:7" and till.points("vera") is None
    till.online = False
    assert sells(till, "1").code == "recorded" and here.points("vera") == 300
    till.online = True
    assert sells(till, "2", pays=False).code == "stranger", "the hub has been asked"
    assert there(till.step()).code == "member_found"
    earned = there(till.points("vera")) - 300
    assert earned > 0, "what waits here is his, though its operation knows only the card"
    till.do(Cancel(sale="2"))
    till.sync()
    assert here.points("vera") == 300 + earned == till.points("vera")
    assert sells(till, "3", pays=False).code == "member_found"
    assert till.step() is None, "and the hub says the same"
    assert till.points("vera") == 300 + earned


def test_whoever_was_a_stranger_is_told_of_with_the_shop_when_his_sale_has_come(here: Here) -> None:
    till = here.till("t1", "7")
    till.sync()
    till.online = False
    sells(till, "1")
    till.sync()
    assert till.points("vera") == here.points("vera") > 300
    assert sells(till, "2", pays=False).code == "member_found", "he has bought here, so the shop knows him"


def test_goods_of_a_stranger_that_come_back_before_and_after_the_hub_knows(here: Here) -> None:
    till = here.till("t1", "7")
    till.sync()
    till.online = False
    sells(till, "1")
    ten = (ReturnedGoods(id="1", quantity="10"),)
    of = SoldReceipt(sale="1", day=Desk.DAY)
    first = till.do(ReturnGoods(of=of, lines=ten, paid=True, sale="R1", day=Desk.DAY))
    assert first.code == "return_recorded" and "the hub will see to the points" in first.text
    till.sync()
    assert till.cache.refused() == [] and till.points("vera") == here.points("vera")
    second = till.do(ReturnGoods(of=of, whole=True, paid=True, sale="R2", day=Desk.DAY))
    assert second.code == "return_recorded" and second.text.endswith("Balance 300 bonuses.")
    till.sync()
    assert till.cache.refused() == []
    assert till.points("vera") == here.points("vera") == 300


def test_a_strangers_sale_to_a_card_that_nobody_has_is_refused_and_a_case(here: Here) -> None:
    till = here.till("t1", "7")
    till.sync()
    till.online = False
    till.do(SetBasket(lines=(Desk.chocolate(30),), sale="1"))
    till.do(Code(text=Desk.BLANK, sale="1"))
    till.do(Pay(sale="1"))
    till.sync()
    assert [reason for _, reason in till.cache.refused()] == ["unknown_card"]
    with here.hub.store.reading() as reader:
        (case,) = reader.all_cases()
    assert (case.kind, case.note) == ("refused", "unknown_card")
    told = till.do(ReturnGoods(of=SoldReceipt(sale="1", day=Desk.DAY), whole=True))
    assert told.ok and there(told.returned).clawed_back == 0, "points that never came are not taken"


def test_a_card_that_was_issued_anew_without_a_connection_earns_for_its_owner(here: Here) -> None:
    till = here.till("t1", "7")
    till.sync()
    till.online = False
    till.do(SetBasket(lines=(Desk.chocolate(30),), sale="1"))
    assert till.do(IssueCard(card=VERA, sale="1")).code == "card_will_be_issued"
    earned = there(till.do(Pay(sale="1")).told).accrued.points
    till.online = True
    till.sync()
    assert [reason for _, reason in till.cache.refused()] == ["card_taken"]
    with here.hub.store.reading() as reader:
        assert [(case.note, case.member) for case in reader.all_cases()] == [("card_taken", "vera")]
    assert earned > 0 and here.points("vera") == till.points("vera") == 300 + earned
    assert sells(till, "2", pays=False).code == "member_found"


def test_online_a_balance_that_is_not_known_here_comes_from_the_hub(here: Here) -> None:
    till = here.till("t1", "7")
    till.sync()
    assert "the office is being asked" in till.do(Balance(text=VERA)).text
    told = there(till.step())
    assert (told.code, there(told.balance).balance) == ("balance_told", 300)


def test_online_the_hub_is_asked_and_he_stays(here: Here) -> None:
    till = here.till("t1", "7")
    till.sync()
    assert sells(till, "1", pays=False).code == "stranger"
    assert there(till.step()).code == "member_found"
    till.do(Pay(sale="1"))
    till.sync()
    with here.hub.store.reading() as reader:
        assert [row.store for row in reader.seen_of(["vera"])] == ["7"]
    assert till.points("vera") == here.points("vera")


def test_online_a_phone_of_the_chain_is_found(here: Here) -> None:
    till = here.till("t1", "7")
    till.sync()
    till.do(SetBasket(lines=(Desk.chocolate(1),), sale="1"))
    assert "the office is being asked" in till.do(Phone(number=VERA_PHONE, sale="1")).text
    assert there(till.step()).code == "member_found_by_phone"


def test_online_a_card_that_nobody_has_goes_off_the_receipt(here: Here) -> None:
    till = here.till("t1", "7")
    till.sync()
    till.do(SetBasket(lines=(Desk.chocolate(30),), sale="1"))
    assert till.do(Code(text=Desk.BLANK, sale="1")).code == "stranger"
    reply = there(till.step())
    assert (reply.code, there(reply.ask).text) == ("unknown_card", "Issue card ****0116?")
