"""What is plugged into this machine and could be used, each with the URL to put into the settings.

Only names are read, under /dev, /sys and /proc; no device is opened or spoken to.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from drivers.scanner.reports import layout_of

Kind = Literal["scanner", "keyboard", "camera", "printer"]

# Makers that sell scanners and next to no keyboards (the USB IDs of the Linux usb.ids list).
SCANNER_MAKERS = frozenset({"0c2e", "0536", "05e0", "1eab", "05f9", "065a", "080c"})
SCANNER_WORDS = re.compile(r"scan|barcode|bar code|symbol|honeywell|newland|datalogic|zebra|mindeo|cino", re.IGNORECASE)
LETTER_KEYS = range(16, 26)  # Q to P: a power button is a "kbd" too, but it cannot type
USB_PRINTER_CLASS = "07"
HIDRAW_DENIED = "no permission: such nodes are root's until a udev rule gives them to a group"
BITS_PER_WORD = 64  # of the bitmaps in /proc/bus/input/devices


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """`url` names the node in a way that stays when other things are plugged in, if there is one."""

    kind: Kind
    url: str
    name: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Usb:
    """What a USB device says of itself."""

    vendor: str = ""
    product: str = ""
    serial: str = ""
    name: str = ""


def ports(root: Path = Path("/")) -> list[Port]:
    """Everything that was found, scanners first."""
    return [*serial_ports(root), *keyboards(root), *report_scanners(root), *cameras(root), *printers(root)]


def serial_ports(root: Path) -> list[Port]:
    nodes = sorted((root / "dev").glob("ttyUSB*")) + sorted((root / "dev").glob("ttyACM*"))
    nodes += [node for node in sorted((root / "dev").glob("ttyS*")) if _is_wired(root, node)]
    devices = {node: usb_of(root / "sys/class/tty" / node.name / "device") for node in nodes}
    twins = Counter(usb for usb in devices.values() if usb.vendor)
    found = []
    for node, usb in devices.items():
        path, remark = _stable(root, "serial", node, twin=twins[usb] > 1)
        found.append(
            Port(
                kind="scanner",
                url=f"serial://{_seen(root, path)}?baud=9600",
                name=usb.name or node.name,
                remark=_joined(remark, _permission(node, "dialout")),
            )
        )
    return found


def _is_wired(root: Path, node: Path) -> bool:
    """The kernel makes four ttyS nodes whether or not there is a socket; type 0 is a chip that isn't there."""
    return _text(root / "sys/class/tty" / node.name / "type") not in ("", "0")


def keyboards(root: Path) -> list[Port]:
    """Everything with letters on it. A scanner is a keyboard to the system; the name and the maker give it away."""
    typing = [block for block in _input_blocks(root) if _can_type(block)]
    twins = Counter((block["vendor"], block["product"], block["serial"]) for block in typing)
    found = []
    for block in typing:
        node = root / "dev/input" / block["event"]
        twin = twins[block["vendor"], block["product"], block["serial"]] > 1
        path, remark = _stable(root, "input", node, twin=twin)
        scanner = block["vendor"] in SCANNER_MAKERS or SCANNER_WORDS.search(block["name"]) is not None
        warning = "" if scanner else "if this is the cashier's keyboard, leave it: a grabbed keyboard types nothing"
        found.append(
            Port(
                kind="scanner" if scanner else "keyboard",
                url=f"hid://{_seen(root, path)}",
                name=block["name"],
                remark=_joined(remark, warning, _permission(node, "input")),
            )
        )
    return found


def _input_blocks(root: Path) -> Iterator[dict[str, str]]:
    """/proc/bus/input/devices: a paragraph for each device."""
    for paragraph in _text(root / "proc/bus/input/devices").split("\n\n"):
        event = re.search(r"^H: Handlers=.*\b(event\d+)\b", paragraph, re.MULTILINE)
        if event is None:
            continue
        yield {
            "event": event.group(1),
            "vendor": _match(r"^I:.*Vendor=([0-9a-f]+)", paragraph),
            "product": _match(r"^I:.*Product=([0-9a-f]+)", paragraph),
            "name": _match(r'^N: Name="(.*)"', paragraph),
            "serial": _match(r"^U: Uniq=(.*)", paragraph),
            "keys": _match(r"^B: KEY=(.*)", paragraph),
        }


def _can_type(block: dict[str, str]) -> bool:
    """The bitmap's words stand with the highest first."""
    words = [int(word, 16) for word in block["keys"].split()]
    keys = sum(word << BITS_PER_WORD * place for place, word in enumerate(reversed(words)))
    return all(keys >> key & 1 for key in LETTER_KEYS)


