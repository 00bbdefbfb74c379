"""The hub's server process: it serves until it is stopped, or until the ledger under it is another."""

from __future__ import annotations

import gc
import socket
import threading
import time
from collections.abc import Callable

import uvicorn

from hub.app import hub_app
from hub.hub import Hub
from hub.store.seam import LedgerReplaced, StoreOff

COLLECTED_AFTER = (100_000, 20, 50)  # new values; searches among the young; searches among the older ones
RETELL_S = 600.0  # points die at midnight of some zone, and all living lots are looked at
WATCH_S = 1.0  # so long a replaced ledger can lie there beside the old one's log when no till asks for anything


def calm_collector() -> None:
    """A batch makes some hundred thousand values and lets all of them go. Python's search for circles among them, every
    few batches through all that lives, stopped everybody for 100 ms and found nothing."""
    gc.freeze()
    gc.set_threshold(*COLLECTED_AFTER)


def serve_tills(hub: Hub, listener: socket.socket) -> str | None:
    """Serve until stopped. What became of the ledger when that is why: then it must not be closed."""
    calm_collector()
    lost: list[str] = []

    def stop(error: LedgerReplaced) -> None:
        lost.append(str(error))
        server.should_exit = True  # whoever is being answered gets his answer first

    app = hub_app(hub, on_replaced=stop)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off", timeout_keep_alive=30))
    stopped = threading.Event()
    watch = threading.Thread(target=_watch, args=(hub, stop, stopped), name="watch", daemon=True)
    watch.start()
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:  # the way to stop it
        pass
    finally:
        stopped.set()
        watch.join()
    return lost[0] if lost else None


def _watch(hub: Hub, stop: Callable[[LedgerReplaced], None], stopped: threading.Event) -> None:
    """Look at the ledger when nobody else does; and tell again, from time to time, what the clock has changed."""
    retell_at = time.monotonic()
    while not stopped.wait(WATCH_S):
        try:
            with hub.store.reading():
                pass
            if time.monotonic() >= retell_at:
                retell_at = time.monotonic() + RETELL_S
                hub.retell()
        except LedgerReplaced as error:
            stop(error)
            return
        except StoreOff:  # whoever asks is told
            continue
