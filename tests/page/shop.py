"""A whole shop of real processes for the pages: hub, wire, agent, printer and a scanner on a serial line."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final

import requests

from config.programmes import load_programme
from hub.sender.file_sender import lines_in
from loyalty.card_numbers import make_number
from offline_cache.packed import unpack_text
from pos_agent.demo.office import Office
from pos_agent.demo.processes import Process, start
from pos_agent.demo.wire import Wire
from pos_agent.page.pairing import Role, new_link
from pos_agent.tokens import make_token, pos_token_in
from storage import engine

WAIT_S: Final = 20.0
POLL_S: Final = 0.02

ANNA, BORIS, VERA, GUEST = "2600000000017", "2600000000024", "2600000000031", "2600000000048"
PHONE: Final = "9161234567"  # Anna's
POINTS: Final = {ANNA: 1_500, BORIS: 40_000, VERA: 40_000, GUEST: 300}
STAFF: Final = {"olga": "manager", "mark": "manager", "petr": "cashier"}
CARDS: Final = load_programme("alenka").cards.schemes[0]
BLANKS: Final = tuple(make_number(CARDS, serial) for serial in range(100, 110))  # nobody has them yet
CHOCOLATE: Final = {"id": "1", "name": "Шоколад «Алёнка»", "price": "89.90", "quantity": "3", "category": "chocolate"}
SWEETS: Final = {
    "id": "2",
    "name": "Конфеты «Мишка косолапый»",
    "price": "649.00",
    "quantity": "0.347",
    "unit": "kg",
    "category": "sweets",
}  # with the chocolate: 494.90
SOLD: Final = "SELECT text FROM operations WHERE kind IN ('sale', 'return') ORDER BY generation, sequence"
MEMBERS: Final = "programme,card,phone,points,registered,birthday,favourites\n" + "".join(
    f"alenka,{card},{f'+7{PHONE}' if card == ANNA else ''},{points},yes,,\n" for card, points in POINTS.items()
)
GOODS: Final = "article,name,price,category\n9001,Чай,120.50,tea\n"


class Shop:
    """One till in this language. `training` and `printer=False` are other tills. `accounts`: programmes whose members
    have their account beside the hub."""

    def __init__(
        self,
        folder: Path,
        language: str,
        *,
        printer: bool = True,
        training: bool = False,
        staffed: bool = False,
        scanner_url: str = "",
        accounts: Sequence[str] = (),
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.language, self._training = folder, language, training
        self._port = 0
        self.office = Office(folder, accounts)
        self.badges = dict(map(self._hired, STAFF)) if staffed else {}
        (folder / "members.csv").write_text(MEMBERS, encoding="utf-8")
        self.office.do("import", str(folder / "members.csv"))
        (folder / "goods.csv").write_text(GOODS, encoding="utf-8")
        self.office.do("goods", "import", str(folder / "goods.csv"))
        self.wire = Wire(self.office.port)
        self.papers = folder / "papers"
        self.printer = self._emulated("printer", ["--port", "0", "--out", str(self.papers)]) if printer else None
        self.scanner = None if scanner_url else self._emulated("scanner", ["--link", str(folder / "scanner")])
        self._scanner_url = scanner_url or str(self.scanner.ready["url"] if self.scanner else "")
        self.agent = self._agent()
        self.wait("the members", lambda status: status["hub"]["pulled_at"] is not None)
        self.wait("the scanner", lambda status: status["scanners"][0]["state"] == "ready")
        if printer:
            self.wait("the printer", lambda status: status["printer"]["state"] == "ready")

    def _hired(self, person: str) -> tuple[str, str]:
        """With the text of his badge."""
        self.office.do("staff", "add", person, "--name", person.title(), "--role", STAFF[person])
        return person, self.office.do("staff", "badge", person)

    def code(self) -> str:
        """That the hub's sender has sent last."""
        deadline = time.monotonic() + WAIT_S
        while not (lines := lines_in(self.office.outbox)):
            assert time.monotonic() < deadline, "no code was sent"
            time.sleep(POLL_S)
        return lines[-1].code

    def _emulated(self, device: str, more: list[str], lines: int = 1) -> Process:
        command = ["pos_agent", "emulate", device, "--until-eof", *more]
        if device == "printer":
            command = ["pos_agent", "emulate", device, "--no-pictures", *more]
        return start(device, command, self.folder / f"{device}.log", lines=lines)

    def _agent(self) -> Process:
        settings = self.folder / "pos-agent.toml"
        settings.write_text(self._settings(), encoding="utf-8")
        if not self._port:
            self.office.join("till-1", settings)
        agent = start("agent", ["pos_agent", "run", "--config", str(settings)], self._log)
        self.url = str(agent.ready["url"])
        self._port = int(self.url.rpartition(":")[2])
        settings.write_text(self._settings(), encoding="utf-8")  # the next one has this port too
        return agent

    def _settings(self) -> str:
        settings = (
            f'till = "till-1"\nprogramme = "alenka"\ndata = "data"\nlanguage = "{self.language}"\n'
            f"training = {str(self._training).lower()}\n"
            f'[hub]\nurl = "http://127.0.0.1:{self.wire.port}"\n[api]\nport = {self._port}\n'
        )
        if self.printer:
            settings += f'[printer]\nurl = "{self.printer.ready["url"]}"\n'
        return settings + f'[[scanners]]\nname = "counter"\nurl = "{self._scanner_url}"\n'

    @property
    def _log(self) -> Path:
        return self.folder / "agent.log"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def close(self) -> None:
        for process in (self.agent, self.scanner, self.printer):
            if process:
                process.stop()
        self.wire.cut()
        self.office.close()

    # what may happen to it

    def kill(self) -> None:
        self.agent.kill()
        self.agent.stop()

    def start(self) -> None:
        """At the same address, with all that is on its disk."""
        self.agent = self._agent()

    def scan(self, text: str) -> None:
        assert self.scanner and self.scanner.type_line(text)

    def order(self, words: str) -> None:
        """Of the printer, such as `paper out`."""
        assert self.printer and self.printer.type_line(words)

    def link(self, role: Role = "cashier") -> str:
        return f"{self.url}/pair#{new_link(self.data, role, time.time())}"

    # as a POS sees it

    def ask(self, do: str, pos: str = "", **body: Any) -> dict[str, Any]:
        """A command of the POS of this name, of the till's own without one; a refusal is an answer too."""
        where = pos_token_in(self.data, pos) if pos else self.data / "api-token"
        headers = {"Authorization": f"Bearer {make_token(where)}"}
        answer = requests.post(f"{self.url}/v1/commands", json={"do": do, **body}, headers=headers, timeout=WAIT_S)
        return dict(answer.json())

    def do(self, do: str, pos: str = "", **body: Any) -> dict[str, Any]:
        answer = self.ask(do, pos, **body)
        assert answer.get("ok") is True, answer
        return answer

    def status(self) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {make_token(self.data / 'api-token')}"}
        return dict(requests.get(f"{self.url}/v1/status", headers=headers, timeout=WAIT_S).json())

    def visit(self) -> dict[str, Any]:
        return dict(self.status()["visit"])

    def wait(self, what: str, so: Callable[[dict[str, Any]], bool]) -> None:
        deadline = time.monotonic() + WAIT_S
        while not so(self.status()):
            assert time.monotonic() < deadline, f"waited {WAIT_S:.0f} s in vain for {what}: {json.dumps(self.status())}"
            time.sleep(POLL_S)

    def knows(self, article: str) -> None:
        """Until the till has heard of these goods."""
        deadline = time.monotonic() + WAIT_S
        with closing(engine.connect(self.data / "till.db", "ro")) as file:
            while not file.execute("SELECT 1 FROM goods WHERE article = ?", (article,)).fetchall():
                assert time.monotonic() < deadline, f"waited {WAIT_S:.0f} s in vain for goods {article}"
                time.sleep(POLL_S)

    def calm(self) -> None:
        """As in the morning: nothing in front, nothing put aside, nobody asked, all devices there."""
        for words in ("paper in", "cover close", "plug", "silent off") if self.printer else ():
            self.order(words)
        self.wait("its papers", self._printed)
        self.ask("cancel")
        for number in self.visit()["put_aside"]:
            self.ask("take_up", sale=number)
            self.ask("cancel")

    def _printed(self, status: dict[str, Any]) -> bool:
        if (asked := status["asked"]) is not None:
            self.ask("paper", paper=asked, came_out=True)
        return all(
            status["papers"].get(state, 0) == 0 for state in ("queued", "sending", "sent", "interrupted", "unknown")
        )

    def mend(self) -> None:
        """Whatever a test has broken."""
        if not self.agent.alive():
            self.agent.stop()
            self.start()
        if not self.status()["hub"]["online"]:
            with suppress(OSError):  # it was not cut
                self.wire.mend()
        self.calm()

    def sold(self) -> list[dict[str, Any]]:
        """Every sale and return that is on the till's disk, the oldest first."""
        with closing(engine.connect(self.data / "till.db", "ro")) as file:
            rows = file.execute(
                "SELECT text FROM operations WHERE kind IN ('sale', 'return') ORDER BY generation, sequence"
            ).fetchall()
        return [json.loads(unpack_text(kept)) for (kept,) in rows]
