"""Tills on their real files that sell and take gift certificates, and the hub that they ask over HTTP."""

from __future__ import annotations

import itertools
import queue
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from config.printers import load_printer
from config.programmes import load_programme
from drivers.printer.document import from_json
from drivers.printer.preview import render
from hub.audit.verify import verify
from hub.build import build_hub, build_programmes
from hub.coupon_keys import told_coupon_keys
from hub.face.tills import hub_app
from hub.hub import Hub
from hub.staff.book import add
from hub.store.certificate_records import CertificateHoldRow, CertificateRow
from loyalty.operation import Key, Store, read_operation
from offline_cache.cache import Cache
from offline_cache.packed import unpack
from offline_cache.records import Answer, Page
from pos_agent.answers import Reply
from pos_agent.checkout import Checkout
from pos_agent.errands import Desk, Errand, HubErrands, HubSaid
from pos_agent.protocol import BasketLine, Pay, Prepare, SetBasket
from pos_agent.protocol_staff import SignIn
from pos_agent.staff.caller import AT_THE_TILL
from pos_agent.staff.proving import PinSaid, ProvePin
from sync.certificate_numbers_talk import CertificateNumbersTalk
from sync.client import HubClient, Patience
from tests.listed import listed
from tests.one_port import Server
from tests.pos_agent.conftest import ANNA, NOW, PHONE_KEY, member
from tests.pos_agent.conftest import DAY as DAY
from tests.speaking import speaking_as
from tests.staffed import MARK, OLGA, staff_in

ALENKA = load_programme("alenka")
WAIT_S = 60.0  # of a busy machine
PATIENCE = Patience(connect_s=WAIT_S, read_s=WAIT_S, total_s=WAIT_S)


def tea(price: str) -> BasketLine:
    return BasketLine(id="t", name="Чай", price=price, category="tea")


def gift(price: str = "1000.00", pieces: int = 1) -> BasketLine:
    return BasketLine(id="g", name="Сертификат", price=price, quantity=str(pieces), category="gift_certificate")


