"""The hub's server process: it serves until it is stopped, or until the ledger under it is another."""

from __future__ import annotations

import gc
import socket
import threading
import time
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from functools import partial
from typing import Final

import msgspec
from starlette.types import ASGIApp

from hub.face import limits
from hub.face.tills import hub_app
from hub.hub import Hub
from hub.jobs.running import Running
from hub.store.errors import LedgerReplaced, StoreOff
from sync.connection import BoundedServer, Limits, Refusal
from sync.protocol import Problem

COLLECTED_AFTER = (100_000, 20, 50)  # new values; searches among the young; searches among the older ones
PAUSE_S = 0.005  # at least, between two looks
LOOK_S = 60.0  # at the longest, until it is looked again what is due: another hub may have died, or the clock be set
WATCH_S = 1.0  # so long a replaced ledger can lie there beside the old one's log when no till asks for anything


def calm_collector() -> None:
    """A batch makes some hundred thousand values and lets all of them go. Python's search for circles among them, every
    few batches through all that lives, stopped everybody for 100 ms and found nothing."""
    gc.freeze()
    gc.set_threshold(*COLLECTED_AFTER)


def serve_tills(
    hub: Hub,
    listener: socket.socket,
    *,
    names: Collection[str] = (),
    proxies: Collection[str] = (),
    desk: socket.socket | None = None,
    desk_names: Collection[str] = (),
    card_page: socket.socket | None = None,
    card_page_names: Collection[str] = (),
    shop: socket.socket | None = None,
    shop_names: Collection[str] = (),
) -> str | None:
    """Serve until stopped. What became of the ledger when that is why: then it must not be closed. `names`: by which
    the hub is called; `proxies`: addresses whose word is taken for whom they speak for. `desk`: where the office's desk
    is served beside it, under `desk_names`; `card_page`: where members' phones find their page,
    `shop`: where online shops speak, likewise."""
    calm_collector()
    lost: list[str] = []

    def stop(error: LedgerReplaced) -> None:
        lost.append(str(error))
        server.should_exit = True  # whoever is being answered gets his answer first

    app = hub_app(hub, on_replaced=stop, names=names)
    server = BoundedServer(app, _limits(frozenset(proxies)), _refusal, proxies=frozenset(proxies))
    stopped = threading.Event()
    watch = threading.Thread(target=_watch, args=(hub, stop, stopped), name="watch", daemon=True)
    watch.start()
    try:
        with (
            _beside(partial(_desk, hub, desk_names, stop), desk, proxies),
            _beside(partial(_page, hub, card_page_names, stop), card_page, proxies),
            _beside(partial(_shops, hub, shop_names, stop), shop, proxies),
        ):
            server.run(sockets=[listener])
    except KeyboardInterrupt:  # the way to stop it
        pass
    finally:
        stopped.set()
        watch.join()
    return lost[0] if lost else None


def _beside(
    face: Callable[[], tuple[ASGIApp, int | None]], listener: socket.socket | None, proxies: Collection[str]
) -> AbstractContextManager[None]:
    """A face on a port of its own, with how many connections an address may have. It is imported where it is served: a
    hub without a desk needs no templates."""
    if listener is None:
        return nullcontext()
    from web.serving import desk_served

    app, of_address_max = face()
    return desk_served(app, listener, proxies, of_address_max=of_address_max)


def _desk(hub: Hub, names: Collection[str], stop: Callable[[LedgerReplaced], None]) -> tuple[ASGIApp, int | None]:
    from hub.office.app import office_app
    from hub.office.staff_door import StaffDoor

    return office_app(hub, StaffDoor(hub), names=names, on_replaced=stop), None


def _page(hub: Hub, names: Collection[str], stop: Callable[[LedgerReplaced], None]) -> tuple[ASGIApp, int | None]:
    """Each address has few connections: anybody may come."""
    from hub.card_page.app import CONNECTIONS_OF_ADDRESS, card_app

    return card_app(hub, names=names, on_replaced=stop), CONNECTIONS_OF_ADDRESS


def _shops(hub: Hub, names: Collection[str], stop: Callable[[LedgerReplaced], None]) -> tuple[ASGIApp, int | None]:
    from hub.shop.app import shop_app
    from hub.shop.door import KeyDoor

    return shop_app(hub, KeyDoor(hub), names=names, on_replaced=stop), None


def _limits(proxies: frozenset[str]) -> Limits:
    return Limits(
        connections_max=limits.connections_max(),
        of_address_max=limits.OF_ADDRESS_MAX,
        header_bytes_max=limits.HEADER_BYTES_MAX,
        headers_s=limits.HEADERS_S,
        whole_s=limits.WHOLE_S,
        keep_alive_s=limits.KEEP_ALIVE_S,
        trusted=proxies,
    )


def _refusal(code: str, facts: dict[str, str]) -> Refusal:
    """Of what is no request yet; not signed, for there is nobody whom it answers."""
    status, words = _REFUSED[code]
    problem = Problem(code=code, message=words.format(**facts))
    return Refusal(status, "application/json", msgspec.json.encode(problem))


_REFUSED: Final = {
    "too_slow": (408, "a request has {most} s"),
    "busy": (503, "too many connections; come again in a while"),
    "headers_too_large": (431, "the headers are too long"),
    "malformed": (400, "this is no HTTP request"),
}


def _watch(hub: Hub, stop: Callable[[LedgerReplaced], None], stopped: threading.Event) -> None:
    """Look at the ledger when nobody else does, and do the jobs, a page at a time."""
    jobs = Running(hub)
    watch_at = jobs_at = time.monotonic() + WATCH_S  # tills have waited for the hub: they come first
    while not stopped.wait(max(PAUSE_S, min(watch_at, jobs_at) - time.monotonic())):
        try:
            if time.monotonic() >= watch_at:
                watch_at = time.monotonic() + WATCH_S
                with hub.store.reading():
                    pass
                hub.store.tidy()
            if time.monotonic() >= jobs_at:
                jobs_at = time.monotonic() + LOOK_S
                jobs_at = _step(jobs, hub.now())
        except LedgerReplaced as error:
            stop(error)
            return
        except StoreOff:  # whoever asks is told
            continue
    jobs.close()


def _step(jobs: Running, now: datetime) -> float:
    """A page of a job; says when the next may come: tills have at least half of the time."""
    began = time.monotonic()
    wait = (jobs.step(now) - now).total_seconds()
    ended = time.monotonic()
    return ended + min(LOOK_S, max(ended - began, wait))
