"""The till's turn on a printer that it shares with the shop's POS: asked for, waited for, given back."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from drivers.life import BACKOFF_CEILING_S
from drivers.sharing.local import ASK, DONE, TURN, Message, connect, heard
from drivers.sharing.plan import ShareFiles

ASK_AGAIN_S = 1.0  # a question, or its answer, may have died with the process that had it in hand
TRY_AGAIN_S = 0.2  # a share that was just started listens by then; longer each time, up to the drivers' ceiling


class SharedTurn:
    """`told` is the last that the share said: whose turn it is, and how often a job of the POS did not end."""

    def __init__(self, door: str, files: ShareFiles, revive: Callable[[], None]) -> None:
        self.door = door  # where the POS prints
        self.url = f"shared://{quote(str(files.data_socket))}"
        self.told: dict[str, Any] = {}
        self._files = files
        self._revive = revive
        self._line: socket.socket | None = None
        self._asked = False
        self._number = int.from_bytes(os.urandom(3))  # of this turn; another agent's are others
        self._ask_at_s = 0.0
        self._try_at_s = 0.0
        self._pause_s = TRY_AGAIN_S

    @property
    def asked(self) -> bool:
        """We wait for our turn, or have it."""
        return self._asked

    @property
    def clean(self) -> bool:
        """Whether nothing of the POS's can be left half in the printer."""
        return bool(self.told.get("clean"))

    def mine(self, now_s: float) -> bool:
        """Whether we may print now; asks for the turn if we may not yet. Never waits."""
        self.look(now_s)
        if self._line is None:
            return False
        if not self._asked:
            self._asked, self._number, self._ask_at_s = True, self._number + 1, 0.0
        if now_s >= self._ask_at_s:
            self._say(ASK)
            self._ask_at_s = now_s + ASK_AGAIN_S
        return self.told.get("ours") == self._number

    def done(self) -> None:
        """The paper is out, or will not come now."""
        if self._asked:
            self._say(DONE)
        self._asked = False

    def look(self, now_s: float) -> None:
        """Take what the share says, if there is one."""
        if self._line is None:
            self._connect(now_s)
        while self._line is not None:
            try:
                message = heard(self._line)
            except BlockingIOError:
                return
            except OSError:
                message = None
            if message is None:
                self._lose()
            elif message.kind == TURN:
                self.told = json.loads(message.data)

    def _connect(self, now_s: float) -> None:
        if now_s < self._try_at_s:
            return
        try:
            self._line = connect(self._files.socket)
            self._line.setblocking(False)
            self._pause_s = TRY_AGAIN_S
        except OSError:
            self._revive()
            self._try_at_s = now_s + self._pause_s
            self._pause_s = min(self._pause_s * 2, BACKOFF_CEILING_S)

    def _lose(self) -> None:
        assert self._line is not None
        self._line.close()
        self._line, self._asked, self.told = None, False, {}

    def _say(self, kind: bytes) -> None:
        with suppress(OSError):  # noticed by the next look
            if self._line is not None:
                self._line.send(Message(kind, self._number).packed())
