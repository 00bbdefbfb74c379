"""`pos-hub serve --account`: the account as a process beside the hub, which ends with it however the hub ends."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, NamedTuple

STOP_S: Final = 10.0


class Served(NamedTuple):
    """The account of one programme, on a port that is open already; `names`: by which browsers call it; `settings`: its
    file, None: as the environment says."""

    programme: str
    listener: socket.socket
    names: Sequence[str] = ()
    settings: Path | None = None

    @property
    def url(self) -> str:
        return "http://{}:{}".format(*self.listener.getsockname()[:2])


@contextmanager
def accounts_beside(hub_url: str, data: Path, accounts: Sequence[Served]) -> Iterator[None]:
    """Until the block ends. A child reads from a pipe that nobody writes into: when the hub is gone, it is gone too."""
    children = [_started(hub_url, data, one) for one in accounts]
    try:
        yield
    finally:
        for child in children:
            with suppress(OSError):
                child.terminate()
        for child in children:
            _ended(child)


def _started(hub_url: str, data: Path, account: Served) -> subprocess.Popen[bytes]:
    number = account.listener.fileno()
    command = [
        *(sys.executable, "-m", "account", "serve", "--hub", hub_url, "--data", str(data)),
        *("--programme", account.programme, "--listener", str(number), "--beside"),
        *(word for name in account.names for word in ("--host-name", name)),
        *(("--settings", str(account.settings)) if account.settings is not None else ()),
    ]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, pass_fds=(number,))
    account.listener.close()  # it is the child's
    return child


def _ended(child: subprocess.Popen[bytes]) -> None:
    try:
        child.wait(STOP_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
