"""A device on USB, through libusb: found by its ids, spoken to over the endpoints that its descriptors name.

usb://VID:PID[/SERIAL][?interface=N], the ids as lsusb prints them: an interface of the printer class, or the vendor's
own. Proved against descriptors and transfers of a pyusb backend, not on hardware: what a real printer's stalls, its
timing and the kernel's driver do is not tested.
"""

from __future__ import annotations

import errno
import math
import re
import time
from contextlib import suppress
from typing import Any, NamedTuple
from urllib.parse import unquote

import usb.core
from usb import util

from drivers.errors import DeviceError
from drivers.link.address import Address, Number
from drivers.link.link import RECEIVE_BYTES, PacedLink, Terms

IDS = re.compile(r"([0-9a-fA-F]{4}):([0-9a-fA-F]{4})")
CHUNK_BYTES = 4096  # what is asked of one transfer: a stalled one is noticed after no more than so much
EMPTY_READ_PAUSE_S = 0.005  # some printers answer "nothing yet" at once instead of waiting
PRINTER_CLASS, VENDOR_CLASS = 0x07, 0xFF
IPP_PROTOCOL = 4  # of the printer class: HTTP inside, and ESC/POS is none


class Wanted(NamedTuple):
    """What a URL says of a device."""

    vendor: int
    product: int
    serial: str
    interface: int | None


def wanted(address: Address) -> Wanted:
    """Raises DeviceError."""
    ids = IDS.fullmatch(address.parts.netloc)
    if ids is None:
        raise address.wrong("usb takes VID:PID as lsusb prints them, /SERIAL and ?interface=N")
    interface = address.settings({"interface": Number(range(256), "")})["interface"]
    serial = unquote(address.parts.path.strip("/"))
    return Wanted(int(ids[1], 16), int(ids[2], 16), serial, int(interface) if interface else None)


def open_usb(what: Wanted, terms: Terms) -> UsbLink:
    device = found(what, terms)
    try:
        interface = printer_interface(active_configuration(device), what.interface)
        return UsbLink(device, interface, terms)
    except OSError as error:
        release(device)
        raise terms.lost("open", error) from None


def found(what: Wanted, terms: Terms) -> Any:
    try:
        devices = list(usb.core.find(find_all=True, idVendor=what.vendor, idProduct=what.product))
    except usb.core.NoBackendError:
        hint = "Install libusb 1.0 (Debian: libusb-1.0-0), or use the kernel's own node: file:///dev/usb/lp0."
        raise DeviceError(tried="open", device=terms.url, cause="there is no libusb here", hint=hint) from None
    except OSError as error:
        raise terms.lost("look for", error) from None
    if what.serial:
        devices = [device for device in devices if serial_number(device) == what.serial]
    if not devices:
        raise terms.lost("find", OSError(errno.ENODEV, "no such USB device"))
    if len(devices) > 1:
        serials = ", ".join(serial_number(device) or "one without" for device in devices)
        hint = f"Add the serial number: usb://VID:PID/SERIAL. There are: {serials}."
        raise DeviceError(tried="open", device=terms.url, cause=f"there are {len(devices)} such devices", hint=hint)
    return devices[0]


def serial_number(device: Any) -> str:
    try:
        return str(device.serial_number or "")
    except (OSError, ValueError, NotImplementedError):  # no permission, or no texts at all
        return ""


def active_configuration(device: Any) -> Any:
    """The one the kernel has set. To set it again would disturb whoever uses another interface of the device."""
    try:
        return device.get_active_configuration()
    except usb.core.USBError as error:
        if error.errno is not None:  # not "there is none"
            raise
        device.set_configuration()
        return device.get_active_configuration()


