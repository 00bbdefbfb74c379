"""The agent's HTTP face from the other side: for `pos-agent status`, the demo, and any POS written in Python."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec
import requests

from loyalty.programme import Language
from pos_agent.answers import Problem, Reply, ToldReturn, ToldSale
from pos_agent.office_words import say_office
from pos_agent.problems import MEDIA_TYPE
from pos_agent.protocol import REPLY_TIMEOUT_S, Command, OfReceipt, ReturnGoods
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


class TillProblem(Exception):
    """The till did not do it: `problem` has the code, the cashier's text, and all that the till said besides."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.code}: {problem.text}")
        self.problem = problem
        self.code = problem.code


class AgentClient:
    """A refusal is an answer of `do`, and a TillProblem of `done`, `told` and `returned`. Where no answer comes it is
    AgentUnreachable: whoever named the sale may send the same again."""

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
        return self._read(self._command(command), Reply)

    def done(self, command: Command) -> Reply:
        """Raises TillProblem."""
        response = self._command(command)
        if response.headers.get("content-type") == MEDIA_TYPE:
            raise TillProblem(self._read(response, Problem))
        return self._read(response, Reply)

    def told(self, command: OfReceipt) -> ToldSale:
        """What the receipt comes to, or what was recorded. Raises TillProblem; ValueError of one without lines."""
        reply = self.done(command)
        if reply.told is None:
            raise ValueError(f"{reply.code}: there is nothing to pay yet")
        return reply.told

    def returned(self, command: ReturnGoods) -> ToldReturn:
        """Raises TillProblem."""
        reply = self.done(command)
        assert reply.returned is not None, "a return that is not refused is told"
        return reply.returned

    def visit(self, after: int = -1, wait_s: float = 0.0) -> Look:
        return self._read(self._send("GET", "/v1/visit", params={"after": str(after), "wait_s": str(wait_s)}), Look)

    def status(self) -> Status:
        return self._read(self._send("GET", "/v1/status"), Status)

    def _command(self, command: Command) -> requests.Response:
        return self._send("POST", "/v1/commands", data=msgspec.json.encode(command))

    def _send(
        self, method: str, path: str, *, data: bytes | None = None, params: dict[str, str] | None = None
    ) -> requests.Response:
        timeout = (CONNECT_TIMEOUT_S, REPLY_TIMEOUT_S + CONNECT_TIMEOUT_S)
        headers = JSON if data is not None else None
        try:
            response = self._session.request(
                method, self.url + path, timeout=timeout, data=data, headers=headers, params=params
            )
        except requests.RequestException as error:
            raise AgentUnreachable("agent_away", url=self.url) from error
        if response.status_code in PROBLEMS:
            raise AgentRefused("agent_refused", url=self.url, why=self._read(response, Problem).text)
        return response

    def _read(self, response: requests.Response, kind: type[_T]) -> _T:
        try:
            return msgspec.json.decode(response.content, type=kind)
        except ValueError as error:  # msgspec's own error is one; what answers there is no agent
            raise AgentUnreachable("agent_away", url=self.url) from error
