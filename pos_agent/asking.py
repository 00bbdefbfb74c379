"""Asks the hub about members while nobody waits for it: the newest question first, for its customer stands there.

The thread's shell is here; what an answer means is decided where commands are (pos_agent/desks/hub_word.py).
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable

from pos_agent.inquiry import Heard, Inquiry
from sync.client import Patience
from sync.hub_port import AskPort, HubRefused, HubUnreachable
from sync.protocol import MemberNow, MemberRequest

log = logging.getLogger(__name__)

PATIENCE = Patience(connect_s=2.0, read_s=3.0, total_s=4.0)  # later the customer has been told something else already
WAITING_MAX = 4  # questions; a queue of people brings no more before the first is answered

Answered = Callable[[Heard], None]


class Asking:
    """`hub` gives up by itself. `store`: in which the members asked for are seen."""

    def __init__(self, hub: AskPort, *, till: str, generation: Callable[[], int], programme: str, store: str) -> None:
        self._hub = hub
        self._till = till
        self._generation = generation
        self._programme = programme
        self._store = store
        self._waiting: deque[Inquiry] = deque()
        self._news = threading.Condition()
        self._ended = False
        self._answered: Answered = lambda heard: None

    def ask(self, inquiry: Inquiry) -> None:
        """Returns at once. One that there is no room for is the oldest, and goes unanswered."""
        dropped = None
        with self._news:
            self._waiting.append(inquiry)
            if len(self._waiting) > WAITING_MAX:
                dropped = self._waiting.popleft()
            self._news.notify()
        if dropped is not None:
            self._answered(Heard(inquiry=dropped))

    def run(self, answered: Answered) -> None:
        """Until `end` is called. Every question is answered once."""
        self._answered = answered
        while (inquiry := self._next()) is not None:
            answered(Heard(inquiry=inquiry, now=self._now(inquiry)))

    def end(self) -> None:
        with self._news:
            self._ended = True
            self._news.notify_all()

    def _next(self) -> Inquiry | None:
        with self._news:
            self._news.wait_for(lambda: self._ended or bool(self._waiting))
            return None if self._ended else self._waiting.pop()

    def _now(self, inquiry: Inquiry) -> MemberNow | None:
        request = MemberRequest(
            till=self._till,
            generation=self._generation(),
            programme=self._programme,
            card=inquiry.card,
            phone=inquiry.phone,
            member=inquiry.member,
            store=self._store,
        )
        try:
            return self._hub.member(request)
        except (HubUnreachable, HubRefused) as error:
            log.info("nothing was heard of a member: %s", error)
        except Exception:  # our own mistake costs this question its answer, and nobody anything else
            log.exception("nothing was heard of a member")
        return None
