"""`pos-account join` and `pos-account serve` as the processes that they are, over a hub that is one, too."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from account import joining
from account.joining import NotJoined, join, own_in
from account.sessions import Sessions
from account.store.sqlite import SqliteStore
from hub.build import build_hub, build_programmes
from hub.importing import import_members
from hub.members import NewMember
from tests.hub.conftest import Served, pos_hub, serve

__all__ = ["pos_hub", "serve"]

Command = Callable[..., "subprocess.CompletedProcess[str]"]


class Running:
    def __init__(self, data: Path, hub: str, programme: str = "alenka") -> None:
        where = ("--hub", hub, "--data", str(data), "--programme", programme, "--port", "0")
        command = [sys.executable, "-m", "account", "serve", *where]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self.process.stdout is not None
        self.url: str = json.loads(self.process.stdout.readline())["url"]

    def get(self, cookie: str) -> requests.Response:
        return requests.get(self.url, cookies={"account": cookie}, timeout=20, allow_redirects=False)

    def stop(self) -> int:
        self.process.terminate()
        self.process.communicate(timeout=30)
        return self.process.returncode


@pytest.fixture
def run() -> Iterator[Callable[..., Running]]:
    started: list[Running] = []

    def make(*how: object) -> Running:
        started.append(Running(*how))  # type: ignore[arg-type]
        return started[-1]

    yield make
    for one in started:
        one.process.kill()
        one.process.communicate()


@pytest.fixture
def port() -> str:
    """Free a moment ago, and not one that the system gives by itself soon after."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return str(listener.getsockname()[1])


def account(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "account", *words], capture_output=True, text=True, timeout=60)


def code_of(pos_hub: Command) -> str:
    told = pos_hub("account", "invite", "--db", "hub.db")
    assert told.returncode == 0, told.stderr
    return next(word for word in told.stdout.split() if len(word) == 9 and word[4] == "-")


def with_anna(ledger: Path) -> None:
    hub = build_hub(ledger, build_programmes(), serving=False)
    anna = {"line": 2, "member": "anna", "card": "2600000000017", "phone": None, "points": 70, "programme": "alenka"}
    assert list(import_members(hub, [NewMember(registered=True, birthday=None, favourites=(), **anna)])) == [1]  # type: ignore[arg-type]
    hub.close()


def test_it_joins_serves_stops_and_goes_on_where_it_was(
    serve: Callable[..., Served], pos_hub: Command, run: Callable[..., Running], tmp_path: Path, port: str
) -> None:
    ledger, data = tmp_path / "hub.db", tmp_path / "account"
    with_anna(ledger)
    hub = serve(ledger, "--port", port)
    early = account("serve", "--hub", hub.url, "--data", str(data), "--programme", "alenka")
    assert early.returncode == 1 and "pos-hub account invite" in early.stderr and "Traceback" not in early.stderr
    code = code_of(pos_hub)
    wrong = account("join", "0000-0000", "--hub", hub.url, "--data", str(data))
    assert wrong.returncode == 1 and "the code is another" in wrong.stderr
    joined = account("join", code, "--hub", hub.url, "--data", str(data))
    assert joined.returncode == 0, joined.stderr
    assert (data / "account.key").stat().st_mode & 0o077 == 0
    again = account("join", code, "--hub", hub.url, "--data", str(tmp_path / "thief"))
    assert again.returncode == 1 and "refused" in again.stderr  # a code is good once

    page = run(data, hub.url)
    store = SqliteStore(data / "account-alenka.db")
    cookie, _ = Sessions(store, lambda: datetime.now(UTC)).begin("anna", "ru", "test")
    assert "70" in page.get(cookie).text
    assert page.stop() in (0, -15)
    page = run(data, hub.url)
    assert "70" in page.get(cookie).text  # who was signed in still is
    hub.stop()
    away = page.get(cookie)
    assert (away.status_code, away.headers["retry-after"]) == (503, "10") and "обновите страницу" in away.text
    serve(ledger, "--port", port)
    assert "70" in page.get(cookie).text  # with another run of the hub, whose nonces are others
    other = run(data, hub.url, "perekrestok")  # beside it, by the same key
    assert "70" in page.get(cookie).text and "Перекрёсток" in requests.get(f"{other.url}/sign-in", timeout=20).text
    assert other.get(cookie).status_code == 303  # nobody's there: each has sessions of its own
    store.close()


def test_whose_answer_was_lost_asks_again_with_the_same_code(
    serve: Callable[..., Served], pos_hub: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub, code, data = serve(tmp_path / "hub.db"), code_of(pos_hub), tmp_path / "account"
    asked = joining._asked

    def lost(*how: object) -> object:
        asked(*how)  # type: ignore[arg-type]
        raise NotJoined("the wire was cut")

    monkeypatch.setattr(joining, "_asked", lost)
    with pytest.raises(NotJoined):
        join(data, hub.url, code)
    with pytest.raises(NotJoined, match="has not joined"):
        own_in(data)
    monkeypatch.setattr(joining, "_asked", asked)
    assert join(data, hub.url, code) == own_in(data).identity
    assert [path.name for path in data.iterdir()] == ["account.key"]
