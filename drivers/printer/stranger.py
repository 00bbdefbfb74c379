"""What answers where a printer should, and is none: an SSH server, a box that echoes, "printer busy" of a print server.

A printer's status is one byte in which few bits count, so letters read like statuses. What came since the connection
was made is therefore looked at whole until something has answered as a printer does. Pure: bytes in, words out.
"""

from __future__ import annotations

import re

GREETING_MAX_BYTES = 256  # more of a stranger's words than anybody needs to know him
QUOTED_MAX = 60  # characters, so that a line of a status stays one
ECHO = b"\x10\x04\x01"  # DLE EOT 1 sent back. As an automatic status it would be a fault of a printer that is on line
ECHOES = "it sends back what it is sent"

_BLOCK = re.compile(rb"[\x35\x37\x3b\x3d\x5f][\x20-\x7e]{0,127}\x00")  # of a printer's own, header to NUL
# Four letters in a row, or four bytes that no answer of a printer has: a word, or a line of another speed.
_WORD = re.compile(rb"[A-Za-z]{4}|[\x80-\xff]{4}")
_SPACES = str.maketrans("\r\n\t", "   ")


class Greeting:
    """What came since the connection was made, until somebody has answered as a printer does. `words`: what makes him
    no printer."""

    def __init__(self) -> None:
        self.words = ""
        self._came: bytearray | None = bytearray()

    def hear(self, data: bytes) -> None:
        if self._came is not None and data:
            self._came += data[: GREETING_MAX_BYTES - len(self._came)]
            self.words = stranger(bytes(self._came))

    def over(self) -> None:
        """It is a printer: noise on its line later makes it no stranger."""
        self._came = None


def stranger(came: bytes) -> str:
    """What makes it no printer, in words fit for a screen; "" for what may be one."""
    if ECHO in came:
        return ECHOES
    return f"“{quoted(came)}”" if _WORD.search(_BLOCK.sub(b"", came)) else ""


def quoted(came: bytes) -> str:
    """A stranger's words, harmless: one line, no controls, cut."""
    text = came.decode("utf-8", "backslashreplace").translate(_SPACES).strip()
    safe = "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text)
    return safe if len(safe) <= QUOTED_MAX else safe[:QUOTED_MAX] + "…"
