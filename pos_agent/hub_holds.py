"""Asking the hub for points while a cashier waits: the answer, or the silence, comes back within RESERVE_S."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

from pos_agent.holds import RESERVE_S, HoldAnswer, answer_of
from pos_agent.in_time import Questions
from sync.client import HubClient, Patience
from sync.hub_port import AskPort, HubRefused, HubUnreachable
from sync.identity import Speaker
from sync.protocol import HoldRequest

OPEN_MAX = 4  # questions that the hub has not answered yet, also those that nobody waits for any more
SHORT = Patience(connect_s=RESERVE_S, read_s=RESERVE_S, total_s=RESERVE_S)

log = logging.getLogger(__name__)


def hurried(url: str, speaker: Speaker | None) -> HubClient:
    """A client that gives up as soon as nobody waits any more."""
    return HubClient(url, speaker, SHORT)


class Silence(NamedTuple):
    """So many questions in a row had no answer in time, the last one then."""

    questions: int = 0
    at: datetime | None = None


class HubHolds:
    """`connect` makes a client, each of which is used by one question at a time and then by the next, so that its
    connection is there already."""

    def __init__(
        self,
        connect: Callable[[], AskPort],
        wait_s: float = RESERVE_S,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._connect = connect
        self.questions = Questions[HoldAnswer]("hold", OPEN_MAX, wait_s)
        self._clock = clock
        self.silence = Silence()
        self._idle: list[AskPort] = []

    def ask(self, request: HoldRequest, answered: Callable[[HoldAnswer], None]) -> None:
        """Starts asking and comes back; `answered` is called once, from another thread or from this one. Where too
        many questions are open already, this one has no answer."""
        silent = HoldAnswer(request.hold)
        self.questions.ask(
            lambda: self._asked(request), lambda answer: answered(self._noted(answer)), late=silent, full=silent
        )

    def _asked(self, request: HoldRequest) -> HoldAnswer:
        try:
            return self._of_hub(request)
        except (HubUnreachable, HubRefused) as error:
            log.info("hold %s: %s", request.hold, error)
            return HoldAnswer(request.hold)

    def _noted(self, answer: HoldAnswer) -> HoldAnswer:
        if answer.points is None:
            self.silence = Silence(self.silence.questions + 1, self._clock())
        else:
            self.silence = Silence()
        return answer

    def _of_hub(self, request: HoldRequest) -> HoldAnswer:
        client = self._client()
        answer = answer_of(request, client.hold(request))
        self._idle.append(client)  # one that failed is let go: what it still hears is the answer to another question
        return answer

    def _client(self) -> AskPort:
        try:
            return self._idle.pop()
        except IndexError:
            return self._connect()
