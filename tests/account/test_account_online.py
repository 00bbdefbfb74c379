"""An online order in its member's account: his points, and the receipt that says where it was (A13, A17)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.account.conftest import Account
from tests.hub.shop.online import Online
from tests.one_port import Server


@pytest.fixture(scope="module")
def shop_server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


def test_a13_a17_an_online_order_is_a_receipt_of_his_with_what_came_back(account: Account, shop_server: Server) -> None:
    account.office.join("anna", points=1_000, phone="+79161234567", card="2600000000017")
    online = Online(account.office, shop_server)
    online.stock()
    online.paid("A-77", ("choco", 2_000), ("tea", 1_000))
    online.returned("A-77", "1", 1_000)
    for language, words in (("ru", "интернет-магазин, заказ A-77"), ("en", "online shop, order A-77")):
        client = account.client("anna", language)
        assert "A-77" in client.get("/points").text
        page = client.get("/points/receipt?id=online/1/1")
        assert page.status_code == 200 and words in page.text, page.text
    assert "Интернет-магазин" in account.client("anna").get("/points/receipt?id=online/1/1").text
