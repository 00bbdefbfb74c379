"""Where the shop's POS finds a device that it shares with the till, as people write it into the settings."""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import Path

DOORS = ("pty", "tcp", "serial")
EXAMPLES = "pty:/tmp/pos-scanner, tcp:9200 or serial:///dev/ttyS1?baud=9600"
TCP = re.compile(r"tcp:(?:[A-Za-z0-9][A-Za-z0-9.-]*:)?(?P<port>[0-9]{1,5})")
SERIAL = re.compile(r"serial:///[^?]+(?:\?(?:baud=[0-9]+|flow=(?:none|rtscts|xonxoff)|&)*)?")
SHARED_SCHEMES = ("serial", "tcp")  # what has a line to share: a keyboard's and a camera's bytes are nobody else's
PORT_MAX = 65_535


class BadDoor(ValueError):
    """It is no way to a POS; the message says what to write."""


def door(text: str, folder: Path) -> str:
    """The door that is meant; a pty's path is taken from the settings' folder when it is relative. Raises BadDoor."""
    kind, colon, rest = text.partition(":")
    if kind == "pty" and rest and not rest.endswith("/"):
        return f"pty:{(folder / rest).absolute()}"
    if (tcp := TCP.fullmatch(text)) is not None and 0 < int(tcp["port"]) <= PORT_MAX:
        return text
    if text.startswith("tcp://"):
        raise BadDoor(f"write tcp:PORT: this is where the POS connects to; write it like {EXAMPLES}")
    if SERIAL.fullmatch(text):
        return text
    if text.startswith("/dev/tty"):
        raise BadDoor(f"write serial://{text} for a cable to the POS's machine, or pty:/tmp/NAME for a port of ours")
    close = get_close_matches(kind.lower(), DOORS, n=1) if colon else []
    perhaps = f"perhaps {close[0]}:{rest}; " if close and close[0] != kind else ""
    raise BadDoor(f"{perhaps}write it like {EXAMPLES}")