def printer_interface(configuration: Any, number: int | None) -> Any:
    """The printer class before the vendor's own, one that also answers before one that only listens."""

    def rank(one: Any) -> tuple[bool, bool, int, int]:
        answers = bulk_endpoint(one, into=True) is not None
        return one.bInterfaceClass != PRINTER_CLASS, not answers, one.bInterfaceNumber, one.bAlternateSetting

    usable = [one for one in configuration if bulk_endpoint(one, into=False) is not None and is_meant(one, number)]
    if not usable:
        raise OSError(errno.ENXIO, "the device has no interface to print on")
    return min(usable, key=rank)


def is_meant(interface: Any, number: int | None) -> bool:
    if number is not None:
        return bool(interface.bInterfaceNumber == number)
    kind, protocol = interface.bInterfaceClass, interface.bInterfaceProtocol
    return bool(kind == VENDOR_CLASS or (kind == PRINTER_CLASS and protocol != IPP_PROTOCOL))


def bulk_endpoint(interface: Any, *, into: bool) -> Any:
    """The endpoint for bytes into this computer, or out of it; None if there is none."""
    direction = util.ENDPOINT_IN if into else util.ENDPOINT_OUT
    for endpoint in interface:
        is_bulk = util.endpoint_type(endpoint.bmAttributes) == util.ENDPOINT_TYPE_BULK
        if is_bulk and util.endpoint_direction(endpoint.bEndpointAddress) == direction:
            return endpoint
    return None


class UsbLink(PacedLink):
    """The claimed interface. The kernel's driver gets it back at the end. A device is never reset: that would
    throw away a receipt that is still in its buffer."""

    def __init__(self, device: Any, interface: Any, terms: Terms) -> None:
        super().__init__(terms)
        self._device, self._number = device, int(interface.bInterfaceNumber)
        self._out, self._in = bulk_endpoint(interface, into=False), bulk_endpoint(interface, into=True)
        self._detached = detach_kernel_driver(device, self._number)
        try:
            util.claim_interface(device, self._number)
            if interface.bAlternateSetting:  # after the kernel's driver it stands at the first
                interface.set_altsetting()
        except OSError:
            self.close()
            raise

    def _give(self, view: memoryview, timeout_s: float) -> int:
        try:
            return int(self._out.write(bytes(view[:CHUNK_BYTES]), milliseconds(timeout_s)))
        except OSError as error:
            self._unhalt(self._out, error)
            raise

    def receive(self, timeout_s: float) -> bytes:
        if self._in is None:
            time.sleep(max(timeout_s, 0.0))
            return b""
        deadline = self._terms.clock() + timeout_s
        while True:
            data = self._read(deadline - self._terms.clock())
            if data or self._terms.clock() >= deadline:
                return data
            time.sleep(EMPTY_READ_PAUSE_S)

    def _read(self, timeout_s: float) -> bytes:
        try:
            return bytes(self._in.read(RECEIVE_BYTES, milliseconds(timeout_s)))
        except usb.core.USBTimeoutError:
            return b""
        except OSError as error:
            self._unhalt(self._in, error)
            raise self._terms.lost("receive", error) from None

    def _unhalt(self, endpoint: Any, error: OSError) -> None:
        """A stalled endpoint stays so until it is told that we have seen it, even for the next who opens it."""
        if error.errno == errno.EPIPE:
            with suppress(OSError):
                endpoint.clear_halt()

    def close(self) -> None:
        with suppress(OSError):
            util.release_interface(self._device, self._number)
        if self._detached:
            with suppress(OSError, NotImplementedError):
                self._device.attach_kernel_driver(self._number)
        release(self._device)


def detach_kernel_driver(device: Any, number: int) -> bool:
    """Take the interface from usblp; whether somebody had it. Not every system and backend has such drivers."""
    try:
        active = device.is_kernel_driver_active(number)
        if active:
            device.detach_kernel_driver(number)
    except NotImplementedError:
        return False
    return bool(active)


def release(device: Any) -> None:
    with suppress(OSError):
        util.dispose_resources(device)


def milliseconds(timeout_s: float) -> int:
    """libusb's unit. Its 0 means for ever."""
    return max(1, math.ceil(timeout_s * 1000))
