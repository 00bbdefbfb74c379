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
from collections.abc import Callable
from datetime import timedelta
from difflib import get_close_matches
from ipaddress import IPv4Address
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import msgspec

from config.accepted import accepted_in
from config.device_urls import (
    PRINTER_EXAMPLES,
    PRINTER_SCHEMES,
    SCANNER_EXAMPLES,
    SCANNER_SCHEMES,
    BadUrl,
    device_url,
)
from config.doors import SHARED_SCHEMES, BadDoor, door
from config.from_afar import Value, checked
from config.neighbours import NeighbourSettings, with_secret
from config.printers import load_printer, printer_names
from config.programmes import shipped_programmes
from config.scanners import load_scanner, scanner_models
from config.setting_checks import BadSetting, check_table, dotted, meant, shown
from config.toml_file import parse_toml, read_text
from config.toml_lines import KeyPath, line_of
from loyalty.utc import is_zone

DEFAULT_PORT = 8071
KEYRING = "keyring:"  # in the place of a folder of keys
STORE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,39}")
CONTROL_URL = re.compile(  # of an emulator: on this machine alone, with a port, and nothing behind it
    r"http://(?:127\.0\.0\.1|localhost):"
    r"(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])/?"
)
TILL_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")

PICTURES = "camera:file:"

TAIL_WIDTH_MIN = 16  # columns: each word, day and number of ours still fits a line
TAIL_WIDTH_MAX = 64  # 80 mm paper in the smallest letters of a fiscal printer

PORT_MAX = 65_535
Port = Annotated[int, msgspec.Meta(ge=0, le=PORT_MAX)]


class SettingsError(ValueError):
    """The settings cannot be used; the message names the file, the key and the remedy."""


class HubSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    url: str


class ApiSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the page and the POS talk to the agent. Always on this machine alone."""

    port: Port = DEFAULT_PORT  # 0 picks a free one


class GuestSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a tablet of the shop's own network opens the guest's page: an address of this machine, and nothing but the
    guest's page behind it. It is plain HTTP: whoever listens in that network reads what is typed."""

    listen: str | None = None

    def __post_init__(self) -> None:
        if self.listen is not None:
            self._address(self.listen)

    @property
    def address(self) -> tuple[str, int] | None:
        return None if self.listen is None else self._address(self.listen)

    def _address(self, listen: str) -> tuple[str, int]:
        """One address and one port, written in one way, as `Host` and `Origin` are compared with them whole."""
        host, _, port = listen.rpartition(":")
        try:
            ip = IPv4Address(host)
            if ip.is_unspecified or ip.is_multicast or not 0 < int(port) <= PORT_MAX or str(int(port)) != port:
                raise ValueError(listen)
        except ValueError:
            how = "write an address of this machine in the shop's network and a port, like 192.168.0.20:8072"
            raise BadSetting(("guest", "listen"), f"guest.listen is {shown(listen)}; {how}") from None
        return host, int(port)


class PrinterSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    url: str
    model: str = "default"
    share: str | None = None  # where the shop's POS prints on the same printer


class ScannerSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    url: str
    model: str | None = None  # whose orders it takes (`pos-agent scan --send`), whose letters and habits it has
    forward: str | None = None  # where the shop's POS reads the same scanner
    forward_what: Literal["others", "all"] = "others"  # "all": the POS gets our own codes too, and we get its goods


class EmulatorSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the emulated devices of a till take orders, for the emulated till's page. A till in a shop has none."""

    printer: str | None = None
    scanner: str | None = None
    camera: str | None = None
    network: str | None = None
    wallet: str | None = None  # what guests carry, as JSON (pos_agent/page/wallet.py)

    def __post_init__(self) -> None:
        """The page passes on what its visitor says: to this machine alone, and to nothing but an emulator there."""
        for name in ("printer", "scanner", "camera", "network"):
            url = getattr(self, name)
            if url is not None and not CONTROL_URL.fullmatch(url):
                how = "write it like http://127.0.0.1:8091, as the emulator says it when it is ready"
                raise BadSetting(("emulator", name), f"emulator.{name} is {shown(url)}; {how}")


class StoreSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The shop in which the till stands. Days and day limits are by its clock; its legal entity is known by its id."""

    id: str
    timezone: str | None = None  # IANA; the programme's when absent

    def __post_init__(self) -> None:
        if not STORE_ID.fullmatch(self.id):
            how = "use letters, digits, dashes and dots, at most 40"
            raise BadSetting(("store", "id"), f"store.id is {shown(self.id)}; {how}")
        if self.timezone is not None and not is_zone(self.timezone):
            near = get_close_matches(self.timezone, available_timezones(), n=1)
            how = f"perhaps '{near[0]}' is meant" if near else "write an IANA name like Asia/Yekaterinburg"
            raise BadSetting(("store", "timezone"), f"store.timezone is {shown(self.timezone)}; {how}")


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    till: str
    programme: str
    data: str
    keys: str = ""  # the folder of the till's own keys, apart from its data; `data` and ".keys" when absent; or KEYRING
    join: str | None = None  # a sealed file of the office, by which a till that has not joined does so by itself
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
    staff_idle_minutes: Annotated[int, msgspec.Meta(ge=1, le=1_440)] = 10  # then whoever signed in has signed out
    second_person_over_kopecks: Annotated[int, msgspec.Meta(ge=0, le=10**12)] = 300_000  # of a step; 0: for each
    second_person_over_points: Annotated[int, msgspec.Meta(ge=0, le=10**9)] = 3_000
    lease_days: Annotated[int, msgspec.Meta(ge=1, le=3_650)] = 45  # then members are forgotten, if the hub is not there
    return_days: Annotated[int, msgspec.Meta(ge=14, le=3_650)] = 30  # then sales that the hub has copied are trimmed
    guess_minutes: Annotated[int, msgspec.Meta(ge=1, le=1_440)] = 10  # unknown numbers typed within them make one wait
    balance_by_phone: bool = False  # is the balance told to whoever says the phone
    reserve_mb: Annotated[int, msgspec.Meta(ge=0, le=1_000)] = 16  # of the disk, kept back for when it is full
    retell_hours: Annotated[int, msgspec.Meta(ge=1, le=48)] = 12  # so long a number alone means the same sale
    api: ApiSettings = ApiSettings()
    guest: GuestSettings = GuestSettings()
    printer: PrinterSettings | None = None
    scanners: tuple[ScannerSettings, ...] = ()
    emulator: EmulatorSettings | None = None
    neighbours: NeighbourSettings | None = None

    @property
    def kept_in(self) -> Path:
        """Where what happens is kept: what people practise with never lies in the shop's own file."""
        return Path(self.data) / "training" if self.training else Path(self.data)

    @property
    def lease(self) -> timedelta:
        """So long members are known without the hub."""
        return timedelta(days=self.lease_days)

    @property
    def term(self) -> timedelta:
        """So long goods come back by themselves."""
        return timedelta(days=self.return_days)

    @property
    def keys_in(self) -> Path | None:
        """Apart from the data, so that a copy of that has no key. None: in the keyring of the system."""
        if self.keys == KEYRING:
            return None
        return Path(self.keys or f"{self.data.rstrip('/')}.keys")

    def __post_init__(self) -> None:
        if not TILL_NAME.fullmatch(self.till) or self.till in ("hub", "office", "account"):
            how = "use small letters, digits and dashes, at most 32 (not `hub`, `office` or `account`)"
            raise BadSetting(("till",), f"till is {shown(self.till)}; {how}")
        if not _is_http(self.hub.url):
            raise BadSetting(("hub", "url"), f"hub.url is {shown(self.hub.url)}; write it like http://hub.example:8070")
        if self.keys.startswith(KEYRING) and self.keys != KEYRING:
            raise BadSetting(("keys",), f"keys is {shown(self.keys)}; write {shown(KEYRING)} alone, or a folder")
        names = [scanner.name for scanner in self.scanners]
        for number, name in enumerate(names):
            if name in names[:number]:
                how = "two have the same name; give each its own"
                raise BadSetting(("scanners", number, "name"), f"scanners.name is {shown(name)}; {how}")
        _check_doors(self)


def _check_doors(settings: Settings) -> None:
    """Each device has a way of its own to the POS."""
    doors: list[tuple[KeyPath, str | None]] = [
        (("scanners", number, "forward"), scanner.forward) for number, scanner in enumerate(settings.scanners)
    ]
    if settings.printer is not None:
        doors.append((("printer", "share"), settings.printer.share))
    for number, (path, way) in enumerate(doors):
        if way is not None and way in [other for _, other in doors[:number]]:
            raise BadSetting(path, f"{dotted(path)} is {shown(way)}; another device has it; give each its own")
    for place, scanner in enumerate(settings.scanners):
        if scanner.forward is None and scanner.forward_what != "others":
            path = ("scanners", place, "forward_what")
            raise BadSetting(path, "scanners.forward_what says what goes to `forward`, which is missing")


def _is_http(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # the port is no number
        return False


def load_settings(path: Path, *, accepted: bool = True) -> Settings:
    """The settings in a file, and over them what a person here accepted of the office's word. Whatever names a file
    (`data`, `goods`, `wallet`, a programme's, a printer's or a scanner's own .toml, a camera's pictures) is taken from
    the file's folder when it is relative. Raises SettingsError."""
    try:
        text = read_text(path)
        values = parse_toml(text, str(path))
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}. `pos-agent run --help` shows an example of the file.") from None
    except ValueError as error:
        raise SettingsError(f"{error}.") from None
    try:
        return settings_of(values | (_accepted(values, path.parent) if accepted else {}), path.parent)
    except BadSetting as bad:
        line = line_of(text, bad.path)
        where = f"{path}, line {line}" if line is not None else str(path)
        raise SettingsError(f"{where}: {bad}.") from None


