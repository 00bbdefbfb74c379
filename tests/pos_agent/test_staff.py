"""Who signs in at a till, who may do what there, and who answers for a step besides."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from config.programmes import load_programme
from loyalty.bodies import SaleNumber
from loyalty.staff import ROLES, Right, Role, may
from offline_cache.cache import Cache
from pos_agent import protocol as p
from pos_agent.agent import Agent
from pos_agent.answers import Reply
from pos_agent.checkout import Checkout
from pos_agent.counter import Counter
from pos_agent.protocol_staff import Second, SignIn, SignOut
from pos_agent.refused import Refused
from pos_agent.routes import ROUTES
from pos_agent.staff.caller import AT_THE_TILL, Caller, SignedIn, Step
from pos_agent.staff.needs import NEEDS, needed
from pos_agent.staff.tries import FREE, PAUSES_S
from sync.staff_codes import answer_code
from tests.pos_agent.conftest import ANNA as CARD
from tests.pos_agent.conftest import DAY, NOW, SWEETS, known_members
from tests.staffed import ALL, ANNA, MARK, OFFICE, OLGA, PEPPER, ZOYA, Person, staff_in, told

STEP = Step("refund", 50_000, "1042")


class StaffedTill:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.online = [True]
        self.now = NOW
        self.cache = known_members(folder)
        self.open()

    def open(self) -> None:
        """The same files, as after a restart."""
        self.staff = staff_in(self.folder)
        self.checkout = Checkout(
            self.cache,
            load_programme("alenka"),
            language="en",
            receipt_language="ru",
            is_online=lambda: self.online[0],
            staff=self.staff,
        )

    def do(self, command: Any) -> Reply:
        return self.checkout.handle(command, self.now)

    def sign_in(self, who: Person) -> Reply:
        return self.do(SignIn(person=who.id, pin=who.pin))

    def wrong(self, who: Person) -> Reply:
        return self.do(SignIn(person=who.id, pin="0000"))

    @property
    def name(self) -> str | None:
        person = self.staff.signed_in("", self.now)
        return person.name if person else None

    def later(self, **much: float) -> None:
        self.now += timedelta(**much)

    def second(self, told: Second | None, step: Step = STEP, right: Right = "take_back_without_receipt") -> SignedIn:
        counter = Counter(self.checkout.house, self.now)
        counter.told_second = told
        return counter.second(right, step)

    def refused_second(self, told: Second | None, step: Step = STEP) -> str:
        with pytest.raises(Refused) as refused:
            self.second(told, step)
        return refused.value.code

    def code(self, step: Step = STEP, who: Person = OFFICE) -> str:
        """What is read out for the challenge that stands there, by somebody of the office or another manager."""
        self.refused_second(None, step)
        shown = self.staff.challenges.shown("", self.now)
        assert shown is not None
        return answer_code(PEPPER, shown.spoken, who.id)


@pytest.fixture
def till(tmp_path: Path) -> Iterator[StaffedTill]:
    till = StaffedTill(tmp_path)
    yield till
    till.cache.close()


# who may do what


COMMANDS: dict[str, p.Command] = {
    route.does: p.read_command(msgspec.json.encode(route.example), route.does)
    for route in ROUTES
    if route.takes is not None
}  # each with the example of its call
ASKED = {does: right for does, command in COMMANDS.items() if (right := needed(command)) is not None}
WITHOUT: dict[type[Any], Callable[[], Any]] = {
    p.Pay: lambda: p.Pay(sale="9", day=DAY),
    p.Cancel: p.Cancel,
    p.Code: lambda: p.Code(text=CARD),
}


def test_every_command_says_which_right_it_needs() -> None:
    assert set(NEEDS) == set(p.COMMANDS.values())


@pytest.mark.parametrize("does", ASKED)
@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_what_its_rights_say_and_nothing_else(till: StaffedTill, role: Role, does: str) -> None:
    assert till.do(COMMANDS[does]).code == "sign_in_needed"
    assert till.sign_in(next(one for one in ALL if one.role == role)).code == "signed_in"
    code = till.do(COMMANDS[does]).code
    assert (code == "not_allowed") == (not may(role, ASKED[does])), code


@pytest.mark.parametrize("kind", WITHOUT, ids=lambda kind: kind.__name__)
def test_what_has_happened_is_recorded_whoever_is_there(till: StaffedTill, kind: type[Any]) -> None:
    assert till.do(WITHOUT[kind]()).code not in ("sign_in_needed", "not_allowed")


def test_without_a_list_nobody_signs_in_and_the_till_does_what_it_did(tmp_path: Path) -> None:
    cache = known_members(tmp_path)
    checkout = Checkout(cache, load_programme("alenka"), language="en", receipt_language="ru", is_online=lambda: True)
    assert checkout.handle(SignIn(person="anna", pin="1111"), NOW).code == "no_staff"
    assert checkout.handle(p.SetBasket(lines=(SWEETS,)), NOW).ok
    counter = Counter(checkout.house, NOW)
    assert counter.need("give_cards") is None
    for right in ("find_members", "register_members"):
        with pytest.raises(Refused, match="no_staff"):
            counter.need(right)
    cache.close()


def test_a_manager_s_word_needs_a_manager_once_there_is_a_list(till: StaffedTill) -> None:
    till.sign_in(ANNA)
    till.do(p.SetBasket(lines=(SWEETS,)))
    till.do(p.Phone(number="+79161234567"))
    assert till.do(p.Redeem(points=10, manager=True, by="nobody")).code == "second_needed"
    till.sign_in(OLGA)
    assert till.do(p.Redeem(points=10, manager=True, by="nobody")).code == "redeem_set"
    assert till.checkout.visit.who is not None and till.checkout.visit.who.vouched_by == OLGA.name


def test_an_operation_names_who_has_signed_in(till: StaffedTill) -> None:
    till.sign_in(ANNA)
    till.do(p.Code(text=CARD))
    till.do(p.SetBasket(lines=(SWEETS,)))
    assert till.do(p.Pay(sale="1", day=DAY)).code == "recorded"
    assert _by(till.cache, "1") == ANNA.name


def _by(cache: Cache, sale: str) -> str | None:
    stored = cache.sale(SaleNumber(day=DAY, number=sale))
    assert stored is not None
    return stored.operations[0].by


# PINs and badges


def test_wrong_pins_make_everybody_wait_who_tries_and_a_restart_does_not_help(till: StaffedTill) -> None:
    for left in range(FREE - 1, 0, -1):
        refused = till.wrong(ANNA)
        assert refused.code == "wrong_pin" and str(left) in refused.text
    assert till.wrong(ANNA).code == "pin_pause"
    till.open()
    assert till.sign_in(ANNA).code == "pin_pause", "the right one too: else the pause would tell"
    till.later(seconds=PAUSES_S[0])
    assert till.wrong(ANNA).code == "pin_pause"
    till.later(seconds=PAUSES_S[0])
    assert till.sign_in(ANNA).code == "pin_pause", "the second pause is longer"
    till.later(seconds=PAUSES_S[1])
    assert till.sign_in(ANNA).code == "signed_in"
    assert till.wrong(ANNA).code == "wrong_pin", "it begins anew"


def test_whoever_tries_one_pin_of_each_waits_too(till: StaffedTill) -> None:
    codes = [till.wrong(one).code for one in (ANNA, ZOYA, OLGA, MARK, ANNA)]
    assert codes == ["wrong_pin"] * 4 + ["pin_pause"]
    assert till.sign_in(ZOYA).code == "pin_pause"


def test_strange_people_and_badges_count_as_tries(till: StaffedTill) -> None:
    codes = [till.do(SignIn(person=f"nobody{n}", pin="1111")).code for n in range(3)]
    codes += [till.do(SignIn(badge=f"ps:{n:026}")).code for n in range(2)]
    assert codes == ["wrong_pin"] * 3 + ["wrong_badge", "pin_pause"]


def test_a_clock_that_was_set_back_makes_no_pause_longer_than_the_longest(till: StaffedTill) -> None:
    for _ in range(FREE):
        till.wrong(ANNA)
    till.later(days=-400)
    assert str(PAUSES_S[-1]) in till.sign_in(ANNA).text


def test_a_badge_signs_in_and_touches_no_receipt(till: StaffedTill) -> None:
    till.sign_in(ANNA)
    till.do(p.Code(text=CARD))
    till.do(p.SetBasket(lines=(SWEETS,)))
    before = till.checkout.receipts
    assert till.do(p.Code(text=OLGA.badge.lower(), scanner="counter")).code == "signed_in"
    assert till.name == OLGA.name
    assert till.checkout.receipts == before


def test_whoever_does_nothing_has_signed_out(till: StaffedTill) -> None:
    till.sign_in(ANNA)
    till.later(minutes=9)
    till.do(p.SetBasket(lines=(SWEETS,)))
    till.later(minutes=9)
    assert till.name == ANNA.name
    till.later(minutes=1)
    assert till.name is None
    till.sign_in(ANNA)
    assert till.do(SignOut()).code == "signed_out"
    assert till.name is None


def test_without_the_hub_people_sign_in_all_the_same(till: StaffedTill) -> None:
    till.online[0] = False
    till.open()
    assert till.sign_in(ANNA).code == "signed_in"


def test_whoever_is_sent_away_is_out_in_the_middle_of_what_he_does(till: StaffedTill) -> None:
    till.sign_in(OLGA)
    till.staff.book.keep(told(ANNA, MARK, edition="e2"))
    assert till.do(p.SetBasket(lines=(SWEETS,))).code == "sign_in_needed"
    assert till.sign_in(OLGA).code == "wrong_pin"


def test_without_the_pepper_the_right_pin_does_not_verify(till: StaffedTill) -> None:
    """Whoever has the till's folder has the hashes, and tries every PIN against them for nothing."""
    till.staff.book.pepper = bytes(32)
    assert till.sign_in(ANNA).code == "wrong_pin"
    file = (till.folder / "staff.json").read_bytes()
    assert PEPPER.hex().encode() not in file and PEPPER not in file and ANNA.pin.encode() not in file.split(b"$")


