"""Where somebody is signed in: seen, ended; and over when his phone is another or he is erased."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from account.pages.devices import device_name
from hub.people.orders import Order
from hub.people.profile import change_phone, erase
from tests.account.conftest import Account, Client
from tests.account.sms import Sms
from tests.browser import needs_browser

if TYPE_CHECKING:
    from playwright.sync_api import Page

PHONE, NEW = "+79161234567", "+79165556677"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 Version/17.0 Mobile/15E148 Safari/604.1"
)


@pytest.fixture
def sms(account: Account, tmp_path: Path) -> Sms:
    account.office.join("anna", phone=PHONE)
    return Sms(account.office, tmp_path)


def entered(account: Account, sms: Sms) -> Client:
    """By a code that came to his phone."""
    client = account.client()
    client.post("/sign-in", {"phone": PHONE})
    client.post("/sign-in/code", {"code": sms.code()})
    assert is_in(client)
    return client


def is_in(client: Client) -> bool:
    return client.get("/", allow_redirects=False).status_code == 200


@needs_browser
def test_a_session_is_seen_and_ended_and_all_others_are(account: Account, phone: Callable[..., Page], sms: Sms) -> None:
    page = phone("anna")
    one, two = account.client("anna"), account.client("anna")
    account.office.join("boris")
    other = account.client("boris")
    page.goto(f"{account.url}/profile/devices")
    rows = page.locator("main ul.rows > li")
    assert rows.count() == 3 and "Это устройство" in rows.first.inner_text()
    assert ["Последний раз: сейчас" in row.inner_text() for row in rows.all()] == [True, False, False]
    rows.nth(1).get_by_role("button").click()
    page.get_by_text("Вход завершён.").wait_for()
    assert [is_in(one), is_in(two)].count(True) == 1 and is_in(other)
    page.get_by_role("button", name="Завершить все, кроме этого").click()
    page.get_by_text("Завершено входов: 1.").wait_for()
    assert not is_in(one) and not is_in(two) and is_in(other)
    assert page.get_by_text("Больше нигде вход не выполнен.").count() == 1


def test_anothers_session_is_ended_by_nobody_else(account: Account, sms: Sms) -> None:
    account.office.join("boris")
    thief, anna = account.client("boris"), account.client("anna")
    (session,) = account.sessions.of_member("anna")
    told = thief.post("/profile/devices/end", {"session": session.id})
    unknown = thief.post("/profile/devices/end", {"session": "none"})
    assert is_in(anna) and told.status_code == unknown.status_code


def test_a_phone_that_the_office_changes_ends_what_was_begun_with_the_old_one(account: Account, sms: Sms) -> None:
    client = entered(account, sms)
    change_phone(account.hub, "anna", NEW, Order(by="Office"))
    assert not is_in(client)
    assert client.get("/sign-in", allow_redirects=False).status_code == 200, "and nobody is led in a circle"


def test_who_is_erased_is_out_at_once(account: Account, sms: Sms) -> None:
    client = entered(account, sms)
    erase(account.hub, "anna", Order(by="Office"), "he asks for it")
    assert not is_in(client)


def test_a_device_is_called_as_people_call_it() -> None:
    assert device_name(IPHONE) == "Safari, iPhone"
    assert device_name("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0") == "Firefox, Linux"
    assert device_name("curl/8.0") == ""
