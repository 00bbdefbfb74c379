"""How scanners of three makes answer the host's orders, written from their manuals with tables of their own.

A model hears bytes, in any slices; it gives what it says back, and what it was told to do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, Protocol

ACK, NAK, ENQ = b"\x06", b"\x15", b"\x05"
HEARD_MAX = 512  # longer than any order; noise before one is forgotten

Deed = Literal["trigger on", "trigger off", "suffix cr", "suffix crlf", "suffix none", "aim on", "aim off", "nothing"]


MENU: dict[bytes, Deed] = {
    b"VSUFCR": "suffix cr",
    b"SUFBK2990D": "suffix cr",
    b"SUFBK2990D0A": "suffix crlf",
    b"SUFCA2": "suffix none",
    b"232BAD9": "nothing",
}

COMMANDS: dict[bytes, Deed] = {
    b"SCNTRG1": "trigger on",
    b"SCNTRG0": "trigger off",
    b"TSUSET0D": "suffix cr",
    b"TSUSET0D0A": "suffix crlf",
    b"TSUENA0": "suffix none",
    b"TSUENA1": "nothing",
    b"AIDENA1": "aim on",
    b"AIDENA0": "aim off",
}
OPCODES: dict[int, Deed] = {0xE4: "trigger on", 0xE5: "trigger off", 0xE9: "nothing", 0xEA: "nothing"}


@dataclass(frozen=True, slots=True)
class Answer:
    said: bytes
    deed: Deed = "nothing"


class Model(Protocol):
    def hear(self, data: bytes) -> list[Answer]:
        """What the host said, in any slices; the answers to the orders that it completed."""


class Phrases:
    """Cuts what it hears into orders by a pattern."""

    order: re.Pattern[bytes]

    def __init__(self) -> None:
        self._heard = b""

    def hear(self, data: bytes) -> list[Answer]:
        self._heard = (self._heard + data)[-HEARD_MAX:]
        answers = []
        while (found := self.order.search(self._heard)) is not None:
            self._heard = self._heard[found.end() :]
            answers.append(self.answer(found))
        return answers

    def answer(self, order: re.Match[bytes]) -> Answer:
        raise NotImplementedError


class Honeywell(Phrases):
    """SYN T CR and SYN U CR are obeyed in silence. SYN M CR and a menu command, ended by `.` (kept) or `!` (until
    power-off), is echoed with ACK, ENQ (unknown) or NAK (bad value) before its end."""

    order = re.compile(rb"\x16([TU])\r|\x16M\r([A-Za-z0-9]+)([.!])")

    def answer(self, order: re.Match[bytes]) -> Answer:
        trigger, command, end = order.groups()
        if trigger is not None:
            return Answer(b"", "trigger on" if trigger == b"T" else "trigger off")
        known = command.upper() in MENU
        return Answer(command + (ACK if known else ENQ) + end, MENU.get(command.upper(), "nothing"))


class Newland(Phrases):
    """`~ SOH 0000`, @ (kept) or # (until power-off), commands, `; ETX`; answered with STX for the tilde and ACK, NAK
    or ENQ before the end."""

    order = re.compile(rb"~\x010000([@#])([A-Z0-9]+);\x03")

    def answer(self, order: re.Match[bytes]) -> Answer:
        storage, command = order.groups()
        status = ACK if command in COMMANDS else ENQ
        return Answer(b"\x02\x010000" + storage + command + status + b";\x03", COMMANDS.get(command, "nothing"))


class ZebraSsi:
    """Packets: length, opcode, source, status, data, and the two's complement of their sum in two bytes."""

    def __init__(self) -> None:
        self._heard = b""

    def hear(self, data: bytes) -> list[Answer]:
        self._heard = (self._heard + data)[-HEARD_MAX:].lstrip(b"\0")  # a lone NUL only wakes
        answers = []
        while self._heard and len(self._heard) >= self._heard[0] + 2:
            length = max(4, self._heard[0])
            packet, self._heard = self._heard[: length + 2], self._heard[length + 2 :].lstrip(b"\0")
            answers.append(self._packet(packet))
        return answers

    def _packet(self, packet: bytes) -> Answer:
        if (sum(packet[:-2]) + int.from_bytes(packet[-2:], "big")) & 0xFFFF:
            return Answer(ssi(0xD1, b"\x01"))  # RESEND: the checksum is wrong
        if packet[1] not in OPCODES:
            return Answer(ssi(0xD1, b"\x02"))  # BAD_CONTEXT
        return Answer(ssi(0xD0, b""), OPCODES[packet[1]])


def ssi(opcode: int, data: bytes) -> bytes:
    """A packet of the scanner's own (source 0)."""
    body = bytes([4 + len(data), opcode, 0, 0]) + data
    return body + (-sum(body) & 0xFFFF).to_bytes(2, "big")


MODELS: dict[str, type[Model]] = {"honeywell": Honeywell, "newland": Newland, "zebra-ssi": ZebraSsi}
