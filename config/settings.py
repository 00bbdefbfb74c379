"""A till's settings: one TOML file → frozen values. Strict: an unknown key is a mistake, not a default.

till = "till-1"
programme = "alenka"
data = "/var/lib/pos-agent"

[hub]
url = "http://hub.example:8070"

[printer]
url = "tcp://192.168.0.20:9100"
model = "epson-tm-t20"

[[scanners]]
name = "counter"
url = "serial:///dev/serial/by-id/usb-…?baud=9600"
model = "honeywell"
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit

import msgspec

from config.scanners import load_scanner
from config.toml_file import read_toml
from loyalty.utc import is_zone

DEFAULT_PORT = 8071
STORE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,39}")
TILL_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")

TAIL_WIDTH_MIN = 16  # columns: each word, day and number of ours still fits a line
TAIL_WIDTH_MAX = 64  # 80 mm paper in the smallest letters of a fiscal printer

Port = Annotated[int, msgspec.Meta(ge=0, le=65_535)]


class SettingsError(ValueError):
    """The settings cannot be used; the message names the file, the key and the remedy."""


class HubSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    url: str


class ApiSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the page and the POS talk to the agent. Always on this machine alone."""

    port: Port = DEFAULT_PORT  # 0 picks a free one


class PrinterSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    url: str
    model: str = "default"


class ScannerSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    url: str
    model: str | None = None  # whose orders it takes; only `pos-agent scan --send` needs to know


class StoreSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The shop in which the till stands. Days and day limits are by its clock; its legal entity is known by its id."""

    id: str
    timezone: str | None = None  # IANA; the programme's when absent

    def __post_init__(self) -> None:
        if not STORE_ID.fullmatch(self.id):
            raise ValueError(f"store.id {self.id!r}: use letters, digits, dashes and dots, at most 40")
        if self.timezone is not None and not is_zone(self.timezone):
            raise ValueError(f"store.timezone {self.timezone!r}: write an IANA name like Asia/Yekaterinburg")


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    till: str
    programme: str
    data: str
    hub: HubSettings
    language: Literal["ru", "en"] = "ru"  # what the cashier reads
    receipt_language: Literal["ru", "en"] = "ru"  # what the customer reads
    paper: Literal["receipt", "tail"] = "receipt"  # points on a paper of ours, or at the end of the POS's receipt
    receipt_lines: bool = False  # the goods on our paper too; the fiscal receipt beside it has them
    tail_width: Annotated[int, msgspec.Meta(ge=TAIL_WIDTH_MIN, le=TAIL_WIDTH_MAX)] = 32
    training: bool = False  # people practise: nothing leaves this till, and it has a folder of its own
    store: StoreSettings | None = None
    goods: str | None = None  # what the shop's goods are, as CSV (config/goods.py)
    sales: Literal["all", "rights"] = "all"  # receipts recorded without a member: all, or those with a coupon
    clock_tolerance_minutes: Annotated[int, msgspec.Meta(ge=1, le=1_440)] = 5  # beyond it the cashier is told
    quote_max_age_minutes: Annotated[int, msgspec.Meta(ge=1, le=1_440)] = 30  # older ones are worked out anew
    idle_minutes: Annotated[int, msgspec.Meta(ge=1, le=1_440)] = 30  # then a receipt is put aside by itself
    balance_by_phone: bool = False  # is the balance told to whoever says the phone
    retell_hours: Annotated[int, msgspec.Meta(ge=1, le=48)] = 12  # so long a number alone means the same sale
    api: ApiSettings = ApiSettings()
    printer: PrinterSettings | None = None
    scanners: tuple[ScannerSettings, ...] = ()

    @property
    def kept_in(self) -> Path:
        """Where what happens is kept: what people practise with never lies in the shop's own file."""
        return Path(self.data) / "training" if self.training else Path(self.data)

    def __post_init__(self) -> None:
        if not TILL_NAME.fullmatch(self.till) or self.till in ("hub", "office", "account"):
            how = "use small letters, digits and dashes, at most 32 (not `hub`, `office` or `account`)"
            raise ValueError(f"till {self.till!r}: {how}")
        if not _is_http(self.hub.url):
            raise ValueError(f"hub.url {self.hub.url!r}: write it like http://hub.example:8070")
        names = [scanner.name for scanner in self.scanners]
        if len(set(names)) != len(names):
            raise ValueError("scanners: two have the same name; give each its own")
        for scanner in self.scanners:
            if scanner.model is not None:
                load_scanner(scanner.model)  # its ValueError names the model and the known ones


def _is_http(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # the port is no number
        return False


SECTIONS: dict[str, type[msgspec.Struct]] = {
    "hub": HubSettings,
    "api": ApiSettings,
    "printer": PrinterSettings,
    "scanners": ScannerSettings,
    "store": StoreSettings,
}


def _check_names(values: dict[str, object]) -> None:
    """Raises ValueError for a name that is no setting, or a word that is none of the few allowed, with what helps."""
    _check_table(values, Settings, "")
    for section, kind in SECTIONS.items():
        tables = values.get(section)
        for table in tables if isinstance(tables, list) else [tables]:
            if isinstance(table, dict):
                _check_table(table, kind, f"{section}.")


def _check_table(table: dict[str, object], kind: type[msgspec.Struct], where: str) -> None:
    known = get_type_hints(kind)
    for name, value in table.items():
        if name not in known:
            raise ValueError(f"`{where}{name}` is no setting; {_instead(name, known)}")
        words = get_args(known[name]) if get_origin(known[name]) is Literal else ()
        if words and value not in words:
            raise ValueError(f"{where}{name} is {value!a}; it may be {' or '.join(map(repr, words))}")


def _instead(name: str, known: Iterable[str]) -> str:
    """Where the name stands, or which one was meant."""
    for section, kind in SECTIONS.items():
        if name in get_type_hints(kind):
            return f"it stands under [{section}]"
    close = get_close_matches(name, known, n=1)
    return f"perhaps `{close[0]}` is meant" if close else f"there are: {', '.join(known)}"


def load_settings(path: Path) -> Settings:
    """The settings in a file; `data`, `goods` and a printer's own .toml are taken from the file's folder when they are
    relative. Raises SettingsError."""
    try:
        values = read_toml(path)
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}. `pos-agent run --help` shows an example of the file.") from None
    except ValueError as error:
        raise SettingsError(f"{error}.") from None
    try:
        _check_names(values)
        settings = msgspec.convert(values, Settings)
    except ValueError as error:  # msgspec's own error is one
        raise SettingsError(f"{path}: {error}.") from None
    printer = settings.printer
    if printer is not None and printer.model.endswith(".toml"):
        printer = msgspec.structs.replace(printer, model=str(path.parent / printer.model))
    goods = str(path.parent / settings.goods) if settings.goods is not None else None
    return msgspec.structs.replace(settings, data=str(path.parent / settings.data), printer=printer, goods=goods)
