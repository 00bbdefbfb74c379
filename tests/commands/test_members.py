"""`pos-agent members`: it shows how many have come, and ends when all are here."""

from __future__ import annotations

import sys

import msgspec
import pytest

from pos_agent.commands.members import follow, with_bar
from pos_agent.status import Bootstrap, HubStatus

AWAY = HubStatus(url="http://hub", online=False, cause="", code="unreachable", pulled_at=None, clock_off_s=0)
SOME, MORE = (msgspec.structs.replace(AWAY, bootstrap=Bootstrap(done=done, of=1_000)) for done in (200, 700))
HERE = msgspec.structs.replace(AWAY, online=True, pulled_at="2026-03-02T12:00:00+00:00")


def test_it_follows_until_the_feed_has_caught_up() -> None:
    """The members of the file are not all there is: who changed meanwhile comes behind them."""
    shown: list[int] = []
    looks = iter([AWAY, SOME, AWAY, MORE, AWAY, HERE, AWAY])
    follow(looks, lambda coming: shown.append(coming.done))
    assert shown == [200, 700] and next(looks) is AWAY, "it looks no more"


def test_without_a_terminal_there_is_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    with_bar(iter([SOME, HERE]), "Members")
    assert capsys.readouterr() == ("", "")


def test_on_a_terminal_there_is_one(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with_bar(iter([SOME, MORE, HERE]), "Members")
    said, bar = capsys.readouterr()
    assert said == "" and "Members" in bar and "700/1000" in bar
