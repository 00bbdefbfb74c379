"""The pages of cards: A3, A5, A9, A12, A29, A30, A31 as a member does them on his phone, and what stands on them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pypdfium2
import pytest
import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

from hub.card_phones.certifying import take_link
from hub.card_phones.linking import tell_page
from hub.sender.file_sender import FileSender, lines_in
from hub.sender.posting import Posting
from hub.store.office_records import StoreRow
from hub.store.rows import Rows
from loyalty.card_numbers import make_number
from tests.account.conftest import PHONE as SCREEN
from tests.account.conftest import Account
from tests.browser import needs_browser
from tests.hub.conftest import PROGRAMMES

if TYPE_CHECKING:
    from playwright.sync_api import Page

HERS, HIS, ISSUED, FREE, MADE = (make_number(PROGRAMMES["alenka"].cards.schemes[0], serial) for serial in range(61, 66))
NOBODYS: Final = "no-card-of-anybody"
PHONE: Final = "+79161234567"


@pytest.fixture
def sent(account: Account, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Anna and Boris, and the code that went out last."""
    account.office.join("anna", card=HERS, phone=PHONE, points=500)
    account.office.join("boris", card=HIS)
    account.hub.within(lambda writer: writer.write(Rows(settings={"sender": "file"}, stores=[StoreRow("omsk-7")])))
    posting = Posting(account.hub, FileSender(tmp_path / "outbox.jsonl"))

    def code() -> str:
        posting.step()
        return lines_in(tmp_path / "outbox.jsonl")[-1].code

    yield code


def text_of(page: Page) -> str:
    return page.inner_text("main").replace("\xa0", " ")


def fits(page: Page) -> None:
    """Nothing is cut off or pushes the page aside; what is pressed is large enough."""
    page.wait_for_load_state("load")
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= page.viewport_size["width"], f"{page.url}: {wide} px"  # type: ignore[index]
    small = page.evaluate(
        "[...document.querySelectorAll('main a, main button, main input:not([type=hidden],[type=radio]), main select')]"
        ".filter(one => one.getBoundingClientRect().height < 44).map(one => one.outerHTML)"
    )
    assert small == []
    page.evaluate(Axe().axe_script)
    page.set_viewport_size({"width": 360, "height": page.evaluate("document.documentElement.scrollHeight")})
    found = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})")
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
    page.set_viewport_size(SCREEN)  # type: ignore[arg-type]


def codes_in(page: Page, what: str) -> list[str]:
    """As a scanner reads them off the screen."""
    page.locator(what).wait_for()
    page.evaluate("Promise.all([...document.images].map(one => one.decode()))")
    read = zxingcpp.read_barcodes(Image.open(io.BytesIO(page.locator(what).screenshot())))
    return [found.text for found in read]


@needs_browser
def test_lost_virtual_and_shown(account: Account, phone: Callable[..., Page], sent: Callable[[], str]) -> None:
    """A12, A29, A30, A31: what the card is, what helps who has lost it, and the plastic becomes virtual by a code."""
    page = phone("anna")
    page.get_by_role("link", name="Карты").click()
    assert "Действует: копит и тратит" in text_of(page) and HERS in text_of(page)
    assert "пластик перестанет работать насовсем" in text_of(page)
    fits(page)
    page.get_by_role("link", name="Показать и сохранить").click()
    page.wait_for_url("**/cards/one?*")
    assert codes_in(page, ".qr") == [HERS]
    fits(page)
    page.get_by_role("link", name="Потеряна?").click()
    assert "500 бонусов" in text_of(page) and "Замена стоит 50,00" in text_of(page).replace("\u202f", " ")
    fits(page)
    page.get_by_role("link", name="Добавить виртуальную карту").click()
    fits(page)
    page.get_by_role("button", name="Отправить код").click()
    page.get_by_label("Код из сообщения").fill("0000" if sent() != "0000" else "1111")
    page.get_by_role("button", name="Сделать карту виртуальной").click()
    assert page.locator(".refused").is_visible()
    fits(page)
    page.get_by_label("Код из сообщения").fill(sent())
    page.get_by_role("button", name="Сделать карту виртуальной").click()
    page.wait_for_url("**/cards")
    told = text_of(page)
    (fresh,) = [number for number, state in account.office.cards().items() if state == "active"]
    assert f"вместо карты {HERS} теперь виртуальная {fresh}" in told and "Виртуальная карта" in told
    assert f"Заменена картой {fresh}. Касса её не примет" in told
    fits(page)
    page.get_by_role("link", name="Показать и сохранить").click()
    with page.expect_download() as saved:
        page.get_by_role("link", name="PDF").click()
    document = pypdfium2.PdfDocument(saved.value.path())
    drawn = document[0].render(scale=4).to_pil()
    assert [found.text for found in zxingcpp.read_barcodes(drawn)] == [fresh]
    page.get_by_role("link", name="Потеряна?").click()
    page.get_by_role("button", name="Заблокировать карту").click()
    assert f"Карта {fresh} заблокирована" in text_of(page) and "Разблокирует любой магазин" in text_of(page)
    assert "Работающей карты сейчас нет" in text_of(page) and "Карт пока нет" not in text_of(page)
    box = page.get_by_role("link", name="Добавить виртуальную карту").bounding_box()
    assert box is not None and box["y"] + box["height"] < 740, "in sight"
    fits(page)
    page.go_back()
    page.wait_for_url("**/cards/lost?*")
    assert page.get_by_role("link", name="Добавить виртуальную карту").is_visible()
    assert page.get_by_role("button", name="Заблокировать карту").count() == 0


