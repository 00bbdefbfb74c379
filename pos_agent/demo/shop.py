"""A whole shop on loopback: hub, wire, till and its emulated devices, kept running whatever is pulled.

Whatever comes back has the address that it had: pages that are open, and the till's settings, go on to be right.

What dies is noticed, told in one line, and started again where it was: that is what a cashier does with a cable.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec

from drivers.control import Control
from pos_agent.client import AgentClient, AgentRefused, AgentUnreachable
from pos_agent.commands.page import link_of
from pos_agent.demo.office import Office, StoryFailed
from pos_agent.demo.processes import Process, start
from pos_agent.demo.teller import Teller
from pos_agent.demo.wire import Wire
from pos_agent.page.pairing import Role, new_link
from pos_agent.page.wallet import Wallet
from pos_agent.status import Status

WAIT_TIMEOUT_S = 60.0  # for anything that the story waits for; the back-off to the hub alone may take 30
LINK_TIMEOUT_S = 6.0  # a tenth of a second on an idle machine
POLL_S = 0.1
DEVICES = ("camera", "scanner", "printer")
_RU = {"camera": "камера", "scanner": "сканер", "printer": "принтер", "agent": "агент", "hub": "хаб"}

_T = TypeVar("_T")


def _port(url: str) -> int:
    return int(url.rpartition(":")[2].partition("/")[0])


class AgentGone(Exception):
    """The agent stopped in the middle of something."""


class Shop:
    """One till of one programme."""

    def __init__(self, programme: str, out: Path, office: Office, teller: Teller) -> None:
        self.programme = programme
        self.out = out
        self.papers = out / "receipts"
        self.pictures = out / "camera"
        self.data = out / "till"
        self.office = office
        self.teller = teller
        self.wire = Wire(office.port)
        self._cable = Control(self.wire, 0)
        self._processes: dict[str, Process] = {}
        self._ports: dict[str, int] = {}
        self._controls: dict[str, int] = {}  # where devices take orders
        for folder in (self.papers, self.pictures, self.data, out / "log"):
            folder.mkdir(parents=True, exist_ok=True)
        self._cable.start()

    # life

    def open(self) -> None:
        """Start the devices, then the agent that uses them."""
        for name in DEVICES:
            self._start(name)
        self._write_settings()
        self.office.join(f"{self.programme}-1", self.settings)
        self._start("agent")
        self._write_settings()  # now with the port that it has got

    def close(self) -> None:
        for process in reversed(self._processes.values()):
            process.stop()
        self._cable.stop()
        self.wire.cut()

    def _start(self, name: str) -> None:
        lines = 2 if name == "printer" else 1  # its page tells its own address
        process = start(name, self._command(name), self.out / "log" / f"{name}.log", lines=lines)
        self._processes[name] = process
        self._tell_pids()
        if name != "scanner":
            self._ports[name] = _port(process.ready["url"])
        if name != "agent":
            self._controls[name] = _port(process.told[0]["url"] if process.told else process.ready["control"])

    def _command(self, name: str) -> list[str]:
        port, control = str(self._ports.get(name, 0)), str(self._controls.get(name, 0))
        return ["pos_agent", *{
            "camera": ["emulate", "camera", str(self.pictures), "--port", port, "--control", control, "--until-eof"],
            "scanner": ["emulate", "scanner", "--link", str(self._scanner_link()), "--control", control, "--until-eof"],
            "printer": ["emulate", "printer", "--port", port, "--web", control, "--out", str(self.papers)],
            "agent": ["run", "--config", str(self.settings)],
        }[name]]  # fmt: skip

    def _tell_pids(self) -> None:
        """For whoever wants to pull something: processes.json says which process is which."""
        pids = {"hub": self.office.hub.pid} | {name: process.pid for name, process in self._processes.items()}
        (self.out / "processes.json").write_text(json.dumps(pids, indent=2), encoding="utf-8")

    def _scanner_link(self) -> Path:
        return (self.out / "scanner").absolute()

    @property
    def settings(self) -> Path:
        return self.out / "pos-agent.toml"

    def _write_settings(self) -> None:
        with_port = self._ports.get("agent", 0)
        self.settings.write_text(
            f"""till = "{self.programme}-1"
