"""P16: a certificate is ordered in the account, paid on the payment service's page, comes by mail with its QR, and pays
at a till. Hub, account, till and its devices are processes; the mail server is a real one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from email.message import EmailMessage
from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from account.app import account_app
from account.hub_desk import HubDesk
from account.joining import join, own_in
from account.sessions import Sessions
from account.store.sqlite import SqliteStore
from tests.account.conftest import PHONE, SHOWN_MS
from tests.browser import needs_browser
from tests.certificate_shop import Outside
from tests.certificate_shop import fiscal_server as fiscal_server
from tests.certificate_shop import outside as outside
from tests.certificate_shop import payment_server as payment_server
from tests.certificate_shop import post_office as post_office
from tests.one_port import Server
from tests.page.shop import ANNA, Shop

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TEA = {"id": "9001", "name": "Чай", "price": "300.00", "category": "tea"}


@pytest.fixture
def shop(tmp_path_factory: pytest.TempPathFactory, outside: Outside, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """Its hub asks the services outside."""
    folder = tmp_path_factory.mktemp("shop")
    payment, fiscal, letters = outside.services.payment, outside.services.fiscal, outside.mail_url
    assert payment is not None and fiscal is not None
    told = f'[payment]\nurl = "{payment.url}"\n[fiscal]\nurl = "{fiscal.url}"\n'
    (folder / "services.toml").write_text(told, encoding="utf-8")
    monkeypatch.setenv("POS_HUB_SERVICES", str(folder / "services.toml"))
    monkeypatch.setenv("POS_HUB_MAIL", letters)
    with closing(Shop(folder, "en")) as shop:
        yield shop


@pytest.fixture
def anna(shop: Shop, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """Her phone, at the page of certificates."""
    data, hub = tmp_path_factory.mktemp("account"), f"http://127.0.0.1:{shop.office.port}"
    join(data, hub, str(shop.office.ask("account", "invite")["code"]))
    store, server = SqliteStore(data / "account.db"), Server()
    server.app = account_app(HubDesk(hub, own_in(data), "alenka"), store, now=lambda: datetime.now(UTC))
    member = json.loads(shop.office.do("member", "--card", ANNA, "--json"))["member"]
    cookie = Sessions(store, lambda: datetime.now(UTC)).begin(member, "ru", "test")[0]
    context = browser.new_context(viewport=PHONE, locale="ru-RU")  # type: ignore[arg-type]
    context.add_cookies([{"name": "account", "value": cookie, "url": server.url}])
    page = context.new_page()
    page.set_default_timeout(SHOWN_MS)
    page.goto(f"{server.url}/certificates")
    yield page
    context.close()
    server.close()
    store.close()


def qr_in(letter: EmailMessage) -> str:
    """Of the picture in its text, as a phone reads it from the screen."""
    import zxingcpp
    from PIL import Image

    (picture,) = (part for part in letter.walk() if part.get_content_type() == "image/png")
    (code,) = zxingcpp.read_barcodes(Image.open(BytesIO(picture.get_payload(decode=True))))  # type: ignore[arg-type]
    return str(code.text)


@needs_browser
def test_p16_bought_paid_mailed_and_used_at_the_till(shop: Shop, anna: Page, outside: Outside) -> None:
    anna.get_by_label("Номинал, ₽").fill("1000")
    anna.get_by_label("Зима").check()
    anna.get_by_label("Кому: имя").fill("Борис")
    anna.get_by_label("E-mail получателя").fill("boris@mail.example")
    anna.get_by_label("Поздравление").fill("С днём рождения!")
    anna.get_by_label("Ваш e-mail для чека").fill("anna@mail.example")
    anna.get_by_role("button", name="Заказать и оплатить").click()
    anna.get_by_role("link", name="Оплатить").click()
    anna.get_by_role("button", name="Оплатить").click()
    anna.wait_for_url("**/certificates/*?back=1")
    anna.get_by_text("Отправлен. На сертификате").wait_for()
    assert "осталось 1 000" in anna.inner_text("main").replace("\xa0", " ").replace("\u202f", " ")
    (letter,) = outside.mailbox.letters
    assert letter["X-To"] == "boris@mail.example" and "С днём рождения!" in letter.get_content_type() + str(
        letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    )
    text = qr_in(letter)
    shop.do("basket", sale="7001", lines=[TEA])
    shop.scan(text)
    shop.wait("the certificate", lambda status: status["last_reply"]["code"] == "certificate_taken")
    shop.do("pay", sale="7001", quote=shop.do("prepare", sale="7001")["told"]["quote"])
    shop.wait("the hub", lambda status: status["outbox"] == 0)
    anna.reload()
    anna.get_by_text("осталось 700").wait_for()
    assert outside.money == 100_000 and outside.fiscal.sums == {"sale": 100_000, "refund": 0}
    shop.office.do("verify")
