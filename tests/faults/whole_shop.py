"""A whole agent as a process, whose disk is what a fault makes of it, and its hub in this process: both real, over
HTTP."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import requests

from config.settings import load_settings
from hub.build import build_hub, build_programmes
from hub.face.tills import hub_app
from hub.hub import Hub
from hub.importing import import_members
from hub.members import NewMember
from loyalty.bodies import Sale
from loyalty.operation import read_operation
from offline_cache.lease import Lease
from pos_agent.identity import bond_of, keep_identity
from pos_agent.keys import keys_of
from pos_agent.machine import machine
from pos_agent.parts import own_cache
from tests.one_port import Server
from tests.speaking import joined

TILL: Final = "till-1"
CARD: Final = "2600000000017"
POINTS: Final = 1_000
CALL_S: Final = 60.0  # a slow disk is slow
WAIT_S: Final = 30.0  # for what comes by itself
LOOK_S: Final = 0.05  # between two looks at whether it has come
LINES: Final = [{"id": "1", "name": "Чайник", "price": "200.00", "category": "chocolate"}]


class WholeShop:
    """`data`: where the till's files lie."""

    def __init__(self, folder: Path, data: Path, *, more: str = "") -> None:
        self.data = data
        self._server = Server()
        self.hub: Hub = build_hub(folder / "hub.db", build_programmes(), serving=True)
        self._server.app = hub_app(self.hub)
        assert list(import_members(self.hub, [_anna()])) == [1]
        self._settings = folder / "pos-agent.toml"
        self._settings.write_text(
            f'till = "{TILL}"\nprogramme = "alenka"\ndata = "{data}"\nkeys = "{folder / "keys"}"\nlanguage = "ru"\n'
            f'[hub]\nurl = "{self._server.url}"\n[api]\nport = 0\n{more}',
            encoding="utf-8",
        )
        self._join()

    def _join(self) -> None:
        settings = load_settings(self._settings)
        settings.kept_in.mkdir(parents=True, exist_ok=True)
        cache = own_cache(settings)
        identity = joined(self.hub, TILL, cache.file_id, 1)
        keep_identity(keys_of(settings), identity)
        cache.leases.keep(Lease(generation=1, bond=bond_of(identity, machine())), asked=cache.generation)
        cache.close()

    @contextmanager
    def running(self, before: Sequence[str] = ()) -> Iterator[Agent]:
        """The agent; `before`: what its command stands behind."""
        command = [*before, sys.executable, "-P", "-m", "pos_agent", "run", "--config", str(self._settings)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8", start_new_session=True)
        try:
            yield Agent(process, self.data)
        finally:
            _end(process)

    def sales(self) -> list[str]:
        """The numbers that the hub has, as often as it has them."""
        with self.hub.store.reading() as reader:
            bodies = [read_operation(kept.text).body for kept in reader.all_operations()]
        return [body.sale.number for body in bodies if isinstance(body, Sale)]

    def points(self) -> int:
        return self.hub.balances("alenka")["anna"]

    def close(self) -> None:
        self._server.close()
        self.hub.close()


def _end(process: subprocess.Popen[str]) -> None:
    """With whatever it stands behind: strace itself waits for what it traces."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    process.wait(WAIT_S)


def _anna() -> NewMember:
    return NewMember(
        line=2,
        programme="alenka",
        card=CARD,
        phone=None,
        points=POINTS,
        registered=True,
        birthday=None,
        favourites=(),
        member="anna",
    )


class Agent:
    """What a POS and a cashier see of it; `heard`: what the terminal said."""

    def __init__(self, process: subprocess.Popen[str], data: Path) -> None:
        assert process.stdout is not None
        self.url = str(json.loads(process.stdout.readline())["url"])
        self.heard: list[str] = []
        self._process = process
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {(data / 'api-token').read_text('ascii').strip()}"
        threading.Thread(target=self._hear, daemon=True).start()

    def _hear(self) -> None:
        assert self._process.stdout is not None
        self.heard.extend(self._process.stdout)

    def do(self, do: str, **more: Any) -> dict[str, Any]:
        answer = self._session.post(f"{self.url}/v1/commands", json={"do": do, **more}, timeout=CALL_S)
        told: dict[str, Any] = answer.json()
        return told

    def status(self) -> dict[str, Any]:
        told: dict[str, Any] = self._session.get(f"{self.url}/v1/status", timeout=CALL_S).json()
        return told

    def troubles(self) -> list[str]:
        return [trouble["code"] for trouble in self.status()["troubles"]]

    def ready(self, sale: str) -> dict[str, Any]:
        """The goods and the card are on the receipt."""
        self.do("basket", sale=sale, lines=LINES)
        return self.do("code", sale=sale, text=CARD)

    def sell(self, sale: str) -> dict[str, Any]:
        self.ready(sale)
        return self.do("pay", sale=sale)

    def until(self, what: str, condition: Callable[[], bool]) -> None:
        until_s = time.monotonic() + WAIT_S
        while not condition():
            assert time.monotonic() < until_s, f"never: {what}; {self.status()}"
            time.sleep(LOOK_S)

    def until_sent(self) -> None:
        self.until("the outbox is empty", lambda: self.status()["outbox"] == 0)

    @property
    def pid(self) -> int:
        return self._process.pid

    def lives(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
