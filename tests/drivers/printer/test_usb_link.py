"""USB by what a device says of itself. The stand-in is a backend of pyusb, for hardware that is not here.

Not proved by it: libusb itself, a real printer's timing and stalls, usblp coming back after us.
"""

from __future__ import annotations

import errno
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
import usb.backend.libusb0
import usb.backend.libusb1
import usb.backend.openusb
from usb.backend import IBackend
from usb.core import USBError, USBTimeoutError

from drivers.errors import DeviceError
from drivers.printer.link import PACE, open_link

BULK, INTERRUPT = 2, 3
STATUS = b"\x12"


@dataclass
class Face:
    """An interface: its number, alternate setting, class, protocol, and its endpoints as (address, kind)."""

    endpoints: tuple[tuple[int, int], ...]
    number: int = 0
    alternate: int = 0
    kind: int = 7
    protocol: int = 2


@dataclass
class Hardware:
    """One device on the bus, and what was done to it."""

    faces: list[Face] = field(default_factory=lambda: [Face(((0x01, BULK), (0x82, BULK)))])
    vendor: int = 0x04B8
    product: int = 0x0202
    serial: str = ""
    usblp: set[int] = field(default_factory=lambda: {0})
    configured: bool = True
    # What a transfer of so many bytes out of, or into, the computer comes to: bytes taken, bytes given, or an error.
    takes: Callable[[int, int], int] = lambda length, timeout_ms: length
    answers: list[bytes | USBError] = field(default_factory=list)
    on_claim: USBError | None = None
    done: list[tuple[object, ...]] = field(default_factory=list)
    received: bytearray = field(default_factory=bytearray)
    timeouts_ms: list[int] = field(default_factory=list)


class Bus(IBackend):  # type: ignore[misc]
    def __init__(self, *devices: Hardware) -> None:
        self.devices = devices

    def enumerate_devices(self) -> Any:
        return iter(self.devices)

    def get_device_descriptor(self, dev: Hardware) -> Any:
        return SimpleNamespace(
            bLength=18, bDescriptorType=1, bcdUSB=0x200, bDeviceClass=0, bDeviceSubClass=0, bDeviceProtocol=0,
            bMaxPacketSize0=64, idVendor=dev.vendor, idProduct=dev.product, bcdDevice=0, iManufacturer=0, iProduct=0,
            iSerialNumber=3 if dev.serial else 0, bNumConfigurations=1, address=1, bus=1, port_number=1,
            port_numbers=(1,), speed=3,
        )  # fmt: skip

    def get_configuration_descriptor(self, dev: Hardware, config: int) -> Any:
        return SimpleNamespace(
            bLength=9, bDescriptorType=2, wTotalLength=0, bNumInterfaces=len({face.number for face in dev.faces}),
            bConfigurationValue=1, iConfiguration=0, bmAttributes=0, bMaxPower=0, extra_descriptors=b"",
        )  # fmt: skip

    def get_interface_descriptor(self, dev: Hardware, intf: int, alt: int, config: int) -> Any:
        numbers = sorted({face.number for face in dev.faces})
        if intf >= len(numbers):
            raise IndexError
        face = [face for face in dev.faces if face.number == numbers[intf]][alt]
        return SimpleNamespace(
            bLength=9, bDescriptorType=4, bInterfaceNumber=face.number, bAlternateSetting=face.alternate,
            bNumEndpoints=len(face.endpoints), bInterfaceClass=face.kind, bInterfaceSubClass=1,
            bInterfaceProtocol=face.protocol, iInterface=0, extra_descriptors=b"", face=face,
        )  # fmt: skip

    def get_endpoint_descriptor(self, dev: Hardware, ep: int, intf: int, alt: int, config: int) -> Any:
        address, kind = self.get_interface_descriptor(dev, intf, alt, config).face.endpoints[ep]
        return SimpleNamespace(
            bLength=7, bDescriptorType=5, bEndpointAddress=address, bmAttributes=kind, wMaxPacketSize=64, bInterval=0,
            bRefresh=0, bSynchAddress=0, extra_descriptors=b"",
        )  # fmt: skip

    def open_device(self, dev: Hardware) -> Hardware:
        return dev

    def close_device(self, handle: Hardware) -> None:
        handle.done.append(("close",))

    def get_configuration(self, handle: Hardware) -> int:
        return int(handle.configured)

    def set_configuration(self, handle: Hardware, value: int) -> None:
        handle.done.append(("configure", value))
        handle.configured = True

    def is_kernel_driver_active(self, handle: Hardware, intf: int) -> bool:
        return intf in handle.usblp

    def detach_kernel_driver(self, handle: Hardware, intf: int) -> None:
        handle.done.append(("detach", intf))

    def attach_kernel_driver(self, handle: Hardware, intf: int) -> None:
        handle.done.append(("attach", intf))

    def claim_interface(self, handle: Hardware, intf: int) -> None:
        if handle.on_claim:
            raise handle.on_claim
        handle.done.append(("claim", intf))

    def release_interface(self, handle: Hardware, intf: int) -> None:
        handle.done.append(("release", intf))

    def set_interface_altsetting(self, handle: Hardware, intf: int, alt: int) -> None:
        handle.done.append(("alternate", intf, alt))

    def clear_halt(self, handle: Hardware, ep: int) -> None:
        handle.done.append(("clear halt", ep))

    def ctrl_transfer(
        self, handle: Hardware, kind: int, request: int, value: int, index: int, data: Any, _: int
    ) -> int:
        text = array("B", b"\x04\x03\x09\x04")
        if value & 0xFF:
            letters = handle.serial.encode("utf-16-le")
            text = array("B", bytes([len(letters) + 2, 3]) + letters)
        data[: len(text)] = text
        return len(text)

    def bulk_write(self, handle: Hardware, ep: int, intf: int, data: Any, timeout: int) -> int:
        handle.done.append(("write", ep))
        handle.timeouts_ms.append(timeout)
        taken = handle.takes(len(data), timeout)
        handle.received += bytes(data[:taken])
        return taken

    def bulk_read(self, handle: Hardware, ep: int, intf: int, buff: Any, timeout: int) -> int:
        handle.timeouts_ms.append(timeout)
        answer = handle.answers.pop(0) if handle.answers else USBTimeoutError("timed out", -7, errno.ETIMEDOUT)
        if isinstance(answer, USBError):
            raise answer
        buff[: len(answer)] = array("B", answer)
        return len(answer)


