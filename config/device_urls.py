"""The URL of a device as people write it, and what they should have written. The rest of a URL is its driver's to read;
here it is only seen whose it is, so that the mistake is told with the line on which it stands."""

from __future__ import annotations

import re
from difflib import get_close_matches

PRINTER_SCHEMES = ("tcp", "serial", "usb", "file")
SCANNER_SCHEMES = ("serial", "tcp", "hid", "hidraw", "camera")
PRINTER_EXAMPLES = "tcp://HOST:9100, serial:///dev/ttyUSB0?baud=9600, usb://04b8:0202 or file:///dev/usb/lp0"
SCANNER_EXAMPLES = (
    "serial:///dev/ttyACM0?baud=9600, tcp://HOST:PORT, hid:///dev/input/by-id/…, hidraw:///dev/hidraw0 or camera:0"
)
SPY = "spy+"
COM = re.compile(r"com([0-9]{1,3}):?", re.IGNORECASE)
HOST_AND_PORT = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*:[0-9]{2,5}")


class BadUrl(ValueError):
    """It is no device's; the message says what to write."""


def device_url(text: str, schemes: tuple[str, ...], examples: str) -> str:
    """The URL that is meant. Raises BadUrl."""
    if com := COM.fullmatch(text):  # the drivers know no Windows so far
        there = f"serial://COM{com[1]} is how Windows would have it"
        raise BadUrl(f"{there}, here write it like serial:///dev/ttyUSB0; `pos-agent devices` lists what is there")
    scheme, colon, rest = text.removeprefix(SPY).partition(":")
    if colon and scheme in schemes:
        return text
    if text.startswith("/dev/input/") and "hid" in schemes:
        raise BadUrl(f"write hid://{text}")
    if text.startswith("/dev/hidraw") and "hidraw" in schemes:
        raise BadUrl(f"write hidraw://{text}")
    if text.startswith("/dev/"):
        raise BadUrl(f"write {'file' if '/lp' in text and 'file' in schemes else 'serial'}://{text}")
    if HOST_AND_PORT.fullmatch(text):
        raise BadUrl(f"write tcp://{text}")
    close = get_close_matches(scheme.lower(), schemes, n=1) if colon else []
    perhaps = f"perhaps {close[0]}:{rest}; " if close else ""
    raise BadUrl(f"{perhaps}write it like {examples}")
