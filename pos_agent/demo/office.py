"""The office of the demo: the hub's process, and `pos-hub` commands on its ledger."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pos_agent.demo.processes import Process, start


class StoryFailed(Exception):
    """The story did not go as it must."""


class Office:
    """One hub for all shops of the demo, with the account of each programme beside it. `services`: who is asked
    outside; then it has the office's desk and a face for online shops besides."""

    def __init__(self, out: Path, programmes: Sequence[str] = (), services: Path | None = None) -> None:
        self.db = out / "hub.db"
        self.outbox = out / "outbox.jsonl"  # what goes to members' phones
        self._log = out / "hub.log"
        self._services = services
        self.desk_url = self.shop_url = "http://127.0.0.1:0"
        self.port = 0
        self.accounts = dict.fromkeys(programmes, "http://127.0.0.1:0")  # where each is, by programme
        self.hub = self._start()

    def _start(self) -> Process:
        sender = ["--sender", f"file:{self.outbox}"]
        accounts = [word for name, url in self.accounts.items() for word in ("--account", f"{name}={_where(url)}")]
        command = ["hub", "serve", "--port", str(self.port), "--db", str(self.db), *sender, *accounts, *self._more()]
        hub = start("hub", command, self._log)
        self.port = int(str(hub.ready["url"]).rpartition(":")[2])
        self.accounts = hub.ready.get("account", {})
        self.desk_url = str(hub.ready.get("office", self.desk_url))
        self.shop_url = str(hub.ready.get("shop", self.shop_url))
        return hub

    def _more(self) -> list[str]:
        if self._services is None:
            return []
        faces = ["--office", _where(self.desk_url), "--shop", _where(self.shop_url)]
        return [*faces, "--services", str(self._services)]

    def mend(self) -> str | None:
        """Start the hub again when it is gone; says why it was."""
        if self.hub.alive():
            return None
        why = self.hub.why_gone()
        self.hub.stop()
        self.hub = self._start()
        return why

    def close(self) -> None:
        self.hub.stop()

    def do(self, *words: str) -> str:
        """A `pos-hub` command on the ledger; gives what it printed. Raises StoryFailed."""
        return _printed(f"pos-hub {' '.join(words)}", "hub", *words, "--db", str(self.db))

    def join(self, till: str, settings: Path) -> None:
        """The till of these settings joins, as any does: with a code from here. Raises StoryFailed."""
        code = str(self.ask("till", "add", till)["code"])
        _printed("pos-agent join", "pos_agent", "join", code, "--config", str(settings))

    def ask(self, *words: str) -> dict[str, Any]:
        """A command that answers JSON."""
        answer: dict[str, Any] = json.loads(self.do(*words, "--json"))
        return answer


def _where(url: str) -> str:
    return url.removeprefix("http://")


def _printed(called: str, program: str, *words: str) -> str:
    """What a program of ours prints. Raises StoryFailed."""
    command = [sys.executable, "-P", "-m", program, *words]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        raise StoryFailed(f"{called}: {(done.stderr or done.stdout).strip()}")
    return done.stdout.strip()
