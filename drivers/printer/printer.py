"""One receipt printer: its connection, its state, and whether a receipt came out.

What was sent is not yet printed. A receipt counts as printed only when the printer sends back the id of
this very attempt; anything else is `not_sent` (no byte of it left us), `interrupted` (the printer stopped in the
middle and has forgotten the rest) or `unknown` (look at the paper). Whether to print again is not decided here.
One thread owns a Printer.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from drivers.errors import DeviceError
from drivers.life import DeviceEvent, DeviceLife, DeviceState
from drivers.link.link import Clock, Link
from drivers.printer.answers import (
    Answer,
    Answers,
    AutoStatus,
    BufferCleared,
    ProcessId,
    RealTimeStatus,
    ShortStatus,
)
from drivers.printer.document import Document
from drivers.printer.encode import GS_TRANSMIT_PAPER, Job, compose, flush
from drivers.printer.link import check_url, open_link, slowest_s
from drivers.printer.profile import PrinterProfile
from drivers.printer.status import ERROR_BIT, PrinterStatus, from_auto_status, from_real_time
from drivers.printer.stranger import GREETING_MAX_BYTES, stranger
from drivers.printer.words import Proofs

PROOF_DEADLINE_S = 15.0  # beside the bytes' own time on a slow line; a receipt is printed in 5 s
STATUS_EVERY_S = 2.0  # how soon the page shows an opened cover
SLOWEST_LINES_PER_S = 2  # an impact printer; a printer that answers meanwhile is given the time
# Answers to earlier GS r that a printer may still owe: one for each 512 bytes of the largest buffers, 64 KB.
GS_R_OWED_MAX = 128
PROOF_POLL_S = 1.0  # no proof for so long: ask what is the matter

NO_PRINTER = "what answers here is no printer: {}"
GONE = (PrinterStatus.UNPLUGGED, PrinterStatus.HELD, PrinterStatus.SILENT, PrinterStatus.NOT_A_PRINTER)
DLE_EOT = b"\x10\x04"
PRINTER, OFFLINE_CAUSE, ERROR_CAUSE, PAPER = b"\x01", b"\x02", b"\x03", b"\x04"
DLE_DC4_CLEAR = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"  # clear buffer(s), answered by 37 25 00


class PrintResult(Enum):
    PRINTED = "printed"
    NOT_SENT = "not_sent"  # nothing can have come out
    INTERRUPTED = "interrupted"  # the paper is torn, or lacks at least its cut; nothing more of it will come out
    UNKNOWN = "unknown"  # bytes left us, no proof came back


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintOutcome:
    """`cause` is for the log; `status.line(language)` is for the cashier."""

    result: PrintResult
    status: PrinterStatus
    cause: str = ""


class Printer:
    """`last_status` is what the printer last said; reading it asks nothing. `stranger`: what answers instead of a
    printer, in words. A URL that is none raises DeviceError."""

    def __init__(
        self,
        url: str,
        profile: PrinterProfile,
        *,
        open: Callable[[str], Link] = open_link,
        clock: Clock = time.monotonic,
        answer_deadline_s: float | None = None,
        proof_deadline_s: float | None = None,
        proof_poll_s: float = PROOF_POLL_S,
    ) -> None:
        check_url(url)
        self.url = url
        self.profile = profile
        self.life = DeviceLife()
        self.last_status = PrinterStatus.UNKNOWN
        self._opened = open
        self._clock = clock
        self._answer_deadline_s = answer_deadline_s or profile.answer_deadline_ms / 1000
        self._proof_deadline_s = PROOF_DEADLINE_S if proof_deadline_s is None else proof_deadline_s
        self._proof_poll_s = proof_poll_s
        self._link: Link | None = None
        self._answers = Answers()
        self.stranger = ""
        self._greeting: bytearray | None = None  # what came before it has answered as a printer does
        self._in_step = True  # False once a status question stayed unanswered: a late answer would mislead
        self._proofs = Proofs()
        self._forgot = False  # the printer said that its buffers are empty
        self._busy_until_s = 0.0  # a question behind a job on a slow line is not answered earlier
        self._believed = True  # False: the next answer to GS r may be to an earlier one

    def step(self, now_s: float) -> float:
        """Look after the printer; returns when to be called next."""
        self.status(now_s)
        return self.life.try_at_s if self._link is None else now_s + STATUS_EVERY_S

    def status(self, now_s: float) -> PrinterStatus:
        """Ask the printer; connects first if it is time to try. Never raises for what a device does."""
        if self._link is not None or self.life.wants_try(now_s):
            self._ask_even_anew()
            self._give_up_a_mute()
        return self.last_status

    def takes_jobs(self, now_s: float) -> bool:
        """Whether a job sent now can come out; asks, like `status`."""
        return self._may_print(self.status(now_s))

    def print(
        self,
        document: Document,
        attempt_id: str,
        *,
        mark: str | None = None,
        void: str | None = None,
        clean: bool = False,
        spare: bool = False,
        sent: Callable[[], object] = lambda: None,
    ) -> PrintOutcome:
        """Print once, and tell what is known about it. Never raises for what a device does.

        `mark` stands at the top (a copy), `void` closes what an earlier attempt may have left on the strip. `clean`
        first rids the printer of what a broken-off job may have left in it; `spare`: but whole lines of that one may
        still come out, for nobody has said that it did not. `sent` is called when all bytes left."""
        job = compose(document, self.profile, attempt_id=attempt_id, mark=mark, void=void)
        if (refusal := self._refusal()) is not None:
            return refusal
        assert self._link is not None
        link, left_before = self._link, None
        self._believed = True
        try:
            if clean:
                self._clean(spare)
            left_before = link.accepted
            self._expect(job)
            self._busy_until_s = self._clock() + self._answer_deadline_s + slowest_s(job.data)
            link.send(job.data)
            sent()
            return self._wait_for(attempt_id, job)
        except DeviceError as error:
            nothing_left = left_before is None or link.accepted == left_before
            self._lose(error)
            return self._outcome(PrintResult.NOT_SENT if nothing_left else PrintResult.UNKNOWN, str(error))
        finally:
            self._busy_until_s = 0.0

    def take_late_proofs(self) -> tuple[str, ...]:
        """Attempts once told as unknown whose proof came since: they did print. Each is told once."""
        return self._proofs.take_late()

    def close(self) -> None:
        if self._link is not None:
            self._close("closed")

    # Before a job

    def _refusal(self) -> PrintOutcome | None:
        """None if the printer says that it can print now. Fails closed."""
        if self._proofs.counting and self._link is not None:
            self._close("an earlier GS r is not answered")  # its answer would be taken for ours
        status = self._ask_even_anew()
        if self._may_print(status):
            return None
        self._give_up_a_mute()
        return self._outcome(PrintResult.NOT_SENT, self.life.cause or f"the printer is {status.value}")

    def _give_up_a_mute(self) -> None:
        """Whoever does not answer, or is no printer, is looked for anew."""
        if self._link is not None and self.last_status is PrinterStatus.SILENT:
            self._close("no answer")
        elif self._link is not None and self.last_status is PrinterStatus.NOT_A_PRINTER:
            self._close(NO_PRINTER.format(self.stranger))

    def _may_print(self, status: PrinterStatus) -> bool:
        """A printer of which no proof is expected may be one that never says anything."""
        return status.prints or (status is PrinterStatus.SILENT and self.profile.proof == "none")

    def _ask_even_anew(self) -> PrinterStatus:
        """A kept connection may have died with the printer's last power cycle: before a job a new one is safe."""
        kept = self._link is not None
        self._ask_or_lose()
        if kept and self.last_status in GONE:
            self.close()
            self._ask_or_lose()
        return self.last_status

    def _ask_or_lose(self) -> None:
        try:
            if self._link is None:
                self._open()
            self._ask()
        except DeviceError as error:
            self._lose(error)

    def _ask(self) -> None:
        """DLE EOT 1, 2, 4 and, of an error, 3; one at a time, because the answers carry no number."""
        self.last_status = self._recognised(self._heard_status())

    def _recognised(self, status: PrinterStatus) -> PrinterStatus:
        if self._greeting is None:
            return status
        if self.stranger:
            return PrinterStatus.NOT_A_PRINTER
        if status not in GONE:
            self._greeting = None
        return status

    def _heard_status(self) -> PrinterStatus:
        if not self._in_step:
            return PrinterStatus.SILENT
        self._hear(0.0)  # what came unasked must not be taken for an answer
        heard: list[int] = []
        for question in (PRINTER, OFFLINE_CAUSE, PAPER):
            answer = self._real_time_status(question)
            if answer is None:
                self._in_step = False
                return PrinterStatus.SILENT
            heard.append(answer)
        error = self._real_time_status(ERROR_CAUSE) if heard[1] & ERROR_BIT else 0
        self._in_step = error is not None
        return from_real_time(*heard, error=error or 0)

    def _real_time_status(self, question: bytes) -> int | None:
        assert self._link is not None
        self._link.send(DLE_EOT + question)
        deadline = max(self._clock() + self._answer_deadline_s, self._busy_until_s)
        while (left := deadline - self._clock()) > 0 and not self.stranger:
            for answer in self._hear(left):
                if isinstance(answer, RealTimeStatus):
                    return answer.byte
        return None

    # After a job

    def _expect(self, job: Job) -> None:
        if self.profile.proof == "process_id":
            self._proofs.expect(job.words)
        elif self.profile.proof == "gs_r" and self._believed:
            self._proofs.expect_shorts(job.words[-1], len(job.words))

    def _wait_for(self, attempt_id: str, job: Job) -> PrintOutcome:
        """Printed once the proof is here; else what is known instead."""
        if self.profile.proof == "none":
            return self._outcome(PrintResult.UNKNOWN, "this printer gives no proof of printing")
        if not self._believed:
            return self._outcome(PrintResult.UNKNOWN, "its next word may be about an earlier receipt")
        sent_s = self._clock()
        while not self._proofs.is_proved(attempt_id):
            if cause := self._proofs.lacking(attempt_id):
                self._proofs.disown(attempt_id)
                return self._outcome(PrintResult.UNKNOWN, cause)
            left = sent_s + self._patience_s(job.data) - self._clock()
            if left <= 0:
                # Closed, because what comes later could be taken for the answer to something else.
                self._close("no proof of printing")
                waited_s = self._clock() - sent_s
                return self._outcome(PrintResult.UNKNOWN, f"no proof of printing in {waited_s:.0f} s")
            if not self._hear(min(left, self._proof_poll_s)) and self._in_step:
                self._ask()
            stopped = not self.last_status.prints and self.last_status is not PrinterStatus.SILENT
            if stopped and not self._proofs.is_proved(attempt_id):
                return self._stopped(attempt_id)
        if self.profile.proof == "gs_r":
            self._ask()  # a byte that looks like its word is no word of a printer that is not there any more
            if not self.last_status.prints:
                return self._outcome(PrintResult.UNKNOWN, "its word came, and then it did not answer")
        return self._printed(attempt_id)

    def _patience_s(self, job: bytes) -> float:
        """How long a job may take; longer while the printer answers, for slow ones print two lines a second."""
        lines_s = job.count(b"\n") / SLOWEST_LINES_PER_S if self._in_step else 0.0
        return self._proof_deadline_s + slowest_s(job) + lines_s

    def _stopped(self, attempt_id: str) -> PrintOutcome:
        """The printer stopped in the middle. While it stands, let it forget the rest: with new paper it would print
        that, and then the next attempt too."""
        cause = f"the printer stopped: {self.last_status.value}"
        forgot = self.profile.clear and self._forget()
        if self._proofs.is_proved(attempt_id):  # its word was on the way already
            return self._printed(attempt_id)
        if forgot:
            self._proofs.disown(attempt_id)  # no proof of it can come any more
        return self._outcome(PrintResult.INTERRUPTED if forgot else PrintResult.UNKNOWN, cause)

    def _printed(self, attempt_id: str) -> PrintOutcome:
        self._proofs.told(attempt_id)
        return self._outcome(PrintResult.PRINTED)

    # What a broken-off job leaves in a printer

    def _clean(self, spare: bool) -> None:
        """Rid the printer of rows it still holds, and of half a command that would eat the start of ours."""
        assert self._link is not None
        if spare or not (self.profile.clear and self._forget()):
            self._link.send(flush(self.profile))
        if self.profile.proof == "gs_r":
            self._believed = self._owes_nothing()

    def _owes_nothing(self) -> bool:
        """Whether no answer to an earlier GS r can come any more. Answers come in the order of the questions: when
        more came than can be owed, one of them was to ours, so the owed ones are behind us; ours then come at once."""
        assert self._link is not None
        self._proofs.shorts = 0
        self._link.send(GS_TRANSMIT_PAPER * (GS_R_OWED_MAX + 1))
        deadline = self._clock() + self._proof_deadline_s
        while self._proofs.shorts <= GS_R_OWED_MAX and (left := deadline - self._clock()) > 0:
            self._hear(left)
        came = self._proofs.shorts > GS_R_OWED_MAX
        while came and self._hear(self._answer_deadline_s):
            pass
        return came

    def _forget(self) -> bool:
        """DLE DC4 8, clear the buffers; whether the printer said that it did."""
        assert self._link is not None
        self._forgot = False
        self._link.send(DLE_DC4_CLEAR)
        deadline = self._clock() + self._answer_deadline_s
        while not self._forgot and (left := deadline - self._clock()) > 0:
            self._hear(left)
        return self._forgot

    def _hear(self, timeout_s: float) -> list[Answer]:
        """Listen once; whatever else it is for, a proof or an unasked status in it is noted."""
        assert self._link is not None
        data = self._link.receive(timeout_s)
        if self._greeting is not None:
            self._greeting += data[: GREETING_MAX_BYTES - len(self._greeting)]
            self.stranger = stranger(bytes(self._greeting))
        answers = self._answers.feed(data)
        for answer in answers:
            match answer:
                case ProcessId(word):
                    self._proofs.word(word)
                case ShortStatus(byte):
                    self._proofs.short(byte)
                case BufferCleared():
                    self._forgot = True
                case AutoStatus():
                    self.last_status = from_auto_status(answer)
        return answers

    # The connection

    def _open(self) -> None:
        self.life.happened(DeviceEvent.TRIED, self._clock())
        self._link = self._opened(self.url)
        self._answers, self._in_step = Answers(), True
        self._proofs.forget_counting()
        self._greeting, self.stranger = bytearray(), ""
        self.life.happened(DeviceEvent.OPENED, self._clock())

    def _lose(self, error: DeviceError) -> None:
        self.last_status = PrinterStatus.HELD if error.held else PrinterStatus.UNPLUGGED
        if self.life.state is DeviceState.CONNECTING:
            self.life.happened(DeviceEvent.MISSING, self._clock(), str(error))
        else:
            self.last_status = self._recognised(PrinterStatus.UNPLUGGED)  # "printer busy", and it hangs up
            self._close(NO_PRINTER.format(self.stranger) if self.stranger else str(error))

    def _close(self, cause: str) -> None:
        assert self._link is not None
        self._link.close()
        self._link = None
        self.life.happened(DeviceEvent.FAILED, self._clock(), cause)

    def _outcome(self, result: PrintResult, cause: str = "") -> PrintOutcome:
        return PrintOutcome(result=result, status=self.last_status, cause=cause)