def _accepted(values: dict[str, Any], folder: Path) -> dict[str, Value]:
    """What can hold here: another version may have accepted more. People practise by the file alone."""
    data = values.get("data")
    if values.get("training") is True or not isinstance(data, str):
        return {}
    return checked(accepted_in(folder / data).holds, Settings).good


def settings_of(values: dict[str, Any], folder: Path) -> Settings:
    """Raises BadSetting."""
    check_table(values, Settings)
    try:
        settings = msgspec.convert(values, Settings)
    except msgspec.ValidationError as error:
        if isinstance(error.__cause__, BadSetting):
            raise error.__cause__ from None
        raise BadSetting((), str(error)) from None
    return msgspec.structs.replace(
        settings,
        data=str(folder / settings.data),
        keys=str(folder / settings.keys_in) if settings.keys_in is not None else KEYRING,
        programme=_programme(settings.programme, folder),
        join=None if settings.join is None else str(folder / settings.join),  # pos_agent/joining.py says what is wrong
        goods=None if settings.goods is None else str(folder / settings.goods),  # config/goods.py says what is wrong
        printer=None if settings.printer is None else _printer(settings.printer, folder),
        scanners=tuple(_scanner(scanner, folder, number) for number, scanner in enumerate(settings.scanners)),
        emulator=None if settings.emulator is None else _emulator(settings.emulator, folder),
        neighbours=None if settings.neighbours is None else with_secret(settings.neighbours, folder),
    )


def _file(name: str, folder: Path, path: KeyPath) -> Path:
    """A file that must be there."""
    file = folder / name
    if not file.exists():
        raise BadSetting(path, f"{dotted(path)} is {shown(name)}; there is no file {file}")
    return file


def _programme(name: str, folder: Path) -> str:
    """One that ships with us by its id, or a shop's own by its file."""
    if name.endswith(".toml") or "/" in name:
        return str(_file(name, folder, ("programme",)))
    if name not in (shipped := shipped_programmes()):
        how = f"{meant(name, shipped)}; or name a .toml file"
        raise BadSetting(("programme",), f"programme is {shown(name)}, which is none of ours; {how}")
    return name


def _printer(printer: PrinterSettings, folder: Path) -> PrinterSettings:
    url = _url(printer.url, PRINTER_SCHEMES, PRINTER_EXAMPLES, ("printer", "url"))
    return msgspec.structs.replace(
        printer,
        url=url,
        model=_model(printer.model, folder, printer_names(), load_printer, ("printer", "model")),
        share=_door(printer.share, url, folder, ("printer", "share")),
    )


def _door(text: str | None, url: str, folder: Path, path: KeyPath) -> str | None:
    if text is None:
        return None
    scheme = url.partition(":")[0]
    if scheme not in SHARED_SCHEMES:
        how = f"a device at {scheme}: has no line to share, only {' and '.join(SHARED_SCHEMES)} have"
        raise BadSetting(path, f"{dotted(path)} is {shown(text)}; {how}")
    try:
        return door(text, folder)
    except BadDoor as error:
        raise BadSetting(path, f"{dotted(path)} is {shown(text)}; {error}") from None


def _scanner(scanner: ScannerSettings, folder: Path, number: int) -> ScannerSettings:
    path: KeyPath = ("scanners", number)
    url = _url(scanner.url, SCANNER_SCHEMES, SCANNER_EXAMPLES, (*path, "url"))
    if url.startswith(PICTURES):
        url = f"{PICTURES}{folder / url.removeprefix(PICTURES)}"
    model = scanner.model
    if model is not None:
        model = _model(model, folder, scanner_models(), load_scanner, (*path, "model"))
    way = _door(scanner.forward, url, folder, (*path, "forward"))
    return msgspec.structs.replace(scanner, url=url, model=model, forward=way)


def _emulator(emulator: EmulatorSettings, folder: Path) -> EmulatorSettings:
    if emulator.wallet is None:
        return emulator
    return msgspec.structs.replace(emulator, wallet=str(_file(emulator.wallet, folder, ("emulator", "wallet"))))


def _url(text: str, schemes: tuple[str, ...], examples: str, path: KeyPath) -> str:
    try:
        return device_url(text, schemes, examples)
    except BadUrl as error:
        raise BadSetting(path, f"{dotted(path)} is {shown(text)}; {error}") from None


def _model(name: str, folder: Path, known: list[str], load: Callable[[str], object], path: KeyPath) -> str:
    """One that ships with us by its name, or the shop's own by its file, which must be right."""
    if not name.endswith(".toml"):
        if name not in known:
            near = get_close_matches(name, known, n=1)
            perhaps = f"; perhaps `{near[0]}` is meant" if near else ""
            how = f"Known models: {', '.join(known)}; or name a .toml file"
            raise BadSetting(path, f"{dotted(path)} is {shown(name)}, which is none of ours{perhaps}. {how}")
        return name
    file = str(_file(name, folder, path))
    try:
        load(file)
    except ValueError as error:
        raise BadSetting(path, f"{dotted(path)}: {error}") from None
    return file