def test_where_the_pepper_cannot_be_opened_it_is_said_and_all_is_asked_for_anew(till: StaffedTill) -> None:
    till.staff.book.pepper = None
    assert till.sign_in(ANNA).code == "no_pepper"
    assert till.staff.book.edition == ""


# the second person


def test_the_second_person_is_another_and_may_do_it(till: StaffedTill) -> None:
    till.sign_in(OLGA)
    assert till.refused_second(None) == "second_needed"
    assert till.refused_second(Second(person=OLGA.id, pin=OLGA.pin)) == "second_same"
    assert till.refused_second(Second(badge=OLGA.badge)) == "second_same"
    assert till.refused_second(Second(person=ANNA.id, pin=ANNA.pin)) == "second_not_allowed"
    assert till.refused_second(Second(person=MARK.id, pin="0000")) == "wrong_pin"
    assert till.second(Second(person=MARK.id, pin=MARK.pin)).name == MARK.name
    assert till.second(Second(badge=MARK.badge)).id == MARK.id
    assert till.name == OLGA.name, "he has only answered"


def test_a_badge_before_the_scanner_is_for_the_step_that_waits(till: StaffedTill) -> None:
    till.sign_in(OLGA)
    till.refused_second(None)
    assert till.refused_second(Second()) == "second_needed", "nobody has shown one"
    assert till.do(p.Code(text=MARK.badge, scanner="counter")).code == "second_shown"
    assert till.name == OLGA.name
    assert till.second(Second()).name == MARK.name
    assert till.refused_second(Second(), Step("refund", 1, "1043")) == "second_needed", "of another step"
    assert till.do(p.Code(text=OLGA.badge, scanner="counter")).code == "signed_in", "her own is none"


