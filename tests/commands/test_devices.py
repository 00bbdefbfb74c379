"""`pos-agent devices` on made trees of /dev, /sys and /proc."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from config.settings import load_settings
from drivers.ports import ports
from drivers.scanner.emulator.pos_reports import DESCRIPTOR
from drivers.scanner.scanner import open_scanner
from pos_agent.cli import cli

KEYBOARD_KEYS = "1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe"
POWER_BUTTON_KEYS = "10000000000000 0"


class Machine:
    """A tree in the shape of a Linux machine's."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.blocks: list[str] = []

    def file(self, path: str, text: str = "") -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def link(self, path: str, to: Path) -> None:
        link = self.root / path
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(to)

    def usb(self, socket: str, vendor: str, product: str, name: str, serial: str = "") -> Path:
        """A device in a socket; gives the folder of its first interface."""
        for key, text in {"idVendor": vendor, "idProduct": product, "product": name, "serial": serial}.items():
            if text:
                self.file(f"sys/devices/usb1/{socket}/{key}", text + "\n")
        interface = self.root / f"sys/devices/usb1/{socket}/{socket}:1.0"
        interface.mkdir(parents=True, exist_ok=True)
        return interface

    def serial(self, node: str, interface: Path, *, by_id: str | None, by_path: str) -> None:
        file = self.file(f"dev/{node}")
        self.link(f"sys/class/tty/{node}/device", interface)
        if by_id is not None:
            self.link(f"dev/serial/by-id/{by_id}", file)
        self.link(f"dev/serial/by-path/{by_path}", file)

    def keyboard(self, event: str, name: str, vendor: str = "046d", keys: str = KEYBOARD_KEYS, **links: str) -> None:
        file = self.file(f"dev/input/{event}")
        for folder, link in links.items():
            self.link(f"dev/input/{folder.replace('_', '-')}/{link}", file)
        self.blocks.append(
            f'I: Bus=0003 Vendor={vendor} Product=c31c Version=0110\nN: Name="{name}"\nP: Phys=usb-1/input0\n'
            f"S: Sysfs=/devices/x\nU: Uniq=\nH: Handlers=sysrq kbd {event} leds \nB: EV=120013\nB: KEY={keys}\n"
        )
        self.file("proc/bus/input/devices", "\n".join(self.blocks))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def urls(machine: Machine, kind: str) -> list[str]:
    return [port.url for port in ports(machine.root) if port.kind == kind]


