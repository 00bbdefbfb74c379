"""F12, F13, F14: requests that are late, cut, torn, doubled, held back and out of order, between real tills and a real
hub; whatever the link did, in the end each operation stands at the hub once, and all know the same.

The seed is printed; `POS_TEST_SEED=…` repeats it. `python -m tests.faults.link_story SECONDS` goes on for longer.
"""

from __future__ import annotations

import os
import random
import threading
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
import requests
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tests.faults.link import BAD, BadLink, Deed
from tests.faults.link_story import Story
from tests.one_port import Server

CALL_S: Final = 20.0
LETTERS: Final = 2_000  # so many that half a message ends in its body
HEARD: Final[dict[Deed, list[str]]] = {  # of requests 1 and 2, where the link does this to the first
    "pass": ["1", "2"],
    "slow": ["1", "2"],
    "lost": ["2"],
    "cut": ["2"],
    "silent": ["1", "2"],
    "torn": ["1", "2"],
    "twice": ["1", "1", "2"],
    "kept": ["1", "2", "1"],
    "held": ["2", "1"],
    "old": ["1", "2"],
}
ANSWERED: Final = ("pass", "slow", "twice", "kept", "old")


def test_f12_f13_f14_what_the_link_did_is_nothing_that_anybody_knows_of_in_the_end(tmp_path: Path) -> None:
    seed = int(os.environ.get("POS_TEST_SEED") or random.SystemRandom().randrange(10**9))
    print(f"POS_TEST_SEED={seed}")
    story = Story(tmp_path, seed)
    try:
        story.run()
        story.check()
    finally:
        story.close()
    assert sum(story.link.done[deed] for deed in BAD) > story.deeds // 4, story.link.done


class Echo:
    """A server that remembers what it heard whole, and answers with it."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self._writing = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = (await Request(scope, receive).body()).decode()
        with self._writing:
            self.heard.append(body[:1])
        await Response(body)(scope, receive, send)


@pytest.fixture
def echo(server: Server) -> Echo:
    server.app = echo = Echo()
    return echo


class Told:
    """A plan that is told: this becomes of the first request, and nothing of the others."""

    def __init__(self, deed: Deed) -> None:
        self._deeds = deque([deed])

    def next(self) -> Deed:
        return self._deeds.popleft() if self._deeds else "pass"

    def comes_again(self, kept: int) -> int | None:
        return None


@pytest.fixture
def link(server: Server) -> Iterator[BadLink]:
    link = BadLink(int(server.url.rpartition(":")[2]))
    yield link
    link.close()


@pytest.mark.parametrize("deed", HEARD)
def test_the_link_does_what_it_says(deed: Deed, echo: Echo, link: BadLink) -> None:
    link.plan = Told(deed)
    answers = [_said(link.url, text) for text in ("1", "2")]
    link.calm()
    assert echo.heard == HEARD[deed]
    assert answers == ["1" if deed in ANSWERED else None, "2"]


def _said(url: str, text: str) -> str | None:
    """Said at length; None: no whole answer came."""
    try:
        return requests.post(url, data=text * LETTERS, timeout=CALL_S).text[:1]
    except requests.RequestException:
        return None
