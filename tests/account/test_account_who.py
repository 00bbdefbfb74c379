"""A phone is not yet a person, in the browser: two on one phone, a number that changed hands, a form on paper (P19),
and what whoever is blocked, erased or too young sees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hub.build import build_hub
from hub.people.cards import block, merge
from hub.people.orders import Order
from hub.people.profile import erase
from hub.store.office_records import ConfirmedRow
from hub.store.rows import Rows
from tests.account.conftest import Account, Client
from tests.account.sms import Sms
from tests.browser import needs_browser
from tests.hub.account.test_account_narrowing import ASKS, paper
from tests.hub.conftest import PROGRAMMES, Office
from tests.hub.desk.conftest import P3

if TYPE_CHECKING:
    from playwright.sync_api import Page

PHONE = "+79161234567"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Its programme asks for a phone again after 12 months, and lets a form on paper wait for 20 days."""
    office = Office(tmp_path / "hub.db")
    office.hub.close()
    office.hub = build_hub(office.path, {**PROGRAMMES, "alenka": ASKS}, serving=False, now=lambda: office.now)
    yield office
    office.hub.close()


@pytest.fixture
def sms(account: Account, tmp_path: Path) -> Sms:
    return Sms(account.office, tmp_path)


def by_phone(page: Page, sms: Sms, phone: str = PHONE) -> None:
    page.goto(page.url.split("/sign-in")[0] + "/sign-in")
    page.get_by_label("Номер телефона").fill(phone)
    page.get_by_role("button", name="Далее").click()
    page.wait_for_url("**/sign-in/code")
    page.get_by_label("Код, 4 цифры").fill(sms.code())
    page.get_by_role("button", name="Войти").click()


def told_back(client: Client, sms: Sms, phone: str = PHONE) -> str:
    client.post("/sign-in", {"phone": phone})
    return client.post("/sign-in/code", {"code": sms.code()}).text


@needs_browser
def test_a_number_that_changed_hands_and_its_new_owner_registers(
    account: Account, sms: Sms, phone: Callable[..., Page]
) -> None:
    office = account.office
    office.join("anna", phone=PHONE, points=500, name="Анна Петрова", birthday="1990-05-17")
    row = ConfirmedRow("anna", office.hub.codes.phone(PHONE), office.now - timedelta(days=400))
    office.hub.within(lambda writer: writer.write(Rows(phones_confirmed=[row])))
    page = phone()
    by_phone(page, sms)
    page.wait_for_url("**/sign-in/who")
    assert "давно не подтверждали" in page.inner_text("main") and "Анна" not in page.content()
    page.get_by_label("Номер карты или день рождения").fill("01.01.2000")
    page.get_by_role("button", name="Войти").click()
    page.wait_for_selector(".refused")
    assert "Такой карты или дня рождения здесь нет" in page.inner_text("main")
    page.get_by_role("button", name="Это не я, номер теперь мой").click()
    page.wait_for_url("**/register")
    assert "Номер свободен" in page.inner_text("main")
    assert office.rows("SELECT phone FROM members WHERE member = 'anna'") == [(None,)]
    assert office.balance() == 500, "what she has stays hers"


@needs_browser
def test_p19_who_signs_in_by_the_phone_of_his_form_on_paper_waits_no_more(
    account: Account, sms: Sms, phone: Callable[..., Page]
) -> None:
    paper(account.office)
    inside = account.client("zoya").get("/profile/confirm").text
    assert "Пришлём код" in inside
    page = phone()
    by_phone(page, sms, P3)
    page.wait_for_selector(".done")
    assert "анкета больше не ждёт" in page.inner_text("main")
    assert account.office.cards("zoya") == {"white": "active"}


def test_p19_who_comes_in_by_a_password_is_told_until_when_it_waits(account: Account, sms: Sms) -> None:
    from account.passwords import Passwords

    paper(account.office)
    Passwords(account.store, lambda: account.office.now).keep("zoya", "синий трамвай у булочной")
    client = account.client()
    page = client.post("/sign-in/password", {"login": "white", "password": "синий трамвай у булочной"})
    assert page.url.endswith("/profile/confirm") and "до 22.03.2026" in page.text


def test_two_on_one_phone_say_by_a_card_who_is_signing_in(account: Account, sms: Sms) -> None:
    account.office.join("anna", phone=PHONE, name="Анна Петрова")
    account.office.join("boris", phone=None, name="Борис Котов")
    account.office.tamper(f"UPDATE members SET phone = '{PHONE}' WHERE member = 'boris'")
    client = account.client()
    page = told_back(client, sms)
    assert "несколько участников" in page and not {"Анна", "Борис", "Это не я"} & set(page.split())
    assert client.post("/sign-in/not-me").status_code == 409, "nobody of several is put out"
    assert client.post("/sign-in/who", {"known_by": "cardvera"}).status_code == 409
    assert client.post("/sign-in/who", {"known_by": "cardboris"}).status_code == 200
    (session,) = account.sessions.of_member("boris")
    assert session.member == "boris"


def test_who_is_blocked_too_young_erased_or_gone_into_another(account: Account, sms: Sms) -> None:
    office = account.office
    office.join("anna", phone=PHONE, points=100)
    block(office.hub, "cardanna", Order(by="o"), "lost")
    assert "Все ваши карты заблокированы" in told_back(account.client(), sms)
    office.join("kolya", phone=P3, birthday="2013-01-01")
    assert "с 14 лет" in told_back(account.client(), sms, P3)
    anna = account.client("anna")
    office.join("vera", points=7)
    merge(office.hub, "anna", "vera", Order(by="o"))
    assert "107" in anna.get("/").text, "she is who she has gone into"
    erase(office.hub, "vera", Order(by="o"), "asked")
    assert anna.get("/").url.endswith("/sign-in"), "nobody is in who is no member"
