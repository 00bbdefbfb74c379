"""What the cashier is told, for whoever watches the terminal. Nobody has to: who started the agent and does not read
what it says must not hold up its sales, and a full pipe would."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from queue import Full, Queue

from pos_agent.answers import Reply

UNREAD_MAX = 100  # lines; the newest are dropped past it, for they come again as the state of things
LAST_WORDS_S = 0.5  # at the end, for what is still to be written


class Terminal:
    def __init__(self) -> None:
        self._lines: Queue[str | None] = Queue(UNREAD_MAX)
        self._thread = threading.Thread(target=self._write, name="terminal", daemon=True)
        self._thread.start()

    def tell(self, reply: Reply) -> None:
        with suppress(Full):
            self._lines.put_nowait(f"{'»' if reply.ok else '✗'} {reply.text}\n")

    def close(self) -> None:
        with suppress(Full):
            self._lines.put_nowait(None)
            self._thread.join(LAST_WORDS_S)

    def _write(self) -> None:
        """Past sys.stdout, whose lock a thread that hangs here would take along to the end of the process."""
        encoding = sys.stdout.encoding or "utf-8"
        while (line := self._lines.get()) is not None:
            with suppress(OSError):
                os.write(sys.stdout.fileno(), line.encode(encoding, "replace"))