Plug = Callable[..., None]


@pytest.fixture
def plug(monkeypatch: pytest.MonkeyPatch) -> Plug:
    """Devices on the bus; without any backend, that is without libusb, when there are none to give."""

    def on_the_bus(*devices: Hardware, backend: bool = True) -> None:
        bus = Bus(*devices) if backend else None
        for module in (usb.backend.libusb1, usb.backend.openusb, usb.backend.libusb0):
            monkeypatch.setattr(module, "get_backend", lambda: bus)

    return on_the_bus


def did(device: Hardware) -> list[tuple[object, ...]]:
    return [step for step in device.done if step[0] != "write"]


def test_bytes_go_both_ways_and_the_kernel_gets_its_printer_back(plug: Plug) -> None:
    printer = Hardware(answers=[b"", STATUS])
    plug(Hardware(vendor=0x1234), printer)
    link = open_link("usb://04B8:0202")
    link.send(b"\x10\x04\x01")
    assert link.receive(5.0) == STATUS  # the first, empty answer is none
    assert (link.accepted, bytes(printer.received)) == (3, b"\x10\x04\x01")
    link.close()
    # Never reset, never configured anew: either would throw away what the printer still holds.
    assert did(printer) == [("detach", 0), ("claim", 0), ("release", 0), ("attach", 0), ("close",)]
    assert all(0 < timeout <= 5000 for timeout in printer.timeouts_ms)


def test_what_nobody_drove_is_left_without_a_driver(plug: Plug) -> None:
    printer = Hardware(usblp=set(), configured=False)
    plug(printer)
    open_link("usb://04b8:0202").close()
    assert did(printer) == [("configure", 1), ("claim", 0), ("release", 0), ("close",)]


OUT_IN = ((0x03, BULK), (0x84, BULK))
SCALE = Face(((0x81, INTERRUPT),), number=0, kind=3)


@pytest.mark.parametrize(
    ("faces", "url", "number", "out"),
    [
        ([SCALE, Face(OUT_IN, number=1)], "usb://04b8:0202", 1, 0x03),
        ([Face(((0x84, BULK), (0x03, BULK)), number=2)], "usb://04b8:0202", 2, 0x03),  # any order, any address
        ([Face(OUT_IN, kind=0xFF), Face(((0x01, BULK), (0x82, BULK)), number=1)], "usb://04b8:0202", 1, 0x01),
        ([Face(((0x01, INTERRUPT), *OUT_IN))], "usb://04b8:0202", 0, 0x03),
        ([Face(OUT_IN, kind=0xFF)], "usb://04b8:0202", 0, 0x03),  # Epson's own class
        ([Face(OUT_IN, protocol=4), Face(((0x05, BULK),), number=1, protocol=1)], "usb://04b8:0202", 1, 0x05),  # IPP
        ([Face(OUT_IN), Face(((0x05, BULK),), number=1)], "usb://04b8:0202?interface=1", 1, 0x05),
    ],
)
def test_the_interface_is_found_not_assumed(plug: Plug, faces: list[Face], url: str, number: int, out: int) -> None:
    printer = Hardware(faces=faces, usblp=set())
    plug(printer)
    link = open_link(url)
    link.send(b"x")
    assert printer.done == [("claim", number), ("write", out)]
    link.close()


