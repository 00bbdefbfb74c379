"""Whoever holds an emulated scanner: shows it a code, pulls its plug, plays it a script. A line is one of these."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from drivers.errors import DeviceError
from drivers.scanner.emulator.habits import NO_READ
from drivers.scanner.emulator.hid import play as play_records
from drivers.scanner.emulator.pos_reports import play as play_reports
from drivers.scanner.emulator.script import GS_SIGN, Script, load_script, play
from drivers.scanner.emulator.serial import ScannerEmulator

SAME_AGAIN_S: Final = 0.5  # scanners themselves wait about so long before they read the same code again
ORDERS: Final = ("!unplug", "!plug", "!raw", "!play", "!keys", "!reports", "!noread")
OF_FILES: Final = ("!play", "!keys", "!reports")  # name a file of this machine: from the standard input alone


class Hand:
    """One order at a time, from whichever thread it comes. The same code is shown again no sooner than a person can;
    faster, the host would take it for a trigger that bounces."""

    def __init__(self, emulator: ScannerEmulator, no_read: str = NO_READ) -> None:
        self._emulator = emulator
        self._no_read = no_read
        self._one_at_a_time = threading.Lock()
        self._last = ""
        self._free_at_s = 0.0

    def obey(self, line: str) -> str:
        """Do what the line says; "" or what is wrong with it, a line each."""
        order, _, rest = line.partition(" ")
        if line.startswith("!") and order not in ORDERS:
            return f"unknown order {order!r}; there are {', '.join(ORDERS[:-1])} and {ORDERS[-1]}"
        try:
            if order == "!play":  # as long as it takes; meanwhile the hand does other things
                lost: list[str] = []
                self.play(load_script(Path(rest)), lost.append)
                return "\n".join(lost)
            with self._one_at_a_time:
                return self._order(order, rest) if line.startswith("!") else self._show(line)
        except DeviceError as error:  # a keyboard has no such key, a port is no longer free
            return str(error)
        except UnicodeEncodeError as error:  # an encoding has no such letter
            return str(error)
        except (OSError, ValueError) as error:
            return f"{order}: {error}"

    def play(self, script: Script, lost: Callable[[str], object]) -> None:
        """`lost` hears a line of every code that nobody took, as it happens."""
        play(script, self._emulator, clock=time.monotonic, wait=time.sleep, lost=lambda text: lost(_lost(text)))

    def _show(self, code: str) -> str:
        if not code:
            return ""
        if code == self._last:
            time.sleep(max(0.0, self._free_at_s - time.monotonic()))
        sent = self._emulator.scan(code.replace(GS_SIGN, "\x1d"))
        self._last, self._free_at_s = code, time.monotonic() + SAME_AGAIN_S
        return "" if sent else _lost(code)

    def _order(self, order: str, rest: str) -> str:
        sent = True
        match order:
            case "!unplug":
                self._emulator.unplug()
            case "!plug":
                self._emulator.plug()
            case "!raw":
                sent = self._emulator.send(bytes.fromhex(rest))
            case "!keys":
                sent = play_records(Path(rest).read_bytes(), self._emulator.line)
            case "!reports":
                sent = play_reports(Path(rest).read_bytes(), self._emulator.line)
            case "!noread":
                sent = self._emulator.scan(self._no_read)
        return "" if sent else _lost(f"{order} {rest}".rstrip())


class HandAtAPage:
    """A hand that a page leads (drivers/control.py): it opens no file."""

    def __init__(self, hand: Hand, emulator: ScannerEmulator) -> None:
        self._hand = hand
        self._emulator = emulator

    def state(self) -> dict[str, Any]:
        return {"url": self._emulator.line.url, "unplugged": not self._emulator.plugged}

    def obey(self, line: str) -> str:
        order = line.partition(" ")[0]
        if order in OF_FILES:
            return f"{order} opens a file: give it on the standard input"
        return self._hand.obey(line)


def _lost(text: str) -> str:
    return f"nobody listens: {text!r} is lost"
