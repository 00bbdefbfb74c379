"""A member of the programme who would have what is another's, and whoever would get in without being anybody
(tests/account/thief.py; docs/security.md)."""

from __future__ import annotations

import difflib
import os
import random
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

import pytest

from account.app import account_app
from account.menu import PAGES
from tests.account.conftest import Account
from tests.account.thief import (
    TALLIED,
    THIEF,
    VICTIM,
    Ask,
    Browser,
    asks,
    card_of,
    leaks_in,
    loot,
    rows_of,
    sample,
    shape,
    unknown_like,
    with_everything,
)
from tests.hub.conftest import NOW
from tests.one_port import Server

ASKED: Final = int(os.environ.get("THIEF_ASKS", "250"))
POSTS: Final = [view for page in PAGES for view in page.views if view.method == "POST"]
LOOKS: Final = [view for page in PAGES for view in page.views if view.method == "GET" and "{" not in view.path]


@pytest.fixture
def town(account: Account, account_server: Server) -> Iterator[Account]:
    """Nobody asks too often: the clock of rates goes on with each request."""
    turns = iter(range(10**9))
    account_server.app = account_app(account.desk, account.store, now=lambda: NOW, now_s=lambda: float(next(turns)))
    with_everything(account)
    yield account


@pytest.mark.parametrize("who", [THIEF, ""])
def test_nothing_of_another_is_told_or_changed_whatever_id_is_asked_for(town: Account, who: str) -> None:
    seed = int(os.environ.get("THIEF_SEED", random.randrange(10**6)))
    ids = loot(town)
    needles = [VICTIM, card_of(town, 4_002)]
    before = rows_of(town.office.path, needles)
    browser = Browser(town, who)
    asked = sample([ask for ask in asks(ids) if who or ask.open], ASKED, seed)
    leaks, apart = [], []
    for ask in asked:
        answer = browser.ask(ask)
        leaks += [(ask, told) for told in leaks_in(answer, ask, ids)]
        nobody_s = unknown_like(town, ask.id)
        other = Ask(
            ask.method,
            ask.path.replace(quote(ask.id, safe="/"), quote(nobody_s, safe="/")),
            ask.how,
            {name: nobody_s if value == ask.id else value for name, value in ask.sent.items()},
            nobody_s,
        )
        for _ in range(3):  # what differs once is a limit that was reached, or what the one before has done
            told, of_nobody = shape(answer, ask.id), shape(browser.ask(other), nobody_s)
            if told == of_nobody:
                break
            answer = browser.ask(ask)
        else:
            apart.append((ask, nobody_s, *_difference(told, of_nobody)))
        assert answer.status_code < 500, (seed, ask, answer.text)
    assert not leaks, (seed, leaks[:5])
    assert not apart, (seed, apart[:5])
    gone = {row for row in before - rows_of(town.office.path, needles) if row[0] not in TALLIED}
    assert not gone, (seed, gone)


def _difference(told: tuple[int, str], of_nobody: tuple[int, str]) -> list[str]:
    pair = (one.splitlines() for one in (f"{told[0]}\n{told[1]}", f"{of_nobody[0]}\n{of_nobody[1]}"))
    return [line for line in difflib.unified_diff(*pair, lineterm="", n=0) if line[:2] not in ("++", "--", "@@")][:6]
