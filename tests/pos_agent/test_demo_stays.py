"""The demo on a terminal: when its story is told, everything keeps running behind its links, until Ctrl-C."""

from __future__ import annotations

import codecs
import json
import os
import pty
import re
import select
import shlex
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import requests

from drivers.scanner.emulator.pictures import card_picture
from tests.pos_agent.emulating import until
from tests.pos_agent.running import TIMEOUT_S
from tests.pos_agent.test_demo import ALENKA, agreed, table

CARD = "4006381333931"
ADDRESSES = ("The members' account", "The office's desk", "An online shop")
DEMO_TIMEOUT_S = 100
PRESSED_AGAIN_S = 0.1
LINK = re.compile(r"(http://127\.0\.0\.1:\d+)/pair#([\w-]+)(~emulator)?")


class Terminal:
    """Somebody before it, who presses a key whenever he is asked to. `make` starts it, as the README says."""

    def __init__(self, makefile: Path, *options: str) -> None:
        command = shlex.join([sys.executable, "-P", "-m", "pos_agent", "demo", *options])
        makefile.write_text(f"demo:\n\t{command}\n", encoding="utf-8")
        self._master, slave = pty.openpty()
        self.seen = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.child = subprocess.Popen(
            ["make", "-s", "-f", str(makefile)],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**os.environ, "COLUMNS": "120", "TERM": "dumb"},
            preexec_fn=lambda: _before_a_terminal(slave),
        )
        os.close(slave)

    def read_until(self, words: str) -> None:
        deadline_s = time.monotonic() + DEMO_TIMEOUT_S
        while words not in self.seen:
            assert time.monotonic() < deadline_s and self._read(), self.seen

    def end(self) -> int:
        """What the program ends with, and all that it said until then."""
        while self._read():
            pass
        return self.child.wait(TIMEOUT_S)

    def press(self, key: bytes) -> None:
        os.write(self._master, key)

    def close(self) -> None:
        if self.child.poll() is None:
            self.child.kill()
            self.child.wait()
        os.close(self._master)

    def _read(self) -> bool:
        """More of what it says; False when it is over. A key that comes before the program listens is lost, so he
        who is asked presses until something happens."""
        while not select.select([self._master], [], [], PRESSED_AGAIN_S)[0]:
            if self.seen.rstrip().endswith("next scene …"):
                self.press(b" ")
            elif self.child.poll() is not None:
                return False
        with suppress(OSError):  # the program has let go of the terminal
            piece = os.read(self._master, 65_536)
            self.seen += self._decoder.decode(piece)
            return bool(piece)
        return False


def _before_a_terminal(slave: int) -> None:
    import fcntl
    import termios

    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)  # Ctrl-C comes to whoever is before it


def the_club_is_open(told: str) -> None:
    """A member comes in with the code that the office's desk shows, and the online shop has something to sell."""
    account, desk, shop = (re.findall(rf"{name} +(http\S+)", told)[0] for name in ADDRESSES)
    (clerk, pin), (phone,) = re.findall(r"Sign in as (\w+) with PIN (\d+)", told)[0], re.findall(r"with (\+\d+)", told)
    office, member = requests.Session(), requests.Session()
    office.post(f"{desk}/sign-in", data={"name": clerk, "pin": pin}, headers={"Origin": desk}, timeout=TIMEOUT_S)
    member.post(f"{account}/sign-in", data={"phone": phone}, headers={"Origin": account}, timeout=TIMEOUT_S)
    code: list[str] = []

    def is_sent() -> bool:
        code[:] = re.findall(r">(\d{4})<", office.get(f"{desk}/sent", timeout=TIMEOUT_S).text)
        return len(code) > 1  # Gleb's is there too

    until("a code at the office's desk", is_sent)
    member.post(f"{account}/sign-in/code", data={"code": code[0]}, headers={"Origin": account}, timeout=TIMEOUT_S)
    assert member.get(f"{account}/cards", timeout=TIMEOUT_S).url == f"{account}/cards", "and not led to the door"
    assert "«Алёнка»" in requests.get(shop, timeout=TIMEOUT_S).text


def test_the_code_on_a_picture_becomes_a_members_card_and_all_keeps_running_until_ctrl_c(tmp_path: Path) -> None:
    card_picture(CARD, "ean13", tmp_path / "mine.png", seed=3)
    photo = ("--photo", str(tmp_path / "mine.png"))
    terminal = Terminal(tmp_path / "Makefile", "--programme", "alenka", "--out", str(tmp_path / "out"), *photo)
    try:
        terminal.read_until("Ctrl-C ends it")
        assert CARD in terminal.seen and "****3931" in terminal.seen
        assert table(terminal.seen) == agreed(ALENKA)
        links = LINK.findall(terminal.seen)
        assert [where for _, _, where in links] == ["~emulator", "", ""]
        (url, key, _), *_ = links
        browser = requests.Session()
        assert browser.post(f"{url}/pair/open", json={"key": key}, timeout=TIMEOUT_S).json() == {
            "ok": True,
            "page": "/",
        }
        page = browser.get(f"{url}/emulator", timeout=TIMEOUT_S)
        assert page.status_code == 200 and "Emulated till" in page.text
        the_club_is_open(terminal.seen)
        pids = json.loads((tmp_path / "out" / "alenka" / "processes.json").read_text(encoding="utf-8"))
        for name in ("printer", "agent"):
            os.kill(pids[name], signal.SIGKILL)

        def all_there() -> bool:
            with suppress(requests.ConnectionError):
                state = browser.get(f"{url}/emulator/state", timeout=TIMEOUT_S).json()
                assert len(state["wallet"]["coupons"]) > 4 and state["wallet"]["people"][0]["card"] == CARD
                return not any(device["gone"] for device in state["devices"].values())
            return False

        terminal.read_until("The agent stopped (SIGKILL). Starting it again.")
        until("they are back where they were", all_there)
        terminal.press(b"\x03")
        assert terminal.end() == 0, terminal.seen
        assert "Traceback" not in terminal.seen
        for pid in json.loads((tmp_path / "out" / "alenka" / "processes.json").read_text(encoding="utf-8")).values():
            assert not Path(f"/proc/{pid}").exists()
    finally:
        terminal.close()
