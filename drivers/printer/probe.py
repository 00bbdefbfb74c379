"""A printer asked by a fitter: each question with the very bytes that came back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from drivers.printer.answers import Answer, Answers, Block, RealTimeStatus, ShortStatus
from drivers.printer.link import Clock, Link, open_link
from drivers.printer.status import PrinterStatus, from_real_time

ANSWER_DEADLINE_S = 1.0  # a printer that knows a question answers in milliseconds
PROCESSED_DEADLINE_S = 20.0  # a table of 76 lines takes a slow printer 5 s
QUESTIONS: dict[str, bytes] = {
    "DLE EOT 1 (printer)": b"\x10\x04\x01",
    "DLE EOT 2 (why off line)": b"\x10\x04\x02",
    "DLE EOT 4 (paper)": b"\x10\x04\x04",
    "DLE EOT 3 (error)": b"\x10\x04\x03",  # last: not every clone knows it
}
NEEDED = 3  # answers without which the state is not known
MAKER, MODEL = ("GS I 66 (maker)", b"\x1dIB"), ("GS I 67 (model)", b"\x1dIC")
GS_TRANSMIT_PAPER = b"\x1dr\x01"
NAME_HEADER = 0x5F


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    name: str
    sent: bytes
    answered: bytes
    answer: Answer | None


@dataclass(slots=True)
class Findings:
    """`status` is SILENT when not even the first question was answered; then no other was asked."""

    status: PrinterStatus = PrinterStatus.SILENT
    maker: str = ""
    model: str = ""
    asked: list[Asked] = field(default_factory=list)


class Probe:
    def __init__(self, link: Link, clock: Clock = time.monotonic) -> None:
        self._link = link
        self._clock = clock
        self._answers = Answers()

    def look(self) -> Findings:
        """State, then name. Raises DeviceError."""
        found = Findings()
        states: list[int] = []
        for name, question in QUESTIONS.items():
            asked = self.ask(name, question, lambda answer: isinstance(answer, RealTimeStatus))
            found.asked.append(asked)
            if isinstance(asked.answer, RealTimeStatus):
                states.append(asked.answer.byte)
            elif not states:
                return found
            else:
                break  # an answer that came late would be taken for the next one's
        found.status = _status(states)
        if found.status.prints:  # one that stands still does not come to questions in its buffer
            found.maker, found.model = self._name(found, *MAKER), self._name(found, *MODEL)
        return found

    def _name(self, found: Findings, name: str, question: bytes) -> str:
        asked = self.ask(name, question, lambda answer: isinstance(answer, Block) and answer.header == NAME_HEADER)
        found.asked.append(asked)
        return asked.answer.data.decode("ascii", "replace") if isinstance(asked.answer, Block) else ""

    def ask(
        self, name: str, question: bytes, wanted: Callable[[Answer], bool], deadline_s: float = ANSWER_DEADLINE_S
    ) -> Asked:
        """One question, and all that came until its answer or the deadline."""
        self._link.send(question)
        came = b""
        deadline = self._clock() + deadline_s
        while (left := deadline - self._clock()) > 0:
            data = self._link.receive(left)
            came += data
            for answer in self._answers.feed(data):
                if wanted(answer):
                    return Asked(name=name, sent=question, answered=came, answer=answer)
        return Asked(name=name, sent=question, answered=came, answer=None)

    def print_bytes(self, job: bytes) -> bool:
        """Send a job as it is; whether the printer said that it has worked through it."""
        self._link.send(job)
        done = self.ask("GS r 1", GS_TRANSMIT_PAPER, lambda it: isinstance(it, ShortStatus), PROCESSED_DEADLINE_S)
        return done.answer is not None


def _status(answers: list[int]) -> PrinterStatus:
    if len(answers) < NEEDED:
        return PrinterStatus.UNKNOWN
    printer, offline, paper, *error = answers
    return from_real_time(printer, offline, paper, error=error[0] if error else 0)


@contextmanager
def probing(url: str) -> Iterator[Probe]:
    """A probe on a link of its own. Raises DeviceError."""
    link = open_link(url)
    try:
        yield Probe(link)
    finally:
        link.close()
