"""`python -m drivers.sharing FOLDER KIND NAME`: the process that holds one shared device. Few imports, quick to
start."""

from __future__ import annotations

import json
import os
import select
import sys
import time
from pathlib import Path
from typing import Protocol

from drivers.errors import DeviceError
from drivers.sharing.keeper import Memory, Shelf, Stopped, live
from drivers.sharing.plan import ShareFiles


class Share(Protocol):
    """Hears, is written down, tells; in this order, so that nothing that was heard is lost with the process."""

    def kept(self) -> dict[str, int]: ...

    def reads(self) -> list[int]: ...

    def writes(self) -> list[int]: ...

    def hear(self, ready: set[int], now_s: float) -> None: ...

    def frozen(self) -> bytes: ...

    def tell(self, now_s: float) -> float: ...

    def close(self) -> None: ...


def opened(kind: str, files: ShareFiles, found: dict[str, int], memory: Memory) -> Share:
    """A state in the memory is that of one who was killed; `found` is what he had open."""
    if kind == "scanner":
        from drivers.scanner.share import ScannerShare

        return ScannerShare(files, found, memory)
    from drivers.printer.share import PrinterShare

    return PrinterShare(files, found, memory)


def serve(share: Share, shelf: Shelf) -> None:
    """The only place with a clock and a sleep."""
    try:
        next_s = 0.0
        while True:
            shelf.sync(share.kept())
            wait_s = max(next_s - time.monotonic(), 0.0)
            ready, _, _ = select.select([shelf.fileno(), *share.reads()], share.writes(), [], wait_s)
            if shelf.fileno() in ready:
                shelf.hear()
            share.hear(set(ready), time.monotonic())
            shelf.save(share.frozen())
            next_s = share.tell(time.monotonic())
            shelf.save(share.frozen())
    except Stopped:  # only then: whoever takes a dead one's place finds all as it was
        share.close()
        raise


def main(folder: str, kind: str, name: str) -> None:
    files = ShareFiles.of(Path(folder), kind, name)
    try:
        lock = files.hold()
        memory = Memory()
        first = opened(kind, files, {}, memory)  # what is wrong is told now, and by us
    except DeviceError as error:
        sys.exit(f"pos-agent: {error}")
    assert lock  # held for as long as we live
    print(json.dumps({"ready": "share", "name": name, "pid": os.getpid()}), flush=True)  # noqa: T201 - to whoever waits
    detach()

    def work(shelf: Shelf) -> None:
        serve(opened(kind, files, shelf.kept, memory) if memory.load() else first, shelf)

    live(work, memory)


def detach() -> None:
    """Whoever started us may close its end."""
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1):
        os.dup2(null, number)
    os.close(null)


if __name__ == "__main__":
    main(*sys.argv[1:])