@needs_browser
def test_linked_ordered_and_handed_over(account: Account, phone: Callable[..., Page], sent: Callable[[], str]) -> None:
    """A5, A9, A3: a card in the hand is linked; one is ordered by the form, waits in a shop, and shows its code."""
    account.office.take(account.office.issued(ISSUED, "nobody"), account.office.sale("nobody", earned=70))
    page = phone("anna", dark=True)
    page.goto(f"{account.url}/cards")
    page.get_by_label("Номер карты").fill(HIS)
    page.get_by_role("button", name="Привязать").click()
    assert "Осталось попыток сегодня: 4" in page.inner_text(".refused") and "boris" not in page.content()
    page.get_by_label("Номер карты").fill(ISSUED)
    page.get_by_role("button", name="Привязать").click()
    page.wait_for_url("**/cards")
    assert f"Карта {ISSUED} теперь ваша. С ней пришло 70 бонусов." in text_of(page)
    page.get_by_role("link", name="Заказать карту").click()
    fits(page)
    page.get_by_label("Имя на карте").fill("Анна Петрова")
    page.get_by_role("button", name="Заказать карту").click()
    assert "адрес с индексом целиком" in page.inner_text(".refused")
    assert page.get_by_label("Имя на карте").input_value() == "Анна Петрова"
    page.get_by_label("В магазине, по коду").check()
    page.get_by_role("button", name="Заказать карту").click()
    page.wait_for_url("**/cards")
    assert "карту ещё не сделали" in text_of(page)
    (row,) = account.hub.within(lambda writer: writer.card_orders_of(["anna"]))
    from hub.card_orders.giving import handed_over, made, moved_on
    from hub.people.orders import Order

    made(account.hub, row.id, MADE, "Олег")
    moved_on(account.hub, row.id, "arrived", "Вера")
    page.reload()
    found = re.search(r"Ждёт вас до 1 мая.*в магазине omsk-7.*?(\d{3} \d{3})", text_of(page), re.DOTALL)
    assert found is not None
    fits(page)
    handed_over(account.hub, row.id, found[1], Order(by="Вера"))
    page.reload()
    assert "Выдана" in text_of(page) and account.office.cards()[MADE] == "active"


@needs_browser
def test_the_card_on_a_phone(account: Account, phone: Callable[..., Page], sent: Callable[[], str]) -> None:
    """A12, A27: a link by which a phone gets the card with its changing code; a phone that is gone is taken off."""
    tell_page(account.hub, "https://card.example")
    page = phone("anna", "en")
    page.goto(f"{account.url}/cards/one?card={HERS}")
    page.get_by_role("button", name="Get a link").click()
    url = page.get_by_role("link", name="Open on this phone").get_attribute("href")
    assert url is not None and url.startswith("https://card.example/card/#")
    assert codes_in(page, ".qr") == [url]
    fits(page)
    take_link(account.hub, url.partition("#")[2], bytes(32), "Anna's <b>phone</b>")
    page.goto(f"{account.url}/cards/one?card={HERS}")
    assert "Anna's <b>phone</b>" in text_of(page)
    fits(page)
    page.get_by_role("button", name="Take off").click()
    page.wait_for_url("**/cards/one?*")
    assert "is taken off" in text_of(page) and "Anna's" not in text_of(page)


def test_another_s_card_shows_nothing(account: Account, sent: Callable[[], str]) -> None:
    anna = account.client("anna")
    for path in ("one", "lost", "virtual", "face.png", "face.pdf"):
        his, none = (anna.get(f"/cards/{path}?card={card}") for card in (HIS, NOBODYS))
        assert his.status_code == none.status_code >= 404, path
        assert his.text.replace(HIS, "") == none.text.replace(NOBODYS, ""), path
    for path in ("block", "virtual", "phone", "phone/off"):
        his, none = (anna.post(f"/cards/{path}", {"card": card, "phone": "p", "code": "1"}) for card in (HIS, NOBODYS))
        assert his.status_code == none.status_code >= 404 and len(his.text) == len(none.text), path
    assert account.office.cards("boris") == {HIS: "active"}


def test_the_same_form_sent_twice_says_the_same(account: Account, sent: Callable[[], str]) -> None:
    anna = account.client("anna")
    for form, path in (
        ({"number": FREE, "key": "k1"}, "/cards/link"),
        ({"way": "shop", "store": "omsk-7", "name": "Анна", "key": "k2"}, "/cards/order"),
    ):
        first, again = anna.post(path, form), anna.post(path, form)
        assert first.text == again.text or first.status_code == again.status_code == 200
    anna.post("/cards/virtual/code", {"card": HERS, "key": "k3"})
    done = {"card": HERS, "code": sent(), "key": "k4"}
    assert "теперь виртуальная" in anna.post("/cards/virtual", done).text
    assert "теперь виртуальная" in anna.post("/cards/virtual", done).text
    assert len(account.office.cards()) == 3


def test_without_a_phone_no_card_is_made_virtual(account: Account, sent: Callable[[], str]) -> None:
    boris = account.client("boris")
    assert "нет номера телефона" in boris.get(f"/cards/virtual?card={HIS}").text
    refused = boris.post("/cards/virtual", {"card": HIS, "code": "1234", "key": "k"})
    assert refused.status_code == 409 and "Запросите новый" in refused.text
    assert boris.post("/cards/virtual/code", {"card": HIS, "key": "k"}).status_code == 409
