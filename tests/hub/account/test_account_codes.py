"""P21, P30: codes of the account: who gets one, what the answer says of whom, and how many there are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hub.codes import limits
from hub.codes.checking import Told, check, use
from hub.codes.in_account import FOR, text_of
from hub.codes.sending import Wanted, send
from hub.desk.act import ActRefused
from hub.sender.file_sender import lines_in
from tests.hub.account.conftest import CARD, NEW, OTHER, PHONE, SILENT, UNKNOWN, Door
from tests.hub.conftest import PROGRAMMES, Office


def test_p30_a_code_comes_to_the_phone_and_is_one_proof(door: Door) -> None:
    sent = door.act("send_code", purpose="enter", phone="8 916 123-45-67")
    assert (sent["to"], sent["again_s"], sent["expires_s"], sent["digits"]) == ("+7 ··· ··-67", 60, 300, 4)
    told = door.act("check_code", id=sent["id"], digits=door.code(), key="same")
    assert door.act("check_code", id=sent["id"], digits=door.code(), key="same") == told, "sent twice by one form"
    assert door.act("check_code", id=sent["id"], digits=door.code())["code"] == "code_used"
    hub = door.office.hub
    hub.within(lambda writer: use(hub, writer, told["proof"], "enter", PHONE, "anna"))
    with pytest.raises(ActRefused):
        hub.within(lambda writer: use(hub, writer, told["proof"], "enter", PHONE, "anna"))


def test_p21_the_answer_is_the_same_for_what_is_somebodys_and_what_is_nobodys(door: Door) -> None:
    def shape(**body: str) -> dict[str, Any]:
        told = door.act("send_code", purpose="enter", **body)
        return told | {"id": len(told["id"])}

    assert shape(phone=PHONE) | {"to": ""} == shape(phone=NEW) | {"to": ""}
    of_card = shape(card=CARD)
    assert of_card == shape(card=UNKNOWN) == shape(card=SILENT)
    assert "to" not in of_card, "a card's phone is not shown, not even masked"
    assert door.sent() == sorted([PHONE, NEW, PHONE]), "by a card only to its own phone"


def test_a_refusal_does_not_tell_whose_phone_a_cards_code_went_to(door: Door) -> None:
    assert door.act("send_code", purpose="enter", card=CARD)["id"]
    assert door.act("send_code", purpose="enter", phone=PHONE)["id"], "another was not asked for by its number"
    again = door.act("send_code", purpose="enter", card=UNKNOWN)
    assert again["id"] and door.act("send_code", purpose="enter", card=UNKNOWN)["why"] == "code_too_early"
    assert door.act("send_code", purpose="enter", card=CARD)["why"] == "code_too_early"


def test_p30_another_comes_in_a_minute_and_so_many_in_an_hour_and_a_day(door: Door) -> None:
    def asked() -> dict[str, Any]:
        return door.act("send_code", purpose="enter", phone=NEW)

    asked()
    door.later(20)
    assert asked() == {"again_s": 40, "why": "code_too_early"}
    for _ in range(limits.OF_TYPED_MAX - 1):
        door.later(60)
        assert asked()["id"]
    door.later(60)
    assert asked()["why"] == "code_limit"
    door.later(asked()["again_s"])
    assert asked()["id"]
    for _ in range(limits.OF_TYPED_DAY_MAX - limits.OF_TYPED_MAX - 1):
        door.later(3_600)
        assert asked()["id"]
    door.later(3_600)
    assert asked()["why"] == "code_limit"
    assert door.act("send_code", purpose="enter", phone=OTHER)["id"], "it is that number's alone"


def test_p30_a_chain_of_guesses_ends_with_the_tries(door: Door) -> None:
    sent = door.act("send_code", purpose="enter", phone=PHONE)
    code = door.code()
    wrong = "0000" if code != "0000" else "1111"
    said = [door.act("check_code", id=sent["id"], digits=wrong) for _ in range(5)]
    assert [one["tries_left"] for one in said] == [4, 3, 2, 1, 0] and said[-1]["code"] == "code_no_tries"
    assert door.act("check_code", id=sent["id"], digits=code)["code"] == "code_no_tries"
    door.later(60)
    sent = door.act("send_code", purpose="enter", phone=PHONE)
    door.later(300)
    assert door.act("check_code", id=sent["id"], digits=door.code())["code"] == "code_over"


def test_in_all_so_many_whoever_is_asked_for() -> None:
    now = Office.NOW

    def wait(count: int, age: timedelta) -> limits.Wait | None:
        asked = [limits.Typed(f"t{n}", "", now - age) for n in range(count)]
        return limits.wait_in_account(asked, "mine", now)

    minute, hours = timedelta(minutes=2), timedelta(hours=2)
    assert wait(limits.ACCOUNT_HOUR_MAX - 1, minute) is None and wait(limits.ACCOUNT_DAY_MAX - 1, hours) is None
    assert wait(limits.ACCOUNT_HOUR_MAX, minute) == limits.Wait("code_limit", timedelta(minutes=58))
    assert wait(limits.ACCOUNT_DAY_MAX, hours) == limits.Wait("code_limit", timedelta(hours=22))


def test_one_phone_is_woken_so_often_a_day_by_whatever_number(door: Door) -> None:
    """Of one person a stranger may know the phone and all cards."""
    for _ in range(limits.OF_TYPED_DAY_MAX):
        door.act("send_code", purpose="enter", phone=PHONE)
        door.act("send_code", purpose="enter", card=CARD)
        door.sent()
        door.later(3_600)
    assert len(door.sent()) <= limits.OF_ONE_PHONE_DAY_MAX
    assert len(door.sent()) > limits.OF_TYPED_DAY_MAX


def test_what_is_asked_for_in_the_account_stops_no_till(door: Door) -> None:
    door.act("send_code", purpose="enter", phone=PHONE)
    send(door.office.hub, Wanted("redeem", "alenka", "till's", member="anna", till="t1"))
    assert door.sent() == [PHONE, PHONE]


def test_a_code_of_the_account_is_told_nowhere_else(door: Door) -> None:
    sent = door.act("send_code", purpose="enter", phone=PHONE)
    with pytest.raises(ActRefused) as refused:
        check(door.office.hub, Told(door.code(), "alenka", "k", id=sent["id"], till="t1"))
    assert refused.value.code == "code_unknown"


def test_a_form_sent_twice_is_one_code_and_with_another_number_another(door: Door) -> None:
    one = door.act("send_code", purpose="enter", phone=NEW, key="form")
    assert door.act("send_code", purpose="enter", phone=NEW, key="form")["id"] == one["id"]
    assert door.act("send_code", purpose="enter", phone=OTHER, key="form")["id"] != one["id"]
    assert door.sent() == sorted([NEW, OTHER])


def test_who_is_signed_in_confirms_with_his_own_phone_or_another_that_is_to_be_his(door: Door) -> None:
    assert door.act("send_code", "anna", purpose="confirm")["to"] == "+7 ··· ··-67"
    assert door.act("send_code", "anna", purpose="contact", phone=NEW)["id"]
    assert door.sent() == [PHONE, NEW]
    assert door.act("send_code", "boris", purpose="confirm")["code"] == "code_no_phone"
    assert door.act("send_code", purpose="contact", phone=NEW)["code"] == "not_signed_in"
    assert door.act("send_code", "anna", purpose="confirm", phone=NEW)["code"] == "bad_request"


def test_p30_a_message_says_what_its_code_is_for_in_his_language_and_is_one_part(door: Door) -> None:
    door.act("send_code", purpose="enter", phone=NEW, doing="register")
    door.act("send_code", purpose="enter", phone=PHONE, language="en")
    door.sent()
    said = {line.to: line.text[4:] for line in lines_in(door.outbox)}
    assert said[NEW] == " — код для регистрации, Алёнка. Никому не говорите."
    assert said[PHONE] == " is the code for signing in, Alenka. Tell nobody."
    for rules in PROGRAMMES.values():
        for what in FOR:
            assert len(text_of(what, "4821", rules, "ru")) <= 70, "UCS-2"
            assert len(text_of(what, "4821", rules, "en")) <= 160, "GSM-7"


def test_what_is_no_number_is_said_to_be_none(door: Door) -> None:
    mistyped = UNKNOWN[:-1] + str((int(UNKNOWN[-1]) + 1) % 10)
    assert door.act("send_code", purpose="enter", phone="12")["code"] == "bad_phone_told"
    assert door.act("send_code", purpose="enter", card=mistyped)["code"] == "bad_card_told"
    assert door.act("send_code", purpose="enter")["code"] == "bad_request"
