"""A scanner that is shared with the shop's POS, as the agent sees it: another process holds it, and sends what is ours.

Each code is told as taken once its scan has been answered: what an agent had in hand when it was killed, it gets again.
"""

from __future__ import annotations

import json
import select
import socket
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any

from drivers.life import DeviceEvent, DeviceLife, DeviceState
from drivers.scanner.framing import Frame, Refusal
from drivers.scanner.line import scan_of
from drivers.scanner.profile import NO_PROFILE, ScannerProfile
from drivers.scanner.scan import Scan
from drivers.scanner.scanner import READ_WAIT_S_MAX
from drivers.scanner.serial import SerialLine
from drivers.sharing.local import CODE, STATE, TAKEN, Message, connect, heard
from drivers.sharing.plan import ShareFiles

GONE = "nobody shares it: the process that holds it is gone"

Deliver = Callable[[Scan, "Future[Any]"], bool]


class SharedScanner:
    """`told` is the last that the share said of itself: its state, what it passed on and what was lost."""

    unread = False  # no camera

    def __init__(
        self,
        url: str,
        name: str,
        door: str,
        files: ShareFiles,
        revive: Callable[[], None],
        profile: ScannerProfile = NO_PROFILE,
    ) -> None:
        self.url = url
        self.name = name
        self.door = door  # where the POS finds it
        self.life = DeviceLife()
        self.refused: Counter[str] = Counter()
        self.told: dict[str, Any] = {}
        self._files = files
        self._revive = revive  # starts the process that holds the scanner; called when there is none
        self._frames = SerialLine(url, profile).framer()
        self._line: socket.socket | None = None
        self._last = 0  # the highest number that came from this share
        self._now = 0
        self._open: dict[int, list[Future[Any]]] = {}  # codes that are not taken yet, with the answers to their scans

    def delivering(self, deliver: Deliver) -> Callable[[Scan], bool]:
        """For the stream: hands a scan on, and waits for its answer. In the scanner's thread."""

        def hand_on(scan: Scan) -> bool:
            answered: Future[Any] = Future()
            number = self._now
            self._open.setdefault(number, []).append(answered)
            taken = deliver(scan, answered)
            answered.add_done_callback(partial(self._answered, number))
            return taken

        return hand_on

    def step(self, now_s: float, at: datetime) -> tuple[list[Scan], float]:
        """Wait for one message of the share, not long; or look for the share when it is time."""
        self._settle()
        if self._line is None:
            return self._connect(now_s)
        readable, _, _ = select.select([self._line], [], [], READ_WAIT_S_MAX)
        message = self._heard() if readable else None
        if readable and message is None:
            self._lose(GONE, now_s)
        elif message is not None and message.kind == STATE:
            self._follow(json.loads(message.data), now_s)
        elif message is not None and message.kind == CODE:
            return self._scans(message, at), now_s
        return [], now_s

    def close(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None

    def _connect(self, now_s: float) -> tuple[list[Scan], float]:
        if not self.life.wants_try(now_s):
            return [], self.life.try_at_s
        try:
            self._line = connect(self._files.socket)
        except OSError:
            self.life.happened(DeviceEvent.TRIED, now_s)
            self.life.happened(DeviceEvent.MISSING, now_s, GONE)
            self._revive()
            return [], self.life.try_at_s
        return [], now_s

    def _heard(self) -> Message | None:
        assert self._line is not None
        try:
            return heard(self._line)
        except OSError:
            return None

    def _follow(self, told: dict[str, Any], now_s: float) -> None:
        """The scanner's own life, as its holder sees it."""
        if told["epoch"] != self.told.get("epoch"):
            self._last = 0  # another process, which counts anew
        self.told = told
        if told["state"] == DeviceState.READY.value:
            if self.life.state is not DeviceState.READY:
                self._try(now_s)
                self.life.happened(DeviceEvent.OPENED, now_s)
        elif self.life.state is DeviceState.READY:
            self.life.happened(DeviceEvent.FAILED, now_s, told["cause"])
        elif told["cause"]:
            self._try(now_s)
            self.life.happened(DeviceEvent.MISSING, now_s, told["cause"])

    def _try(self, now_s: float) -> None:
        if self.life.state is not DeviceState.CONNECTING:
            self.life.happened(DeviceEvent.TRIED, now_s)

    def _lose(self, cause: str, now_s: float) -> None:
        self.close()
        if self.life.state is DeviceState.READY:
            self.life.happened(DeviceEvent.FAILED, now_s, cause)

    def _scans(self, message: Message, at: datetime) -> list[Scan]:
        """A code that came before is on its way, or was taken, and only the word of it is missing."""
        if message.number <= self._last:
            if message.number not in self._open:
                self._tell_taken(message.number)
            return []
        self._last = self._now = message.number
        self._open[message.number] = []
        silent, data = message.data[:1], message.data[1:]
        results: list[Frame | Refusal] = self._frames.feed(data)
        if silent == b"\1":
            results += self._frames.quiet()
        self._frames.reset()
        self._frames.quiet()  # codes come whole: none is the tail of another
        scans = [scan_of(result, self.name, self.refused, at) for result in results]
        return [scan for scan in scans if scan is not None]

    def _settle(self) -> None:
        """A code of which nothing was delivered (a trigger that bounced, a lonely line feed) is taken too."""
        for number in [number for number, answers in list(self._open.items()) if not answers]:
            self._finish(number)

    def _answered(self, number: int, _: Future[Any]) -> None:
        """In whichever thread answered."""
        answers = self._open.get(number, [])
        if answers and all(answer.done() for answer in answers):
            self._finish(number)

    def _finish(self, number: int) -> None:
        self._open.pop(number, None)
        self._tell_taken(number)

    def _tell_taken(self, number: int) -> None:
        line = self._line
        with suppress(OSError, AttributeError):  # said again when the code comes again
            line.send(Message(TAKEN, number).packed())  # type: ignore[union-attr]
