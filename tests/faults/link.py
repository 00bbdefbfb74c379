"""A link between tills and their hub that does to whole HTTP requests what links do: F12, F13, F14.

It stands on a socket between the real client and the real server. What becomes of the next request a plan says; nothing
here knows what a request means.
"""

from __future__ import annotations

import random
import socket
import threading
from collections import Counter, deque
from collections.abc import Mapping
from contextlib import suppress
from typing import Final, Literal, Protocol

Deed = Literal["pass", "slow", "late", "lost", "cut", "silent", "torn", "twice", "kept", "held", "old"]

# What of a request reaches the hub, and what of its answer the till:
DEEDS: Final[Mapping[Deed, tuple[str, str]]] = {
    "pass": ("once", "whole"),
    "slow": ("once, byte for byte", "whole, byte for byte"),
    "late": ("once", "when nobody waits for it any more"),
    "lost": ("nothing", "nothing"),
    "cut": ("its first half", "nothing"),
    "silent": ("once", "nothing"),
    "torn": ("once", "its first half"),
    "twice": ("twice", "the second"),
    "kept": ("once, and once more after newer ones", "the first"),
    "held": ("once, after the next one", "nothing"),
    "old": ("once", "the answer to an older request"),
}
BAD: Final[tuple[Deed, ...]] = tuple(deed for deed in DEEDS if deed != "pass")
RARE: Final = {"late": 0.1}  # it costs the till's whole patience
KEPT_MAX: Final = 40  # requests; past it one comes at once
COMES_AGAIN: Final = 0.3  # the chance of one of them, before the next request
PIECE_BYTES: Final = 200  # of what comes slowly
READ_BYTES: Final = 65_536
HUB_S: Final = 20.0  # the hub answers in milliseconds


class Plan(Protocol):
    """What becomes of the requests, one after the other."""

    def next(self) -> Deed: ...

    def comes_again(self, kept: int) -> int | None:
        """Which of so many kept ones is heard once more, before the next request; None: none is."""


class Drawn:
    """A plan that is a seed. `badness`: which part of all requests has no good fate."""

    def __init__(self, seed: int, badness: float) -> None:
        self._chance = random.Random(seed)
        self._badness = badness

    def next(self) -> Deed:
        if self._chance.random() >= self._badness:
            return "pass"
        deed = self._chance.choice(BAD)
        return deed if self._chance.random() < RARE.get(deed, 1.0) else "pass"

    def comes_again(self, kept: int) -> int | None:
        comes = self._chance.random() < COMES_AGAIN or kept > KEPT_MAX
        return self._chance.randrange(kept) if kept and comes else None


class BadLink:
    """One request at a time, else the plan has no order. It is good until it is given one."""

    def __init__(self, hub_port: int) -> None:
        self._hub_port = hub_port
        self.plan: Plan | None = None
        self.done: Counter[str] = Counter()
        self._kept: deque[bytes] = deque()  # to be heard once more, much later
        self._held: deque[bytes] = deque()  # to be heard for the first time, after the next one
        self._old = b""
        self._turn = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                till, _ = self._listener.accept()
                till.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self._carry, args=(till,), daemon=True).start()

    def _carry(self, till: socket.socket) -> None:
        with till, suppress(OSError):  # a till hangs up when it likes
            while (request := read_whole(till)) is not None:
                with self._turn:
                    goes_on = self._meet(request, till)
                if not goes_on:
                    return

    def calm(self) -> None:
        """Nothing goes wrong any more; what is under way arrives."""
        with self._turn:
            self.plan = None
            while self._held or self._kept:
                self._ask((self._held or self._kept).popleft())

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    # one request

    def _meet(self, request: bytes, till: socket.socket) -> bool:
        """Whether the connection lives on."""
        deed = self.plan.next() if self.plan is not None else "pass"
        self.done[deed] += 1
        self._one_comes_again()
        behind, self._held = self._held, deque()
        goes_on = self._do(deed, request, till)
        for one in behind:
            self._ask(one)
        return goes_on

    def _one_comes_again(self) -> None:
        place = self.plan.comes_again(len(self._kept)) if self.plan is not None else None
        if place is not None:
            self._ask(self._kept[place])
            del self._kept[place]

    def _do(self, deed: Deed, request: bytes, till: socket.socket) -> bool:
        match deed:
            case "lost":
                return False
            case "cut":
                self._ask(request[: len(request) // 2])
                return False
            case "held":
                self._held.append(request)
                return False
            case "kept":
                self._kept.append(request)
            case "twice":
                self._ask(request)
        return self._answer(deed, self._ask(request, slow=deed == "slow"), till)

    def _answer(self, deed: Deed, answer: bytes, till: socket.socket) -> bool:
        old, self._old = self._old, answer
        match deed:
            case "silent":
                return False
            case "torn":
                till.sendall(answer[: len(answer) // 2])
                return False
            case "late":
                while till.recv(READ_BYTES):  # until it hangs up
                    pass
                return False
            case "slow":
                _send_slowly(till, answer)
            case _:
                till.sendall(old if deed == "old" and old else answer)
        return True

    def _ask(self, request: bytes, *, slow: bool = False) -> bytes:
        """The hub's answer, or what there is of one."""
        with socket.create_connection(("127.0.0.1", self._hub_port), timeout=HUB_S) as hub:
            if slow:
                _send_slowly(hub, request)
            else:
                hub.sendall(request)
            if not is_whole(request):
                hub.shutdown(socket.SHUT_WR)
            return read_whole(hub) or b""


def _send_slowly(end: socket.socket, message: bytes) -> None:
    """In pieces that the other side reads one by one."""
    for place in range(0, len(message), PIECE_BYTES):
        end.sendall(message[place : place + PIECE_BYTES])


def is_whole(message: bytes) -> bool:
    """An HTTP message with its body, whose length it says."""
    head, ends, body = message.partition(b"\r\n\r\n")
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
    return bool(ends) and len(body) >= int(fields.get(b"content-length", b"0"))


def read_whole(end: socket.socket) -> bytes | None:
    """The next message; None: none comes whole."""
    message = b""
    while not is_whole(message):
        piece = end.recv(READ_BYTES)
        if not piece:
            return None
        message += piece
    return message
