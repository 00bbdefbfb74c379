"""How long a scanner's line may take, and what helps where it fails: a serial port, a network box, a kernel's node."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from drivers.link.link import Pace
from drivers.link.lost import Hints
from drivers.link.tcp import Tuning

# An order is some twenty bytes; a scanner that doesn't take them is not listening.
PACE: Final = Pace(send_s=1.0, stall_s=1.0, slowest_bytes_per_s=480)
CONNECT_WAIT_S: Final = 1.0  # a scanner on the shop's own network answers in milliseconds or not at all
TUNING: Final = Tuning(connect_s=CONNECT_WAIT_S, keepalive=(5, 2, 3))
SERIAL_HINTS: Final = Hints(
    denied="Add the agent's user to the group that owns the node: `sudo usermod -aG dialout USER` on Debian.",
    held="Another program holds it; stop that program. A running agent holds its scanners.",
    missing="Is the scanner plugged in and powered? `pos-agent devices` lists what is.",
    otherwise="Is this a serial port?",
    tried={
        "receive": "Is the cable plugged in?",
        "send": "Is the cable plugged in, and does the flow control (flow=) match the scanner's?",
    },
)
BOX_HINTS: Final = replace(SERIAL_HINTS, tried={}, otherwise="Is the scanner's network box powered?")


def node_hints(kind: str, group: str = "dialout") -> Hints:
    """`group` owns nodes of this kind on Debian."""
    return replace(
        SERIAL_HINTS,
        denied=f"Add the agent's user to the group that owns the node: `sudo usermod -aG {group} USER` on Debian.",
        otherwise=f"Is this {kind}?",
        tried={"receive": "Is the scanner plugged in?"},
    )
