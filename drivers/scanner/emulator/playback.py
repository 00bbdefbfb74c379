"""A recording of a scanner or a camera (drivers/recording.py), played again: the same bytes after the same pauses.

A line that was lost is lost again. Where one can see whether a host listens, it is there again when it was, and goes on
as long after the host came back as it did then; else it is there again a moment later, so that the host has come back
by the time of what follows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, Protocol

from drivers.recording import Entry, Recording, pauses
from drivers.scanner.emulator.hid import RECORD

Wait = Callable[[float], object]
Wire = Literal["serial", "keys", "reports"]
OF_WIRE: dict[Wire, str] = {
    "serial": "a serial scanner: play it with --link PATH or --tcp PORT",
    "keys": "a keyboard scanner: play it with --hid PATH",
    "reports": "a HID POS scanner: play it with --hidraw PATH",
}

UNPLUGGED_S = 0.1  # long enough for the host to see, shorter than any host waits before it tries again
MICROSECONDS = 1000


class Player(Protocol):
    """What a recording is played on."""

    def send(self, data: bytes) -> bool: ...

    def unplug(self) -> None: ...

    def plug(self) -> None: ...


class Host(Protocol):
    """A line that knows whether somebody listens."""

    def wait_for_host(self, timeout_s: float) -> bool: ...


HOST_BACK_S = 10.0  # a host tries again after 5 s at most


def play_recording(
    recording: Recording,
    player: Player,
    *,
    wait: Wait,
    speed: float = 1.0,
    lost: Callable[[Entry], object] = lambda entry: None,
    host: Host | None = None,
) -> None:
    """Do all of it at its time. `lost` hears of what nobody took; `host` sees whether somebody listens."""
    for pause_s, entry in pauses(recording.entries, speed):
        if pause_s > 0:
            wait(pause_s)
        if entry.what == "lost":
            player.unplug()
            if host is None:
                wait(UNPLUGGED_S)
                player.plug()
        elif entry.what == "open" and host is not None:
            player.plug()
            host.wait_for_host(HOST_BACK_S)
        elif (data := bytes_played(entry)) and not player.send(data):
            lost(entry)


def bytes_played(entry: Entry) -> bytes:
    """What the device says; what its host said is not for the device to say."""
    if entry.what == "keys":
        seconds, rest_ms = divmod(entry.at_ms, 1000)
        return b"".join(RECORD.pack(seconds, rest_ms * MICROSECONDS, *event) for event in entry.events)
    return entry.data if entry.what in ("in", "frame") else b""


def why_not(recording: Recording, wire: Wire) -> str | None:
    """Why it cannot go over this kind of line: each has bytes of its own."""
    recorded = wire_of(recording)
    return None if recorded == wire else f"it is of {OF_WIRE[recorded]}"


def wire_of(recording: Recording) -> Wire:
    if any(entry.what == "keys" for entry in recording.entries):
        return "keys"
    return "reports" if recording.facts.get("of", "").startswith("hidraw:") else "serial"