def test_of_two_settings_the_one_that_answers_is_set(plug: Plug) -> None:
    printer = Hardware(faces=[Face(((0x01, BULK),), protocol=1), Face(OUT_IN, alternate=1)], answers=[STATUS])
    plug(printer)
    link = open_link("usb://04b8:0202")
    link.send(b"x")
    assert link.receive(5.0) == STATUS
    assert printer.done[1:] == [("claim", 0), ("alternate", 0, 1), ("write", 0x03)]
    link.close()


def test_a_printer_that_only_listens_says_nothing(plug: Plug) -> None:
    plug(Hardware(faces=[Face(((0x01, BULK),))]))
    link = open_link("usb://04b8:0202")
    assert link.receive(0.01) == b""
    link.close()


@pytest.mark.parametrize("url", ["usb://04b8:0202/B%202", "usb://04b8:0202/A1"])
def test_of_two_equal_printers_the_serial_number_tells(plug: Plug, url: str) -> None:
    one, two = Hardware(serial="A1"), Hardware(serial="B 2")
    plug(one, two)
    link = open_link(url)
    link.send(b"x")
    assert (bytes(one.received), bytes(two.received)) == ((b"x", b"") if url.endswith("A1") else (b"", b"x"))
    link.close()


def test_a_job_larger_than_a_transfer_arrives_whole_though_the_printer_takes_it_in_pieces(plug: Plug) -> None:
    printer = Hardware(takes=lambda length, _: min(length, 1000))
    plug(printer)
    link = open_link("usb://04b8:0202")
    job = bytes(range(256)) * 40
    link.send(job)
    assert (bytes(printer.received), link.accepted) == (job, len(job))
    link.close()


def test_a_printer_that_stops_taking_is_given_up_and_what_it_took_is_known(plug: Plug) -> None:
    def takes(length: int, timeout_ms: int) -> int:
        if len(printer.received) >= 4096:
            raise USBTimeoutError("Operation timed out", -7, errno.ETIMEDOUT)
        return length

    printer = Hardware(takes=takes)
    plug(printer)
    link = open_link("usb://04b8:0202")
    with pytest.raises(DeviceError, match="timed out"):
        link.send(bytes(10_000))
    assert link.accepted == 4096
    assert max(printer.timeouts_ms) == PACE.stall_s * 1000
    link.close()


def test_a_printer_that_takes_a_byte_now_and_then_is_given_up_too(plug: Plug) -> None:
    now = [0.0]

    def takes(length: int, timeout_ms: int) -> int:
        now[0] += timeout_ms / 1000
        return 1

    plug(Hardware(takes=takes))
    link = open_link("usb://04b8:0202", clock=lambda: now[0])
    with pytest.raises(DeviceError, match="timed out"):
        link.send(bytes(10_000))
    assert now[0] == pytest.approx(PACE.send_s, abs=0.1)
    link.close()


def test_a_stalled_endpoint_is_set_going_for_the_next_time(plug: Plug) -> None:
    def takes(length: int, timeout_ms: int) -> int:
        raise USBError("Pipe error", -9, errno.EPIPE)

    printer = Hardware(takes=takes, answers=[USBError("Pipe error", -9, errno.EPIPE)])
    plug(printer)
    link = open_link("usb://04b8:0202")
    with pytest.raises(DeviceError, match="Pipe error"):
        link.send(b"x")
    with pytest.raises(DeviceError, match="Pipe error"):
        link.receive(1.0)
    assert did(printer)[2:] == [("clear halt", 0x01), ("clear halt", 0x82)]
    link.close()


def test_a_printer_that_is_pulled_out_is_a_device_error(plug: Plug) -> None:
    plug(Hardware(answers=[USBError("No such device", -4, errno.ENODEV)]))
    link = open_link("usb://04b8:0202")
    with pytest.raises(DeviceError, match="No such device"):
        link.receive(1.0)
    link.close()


@pytest.mark.parametrize(
    ("devices", "words"),
    [
        ([], "no such USB device"),
        ([Hardware(serial="C3")], "no such USB device"),
        ([Hardware(faces=[SCALE], serial="A1")], "no interface to print on"),
        ([Hardware(on_claim=USBError("Access denied", -3, errno.EACCES), serial="A1")], "udev rule"),
        ([Hardware(on_claim=USBError("Resource busy", -6, errno.EBUSY), serial="A1")], "CUPS"),
        ([Hardware(serial="A1"), Hardware(serial="A1")], "Add the serial number"),
    ],
)
def test_what_cannot_be_opened_says_what_to_do(plug: Plug, devices: list[Hardware], words: str) -> None:
    plug(*devices)
    with pytest.raises(DeviceError, match=words):
        open_link("usb://04b8:0202/A1")
    for device in devices:  # nothing is kept that was taken
        assert did(device).count(("detach", 0)) == did(device).count(("attach", 0))


def test_without_libusb_the_hint_says_what_to_install(plug: Plug) -> None:
    plug(backend=False)
    with pytest.raises(DeviceError, match="libusb"):
        open_link("usb://04b8:0202")
