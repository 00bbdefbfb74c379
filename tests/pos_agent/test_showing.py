"""The receipt in front is drawn for whoever looks, once after each event."""

from __future__ import annotations

import pytest

from pos_agent.showing import NOBODY, Showing
from pos_agent.status import ShownVisit
from storage.sqlite_file import FileError


def shown(state: str) -> ShownVisit:
    return ShownVisit(state=state)


def test_it_is_drawn_once_and_only_for_who_looks() -> None:
    drawn: list[str] = []

    def draw() -> ShownVisit:
        drawn.append("basket")
        return shown("basket")

    unseen = Showing(draw)
    seen = unseen.then(draw)
    assert drawn == []
    assert seen.view() == seen.view() == shown("basket")
    assert drawn == ["basket"], "nobody looked at the one before"


@pytest.mark.parametrize("error", [FileError("a page of it is not as it was written"), ZeroDivisionError("our own")])
def test_what_cannot_be_drawn_leaves_what_was_drawn_last(error: Exception) -> None:
    def fail() -> ShownVisit:
        raise error

    assert Showing(fail).view() == NOBODY
    first = Showing(lambda: shown("member"))
    first.view()
    after = first.then(fail)
    assert after.view() == after.view() == shown("member")
    assert after.then(lambda: shown("paid")).view() == shown("paid"), "the next event is another's chance"