def test_the_office_answers_from_afar_for_one_step_and_no_other(till: StaffedTill) -> None:
    till.online[0] = False
    till.sign_in(OLGA)
    code = till.code()
    assert till.refused_second(Second(code=code), Step("refund", 500_000, "1042")) == "second_code_over"
    code = till.code()
    assert till.second(Second(code=code)).name == OFFICE.name


def test_nobody_answers_from_afar_for_his_own_step(till: StaffedTill) -> None:
    """A manager who may answer for others in the office, and asks at this till."""
    till.online[0] = False
    till.sign_in(OLGA)
    own, of_cashier = till.code(who=OLGA), till.code(who=ANNA)
    assert till.refused_second(Second(code=own)) == "second_wrong_code"
    assert till.refused_second(Second(code=of_cashier)) == "second_wrong_code"
    assert till.second(Second(code=till.code(who=MARK))).name == MARK.name


@pytest.mark.parametrize("minutes", [15, -1])
def test_the_office_s_word_is_good_for_a_quarter_of_an_hour(till: StaffedTill, minutes: int) -> None:
    till.sign_in(OLGA)
    code = till.code()
    till.later(minutes=minutes)
    assert till.refused_second(Second(code=code)) == "second_code_over"


def test_after_three_wrong_codes_the_office_is_asked_anew(till: StaffedTill) -> None:
    till.sign_in(OLGA)
    code = till.code()
    wrong = f"{(int(code) + 1) % 10**6:06}"
    codes = [till.refused_second(Second(code=wrong)) for _ in range(3)]
    assert codes == ["second_wrong_code", "second_wrong_code", "second_code_over"]
    assert till.refused_second(Second(code=code)) == "second_wrong_code", "it was for the challenge of before"


