"""The demo as a person runs it: killed, unplugged, given a picture. Real processes, real SIGKILL.

The final table must never depend on what was killed when.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

DEMO_TIMEOUT_S = 110  # a dozen seconds on an idle machine
ROW = re.compile(r"│ (\w+) +│ (\S+) +│ +(\d+) │ +(\d+) │ +(\d+) │ +(\S) +│")

# Worked out by hand from the programme and the story's baskets, not read off a run. Alenka: 2 %, from 1,500.00 3 %.
# Anna: 40; 494.90 earns 9; with the coupon 445.41 earns 8; offline 494.90 earns 9; in the members' week 269.70 of
#   chocolate is 242.73, and 467.93 earns 9.
# Boris: 1500; 50 % of 2210.50 = 1105 redeemed, 1105.50 earns 33; offline
#   50 % of 494.90 = 247 redeemed, 247.90 earns 4.
# Vera: 300; 494.90 earns 9; 89.90 earns 1; offline 50 % of 494.90 = 247 redeemed, 247.90 earns 4.
# Gleb: 494.90 earns 9; 150 at registration; 159 redeemed, 335.90 earns 6.
# Perekrestok, a point for each 10.00. Anna: 400; 575.99 earns 57; with the coupon 518.40 earns 51; offline 575.99
#   earns 57; in the members' week apples of 160.41 are 144.37, and in the dairy days (P11) dairy of 415.58 is 353.25:
#   497.62 earns 49.
ALENKA = {"Anna": 75, "Boris": 185, "Vera": 67, "Gleb": 6}
ANNA_AT_PEREKRESTOK = 614


@contextmanager
def demo(out: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", "pos_agent", "demo", "--headless", "--out", str(out), *options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        env={**os.environ, "COLUMNS": "120", "PYTHONUNBUFFERED": "1"},
        start_new_session=True,
    )
    watchdog = threading.Timer(DEMO_TIMEOUT_S, os.killpg, (child.pid, signal.SIGKILL))
    watchdog.start()
    try:
        yield child
    finally:
        watchdog.cancel()
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def played(
    out: Path,
    *options: str,
    at: dict[str, Callable[[], None]] | None = None,
    at_each_line: Callable[[], None] = lambda: None,
) -> tuple[int, str]:
    """Run the demo; when a line holds a key of `at`, do that once."""
    waiting = dict(at or {})
    lines = []
    with demo(out, *options) as child:
        assert child.stdout is not None
        for line in child.stdout:
            lines.append(line)
            at_each_line()
            for words in [words for words in waiting if words in line]:
                waiting.pop(words)()
        code = child.wait()
    assert not waiting, f"the story never said {list(waiting)}:\n{''.join(lines)}"
    return code, "".join(lines)


def table(text: str) -> dict[str, tuple[int, int, int]]:
    return {name: (int(till), int(hub), int(paper)) for name, _, till, hub, paper, _ in ROW.findall(text)}


def agreed(balances: dict[str, int]) -> dict[str, tuple[int, int, int]]:
    return {name: (points, points, points) for name, points in balances.items()}


def kill(out: Path, name: str) -> None:
    pids = json.loads((out / "processes.json").read_text(encoding="utf-8"))
    with suppress(ProcessLookupError):
        os.kill(pids[name], signal.SIGKILL)


def test_the_story_of_both_programmes_ends_with_a_table_that_agrees(tmp_path: Path) -> None:
    code, text = played(tmp_path / "out")
    rows = ROW.findall(text)
    assert code == 0, text
    assert len(rows) == 8
    assert all(till == hub == paper and mark == "✓" for _, _, till, hub, paper, mark in rows)
    assert table(text)["Anna"] == (ANNA_AT_PEREKRESTOK,) * 3
    assert text.count("Dairy days, for everybody") == 1 and text.count("The books are right.") == 2
    made = text.split("Boris makes himself a coupon")[1].split("Gleb gets a card")[0]
    told = ("Coupon taken: 10 % off the receipt.", "The receipt tells of it.", "pos-hub coupon show: used 1 of 1.")
    assert all(line in made for line in told) and "types the number" not in made
    assert "Traceback" not in text


ALL = "DEMO_ALL" in os.environ  # else some of the moments: a story takes half a minute
MOMENTS = [
    "Three members come",
    "Anna holds her card",
    "Boris's card is read",
    "Vera left her card",
    "Coupon taken",
    "used here already",
    "is issued with this purchase",
    "The account: ",
    "replaces the lost one",
    "The network to the hub is cut",
    "kill -9",
    "The network comes back",
]


@pytest.mark.parametrize("group", [MOMENTS[0::3], MOMENTS[1::3], MOMENTS[2::3]][: None if ALL else 1])
def test_killing_the_agent_at_moments_of_the_story_changes_nothing(tmp_path: Path, group: list[str]) -> None:
    out = tmp_path / "out"
    shop = out / "alenka"

    def stroke() -> None:
        with suppress(FileNotFoundError, KeyError):
            kill(shop, "agent")

    code, text = played(out, "--programme", "alenka", at=dict.fromkeys(group, stroke))
    assert code == 0, text
    assert table(text) == agreed(ALENKA), text
    assert "The agent stopped (SIGKILL)" in text


def test_killing_anything_after_any_line_changes_nothing(tmp_path: Path) -> None:
    seed = int(os.environ.get("POS_AGENT_SEED", random.SystemRandom().randrange(10**6)))
    print(f"POS_AGENT_SEED={seed}")
    chance = random.Random(seed)
    out = tmp_path / "out"

    def perhaps() -> None:
        if chance.random() < 0.15:
            with suppress(FileNotFoundError, KeyError, ValueError):
                kill(out / "alenka", chance.choice(["agent", "agent", "printer", "scanner", "camera"]))

    code, text = played(out, "--programme", "alenka", at_each_line=perhaps)
    assert code == 0, text
    assert table(text) == agreed(ALENKA), text


PULLED = [
    ("camera", "Anna holds her card"),
    ("scanner", "Boris's card is read"),
    ("printer", "Vera left her card"),
    ("printer", "Redeeming 1,105"),
    ("scanner", "Coupon taken"),
]


@pytest.mark.parametrize("device, moment", PULLED if ALL else PULLED[:3])
def test_pulling_a_device_is_told_in_a_line_and_the_story_goes_on(tmp_path: Path, device: str, moment: str) -> None:
    out = tmp_path / "out"
    code, text = played(out, "--programme", "alenka", at={moment: lambda: kill(out / "alenka", device)})
    assert code == 0, text
    assert table(text) == agreed(ALENKA), text
    assert f"The {device} is gone (SIGKILL). Plugging it in again." in text
    assert "Traceback" not in text


@pytest.mark.parametrize(
    "options, told",
    [
        (("--photo", "nowhere.png"), "nowhere.png"),
        (("--programme", "magnit"), "magnit"),
    ],
)
def test_bad_options_end_in_a_clear_line(tmp_path: Path, options: tuple[str, ...], told: str) -> None:
    code, text = played(tmp_path / "out", *options)
    assert code != 0
    assert told in text
    assert "Traceback" not in text


def test_a_folder_that_is_not_the_demos_is_never_emptied(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    code, text = played(tmp_path)
    assert code == 1
    assert "--out" in text
    assert (tmp_path / "thesis.txt").read_text(encoding="utf-8") == "years of work"
