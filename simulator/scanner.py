"""A till's scanner on its cable, and what its driver's thread would do: somebody holds a code before it, and again,
until the till has answered."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Final, Literal

from drivers.scanner.emulator.serial import Wording
from drivers.scanner.line import LineScanner
from drivers.scanner.scan import Scan
from drivers.scanner.serial import serial_scanner
from drivers.scanner.stream import ScanStream
from pos_agent.agent import Agent
from pos_agent.answers import Reply
from simulator.cable import Cable

if TYPE_CHECKING:
    from simulator.till import ChainTill

NAME: Final = "counter"
AGAIN_S: Final = 4.0  # nobody waits longer for the beep
BOUNCE_S: Final = 0.1  # a trigger that bounces reads the same again so soon
NOISE: Final = b"\x00\xff?7#"  # of a plug that is being put in

Heard = Callable[[Reply], None]
Share = Literal["loose", "bounces", "noisy"]


class TillScanner:
    """`loose`: the share of codes in the middle of which the plug falls out; `bounces`, `noisy`: likewise. `struck` is
    called when it happens."""

    def __init__(self, till: ChainTill) -> None:
        self._till = till
        self._chance = till.world.stream(f"{till.name}/scanner")
        self._wording = Wording()
        self.cable = Cable(f"tcp://{till.name}:4001")
        self._driver: LineScanner | None = None
        self._stream: ScanStream | None = None
        self._waits: Heard | None = None  # who held the last code before it
        self.loose = self.bounces = self.noisy = 0.0
        self.struck: dict[Share, Callable[[], None]] = {}

    def begin(self, agent: Agent) -> None:
        """A process of the till's begins."""
        self._driver = driver = serial_scanner(self.cable.url, NAME, open=self.cable.open)
        self._stream = ScanStream(lambda scan: self._scanned(agent, scan))
        self._step(driver)

    def end(self) -> None:
        self.cable.drop()
        self._driver = self._stream = self._waits = None

    def read(self, code: str, heard: Heard) -> None:
        """Somebody holds it before the scanner; where no answer comes, once more."""
        self._waits = heard
        world, chance = self._till.world, self._chance
        data = self._wording.bytes_of(code)
        if chance.random() < self.noisy:
            self.struck["noisy"]()
            world.count("a scanner sent noise")
            data = NOISE + data
        if chance.random() < self.loose:
            self.struck["loose"]()
            self._falls_out(data[: chance.randrange(len(data))])
        else:
            self._send(data)
            if chance.random() < self.bounces:
                self.struck["bounces"]()
                world.count("a scanner read a code twice")
                world.moments.after(BOUNCE_S, lambda: self._send(data))
        world.moments.after(AGAIN_S, lambda: self._again(code, heard))

    def _again(self, code: str, heard: Heard) -> None:
        if self._waits is heard and self._driver is not None:
            self._till.world.count("a code was scanned again")
            self.read(code, heard)

    def _falls_out(self, data: bytes) -> None:
        """In the middle of a code, and is put in again."""
        self._till.world.count("a scanner's plug fell out")
        self._send(data)
        self.cable.unplug()
        self._look()
        self._till.world.moments.after(1.0, self.cable.plug)

    def _send(self, data: bytes) -> None:
        """Piece by piece; each is heard as soon as it is there, and then nothing comes for long enough."""
        for at in range(0, len(data), self._wording.piece_bytes):
            self.cable.say(data[at : at + self._wording.piece_bytes])
            self._look()
        if self._driver is not None:
            self._till.world.moments.after(self._driver.idle_s, self._look)

    def _look(self) -> None:
        if self._driver is not None:
            self._step(self._driver)

    def _step(self, driver: LineScanner) -> None:
        """What is there, or, where nothing is, that nothing came."""
        moments = self._till.world.moments
        scans, next_s = driver.step(moments.now_s, moments.now)
        for scan in scans:
            if self._stream is not None:
                self._stream.take(scan, moments.now_s)
        self._till.work()
        if next_s > moments.now_s and self._driver is driver:
            moments.at(next_s, self._look)  # it looks for its device again

    def _scanned(self, agent: Agent, scan: Scan) -> bool:
        """Half a code is nobody's answer: he holds it there again."""
        answered: Future[Reply] = Future()
        if scan.flags or self._waits is None:
            self._till.count_on(answered, _nobody)
        else:
            self._till.count_on(answered, self._waits)
            self._waits = None
        return agent.scanned(scan, answered)


def _nobody(reply: Reply) -> None:
    """A code that nobody waits for: read twice, or half of one."""
