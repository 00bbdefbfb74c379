"""An online shop's program as a test has it: real HTTP to the shops' face of a hub, with a key of the office's and
members who are connected by their account."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any, Final

import msgspec
import requests

from hub.account.act import AccountAsked
from hub.account.acts import ACCOUNT_ACTS
from hub.goods import NewGoods, Price, take
from hub.shop.app import shop_app
from hub.shop.door import KeyDoor
from hub.shop.keys import SCOPES, OnlineShop, Scope, add_shop, new_key
from tests.hub.conftest import Office
from tests.one_port import Server

BACK: Final = "https://shop.example/in"
GOODS: Final[dict[str, dict[str, Any]]] = {
    "choco": {"name": "Шоколад «Алёнка»", "category": "chocolate", "kopecks": 10_000},
    "tea": {"name": "Чай", "category": "tea", "kopecks": 33_333},
    "sweets": {"name": "Конфеты весовые", "category": "sweets", "kopecks": 70_000, "unit": "kg"},
    "bag": {"name": "Пакет", "category": "card_fee", "kopecks": 1_000},
    "brandy": {"name": "Коньяк", "category": "alcohol_strong", "kopecks": 150_000, "kind": "brandy"},
    "smoke": {"name": "Сигареты", "category": "tobacco", "kopecks": 20_000},
    "liqueur": {"name": "Конфеты с ромом", "category": "sweets", "kopecks": 50_000, "strength_bp": 3_000},
    "odd": {"name": "Нечто", "category": None, "kopecks": 5_000},
    "free": {"name": "Без цены", "category": "sweets", "kopecks": None},
}


class Online:
    def __init__(self, office: Office, server: Server, name: str = "sweets", programme: str = "alenka") -> None:
        self.office, self.server, self.name, self.programme = office, server, name, programme
        made = OnlineShop(name=name, title="Сласти", store=f"{name}-1", programme=programme, back=(BACK,))
        office.hub.within(lambda writer: add_shop(writer, made))
        self.key = self.new_key(*(scope for scope in SCOPES if scope != "prices"))
        self.keys = itertools.count(1)
        self.tokens: dict[str, str] = {}
        self.browser = requests.Session()
        self.browser.trust_env = False
        self.serve()

    def serve(self) -> None:
        self.server.app = shop_app(self.office.hub, KeyDoor(self.office.hub), now_s=lambda: float(next(self.keys)))

    def new_key(self, *scopes: Scope) -> str:
        return self.office.hub.within(lambda writer: new_key(writer, self.name, scopes, "test", self.office.now))

    def stock(self, goods: dict[str, dict[str, Any]] = GOODS) -> None:
        """At the chain's prices."""
        new = []
        for article, fields in goods.items():
            kopecks = fields["kopecks"]
            prices = (Price("", "2026-01-01", kopecks),) if kopecks is not None else ()
            new.append(NewGoods(article, {k: v for k, v in fields.items() if k != "kopecks"}, prices))
        self.office.hub.within(lambda writer: take(writer, new, date(2026, 3, 2)))

    def token(self, member: str) -> str:
        if member not in self.tokens:
            act = ACCOUNT_ACTS["connect_agree"]
            asked = AccountAsked(member, self.programme, f"agree-{self.name}-{member}")
            body = msgspec.convert({"shop": self.name, "back": BACK}, act.takes)
            code = act.do(self.office.hub, asked, body).code  # type: ignore[attr-defined]
            self.tokens[member] = self.post("/links", {"code": code})["token"]
        return self.tokens[member]

    # asking

    def raw(self, method: str, path: str, body: Any = None, member: str = "", key: str = "", **headers: str) -> Any:
        told = {"Authorization": f"Bearer {self.key}"}
        if method == "POST":
            told["Idempotency-Key"] = key or f"once-{next(self.keys)}"
        if member:
            told["Member-Token"] = self.token(member)
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {} if body is None else {"json": body}
        return self.browser.request(method, f"{self.server.url}/shop/v1{path}", headers=told, timeout=30, **sent)

    def post(self, path: str, body: Any, member: str = "", key: str = "") -> dict[str, Any]:
        answer = self.raw("POST", path, body, member, key)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def get(self, path: str, member: str = "") -> dict[str, Any]:
        answer = self.raw("GET", path, None, member)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def refused(self, path: str, body: Any, member: str = "", key: str = "") -> dict[str, Any]:
        answer = self.raw("POST", path, body, member, key)
        assert answer.status_code >= 400, answer.text
        return dict(answer.json())

    # what shops do

    def basket(self, *lines: tuple[str, int], spend: Any = "all", **more: Any) -> dict[str, Any]:
        """Articles with thousandths."""
        told = [{"id": str(n), "article": article, "quantity_m": m} for n, (article, m) in enumerate(lines, 1)]
        return {"lines": told, "spend": spend, **more}

    def placed(self, number: str, *lines: tuple[str, int], member: str = "anna", **more: Any) -> dict[str, Any]:
        return self.post("/orders", {"number": number, "basket": self.basket(*lines, **more)}, member)

    def paid(self, number: str, *lines: tuple[str, int], member: str = "anna", **more: Any) -> dict[str, Any]:
        order = self.placed(number, *lines, member=member, **more)
        return self.post(f"/orders/{number}/paid", {"paid_kopecks": order["to_pay_kopecks"]})

    def returned(self, number: str, line: str, quantity_m: int) -> dict[str, Any]:
        return self.post(f"/orders/{number}/returns", {"lines": [{"id": line, "quantity_m": quantity_m}]})

    def points(self, member: str = "anna") -> int:
        return self.office.hub.balances(self.programme)[member]
