"""The till's parts that have more than one line of settings to be made of, each by itself; build.py joins them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path

from config.goods import GoodsError, load_goods
from config.printers import load_printer
from config.programmes import ProgrammeError, read_source
from config.settings import PrinterSettings, Settings, SettingsError
from config.shelf import Shelf
from drivers.printer.profile import PrinterProfile
from loyalty.goods import NO_GOODS, Goods
from loyalty.operation import Store
from loyalty.programme import Programme
from offline_cache.cache import ROOM as CACHE_ROOM
from offline_cache.cache import Cache
from offline_cache.lease import FIRST, NOT_YET
from offline_cache.opening import opened
from offline_cache.told_quotes import ROOM as TOLD_ROOM
from offline_cache.told_quotes import ToldQuotes
from pos_agent.asking import PATIENCE, Asking
from pos_agent.in_force import OwnProgrammes, in_force, is_ahead
from pos_agent.keys import keys_of
from pos_agent.page.faces import Pages
from pos_agent.page.guest import Side
from pos_agent.page.wallet import WalletError, load_wallet
from pos_agent.sealing import sealing_of
from pos_agent.staff.book import StaffBook
from pos_agent.staff.caller import OverWhich
from pos_agent.staff.staff import Staff
from storage.migrating import migrate_apart
from storage.private import mend, within
from storage.sqlite_file import FileError
from sync.client import HubClient
from sync.identity import Speaker

PHONE_KEYS = "keys of phones"  # what is sealed
STAFF_PEPPER = "pepper of PINs"

log = logging.getLogger(__name__)


def store_of(settings: Settings) -> Store | None:
    return Store(id=settings.store.id, timezone=settings.store.timezone) if settings.store else None


def own_cache(settings: Settings) -> Cache:
    """The till's file. A new one works under no generation yet: its hub leases it one."""
    return Cache(
        settings.kept_in / "till.db",
        settings.till,
        store_of(settings),
        training=settings.training,
        seal=sealing_of(keys_of(settings), PHONE_KEYS),
        generation=FIRST if settings.training else NOT_YET,
    )


def migrate(settings: Settings) -> None:
    """Both files, in a process that ends with it."""
    migrate_apart({settings.kept_in / "till.db": CACHE_ROOM, settings.kept_in / "told.db": TOLD_ROOM})


def till_file(settings: Settings, told: ToldQuotes | None, now: datetime) -> Cache:
    """The same for a till that begins to work: one that is damaged is put aside."""
    return opened(settings.kept_in / "till.db", lambda: own_cache(settings), told, now)


def asking_of(settings: Settings, cache: Cache, programme: Programme, speaker: Speaker) -> Asking:
    return Asking(
        HubClient(settings.hub.url, speaker, PATIENCE),
        till=settings.till,
        generation=lambda: cache.generation,
        programme=programme.id,
        store=settings.store.id if settings.store else "",
    )


def make_folder(data: Path) -> None:
    """Where what happens is kept."""
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"data: {data} cannot be made: {error.strerror}") from None


def keep_private(settings: Settings) -> None:
    """The till's folders, and in them the files of before, or that somebody copied there."""
    settings.kept_in.mkdir(exist_ok=True)
    folders = {Path(settings.data), settings.kept_in, *filter(None, (settings.keys_in,))}
    mend(chain.from_iterable(map(within, sorted(folders))), "the till's files")


def programme_before(cache: Cache, own: Programme, now: datetime) -> Programme | None:
    """What stays in force until the day that the named file gives as its first; None where that has come, or where the
    hub says what is. Without any of these the start is stopped: nothing here says what the customers are promised."""
    shelf = Shelf(cache.programmes.source)
    if not is_ahead(own, now):
        if cache.programmes.own() != own.content_hash:
            cache.programmes.set_own(own.content_hash)
        return None
    kept = cache.programmes.own()
    before = shelf.programme(kept) if kept is not None else None
    if before is not None and before.id == own.id:
        return before
    if in_force(cache, shelf, OwnProgrammes(own), now).since is not None:
        return None
    day = own.effective_from
    raise SettingsError(f"programme: it says effective_from = {day}, and no other is in force before that day.")


def hash_of_source(source: str) -> str | None:
    """Of a programme's file that came from the hub; None for one that cannot be read here."""
    try:
        return read_source(source).content_hash
    except (ProgrammeError, RecursionError):
        return None


def staff_of(settings: Settings) -> Staff:
    """Who works here; the same for people who practise."""
    book = StaffBook(Path(settings.data), sealing_of(keys_of(settings), STAFF_PEPPER))
    return Staff(
        book,
        settings.kept_in,
        settings.till,
        timedelta(minutes=settings.staff_idle_minutes),
        OverWhich(settings.second_person_over_kopecks, settings.second_person_over_points),
    )


def goods_of(settings: Settings, programme: Programme) -> Goods:
    """A file that cannot be read stops the start: goods that only it knows as tobacco would be sold with a discount."""
    if settings.goods is None:
        return NO_GOODS
    try:
        return load_goods(Path(settings.goods), programme.categories)
    except GoodsError as error:
        raise SettingsError(f"goods: {error}.") from None


def look_into_wallet(settings: Settings) -> None:
    """It is read again whenever the page asks; what is wrong at the start is told at the start."""
    if settings.emulator is not None and settings.emulator.wallet is not None:
        try:
            load_wallet(Path(settings.emulator.wallet))
        except WalletError as error:
            raise SettingsError(f"emulator.wallet: {error}.") from None


def pages_of(settings: Settings, programme: Callable[[], Programme], zone: str) -> Pages:
    return Pages(
        data=Path(settings.data),
        language=settings.language,
        guest_language=settings.receipt_language,
        programme=programme,
        zone=zone,
        guests_at=settings.guest.address,
    )


def side_of(settings: Settings) -> Side:
    return Side(
        language=settings.receipt_language,
        balance_by_phone=settings.balance_by_phone,
        idle_s=settings.idle_minutes * 60,
    )


def profile_of(printer: PrinterSettings) -> PrinterProfile:
    """What its model knows."""
    try:
        return load_printer(printer.model)
    except ValueError as error:
        raise SettingsError(f"printer.model: {error}") from None


def told_quotes_of(path: Path) -> ToldQuotes | None:
    """A till that cannot keep what was told sells all the same: promises then end with the process."""
    try:
        return ToldQuotes(path)
    except (FileError, OSError) as error:
        log.error("%s", error)
        return None
