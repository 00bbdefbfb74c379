"""strace, which lets a call of a process fail or be its last; and whether it can be had here."""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

NOTHING = "/dev/null"


@cache
def why_not() -> str | None:
    """Why there are no faults on this machine; None: there are."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    if platform.machine() != "x86_64":
        return "calls have other names on this processor"
    tried = subprocess.run(
        [*injecting({"fsync": "error=EIO:when=1"}), sys.executable, "-c", "import os; os.fsync(1)"],
        capture_output=True,
        text=True,
    )
    return None if "Input/output error" in tried.stderr else "this machine lets nobody trace a process"


def injecting(faults: dict[str, str]) -> list[str]:
    """What stands before a command whose calls fail so; each thread's are counted by themselves."""
    given = [part for call, fault in faults.items() for part in ("-e", f"inject={call}:{fault}")]
    return [*_strace(faults, Path(NOTHING)), *_only_these(faults), *given]


def _only_these(faults: dict[str, str]) -> list[str]:
    """The kernel stops no other call, which is quicker; but then no signal comes at a call."""
    return [] if any(fault.startswith("signal") for fault in faults.values()) else ["--seccomp-bpf"]


def counting(calls: Iterable[str], log: Path) -> list[str]:
    """Likewise, when calls are only written down."""
    return _strace(calls, log)


def _strace(calls: Iterable[str], log: Path) -> list[str]:
    said = f"trace={','.join(calls)}"
    return ["strace", "-f", "-qqq", "-s", "0", "-o", str(log), "-e", said, "-e", "signal=none"]
