"""Talks to the controls of emulated devices (drivers/control.py; of the printer its own page), each call bounded.

An emulator that is gone is how things are, not a mistake: it may be back at the next look.
"""

from __future__ import annotations

from http.client import HTTPConnection, HTTPException
from typing import Any, Final, Literal, NamedTuple
from urllib.parse import urlsplit

import msgspec

Device = Literal["printer", "scanner", "camera", "network"]

LOOK_S: Final = 1.5  # an emulator on this machine answers in milliseconds; one that is stopped must not hold the page
ORDER_S: Final = 10.0  # 4,300 characters take 5 s at 9600 baud
LOOK_BYTES_MAX: Final = 1_000_000  # a state has the text of the paper that hangs out
PICTURE_BYTES_MAX: Final = 8_000_000  # two metres of paper


class EmulatorGone(Exception):
    """It did not answer, or not in time, or not as an emulator does."""


class Addresses(NamedTuple):
    """Of one device: where its state, its orders and what is to be seen of it lie."""

    state: str = "/state.json"
    order: str = "/order"
    picture: str = "/seen.jpg"


OF: Final[dict[Device, Addresses]] = {
    "printer": Addresses(order="/printers/1/order", picture="/printers/1/paper.png"),
    "scanner": Addresses(),
    "camera": Addresses(),
    "network": Addresses(),
}


def look(device: Device, url: str) -> dict[str, Any]:
    """How it is. Raises EmulatorGone."""
    _, body = _asked(url, "GET", OF[device].state, b"", LOOK_S, LOOK_BYTES_MAX)
    try:
        found: dict[str, Any] = msgspec.json.decode(body, type=dict)
        return _printer(found["printers"][0]) if device == "printer" else found
    except (msgspec.DecodeError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise EmulatorGone(str(error)) from None


def _printer(found: dict[str, Any]) -> dict[str, Any]:
    """As flat as the others'; of several printers the first is the till's."""
    return {**found["state"], "version": found["version"], "text": found["text"]}


def order(device: Device, url: str, line: str) -> str:
    """Do this; "" or what is wrong with it. Raises EmulatorGone."""
    return _told(*_asked(url, "POST", OF[device].order, line.encode(), ORDER_S, LOOK_BYTES_MAX))


def put(url: str, picture: bytes) -> str:
    """Before the camera; "" or what is wrong with the picture. Raises EmulatorGone."""
    return _told(*_asked(url, "POST", "/picture", picture, ORDER_S, LOOK_BYTES_MAX))


def seen(device: Device, url: str) -> bytes:
    """The paper that hangs out, or what the camera sees. Raises EmulatorGone."""
    status, body = _asked(url, "GET", OF[device].picture, b"", LOOK_S, PICTURE_BYTES_MAX)
    if status != 200:
        raise EmulatorGone(f"it answered {status}")
    return body


def _told(status: int, body: bytes) -> str:
    if status not in (200, 400):
        return body.decode("utf-8", "replace")
    try:
        return str(msgspec.json.decode(body, type=dict[str, str])["error"])
    except (msgspec.DecodeError, KeyError) as error:
        raise EmulatorGone(str(error)) from None


def _asked(url: str, method: str, path: str, body: bytes, wait_s: float, most: int) -> tuple[int, bytes]:
    at = urlsplit(url)
    connection = HTTPConnection(at.hostname or "", at.port, timeout=wait_s)
    try:
        connection.request(method, path, body or None)
        answer = connection.getresponse()
        told = answer.read(most + 1)
    except (OSError, HTTPException) as error:
        raise EmulatorGone(str(error)) from None
    finally:
        connection.close()
    if len(told) > most:
        raise EmulatorGone(f"it answered more than {most} bytes")
    return answer.status, told
