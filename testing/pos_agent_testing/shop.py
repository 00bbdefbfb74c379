"""A whole shop in a folder: hub, link, till, printer, scanner, and what may go wrong with them."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from pos_agent_testing.link import Link
from pos_agent_testing.programs import Program, find

WAIT_TIMEOUT_S = 60.0
POLL_S = 0.05
CALL_TIMEOUT_S = 30.0
SCAN_WAIT_S = 10


class Waited(AssertionError):
    """It did not come."""


@dataclass(frozen=True)
class Member:
    """As the hub knows him at the start."""

    card: str
    phone: str = ""
    points: int = 0
    registered: bool = True


def wait(what: str, condition: Callable[[], bool]) -> None:
    """Raises Waited."""
    deadline = time.monotonic() + WAIT_TIMEOUT_S
    while not condition():
        if time.monotonic() > deadline:
            raise Waited(f"waited {WAIT_TIMEOUT_S:.0f} s in vain for {what}")
        time.sleep(POLL_S)


class Hub:
    def __init__(self, folder: Path, programs: str, programme: str, members: list[Member]) -> None:
        self._hub = find("pos-hub", programs)
        self._db = folder / "hub.db"
        self._programme = programme
        self.sent: Callable[[], None] = lambda: None  # waits until the till has sent all
        self.program = Program([self._hub, "serve", "--port", "0", "--db", str(self._db)], folder / "hub.log")
        rows = [
            f"{programme},{member.card},{member.phone},{member.points},{'yes' if member.registered else 'no'},,"
            for member in members
        ]
        file = folder / "members.csv"
        file.write_text(
            "\n".join(["programme,card,phone,points,registered,birthday,favourites", *rows]) + "\n", "utf-8"
        )
        if rows:
            self.run("import", str(file))

    def run(self, *words: str) -> str:
        """Any `pos-hub` command on the ledger; what it printed. An AssertionError when it fails."""
        command = [self._hub, *words, "--db", str(self._db)]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
        assert done.returncode == 0, done.stderr or done.stdout
        return done.stdout.strip()

    def points(self, card: str) -> int:
        """Of the member with this card, when all that the till has done is here."""
        self.sent()
        return int(json.loads(self.run("member", "--card", card, "--json"))["points"])

    def coupon(self, campaign: str = "ten-percent") -> str:
        """A new one."""
        return self.run("coupon", "mint", "--programme", self._programme, "--campaign", campaign).splitlines()[-1]

    def verify(self) -> None:
        """All balances rebuilt from the entries. An AssertionError when the books are wrong."""
        self.run("verify")


class Printer:
    def __init__(self, folder: Path, programs: str) -> None:
        self._out = folder / "papers"
        agent = find("pos-agent", programs)
        command = [agent, "emulate", "printer", "--port", "0", "--out", str(self._out), "--no-pictures"]
        self.program = Program(command, folder / "printer.log")

    def papers(self) -> list[str]:
        """What came out so far, the oldest first."""
        return [path.read_text(encoding="utf-8") for path in sorted(self._out.glob("receipt-*.txt"))]

    def wait_for(self, count: int) -> list[str]:
        """At least so many papers."""
        wait(f"{count} papers", lambda: len(self.papers()) >= count)
        return self.papers()

    def order(self, words: str) -> None:
        """Such as `cover open`, `power cycle`: `pos-agent emulate printer --help` has them all."""
        self.program.type_line(words)


class Till:
    def __init__(self, folder: Path, programs: str, settings: Callable[[int], str], hub: Hub) -> None:
        self._agent = find("pos-agent", programs)
        self._folder = folder
        self._settings = settings
        self._port = 0
        self.session = requests.Session()
        self.session.trust_env = False
        self._join(hub)
        self.start()
        self.token = (folder / "till" / "api-token").read_text(encoding="ascii").strip()
        self.session.headers["Authorization"] = f"Bearer {self.token}"
        self.wait("members from the hub", lambda status: status["hub"]["pulled_at"] is not None)

    def _join(self, hub: Hub) -> None:
        """As in a shop: the hub gives a code, and the till joins with it before it first starts."""
        code = json.loads(hub.run("till", "add", "till-1", "--json"))["code"]
        command = [self._agent, "join", code, "--config", str(self._write_settings())]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
        assert done.returncode == 0, done.stderr or done.stdout

    def _write_settings(self) -> Path:
        file = self._folder / "pos-agent.toml"
        file.write_text(self._settings(self._port), encoding="utf-8")
        return file

    def start(self) -> None:
        """Again after `kill`: at the same address, with all that it knew."""
        file = self._write_settings()
        self.program = Program([self._agent, "run", "--config", str(file)], self._folder / "till.log")
        self.url = str(self.program.ready["url"])
        self._port = self.program.port

    def kill(self) -> None:
        """As when the power goes."""
        self.program.kill()

    def call(self, what: str, **body: Any) -> requests.Response:
        """`POST /v1/<what>`: a refusal is an answer too."""
        return self.session.post(f"{self.url}/v1/{what}", json=body, timeout=CALL_TIMEOUT_S)

    def status(self) -> dict[str, Any]:
        return dict(self.session.get(f"{self.url}/v1/status", timeout=CALL_TIMEOUT_S).json())

    def visit(self, after: int = -1, wait_s: int = 0) -> dict[str, Any]:
        """The receipt in front; with `after`, when more events than that were handled."""
        query = {"after": str(after), "wait_s": str(wait_s)}
        return dict(self.session.get(f"{self.url}/v1/visit", params=query, timeout=CALL_TIMEOUT_S).json())

    def wait(self, what: str, condition: Callable[[dict[str, Any]], bool]) -> None:
        """Until the status is so."""
        wait(what, lambda: condition(self.status()))

    def wait_sent(self) -> None:
        self.wait("an empty outbox", lambda status: status["outbox"] == 0)


class Scanner:
    def __init__(self, folder: Path, programs: str) -> None:
        agent = find("pos-agent", programs)
        self.program = Program([agent, "emulate", "scanner", "--tcp", "0"], folder / "scanner.log")
        self.till: Till | None = None

    def type(self, code: str) -> dict[str, Any]:
        """It reads the code; what the cashier is told then."""
        till = self.till
        assert till is not None
        till.wait("the scanner", lambda status: status["scanners"][0]["state"] == "ready")
        handled = till.visit()["handled"]
        self.program.type_line(code)
        seen = till.visit(after=handled, wait_s=SCAN_WAIT_S)
        assert seen["handled"] > handled, f"the till heard nothing of {code!r}"
        return dict(seen["reply"])


class Faults:
    def __init__(self, link: Link, till: Till, printer: Printer) -> None:
        self._link = link
        self._till = till
        self._printer = printer

    def cut_link(self) -> None:
        """Till and hub do not hear each other; the till says so at its next try."""
        self._link.cut()

    def mend_link(self) -> None:
        self._link.mend()

    def paper_out(self) -> None:
        self._printer.order("paper out")

    def paper_in(self) -> None:
        self._printer.order("paper in")


class Shop:
    """All of it. `close` stops what was started, also of a shop that did not come to be."""

    def __init__(self, folder: Path, programs: str, programme: str, language: str, members: list[Member]) -> None:
        self._programs: list[Program] = []
        self._link: Link | None = None
        try:
            self._open(folder, programs, programme, language, members)
        except BaseException:
            self.close()
            raise

    def _open(self, folder: Path, programs: str, programme: str, language: str, members: list[Member]) -> None:
        self.hub = Hub(folder, programs, programme, members)
        self._programs.append(self.hub.program)
        link = self._link = Link(self.hub.program.port)
        self.printer = Printer(folder, programs)
        self._programs.append(self.printer.program)
        self.scanner = Scanner(folder, programs)
        self._programs.append(self.scanner.program)

        def settings(port: int) -> str:
            return (
                f'till = "till-1"\nprogramme = "{programme}"\ndata = "till"\nlanguage = "{language}"\n'
                f'[hub]\nurl = "http://127.0.0.1:{link.port}"\n[api]\nport = {port}\n'
                f'[printer]\nurl = "{self.printer.program.ready["url"]}"\n'
                f'[[scanners]]\nname = "counter"\nurl = "{self.scanner.program.ready["url"]}"\n'
            )

        self.till = Till(folder, programs, settings, self.hub)
        self.scanner.till = self.till
        self.hub.sent = self.till.wait_sent
        self.faults = Faults(link, self.till, self.printer)

    def close(self) -> None:
        if hasattr(self, "till"):
            self.till.program.stop()
        for program in reversed(self._programs):
            program.stop()
        if self._link is not None:
            self._link.cut()
