"""What the guest sees: his purchase in his language, at each moment of a visit; and nothing of the shop's inside."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from loyalty.programme import Language
from pos_agent import guest_turn
from pos_agent.agent import Agent, Front
from pos_agent.events import WholeState
from pos_agent.page import guest as guest_module
from pos_agent.page.guest import THANKS_S, GuestMember, GuestState, Side, guest_state
from pos_agent.page.guest_face import GuestFace
from pos_agent.page.guest_words import EXTRAS, GUEST_WORDS, LIMITS, REFUSALS, SELF_REFUSALS, refusal_text
from pos_agent.protocol import (
    Cancel,
    Code,
    Command,
    DropCard,
    IssueCard,
    Pay,
    Phone,
    Prepare,
    PutAside,
    Redeem,
    ReissueCard,
    ReturnedGoods,
    ReturnGoods,
    SetBasket,
    SoldReceipt,
)
from pos_agent.shown import shown_done
from pos_agent.state import state_now
from pos_agent.status import HubStatus, RefusedOperation, ScannerCounts, ScannerState, State, Status, Trouble
from tests.pos_agent.conftest import ANNA, BLOCKED, BORIS, DAY, FRESH, NOW, PHONES, Desk
from tests.there import there

SECRETS = ("hub.example", "left-scanner", "serial:", "CALL THE OFFICE", "refused-reason", "card_reader_7", "4711")


class Shop:
    """A till with much inside that is nobody's business, and the guest's side of it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.programme = desk.checkout.house.programme
        self.agent = Agent(desk.checkout, self.programme, "en", None)
        self.agent.begin(NOW)

    def do(self, *commands: Command, at: datetime = NOW) -> None:
        for command in commands:
            reply = self.agent.asked(command)
            while not reply.done():  # also by way of the hub, of which nothing is heard here
                self.agent.step(there(self.agent.take()), at)
            assert reply.result().code != "fault"

    def basket(self) -> None:
        self.do(SetBasket(lines=(self.desk.chocolate(3), self.desk.SWEETS), sale="4711", day=DAY))

    def whole(self, **changes: Any) -> State:
        done = shown_done(self.desk.cache, "en", self.programme)
        return state_now(self.agent, replace(status(self.agent), **changes), done)

    def seen(
        self, language: Language = "ru", *, by_phone: bool = False, at: datetime = NOW, **changes: Any
    ) -> GuestState:
        side = Side(language=language, balance_by_phone=by_phone)
        return guest_state(self.whole(**changes), self.agent.in_front()[1], side, at)

    def face(self, clock: Callable[[], datetime]) -> GuestFace:
        """Of which only the state is asked."""
        return GuestFace(
            agent=self.agent,
            status=lambda: status(self.agent),
            done=lambda: shown_done(self.desk.cache, "en", self.programme),
            clock=clock,
            side=Side(language="ru"),
            **dict.fromkeys(("jpeg", "pages", "once", "places", "in_time", "problem")),  # type: ignore[arg-type]
        )


def status(agent: Agent) -> Status:
    look = agent.view()
    scanner = ScannerState(
        name="left-scanner",
        url="serial:///dev/card_reader_7",
        state="ready",
        cause="",
        losses=3,
        counts=ScannerCounts(),
        refused={},
    )
    return Status(
        till="till-1",
        store="msk-7",
        programme="alenka",
        programme_version="1",
        training=False,
        hub=HubStatus(url="http://hub.example", online=True, cause="", code="", pulled_at=None, clock_off_s=0),
        outbox=4711,
        refused=(RefusedOperation(generation=1, sequence=2, reason="refused-reason"),),
        papers={},
        proofs={},
        visit=look.visit,
        last_reply=look.reply,
        question=None,
        asked=None,
        printer=None,
        scanners=(scanner,),
        troubles=(Trouble(of="hub", code="hub_away", text="CALL THE OFFICE"),),
    )


def told(seen: GuestState) -> str:
    """Without the ids, whose digits are any."""
    return msgspec.json.encode(replace(seen, turn="", quote=None)).decode()


@pytest.fixture
def shop(desk: Desk) -> Shop:
    return Shop(desk)


# the moments


def test_a_coupon_stands_there_with_what_it_gives_or_why_nothing(shop: Shop) -> None:
    personal = shop.desk.coupon(member="boris")
    shop.do(Code(text=ANNA), Code(text=shop.desk.coupon("sweets-100", serial=b"t" * 16)))
    assert [one.why for one in shop.seen("en").coupons] == [""], "nothing is bought yet"
    shop.basket()
    shop.do(Code(text=personal))
    (coupon,) = shop.seen("en").coupons
    assert (coupon.campaign, coupon.discount, coupon.why) == ("sweets-100", "0.00", "the receipt is too small yet")
    shop.do(DropCard(), Code(text=personal))
    assert [one.why for one in shop.seen("ru").coupons] == ["пока мала сумма чека", "именной: приложите карту"]
    shop.do(Code(text=BORIS))
    assert ("ten-percent", "49.49", "") in [(one.campaign, one.discount, one.why) for one in shop.seen().coupons]