def test_a_second_person_s_word_is_used_up_by_the_step(till: StaffedTill) -> None:
    till.sign_in(ANNA)
    till.do(p.SetBasket(lines=(SWEETS,)))
    till.do(p.Phone(number="+79161234567"))
    till.do(p.Redeem(points=10, manager=True))
    shown = till.staff.challenges.shown("", till.now)
    assert shown is not None
    second = Second(code=answer_code(PEPPER, shown.text, OFFICE.id))
    assert till.do(p.Redeem(points=10, manager=True, second=second)).code == "redeem_set"
    assert till.do(p.Redeem(points=10, manager=True, second=second)).code == "second_code_over"
    till.do(p.Code(text=OLGA.badge, scanner="counter"))
    assert till.do(p.Redeem(points=10, manager=True, second=Second())).code == "redeem_set"
    assert till.do(p.Redeem(points=10, manager=True, second=Second())).code == "second_needed"


# POS


@pytest.mark.parametrize(("role", "code"), [("cashier", "second_needed"), ("manager", "redeem_set")])
def test_a_pos_may_what_its_token_says_and_names_its_cashier(till: StaffedTill, role: Role, code: str) -> None:
    agent = Agent(till.checkout, load_programme("alenka"), "en", None)

    def ask(command: Any) -> Reply:
        reply = agent.asked(command, "pos-2", "shop", role=role, cashier="Сидорова")
        while not reply.done():
            event = agent.take()
            assert event is not None
            agent.step(event, till.now)
        return reply.result()

    ask(p.SetBasket(sale="1", day=DAY, lines=(SWEETS,)))
    ask(p.Phone(sale="1", day=DAY, number="+79161234567"))
    assert ask(p.Redeem(sale="1", day=DAY, points=10, manager=True)).code == code
    assert ask(p.Pay(sale="1", day=DAY)).code == "recorded"
    stored = till.cache.sale(SaleNumber(day=DAY, number="1", pos="pos-2"))
    assert stored is not None
    assert stored.operations[0].by == "Сидорова"


def test_nobody_s_sale_waits_for_a_pin(till: StaffedTill) -> None:
    agent = Agent(till.checkout, load_programme("alenka"), "en", None)
    signs_in = agent.asked(SignIn(person=ANNA.id, pin=ANNA.pin))
    sells = agent.asked(p.SetBasket(lines=(SWEETS,)), "", None, role="cashier")
    first, second = agent.take(), agent.take()
    assert first is not None and second is not None
    assert agent.step(first, till.now) is None, "it is checked beside the loop"
    assert agent.step(second, till.now) is not None and sells.done()
    while not signs_in.done():
        event = agent.take()
        if event is not None:
            agent.step(event, till.now)
    assert signs_in.result().code == "signed_in"


def test_many_tries_at_once_are_no_more_than_many_in_a_row(till: StaffedTill) -> None:
    agent = Agent(till.checkout, load_programme("alenka"), "en", None)
    tried = [agent.asked(SignIn(person=ANNA.id, pin=f"{n:04}")) for n in range(20)]
    while not all(one.done() for one in tried):
        event = agent.take()
        if event is not None:
            agent.step(event, till.now)
    assert {one.result().code for one in tried} <= {"wrong_pin", "pin_pause"}
    assert till.staff.tries[ANNA.id].count == FREE


def test_a_guest_signs_nobody_in(till: StaffedTill) -> None:
    guest = Caller(guest=True)
    till.sign_in(OLGA)
    assert till.staff.asking(guest, till.now) is None
    assert till.staff.asking(AT_THE_TILL, till.now) is not None
