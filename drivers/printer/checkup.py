"""Everything that can be asked of a printer without paper: who it is, how it is, which words of our trade it knows.

It is left as it was found. So GS a, which tells nothing of what it was set to before, is only asked when a paper
follows, whose ESC @ sets everything back anyway. A printer that does not know a question may take its last letters for
text; they wait in its line and go with the ESC @ that begins every paper of ours.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from drivers.printer.answers import (
    Answer,
    AutoStatus,
    Block,
    BufferCleared,
    ProcessId,
    RealTimeStatus,
    ShortStatus,
)
from drivers.printer.link import Link
from drivers.printer.probe import GS_TRANSMIT_PAPER, MAKER, MODEL, NAME_HEADER, QUESTIONS, Asked, Probe
from drivers.printer.profile import PrinterProfile, Proof
from drivers.printer.status import PrinterStatus, from_real_time

FIRST_ANSWER_S = 3.0  # a slow print server passes a question on after a second and a half
ANSWER_S = 1.0
SLOWER_THAN_FIRST = 3  # times: a later answer that takes so much longer than the first does not come
# Four letters in a row, four bytes that no answer has, or our own question: a status is one byte in which few bits
# count, so a greeting reads like several of them.
FOREIGN = re.compile(rb"[A-Za-z]{4}|[\x80-\xff]{4}|\x10\x04\x01")
NEEDED = 3  # real-time answers without which the state is not known
ATTEMPT = "DOCT"
ASK_PROCESS_ID = b"\x1d(H\x06\x0000" + ATTEMPT.encode("ascii")
ASK_CLEARED = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"  # DLE DC4 8
ASB_ON, ASB_OFF = b"\x1da\xff", b"\x1da\x00"
ASK_TYPE = b"\x1dI\x02"
KNIFE_BIT = 0x02  # of the answer to GS I 2
DRAWER_HIGH_BIT = 0x04  # of the answer to DLE EOT 1: pin 3 of the drawer's socket


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """What a printer answered. None: it was not asked.

    `noise`: what came instead of a first answer; `answered` is False then, and when nothing came at all."""

    answered: bool = False
    noise: bytes = b""
    answer_ms: int = 0
    status: PrinterStatus = PrinterStatus.SILENT
    maker: str = ""
    model: str = ""
    process_id: bool | None = None
    gs_r: bool | None = None
    clear: bool | None = None
    asb: bool | None = None
    knife: bool | None = None
    drawer_high: bool | None = None
    asked: tuple[Asked, ...] = ()

    @property
    def proof(self) -> Proof | None:
        """The best word it can give of a paper."""
        if self.process_id is None or self.gs_r is None:
            return None
        return "process_id" if self.process_id else "gs_r" if self.gs_r else "none"


def fitted(profile: PrinterProfile, found: Abilities) -> PrinterProfile:
    """The profile as this very printer is; what was not asked stays."""
    return replace(
        profile,
        proof=found.proof or profile.proof,
        clear=profile.clear if found.clear is None else found.clear,
        asb=profile.asb if found.asb is None else found.asb,
        cutter=profile.cutter if found.knife is None else found.knife,
    )


class Checkup:
    """Asks in an order in which a late answer is taken for no other: after silence nothing of that kind is asked."""

    def __init__(self, link: Link, clock: Callable[[], float] = time.monotonic) -> None:
        self._link = link
        self._clock = clock
        self._probe = Probe(link, clock)
        self._asked: list[Asked] = []
        self._wait_s = FIRST_ANSWER_S
        self._first_ms = 0

    def look(self, *, paper: bool = False) -> Abilities:
        """`paper`: one follows. Raises DeviceError."""
        states = self._states()
        came = self._asked[0].answered
        if not states or FOREIGN.search(came):
            return Abilities(noise=came, asked=tuple(self._asked))
        status = _status(states)
        found = Abilities(
            answered=True,
            answer_ms=self._first_ms,
            status=status,
            drawer_high=bool(states[0] & DRAWER_HIGH_BIT),
        )
        if status.prints:  # one that stands still does not come to questions in its buffer
            found = self._names(found)
            found = self._abilities(found, paper)
        return replace(found, asked=tuple(self._asked))

    def _states(self) -> list[int]:
        """Until one is not answered: its answer, coming late, would be taken for the next one's."""
        states: list[int] = []
        for name, question in QUESTIONS.items():
            started_s = self._clock()
            answer = self._ask(name, question, RealTimeStatus)
            if not isinstance(answer, RealTimeStatus) or FOREIGN.search(self._asked[0].answered):
                break
            if not states:
                self._first_ms = round((self._clock() - started_s) * 1000)
                self._wait_s = max(ANSWER_S, (self._clock() - started_s) * SLOWER_THAN_FIRST)
            states.append(answer.byte)
        return states

    def _names(self, found: Abilities) -> Abilities:
        return replace(found, maker=self._name(*MAKER), model=self._name(*MODEL))

    def _name(self, name: str, question: bytes) -> str:
        asked = self._keep(
            self._probe.ask(name, question, lambda it: isinstance(it, Block) and it.header == NAME_HEADER, self._wait_s)
        )
        return asked.answer.data.decode("ascii", "replace") if isinstance(asked.answer, Block) else ""

    def _abilities(self, found: Abilities, paper: bool) -> Abilities:
        gs_r = self._ask("GS r 1 (paper)", GS_TRANSMIT_PAPER, ShortStatus) is not None
        kind = self._ask("GS I 2 (knife)", ASK_TYPE, ShortStatus) if gs_r else None
        return replace(
            found,
            gs_r=gs_r,
            knife=bool(kind.byte & KNIFE_BIT) if isinstance(kind, ShortStatus) else None,
            process_id=self._ask("GS ( H (printed)", ASK_PROCESS_ID, ProcessId) == ProcessId(ATTEMPT),
            clear=self._ask("DLE DC4 8 (forget)", ASK_CLEARED, BufferCleared) is not None,
            asb=self._asb() if paper else None,
        )

    def _asb(self) -> bool:
        try:
            return self._ask("GS a 255 (tell all)", ASB_ON, AutoStatus) is not None
        finally:
            self._link.send(ASB_OFF)

    def _ask(self, name: str, question: bytes, wanted: type[Answer]) -> Answer | None:
        return self._keep(
            self._probe.ask(name, question, lambda answer: isinstance(answer, wanted), self._wait_s)
        ).answer

    def _keep(self, asked: Asked) -> Asked:
        self._asked.append(asked)
        return asked


def _status(states: list[int]) -> PrinterStatus:
    if len(states) < NEEDED:
        return PrinterStatus.UNKNOWN
    printer, offline, paper, *error = states
    return from_real_time(printer, offline, paper, error=error[0] if error else 0)
