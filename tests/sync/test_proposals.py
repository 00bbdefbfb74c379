"""What the office says of settings comes with the feed's page, is told once, and no bad row of it stops the page."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from hub.hub import Hub
from hub.tills.settings import say
from sync.pages import read_page
from sync.proposal import UNREAD, Proposal, read_proposal
from sync.protocol import SETTINGS_MAX
from sync.worker import SyncWorker
from tests.sync.conftest import NOW, Open, Reply, Shop
from tests.sync.test_pages import page

ROW = {"name": "idle_minutes", "value": 10, "store": "s1", "by": "Olga", "at": "2026-03-02T12:00:00+00:00"}


class Kept:
    """A till's memory of it."""

    def __init__(self) -> None:
        self.told: list[Proposal] = []

    @property
    def edition(self) -> str:
        return self.told[-1].edition if self.told else ""

    def keep(self, proposal: Proposal) -> None:
        self.told.append(proposal)


def worker(shop: Shop, kept: Kept | None, url: str | None = None) -> SyncWorker:
    client = shop.client(url)
    return SyncWorker(shop.cache, client, programme="alenka", jitter=lambda: 0.0, clock=lambda: NOW, office=kept)


def says(hub: Hub, store: str = "*", **values: Any) -> None:
    hub.within(lambda writer: say(writer, store, values, by="Olga", now=NOW))


def test_it_comes_with_the_page_once_for_each_word_of_the_offices(shop: Shop) -> None:
    kept = Kept()
    till = worker(shop, kept)
    shop.drain(till)
    assert kept.told == [], "nothing is said, and nothing is told"
    says(shop.hub, idle_minutes=10)
    for _ in range(3):
        shop.drain(till)
    (told,) = kept.told
    assert [(one.name, one.value, one.by) for one in told.settings] == [("idle_minutes", 10, "Olga")]
    says(shop.hub, idle_minutes=None)
    shop.drain(till)
    assert kept.told[1:] == [Proposal()]


def test_a_till_that_takes_none_is_told_none(shop: Shop) -> None:
    says(shop.hub, idle_minutes=10)
    shop.drain(worker(shop, None))
    asked: dict[str, Any] = {"till": "t1", "generation": 1, "programme": "alenka", "after": "", "limit": 1}
    assert shop.client().changes(**asked).settings is None
    assert shop.client().changes(**asked, settings="").settings is not None


def test_a_till_that_cannot_keep_it_now_is_told_again(shop: Shop) -> None:
    class Full(Kept):
        def keep(self, proposal: Proposal) -> None:
            """As where the disk is full."""
            if not self.told:
                self.told.append(Proposal())
            else:
                super().keep(proposal)

    kept = Full()
    says(shop.hub, idle_minutes=10)
    till = worker(shop, kept)
    shop.drain(till)
    assert till.state.online and kept.edition == ""
    shop.drain(till)
    assert kept.edition != ""


def read(settings: Any) -> Proposal:
    return read_proposal(msgspec.Raw(msgspec.json.encode(settings)))


BAD_ROWS: dict[str, tuple[Any, str]] = {
    "a value that is a table": ({**ROW, "value": {"port": 1}}, "idle_minutes"),
    "a value that is a list": ({**ROW, "value": [1]}, "idle_minutes"),
    "a value that is none": ({**ROW, "value": None}, "idle_minutes"),
    "a fraction": ({**ROW, "value": 1.5}, "idle_minutes"),
    "an endless value": ({**ROW, "value": "x" * 101}, "idle_minutes"),
    "an endless name": ({**ROW, "name": "x" * 61}, "x" * 61),
    "a name that turns the terminal over": ({**ROW, "name": "\x1b[2J"}, "?[2J"),
    "a person who does": ({**ROW, "by": "\x1b[2J"}, "idle_minutes"),
    "a value that does": ({**ROW, "value": "\u202e"}, "idle_minutes"),
    "a time that is none": ({**ROW, "at": "noon"}, "idle_minutes"),
    "a time without a zone": ({**ROW, "at": "2026-03-02T12:00:00"}, "idle_minutes"),
    "no row at all": (7, UNREAD),
    "a row without a name": ({"value": 1}, UNREAD),
    "a name that is a number": ({**ROW, "name": 7}, UNREAD),
}


@pytest.mark.parametrize("case", BAD_ROWS)
def test_a_row_that_cannot_be_read_is_named_and_the_others_stand(case: str) -> None:
    row, name = BAD_ROWS[case]
    found = read({"edition": "ab", "settings": [row, {**ROW, "name": "language", "value": "en"}]})
    assert (found.edition, found.unread) == ("ab", (name,))
    assert [(one.name, one.value) for one in found.settings] == [("language", "en")]


@pytest.mark.parametrize(
    "whole",
    [
        7,
        [],
        {},
        {"edition": "xyz", "settings": []},
        {"edition": 7},
        {"edition": "a" * 65},
        {"edition": "ab", "settings": 7},
    ],
)
def test_what_is_wrong_as_a_whole_is_kept_as_unread_and_told_on_until_it_is_right(whole: Any) -> None:
    assert read(whole) == Proposal(unread=(UNREAD,))


def test_no_hub_fills_the_tills_disk() -> None:
    assert len(read({"edition": "ab", "settings": [ROW] * 5_000}).settings) == SETTINGS_MAX


def test_a_page_is_taken_whatever_is_said_of_settings(shop: Shop, network: Open, reply: Reply) -> None:
    kept = Kept()
    till = worker(shop, kept, network(reply(page(settings={"edition": "ab", "settings": [7, ROW]}))).url)
    shop.drain(till)
    assert till.state.online and shop.cache.changes.feed().cursor == "9"
    assert kept.told[0].unread == (UNREAD,) and len(kept.told[0].settings) == 1


@pytest.mark.parametrize("changes", [{}, {"settings": None}])
def test_an_older_hub_says_nothing_of_it(changes: dict[str, Any]) -> None:
    assert read_page(page(**changes)).settings is None
