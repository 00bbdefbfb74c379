"""Two whole tills of one shop, and no hub: each asks the other over the wire before it tells of points (SEC10)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from loyalty.operation import Key
from offline_cache.cache import Cache
from offline_cache.records import Page
from tests.pos_agent.conftest import BORIS, PHONE_KEY, member
from tests.pos_agent.guests import free_port
from tests.pos_agent.running import TIMEOUT_S, running

LINES = [{"id": "1", "name": "Чайник", "price": "2000.00", "quantity": "1", "category": "chocolate"}]


@dataclass
class Till:
    url: str
    token: str
    number: int = 0

    def do(self, **command: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        return requests.post(f"{self.url}/v1/commands", json=command, headers=headers, timeout=TIMEOUT_S).json()

    def ready(self) -> None:
        self.number += 1
        self.do(do="basket", sale=str(self.number), lines=LINES)
        self.do(do="code", sale=str(self.number), text=BORIS)

    def redeemed(self) -> int:
        """All that may be, on the receipt in front."""
        reply = self.do(do="redeem", sale=str(self.number))
        assert reply["ok"], reply
        return int(reply["told"]["redeemed"]["points"])

    def end(self, do: str) -> None:
        assert self.do(do=do, sale=str(self.number))["ok"]


def till_in(folder: Path, name: str, points: int) -> None:
    (folder / "data").mkdir(parents=True)
    cache = Cache(folder / "data" / "till.db", name)
    cache.changes.apply(
        Page(
            members=[member("boris", points, (BORIS, "active"))],
            used_coupons=[],
            coupon_keys={},
            phone_hash_key=PHONE_KEY,
            watermark=Key(1, 0),
            cursor="1",
            pulled_at=datetime.now(UTC),
        )
    )
    cache.close()


@pytest.fixture
def tills(tmp_path: Path) -> Iterator[tuple[Till, Till]]:
    """600 points."""
    ports = [free_port(), free_port()]
    list_of = ", ".join(f'"http://127.0.0.1:{port}"' for port in ports)
    with ExitStack() as stack:
        found = []
        for place, port in enumerate(ports, start=1):
            till_in(tmp_path / f"{place}", f"till-{place}", 600)
            more = f'[neighbours]\nlisten = "127.0.0.1:{port}"\ntills = [{list_of}]\nsecret = "{"s" * 32}"\n'
            found.append(Till(*stack.enter_context(running(tmp_path / f"{place}", till=f"till-{place}", more=more))))
        yield found[0], found[1]


def test_sec10_of_600_points_two_tills_without_a_hub_spend_600_and_no_1000(tills: tuple[Till, Till]) -> None:
    """The offline rules alone let each spend 300 with a receipt and 500 on a day."""
    one, other = tills
    one.ready()
    assert one.redeemed() == 300
    one.end("pay")
    one.ready()
    assert one.redeemed() == 200
    other.ready()
    reply = other.do(do="redeem", sale="1")
    assert reply["told"]["redeemed"]["points"] == 100
    assert "the rest is being spent on another receipt" in reply["text"]
    assert "No answer" not in reply["text"]
    one.end("pay")
    other.end("pay")


def test_what_one_cancels_the_other_may_spend(tills: tuple[Till, Till]) -> None:
    one, other = tills
    for till in (one, other):
        till.ready()
    assert (one.redeemed(), other.redeemed()) == (300, 200), "500 of a day at all tills that answer"
    one.end("cancel")
    other.end("pay")
    one.ready()
    assert one.redeemed() == 300


def test_a_till_that_is_off_is_named_and_the_offline_rules_are_all_there_is(tmp_path: Path) -> None:
    gone = free_port()
    till_in(tmp_path, "till-1", 600)
    more = f'[neighbours]\nlisten = "127.0.0.1:{free_port()}"\nsecret = "{"s" * 32}"\n'
    more += f'tills = ["http://127.0.0.1:{gone}"]\n'
    with running(tmp_path, more=more) as till:
        one = Till(*till)
        one.ready()
        reply = one.do(do="redeem", sale="1")
        assert reply["told"]["redeemed"]["points"] == 300
        assert f"No answer from the tills 127.0.0.1:{gone}" in reply["text"]
