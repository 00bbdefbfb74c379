"""A POS without a design of its own: it tells goods, cards and money, shows `say`, and answers what `ask` asks.

Everything goes as JSON, and of each question either always the first answer is given or always the last.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from config.programmes import load_programme
from loyalty.bodies import CardIssued, CardReissued, Return, Sale
from loyalty.programme import Language
from loyalty.wording import LANGUAGES
from pos_agent import questions
from pos_agent.agent import Agent
from pos_agent.answers import Choice
from pos_agent.checkout import Checkout
from pos_agent.problems import problem_of
from pos_agent.protocol import (
    Cancel,
    Code,
    Command,
    IssueCard,
    Pay,
    Phone,
    Prepare,
    Redeem,
    SetBasket,
    read_command,
)
from pos_agent.questions import KEY_MAX, QUESTIONS
from pos_agent.two_lines import LINE_MAX, LINES_MAX
from tests.pos_agent.conftest import DAY, Desk
from tests.pos_agent.test_words import PARTS
from tests.there import there

FIRST, LAST = 0, -1


@dataclass
class PlainPos:
    """`heard`: the code of every answer; `asked`: every question since the last receipt of its own began."""

    desk: Desk
    language: Language
    answer: int
    heard: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.checkout = Checkout(
            self.desk.cache,
            load_programme("alenka"),
            language=self.language,
            receipt_language="ru",
            is_online=lambda: self.desk.online[0],
        )

    def tell(self, command: Command) -> dict[str, Any]:
        """The last reply, after every question that came was answered."""
        reply = self._send(msgspec.json.encode(command))
        while "ask" in reply:
            self.asked.append(reply["ask"]["text"])
            choice = reply["ask"]["answers"][self.answer]
            assert len(choice["text"]) <= KEY_MAX
            if "command" not in choice:  # nothing to do then
                break
            reply = self._send(msgspec.json.encode(choice["command"]))
        return reply

    def _send(self, body: bytes) -> dict[str, Any]:
        reply = self.checkout.handle(read_command(body), self.desk.now)
        self.heard.append(reply.code)
        assert reply.code not in ("not_now_idle", "not_now_basket", "not_now_ready", "bad_command"), "asked in vain"
        assert 0 < len(reply.say) <= LINES_MAX and max(map(len, reply.say)) <= LINE_MAX
        written: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(reply))
        return written

    def basket(self, sale: str | None, pieces: int = 3) -> dict[str, Any]:
        return self.tell(SetBasket(sale=sale, lines=(self.desk.chocolate(pieces), self.desk.SWEETS)))

    def buy(self, sale: str, pieces: int = 3) -> dict[str, Any]:
        self.basket(sale, pieces)
        prepared = self.tell(Prepare(sale=sale))
        return self.tell(Pay(sale=sale, quote=prepared["told"]["quote"]))


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    chosen: Language = request.param
    return chosen


@pytest.fixture(params=[FIRST, LAST], ids=["first", "last"])
def pos(request: pytest.FixtureRequest, desk: Desk, language: Language) -> PlainPos:
    return PlainPos(desk=desk, language=language, answer=request.param)


def stored(desk: Desk, sale: str, kind: type[Any]) -> list[Any]:
    found = desk.cache.sales_of_day(DAY, sale)
    bodies = [operation.body for number, _ in found for operation in desk.cache.sale(number).operations]  # type: ignore[union-attr]
    return [body for body in bodies if isinstance(body, kind)]


def test_a_sale_is_recorded_with_or_without_points_and_the_question_comes_once(pos: PlainPos, desk: Desk) -> None:
    pos.basket("7")
    pos.tell(Code(sale="7", text=desk.ANNA))
    assert len(pos.asked) == 1
    pos.basket("7")
    pos.basket("7", pieces=4)
    assert len(pos.asked) == 1, "it was answered"
    paid = pos.buy("7")
    assert pos.heard[-2:] == ["prepared", "recorded"] and len(pos.asked) == 1
    (sale,) = stored(desk, "7", Sale)
    assert sale.redeemed.points == (150 if pos.answer == FIRST else 0) == paid["told"]["redeemed"]["points"]


def test_another_member_is_asked_anew(desk: Desk) -> None:
    pos = PlainPos(desk=desk, language="en", answer=LAST)
    pos.basket("7")
    pos.tell(Code(sale="7", text=desk.ANNA))
    pos.tell(Code(sale="7", text=desk.BORIS))
    assert pos.asked == ["Redeem 150 bonuses?", "Redeem 247 bonuses?"]


def test_a_blank_card_goes_out_or_stays(pos: PlainPos, desk: Desk) -> None:
    pos.basket("7")
    pos.tell(Code(sale="7", text=desk.BLANK))
    assert len(pos.asked) == 1 and "****0116" in pos.asked[0]
    pos.buy("7")
    issued = [body.card for body in stored(desk, "7", CardIssued)]
    assert issued == ([desk.BLANK] if pos.answer == FIRST else [])
    assert len(stored(desk, "7", Sale)) == 1


@pytest.mark.parametrize("lines", [(), (1,)])
def test_no_card_is_offered_to_a_purchase_that_is_too_small(desk: Desk, lines: tuple[int, ...]) -> None:
    pos = PlainPos(desk=desk, language="en", answer=FIRST)
    if lines:
        pos.tell(SetBasket(sale="7", lines=(desk.chocolate(1),)))
    reply = pos.tell(Code(sale="7" if lines else None, text=desk.BLANK))
    assert (reply["code"], pos.asked) == ("unknown_card", [])


def test_a_scanned_number_that_may_be_goods_is_never_offered(desk: Desk) -> None:
    desk.basket()
    assert desk.do(Code(text=desk.BLANK, scanner="counter")).ask is None


def test_a_lost_card_is_replaced_when_the_manager_says_so(pos: PlainPos, desk: Desk) -> None:
    pos.tell(Phone(number="8 916 123-45-67"))
    pos.tell(Code(text=desk.BLANK))
    if pos.answer == LAST:
        assert pos.heard == ["member_found_by_phone", "unknown_card"]
        return
    assert pos.heard == ["member_found_by_phone", "unknown_card", "reissue_needs_manager", "card_will_be_reissued"]
    pos.buy("7")
    assert [body.new_card for body in stored(desk, "7", CardReissued)] == [desk.BLANK]


def test_a_new_sum_is_agreed_to_or_the_receipt_ends(pos: PlainPos, desk: Desk) -> None:
    pos.basket("7", pieces=20)
    pos.tell(Code(sale="7", text=desk.BORIS))
    desk.online[0] = False
    if pos.answer == LAST:  # nothing was redeemed, so only what was told before can have changed: its age
        desk.online[0] = True
        desk.now += pos.checkout.house.quote_max_age * 2
    reply = pos.tell(Prepare(sale="7"))
    expected = ["changed_link", "prepared"] if pos.answer == FIRST else ["changed_age", "cancelled"]
    assert pos.heard[-2:] == expected, reply
    assert len(pos.asked) == 2, "how many points, and whether to go on"


def test_under_a_taken_number_it_is_another_sale_or_none(pos: PlainPos, desk: Desk) -> None:
    pos.buy("7")
    pos.basket("7", pieces=5)
    assert pos.asked == [], "goods may still come"
    reply = pos.tell(Prepare(sale="7"))
    assert pos.heard[-2:] == ["sale_number_taken", "prepared" if pos.answer == FIRST else "cancelled"]
    if pos.answer == FIRST:
        pos.tell(Pay(sale="7", quote=reply["told"]["quote"]))
    assert len(stored(desk, "7", Sale)) == (2 if pos.answer == FIRST else 1)


def test_a_payment_under_a_taken_number_is_another_sale_or_none(pos: PlainPos, desk: Desk) -> None:
    pos.buy("7")
    pos.basket(None, pieces=5)
    pos.tell(Pay(sale="7"))
    assert pos.heard[-2] == "sale_number_taken" and len(pos.asked) == 1
    assert len(stored(desk, "7", Sale)) == (2 if pos.answer == FIRST else 1)


def test_goods_come_back_when_the_money_was_given(pos: PlainPos, desk: Desk) -> None:
    pos.buy("7")
    reply = pos.tell(back("R-1"))
    assert reply["code"] == ("return_recorded" if pos.answer == FIRST else "return_prepared")
    found = desk.cache.returns_numbered("R-1", "", (DAY, DAY))
    assert len(found) == (1 if pos.answer == FIRST else 0)
    assert all(isinstance(operation.body, Return) for operation in found)


def back(number: str | None, sale: str = "7") -> Command:
    lines: list[dict[str, str]] = [{"id": "1", "quantity": "1"}]
    told = {"do": "return", "of": {"sale": sale}, "lines": lines} | ({"sale": number} if number else {})
    return read_command(msgspec.json.encode(told))


def test_a_return_without_a_number_is_not_asked_about(desk: Desk) -> None:
    pos = PlainPos(desk=desk, language="en", answer=FIRST)
    pos.buy("7")
    assert pos.tell(back(None))["code"] == "return_prepared" and pos.asked == []


def test_under_a_taken_number_it_is_another_return_or_none(pos: PlainPos, desk: Desk) -> None:
    pos.buy("7")
    pos.buy("8", pieces=5)
    first = PlainPos(desk=desk, language="en", answer=FIRST)
    assert first.tell(back("R-1"))["code"] == "return_recorded"
    pos.tell(back("R-1", sale="8"))
    assert pos.asked[0] in QUESTIONS["another_return"]
    found = desk.cache.returns_numbered("R-1", "", (DAY, DAY))
    assert len(found) == (2 if pos.answer == FIRST else 1)


# what is asked at all


def test_the_answers_name_the_receipt_with_its_day(desk: Desk) -> None:
    desk.do(SetBasket(sale="7", day=DAY, lines=(desk.chocolate(3),)))
    ask = desk.code(desk.ANNA).ask
    assert ask is not None
    assert [choice.command for choice in ask.answers] == [
        Redeem(sale="7", day=DAY, points=134),
        Redeem(sale="7", day=DAY, points=0),
    ]


def test_a_receipt_whose_day_is_long_past_is_meant_without_its_name(desk: Desk) -> None:
    """Its name would be refused now, and so would the answer."""
    desk.checkout.house.idle = timedelta(days=9)
    desk.do(SetBasket(sale="7", day=DAY, lines=(desk.chocolate(3),)))
    desk.now += timedelta(days=2)
    answers = there(desk.code(desk.ANNA).ask).answers
    assert [choice.command for choice in answers] == [Redeem(points=134), Redeem(points=0)]
    assert desk.do(answers[0].command).ok


def test_nothing_is_asked_that_the_table_does_not_allow(desk: Desk) -> None:
    """A card with nothing to pay yet, a phone that may redeem nothing, a receipt that is prepared."""
    assert desk.code(desk.ANNA).ask is None
    assert desk.do(Phone(number="8 916 123-45-67")).ask is None
    desk.basket()
    assert desk.code(desk.ANNA).ask is not None
    assert desk.do(Prepare()).ask is None
    assert desk.do(Cancel()).ask is None


def test_a_taken_number_is_not_asked_about_where_nothing_can_be_paid(desk: Desk) -> None:
    """Boris has shown his card, and nothing of his is on the counter yet."""
    pos = PlainPos(desk=desk, language="en", answer=FIRST)
    pos.buy("7")
    pos.tell(Code(text=desk.BORIS))
    reply = pos.tell(Pay(sale="7"))
    assert (reply["code"], pos.asked) == ("sale_number_taken", [])


def test_in_dispute_nothing_is_asked_before_there_are_goods(desk: Desk) -> None:
    pos = PlainPos(desk=desk, language="en", answer=FIRST)
    pos.buy("7")
    assert pos.tell(Code(sale="7", text=desk.BORIS))["code"] == "sale_number_taken"
    reply = pos.tell(Prepare(sale="7"))
    assert (reply["code"], pos.asked) == ("sale_number_taken", [])


def test_what_is_not_done_says_and_asks_the_same_as_a_problem(desk: Desk) -> None:
    desk.basket()
    reply = desk.code(desk.BLANK)
    problem = problem_of(reply, "en")
    assert reply.ask is not None and reply.say
    assert (problem.say, problem.ask, problem.status) == (reply.say, reply.ask, 404)


def test_the_question_about_a_scan_stands_in_what_is_shown(desk: Desk) -> None:
    """The till's own scanner has read the card: the POS looks at the visit."""
    agent = Agent(desk.checkout, load_programme("alenka"), "en", None)
    for command in (SetBasket(lines=(desk.chocolate(3),), sale="7"), Code(text=desk.ANNA, scanner="counter")):
        agent.asked(command)
        agent.step(there(agent.take()), desk.now)
    shown = there(agent.view().reply)
    assert shown.say == ("Card ****0017", "Balance 150 bonuses")
    assert there(shown.ask).text == "Redeem 134 bonuses?"


@pytest.mark.parametrize("code", [f"changed_{cause}" for cause in PARTS["changed_"]])
def test_each_change_is_asked_about(code: str) -> None:
    assert code in questions._BY_CODE


def test_a_choice_is_written_with_its_command_and_no_defaults() -> None:
    choice = Choice(text="Yes", command=IssueCard(card="2600000000116", sale="7"))
    assert msgspec.json.encode(choice) == (
        b'{"text":"Yes","command":{"do":"issue_card","sale":"7","card":"2600000000116"}}'
    )
    assert msgspec.json.encode(Choice(text="No")) == b'{"text":"No"}'
