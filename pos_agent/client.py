"""The agent's HTTP face from the other side: for `pos-agent status`, the demo, and any POS written in Python."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import requests

from pos_agent.api import REPLY_TIMEOUT_S
from pos_agent.tokens import token_in

CONNECT_TIMEOUT_S = 2.0


class AgentUnreachable(Exception):
    """No agent answers there."""


class AgentClient:
    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["Authorization"] = f"Bearer {token}"

    @classmethod
    def of_data(cls, port: int, data: Path) -> AgentClient:
        """The agent on this machine whose data directory this is."""
        try:
            token = token_in(data).read_text(encoding="ascii").strip()
        except OSError as error:
            raise AgentUnreachable(
                f"{token_in(data)}: {error.strerror}. Has the agent run with these settings?"
            ) from None
        return cls(f"http://127.0.0.1:{port}", token)

    def do(self, command: dict[str, Any]) -> dict[str, Any]:
        """Send a command; the reply as {"ok", "code", "text"}."""
        return self._call("POST", "/v1/commands", json=command)

    def visit(self, after: int = -1, wait_s: float = 0.0) -> dict[str, Any]:
        return self._call("GET", "/v1/visit", params={"after": after, "wait_s": wait_s})

    def status(self) -> dict[str, Any]:
        return self._call("GET", "/v1/status")

    def _call(self, method: str, path: str, **how: Any) -> dict[str, Any]:
        timeout = (CONNECT_TIMEOUT_S, REPLY_TIMEOUT_S + CONNECT_TIMEOUT_S)
        try:
            response = self._session.request(method, self.url + path, timeout=timeout, **how)
            answer: dict[str, Any] = response.json()
        except (requests.RequestException, ValueError) as error:
            raise AgentUnreachable(f"No agent answers at {self.url}. Is it running?") from error
        if "error" in answer:
            raise AgentUnreachable(f"The agent at {self.url} refused: {answer['error']}.")
        return answer
