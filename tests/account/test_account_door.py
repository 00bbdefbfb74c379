"""In by a phone, a card and a code (P21, P30), out, and what nobody learns at the door."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from account.entering import FIRST
from loyalty.card_numbers import make_number
from tests.account.conftest import Account
from tests.account.sms import Sms
from tests.account.test_account_axe import AXE, RULES
from tests.browser import needs_browser
from tests.hub.conftest import PROGRAMMES

if TYPE_CHECKING:
    from playwright.sync_api import Page

PHONE, NEW = "+79161234567", "+79165556677"
CARD, UNKNOWN = (make_number(PROGRAMMES["alenka"].cards.schemes[0], serial) for serial in (31, 32))


@pytest.fixture
def sms(account: Account, tmp_path: Path) -> Sms:
    account.office.join("anna", phone=PHONE, card=CARD, points=1_250, name="Анна Сергеевна Петрова")
    return Sms(account.office, tmp_path)


def wrong(code: str) -> str:
    return "0000" if code != "0000" else "1111"


@needs_browser
def test_p21_p30_by_phone_and_a_code_of_4_figures_and_out_again(
    account: Account, phone: Callable[..., Page], sms: Sms
) -> None:
    page = phone()
    page.wait_for_url("**/sign-in")
    page.get_by_label("Номер телефона").fill("8 (916) 123-45-67")
    page.get_by_role("button", name="Далее").click()
    page.get_by_text("Код отправлен на +7 ··· ··-67").wait_for()
    code = page.get_by_label("Код, 4 цифры")
    assert code.get_attribute("autocomplete") == "one-time-code"
    assert "через 60 с" in page.inner_text("main")
    page.evaluate(AXE)
    assert page.evaluate("rules => axe.run(document, rules)", RULES)["violations"] == []
    before = page.context.cookies()
    code.fill(wrong(sms.code()))
    page.get_by_role("button", name="Войти").click()
    page.get_by_text("Код не подошёл. Осталось попыток: 4").wait_for()
    page.get_by_label("Код, 4 цифры").fill(sms.code())
    page.get_by_role("button", name="Войти").click()
    page.wait_for_url(re.compile(r"/profile.first=1$"))
    assert page.get_by_role("link", name="Подтвердить телефон").count() == 0, "the code has just done so"
    page.goto(account.url)
    assert "1 250" in page.inner_text("main").replace("\u202f", " ").replace("\xa0", " ")
    after = {one["name"]: one for one in page.context.cookies()}
    assert after["account"]["value"] != next(one["value"] for one in before if one["name"] == "account")
    assert after["account"]["httpOnly"] and after["account"]["sameSite"] == "Lax"
    page.get_by_role("button", name="Выйти").click()
    page.wait_for_url("**/sign-in*")
    assert page.inner_text("#told") == "Вы вышли."
    page.go_back()
    page.wait_for_url("**/sign-in*")
    assert "1 250" not in page.content().replace("\u202f", " ").replace("\xa0", " ")


@needs_browser
def test_p21_by_card_number_and_a_message_that_does_not_come(
    account: Account, phone: Callable[..., Page], sms: Sms
) -> None:
    page = phone(language="en")
    page.get_by_role("link", name="Sign in by card number").click()
    page.get_by_label("Card number").fill(f"{CARD[:4]} {CARD[4:]}")
    page.get_by_role("button", name="Next").click()
    page.get_by_text("If the card has a phone").wait_for()
    assert "written down for the card, and to no other" in page.inner_text("main")
    assert page.get_by_role("link", name="Sign in by").all_inner_texts() == ["Sign in by password"]
    assert "67" not in page.inner_text("main form"), "its phone is not shown, not even masked"
    page.get_by_role("button", name="Send another code").click()
    page.get_by_text("Another may be asked for in 60 s.").first.wait_for()
    first = sms.code()
    account.office.now += timedelta(seconds=60)
    page.get_by_role("button", name="Send another code").click()
    page.get_by_text("Another code was sent.").wait_for()
    assert len(sms.lines()) == 2 and [line.to for line in sms.lines()] == [PHONE, PHONE]
    page.get_by_label("Code, 4 figures").fill(next(line.code for line in sms.lines() if line.code != first))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile(r"/profile.first=1$"))


def test_p21_the_door_says_the_same_of_a_number_that_is_nobodys(account: Account, sms: Sms) -> None:
    def said(path: str, **typed: str) -> tuple[int, str]:
        client = account.client()
        answer = client.post(path, typed)
        page = re.sub(r'name="key" value="\w+"', "", answer.text)
        return answer.status_code, re.sub(r"··-\d\d", "", page)

    assert said("/sign-in", phone=PHONE) == said("/sign-in", phone=NEW)
    assert said("/sign-in/card", card=CARD) == said("/sign-in/card", card=UNKNOWN)
    assert sorted(line.to for line in sms.lines()) == sorted([PHONE, PHONE, NEW])


def test_p30_guesses_from_one_browser_and_one_address_wait_longer_and_longer(account: Account, sms: Sms) -> None:
    """Also after a start of the account: it is in its database."""
    client = account.client()
    for _ in range(3):
        account.office.now += timedelta(minutes=1)
        client.post("/sign-in", {"phone": PHONE})
        right = sms.code()
        for _ in range(5):
            client.post("/sign-in/code", {"code": wrong(right)})
    answer = client.post("/sign-in/code", {"code": sms.code()})
    assert answer.status_code == 429 and "Следующая — через 30 с" in answer.text
    assert account.client().get("/", allow_redirects=False).status_code == 303


def test_a_door_leads_back_to_a_page_of_ours_and_to_no_other(account: Account, sms: Sms) -> None:
    for wanted, led in (("/?lang=en", "/?lang=en"), ("//evil.example/", None), ("https://evil.example", None)):
        client = account.client()
        page = client.get("/sign-in", params={"next": wanted}).text
        assert not re.search(r'(href|value)="(https?:)?//evil', page)
        client.post("/sign-in", {"phone": PHONE, "next": wanted})
        told = client.post("/sign-in/code", {"code": sms.code()}, allow_redirects=False)
        assert told.status_code == 303 and told.headers["location"] == (led or told.headers["location"])
        assert "evil" not in told.headers["location"]
        account.office.now += timedelta(minutes=1)


def test_p22_the_first_time_leads_to_the_settings_and_never_again(account: Account, sms: Sms) -> None:
    said = []
    for _ in range(2):
        client = account.client()
        client.post("/sign-in", {"phone": PHONE})
        answer = client.post("/sign-in/code", {"code": sms.code()}, allow_redirects=False)
        said.append(answer.headers["location"])
        account.office.now += timedelta(minutes=1)
    assert said == [FIRST, "/"]


def test_a_cookie_that_was_set_for_somebody_is_nobodys_when_he_is_in(account: Account, sms: Sms) -> None:
    """Session fixation: whoever has planted the cookie of a visitor knows nothing after that."""
    victim, thief = account.client(), account.client()
    victim.post("/sign-in", {"phone": PHONE})
    thief.browser.cookies.set("account", victim.browser.cookies["account"])
    victim.post("/sign-in/code", {"code": sms.code()})
    assert victim.get("/", allow_redirects=False).status_code == 200
    assert thief.get("/", allow_redirects=False).status_code == 303


def test_the_same_form_twice_and_a_page_that_is_long_forgotten(account: Account, sms: Sms) -> None:
    client = account.client()
    typed = {"phone": PHONE, "key": "form"}
    client.post("/sign-in", typed)
    client.post("/sign-in", typed)
    assert len(sms.lines()) == 1
    account.office.now += timedelta(hours=2)
    told = client.post("/sign-in/code", {"code": "1234"}, allow_redirects=False)
    assert told.headers["location"] == "/sign-in"
