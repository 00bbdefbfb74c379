"""P7, P13, P14, P15 as a member does them on his phone, with an emulated partner, and as the office sees what waits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pytest
from axe_playwright_python.sync_playwright import Axe

from hub.errands.walk import Walk
from hub.exchanges.asking import declined
from hub.outside import services as outside
from hub.outside.emulators.partner import EmulatedPartner
from hub.outside.services import NO_SERVICES, Service, Services
from loyalty.card_numbers import make_number
from tests.account.conftest import Account, account_over
from tests.account.sms import Sms
from tests.browser import needs_browser
from tests.hub.conftest import PROGRAMMES, Office
from tests.one_port import Server

if TYPE_CHECKING:
    from playwright.sync_api import Page

HERS, HIS = (make_number(PROGRAMMES["perekrestok"].cards.schemes[0], serial) for serial in (71, 72))
READER, FLYER = "12345678", "123456789"


@pytest.fixture
def account(office: Office, tmp_path: Path, hub_server: Server, account_server: Server) -> Iterator[Account]:
    made = account_over(office, tmp_path, hub_server, account_server, "perekrestok")
    office.join("anna", card=HERS, programme="perekrestok", phone="+79161234567", points=50_000)
    office.join("boris", card=HIS, programme="perekrestok", points=500)
    yield made
    made.store.close()


@pytest.fixture(scope="module")
def partner_server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def partner(account: Account, partner_server: Server, monkeypatch: pytest.MonkeyPatch) -> EmulatedPartner:
    monkeypatch.setattr(outside, "READ_S", 0.3)
    made = EmulatedPartner()
    partner_server.app = made.app
    service = Service(name="partner", url=partner_server.url)
    account.hub.services = Services(partners={"litres": service, "s7": service})
    return made


def walk(account: Account) -> None:
    Walk(account.hub, account.hub.services).step()


def text_of(page: Page) -> str:
    return page.inner_text("main").replace("\xa0", " ")


def fits(page: Page) -> None:
    """Nothing pushes the page aside, what is pressed is large enough, axe has nothing to say."""
    page.wait_for_load_state("load")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, page.url
    small = page.evaluate(
        "[...document.querySelectorAll('main a:not(.what), main button, main input:not([type=hidden]), main summary')]"
        ".filter(one => one.getBoundingClientRect().height < 44).map(one => one.outerHTML)"
    )
    assert small == []
    page.evaluate("scrollTo(0, document.body.scrollHeight)")  # what lies half under the menu is not looked at
    page.evaluate(Axe().axe_script)
    found = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})")
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []


def exchanges(page: Page, name: str, number: str, points: str) -> None:
    page.goto(urljoin(page.url, "/partners"))
    page.get_by_role("link", name=f"Обменять: {name}").click()
    page.fill("[name=number]", number)
    page.fill("[name=points]", points)
    page.get_by_role("button", name="Посмотреть, что получится").click()


@needs_browser
def test_p7_p13_5000_points_become_500_rubles(
    account: Account, partner: EmulatedPartner, phone: Callable[..., Page]
) -> None:
    """Who takes points is seen by anybody; whoever is in goes on to his rubles."""
    page = phone()
    page.goto(f"{account.url}/partners")
    text = text_of(page)
    assert "Литрес" in text and "5 000 баллов → 500 ₽" in text and "10 баллов → 1 миля" in text
    assert "без срока" in text and "Войдите, чтобы обменять" in text
    fits(page)
    page = phone("anna")
    page.goto(f"{account.url}/points")
    page.get_by_role("link", name="Обменять у партнёров").click()
    page.get_by_role("link", name="Обменять: Литрес").click()
    assert "Можно обменять: 50 000 баллов" in text_of(page)
    fits(page)
    page.fill("[name=number]", "abc")
    page.fill("[name=points]", "4 999")
    page.get_by_role("button", name="Посмотреть, что получится").click()
    assert "Столько сюда не отдать" in text_of(page)
    page.fill("[name=points]", "5000")
    page.get_by_role("button", name="Посмотреть, что получится").click()
    page.get_by_role("button", name="Обменять 5 000 баллов").click()
    assert "Такого номера у партнёра не бывает" in text_of(page)
    assert page.input_value("[name=points]") == "5000"
    page.fill("[name=number]", READER)
    page.get_by_role("button", name="Посмотреть, что получится").click()
    assert re.search(r"Получаете\s+500 ₽", text_of(page)) and READER in text_of(page)
    fits(page)
    page.get_by_role("button", name="Обменять 5 000 баллов").click()
    assert "Спрашиваем партнёра" in text_of(page) and "…5678" in text_of(page)
    walk(account)
    page.get_by_role("link", name="Обновить").click()
    assert "Готово" in text_of(page) and "500 ₽ у партнёра" in text_of(page)
    fits(page)
    assert partner.booked == {READER: 50_000}
    assert dict(account.hub.balances("perekrestok"))["anna"] == 45_000
    page.goto(f"{account.url}/points")
    assert re.search(r"−5\s000\s+Обмен у партнёра|Обмен у партнёра\s+−5\s000", text_of(page))
    assert account.office.verdict().faults == ()


@needs_browser
def test_p14_miles_from_a_partner_who_is_slow_to_answer(
    account: Account, partner: EmulatedPartner, phone: Callable[..., Page], tmp_path: Path
) -> None:
    """With a code, for it is much; he waits and sees since when; then a number that nobody has."""
    sms = Sms(account.office, tmp_path)
    page = phone("anna")
    exchanges(page, "S7 Приоритет", FLYER, "20000")
    assert re.search(r"Получаете\s+2 000 миль", text_of(page))
    page.get_by_role("button", name="Обменять 20 000 баллов").click()
    assert "нужен код" in text_of(page)
    fits(page)
    page.fill("[name=code]", "0000")
    page.get_by_role("button", name="Обменять 20 000 баллов").click()
    assert "Код не подошёл" in text_of(page)
    page.fill("[name=code]", sms.code())
    page.get_by_role("button", name="Обменять 20 000 баллов").click()
    assert "Спрашиваем партнёра" in text_of(page)
    partner.be("never", times=1)
    walk(account)
    page.get_by_role("link", name="Обновить").click()
    assert re.search(r"Партнёр не отвечает с .*15:00.* 20 000 баллов отложены", text_of(page))
    assert account.hub.services.partners and dict(account.hub.balances("perekrestok"))["anna"] == 50_000
    page.goto(f"{account.url}/points")
    assert "обмен у партнёра: 20 000" in text_of(page)
    page.goto(f"{account.url}/partners")
    assert "Партнёр не ответил" in text_of(page)
    fits(page)
    account.office.now += timedelta(minutes=1)
    walk(account)
    page.get_by_role("link", name="S7 Приоритет", exact=True).click()
    assert "2 000 миль у партнёра" in text_of(page)
    assert partner.booked == {FLYER: 2000}
    exchanges(page, "Литрес", "120000", "5000")
    page.get_by_role("button", name="Обменять 5 000 баллов").click()
    walk(account)
    page.get_by_role("link", name="Обновить").click()
    assert "Партнёр не знает такого номера. 5 000 баллов снова ваши" in text_of(page)
    assert dict(account.hub.balances("perekrestok"))["anna"] == 30_000
    assert account.office.verdict().faults == ()


@needs_browser
def test_p15_points_to_a_fund_are_doubled_by_the_chain(account: Account, phone: Callable[..., Page]) -> None:
    page = phone()
    page.goto(f"{account.url}/charity")
    assert "Каждый ваш рубль мы удваиваем" in text_of(page) and "10 баллов → фонду 1 ₽" in text_of(page)
    fits(page)
    page = phone("boris")
    page.goto(f"{account.url}/partners")
    page.get_by_role("link", name="Отдать баллы на благотворительность").click()
    page.get_by_role("link", name="Отдать: Благотворительный фонд").click()
    page.fill("[name=points]", "600")
    page.get_by_role("button", name="Посмотреть, что получит фонд").click()
    page.get_by_role("button", name="Отдать 600 баллов").click()
    assert "Столько свободных баллов у вас сейчас нет" in text_of(page)
    page.fill("[name=points]", "100")
    page.get_by_role("button", name="Посмотреть, что получит фонд").click()
    assert re.search(r"за вас\s+10 ₽\s+И от нас\s+10 ₽\s+Всего фонду\s+20 ₽", text_of(page))
    fits(page)
    page.get_by_role("button", name="Отдать 100 баллов").click()
    assert "получит 20 ₽: 10 ₽ за вас и 10 ₽ от нас" in text_of(page)
    page.goto(f"{account.url}/points?lang=en")
    assert "To charity" in text_of(page)
    assert dict(account.hub.balances("perekrestok"))["boris"] == 400
    assert account.office.verdict().faults == ()


def test_p13_a_form_sent_twice_is_one_exchange(account: Account, partner: EmulatedPartner) -> None:
    client = account.client("anna")
    form = {"key": "k1", "number": READER, "points": "5000", "sure": "1"}
    first, again = (client.post("/partners/litres", form, allow_redirects=False) for _ in range(2))
    assert first.status_code == again.status_code == 303
    assert first.headers["location"] == again.headers["location"]
    walk(account)
    assert partner.booked == {READER: 50_000}
    assert account.client("boris").get(first.headers["location"]).status_code == 409
    charity = {"key": "k2", "points": "100", "sure": "1"}
    for _ in range(2):
        assert client.post("/charity/charity", charity, allow_redirects=False).status_code == 303
    assert dict(account.hub.balances("perekrestok"))["anna"] == 44_900


def test_p7_nobody_gets_in_where_nothing_is_exchanged(account: Account) -> None:
    account.hub.services = NO_SERVICES
    client = account.client("anna")
    assert "Обмен сейчас не идёт" in client.get("/partners").text
    for path in ("/partners/litres", "/partners/charity", "/partners/none", "/charity/litres"):
        assert client.get(path).status_code == 404
        assert client.post(path, {"points": "5000", "number": READER, "sure": "1"}).status_code == 404
    assert account.client().get("/charity/charity", allow_redirects=False).status_code == 303
    assert account.client().get("/partners/litres", allow_redirects=False).status_code == 303


def test_p14_each_state_is_said_in_both_languages(account: Account, partner: EmulatedPartner) -> None:
    client = account.client("anna", "en")
    form = {"key": "k", "number": FLYER, "points": "1000", "sure": "1"}
    where = client.post("/partners/s7", form, allow_redirects=False).headers["location"]
    assert "We are asking the partner" in client.get(where).text
    partner.be("wrong_sum")
    walk(account)
    assert "sorting it out" in client.get(where).text and "100 miles" in client.get(where).text
    declined(account.hub, where.rsplit("/", 1)[1], "closed")
    assert "The partner refused" in client.get(where).text
