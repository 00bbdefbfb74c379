"""A serial port, or a pty. Opening it locks it: two readers would each get half of what comes."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from drivers.link.address import Choice, Numbers, Settings, Words
from drivers.link.descriptor import DescriptorLink
from drivers.link.link import Terms
from drivers.link.lost import ERRORS

DRAIN_LOOKS, DRAIN_LOOK_S = 100, 0.01  # 1 s: a receipt's tail of 1 KB at 9600 baud
USUAL_BAUD: Final = 9600
BAUD: Final[dict[str, Numbers]] = {"baud": (range(300, 4_000_001), USUAL_BAUD)}
FLOW: Final[dict[str, Words | Choice]] = {"flow": ("none", "rtscts", "xonxoff")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """How a serial port is set up. A pty takes anything and keeps to 8 bits without parity."""

    baud: int = USUAL_BAUD
    bits: int = 8
    parity: str = "n"
    stop: int = 1
    flow: str = "none"


def port_of(settings: Settings) -> Port:
    return Port(baud=settings.number("baud"), flow=settings.word("flow"))


def open_serial(path: str, port: Port, terms: Terms) -> DescriptorLink:
    """Raises DeviceError."""
    import serial

    try:
        opened = serial.Serial(
            path,
            baudrate=port.baud,
            bytesize=port.bits,
            parity=port.parity.upper(),
            stopbits=port.stop,
            rtscts=port.flow == "rtscts",
            xonxoff=port.flow == "xonxoff",
            timeout=0,
            write_timeout=terms.pace.stall_s,  # 0 would spin for ever on a full buffer
            exclusive=True,
        )
    except ERRORS as error:
        raise terms.lost("open", error) from None
    # From here on it is a plain descriptor: pyserial cannot tell how much a timed-out write has sent.
    return DescriptorLink(opened.fileno(), terms, close=lambda: close_serial(opened))


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
