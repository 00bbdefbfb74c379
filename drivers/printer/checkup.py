"""Everything that can be asked of a printer without paper: who it is, how it is, which words of our trade it knows.

It is left as it was found. So GS a, which tells nothing of what it was set to before, is only asked when a paper
follows, whose ESC @ sets everything back anyway. A printer that does not know a question may take its last letters for
text; they wait in its line and go with the ESC @ that begins every paper of ours.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from drivers.link.link import Link
from drivers.printer.answers import (
    Answer,
    AutoStatus,
    BufferCleared,
    ProcessId,
    ShortStatus,
)
from drivers.printer.attempt import DLE_DC4_CLEAR
from drivers.printer.encode import GS_TRANSMIT_PAPER
from drivers.printer.probe import Asked, Findings, Probe
from drivers.printer.profile import ANSWER_DEADLINE_MAX_MS, PrinterProfile, Proof
from drivers.printer.status import PrinterStatus

ANSWER_S = 2.0  # as a profile has it that says nothing else
SLOWER_THAN_USUAL = 3  # times: an answer that takes so much longer than the others does not come
SHORTEST_S = 0.5  # however quick the others were
SURE_TIMES = 2  # how much longer than it took once a driver should wait
ATTEMPT = "DOCT"
ASK_PROCESS_ID = b"\x1d(H\x06\x0000" + ATTEMPT.encode("ascii")
ASB_ON, ASB_OFF = b"\x1da\xff", b"\x1da\x00"
ASK_TYPE = b"\x1dI\x02"
KNIFE_BIT = 0x02  # of the answer to GS I 2
DRAWER_HIGH_BIT = 0x04  # of the answer to DLE EOT 1: pin 3 of the drawer's socket


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """What a printer answered. None: it was not asked.

    `greeting`: the words of somebody who is no printer; `answered` is False then, and when nothing came at all."""

    answered: bool = False
    greeting: bytes = b""
    answer_ms: int = 0  # one answer among the others
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
        answer_deadline_ms=_deadline_ms(profile, found),
    )


def _deadline_ms(profile: PrinterProfile, found: Abilities) -> int:
    return max(profile.answer_deadline_ms, min(found.answer_ms * SURE_TIMES, ANSWER_DEADLINE_MAX_MS))


class Checkup:
    """Asks in an order in which a late answer is taken for no other: after silence nothing of that kind is asked."""

    def __init__(self, link: Link, clock: Callable[[], float] = time.monotonic) -> None:
        self._link = link
        self._clock = clock
        self._wait_s = ANSWER_S
        self._probe = Probe(link, self._wait_s, clock)
        self._asked: list[Asked] = []

    def look(self, *, paper: bool = False) -> Abilities:
        """`paper`: one follows. Raises DeviceError."""
        found, took_s = self._findings()
        if found.late_s is not None:
            self._wait_s = found.late_s * SURE_TIMES
            self._probe = Probe(self._link, self._wait_s, self._clock)
            found, took_s = self._findings()
        if found.stranger or found.status is PrinterStatus.SILENT:
            return Abilities(greeting=found.asked[0].answered if found.stranger else b"", asked=tuple(self._asked))
        answer_s = took_s / len(found.asked)
        self._wait_s = max(SHORTEST_S, answer_s * SLOWER_THAN_USUAL)
        known = Abilities(
            answered=True,
            answer_ms=round(answer_s * 1000),
            status=found.status,
            maker=found.maker,
            model=found.model,
            drawer_high=bool(found.asked[0].answered[-1] & DRAWER_HIGH_BIT),
        )
        if found.status.prints:  # one that stands still does not come to questions in its buffer
            known = self._abilities(known, paper)
        return replace(known, asked=tuple(self._asked))

    def _findings(self) -> tuple[Findings, float]:
        started_s = self._clock()
        found = self._probe.look()
        self._asked += found.asked
        return found, self._clock() - started_s

    def _abilities(self, found: Abilities, paper: bool) -> Abilities:
        gs_r = self._ask("GS r 1 (paper)", GS_TRANSMIT_PAPER, ShortStatus) is not None
        kind = self._ask("GS I 2 (knife)", ASK_TYPE, ShortStatus) if gs_r else None
        return replace(
            found,
            gs_r=gs_r,
            knife=bool(kind.byte & KNIFE_BIT) if isinstance(kind, ShortStatus) else None,
            process_id=self._ask("GS ( H (printed)", ASK_PROCESS_ID, ProcessId) == ProcessId(ATTEMPT),
            clear=self._ask("DLE DC4 8 (forget)", DLE_DC4_CLEAR, BufferCleared) is not None,
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