def test_an_empty_till_welcomes(shop: Shop) -> None:
    seen = shop.seen()
    assert (seen.moment, seen.lines, seen.member, seen.thanks) == ("welcome", (), None, None)
    assert seen.may_say_who and not seen.may_choose


def test_what_is_being_bought_is_there_line_by_line(shop: Shop) -> None:
    shop.basket()
    seen = shop.seen()
    assert (seen.moment, seen.total, seen.to_pay) == ("shopping", "494.90", "494.90")
    assert [(line.name, line.quantity, line.unit, line.price, line.net) for line in seen.lines] == [
        ("Шоколад «Алёнка»", "3", "pc", "89.90", "269.70"),
        ("Конфеты", "0.347", "kg", "649.00", "225.20"),
    ]


def test_a_card_that_may_pay_asks_him_to_choose(shop: Shop) -> None:
    shop.basket()
    shop.do(Code(text=BORIS))
    seen = shop.seen()
    assert (seen.moment, seen.limit_points, seen.may_choose, seen.redeemed) == ("choose", 247, True, 0)
    assert seen.member == GuestMember(card="****0024", by="card", balance=5000, active=5000)


@pytest.mark.parametrize(("points", "paid"), [(247, "247.90"), (100, "394.90"), (0, "494.90")])
def test_what_he_chose_stands_there_and_he_may_change_it(shop: Shop, points: int, paid: str) -> None:
    shop.basket()
    shop.do(Code(text=BORIS), Redeem(points=points))
    seen = shop.seen()
    assert (seen.moment, seen.decided, seen.may_choose) == ("pay", True, True)
    assert (seen.redeemed, seen.total, seen.to_pay) == (points, "494.90", paid)


def test_once_his_money_is_taken_he_chooses_no_more(shop: Shop) -> None:
    shop.basket()
    shop.do(Code(text=BORIS), Prepare(sale="4711", day=DAY))
    seen = shop.seen()
    assert (seen.moment, seen.prepared, seen.may_choose, seen.may_say_who) == ("pay", True, False, False)


def test_thanks_say_what_the_sale_did(shop: Shop) -> None:
    shop.basket()
    shop.do(Code(text=BORIS), Redeem(points=100), Pay(sale="4711", day=DAY))
    seen = shop.seen()
    assert (seen.moment, seen.lines, seen.may_say_who) == ("thanks", (), False)
    thanks = seen.thanks
    assert thanks is not None
    assert (thanks.to_pay, thanks.redeemed, thanks.accrued) == ("394.90", 100, 7)
    assert thanks.balance == 5000 - 100 + 7 == shop.desk.points("boris")


@pytest.mark.parametrize(
    ("after_s", "moment"), [(0.0, "thanks"), (THANKS_S - 0.1, "thanks"), (THANKS_S, "welcome"), (-1.0, "welcome")]
)
def test_thanks_end_by_the_clock(shop: Shop, after_s: float, moment: str) -> None:
    """A clock that was set back shows none, rather than for ever."""
    shop.basket()
    shop.do(Pay(sale="4711", day=DAY))
    assert shop.seen(at=NOW + timedelta(seconds=after_s)).moment == moment


def test_the_next_customer_ends_the_thanks_for_the_last_one(shop: Shop) -> None:
    shop.basket()
    shop.do(Code(text=BORIS), Pay(sale="4711", day=DAY), Code(text=ANNA))
    seen = shop.seen()
    assert (seen.moment, seen.thanks) == ("shopping", None)


def test_a_customer_who_began_and_gave_up_is_not_thanked_for_the_one_before(shop: Shop) -> None:
    shop.basket()
    shop.do(Code(text=BORIS), Pay(sale="4711", day=DAY), Code(text=ANNA), Cancel())
    assert shop.seen().moment == "welcome"


def test_goods_that_come_back_are_not_thanked_for(shop: Shop) -> None:
    shop.basket()
    shop.do(Pay(sale="4711", day=DAY))
    of = SoldReceipt(sale="4711", day=DAY)
    later = NOW + timedelta(seconds=1)
    shop.do(ReturnGoods(of=of, lines=(ReturnedGoods(id="1", quantity="1"),), sale="R1", day=DAY), at=later)
    quote = shop.agent.last_reply
    assert quote is not None and quote.returned is not None
    shop.do(ReturnGoods(quote=quote.returned.quote, paid=True, sale="R1", day=DAY), at=later)
    assert shop.whole().done is not None and shop.whole().done.kind == "return"  # type: ignore[union-attr]
    assert shop.seen(at=later).moment == "welcome"
    shop.do(Pay(sale="4711", day=DAY), at=later)  # the POS tells the sale of before once more
    assert shop.seen(at=later).moment == "welcome"


