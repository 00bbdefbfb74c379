"""How the conformance kit talks to a till: plain HTTP and JSON, none of our own types: it is the wire that is tried.

What is expected and what came are said in the wire's own words (a status, a code, a field), so they need no language.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import requests

TIMEOUT_S: Final = 30.0
PROBLEM: Final = "application/problem+json"
SHOWN_MAX: Final = 200  # characters of what came

Told = dict[str, Any]


class Otherwise(Exception):
    """The till answered otherwise than it must."""

    def __init__(self, what: str, expected: object, came: object) -> None:
        super().__init__(what, expected, came)
        self.what = what
        self.expected = str(expected)
        self.came = str(came)[:SHOWN_MAX]


class NotTried(Exception):
    """The card does not allow the dialogue: no points on it, say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    asked: str
    status: int
    media: str
    body: Any  # as it came; {} where it was no JSON

    @property
    def code(self) -> str:
        code = self.body.get("code") if isinstance(self.body, dict) else None
        return str(code or "")


class Face:
    """The till's, by its address."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url.rstrip("/")
        self._session = requests.Session()
        self._session.trust_env = False
        self._headers = {"Authorization": f"Bearer {token}"}

    def send(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str | None] | None = None,
    ) -> Answer:
        """`headers`: others than usual; None leaves one out. Raises requests.RequestException."""
        own: dict[str, str | None] = {**self._headers, **({"Content-Type": "application/json"} if body else {})}
        wanted = {name: value for name, value in (own | (headers or {})).items() if value is not None}
        came = self._session.request(method, self._url + path, data=body, headers=wanted, timeout=TIMEOUT_S)
        try:
            told = came.json()
        except ValueError:
            told = {}
        media = came.headers.get("content-type", "").partition(";")[0]
        return Answer(asked=f"{method} {path}", status=came.status_code, media=media, body=told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What a till gives for trying it: a member's card, goods that points may pay for, a coupon where there is one."""

    card: str
    category: str = "tea"
    coupon: str = ""


class Talk:
    """One dialogue's. `number` is the number of its receipt; `other` makes more that nobody used."""

    def __init__(self, face: Face, means: Means, number: str) -> None:
        self.face = face
        self.means = means
        self.number = number

    def other(self, what: str) -> str:
        return f"{self.number}-{what}"

    def ask(self, does: str, **body: Any) -> Answer:
        if does == "basket":
            body["lines"] = [{**line, "category": self.means.category} for line in body["lines"]]
        return self.face.send("POST", f"/v1/{does}", json.dumps(body).encode())

    def done(self, does: str, *codes: str, **body: Any) -> Told:
        """The reply to a call that must be done with one of these codes."""
        answer = self.ask(does, **body)
        expect(answer, 200, *codes)
        equal(f"{answer.asked}: ok", True, answer.body.get("ok"))
        return dict(answer.body)

    def refused(self, does: str, status: int, *codes: str, **body: Any) -> Told:
        """The problem with which a call must be refused, right in shape."""
        answer = self.ask(does, **body)
        expect(answer, status, *codes)
        in_shape(answer)
        return dict(answer.body)

    def sale(self, number: str, lines: list[Told], *, points: int = 0, card: str = "") -> Told:
        """A whole sale; gives what was recorded."""
        self.done("basket", "basket_taken", "basket_without_member", sale=number, lines=lines)
        if card:
            self.done("code", "member_found", sale=number, text=card)
        if points:
            self.done("redeem", "redeem_set", sale=number, points=points)
        told = sums(self.done("prepare", "prepared", sale=number))
        return sums(self.done("pay", "recorded", "no_member", sale=number, quote=told["quote"]))


def expect(answer: Answer, status: int, *codes: str) -> None:
    came = f"{answer.status} {answer.code}".strip()
    if answer.status != status or (codes and answer.code not in codes):
        raise Otherwise(answer.asked, f"{status} {' | '.join(codes)}".strip(), came)


def equal(what: str, expected: object, came: object) -> None:
    if expected != came:
        raise Otherwise(what, expected, came)


def in_shape(answer: Answer) -> None:
    """RFC 9457, with the reply's own code and text."""
    equal(f"{answer.asked}: Content-Type", PROBLEM, answer.media)
    body = answer.body
    for name in ("type", "title", "status", "code", "text"):
        if not isinstance(body, dict) or name not in body:
            raise Otherwise(answer.asked, f"a field {name}", body)
    equal(f"{answer.asked}: status", answer.status, body["status"])
    equal(f"{answer.asked}: ok", False, body.get("ok"))
    equal(f"{answer.asked}: title", body["text"], body["title"])
    if not str(body["type"]).endswith(f":{body['code']}"):
        raise Otherwise(f"{answer.asked}: type", f"…:{body['code']}", body["type"])


def sums(reply: Told) -> Told:
    """What was told of a sale, if it adds up: positions to their line, lines to what is paid."""
    told = reply.get("told")
    if not isinstance(told, dict):
        raise Otherwise("told", "an object", told)
    if not told.get("quote"):
        raise Otherwise("told.quote", "an id", told.get("quote"))
    lines = [*told["lines"], *told["extras"]]
    for line in lines:
        at = f"told.lines[{line['id']}]"
        amounts = sum((Decimal(position["amount"]) for position in line["positions"]), Decimal(0))
        equal(f"{at}: positions", Decimal(line["net"]), amounts)
        equal(f"{at}: net", Decimal(line["net_before"]) - Decimal(line["discount"]), Decimal(line["net"]))
        for position in line["positions"]:
            if "name" not in position:
                exact = Decimal(position["price"]) * Decimal(position["quantity"])
                close = abs(exact - Decimal(position["amount"])) <= Decimal("0.01")
                equal(f"{at}: quantity x price = amount", True, close)
    equal("told.to_pay", sum((Decimal(line["net"]) for line in lines), Decimal(0)), Decimal(told["to_pay"]))
    off = sum((Decimal(line["discount"]) for line in lines), Decimal(0))
    equal("told.redeemed.amount", off, Decimal(told["redeemed"]["amount"]))
    return told


def same_sums(what: str, expected: Told, came: Told) -> None:
    """Two tellings of one sale."""
    for name in ("quote", "to_pay", "redeemed", "accrued", "lines", "extras"):
        equal(f"{what}: told.{name}", expected[name], came[name])