def devices(machine: Machine, *options: str) -> str:
    done = CliRunner().invoke(cli, ["devices", "--root", str(machine.root), *options], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_a_serial_scanner_is_named_so_that_the_name_stays(machine: Machine) -> None:
    interface = machine.usb("1-1", "0c2e", "0b61", "Voyager 1450g", "S123")
    machine.serial("ttyACM0", interface, by_id="usb-Honeywell_Voyager_S123-if00", by_path="pci-0:1-usb-0:1:1.0")
    (port,) = ports(machine.root)
    assert port.url == "serial:///dev/serial/by-id/usb-Honeywell_Voyager_S123-if00?baud=9600"
    assert (port.kind, port.name, port.remark) == ("scanner", "Voyager 1450g", "")


def test_two_equal_scanners_are_told_apart_by_their_sockets(machine: Machine) -> None:
    for number in (1, 2):
        interface = machine.usb(f"1-{number}", "1eab", "1d06", "NLS-HR52")
        by_id = "usb-Newland_NLS-HR52-if00" if number == 2 else None  # one name for both; the last plugged in has it
        machine.serial(f"ttyACM{number}", interface, by_id=by_id, by_path=f"pci-0:1-usb-0:{number}:1.0")
    found = ports(machine.root)
    assert [port.url for port in found] == [
        f"serial:///dev/serial/by-path/pci-0:1-usb-0:{number}:1.0?baud=9600" for number in (1, 2)
    ]
    assert all("two alike" in port.remark for port in found)


def test_two_equal_scanners_with_serial_numbers_keep_their_names(machine: Machine) -> None:
    for number in (1, 2):
        interface = machine.usb(f"1-{number}", "1eab", "1d06", "NLS-HR52", f"S{number}")
        machine.serial(f"ttyACM{number}", interface, by_id=f"usb-HR52_S{number}", by_path=f"usb-0:{number}:1.0")
    assert urls(machine, "scanner") == [f"serial:///dev/serial/by-id/usb-HR52_S{n}?baud=9600" for n in (1, 2)]


def test_two_equal_keyboard_scanners_are_told_apart_and_a_power_button_is_no_keyboard(machine: Machine) -> None:
    machine.keyboard("event0", "Power Button", keys=POWER_BUTTON_KEYS)
    machine.keyboard("event3", "Logitech K120", by_id="usb-Logitech-event-kbd", by_path="usb-0:1-event-kbd")
    machine.keyboard("event4", "HID Device", vendor="1eab", by_path="usb-0:2-event-kbd")
    machine.keyboard("event5", "HID Device", vendor="1eab", by_id="usb-HR52-event-kbd", by_path="usb-0:3-event-kbd")
    assert urls(machine, "scanner") == [f"hid:///dev/input/by-path/usb-0:{n}-event-kbd" for n in (2, 3)]
    assert urls(machine, "keyboard") == ["hid:///dev/input/by-id/usb-Logitech-event-kbd"]
    assert "grabbed keyboard types nothing" in devices(machine)


def test_a_scanner_is_known_by_its_name_too(machine: Machine) -> None:
    machine.keyboard("event4", "USB Barcode Scanner", vendor="ffff")
    (port,) = ports(machine.root)
    assert (port.kind, port.url) == ("scanner", "hid:///dev/input/event4")
    assert "may change" in port.remark


def test_a_scanner_of_reports_is_known_by_what_it_says_of_them(machine: Machine) -> None:
    """HID POS; a mouse has such a node as well."""
    mouse = bytes.fromhex("05010902a1010901a10005091901290315002501950375018102c0c0")
    for number, told in enumerate((mouse, DESCRIPTOR)):
        machine.file(f"dev/hidraw{number}")
        about = f"sys/class/hidraw/hidraw{number}/device"
        machine.file(f"{about}/uevent", "DRIVER=hid-generic\nHID_NAME=Newland NLS-FM420\n")
        (machine.root / about / "report_descriptor").write_bytes(told)
    (port,) = ports(machine.root)
    assert (port.kind, port.url, port.name) == ("scanner", "hidraw:///dev/hidraw1", "Newland NLS-FM420")
    open_scanner(port.url, name="left").close()


def test_a_camera_is_its_picture_node_alone(machine: Machine) -> None:
    for number, index in ((0, "0"), (1, "1"), (10, "0"), (2, "0")):
        machine.file(f"dev/video{number}")
        machine.file(f"sys/class/video4linux/video{number}/index", index)
        machine.file(f"sys/class/video4linux/video{number}/name", f"HD Camera {number}")
    assert urls(machine, "camera") == ["camera:0", "camera:2", "camera:10"]


def test_printers_are_found_by_their_class_and_by_their_nodes(machine: Machine) -> None:
    printer, mouse = machine.usb("1-4", "04b8", "0202", "TM-T20"), machine.usb("1-5", "046d", "c077", "Mouse")
    machine.file("dev/usb/lp0")
    machine.link("sys/class/usbmisc/lp0/device", printer)
    for interface, kind in ((printer, "07"), (mouse, "03")):
        machine.file(f"{interface.relative_to(machine.root)}/bInterfaceClass", kind)
        machine.link(f"sys/bus/usb/devices/{interface.name}", interface)
    found = ports(machine.root)
    assert [(port.kind, port.url, port.name) for port in found] == [
        ("printer", "usb://04b8:0202", "TM-T20"),
        ("printer", "file:///dev/usb/lp0", "TM-T20"),
    ]


def test_soldered_ports_are_listed_when_there_is_a_chip(machine: Machine) -> None:
    for node, chip in (("ttyS0", "4"), ("ttyS1", "0")):
        machine.file(f"dev/{node}")
        machine.file(f"sys/class/tty/{node}/type", chip)
    assert urls(machine, "scanner") == ["serial:///dev/ttyS0?baud=9600"]


def test_nothing_found_says_where_it_was_looked_and_what_helps(machine: Machine) -> None:
    told = devices(machine)
    for word in ("Nothing was found", "/dev/ttyUSB*", "/dev/hidraw*", "dialout", "input", "video", "lp", "tcp://"):
        assert word in told


def test_every_url_can_be_pasted_into_the_settings(machine: Machine, tmp_path: Path) -> None:
    interface = machine.usb("1-1", "0c2e", "0b61", "Voyager 1450g", "S 1")
    machine.serial("ttyACM0", interface, by_id="usb-Honeywell_S1", by_path="x")
    machine.keyboard("event4", "USB Barcode Scanner")
    machine.file("dev/video0")
    listed: list[dict[str, Any]] = json.loads(devices(machine, "--json"))
    assert {port["kind"] for port in listed} == {"scanner", "camera"}
    settings = 'till = "t"\nprogramme = "alenka"\ndata = "d"\n[hub]\nurl = "http://h"\n'
    for number, port in enumerate(listed):
        settings += f'[[scanners]]\nname = "s{number}"\nurl = "{port["url"]}"\n'
    (tmp_path / "pos-agent.toml").write_text(settings, encoding="utf-8")
    for scanner in load_settings(tmp_path / "pos-agent.toml").scanners:
        open_scanner(scanner.url, name=scanner.name).close()


def test_a_name_with_control_characters_does_not_reach_the_terminal(machine: Machine) -> None:
    machine.keyboard("event4", "Scan\x1b[2Jner")
    assert "\x1b" not in devices(machine)
    assert "Scan<ESC>[2Jner" in devices(machine)


def test_this_machine_can_be_looked_at() -> None:
    assert CliRunner().invoke(cli, ["devices"], catch_exceptions=False).exit_code == 0
