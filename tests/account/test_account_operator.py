"""P18: the office's operator registers somebody on the telephone, who comes in by the code that was read out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hub.office.app import office_app
from hub.people.orders import Order
from hub.people.profile import erase
from hub.sender.file_sender import FileSender, lines_in
from hub.sender.posting import Posting
from hub.store.rows import Rows
from tests.account.conftest import Account
from tests.browser import needs_browser
from tests.hub.desk.conftest import FORMS
from tests.hub.office.desk import OLEG, VERA, Desk, KnownDoor
from tests.one_port import Server

if TYPE_CHECKING:
    from playwright.sync_api import Page

PHONE = "8 916 555-66-77"
AGREED = f"personal_data/{FORMS['personal_data']}"


@pytest.fixture(scope="session")
def office_server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def oleg(account: Account, office_server: Server) -> Desk:
    """The operator, who has signed in at the office's desk."""
    office_server.app = office_app(account.hub, KnownDoor())
    desk = Desk(office_server.url)
    desk.sign_in(OLEG)
    return desk


def registered(desk: Desk, key: str = "k1", **more: str) -> str:
    form = {"programme": "alenka", "card": "", "name": "Глеб Сомов", "phone": PHONE, "birthday": "17.05.1990"}
    return desk.post("/forms/register", **form | {"agreed": AGREED, "key": key} | more).text


def code_in(page: str) -> str:
    found = re.search(r"(\d{3} \d{3})\. Прочтите", page)
    assert found is not None, page
    return found[1]


@needs_browser
def test_p18_by_the_code_that_was_read_out_he_comes_in_once_and_confirms_his_phone(
    account: Account, oleg: Desk, phone: Callable[..., Page], tmp_path: Path
) -> None:
    outbox = tmp_path / "outbox.jsonl"
    account.hub.within(lambda writer: writer.write(Rows(settings={"sender": "file"})))
    told = registered(oleg)
    assert "виртуальная карта" in told and "начислено: 150" in told
    code = code_in(told)
    page = phone()
    page.goto(f"{account.url}/sign-in/first")
    page.get_by_label("Телефон или номер карты").fill(PHONE)
    page.get_by_label("Код, 6 цифр").fill(code)
    page.get_by_role("button", name="Войти", exact=True).click()
    page.wait_for_url("**/profile/confirm")
    page.get_by_role("button", name="Прислать код").click()
    page.wait_for_selector("input[name=code]")
    Posting(account.hub, FileSender(outbox)).step()
    page.get_by_label("Код из SMS").fill(lines_in(outbox)[-1].code)
    page.get_by_role("button", name="Далее").click()
    page.wait_for_url(f"{account.url}/")
    assert "Телефон подтверждён" in page.inner_text("main") and "150" in page.inner_text("main")
    again = account.client(language="en").post("/sign-in/first", {"login": PHONE, "code": code})
    assert again.status_code == 403 and "was used" in again.text
    assert "уже подтвердил телефон" in oleg.post("/forms/first-code", card=PHONE, key="k9").text
    (kind, source) = account.office.rows("SELECT what, source FROM consents")[0]
    assert (kind, source) == ("personal_data", "phone")


def test_p18_a_form_sent_twice_is_one_member_and_the_newest_code_is_good(account: Account, oleg: Desk) -> None:
    first, second = code_in(registered(oleg)), code_in(registered(oleg))
    assert len(account.office.rows("SELECT member FROM members")) == 1
    client = account.client()
    assert client.post("/sign-in/first", {"login": PHONE, "code": first}).status_code == 403 or first == second
    answer = client.post("/sign-in/first", {"login": PHONE, "code": second}, allow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/profile/confirm")
    assert "у другого участника" in registered(oleg, key="k2"), "the phone is a member's by now"
    assert "с 14 лет" in registered(oleg, key="k3", phone="8 916 000-00-03", birthday="01.01.2013")


def test_p18_whoever_guesses_learns_nothing(account: Account, oleg: Desk) -> None:
    """Of a code that is over, of one that never was, and of nobody: the same."""
    code = code_in(registered(oleg))
    account.office.join("anna", phone="+79161234567")
    account.office.now += timedelta(hours=24)
    client = account.client(language="en")
    told = set()
    for login, digits in ((PHONE, code), ("8 916 123-45-67", "000000"), ("8 916 999-99-99", "000000")):
        answer = client.post("/sign-in/first", {"login": login, "code": digits})
        told.add((answer.status_code, re.sub(r'(value|nonce)="[^"]*"', "", answer.text)))
    assert len(told) == 1 and told.pop()[0] == 403


def test_p18_the_log_says_who_gave_it_and_never_the_code(account: Account, oleg: Desk) -> None:
    code = code_in(registered(oleg)).replace(" ", "")
    acts = account.office.rows("SELECT body FROM acted")
    assert any("register_new" in one for (one,) in acts) and any("first_code" in one for (one,) in acts)
    everything = repr(acts) + repr(account.office.rows("SELECT text FROM operations"))
    assert OLEG.id in everything and code not in everything and "79165556677" not in everything


def test_p18_nobody_gets_one_who_was_erased(account: Account, oleg: Desk) -> None:
    account.office.join("anna", phone="+79161234567")
    erase(account.hub, "anna", Order(by="o"), "asked")
    assert "удалён" in oleg.post("/forms/first-code", card="cardanna", key="k1").text
    vera = Desk(oleg.url)
    vera.sign_in(VERA)
    assert "Первый код" in vera.get("/forms").text
