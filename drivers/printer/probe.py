"""A printer asked by a fitter: each question with the very bytes that came back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from drivers.errors import DeviceError
from drivers.link.link import Clock, Link
from drivers.printer.answers import Answer, Answers, Block, RealTimeStatus, ShortStatus
from drivers.printer.encode import GS_TRANSMIT_PAPER
from drivers.printer.link import open_link
from drivers.printer.status import ERROR_QUESTION, PrinterStatus, from_real_time
from drivers.printer.status import QUESTIONS as STATUS_QUESTIONS
from drivers.printer.stranger import Greeting

LATE_MAX_S = 4.0  # how much longer the first question is listened for, to tell a slow answer from none
PROCESSED_DEADLINE_S = 20.0  # a table of 76 lines takes a slow printer 5 s
NAMES = ("DLE EOT 1 (printer)", "DLE EOT 2 (why off line)", "DLE EOT 4 (paper)", "DLE EOT 3 (error)")
QUESTIONS = dict(zip(NAMES, (*STATUS_QUESTIONS, ERROR_QUESTION), strict=True))
MAKER, MODEL = ("GS I 66 (maker)", b"\x1dIB"), ("GS I 67 (model)", b"\x1dIC")
NAME_HEADER = 0x5F


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    name: str
    sent: bytes
    answered: bytes
    answer: Answer | None


@dataclass(slots=True)
class Findings:
    """`status` is SILENT when not even the first question was answered; then no other was asked. `late_s`: it was, but
    so long after. `stranger`: what answers instead of a printer, in words."""

    status: PrinterStatus = PrinterStatus.SILENT
    maker: str = ""
    model: str = ""
    late_s: float | None = None
    stranger: str = ""
    asked: list[Asked] = field(default_factory=list)


class Probe:
    def __init__(self, link: Link, answer_deadline_s: float, clock: Clock = time.monotonic) -> None:
        self._link = link
        self._clock = clock
        self._answer_deadline_s = answer_deadline_s
        self._answers, self._greeting = Answers(), Greeting()

    def look(self, *, late_max_s: float | None = None) -> Findings:
        """State, then name. Raises DeviceError, but not where somebody has said before that he is no printer."""
        found = Findings()
        try:
            self._ask_states(found)
        except DeviceError:
            if not self._greeting.words:
                raise
        found.stranger = self._greeting.words
        self._greeting.over()
        if found.stranger:
            found.status = PrinterStatus.NOT_A_PRINTER
        elif found.status is PrinterStatus.SILENT:
            found.late_s = self._late(LATE_MAX_S if late_max_s is None else late_max_s)
        elif found.status.prints:  # one that stands still does not come to questions in its buffer
            found.maker, found.model = self._name(found, *MAKER), self._name(found, *MODEL)
        return found

    def _ask_states(self, found: Findings) -> None:
        states: list[int] = []
        for name, question in QUESTIONS.items():
            asked = self.ask(name, question, _is_status)
            found.asked.append(asked)
            if isinstance(asked.answer, RealTimeStatus):
                states.append(asked.answer.byte)
            else:
                break  # an answer that came late would be taken for the next one's
        if len(states) >= len(STATUS_QUESTIONS):
            found.status = from_real_time(*states)
        elif states:
            found.status = PrinterStatus.UNKNOWN

    def _late(self, late_max_s: float) -> float | None:
        """How long after its question the answer came all the same."""
        asked_s = self._clock() - self._answer_deadline_s
        came = self._listen(late_max_s, _is_status)[1]
        return self._clock() - asked_s if came is not None else None

    def _name(self, found: Findings, name: str, question: bytes) -> str:
        asked = self.ask(name, question, lambda answer: isinstance(answer, Block) and answer.header == NAME_HEADER)
        found.asked.append(asked)
        return asked.answer.data.decode("ascii", "replace") if isinstance(asked.answer, Block) else ""

    def ask(
        self, name: str, question: bytes, wanted: Callable[[Answer], bool], deadline_s: float | None = None
    ) -> Asked:
        """One question, and all that came until its answer or the deadline."""
        self._link.send(question)
        came, answer = self._listen(deadline_s or self._answer_deadline_s, wanted)
        return Asked(name=name, sent=question, answered=came, answer=answer)

    def _listen(self, deadline_s: float, wanted: Callable[[Answer], bool]) -> tuple[bytes, Answer | None]:
        came = b""
        deadline = self._clock() + deadline_s
        while (left := deadline - self._clock()) > 0 and not self._greeting.words:
            data = self._link.receive(left)
            came += data
            self._greeting.hear(data)
            for answer in self._answers.feed(data):
                if wanted(answer):
                    return came, answer
        return came, None

    def print_bytes(self, job: bytes) -> bool:
        """Send a job as it is; whether the printer said that it has worked through it."""
        self._link.send(job)
        done = self.ask("GS r 1", GS_TRANSMIT_PAPER, lambda it: isinstance(it, ShortStatus), PROCESSED_DEADLINE_S)
        return done.answer is not None


def _is_status(answer: Answer) -> bool:
    return isinstance(answer, RealTimeStatus)


@contextmanager
def probing(url: str, answer_deadline_s: float) -> Iterator[Probe]:
    """A probe on a link of its own. Raises DeviceError."""
    link = open_link(url)
    try:
        yield Probe(link, answer_deadline_s)
    finally:
        link.close()