programme = "{self.programme}"
data = "till"
language = "{self.teller.language}"
receipt_language = "{self.teller.language}"
receipt_lines = {"true" if self.programme == "perekrestok" else "false"}

[hub]
url = "http://127.0.0.1:{self.wire.port}"

[api]
port = {with_port}

[printer]
url = "tcp://127.0.0.1:{self._ports["printer"]}"

[[scanners]]
name = "camera"
url = "camera:http://127.0.0.1:{self._ports["camera"]}/frames.mjpeg"

[[scanners]]
name = "scanner"
url = "serial://{self._scanner_link()}?baud=9600"

[emulator]
{self._told_controls()}
wallet = "{self._wallet.name}"
""",
            encoding="utf-8",
        )

    def _told_controls(self) -> str:
        ports = {**self._controls, "network": self._cable.port}
        return "\n".join(f'{name} = "http://127.0.0.1:{port}"' for name, port in ports.items())

    @property
    def _wallet(self) -> Path:
        return self.out / "wallet.json"

    def hand_out(self, wallet: Wallet) -> None:
        """What its guests carry from now on."""
        unfinished = self._wallet.with_suffix(".unfinished")
        unfinished.write_bytes(msgspec.json.format(msgspec.json.encode(wallet)))
        unfinished.replace(self._wallet)  # the till may be reading it

    def link(self, role: Role, *, emulator: bool = False) -> str:
        """One-time, to a page of the till."""
        link = link_of(self._ports["agent"], new_link(self.data, role, time.time()))
        return f"{link}~emulator" if emulator else link

    def kill_agent(self) -> None:
        self._processes["agent"].kill()

    def mend(self) -> None:
        """Notice what is gone, say so, and bring it back."""
        if (why := self.office.mend()) is not None:
            self.teller.trouble(f"The hub stopped ({why}). Started again.", f"Хаб остановился ({why}). Запущен снова.")
            self._tell_pids()
        for name, process in list(self._processes.items()):
            if process.alive():
                continue
            why = process.why_gone()
            process.stop()
            if name == "agent":
                self.teller.trouble(
                    f"The agent stopped ({why}). Starting it again.", f"Агент остановился ({why}). Запускаем снова."
                )
            else:
                self.teller.trouble(
                    f"The {name} is gone ({why}). Plugging it in again.",
                    f"Пропал {_RU[name]} ({why}). Подключаем снова.",
                )
            self._start(name)
            if name == "agent" and self.wire.plugged:
                self._wait_for_link()

    def _wait_for_link(self) -> None:
        """A till that has just started knows no hub yet, and lets nobody spend as much as with one."""
        deadline = time.monotonic() + LINK_TIMEOUT_S
        while time.monotonic() < deadline:
            try:
                if self.agent.status().hub.online:
                    return
            except AgentUnreachable:
                return  # killed again; whoever asks next is told
            time.sleep(POLL_S)

    # talking to the agent

    @property
    def agent(self) -> AgentClient:
        return AgentClient.of_data(self._ports["agent"], self.data)

    def device(self, name: str) -> Process:
        return self._processes[name]

    def ask(self, call: Callable[[AgentClient], _T]) -> _T:
        """Call the agent. Raises AgentGone when it stopped."""
        try:
            return call(self.agent)
        except AgentRefused as error:
            raise StoryFailed(str(error)) from error
        except AgentUnreachable as error:
            raise AgentGone from error

    def wait(self, what: str, done: Callable[[Status], bool]) -> Status:
        """Wait until the agent's status is so, mending what breaks meanwhile."""
        deadline = time.monotonic() + WAIT_TIMEOUT_S
        while time.monotonic() < deadline:
            self.mend()
            try:
                status = self.ask(AgentClient.status)
            except AgentGone:
                time.sleep(POLL_S)
                continue
            if done(status):
                return status
            time.sleep(POLL_S)
        raise StoryFailed(f"waited {WAIT_TIMEOUT_S:.0f} s in vain for: {what}")
