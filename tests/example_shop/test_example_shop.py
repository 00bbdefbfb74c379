"""The example shop in a browser of a phone, over a real hub and a real account: A13, A14, A17, A25, P33."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from axe_playwright_python.sync_playwright import Axe

from tests.browser import needs_browser
from tests.example_shop.conftest import Example, allowed

if TYPE_CHECKING:
    from playwright.sync_api import Page


AXE: Final = Axe().axe_script
RULES: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")


def figure(text: str) -> int:
    """Of «1 250 бонусов» or «383,33 ₽», in points or kopecks."""
    return int(re.sub(r"\D", "", text))


@needs_browser
def test_a13_a25_p33_an_order_is_paid_with_one_click_and_one_line_comes_back(
    example: Example, phone: Callable[..., Page]
) -> None:
    """And A17: what it earned is on the account."""
    page = phone("anna")
    page.goto(example.url)
    page.get_by_label("Что найти").fill("шоколад")
    page.get_by_role("button", name="Найти").click()
    assert page.locator(".goods").count() == 1
    for _ in range(2):
        page.get_by_role("button", name="В корзину: Шоколад «Алёнка»").click()
        page.get_by_text("В корзине: Шоколад «Алёнка».").wait_for()
    page.goto(f"{example.url}/?q=чай")
    page.get_by_role("button", name="В избранное: Чай").click()
    page.get_by_role("button", name="В список: Чай").click()
    page.get_by_text("В списке: Чай.").wait_for()
    page.get_by_role("link", name="Список", exact=True).click()
    page.get_by_role("button", name="Товары списка — в корзину").click()
    page.wait_for_url("**/basket")

    allowed(page)
    page.wait_for_url(f"{example.url}/basket")
    assert "1 000" in page.locator("#who").inner_text().replace("\u202f", " ")
    page.get_by_role("link", name="Избранное").click()
    assert page.locator(".goods h2").inner_text() == "Чай"  # what she laid aside before is hers
    page.goto(f"{example.url}/basket")
    assert figure(page.locator("#to-pay").inner_text()) == 53_333
    assert "не больше 50\xa0% от товаров" in page.locator("#why").inner_text()
    spends = figure(page.locator("#spend").inner_text())
    page.locator("#spend").click()  # «Списать»
    page.locator("#spends").wait_for()
    assert (spends, figure(page.locator("#to-pay").inner_text())) == (266, 53_333 - 26_600)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

    page.get_by_role("button", name="Оформить заказ").click()
    assert page.locator("#state").inner_text() == "Ждёт оплаты"
    assert example.account.hub.balances("alenka")["anna"] == 1_000  # they are held, and not yet taken
    page.get_by_role("button", name=re.compile("Оплатить")).click()
    assert page.locator("#state").inner_text() == "Оплачен"
    earned = figure(page.locator("#earned").inner_text())
    assert earned == 26_733 // 5_000  # a point for each 50 rubles that were paid
    assert page.locator("#spent").inner_text() == "266"
    assert points_in_account(example) == 1_000 - 266 + earned

    tea = returned(page, "Чай", 1)
    assert tea["refund"] + tea["restored"] * 100 in range(33_333 - 99, 33_334)  # part of a point waits for the rest
    assert points_in_account(example) == 1_000 - 266 + earned + tea["restored"] - tea["taken"]
    rest = returned(page, "Шоколад «Алёнка»", 2)
    assert tea["refund"] + rest["refund"] == 26_733 and tea["restored"] + rest["restored"] == 266
    assert page.locator("#state").inner_text() == "Возвращён целиком"
    assert points_in_account(example) == 1_000


def returned(page: Page, name: str, pieces: int) -> dict[str, int]:
    """What the order's page says of it: kopecks and points."""
    there = page.locator(".back").count()
    page.get_by_text("Вернуть товар").click()
    page.get_by_label(f"Сколько вернуть: {name}").fill(str(pieces))
    page.get_by_role("button", name="Вернуть отмеченное").click()
    told = page.locator(".back").nth(there)
    told.wait_for()
    found = {what: told.locator(f".{what}") for what in ("refund", "restored", "taken")}
    return {what: figure(one.inner_text()) if one.count() else 0 for what, one in found.items()}


def points_in_account(example: Example) -> int:
    """As she reads it, which is what the ledger has."""
    told = example.account.client("anna").get("/").text
    points = example.account.hub.balances("alenka")["anna"]
    assert f"{points:,}".replace(",", "\xa0") in told or str(points) in told
    return points


