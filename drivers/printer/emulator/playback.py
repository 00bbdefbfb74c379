"""A recording of a printer (drivers/recording.py), played again: answers as they were recorded, what is sent compared.

It is no printer: it makes nothing of the bytes. An answer comes as long after the byte before it as it did then. A host
that sends something else is told where it differs, and the play goes on.
"""

from __future__ import annotations

import re
import selectors
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from drivers.printer.emulator.wires import Wire
from drivers.recording import Entry, Recording, pause_s, signs_of

CHUNK_BYTES = 4096
LOOK_S = 0.25  # how soon a stop is noticed
STUCK_S = 3.0  # a host that sent a part and no more for so long sends something else than was recorded
LAST_S = 1.0  # in which a host reads the last answer: on a serial line nobody can see whether he has
SHOWN_BYTES = 24
# The attempt that a proof is for has a new name at every try: GS ( H function 48, and its answer.
ASKED_FOR = re.compile(rb"\x1d\(H\x06\x0000(.{4})", re.DOTALL)
PROOF = re.compile(rb"\x37\x22(.{4})\x00", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    at_ms: int  # in the recording
    byte: int  # of what was recorded there, from 0
    recorded: str
    came: str


class RecordedPrinter:
    """`play` until the recording's end or `stop()`; the differences by then."""

    def __init__(
        self,
        recording: Recording,
        wire: Wire,
        *,
        speed: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
        told: Callable[[Difference], object] = lambda difference: None,
    ) -> None:
        self._recording = recording
        self._wire = wire
        self._speed = speed
        self._clock = clock
        self._told = told
        self._came = bytearray()
        self._names: dict[bytes, bytes] = {}  # of attempts: as recorded → as it is called now
        self._stopping = False
        self._host_gone = False  # a connection that ended; the next one is another host, or the same again
        self.differences: list[Difference] = []

    def stop(self) -> None:
        """Safe from a signal handler and from any thread."""
        self._stopping = True

    def play(self) -> list[Difference]:
        before_ms = 0
        for entry in joined(self._recording.entries):
            if self._stopping:
                break
            if entry.what == "out":
                self._take(entry)
            else:
                self._listen(pause_s(entry.at_ms - before_ms, self._speed))
                self._do(entry)
            before_ms = entry.at_ms
        self._part()
        return self.differences

    def _part(self) -> None:
        """Stay until the host has gone, or has had the time to read."""
        until_s = self._clock() + LAST_S
        while not self._stopping and not self._host_gone and (left_s := until_s - self._clock()) > 0:
            self._look(min(left_s, LOOK_S))

    def _do(self, entry: Entry) -> None:
        if entry.what == "in":
            self._wire.send(PROOF.sub(self._renamed, entry.data))
            self._listen(0.0)
        elif entry.what == "lost":
            self._wire.unplug()
            self._wire.plug()

    def _renamed(self, proof: re.Match[bytes]) -> bytes:
        name = proof.group(1)
        return b"\x37\x22" + self._names.get(name, name) + b"\0"

    def _take(self, entry: Entry) -> None:
        """Until as much came as was sent then."""
        wanted, heard_s = len(entry.data), self._clock()
        while len(self._came) < wanted and not self._stopping:
            if self._look(LOOK_S):
                heard_s = self._clock()
            elif self._came and self._clock() - heard_s > STUCK_S:
                break
        came = bytes(self._came[:wanted])
        del self._came[:wanted]
        self._names |= dict(zip(ASKED_FOR.findall(entry.data), ASKED_FOR.findall(came), strict=False))
        if not self._stopping and (found := difference(entry, came, masked=self._recording.masked)) is not None:
            self.differences.append(found)
            self._told(found)

    def _listen(self, seconds: float) -> None:
        """For so long, also to what comes early."""
        until_s = self._clock() + seconds
        self._look(0.0)
        while not self._stopping and (left_s := until_s - self._clock()) > 0:
            self._look(min(left_s, LOOK_S))

    def _look(self, wait_s: float) -> bool:
        """Take what there is within the wait; whether anything came."""
        before = len(self._came)
        with selectors.DefaultSelector() as selector:
            for source, events in self._wire.wanted(CHUNK_BYTES).items():
                selector.register(source, events)
            for key, _ in selector.select(wait_s):
                data = self._wire.take(key.fileobj, CHUNK_BYTES)
                self._host_gone = not data
                self._came += data
        return len(self._came) > before


def joined(entries: tuple[Entry, ...]) -> Iterator[Entry]:
    """What was sent without an answer in between, as one: in how many pieces is the operating system's business."""
    sent: list[Entry] = []
    for entry in entries:
        if entry.what == "out":
            sent.append(entry)
        elif entry.what in ("in", "lost"):
            yield from _as_one(sent)
            sent = []
            yield entry
    yield from _as_one(sent)


def _as_one(sent: list[Entry]) -> Iterator[Entry]:
    if sent:
        yield Entry(at_ms=sent[-1].at_ms, what="out", data=b"".join(entry.data for entry in sent))


def difference(entry: Entry, came: bytes, *, masked: bool) -> Difference | None:
    """Where what came first differs. Names of attempts are new each time; a masked digit stands for any."""
    recorded, heard = _comparable(entry.data, masked), _comparable(came, masked)
    if recorded == heard:
        return None
    pairs = zip(recorded, heard, strict=False)
    place = next((at for at, (one, other) in enumerate(pairs) if one != other), min(len(recorded), len(heard)))
    shown = slice(place, place + SHOWN_BYTES)
    return Difference(at_ms=entry.at_ms, byte=place, recorded=signs_of(entry.data[shown]), came=signs_of(came[shown]))


def _comparable(data: bytes, masked: bool) -> bytes:
    data = ASKED_FOR.sub(b"\x1d(H\x06\x0000????", data)
    return re.sub(rb"[0-9]", b"0", data) if masked else data
