"""A till's file, a real hub behind HTTP on a port of its own, and a network that says whatever a test wants."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from config.programmes import load_programme
from hub.build import build_hub, build_programmes
from hub.face.tills import hub_app
from hub.hub import Hub
from hub.importing import import_members
from hub.members import NewMember
from loyalty.bodies import Accrued, Sale, SaleNumber, SoldLine
from loyalty.lots import balance
from loyalty.programme import Programme
from offline_cache.cache import Cache, Rules
from sync.client import PATIENT, HubClient, Patience
from sync.identity import Identity, OwnFile
from sync.private import sealed_to
from sync.signed import Answerer, sign_answer
from sync.worker import SyncWorker
from tests.one_port import Server
from tests.speaking import joined, speaking
from tests.sync.wire import read_message

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ALENKA = load_programme("alenka")


class Shop:
    """One till and its hub, each with its own file."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.cache = Cache(folder / "till.db", "t1")
        self.hub = build_hub(folder / "hub.db", build_programmes(), serving=True, now=lambda: NOW)
        server.app = hub_app(self.hub)
        self.url = server.url
        self._identities: dict[str, Identity] = {}
        self._clients: list[HubClient] = []

    def close(self) -> None:
        for client in self._clients:
            client.close()
        self.hub.close()
        self.cache.close()

    def join(self, *members: str, points: int = 100, favourites: tuple[str, ...] = ()) -> None:
        """Members come to the hub by import."""
        rows = [
            NewMember(
                line=number,
                programme="alenka",
                card=f"card{member}",
                phone=None,
                points=points,
                registered=True,
                birthday=None,
                favourites=favourites,
                member=member,
            )
            for number, member in enumerate(members, start=2)
        ]
        assert len(list(import_members(self.hub, rows))) == len(members)

    def client(self, url: str | None = None, patience: Patience = PATIENT) -> HubClient:
        """Of the till whose file this is, which has joined."""
        cache = self.cache
        if cache.till not in self._identities:
            self._identities[cache.till] = joined(self.hub, cache.till, cache.file_id)
        file = "" if cache.training else cache.file_id
        speaker = speaking(self._identities[cache.till], lambda: OwnFile(file, cache.generation))
        self._clients.append(HubClient(url or self.url, speaker, patience))
        return self._clients[-1]

    def worker(
        self, url: str | None = None, jitter: float = 0.0, off: timedelta = timedelta(), patience: Patience = PATIENT
    ) -> SyncWorker:
        """`off`: how far this till's clock is ahead."""
        client = self.client(url, patience)
        return SyncWorker(self.cache, client, programme="alenka", jitter=lambda: jitter, clock=lambda: NOW + off)

    def sell(
        self,
        number: int,
        *,
        member: str = "anna",
        earned: int = 0,
        lines: tuple[SoldLine, ...] = (),
        rules: Programme = ALENKA,
    ) -> None:
        sale = SaleNumber(day="2026-03-02", number=str(number))
        total = sum(line.net_kopecks for line in lines) or 1_000
        body = Sale(
            sale=sale,
            member=member,
            card=None,
            link="offline",
            lines=lines,
            total_kopecks=total,
            paid_kopecks=total,
            accrued=Accrued(points=earned),
        )
        rules_of = Rules(programme="alenka", programme_hash=rules.content_hash)
        self.cache.record([body], sale=sale, rules=rules_of, papers=lambda made: [], at=NOW)

    @staticmethod
    def drain(worker: SyncWorker) -> None:
        """Until the till has nothing more to say and the hub nothing more to tell."""
        for _ in range(200):
            if worker.step(0.0) > 0.0:
                return
        raise AssertionError("the till and the hub never come to rest")

    def till_points(self, member: str = "anna") -> int:
        found = self.cache.members.member(member)
        assert found is not None
        return balance(found.standing(ALENKA).account, NOW)

    def hub_operations(self) -> int:
        with self.hub.store.reading() as reader:
            return sum(kept.chain == "t1" for kept in reader.all_operations())


@pytest.fixture
def shop(tmp_path: Path, server: Server) -> Iterator[Shop]:
    shop = Shop(tmp_path, server)
    yield shop
    shop.close()


Answering = Callable[[socket.socket, bytes], None]


class Network:
    """A port where somebody else answers, or nobody. `answer` gets the connection and the whole request."""

    def __init__(self, answer: Answering) -> None:
        self._answer = answer
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.requests: list[bytes] = []
        self.closing = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with client, suppress(OSError):  # the till may hang up at any moment
                request = read_message(client)
                if request:
                    self.requests.append(request)
                    self._answer(client, request)

    def close(self) -> None:
        self.closing.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()


Open = Callable[["Answering | bytes | Said"], Network]


@pytest.fixture
def network() -> Iterator[Open]:
    opened: list[Network] = []

    def make(answer: Answering | bytes | Said) -> Network:
        def say(client: socket.socket, request: bytes) -> None:
            assert isinstance(answer, (bytes, Said))
            client.sendall(answer if isinstance(answer, bytes) else answer.to(request))

        opened.append(Network(say if isinstance(answer, (bytes, Said)) else answer))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


@pytest.fixture
def ask() -> Callable[[str, bytes], bytes]:
    """A request over a connection of its own; the whole answer."""

    def send(url: str, request: bytes) -> bytes:
        host, _, port = url.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), timeout=20) as connection:
            connection.sendall(request)
            return read_message(connection)

    return send


@dataclass(frozen=True)
class Said:
    """What a hub answers: whatever a test wants it to say, and signed by its key."""

    hub: Hub
    status: str
    body: bytes
    fields: dict[str, Any]
    key: Ed25519PrivateKey | None = None  # another's

    def to(self, request: bytes) -> bytes:
        """As bytes of HTTP, to this request."""
        (id,) = re.findall(rb"(?im)^pos-request: (\S+)\r$", request)
        (till,) = re.findall(rb"(?im)^pos-asker: till=([^&]*)&", request) or (b"",)
        answerer = Answerer(self.hub.ledger, self.hub.epoch, "nonce", id.decode(), till.decode())
        body = _sealed(self.body, request)
        signed = sign_answer(self.key or self.hub.keys.signer, answerer, int(self.status[:3]), body)
        return http_answer(body, self.status, **signed, **self.fields)


def _sealed(body: bytes, request: bytes) -> bytes:
    """The key of phones in it is for the till that asks, and for nobody else."""
    ears = re.findall(rb"[?&]seal_to=([0-9a-f]{64})", request)
    if not ears:
        return body

    def seal(found: re.Match[bytes]) -> bytes:
        return found[1] + sealed_to(ears[0].decode(), found[2].decode()).encode()

    return re.sub(rb'("phone_hash_key":")((?:[0-9a-f]{2})+)', seal, body)


def http_answer(body: bytes, status: str = "200 OK", **fields: Any) -> bytes:
    """As bytes, said by nobody."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


Reply = Callable[..., Said]


@pytest.fixture
def reply(shop: Shop) -> Reply:
    """An answer of the shop's hub."""

    def make(body: bytes, status: str = "200 OK", **fields: Any) -> Said:
        return Said(shop.hub, status, body, fields)

    return make
