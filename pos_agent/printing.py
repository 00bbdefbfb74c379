"""Drives the print jobs on the till's disk through the printer: one at a time, in the order of the sales.

A job is done only on the printer's own word. Where that word is missing, a person is asked «Вышел ли чек?», and no
second paper leaves before the answer. Every paper after a doubtful one is marked.
"""

from __future__ import annotations

import string

from drivers.printer.document import from_json
from drivers.printer.printer import Printer, PrintResult
from loyalty.programme import Language
from offline_cache.cache import Cache
from offline_cache.records import PrintJob

IDLE_S = 0.2  # how soon a new job is noticed without being told
QUESTION_S = 0.5  # how often an open question looks for a late word of the printer
MARK = {"ru": "ДУБЛИКАТ", "en": "DUPLICATE"}
QUESTION = {"ru": "Вышел ли чек {job}? Ответьте да или нет.", "en": "Did receipt {job} come out? Answer yes or no."}
ATTEMPTS_APART = 4_096  # attempts of one job before its ids meet the next job's; ids come round after 410 jobs
_DIGITS = string.digits + string.ascii_uppercase


class Printing:
    """One thread calls `step`; anybody may read `question` and `status`."""

    def __init__(self, cache: Cache, printer: Printer, *, language: Language, receipt_language: Language) -> None:
        self._jobs = cache.print_jobs
        self._printer = printer
        self._language: Language = language
        self._mark = MARK[receipt_language]
        self._printer_due_s = 0.0
        self.question: str | None = None

    def step(self, now_s: float) -> float:
        """One bounded piece of work; returns when to be called next (monotonic seconds)."""
        job = self._jobs.oldest_open()
        self.question = QUESTION[self._language].format(job=job.job) if job and job.state == "unknown" else None
        if job is None:
            self._look_after_printer(now_s)
            return now_s + IDLE_S
        if job.state == "sending":  # this very thread could not write down how it ended
            self._jobs.end(job, "unknown", "how it ended could not be written")
            return now_s
        if job.state == "unknown":
            return self._wait_for_answer(job, now_s)
        if not self._printer.status(now_s).prints:
            return now_s + IDLE_S
        self._attempt(job)
        return now_s

    def _attempt(self, job: PrintJob) -> None:
        job = self._jobs.begin(job)
        try:
            document = from_json(job.document)
        except ValueError as error:  # damaged on the disk: a person decides, nothing is printed from it
            self._jobs.end(job, "unknown", f"the stored receipt cannot be read: {error}")
            return
        outcome = self._printer.print(document, attempt_id(job), self._mark if job.doubtful else None)
        if outcome.result is PrintResult.PRINTED:
            self._jobs.end(job, "printed")
        elif outcome.result is PrintResult.NOT_SENT:
            self._jobs.end(job, "queued", outcome.cause)
        else:
            self._jobs.end(job, "unknown", outcome.cause)

    def _look_after_printer(self, now_s: float) -> None:
        if now_s >= self._printer_due_s:
            self._printer_due_s = self._printer.step(now_s)

    def _wait_for_answer(self, job: PrintJob, now_s: float) -> float:
        self._look_after_printer(now_s)
        if attempt_id(job) in self._printer.take_late_proofs():
            self._jobs.prove(job)
            return now_s
        return now_s + QUESTION_S

    def answer(self, came_out: bool) -> bool:
        """A person's answer to the open question; False when there is none."""
        job = self._jobs.oldest_open()
        if job is None or job.state != "unknown":
            return False
        self._jobs.answer(job, came_out=came_out)
        return True

    def status(self) -> dict[str, str]:
        """The printer in words, for `pos-agent status` and the page."""
        return {
            "url": self._printer.url,
            "state": self._printer.last_status.value,
            "link": self._printer.life.state.value,
            "text": self._printer.last_status.line(self._language),
        }


def attempt_id(job: PrintJob) -> str:
    """Four characters for GS ( H, another for each attempt, so that a late word never confirms a later paper."""
    number = job.job * ATTEMPTS_APART + job.attempt
    digits = ""
    for _ in range(4):
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits
