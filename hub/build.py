"""The one place that joins the hub's parts."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from config.programmes import load_programme, shipped_programmes
from hub.hub import Hub
from loyalty.programme import Programme
from storage.lock import hold
from storage.sqlite_file import FileError


def build_programmes() -> dict[str, Programme]:
    return {id: load_programme(id) for id in shipped_programmes()}


def build_hub(path: Path, programmes: dict[str, Programme], *, serving: bool) -> Hub:
    """A hub on a SQLite file. Only a serving one checkpoints it (storage/sqlite_file.py)."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"Making the folder {path.parent} failed: {error.strerror}.") from error
    lock = hold(path.with_name(path.name + ".lock"), "hub") if serving else None
    hub = Hub(
        path,
        now=lambda: datetime.now(UTC),
        rules_hash=lambda programme: programmes[programme].content_hash,
        checkpoints=serving,
    )
    hub.lock = lock
    return hub
