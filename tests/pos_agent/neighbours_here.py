"""Tills of one shop, as far as their neighbours see them: real files, real listeners, and the secret."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from loyalty.bodies import Accrued, Redeemed, Sale, SaleNumber
from loyalty.operation import Key
from loyalty.snapshot import LotSnapshot, MemberSnapshot
from loyalty.utc import utc_text
from offline_cache.cache import Cache, Rules
from offline_cache.records import Page
from pos_agent.neighbours.asking import Address
from pos_agent.neighbours.claims import Held
from pos_agent.neighbours.neighbours import Neighbours
from pos_agent.neighbours.shop import Shop
from sync.protocol import HoldReply, HoldRequest

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SECRET = b"s" * 32
UNTIL = NOW + timedelta(minutes=35)
WAITS_S = 8.0  # a machine that runs many tests may be slow; a till that is gone refuses at once
Answer = tuple[HoldReply | None, tuple[str, ...]]
RULES = Rules(programme="alenka", programme_hash="a" * 64)


def anna(points: int, member: str = "anna") -> MemberSnapshot:
    begun = utc_text(NOW - timedelta(days=1))
    return MemberSnapshot(member=member, cards=(), lots=(LotSnapshot(id="told", points=points, active_from=begun),))


def pull(cache: Cache, points: int, at: datetime = NOW, watermark: int = 0, complete: bool = True) -> None:
    cache.changes.apply(
        Page(
            members=[anna(points)],
            used_coupons=[],
            coupon_keys={},
            phone_hash_key=b"k" * 32,
            watermark=Key(1, watermark),
            cursor=utc_text(at)[:19],
            pulled_at=at if complete else None,
            at=at,
        )
    )


def sell(cache: Cache, redeemed: int, hold: str | None = None, accrued: int = 0, at: datetime = NOW) -> None:
    number = SaleNumber(day="2026-03-02", number=f"{cache.till}-{cache.outbox_length()}-{hold}-{at:%f}")
    sale = Sale(
        sale=number,
        lines=(),
        total_kopecks=0,
        paid_kopecks=0,
        member="anna",
        redeemed=Redeemed(points=redeemed, hold=hold),
        accrued=Accrued(points=accrued, active_from=utc_text(at), expires_at=None),
    )
    cache.record([sale], sale=number, rules=RULES, papers=lambda made: [], at=at)


def request(till: str, points: int, hold: str = "h1", replaces: str | None = None) -> HoldRequest:
    return HoldRequest(
        till=till,
        programme="alenka",
        member="anna",
        hold=hold,
        points=points,
        until=utc_text(UNTIL),
        replaces=replaces,
    )


class TillHere:
    def __init__(self, folder: Path, name: str, listener: socket.socket, tills: list[Address], secret: bytes) -> None:
        self.cache = Cache(folder / f"{name}.db", name)
        self.now = NOW
        self.held: dict[str, Held] = {}
        self.shop = Shop(self.cache, "alenka", lambda: self.now)
        self.neighbours = Neighbours(self.shop, secret, tills, listener, lambda: self.now, "en", answer_s=WAITS_S)

    def ask(self, points: int, hold: str = "h1", replaces: str | None = None) -> Answer:
        answer: Future[Answer] = Future()
        self.neighbours.own(self.held, {hold})
        wanted = request(self.cache.till, points, hold, replaces)
        self.neighbours.reserve(wanted, lambda reply, silent: answer.set_result((reply, silent)))
        reply, silent = answer.result(10)
        if reply is not None:
            self.held.pop(replaces or "", None)
            self.held[hold] = Held("anna", reply.points, UNTIL)
        self.claims()
        return reply, silent

    def claims(self, **held: int) -> None:
        """What its receipts say."""
        self.held |= {hold: Held("anna", points, UNTIL) for hold, points in held.items()}
        self.neighbours.own(self.held, ())

    def ends(self) -> None:
        """All its receipts are closed."""
        self.held.clear()
        self.claims()

    def close(self) -> None:
        self.neighbours.stop()
        self.cache.close()


def listening() -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen(16)
    return listener


@contextmanager
def tills_of_a_shop(folder: Path, *secrets: bytes, points: int = 600) -> Iterator[list[TillHere]]:
    """One for each secret; each has the whole list, itself in it."""
    listeners = [listening() for _ in secrets]
    addresses = [Address(*listener.getsockname()) for listener in listeners]
    tills = [
        TillHere(folder, f"till-{number}", listener, addresses, secret)
        for number, (listener, secret) in enumerate(zip(listeners, secrets, strict=True), start=1)
    ]
    for till in tills:
        pull(till.cache, points)
        till.neighbours.start()
    try:
        yield tills
    finally:
        for till in tills:
            till.close()
