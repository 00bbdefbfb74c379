"""A program of lives (living.py), with or without a fault over it, as whoever orders lives sees it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

WORD_BYTES_MAX = 1_000_000
LIFE_S = 60.0  # one that says nothing for so long hangs


@dataclass(slots=True)
class Lived:
    """What a life said. `acked`: what was answered, by what was asked; `broke`: errors that are nobody's refusal."""

    thread: int = 0
    began: list[str] = field(default_factory=list)
    acked: dict[str, Any] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    broke: list[str] = field(default_factory=list)
    status: int = 0

    @property
    def was_killed(self) -> bool:
        return os.WIFSIGNALED(self.status) and os.WTERMSIG(self.status) == signal.SIGKILL

    def hear(self, word: str, about: str, told: Any) -> None:
        match word:
            case "thread":
                self.thread = told
            case "began":
                self.began.append(about)
            case "acked":
                self.acked[about] = told
            case "refused":
                self.refused[about] = told
            case "broke":
                self.broke.append(f"{about}: {told}")
            case "ended":
                self.status = told


class Lives:
    """`before`: what stands before the command, if anything. One that `hangs` is ended, and of no more use."""

    def __init__(self, module: str, before: Sequence[str] = ()) -> None:
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._channel.settimeout(LIFE_S)
        command = [*before, sys.executable, "-m", module, str(theirs.fileno())]
        self._process = subprocess.Popen(
            command, pass_fds=[theirs.fileno()], stdout=subprocess.DEVNULL, start_new_session=True
        )
        theirs.close()
        self.hangs = False
        self.kinds: list[str] = self._word()[2]

    def live(self, folder: Path, kind: str, call: str = "", before: int = 0) -> Lived:
        """`before`: so many times the call is made for nothing."""
        order = {"folder": str(folder), "kind": kind, "call": call, "before": before}
        self._channel.send(json.dumps(order).encode())
        lived, word = Lived(), ""
        try:
            while word != "ended":
                word, about, told = self._word()
                lived.hear(word, about, told)
        except TimeoutError:
            self.hangs = True
            lived.broke.append(f"nothing was heard for {LIFE_S:.0f} s")
            os.killpg(self._process.pid, signal.SIGKILL)
        return lived

    def close(self) -> None:
        self._channel.close()
        self._process.wait(LIFE_S)

    def _word(self) -> list[Any]:
        return list(json.loads(self._channel.recv(WORD_BYTES_MAX)))
