"""Drives the print jobs on the till's disk through the printer: one at a time, in the order of the sales.

A job is done only on the printer's own word. Where that word is missing, a person is asked «Вышел ли чек?», and no
second paper of that one leaves before the answer; other papers do (strip.py). Every paper after a doubtful one is
marked, and what is on the strip is closed.
"""

from __future__ import annotations

import math
import string
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Protocol

from msgspec import UNSET

from drivers.printer.attempt import PrintResult
from drivers.printer.document import Document, Drawer, from_json
from drivers.printer.printer import Printer, PrintOutcome
from drivers.printer.status import PrinterStatus
from loyalty.paper.words import TRAINING
from loyalty.programme import Language
from offline_cache.cache import Cache
from offline_cache.print_jobs import PaperEvent
from offline_cache.records import PaperKind, PrintJob
from pos_agent.answers import Ask
from pos_agent.questions import paper_question
from pos_agent.share_state import share_of_printer
from pos_agent.status import PrinterState
from pos_agent.strip import closing, next_paper

IDLE_S = 0.2  # how soon a new job is noticed without being told
LISTEN_S = 0.25  # one look at the printer's line takes no longer, so that stopping is prompt
TURN_LOOK_S = 0.02  # waiting between the POS's receipts: its next one may follow in tenths of a second
QUESTION_S = 0.5  # how often an open question looks for a late word of the printer
LATE_WORD_S = 2.0  # a printer that stood has so long to finish a paper in question before another one is sent
INTERRUPTED_MAX = 5  # attempts by ourselves; a printer that stops every time eats paper, so then a person is asked
NEVER_S = math.inf  # when the printer says something, and no earlier
ATTEMPTS_APART = 4_096  # attempts of one job before its ids meet the next job's; ids come round after 410 jobs
_DIGITS = string.digits + string.ascii_uppercase

COPY = {"ru": "КОПИЯ", "en": "COPY"}
DUPLICATE = {
    "ru": "ДУБЛИКАТ\nПрежний экземпляр недействителен",
    "en": "DUPLICATE\nThe copy before this one is void",
}
# by the heading of the paper: beside it lies the POS's own receipt, which is not meant
QUESTION: dict[PaperKind, tuple[str, str]] = {
    "receipt": (
        "Вышла ли «Информация по карте» к чеку {label} целиком?",
        "Did the “Card information” for receipt {label} come out whole?",
    ),
    "return": (
        "Вышла ли «Информация по карте» о возврате {label} целиком?",
        "Did the “Card information” for return {label} come out whole?",
    ),
    "copy": (
        "Вышла ли копия «Информации по карте» к чеку {label} целиком?",
        "Did the copy of the “Card information” for receipt {label} come out whole?",
    ),
    "slip": ("Вышел ли бланк карты {label} целиком?", "Did the form for card {label} come out whole?"),
    "certificate": ("Вышел ли сертификат {label} целиком?", "Did certificate {label} come out whole?"),
    "report": ("Вышел ли отчёт {label} целиком?", "Did report {label} come out whole?"),
}
ANSWER = {"ru": "Ответьте да или нет.", "en": "Answer yes or no."}
EVENTS = {
    PrintResult.PRINTED: PaperEvent.PROVED,
    PrintResult.NOT_SENT: PaperEvent.NOT_SENT,
    PrintResult.INTERRUPTED: PaperEvent.INTERRUPTED,
    PrintResult.UNKNOWN: PaperEvent.LOST,
}


class PrintingTurn(Protocol):
    """On a printer that is shared with the shop's POS: our job comes between its jobs (drivers/printer/shared.py)."""

    door: str
    told: dict[str, Any]

    @property
    def asked(self) -> bool: ...

    @property
    def clean(self) -> bool: ...

    def mine(self, now_s: float) -> bool: ...

    def look(self, now_s: float) -> None: ...

    def done(self) -> None: ...