class Till:
    def __init__(self, folder: Path, hub: Hub, url: str, name: str) -> None:
        self.hub, self.name, self.online, self.now = hub, name, True, NOW
        (folder / name).mkdir()
        self.cache = Cache(folder / name / "till.db", name, Store(id="shop"))
        self.cache.changes.apply(
            Page(
                members=[member("anna", 500, (ANNA, "active"))],
                used_coupons=[],
                coupon_keys=_keys(hub),
                phone_hash_key=PHONE_KEY,
                watermark=Key(1, 0),
                cursor="1",
                pulled_at=NOW,
            )
        )
        speaker = speaking_as(hub, self.cache)
        self.errands = HubErrands(lambda: HubClient(url, speaker, PATIENCE), name, "alenka", WAIT_S, WAIT_S)
        self.told: list[tuple[str, HubSaid]] = []  # what nobody waited for
        self.keys = itertools.count(1)
        self.checkout = Checkout(
            self.cache,
            ALENKA,
            language="en",
            receipt_language="ru",
            is_online=lambda: self.online,
            staff=staff_in(folder / name),
            tells_hub=lambda errand: self.told.append((errand.act, self._run(errand))),
        )
        self.at(NOW)
        self._client = HubClient(url, speaker)
        CertificateNumbersTalk(self.cache, self._client, "alenka").step(0.0)

    def at(self, now: datetime) -> None:
        """It is later; the manager has signed in anew."""
        self.now = now
        assert self.do(SignIn(badge=OLGA.badge)).ok

    def _run(self, errand: Errand) -> HubSaid:
        if not self.online:
            return HubSaid(errand.act, of=errand.of)
        heard: queue.Queue[HubSaid] = queue.Queue()
        self.errands.run(errand, heard.put)
        return heard.get(timeout=WAIT_S)._replace(of=errand.of)

    def do(self, command: Any) -> Reply:
        """As the agent does it: asked for what it waits for, it comes again."""
        said: tuple[HubSaid, ...] = ()
        pins: tuple[PinSaid, ...] = ()
        key = f"key-{next(self.keys)}"
        while True:
            answer = self.checkout.ask(command, self.now, 0, AT_THE_TILL, Desk(key, said, pins))
            if isinstance(answer, ProvePin):
                pins = (*pins, answer.said())
            elif isinstance(answer, Errand):
                said = (*said, self._run(answer))
            else:
                assert isinstance(answer, Reply)
                return listed(command, answer)

    def sell(self, sale: str, *lines: BasketLine, shown: Any = (), prepared: bool = True) -> Reply:
        """A whole receipt; `shown`: commands between its goods and its payment."""
        for command in (SetBasket(sale=sale, day=DAY, lines=lines), *shown):
            reply = self.do(command)
            assert reply.ok, reply
        if prepared:
            assert self.do(Prepare(sale=sale, day=DAY)).ok
        reply = self.do(Pay(sale=sale, day=DAY))
        assert reply.ok, reply
        return reply

    def send(self) -> list[str]:
        """What waits goes to the hub."""
        waiting = self.cache.outbox(100)
        taken = self.hub.take(self.name, [text for _, text in waiting])
        assert taken.stopped is None
        self.cache.answered(
            [
                Answer(key=key, hash=one.hash, result=one.result, reason=one.reason)
                for (key, _), one in zip(waiting, taken.answers, strict=True)
            ]
        )
        return [one.reason or one.result for one in taken.answers]

    def done(self) -> list[Any]:
        """What it recorded and the hub has not heard."""
        return [read_operation(text).body for _, text in self.cache.outbox(99)]

    def papers(self, *kinds: str) -> list[str]:
        with self.cache.file.reading() as connection:
            rows = connection.execute("SELECT kind, document FROM print_jobs ORDER BY job").fetchall()
        return [
            "\n".join(render(from_json(unpack(kept)), load_printer("default"), "ru"))
            for kind, kept in rows
            if kind in kinds
        ]


def _keys(hub: Hub) -> dict[int, bytes]:
    with hub.store.reading() as reader:
        return told_coupon_keys(reader, hub.keys.coupons)


class Shop:
    def __init__(self, folder: Path, server: Server) -> None:
        self.now = NOW
        self.hub = build_hub(folder / "hub.db", build_programmes(), serving=False, now=lambda: self.now)
        for one in (OLGA, MARK):
            self.hub.within(partial(add, id=one.id, name=one.name, role=one.role, stores=(), by="test", now=NOW))
        server.app = hub_app(self.hub)
        self.tills: list[Till] = []
        self._folder, self._url = folder, server.url

    @cached_property
    def one(self) -> Till:
        return self._till("till-1")

    @cached_property
    def other(self) -> Till:
        return self._till("till-2")

    def _till(self, name: str) -> Till:
        self.tills.append(Till(self._folder, self.hub, self._url, name))
        return self.tills[-1]

    def row(self, number: str) -> CertificateRow:
        with self.hub.store.reading() as reader:
            return reader.certificates([number])[number]

    def holds(self, number: str) -> list[CertificateHoldRow]:
        with self.hub.store.reading() as reader:
            return reader.certificate_holds_of([number])

    def cases(self) -> list[tuple[str, int | None]]:
        with self.hub.store.reading() as reader:
            return [(case.kind, case.cost_kopecks) for case in reader.all_cases()]

    def faults(self) -> list[str]:
        """What `pos-hub verify` finds wrong."""
        zone = {name: programme.timezone for name, programme in self.hub.programmes.items()}
        return list(verify(self.hub.store, zone.__getitem__).faults)

    def text(self, number: str) -> str:
        return self.hub.coupon_signer().certificate(number, "alenka")

    def pin(self, number: str) -> str:
        return self.hub.certificate_pins.of(number)

    def close(self) -> None:
        for till in self.tills:
            till.cache.close()
        self.hub.close()
