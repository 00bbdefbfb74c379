"""A serial port, or a pty. Opening it locks it: two readers would each get half of what comes."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from drivers.link.address import Allowed, Choice, Number
from drivers.link.descriptor import DescriptorLink
from drivers.link.link import Terms
from drivers.link.lost import ERRORS

DRAIN_LOOKS, DRAIN_LOOK_S = 100, 0.01  # 1 s: a receipt's tail of 1 KB at 9600 baud
PORT: Final[Mapping[str, Allowed]] = {
    "flow": Choice(("none", "rtscts", "xonxoff")),
    "baud": Number(range(300, 4_000_001), "9600"),
}


def serial_port(path: str, settings: Mapping[str, str], write_timeout_s: float | None = None) -> Any:
    """Locked, with the settings of PORT; also bits, parity and stop. A pty takes any, and keeps to 8 bits without
    parity. Raises ERRORS."""
    import serial

    return serial.Serial(
        path,
        baudrate=int(settings["baud"]),
        bytesize=int(settings.get("bits", "8")),
        parity=settings.get("parity", "n").upper(),
        stopbits=int(settings.get("stop", "1")),
        rtscts=settings["flow"] == "rtscts",
        xonxoff=settings["flow"] == "xonxoff",
        timeout=0,
        write_timeout=write_timeout_s,
        exclusive=True,
    )


def open_serial(path: str, settings: Mapping[str, str], terms: Terms) -> DescriptorLink:
    try:
        port = serial_port(path, settings, terms.pace.stall_s)  # 0 would spin for ever on a full buffer
    except ERRORS as error:
        raise terms.lost("open", error) from None
    # From here on it is a plain descriptor: pyserial cannot tell how much a timed-out write has sent.
    return DescriptorLink(port.fileno(), terms, close=lambda: close_serial(port))


def close_serial(port: Any) -> None:
    """Let the tail out, but do not wait for a device that has stopped: the kernel would, for 30 s, and what it keeps
    for later would come out as a torn piece."""
    with suppress(*ERRORS):
        for _ in range(DRAIN_LOOKS):
            if not port.out_waiting:
                break
            time.sleep(DRAIN_LOOK_S)
        else:  # not otherwise: on a pty it would also take what has arrived and is not read yet
            port.reset_output_buffer()
    port.close()