class Printing:
    """One thread calls `step`; anybody may read `question` and `status`."""

    def __init__(
        self,
        cache: Cache,
        printer: Printer,
        *,
        language: Language,
        receipt_language: Language,
        turn: PrintingTurn | None = None,
    ) -> None:
        self.turn = turn  # none: the printer is ours alone
        self._jobs = cache.print_jobs
        self._training = cache.training
        self._printer = printer
        self._language: Language = language
        self._receipt_language: Language = receipt_language
        self._begun: PrintJob | None = None  # what the printer has in hand
        self._asked_s: float | None = None  # since when the printer is being asked whether it takes a job
        self._stood = False  # the printer could not print while a paper was in question
        self._late_until_s = 0.0
        # What the attempts of this process left behind; at its start, whatever may have been left.
        self._unclosed = [job.job for job in self._jobs.tried()]  # papers on the strip, since one was proved
        self._last: PrintJob | None = None
        self._dirty = not self._jobs.lately_proved()  # half a command may be in the printer
        self.question: str | None = None
        self.asked: int | None = None  # which paper the question is about
        self.ask: Ask | None = None  # the same with its answers

    def step(self, now_s: float) -> float:
        """One bounded piece of work; returns when to be called next (monotonic seconds), or as soon as `wait` returns.
        By what the printer has said up to now; what is asked of it then comes later."""
        next_s = self._next(now_s) if self._begun is None else self._follow(self._begun, now_s)
        return min(next_s, self._step_printer(now_s))

    def wait(self, timeout_s: float) -> bool:
        """Until the printer says something; False, at once, where nothing is expected of it."""
        return not self._is_the_poss and self._printer.wait(timeout_s)

    def run(self, call: Callable[[Callable[[float], float]], float], stop: threading.Event) -> None:
        """Until told to stop: the body of its thread, the only place with a clock and a sleep. `call` calls a step,
        also where the disk takes nothing."""
        while not stop.is_set():
            pause_s = call(self.step) - time.monotonic()
            if pause_s > 0 and not self.wait(min(pause_s, LISTEN_S)):
                stop.wait(pause_s)

    def _next(self, now_s: float) -> float:
        kick = self._jobs.open_kick()
        if kick is not None:
            return self._kick(kick, now_s)
        asked = self._jobs.in_question()
        self._ask_about(asked[0] if asked else None)
        job = next_paper(self._jobs.to_do(), asked)
        if job is None:
            return self._wait(asked, now_s)
        if job.state in ("sending", "sent"):  # this very thread could not write down how it ended
            self._jobs.happened(job, PaperEvent.LOST, "how it ended could not be written")
            return now_s
        return self._print(job, asked, now_s)

    def _wait(self, asked: Sequence[PrintJob], now_s: float) -> float:
        """For a new job, for an answer, for a late word of the printer's."""
        self._asked_s = None
        if self.turn is not None:
            self.turn.look(now_s)
        settled = self._settle_late(asked)
        return now_s if settled else now_s + (QUESTION_S if asked else IDLE_S)

    def _print(self, job: PrintJob, asked: Sequence[PrintJob], now_s: float) -> float:
        takes = self._takes_jobs(now_s)
        if self._settle_late(asked):
            return now_s
        if takes is None:
            return NEVER_S
        if not takes or self._is_given_time(now_s):
            self._stood = self._stood or not takes
            return now_s + IDLE_S
        if not self._is_our_turn(now_s):
            return now_s + self._turn_pause_s(IDLE_S)
        self._begin(job)
        return now_s

    @property
    def busy(self) -> bool:
        """The printer has a paper in hand."""
        return self._begun is not None

    @property
    def _is_the_poss(self) -> bool:
        """A printer that we wait for is the POS's meanwhile, and is not asked."""
        return self._begun is None and self.turn is not None and self.turn.asked

    def _takes_jobs(self, now_s: float) -> bool | None:
        """By what the printer says when it is asked for this; None: it is being asked, and steps bring the answer."""
        if self._is_the_poss:
            return True
        self._asked_s = now_s if self._asked_s is None else self._asked_s
        takes = self._printer.takes_jobs(now_s, since_s=self._asked_s)
        self._asked_s = self._asked_s if takes is None else None
        return takes

    def _step_printer(self, now_s: float) -> float:
        return NEVER_S if self._is_the_poss else self._printer.step(now_s)

    def _is_our_turn(self, now_s: float) -> bool:
        return self.turn is None or self.turn.mine(now_s)

    def _turn_pause_s(self, else_s: float) -> float:
        return TURN_LOOK_S if self.turn is not None and self.turn.asked else else_s

    def _is_given_time(self, now_s: float) -> bool:
        """A printer that stood, and forgot nothing, first prints the rest of what is in question."""
        if self._stood and self.asked is not None:
            self._late_until_s = now_s + LATE_WORD_S
        self._stood = False
        return now_s < self._late_until_s and self.asked is not None

    def _kick(self, job: PrintJob, now_s: float) -> float:
        """Now or not at all: what became of it before is not known, or nothing can come out."""
        if job.state != "queued":
            self._jobs.happened(job, PaperEvent.LOST)
        elif (takes := self._takes_jobs(now_s)) is None:
            return NEVER_S
        elif takes and self._is_our_turn(now_s):
            self._begin(job)
        elif self.turn is None or not self.turn.asked:
            self._jobs.happened(job, PaperEvent.NOT_SENT)
        return now_s + self._turn_pause_s(0.0)

    def _ask_about(self, job: PrintJob | None) -> None:
        self.asked = job.job if job else None
        self.ask = paper_question(job, self._language) if job else None
        self.question = question(job, self._language) if job else None

    def _begin(self, job: PrintJob) -> None:
        try:
            self._begun = self._handed_over(job)
        finally:
            if self._begun is None:
                self._give_turn_back()

    def _handed_over(self, job: PrintJob) -> PrintJob | None:
        """To the printer, with the attempt on the disk before anything leaves."""
        unclosed = self._still_unclosed()
        dirty = self._dirty or (self.turn is not None and not self.turn.clean)
        job = self._jobs.begin(job)
        try:
            document = from_json(job.document)
        except ValueError as error:  # damaged on the disk: a person decides, nothing is printed from it
            self._jobs.happened(job, PaperEvent.LOST, f"the stored paper cannot be read: {error}")
            return None
        self._printer.begin(
            _without_kick(document) if job.doubtful or job.kind == "copy" else document,
            attempt_id(job),
            mark=mark(job, self._receipt_language, training=self._training),
            void=closing(job, unclosed, self._receipt_language),
            clean=dirty,
            spare=any(other.job != job.job for other in unclosed),
        )
        return job

    def _follow(self, job: PrintJob, now_s: float) -> float:
        """What has become of the attempt. What the disk does not take now is written with a later step."""
        if self._printer.sent and job.state == "sending":
            self._begun = job = self._jobs.happened(job, PaperEvent.SENT) or replace(job, state="sent")
        if self._printer.outcome is None:
            return NEVER_S
        self._ended(job, self._printer.outcome)
        self._begun = None
        self._give_turn_back()
        return now_s

    def _give_turn_back(self) -> None:
        if self.turn is not None:
            self.turn.done()

    def _still_unclosed(self) -> list[PrintJob]:
        """Without those that came out after all."""
        tried = {job.job: job for job in self._jobs.tried()}
        self._unclosed = [number for number in self._unclosed if number in tried]
        return [tried[number] for number in self._unclosed]

    def _ended(self, job: PrintJob, outcome: PrintOutcome) -> None:
        self._left_behind(job, outcome.result)
        event = EVENTS[outcome.result]
        if event is PaperEvent.INTERRUPTED and job.attempt >= INTERRUPTED_MAX:
            event = PaperEvent.LOST
        proof = self._printer.profile.proof if event is PaperEvent.PROVED else ""
        self._jobs.happened(job, event, outcome.cause, proof)

    def _left_behind(self, job: PrintJob, result: PrintResult) -> None:
        """A proved paper closed the strip before it; a kick is none, but it came through the same printer."""
        if result is PrintResult.NOT_SENT:
            return
        self._last, self._dirty = job, result is not PrintResult.PRINTED
        if job.kind == "drawer":
            return
        others = [number for number in self._unclosed if number != job.job]
        self._unclosed = [] if result is PrintResult.PRINTED else [*others, job.job]

    def _settle_late(self, asked: Sequence[PrintJob]) -> bool:
        """By the printer's own late words."""
        late = self._printer.take_late_proofs()
        proved = [job for job in asked if attempt_id(job) in late]
        for job in proved:
            self._jobs.happened(job, PaperEvent.PROVED, proof=self._printer.profile.proof)
            if self._last is not None and self._last.job == job.job:
                self._dirty = False
        return bool(proved)

    def answer(self, paper: int, came_out: bool) -> bool:
        """A person's answer to the question about this paper; False when that is not asked."""
        job = next((job for job in self._jobs.in_question() if job.job == paper), None)
        if job is None:
            return False
        if came_out:
            return self._jobs.happened(job, PaperEvent.SEEN, proof="person") is not None
        return self._jobs.happened(job, PaperEvent.NOT_SEEN) is not None

    @property
    def is_there(self) -> bool:
        """Whether this printer opens a cash drawer."""
        return self._printer.profile.drawer

    def why_not(self, language: Language) -> str | None:
        """Why no drawer can be opened now; a printer that nobody has asked yet may do it."""
        status = self._printer.last_status
        silent = self._printer.profile.proof == "none" and status is PrinterStatus.SILENT
        return None if status.prints or silent or status is PrinterStatus.UNKNOWN else status.line(language)

    @property
    def printer_status(self) -> PrinterStatus:
        """What the printer last said."""
        return self._printer.last_status

    def status(self) -> PrinterState:
        """The printer in words, for `pos-agent status` and the page."""
        line = self._printer.last_status.line(self._language)
        return PrinterState(
            url=self._printer.url,
            state=self._printer.last_status.value,
            link=self._printer.life.state.value,
            text=f"{line} {self._printer.stranger}".rstrip(),
            share=share_of_printer(self.turn.door, self.turn.told, waits=self.turn.asked) if self.turn else UNSET,
        )


