"""P16 as a member's phone shows it: the form, its own picture, each state of an order, and what is refused in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Final

import pytest

from hub.certificate_orders import settling
from tests.account.conftest import PHONE, Account
from tests.account.test_account_axe import SMALL, axe_faults
from tests.browser import needs_browser
from tests.certificate_shop import Outside
from tests.certificate_shop import fiscal_server as fiscal_server
from tests.certificate_shop import outside as outside
from tests.certificate_shop import payment_server as payment_server
from tests.certificate_shop import post_office as post_office

if TYPE_CHECKING:
    from playwright.sync_api import Page

FORM: Final = {
    "key": "k1",
    "sum": "1 000",
    "design": "party",
    "to_name": "Борис <b>",
    "to_mail": "boris@mail.example",
    "mail": "anna@mail.example",
    "words": "С днём рождения!",
}


@pytest.fixture
def shop(account: Account, outside: Outside) -> Account:
    account.office.join("anna")
    outside.served(account.hub)
    return account


def png() -> bytes:
    from PIL import Image

    written = BytesIO()
    Image.new("RGBA", (900, 500), "#c0392b").save(written, "PNG")
    return written.getvalue()


def test_without_payments_they_are_sold_in_shops(account: Account) -> None:
    account.office.join("anna")
    assert "продают в наших магазинах" in account.client("anna").get("/certificates").text
    page = account.client("anna", "en").get("/certificates").text
    assert "sold in our shops" in page and "<form" not in page.partition("<main")[2]


def test_a_form_sent_twice_is_one_order_and_what_is_wrong_is_said_beside_it(shop: Account, outside: Outside) -> None:
    client = shop.client("anna")
    wrong = client.post("/certificates", FORM | {"sum": "50", "words": "<script>"})
    assert wrong.status_code == 409 and "целые рубли" in wrong.text
    assert "&lt;script&gt;" in wrong.text and 'value="boris@mail.example"' in wrong.text, "what was typed stays"
    first, again = (client.post("/certificates", FORM) for _ in range(2))
    assert first.url == again.url and re.search(r"/certificates/[0-9a-f]{16}$", first.url)
    outside.walk(shop.hub)
    page = client.get(first.url.removeprefix(shop.url)).text
    assert "Борис &lt;b&gt;" in page and len(outside.payment.payments) == 1
    (payment,) = outside.payment.payments.values()
    assert payment.return_url == first.url + "/back" and f"{outside.payment.url}/pay/" in page
    path = first.url.removeprefix(shop.url)
    shop.office.join("boris")
    boris = shop.client("boris")
    for answer in (boris.get(path), boris.get(f"{path}/picture.png"), boris.post(f"{path}/cancel", {"key": "k"})):
        assert answer.status_code == 409 and "нет такого заказа" in answer.text
    assert client.get("/certificates/design/winter.png").content[1:4] == b"PNG"


def test_an_own_picture_is_drawn_anew_or_refused_in_words(shop: Account, outside: Outside) -> None:
    client = shop.client("anna")

    def sent(content: bytes) -> str:
        files = {"picture": ("a.png", content, "image/png")}
        return client.post("/certificates", FORM | {"design": "own"}, files=files).text

    assert "Не получилось" in sent(b"<html><script>alert(1)</script>") and "Не получилось" in sent(b"")
    assert "Не получилось" not in sent(png())
    with shop.hub.store.reading() as reader:
        (row,) = reader.errands_of("certificate_order", ["anna"])
        (kept,) = reader.pictures_of([row.id])
    assert client.get(f"/certificates/{row.id}/picture.png").content[1:4] == b"PNG" and kept[1] == row.id


@needs_browser
def test_p16_on_the_phone_from_the_picture_to_the_corrected_address(
    shop: Account, outside: Outside, phone: Callable[..., Page]
) -> None:
    """Its own picture, refused by the office; another design; the letter refused by the mail server; corrected."""
    page = phone("anna", dark=True)
    page.goto(f"{shop.url}/certificates")
    looked_at(page, "form")
    page.get_by_label("Своя картинка").check()
    page.get_by_label("Картинка", exact=True).set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": png()}
    )
    page.get_by_label("Кому: имя").fill("Борис")
    page.get_by_label("E-mail получателя").fill("nobody@mail.example")
    page.get_by_label("Ваш e-mail для чека").fill("anna@mail.example")
    page.get_by_role("button", name="Заказать и оплатить").click()
    page.get_by_text("Готовим страницу оплаты").wait_for()
    outside.walk(shop.hub)
    page.get_by_role("link", name="Оплатить").wait_for()  # it comes by itself
    looked_at(page, "pay")
    page.get_by_role("link", name="Оплатить").click()
    page.get_by_role("button", name="Оплатить").click()
    page.wait_for_url("**/certificates/*?back=1")
    outside.walk(shop.hub)
    page.get_by_text("Картинку посмотрит человек").wait_for()
    id = page.url.rpartition("/")[2].partition("?")[0]
    settling.decline(shop.hub, id, "На ней чужой логотип.", "Olga")
    page.reload()
    assert "На ней чужой логотип. Выберите другое" in page.inner_text("main")
    page.get_by_label("Лента").check()
    looked_at(page, "redraw")
    page.get_by_role("button", name="Выбрать это оформление").click()
    outside.mailbox.refuses = ["550 nobody"]
    outside.walk(shop.hub)
    page.get_by_text("не приняли").wait_for()
    page.get_by_label("Исправьте адрес").fill("boris@mail.example")
    page.get_by_role("button", name="Отправить ещё раз").click()
    outside.walk(shop.hub)
    page.get_by_text("Отправлен. На сертификате").wait_for()
    looked_at(page, "delivered")
    assert [letter["X-To"] for letter in outside.mailbox.letters] == ["boris@mail.example"]


@needs_browser
def test_p16_on_the_phone_money_back(shop: Account, outside: Outside, phone: Callable[..., Page]) -> None:
    at = (shop.office.now + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    path = shop.client("anna", "en").post("/certificates", FORM | {"at": at}).url
    outside.walk(shop.hub)
    outside.pay()
    shop.client("anna").get(path.removeprefix(shop.url) + "/back")
    outside.walk(shop.hub)
    page = phone("anna", "en")
    page.goto(path)
    assert "It goes out 2026-03-05" in page.inner_text("main")
    page.get_by_role("button", name="Have the money back").click()
    page.get_by_text("The money goes back.").wait_for()
    outside.walk(shop.hub)
    page.get_by_text("The money is back.").wait_for()
    looked_at(page, "back")
    assert outside.money == 0 and outside.fiscal.sums == {"sale": 100_000, "refund": 100_000}
    assert not outside.mailbox.letters and not shop.office.verdict().faults


def looked_at(page: Page, name: str) -> None:
    """Nothing scrolls sideways, nothing is too small to press, and axe has nothing to say."""
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.evaluate(SMALL) == []
    language = page.evaluate("document.documentElement.lang")
    assert axe_faults(page, f"/certificates/{name}", language, "dark" if language == "ru" else "light") == []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
