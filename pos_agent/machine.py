"""Which machine this is, so that a folder of data that was copied to another one is known there."""

from __future__ import annotations

import hashlib
import platform
from contextlib import suppress
from pathlib import Path

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")  # since when this machine runs: a copy of its disk has another
MACHINE_ID = Path("/etc/machine-id")  # of the installation; other systems have their node's name alone


def machine() -> str:
    """The same on every start, another on every machine; tells nothing of it."""
    told = platform.node()
    with suppress(OSError):
        told += "\n" + MACHINE_ID.read_text(encoding="ascii", errors="replace").strip()
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def place_of(folder: Path) -> str | None:
    """Where a process runs: in which folder, of which machine, since which start of it. Two that say the same are one
    after the other, for a folder has one agent at a time (till.lock). None: the system does not tell."""
    try:
        boot = BOOT_ID.read_text(encoding="ascii").strip()
        here = str(folder.resolve())
    except OSError:
        return None
    return hashlib.sha256("\n".join((machine(), boot, here)).encode()).hexdigest()[:32]