def report_scanners(root: Path) -> list[Port]:
    """HID devices that describe reports of a barcode scanner ("HID POS"); keyboards and mice have nodes here too."""
    found = []
    for node in sorted((root / "dev").glob("hidraw*")):
        about = root / "sys/class/hidraw" / node.name / "device"
        if layout_of(_bytes(about / "report_descriptor")) is None:
            continue
        denied = "" if os.access(node, os.R_OK | os.W_OK) else HIDRAW_DENIED
        name = _match(r"^HID_NAME=(.*)", _text(about / "uevent"))
        remark = "this name may change when something else is plugged in"
        url = f"hidraw://{_seen(root, node)}"
        found.append(Port(kind="scanner", url=url, name=name or node.name, remark=_joined(remark, denied)))
    return found


def cameras(root: Path) -> list[Port]:
    found = []
    for node in sorted((root / "dev").glob("video*"), key=lambda node: (len(node.name), node.name)):
        about = root / "sys/class/video4linux" / node.name
        if _text(about / "index") not in ("", "0"):
            continue  # a camera's second node tells of its pictures and gives none
        found.append(
            Port(
                kind="camera",
                url=f"camera:{node.name.removeprefix('video')}",
                name=_text(about / "name") or node.name,
                remark=_permission(node, "video"),
            )
        )
    return found


def printers(root: Path) -> list[Port]:
    """By the class that the device declares, and by the nodes of the kernel's own driver."""
    interfaces = sorted((root / "sys/bus/usb/devices").glob("*/bInterfaceClass"))
    devices = [usb_of(interface.parent) for interface in interfaces if _text(interface) == USB_PRINTER_CLASS]
    twins = Counter((usb.vendor, usb.product) for usb in devices)
    found = []
    for usb in devices:
        alike = twins[usb.vendor, usb.product] > 1
        url = f"usb://{usb.vendor}:{usb.product}" + (f"/{usb.serial}" if alike and usb.serial else "")
        remark = "there are two alike without serial numbers; use their /dev/usb/lp nodes" if alike else ""
        found.append(Port(kind="printer", url=url, name=usb.name or url, remark="" if usb.serial else remark))
    for node in sorted((root / "dev/usb").glob("lp*")):
        name = usb_of(root / "sys/class/usbmisc" / node.name / "device").name or node.name
        found.append(Port(kind="printer", url=f"file://{_seen(root, node)}", name=name, remark=_permission(node, "lp")))
    return found


def usb_of(device: Path) -> Usb:
    """The USB device that a node belongs to: some folders above it in /sys."""
    try:
        start = device.resolve(strict=True)
    except OSError:
        return Usb()
    for folder in (start, *start.parents):
        if (folder / "idVendor").exists():
            told = (_text(folder / "manufacturer"), _text(folder / "product"))
            return Usb(
                vendor=_text(folder / "idVendor"),
                product=_text(folder / "idProduct"),
                serial=_text(folder / "serial"),
                name=" ".join(filter(None, told)),
            )
    return Usb()


def _stable(root: Path, family: str, node: Path, *, twin: bool) -> tuple[Path, str]:
    """The name of a node that stays. Two equal devices without serial numbers have one by-id name between them: it
    leads to either; only the socket tells them apart."""
    by_id, by_path = (_link_to(root / "dev" / family / folder, node) for folder in ("by-id", "by-path"))
    if by_id is not None and not twin:
        return by_id, ""
    if by_path is not None:
        return by_path, "there are two alike; this name is of the socket, so keep each in its own" if twin else ""
    soldered = node.name.startswith("ttyS")
    return node, "" if soldered else "this name may change when something else is plugged in"


def _link_to(folder: Path, node: Path) -> Path | None:
    """Of several links the shortest: the others name a part of the device."""
    links = [link for link in _entries(folder) if link.resolve() == node.resolve()]
    return min(links, key=lambda link: (len(link.name), link.name), default=None)


def _entries(folder: Path) -> Iterable[Path]:
    return folder.iterdir() if folder.is_dir() else ()


def _permission(node: Path, group: str) -> str:
    if os.access(node, os.R_OK | os.W_OK):
        return ""
    return f"no permission: `sudo usermod -aG {group} USER`, then log in anew"


def _joined(*remarks: str) -> str:
    return "; ".join(filter(None, remarks))


def _seen(root: Path, path: Path) -> str:
    """The path as the machine below `root` sees it."""
    return "/" + str(path.relative_to(root))


def _match(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.MULTILINE)
    return found.group(1).strip() if found else ""


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
