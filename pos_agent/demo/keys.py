"""Ctrl-C as a character, while the demo stays open: as a signal it would come to `make` too, which calls that a failure
however the demo ends."""

from __future__ import annotations

import os
import signal
import sys
import termios
import threading
from collections.abc import Iterator
from contextlib import contextmanager

ENDS = (b"\x03", b"\x04", b"q", b"Q", b"")  # Ctrl-C, Ctrl-D; nothing: the terminal is closed
AS_CHARACTERS = termios.ISIG | termios.ICANON | termios.ECHO
LOCAL_FLAGS = 3  # of the seven things that termios tells


@contextmanager
def ended_by_key() -> Iterator[None]:
    """Inside, such a key interrupts this process and no other, as SIGINT does. Whatever ends it, the terminal is again
    as it was: SIGTERM too comes through here."""
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    by_character = termios.tcgetattr(terminal)
    by_character[LOCAL_FLAGS] &= ~AS_CHARACTERS
    over = threading.Event()
    on_term = signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        termios.tcsetattr(terminal, termios.TCSADRAIN, by_character)
        threading.Thread(target=_listen, args=(terminal, over), daemon=True).start()
        yield
    finally:
        over.set()
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)
        signal.signal(signal.SIGTERM, on_term)


def _listen(terminal: int, over: threading.Event) -> None:
    while _key(terminal) not in ENDS:
        pass
    if not over.is_set():
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)


def _key(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1)
    except OSError:  # it hangs up
        return b""
