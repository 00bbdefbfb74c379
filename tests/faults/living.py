"""Lives in processes of their own: each begins, does its deeds in a thread that a fault may hit, and goes on.

A program of lives waits for orders, and forks for each: what it has imported is there, and no life knows of another.
strace counts calls by thread and the thread first makes some that do nothing, so that the fault, which always comes at
the same call of a thread, comes at any that we like. What a life did, it says at once; each word is one datagram, and
so one `sendto`: also the answer to whoever asked is cut off like everything else.
"""

from __future__ import annotations

import ctypes
import json
import logging
import os
import socket
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, Protocol

SHOP = "shop"  # the kind of life that all others begin with
ORDER_BYTES_MAX = 65_536
LIBC = ctypes.CDLL(None)
OURS = f"{Path(__file__).parents[2]}/"


class Done(NamedTuple):
    """What whoever asked is answered. `hashes`: of the operations that are there by now; `claims`: what else is so from
    now on, as questions to the file with their answers; `answer`: what else he is told, the same for ever."""

    hashes: tuple[str, ...] = ()
    claims: tuple[tuple[str, Any], ...] = ()
    answer: Any = None


class Deed(NamedTuple):
    """`asked`: by what whoever asks knows it again. `do` may be asked any number of times; it raises one of the life's
    own refusals."""

    asked: str
    do: Callable[[], Done]


class Life(Protocol):
    """`refusals`: how it says that something was not done; anything else is a fault of the product."""

    @property
    def refusals(self) -> tuple[type[Exception], ...]: ...

    def begin(self) -> Done:
        """Start as the product does, if that has not been."""

    def next_one(self) -> Iterable[Deed]:
        """What comes when the disk is well again."""


class Kind(NamedTuple):
    """`begun`: whether the life has begun before the fault; `goes_on`: whether it has a deed more after it."""

    deeds: Callable[[Any], Iterable[Deed]]
    begun: bool = True
    goes_on: bool = True


class Words:
    """What a life says. Where nobody hears it, it goes on."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel

    def say(self, word: str, about: str = "", told: Any = None) -> None:
        try:
            self._channel.send(json.dumps([word, about, told]).encode())
        except OSError:
            return


def run(lives: Callable[[Path], Life], kinds: Mapping[str, Kind], *, first: Sequence[str] = (SHOP,)) -> None:
    """Live what is ordered, until nobody orders any more. `first`: what is lived once before, so that whatever the
    program reads of its own is read before any fault."""
    channel = socket.socket(fileno=int(sys.argv[1]))
    logging.getLogger().addHandler(logging.NullHandler())
    with TemporaryDirectory(prefix="faults-") as folder:
        for deed in [deed for kind in first for deed in kinds[kind].deeds(lives(Path(folder)))]:
            deed.do()
    _tell(channel, "kinds", [kind for kind in kinds if kind != SHOP])
    while order := os.read(channel.fileno(), ORDER_BYTES_MAX):
        told = json.loads(order)
        life = os.fork()
        if not life:
            words = Words(channel)
            _live(lives(Path(told["folder"])), kinds[told["kind"]], told["call"], told["before"], words)
        _tell(channel, "ended", os.waitpid(life, 0)[1])


def _tell(channel: socket.socket, word: str, told: Any) -> None:
    """Of the program itself, by a call that no fault comes at, as it hears by one."""
    os.writev(channel.fileno(), [json.dumps([word, "", told]).encode()])


def _live(life: Life, kind: Kind, call: str, before: int, words: Words) -> None:
    """`before`: so many times the call is made for nothing."""
    if kind.begun and not _do(life, [Deed("begin", life.begin)], words):
        os._exit(1)
    under = threading.Thread(target=_under_the_fault, args=(life, kind, call, before, words))
    under.start()
    words.say("thread", told=under.native_id)
    under.join()
    if kind.goes_on:
        _do(life, life.next_one(), words)
    os._exit(0)  # nothing is closed: whoever starts next finds what is on the disk


def _under_the_fault(life: Life, kind: Kind, call: str, before: int, words: Words) -> None:
    """Each deed twice: whoever is refused, or hears nothing, asks again."""
    for _ in range(before):
        getattr(LIBC, call)(-1, None, 0, 0, None, 0)
    for deed in kind.deeds(life):
        if not _do(life, [deed], words):
            _do(life, [deed], words)


def _do(life: Life, deeds: Iterable[Deed], words: Words) -> bool:
    for deed in deeds:
        words.say("began", deed.asked)
        try:
            done = deed.do()
        except life.refusals as refused:
            words.say("refused", deed.asked, str(refused))
            return False
        except Exception as error:
            words.say("broke", deed.asked, f"{error!r} at {_place(error)}")
            return False
        words.say("acked", deed.asked, done)
    return True


def _place(error: Exception) -> str:
    """The last line of ours on the way to it."""
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(OURS)]
    return f"{ours[-1].filename.removeprefix(OURS)}:{ours[-1].lineno}"