def test_a_new_card_stands_there(shop: Shop) -> None:
    shop.do(SetBasket(lines=(shop.desk.chocolate(20),), sale="4711", day=DAY))
    shop.do(IssueCard(card=Desk.BLANK, sale="4711", day=DAY))
    assert shop.seen().member == GuestMember(card="****0116", by="card", balance=None, active=None)


@pytest.mark.parametrize(("language", "name"), [("ru", "Перевыпуск карты"), ("en", "Card reissue")])
def test_what_a_card_costs_is_a_line_like_others(shop: Shop, language: Language, name: str) -> None:
    shop.basket()
    shop.do(Code(text=BORIS), ReissueCard(new_card=Desk.BLANK, sale="4711", day=DAY))
    seen = shop.seen(language)
    assert (len(seen.lines), seen.lines[2].name, seen.lines[2].net, seen.total) == (3, name, "50.00", "544.90")


def test_a_recorded_sale_told_again_is_not_the_guests_to_change(shop: Shop) -> None:
    shop.basket()
    shop.do(Pay(sale="4711", day=DAY))
    shop.basket()
    seen = shop.seen()
    assert (seen.moment, seen.may_choose, seen.may_say_who) == ("pay", False, False)


@pytest.mark.parametrize(("after_s", "moment"), [(1_800, "choose"), (1_801, "welcome")])
def test_a_visit_that_was_left_is_not_shown_to_the_next_one(shop: Shop, after_s: int, moment: str) -> None:
    """The till puts it aside with its next command; until then nothing is taken for it."""
    shop.basket()
    shop.do(Code(text=BORIS))
    seen = shop.seen(at=NOW + timedelta(seconds=after_s))
    assert (seen.moment, seen.may_say_who, seen.member is None) == (moment, moment != "welcome", moment == "welcome")


@pytest.mark.parametrize(("sold", "after_s"), [(True, THANKS_S), (False, 1_801)], ids=["thanked", "left"])
def test_what_the_clock_ends_is_told_though_nothing_happens(shop: Shop, sold: bool, after_s: float) -> None:
    now, commands = [NOW], [Pay(sale="4711", day=DAY)] if sold else []
    shop.basket()
    shop.do(*commands)
    face = shop.face(lambda: now[0])
    whole = WholeState(face.state, shop.agent.news, face.is_over)

    async def looked() -> Any:
        await whole.look()
        return json.loads(whole.event.split(b"data: ")[1])["moment"]

    assert asyncio.run(looked()) == ("thanks" if sold else "shopping")
    now[0] += timedelta(seconds=after_s)
    assert asyncio.run(looked()) == "welcome"


# who sees it


def test_behind_a_phone_stands_no_balance(shop: Shop) -> None:
    shop.basket()
    shop.do(Phone(number=PHONES["anna"]))
    seen = shop.seen()
    assert seen.member == GuestMember(card="****0017", by="phone", balance=None, active=None)
    assert "150" not in told(seen)
    shown = shop.seen(by_phone=True).member
    assert shown is not None and shown.balance == 150


def test_a_bound_that_is_the_account_itself_is_not_told_behind_a_phone(shop: Shop) -> None:
    """«На счёте больше нет» would tell what is there."""
    shop.basket()
    shop.do(Phone(number=PHONES["anna"]))
    whole = shop.whole()
    visit = replace(whole.visit, limit_points=150, limit_reason=None, limit_text_guest="Up to 150: no more is there")
    may = replace(whole, visit=visit)
    side = Side(language="en")
    assert guest_state(may, Front("t", False), side, NOW).limit_text == ""
    assert guest_state(may, Front("t", False), Side(language="en", balance_by_phone=True), NOW).limit_text != ""


def test_no_balance_is_thanked_with_after_a_phone(shop: Shop) -> None:
    shop.basket()
    shop.do(Phone(number=PHONES["anna"]), Pay(sale="4711", day=DAY))
    thanks = shop.seen().thanks
    assert thanks is not None
    assert (thanks.accrued, thanks.balance) == (9, None)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_nothing_of_the_shops_inside_is_told(shop: Shop, language: Language) -> None:
    shop.do(SetBasket(lines=(shop.desk.chocolate(1),), sale="other-receipt", day=DAY), PutAside())
    for commands in ((), (Code(text=BORIS),), (Redeem(points=10),), (Prepare(sale="4711", day=DAY),)):
        shop.basket() if not commands else shop.do(*commands)
        said = told(shop.seen(language))
        for secret in (*SECRETS, "other-receipt", ANNA, BORIS, "till-1", "msk-7"):
            assert secret not in said, secret
        reply = shop.agent.last_reply
        assert reply is not None and reply.text not in said


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize(
    ("card", "reason"), [(FRESH, "not_registered"), (BLOCKED, "card_blocked")], ids=["unregistered", "blocked"]
)
def test_why_nothing_may_pay_is_told_without_orders_to_the_cashier(
    shop: Shop, language: Language, card: str, reason: str
) -> None:
    shop.basket()
    shop.do(Code(text=card))
    seen = shop.seen(language)
    assert (seen.moment, seen.limit_points, seen.limit_text) == ("shopping", 0, LIMITS[reason][language == "en"])
    blocked = reason == "card_blocked"
    assert (there(seen.member).blocked, there(seen.member).balance is None) == (blocked, blocked), "it may be a finder"