def question(job: PrintJob, language: Language) -> str:
    """What a person is asked about a paper of which nothing is known."""
    asked = QUESTION[job.kind][0 if language == "ru" else 1].format(label=job.label)
    return f"{asked} {ANSWER[language]}"


def _without_kick(document: Document) -> Document:
    """What comes out again opens no drawer again: the first attempt may have."""
    return Document(tuple(block for block in document.blocks if not isinstance(block, Drawer)))


def mark(job: PrintJob, language: Language, *, training: bool = False) -> str | None:
    """What stands at the top of a paper that may not be the only one, or of which nothing is real. A kick is no
    paper, and prints none."""
    if job.kind == "drawer":
        return None
    marks = [TRAINING[language]] if training else []
    marks += [COPY[language]] if job.kind == "copy" else []
    marks += [DUPLICATE[language]] if job.doubtful else []
    return "\n".join(marks) or None


def attempt_id(job: PrintJob) -> str:
    """Four characters for GS ( H, another for each attempt, so that a late word never confirms a later paper."""
    return id_of_attempt(job.job, job.attempt)


def id_of_attempt(job: int, attempt: int) -> str:
    """The same, of a paper by its number."""
    number = job * ATTEMPTS_APART + attempt
    digits = ""
    for _ in range(4):
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits
