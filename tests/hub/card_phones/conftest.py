"""The page of members' cards on a real port and a real ledger, and a phone that comes to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub.card_page.app import card_app
from hub.card_phones.certifying import RENEWAL_DOMAIN
from hub.card_phones.linking import Link, make_link, tell_page
from tests.hub.conftest import Office
from tests.one_port import Server

CARD = "2600000000017"


@dataclass
class Phone:
    """What the page's script does, said by a program."""

    url: str
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    id: str = ""

    @property
    def public(self) -> str:
        return self.key.public_key().public_bytes_raw().hex()

    def post(self, path: str, body: dict[str, Any], **headers: str) -> requests.Response:
        return requests.post(f"{self.url}/card/api/{path}", json=body, headers={"Origin": self.url, **headers})

    def certify(self, link: Link, **more: Any) -> requests.Response:
        answer = self.post("certify", {"link": link.id + link.secret, "key": self.public, "name": "Android", **more})
        self.id = answer.json().get("phone", self.id)
        return answer

    def renew(self, at: float, *, id: str = "") -> requests.Response:
        id = id or self.id
        signature = self.key.sign(RENEWAL_DOMAIN + f"{id}\n{int(at)}".encode())
        return self.post("renew", {"phone": id, "at": int(at), "signature": signature.hex()})


class Waited:
    """How long strangers were kept waiting; nobody waits here."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


@pytest.fixture(scope="session")
def page_server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def waited() -> Waited:
    return Waited()


@pytest.fixture
def now_s() -> list[float]:
    """The clock by which somebody asks too often."""
    return [0.0]


@pytest.fixture
def page_url(office: Office, page_server: Server, waited: Waited, now_s: list[float]) -> str:
    office.join(card=CARD, points=500, phone="+79161234567")
    page_server.app = card_app(office.hub, now_s=lambda: now_s[0], wait=waited)
    tell_page(office.hub, page_server.url)
    return page_server.url


@pytest.fixture
def link(office: Office, page_url: str) -> Callable[..., Link]:
    def made(key: str = "1", card: str = CARD) -> Link:
        return make_link(office.hub, card, key=key, by="olga")

    return made