@needs_browser
def test_a14_goods_by_category_and_an_order_that_is_cancelled(example: Example, phone: Callable[..., Page]) -> None:
    """In English, in the dark; nothing that may not be shown is there."""
    page = phone("anna", "en", dark=True)
    page.goto(example.url)
    text = page.inner_text("main")
    assert not [one for one in ("Коньяк", "Сигареты", "Конфеты с ромом", "Нечто") if one in text]
    page.get_by_role("link", name=re.compile("^Tea")).click()
    assert page.locator(".goods h2").all_inner_texts() == ["Чай"]
    page.get_by_role("link", name="New", exact=True).click()
    assert page.locator(".goods").count() >= 3  # all of them came today
    page.get_by_role("button", name="Add to basket: Шоколад «Алёнка»").click()
    page.get_by_role("link", name=re.compile("^Basket")).click()
    page.get_by_role("link", name="Sign in by your account").first.click()
    assert page.locator(".connect-gets li").count() == 2 and faults(page) == []
    page.get_by_role("button", name="Allow", exact=True).click()
    page.locator("#spend").click()
    page.locator("#spends").wait_for()
    assert faults(page) == []
    page.get_by_role("button", name="Place the order").click()
    assert example.online.get("/members/me", "anna")["held"] > 0
    page.get_by_role("button", name="Cancel the order").click()
    page.get_by_text("Cancelled", exact=True).wait_for()
    told = example.online.get("/members/me", "anna")
    assert (told["points"], told.get("held", 0)) == (1_000, 0)
    page.goto(f"{example.account.url}/profile/shops")
    page.get_by_role("button", name="End it: Сласти").click()
    page.get_by_text("Сласти does not know you any more.").wait_for()
    page.goto(f"{example.url}/orders")
    assert page.get_by_role("link", name="Sign in by your account").count() == 1
    assert "has ended" in page.locator("#told").inner_text()


def faults(page: Page) -> list[str]:
    """What axe finds, and what is too small to be pressed."""
    page.evaluate(AXE)
    found = page.evaluate(f"axe.run({json.dumps({'runOnly': RULES})})")
    small: list[str] = page.evaluate(
        """[...document.querySelectorAll("button, .button, nav a, header a, select, input:not([type=hidden])")]
        .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 44).map(one => one.outerHTML)"""
    )
    return [one["id"] for one in found["violations"]] + small


# without a browser


def put(example: Example, client: Any, article: str) -> Any:
    return client.post("/basket/put", {"article": article, "back": "/basket"})


def test_an_order_with_forbidden_goods_is_refused_in_words(example: Example) -> None:
    """Put there by hand: the catalogue does not show them."""
    client = example.client()
    put(example, client, "choco")
    for article, name in (("brandy", "Коньяк"), ("smoke", "Сигареты"), ("nobody-knows", "nobody-knows")):
        page = put(example, client, article)
        assert page.status_code == 409 and "нельзя продавать через интернет" in page.text, name
        assert page.text.count("этого товара в заказе быть не может") == 1
        assert "Оформить заказ" not in page.text
        assert client.post("/basket/drop", {"article": article}).status_code == 200
    page = client.post("/orders", {"key": "k", "quote": "", "slot": slot_in(client.get("/basket").text)})
    assert page.status_code == 409 and client.get("/orders").text.count('href="/orders/') == 0


def test_a_quantity_that_was_typed_counts_whatever_is_pressed(example: Example) -> None:
    """What he pressed it for was another sum."""
    client = example.client()
    page = put(example, client, "choco").text
    form = {"key": "k2", "quote": quote_in(page), "slot": slot_in(page), "quantity-choco": "7"}
    page = client.post("/orders", form)
    assert page.url.endswith("/basket") and "Количество другое" in page.text and 'value="7"' in page.text
    assert client.get("/orders").text.count('href="/orders/') == 0
    client.post("/basket/spend", {"on": "0", "quantity-choco": "3"})
    assert 'value="3"' in client.get("/basket").text


def quote_in(text: str) -> str:
    found = re.search(r'name="quote" value="([^"]+)"', text)
    assert found is not None
    return found.group(1)


def slot_in(text: str) -> str:
    found = re.search(r'<option value="([^"]+)"', text)
    assert found is not None
    return found.group(1)


def test_a_form_sent_twice_is_one_order(example: Example) -> None:
    client = example.client()
    page = put(example, client, "choco").text
    form = dict(re.findall(r'name="(key|quote)" value="([^"]*)"', page)) | {"slot": slot_in(page)}
    first, second = (client.post("/orders", form) for _ in range(2))
    assert first.url == second.url and "/orders/" in first.url
    assert client.get("/orders").text.count('class="what" href="/orders/') == 1
    number = first.url.rsplit("/", 1)[1]
    paid = [client.post(f"/orders/{number}/pay") for _ in range(2)]
    assert [page.status_code for page in paid] == [200, 200] and "Оплачен" in paid[1].text
    assert example.client().get(f"/orders/{number}").status_code == 404  # another's is as none


def test_nobody_is_signed_in_by_another_ones_way_back(example: Example) -> None:
    client = example.client()
    for query in ("code=c0ffee&state=s", "code=c0ffee", "error=access_denied&state="):
        assert "Вход начат в другом окне" in client.get(f"/in?{query}").text
    asked = client.get("/sign-in", allow_redirects=False).headers["location"]
    state = re.search(r"state=([^&]+)", asked)
    assert state is not None and asked.startswith(f"{example.account.url}/connect?shop=sweets&")
    assert "Такого кода не было" in client.get(f"/in?code=c0ffee&state={state.group(1)}").text
    assert client.post("/sign-out", headers={"Origin": "https://evil.example"}).status_code == 403


def test_the_hub_is_silent(example: Example) -> None:
    client = example.client()
    put(example, client, "choco")
    example.online.server.app = None
    page = client.get("/basket")
    assert page.status_code == 503 and "Ничего не потеряно" in page.text
    example.online.serve()
    assert "Шоколад" in client.get("/basket").text
