"""A scan script: what is shown to an emulated scanner in the course of a morning, as TOML.

[[scan]]
at_s = 1.5              # seconds from the start
text = "4600000000015"  # <GS> stands for the group separator
symbology = "ean13"     # sent as its AIM identifier
times = 3               # three equal goods …
every_s = 0.6           # … one after another
split = [3, 5]          # sent in pieces of 3 bytes, 5 bytes and the rest …
pause_ms = 40           # … with such pauses between
garbage = "ff 00"       # bytes of noise before it

[[order]]
at_s = 9.0
do = "unplug"           # or "plug"
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from drivers.scanner.emulator.serial import ScannerEmulator

GS_SIGN = "<GS>"  # how the group separator is typed
HOURS_MAX_S = 12 * 3600.0  # a shift; a longer script is a slip of the finger
AIM_BY_SYMBOLOGY = {
    "ean13": "]E0",
    "upca": "]E0",
    "ean8": "]E4",
    "code128": "]C0",
    "gs1-128": "]C1",
    "code39": "]A0",
    "itf": "]I0",
    "qr": "]Q1",
    "datamatrix": "]d2",
    "pdf417": "]L2",
}

Seconds = Annotated[float, msgspec.Meta(ge=0.0, le=HOURS_MAX_S)]
Symbology = Literal[
    "ean13", "upca", "ean8", "code128", "gs1-128", "code39", "itf", "qr", "datamatrix", "pdf417"
]  # fmt: skip


class ScriptError(ValueError):
    """The script cannot be played; the message names the file, the key and what is possible."""


class ShownCode(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    at_s: Seconds
    text: str
    symbology: Symbology | None = None
    times: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 1
    every_s: Seconds = 0.6
    split: tuple[Annotated[int, msgspec.Meta(ge=1)], ...] = ()
    pause_ms: Annotated[int, msgspec.Meta(ge=0, le=60_000)] = 20
    garbage: str = ""
    unplug_after: Annotated[int, msgspec.Meta(ge=0)] | None = None

    def __post_init__(self) -> None:
        bytes.fromhex(self.garbage)


class Order(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    at_s: Seconds
    do: Literal["unplug", "plug"]


class Script(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    scan: tuple[ShownCode, ...] = ()
    order: tuple[Order, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    at_s: float
    what: ShownCode | Order


def load_script(path: Path) -> Script:
    """Strict: an unknown key is a mistake. Raises ScriptError."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Script)
    except OSError as error:
        raise ScriptError(f"{path}: {error.strerror}.") from None
    except ValueError as error:  # TOML's and msgspec's errors are ValueErrors, and so is a garbage that is no hex
        raise ScriptError(
            f"{path}: {error}. `pos-agent emulate scanner --help` tells what a script may hold."
        ) from None


def steps(script: Script) -> list[Step]:
    """Everything that happens, in its order; of what happens at once, orders come last."""
    shown = [Step(scan.at_s + scan.every_s * time, scan) for scan in script.scan for time in range(scan.times)]
    return sorted([*shown, *(Step(order.at_s, order) for order in script.order)], key=lambda step: step.at_s)


def play(
    script: Script,
    emulator: ScannerEmulator,
    *,
    clock: Callable[[], float],
    wait: Callable[[float], object],
    lost: Callable[[str], object] = lambda text: None,
) -> None:
    """Do all of it at its time. `lost` hears of every code that nobody took."""
    start_s = clock()
    for step in steps(script):
        if (pause_s := start_s + step.at_s - clock()) > 0:
            wait(pause_s)
        if isinstance(step.what, Order):
            {"unplug": emulator.unplug, "plug": emulator.plug}[step.what.do]()
        elif not _show(step.what, emulator, wait):
            lost(step.what.text)


def _show(code: ShownCode, emulator: ScannerEmulator, wait: Callable[[float], object]) -> bool:
    aim = AIM_BY_SYMBOLOGY[code.symbology] if code.symbology else ""
    data = bytes.fromhex(code.garbage) + emulator.wording.bytes_of(code.text.replace(GS_SIGN, "\x1d"), aim)
    if code.unplug_after is not None:
        emulator.send(data[: code.unplug_after])
        emulator.unplug()
        return True
    for length in code.split:
        if not emulator.send(data[:length]):
            return False
        data = data[length:]
        wait(code.pause_ms / 1000)
    return emulator.send(data)