def test_the_limit_is_told_in_the_guests_language_and_not_in_the_cashiers(shop: Shop) -> None:
    """The desk's cashier reads English, its receipts are Russian."""
    shop.basket()
    shop.do(Code(text=BORIS))
    assert "50" in shop.seen().limit_text and "не больше" in shop.seen().limit_text


def test_without_a_connection_he_reads_what_it_means_for_him(shop: Shop) -> None:
    away = HubStatus(
        url="http://hub.example", online=False, cause="no route", code="away", pulled_at=None, clock_off_s=0
    )
    assert shop.seen("en", hub=away).offline == GUEST_WORDS["offline"][1]
    assert shop.seen("en").offline is None


@pytest.mark.parametrize(
    ("url", "state", "there"),
    [("camera:0", "ready", True), ("camera:0", "faulted", False), ("serial:///dev/x", "ready", False)],
)
def test_of_devices_he_learns_of_a_camera_alone(shop: Shop, url: str, state: str, there: bool) -> None:
    scanner = replace(status(shop.agent).scanners[0], url=url, state=state)
    assert shop.seen(scanners=(scanner,)).camera is there


# what a self-checkout asks


def test_a_changed_sum_is_asked_until_it_is_another_question(shop: Shop) -> None:
    shop.do(SetBasket(lines=(shop.desk.chocolate(10),), sale="4711", day=DAY), Code(text=BORIS))
    shop.do(Redeem(points=400))
    shop.desk.online[0] = False
    shop.do(Prepare(sale="4711", day=DAY))
    assert shop.agent.last_reply is not None and shop.agent.last_reply.code == "changed_link"
    assert shop.seen().changed
    shop.do(Prepare(sale="4711", day=DAY))
    assert not shop.seen().changed and shop.seen().prepared
    shop.do(Cancel(sale="4711", day=DAY))
    assert not shop.seen().changed


def test_a_question_that_is_a_persons_calls_one(shop: Shop) -> None:
    """A blank card is shown at a self-checkout, say: nobody gives himself one."""
    shop.basket()
    assert not shop.seen().person_asked
    shop.do(Code(text=BORIS))
    assert not shop.seen().person_asked  # how many points: that is his own
    shop.do(Cancel(sale="4711", day=DAY))
    shop.do(SetBasket(lines=(shop.desk.chocolate(20),), sale="4712", day=DAY), Code(text=Desk.BLANK))
    assert shop.agent.last_reply is not None and shop.agent.last_reply.ask is not None
    assert shop.seen().person_asked


def test_a_paper_in_question_calls_a_person(shop: Shop) -> None:
    assert shop.seen(asked=7, question="Did it come out?").person_asked


# words


def test_every_word_is_there_in_both_languages() -> None:
    for table in (GUEST_WORDS, LIMITS, REFUSALS, SELF_REFUSALS, EXTRAS):
        for code, (russian, english) in table.items():
            assert russian.strip() and english.strip(), code
            assert english.isascii() and not russian.isascii(), code


def test_every_refusal_of_the_guests_side_has_words() -> None:
    said = re.findall(r'"(guest_\w+)"', Path(guest_turn.__file__).read_text(encoding="utf-8"))
    assert len(said) == 4 and set(said) <= set(REFUSALS)


def test_no_word_of_the_page_is_never_said() -> None:
    page = Path(guest_module.__file__).parent
    files = (page / "static" / "guest.html", page / "static" / "guest.js", page / "guest.py")
    told = " ".join(file.read_text(encoding="utf-8") for file in files)
    assert [word for word in GUEST_WORDS if not re.search(rf"\b{word}\b", told)] == []


@pytest.mark.parametrize(("language", "word"), [("ru", "сотрудника"), ("en", "somebody")])
def test_at_a_self_checkout_unknown_trouble_calls_a_person(language: Language, word: str) -> None:
    assert word in refusal_text("whatever", language, alone=True)
    assert word not in refusal_text("whatever", language, alone=False)
