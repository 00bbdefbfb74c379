"""The agent's HTTP face from the other side: for `pos-agent status`, the demo, and any POS written in Python."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec
import requests

from loyalty.programme import Language
from pos_agent.answers import Problem, Reply
from pos_agent.office_words import say_office
from pos_agent.protocol import REPLY_TIMEOUT_S, Command
from pos_agent.status import Look, Status
from pos_agent.tokens import token_in

CONNECT_TIMEOUT_S = 2.0
JSON = {"Content-Type": "application/json"}
PROBLEMS = (401, 403, 415, 421)  # the agent does not talk to us

_T = TypeVar("_T")


class AgentUnreachable(Exception):
    """No agent answers there."""

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(say_office(code, "en", **facts))
        self.code = code
        self.facts = facts

    def text(self, language: Language) -> str:
        return say_office(self.code, language, **self.facts)


class AgentRefused(AgentUnreachable):
    """One answers there, and does not talk to us."""


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
        except OSError:
            raise AgentUnreachable("agent_has_no_token", file=str(token_in(data))) from None
        return cls(f"http://127.0.0.1:{port}", token)

    def do(self, command: Command) -> Reply:
        return self._call("POST", "/v1/commands", Reply, data=msgspec.json.encode(command), headers=JSON)

    def visit(self, after: int = -1, wait_s: float = 0.0) -> Look:
        return self._call("GET", "/v1/visit", Look, params={"after": str(after), "wait_s": str(wait_s)})

    def status(self) -> Status:
        return self._call("GET", "/v1/status", Status)

    def _call(
        self,
        method: str,
        path: str,
        answer: type[_T],
        *,
        data: bytes | None = None,
        headers: dict[str, str] | None = None,
        params: dict[str, str] | None = None,
    ) -> _T:
        timeout = (CONNECT_TIMEOUT_S, REPLY_TIMEOUT_S + CONNECT_TIMEOUT_S)
        try:
            response = self._session.request(
                method, self.url + path, timeout=timeout, data=data, headers=headers, params=params
            )
            if response.status_code in PROBLEMS:
                problem = msgspec.json.decode(response.content, type=Problem)
                raise AgentRefused("agent_refused", url=self.url, why=problem.text)
            return msgspec.json.decode(response.content, type=answer)
        except (requests.RequestException, ValueError) as error:  # msgspec's own error is one
            raise AgentUnreachable("agent_away", url=self.url) from error
