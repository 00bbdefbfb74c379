"""What a till stands on beside its devices: programme, disk, hub, clock, browser, port. Each wait is bounded."""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pos_agent.disk import FULL_BYTES, LOW_BYTES, MEGABYTE
from pos_agent.doctor.sheet import Finding, Mark, bad, good, stopping, unsure

if TYPE_CHECKING:
    from config.settings import Settings
    from pos_agent.status import Status

SYNCS = 9
SYNC_BYTES = 4096  # a page of SQLite
SYNC_SLOW_MS = 100.0  # each sale waits for a few of these; a tired SD card needs half a second
YEAR_MIN = 2025  # a clock whose battery is empty starts in 1970 or 2000
PORT_WAIT_S = 0.5
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def programme(settings: Settings) -> Finding:
    from config.programmes import ProgrammeError, load_programme

    try:
        found = load_programme(settings.programme)
    except ProgrammeError as error:
        return stopping("till", "programme_bad", why=str(error))
    return good("till", "till_named", till=settings.till, programme=found.id, version=found.version)


# The disk


def disk(settings: Settings) -> Iterator[Finding]:
    """In the till's folder, or in the nearest one above that is there."""
    folder = settings.kept_in
    while not folder.exists() and folder.parent != folder:
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    facts = {"folder": str(settings.kept_in), "free": f"{free / 1e9:.1f}", "free_mb": str(free // MEGABYTE)}
    if free < FULL_BYTES:
        yield stopping("disk", "disk_full", "disk_full_help", **facts)
        return
    if free < LOW_BYTES:
        yield bad("disk", "disk_low", "disk_full_help", **facts)
    try:
        sync_ms = synced_ms(folder)
    except OSError as error:
        why = error.strerror or str(error)
        yield stopping("disk", "disk_forbidden", "disk_forbidden_help", why=why, **facts)
        return
    facts["ms"] = f"{sync_ms:.1f}"
    if sync_ms > SYNC_SLOW_MS:
        yield unsure("disk", "disk_slow", "disk_slow_help", **facts)
    else:
        yield good("disk", "disk_good", **facts)


def synced_ms(folder: Path, clock: Callable[[], float] = time.perf_counter) -> float:
    """How long a page is on its way to the disk, usually. OSError where nothing can be written."""
    descriptor, name = tempfile.mkstemp(prefix=".doctor-", dir=folder)
    try:
        took = []
        for _ in range(SYNCS):
            started_s = clock()
            os.write(descriptor, b"\0" * SYNC_BYTES)
            os.fsync(descriptor)
            took.append((clock() - started_s) * 1000)
        return statistics.median(took)
    finally:
        os.close(descriptor)
        with suppress(OSError):
            os.unlink(name)


# The hub and the clock


def hub(settings: Settings, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Iterator[Finding]:
    """Asks, as this till, for the first change, which changes nothing there; its answer has the hub's time. The key is
    read and nothing of the running agent's is taken."""
    from config.programmes import load_programme
    from pos_agent.identity import IdentityError, speaker_read
    from sync.client import HubClient
    from sync.hub_port import HubIsOlder, HubNotJoined, HubRefused, HubStrange, HubUnclear, HubUnreachable
    from sync.protocol import NOT_HEARD

    url = settings.hub.url
    anew = {"till": settings.till, "add": "pos-hub till add", "join": "pos-agent join"}
    try:
        client = HubClient(url, speaker_read(settings))
    except IdentityError as error:
        helps = "hub_keyring_help" if settings.keys_in is None else "hub_key_bad_help"
        yield bad("hub", "hub_key_bad", helps, why=str(error), **anew)
        yield clock_alone(now())
        return
    try:
        asked_at = now()
        name = load_programme(settings.programme).id
        page = client.changes(till=settings.till, generation=1, programme=name, after="", limit=1)
        answered_at = now()
    except HubIsOlder:
        yield unsure("hub", "hub_older", "hub_older_help", url=url)
    except HubNotJoined:
        yield bad("hub", "hub_not_joined", "hub_not_joined_help", url=url, **anew)
    except HubStrange:
        yield bad("hub", "hub_strange", "hub_strange_help", url=url, **anew)
    except HubUnclear:
        yield unsure("hub", "hub_unclear", "hub_unclear_help", url=url)
    except HubRefused as error:
        help = "hub_not_heard_help" if error.code in NOT_HEARD else "hub_unclear_help"
        yield unsure("hub", "hub_refused", help, url=url, why=error.code, **anew)
    except HubUnreachable:
        yield unsure("hub", "hub_away", "hub_away_help", url=url)
    else:
        took = answered_at - asked_at
        yield good("hub", "hub_there", url=url, ms=f"{took / timedelta(milliseconds=1):.0f}")
        yield clock_beside(page.at, asked_at + took / 2, settings.clock_tolerance_minutes)
        return
    finally:
        client.close()
    yield clock_alone(now())


def clock_beside(hub_at: datetime, ours: datetime, tolerance_minutes: int) -> Finding:
    off_s = round((ours - hub_at).total_seconds())
    if abs(off_s) > tolerance_minutes * 60:
        return bad("clock", "clock_off", "clock_off_help", seconds=f"{off_s:+}")
    return good("clock", "clock_right", seconds=f"{off_s:+}")


def clock_alone(now: datetime) -> Finding:
    shown = f"{now:%Y-%m-%d %H:%M}"
    if now.year < YEAR_MIN:
        return stopping("clock", "clock_old", "clock_off_help", now=shown)
    return unsure("clock", "clock_alone", now=shown)


# The page and the agent


def browser() -> Finding:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        return unsure("page", "browser_missing", "browser_missing_help")
    return good("page", "browser_there", browser=found)


def listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=PORT_WAIT_S):
        return True
    return False


def agent(settings: Settings) -> tuple[Status | None, list[Finding]]:
    """Whether the till's own agent runs: then it holds the devices, and is asked instead of them."""
    from pos_agent.client import AgentClient, AgentUnreachable

    port = settings.api.port
    if port == 0 or not listens(port):
        return None, [good("agent", "port_free", port=str(port))]
    try:
        status = AgentClient.of_data(port, Path(settings.data)).status()
    except AgentUnreachable as error:
        why = error.text(settings.language)
        return None, [stopping("agent", "port_taken", "port_taken_help", port=str(port), why=why)]
    return status, [good("agent", "agent_runs", port=str(port), till=status.till, count=str(status.outbox))]


def held_by_agent(status: Status) -> Iterator[Finding]:
    """What the agent believes of the devices that it holds. What is gone stops a till here as it does without it."""
    printer = status.printer
    if printer is not None:
        gone = printer.state in ("unplugged", "held", "silent", "not_a_printer")
        mark = Mark.GOOD if printer.state in ("ready", "paper_low") else Mark.BAD
        facts = {"url": printer.url, "text": printer.text}
        yield Finding(about="printer", mark=mark, code="agents_printer", facts=facts, stops=gone)
    for scanner in status.scanners:
        facts = {"url": scanner.url, "name": scanner.name, "count": str(scanner.counts.scans)}
        gone = scanner.state in ("absent", "faulted")
        mark = Mark.BAD if gone else Mark.GOOD if scanner.state == "ready" else Mark.UNSURE
        yield Finding(about="scanner", mark=mark, code=f"agents_scanner_{scanner.state}", facts=facts, stops=gone)
