"""A running till with its guest's side, for tests of the face and of the page."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import requests

from pos_agent.page.pairing import Role, new_link
from tests.pos_agent.running import TIMEOUT_S

T = TypeVar("T")
LINES = [{"id": "1", "name": "Tea", "price": "100.00", "quantity": "3", "category": "tea"}]
JSON = {"Content-Type": "application/json"}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@dataclass
class Till:
    url: str
    token: str
    data: Path
    tablet: str  # host:port
    sale: int = 0

    def pos(self, **command: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        return requests.post(f"{self.url}/v1/commands", json=command, headers=headers, timeout=TIMEOUT_S).json()

    def get(self, path: str) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        return requests.get(self.url + path, headers=headers, timeout=TIMEOUT_S).json()

    def browser(self, role: Role, url: str | None = None) -> Browser:
        """One that was let in, as the pairing page does it."""
        session = requests.Session()
        url = url or self.url
        link = new_link(self.data, role, time.time())
        session.post(f"{url}/pair/open", json={"key": link}, timeout=TIMEOUT_S).raise_for_status()
        return Browser(session, url)


@dataclass
class Browser:
    session: requests.Session
    url: str

    def get(self, path: str, **how: Any) -> requests.Response:
        return self.session.get(self.url + path, timeout=TIMEOUT_S, **how)

    def state(self) -> Any:
        """The newest, as on opening the page."""
        with self.get("/guest/events", stream=True) as answer:
            answer.raise_for_status()
            lines = answer.iter_lines(decode_unicode=True)
            return json.loads(next(line for line in lines if line.startswith("data: {")).removeprefix("data: "))

    def send(self, do: str, **more: Any) -> requests.Response:
        return self.raw({"do": do, "turn": self.state()["turn"]} | more)

    def raw(self, body: Any, **headers: str) -> requests.Response:
        text = body if isinstance(body, str) else json.dumps(body)
        return self.session.post(
            f"{self.url}/guest/commands", data=text.encode(), headers=JSON | headers, timeout=TIMEOUT_S
        )


def until(what: str, condition: Callable[[], T]) -> T:
    deadline_s = time.monotonic() + TIMEOUT_S
    while not (found := condition()):
        assert time.monotonic() < deadline_s, f"never: {what}"
    return found
