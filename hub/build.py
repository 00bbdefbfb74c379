"""The one place that joins the hub's parts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from config.programmes import ProgrammeError, load_programme, load_source, read_source, shipped_programmes
from hub.hub import Hub
from loyalty.programme import Programme
from storage.lock import hold
from storage.sqlite_file import FileError


def build_programmes() -> dict[str, Programme]:
    return {id: load_programme(id) for id in shipped_programmes()}


def clock() -> datetime:
    return datetime.now(UTC)


def build_hub(
    path: Path, programmes: dict[str, Programme], *, serving: bool, now: Callable[[], datetime] = clock
) -> Hub:
    """A hub on a SQLite file. Only a serving one checkpoints it (storage/sqlite_file.py)."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"Making the folder {path.parent} failed: {error.strerror}.") from error
    lock = hold(path.with_name(path.name + ".lock"), "hub") if serving else None
    hub = Hub(
        path,
        now=now,
        programmes=programmes,
        hash_of_source=_hash_of_source,
        checkpoints=serving,
    )
    hub.lock = lock
    if serving:
        hub.keep_programmes(
            {read_source(source).content_hash: source for source in map(load_source, shipped_programmes())}
        )
    return hub


def _hash_of_source(source: str) -> str | None:
    try:
        return read_source(source, past=True).content_hash
    except (ProgrammeError, RecursionError):  # a till sent it: it may be anything
        return None
