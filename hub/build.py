"""The one place that joins the hub's parts."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from config.from_afar import check_from_afar, check_name
from config.law import known_kinds
from config.programme_check import said_of
from config.programmes import ProgrammeError, load_programme, load_source, read_source, shipped_programmes
from config.setting_checks import BadSetting
from config.settings import Settings
from config.toml_file import parse_toml, read_text
from hub.hub import Hub
from hub.keys import BEFORE, Keys, KeysMissing, folder_of, keys_in
from hub.moving import check_may_be_used
from hub.programmes import zone_of
from hub.store.errors import StoreOff
from hub.store.rows import Rows
from hub.store.seam import Store
from hub.store.sqlite.store import SqliteStore
from loyalty.programme import Language, Programme
from storage.private import mend, of_database, within

POSTGRES = ("postgresql://", "postgres://")
KEYS_FROM = "POS_HUB_KEYS"
HUB_KEY = "hub_key"  # a setting: by which public key the ledger's tills know the hub
TO_SCRUB: Final = "to_scrub"  # a setting: secrets were in the ledger, and its file is to be written anew

log = logging.getLogger(__name__)


def build_programmes() -> dict[str, Programme]:
    return {id: load_programme(id) for id in shipped_programmes()}


def drinks_by_law() -> tuple[str, ...]:
    """Kinds of which some table says a least price."""
    return known_kinds()


def wrong_setting(name: str, value: object) -> str | None:
    """What a till's own file would be told of this line; None: nothing, and the office may say it."""
    try:
        check_from_afar(name, value, Settings)
    except BadSetting as bad:
        return str(bad)
    return None


def wrong_name(name: str) -> str | None:
    """The same of a setting of which nothing more is to be said."""
    try:
        check_name(name)
    except BadSetting as bad:
        return str(bad)
    return None


def settings_file(path: Path) -> dict[str, Any]:
    """What stands in it, as in a till's own. Raises OSError; ValueError, which names the file."""
    return parse_toml(read_text(path), str(path))


class CheckedFile(NamedTuple):
    """A programme's file that is good, and what is said of it."""

    programme: Programme
    source: str
    said: tuple[str, ...]


def checked_file(file: str, language: Language) -> CheckedFile:
    """Raises ProgrammeError."""
    path = Path(file)
    source = load_source(path)
    programme = read_source(source, file)
    return CheckedFile(programme, source, tuple(said_of(programme, file, language)))


def clock() -> datetime:
    return datetime.now(UTC)


def build_store(ledger: Path | str, *, serving: bool, zone_of: Callable[[str], ZoneInfo]) -> Store:
    """The ledger in a file, or in a database (postgresql://…). One file is served by one hub at a time, and only that
    one checkpoints it (storage/sqlite_file.py). Raises StoreOff."""
    if isinstance(ledger, str) and ledger.startswith(POSTGRES):
        return _postgres(ledger)
    return SqliteStore(Path(ledger), serving=serving, zone_of=zone_of)


def _postgres(url: str) -> Store:
    """Its driver is an extra: a till, and a hub on a file, need none."""
    try:
        from hub.store.postgres.store import PostgresStore
    except ModuleNotFoundError as error:
        if error.name != "psycopg":
            raise
        raise StoreOff("The driver for PostgreSQL is not installed: pip install 'pos-agent[postgres]'.") from error
    return PostgresStore(url)


def build_hub(
    ledger: Path | str, programmes: dict[str, Programme], *, serving: bool, now: Callable[[], datetime] = clock
) -> Hub:
    """A hub on a ledger. Raises StoreOff."""
    store = build_store(ledger, serving=serving, zone_of=lambda id: zone_of(programmes, id))
    try:
        with store.reading() as reader:
            check_may_be_used(reader, store.name)
    except BaseException:
        store.close()
        raise
    folder = folder_of(ledger, os.environ.get(KEYS_FROM))
    if serving:
        mend((*(of_database(ledger) if isinstance(ledger, Path) else ()), *within(folder)), "the hub's files")
    keys = _keys(store, folder)
    if serving:
        _scrub(store)
    hub = Hub(store, now=now, programmes=programmes, read_programme=_read_programme, keys=keys)
    if serving:
        hub.keep_programmes(shipped_sources())
    return hub


def _keys(store: Store, folder: Path) -> Keys:
    """The ledger's keys; secrets that it held itself go there, and are no more in it. Raises StoreOff."""
    with store.reading() as reader:
        known = reader.setting(HUB_KEY)
        before = {name: kept for name in BEFORE.values() if (kept := reader.setting(name))}
    try:
        keys = keys_in(folder, known, before)
    except (KeysMissing, OSError) as error:
        raise StoreOff(str(error)) from error
    if known is None or before:
        with store.writing() as writer:
            gone = dict.fromkeys(before, "") | ({TO_SCRUB: "1"} if before else {})
            writer.write(Rows(settings={HUB_KEY: keys.public, **gone}))
    return keys


def _scrub(store: Store) -> None:
    """Secrets that went out of the ledger stand between its rows no more. What cannot be done now is tried again at the
    next start. Raises StoreOff."""
    with store.reading() as reader:
        if not reader.setting(TO_SCRUB):
            return
    try:
        store.scrub()
    except StoreOff as error:
        log.warning("The keys that the ledger held are not in it any more, but may stand between its rows: %s", error)
        return
    with store.writing() as writer:
        writer.write(Rows(settings={TO_SCRUB: ""}))


def shipped_sources() -> dict[str, str]:
    """By content hash."""
    return {read_source(source).content_hash: source for source in map(load_source, shipped_programmes())}


def _read_programme(source: str) -> Programme | None:
    try:
        return read_source(source, past=True)
    except (ProgrammeError, RecursionError):  # a till sent it: it may be anything
        return None
