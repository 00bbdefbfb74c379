"""Whoever takes payments, without the money: a page where one presses Pay or Refuse, and what came of it.

GET /pay/ID     the page; POST /pay/ID {"do": "pay" or "refuse"} and the browser goes back where it came from
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from html import escape
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from hub.outside.emulators.service import Asked, EmulatedService, Refused, Said
from hub.outside.payment import PAYMENTS, REFUNDS, STATE

PAGE: Final = """<!doctype html><html lang="ru"><head><meta charset="utf-8"><title>Оплата</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head><body><main><h1>Оплата (эмулятор)</h1>
<p>{what}: <strong>{sum} ₽</strong></p><form method="post">
<p><button name="do" value="pay">Оплатить</button></p><p><button name="do" value="refuse">Отказаться</button></p>
</form></main></body></html>"""


@dataclass(kw_only=True)
class Payment:
    """`paid`: kopecks; `back`: of them that went back."""

    amount: int
    description: str
    return_url: str
    state: str = "pending"
    paid: int = 0
    back: int = 0


class EmulatedPayment(EmulatedService):
    """`url`: where browsers find it, once that is known."""

    def __init__(self, secret: str = "", url: str = "") -> None:
        answers = {PAYMENTS: self._begun, STATE: self._told, REFUNDS: self._back}
        pages = [Route("/pay/{id}", self._page), Route("/pay/{id}", self._pressed, methods=["POST"])]
        super().__init__(answers, secret, pages)
        self.url = url
        self.payments: dict[str, Payment] = {}

    def pay(self, id: str) -> None:
        """As if somebody had pressed the button."""
        payment = self.payments[id]
        if payment.state == "pending":
            payment.state, payment.paid = "paid", payment.amount

    def refuse(self, id: str) -> None:
        if self.payments[id].state == "pending":
            self.payments[id].state = "refused"

    def _begun(self, asked: Asked) -> Said:
        amount, id = asked.body.get("amount"), f"P-{secrets.token_hex(6)}"
        if not isinstance(amount, int) or amount < 1:
            raise Refused("bad_request", "amount")
        self.payments[id] = Payment(
            amount=amount,
            description=str(asked.body.get("description", "")),
            return_url=str(asked.body.get("return_url", "")),
        )
        return {"id": id, "pay_url": f"{self.url}/pay/{id}"}

    def _told(self, asked: Asked) -> Said:
        payment = self._called(asked.body.get("id"))
        more = 100 if asked.fault == "wrong_sum" and payment.paid else 0
        return {"state": payment.state, "amount": payment.paid + more}

    def _back(self, asked: Asked) -> Said:
        payment, amount = self._called(asked.body.get("payment")), asked.body.get("amount")
        if not isinstance(amount, int) or not 0 < amount <= payment.paid - payment.back:
            raise Refused("more_than_paid", "not so much was paid")
        payment.back += amount
        return {"id": f"R-{asked.key[:12]}"}

    def _called(self, id: object) -> Payment:
        if not isinstance(id, str) or id not in self.payments:
            raise Refused("unknown_payment", "there is no such payment")
        return self.payments[id]

    async def _page(self, request: Request) -> Response:
        payment = self.payments.get(request.path_params["id"])
        if payment is None:
            return Response("unknown", 404)
        return HTMLResponse(PAGE.format(what=escape(payment.description), sum=f"{payment.amount / 100:.2f}"))

    async def _pressed(self, request: Request) -> Response:
        id = request.path_params["id"]
        if id not in self.payments:
            return Response("unknown", 404)
        body = await request.body()
        (self.pay if b"do=pay" in body else self.refuse)(id)
        return RedirectResponse(self.payments[id].return_url or f"/pay/{id}", 303)
