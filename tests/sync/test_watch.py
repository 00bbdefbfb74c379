"""E: a hub whose answer's head drips, and one that answers each time when nobody waits any more."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from offline_cache.cache import Cache
from sync.client import HubClient, Patience
from sync.hub_port import HubUnreachable
from sync.pages import PulledPage, read_page
from sync.retry import SLOW_S, SLOW_TIMES
from sync.worker import SyncWorker
from tests.speaking import of_a_hub_away, speaking
from tests.sync.test_pages import page

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def dripping() -> Iterator[Callable[[bytes], str]]:
    """A hub that begins with these bytes, and then says a letter now and then, until it is over."""
    over = threading.Event()
    threads: list[threading.Thread] = []

    def serve(listener: socket.socket, begun: bytes) -> None:
        with listener, listener.accept()[0] as line:
            line.sendall(begun)
            while not over.wait(0.02):
                try:
                    line.sendall(b"y")
                except OSError:
                    return

    def start(begun: bytes) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        threads.append(threading.Thread(target=serve, args=(listener, begun)))
        threads[-1].start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield start
    over.set()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize(
    "begun",
    [b"", b"HTTP/1.1 200 OK\r\nX-Long: ", b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"],
    ids=["status", "head", "body"],
)
def test_e_an_answer_that_drips_is_given_up_when_its_time_is_over(
    dripping: Callable[[bytes], str], begun: bytes
) -> None:
    client = HubClient(dripping(begun), speaking(of_a_hub_away("t1")), Patience(connect_s=20, read_s=20, total_s=0.2))
    with pytest.raises(HubUnreachable, match="time ran out") as gone:
        client.goods(after="", limit=1, store="", scope="")
    assert gone.value.code == "unreachable"
    client.close()


class SlowHub:
    """Answers pages after so many seconds of the till's clock."""

    def __init__(self) -> None:
        self.now = NOW
        self.takes_s = 0.0

    def changes(self, **asked: Any) -> PulledPage:
        self.now += timedelta(seconds=self.takes_s)
        return read_page(page(at=self.now.isoformat()))


def test_e_a_hub_that_takes_so_long_that_nobody_waits_is_offline_and_its_word_is_kept(tmp_path: Path) -> None:
    cache, hub = Cache(tmp_path / "till.db", "t1"), SlowHub()
    worker = SyncWorker(cache, hub, programme="alenka", jitter=lambda: 0.0, clock=lambda: hub.now)  # type: ignore[arg-type]
    worker._goods._due_s = float("inf")
    hub.takes_s = SLOW_S
    seen = []
    for _ in range(SLOW_TIMES + 1):
        worker.step(0.0)
        seen.append(worker.state.online)
    assert seen == [True] * (SLOW_TIMES - 1) + [False, False]
    assert worker.state.code == "slow" and "in a row" in worker.state.cause and worker.state.failures == 0
    assert cache.changes.feed().cursor == "9", "what it says is kept all the same"
    hub.takes_s = 0.1
    worker.step(0.0)
    assert worker.state.online and worker.state.code == ""
    cache.close()
