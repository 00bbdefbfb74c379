"""Registration (A1, A5, A8, P1, P17, P29): by the form, with a card in the hand, by a phone that is known."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hub.account.programme_acts import NEEDED_HERE
from loyalty.card_numbers import make_number
from tests.account.conftest import Account
from tests.account.sms import Sms
from tests.browser import needs_browser
from tests.hub.conftest import PROGRAMMES

if TYPE_CHECKING:
    from playwright.sync_api import Page

PHONE, NEW = "+79161234567", "+79165556677"
CARD, HELD, BLANK = (make_number(PROGRAMMES["alenka"].cards.schemes[0], serial) for serial in (41, 42, 43))
NEEDED = [one.what for one in PROGRAMMES["alenka"].consents if one.needed or one.what in NEEDED_HERE]
FORM = {"name": "Вера Котова", "phone": NEW, "birthday": "17.05.1990", "agree": NEEDED}


@pytest.fixture
def sms(account: Account, tmp_path: Path) -> Sms:
    account.office.join("anna", phone=PHONE, card=CARD, points=10)
    return Sms(account.office, tmp_path)


def members(account: Account) -> int:
    return int(account.office.rows("SELECT count(*) FROM members")[0][0])


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\xa0", " ")


@needs_browser
def test_a1_a8_p1_p17_who_is_new_fills_the_form_in_and_is_a_member(
    account: Account, phone: Callable[..., Page], sms: Sms
) -> None:
    page = phone()
    page.get_by_role("link", name="Регистрация").click()
    assert page.locator("input[type=checkbox]:checked").count() == 0, "nothing is ticked beforehand"
    page.get_by_label("Имя и фамилия").fill("Вера Котова")
    page.get_by_label("Номер телефона").fill("8 916 555-66-77")
    page.get_by_label("Дата рождения").fill("17.05.2015")
    for what in NEEDED:
        page.locator(f"input[value={what}]").check()
    page.get_by_role("button", name="Далее").click()
    page.get_by_text("Личный кабинет — с 14 лет.").wait_for()
    assert sms.lines() == [], "nobody is written to for a form that is not right"
    assert page.get_by_label("Имя и фамилия").input_value() == "Вера Котова", "nothing is typed twice"
    page.get_by_label("Дата рождения").fill("17.05.1990")
    page.get_by_role("button", name="Далее").click()
    page.wait_for_url("**/sign-in/code")
    assert "код для регистрации" in sms.lines()[-1].text
    page.get_by_label("Код, 4 цифры").fill(sms.code())
    page.get_by_role("button", name="Далее").click()
    page.get_by_text("Добро пожаловать! Начислено: 150").wait_for()
    page.goto(account.url)
    assert "150" in page.inner_text("main")
    ((member,),) = account.office.rows("SELECT member FROM members WHERE member <> 'anna'")
    assert list(account.office.cards(member).values()) == ["active"]
    with account.hub.store.reading() as reader:
        given = {(one.what, one.source) for one in reader.consents_of([member])}
    assert given == {(what, "site") for what in NEEDED}, "and to no advertising"


@needs_browser
def test_a5_p29_a_card_in_the_hand_is_typed_first_and_keeps_what_it_has(
    account: Account, phone: Callable[..., Page], sms: Sms
) -> None:
    office = account.office
    office.take(office.issued(HELD, "fresh"), office.sale("fresh", earned=40))
    page = phone(language="en")
    page.get_by_role("link", name="Register").click()
    page.get_by_role("link", name="I have a card").click()
    page.get_by_label("Card number").fill(CARD[:-1] + str((int(CARD[-1]) + 1) % 10))
    page.get_by_role("button", name="Next").click()
    page.get_by_text("No card of ours has such a number.").wait_for()
    page.get_by_label("Card number").fill(CARD)
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Name and surname").fill("Vera")
    page.get_by_label("Phone number").fill(NEW)
    page.get_by_label("Date of birth").fill("1990-05-17")
    for what in NEEDED:
        page.locator(f"input[value={what}]").check()
    page.get_by_role("button", name="Next").click()
    page.wait_for_url("**/sign-in/code")
    assert "by password" not in page.inner_text("main"), "who registers has none"
    assert "code for registration" in sms.lines()[-1].text
    page.get_by_label("Code, 4 figures").fill(sms.code())
    page.get_by_role("button", name="Next").click()
    page.get_by_text("No card can be linked by this number.").wait_for()
    assert "Tries left today: 4." in page.inner_text(".refused")
    assert "anna" not in page.content().casefold() and "67" not in page.inner_text(".refused"), "not whose it is"
    page.get_by_role("link", name="Another number").click()
    page.get_by_label("Card number").fill(HELD)
    page.get_by_role("button", name="Next").click()
    page.get_by_text(f"Your phone is confirmed: {NEW}").wait_for()
    page.get_by_role("button", name="Next").click()
    page.get_by_text("Welcome! You got 150").wait_for()
    assert office.balance("fresh") == 190 and office.cards("fresh") == {HELD: "active"}


def test_p17_who_is_here_already_is_welcomed_and_not_doubled(account: Account, sms: Sms) -> None:
    client, before = account.client(), members(account)
    client.post("/register", FORM | {"phone": PHONE})
    page = client.post("/sign-in/code", {"code": sms.code()}).text
    assert "Вы уже участник" in page and members(account) == before
    assert account.office.balance("anna") == 10, "a21: no second welcome"
    assert [one.member for one in account.sessions.of_member("anna")] == ["anna"]


def test_p21_who_signs_in_with_an_unknown_phone_fills_the_form_in_and_no_second_code(
    account: Account, sms: Sms
) -> None:
    client = account.client()
    client.post("/sign-in", {"phone": NEW})
    page = client.post("/sign-in/code", {"code": sms.code()}).text
    assert "Осталась короткая анкета" in page and f"Телефон подтверждён: {NEW}" in page
    page = client.post("/register", FORM | {"phone": "+79160000000"}).text
    assert "Добро пожаловать!" in page and len(sms.lines()) == 1
    with account.hub.store.reading() as reader:
        assert len(reader.with_phone("alenka", NEW)) == 1, "the phone that was proven, not another that was typed"


def test_a8_every_consent_is_as_it_was_ticked(account: Account, sms: Sms) -> None:
    every = [one.what for one in PROGRAMMES["alenka"].consents]
    client = account.client()
    client.post("/register", FORM | {"agree": every})
    client.post("/sign-in/code", {"code": sms.code()})
    with account.hub.store.reading() as reader:
        (member,) = reader.with_phone("alenka", NEW)
        given = {one.what: one.document for one in reader.consents_of([member])}
    assert given == {one.what: one.version for one in PROGRAMMES["alenka"].consents}
    other = account.client()
    assert "нужно для участия" in other.post("/register", FORM | {"agree": [], "phone": "+79160000001"}).text


def test_a_proof_that_is_too_old_asks_for_another_code(account: Account, sms: Sms) -> None:
    client = account.client()
    client.post("/sign-in", {"phone": NEW})
    client.post("/sign-in/code", {"code": sms.code()})
    account.office.now += timedelta(minutes=31)
    assert "Подтверждение устарело" in client.post("/register", FORM).text
    client.post("/register", FORM)
    assert len(sms.lines()) == 2
    assert "Добро пожаловать!" in client.post("/sign-in/code", {"code": sms.code()}).text


def test_the_form_sent_twice_is_one_member(account: Account, sms: Sms) -> None:
    client, again = account.client(), account.client()
    client.post("/register", FORM)
    again.browser.cookies.update(client.browser.cookies)
    typed = {"code": sms.code(), "key": "form"}
    client.post("/sign-in/code", typed)
    again.post("/sign-in/code", typed)
    assert members(account) == 2
    assert re.search(r"\b1\b", str(len(account.sessions.of_member(_newest(account)))))


def _newest(account: Account) -> str:
    with account.hub.store.reading() as reader:
        (member,) = reader.with_phone("alenka", NEW)
    return member
