"""Somebody sits on the way between a till and its hub, and changes one bit of a message: of a request or of an answer.

Messages go over TCP as they come from the real client and the real server. What a bit stands for in the message is said
in a few words, so that a test can tell which of them nothing depends on.
"""

from __future__ import annotations

import base64
import os
import random
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Literal, NamedTuple

from tests.sync.wire import read_message

Side = Literal["request", "answer"]
HUB_S = 20.0  # of the slowest machine; a moment is usual
END = b"\r\n\r\n"

LONG = bool(os.environ.get("FLIPS_LONG"))
WHOLE_MAX = 4_096 if LONG else 0  # bytes: shorter messages are changed everywhere
PLACES = 1_000 if LONG else 10  # of a longer one
OF_HEADERS = "nothing depends on it"
NAMES = "a name says the same in either case"
SIGNATURE = "the same bytes: base64 leaves four bits over"
WRITTEN = re.compile(rb"=:([A-Za-z0-9+/]{86}==):")  # 64 bytes

# What may be changed, and why that changes nothing.
HARMLESS: dict[Side, dict[str, str]] = {
    "request": {
        "the version": "of HTTP; the same is asked",
        "the case of a name": NAMES,
        "the bits behind a signature": SIGNATURE,
        "line end": "whoever reads HTTP forgives a half of one; what is signed is as it was",
        "host": "a hub has many addresses; where it has names (`--host-name`), another is refused",
        "content-type": "of a question without a body; with one it is refused",
        "the name content-type": "likewise",
        **{
            said: OF_HEADERS
            for name in ("user-agent", "accept", "accept-encoding", "connection")
            for said in (name, f"the name {name}")
        },
    },
    "answer": {
        "the version": "of HTTP; the same is answered",
        "words": "behind the status, for people",
        "a space": "whatever else counts as one parts them as well",
        "line end": "whoever reads HTTP forgives a half of one; what is signed is as it was",
        "the end of the head": "likewise",
        "the case of a name": NAMES,
        "the bits behind a signature": SIGNATURE,
        "content-length": "the digest of the whole body is signed",
        "the name content-length": "likewise",
        **{said: OF_HEADERS for name in ("date", "server", "content-type") for said in (name, f"the name {name}")},
    },
}

# behind which more or less may be waited for
FRAMING = ("the end of the head", "content-length", "the name content-length")


class Change(NamedTuple):
    """`place`: a byte, counted from the beginning of the message; `bit`: of it."""

    side: Side
    place: int
    bit: int


class Way:
    """`url` is where the till asks. `messages`: those since `begin`, as they were before the change; the first one is
    changed."""

    def __init__(self, hub: str) -> None:
        host, _, port = hub.removeprefix("http://").partition(":")
        self._hub = (host, int(port))
        self.begin()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def begin(self, change: Change | None = None) -> None:
        self._change = change
        self.messages: dict[Side, list[bytes]] = {"request": [], "answer": []}

    def first(self, side: Side) -> bytes:
        return self.messages[side][0]

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                till, _ = self._listener.accept()
            except OSError:
                return
            with till, suppress(OSError):  # either may hang up at any moment
                self._pass_on(till)

    def _pass_on(self, till: socket.socket) -> None:
        request = read_message(till)
        if not request:
            return
        changed = self._changed("request", request)
        with socket.create_connection(self._hub, timeout=HUB_S) as hub:
            hub.settimeout(HUB_S)
            hub.sendall(changed)
            if changed != request and is_framing("request", request, self._change):
                hub.shutdown(socket.SHUT_WR)  # nobody waits for the rest of what has no rest
            answer = read_message(hub)
        till.sendall(self._changed("answer", answer))

    def _changed(self, side: Side, message: bytes) -> bytes:
        self.messages[side].append(message)
        change, is_first = self._change, len(self.messages[side]) == 1
        if change is None or change.side != side or not is_first or change.place >= len(message):
            return message
        return flipped(message, change.place, change.bit)


def flipped(message: bytes, place: int, bit: int) -> bytes:
    return message[:place] + bytes([message[place] ^ (1 << bit)]) + message[place + 1 :]


def is_framing(side: Side, message: bytes, change: Change | None) -> bool:
    return change is not None and what_is(side, message, change.place, change.bit) in FRAMING


def what_is(side: Side, message: bytes, place: int, bit: int) -> str:
    """What this bit says: "the body", "the path", the lower name of a header for its value …"""
    head = message.partition(END)[0]
    if place >= len(head) + len(END):
        return "the body"
    if place >= len(head):
        return "the end of the head"
    if message[place : place + 1] in b"\r\n":
        return "line end"
    begin = head.rfind(b"\r\n", 0, place) + 2 if b"\r\n" in head[:place] else 0
    line = head[begin:].partition(b"\r\n")[0]
    if begin == 0:
        return _of_start(side, line, place)
    return _of_header(line, place - begin, bit)


def _of_start(side: Side, line: bytes, at: int) -> str:
    names = ("the method", "the target", "the version") if side == "request" else ("the version", "the status", "words")
    words = [(found.start(), found.end()) for found in re.finditer(rb"\S+", line)]
    number = sum(start <= at for start, _ in words) - 1
    return names[min(number, 2)] if at < words[number][1] or number >= 2 else "a space"


def _of_header(line: bytes, at: int, bit: int) -> str:
    name = line.partition(b":")[0].lower().decode("latin-1")
    if at > len(name):
        value = line[len(name) + 1 :].strip()
        if name == "signature" and value and _is_same_signature(line, at, bit):
            return "the bits behind a signature"
        return name
    is_letter = at < len(name) and line[at : at + 1].isalpha()
    return "the case of a name" if is_letter and bit == 5 else f"the name {name}"


def _is_same_signature(line: bytes, at: int, bit: int) -> bool:
    """Its last letter holds bits that say nothing."""
    changed = line[:at] + bytes([line[at] ^ 1 << bit]) + line[at + 1 :]
    one, other = WRITTEN.search(line), WRITTEN.search(changed)
    if one is None or other is None or one.span() != other.span() or at not in range(*one.span(1)):
        return False
    return base64.b64decode(one[1]) == base64.b64decode(other[1])


def places(message: bytes, chance: random.Random) -> Iterator[tuple[int, int]]:
    size = len(message)
    for place in range(size) if size <= WHOLE_MAX else sorted(chance.sample(range(size), min(PLACES, size))):
        yield place, chance.randrange(8)


def seeded() -> random.Random:
    seed = int(os.environ.get("POS_TEST_SEED") or random.SystemRandom().randrange(10**9))
    print(f"POS_TEST_SEED={seed}")
    return random.Random(seed)
