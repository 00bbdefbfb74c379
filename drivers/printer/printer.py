"""One receipt printer: its connection, its state, and whether a receipt came out.

What was sent is not yet printed. A receipt counts as printed only when the printer sends back the id of
this very attempt; anything else is `not_sent` (no byte of it left us), `interrupted` (the printer stopped in the
middle and has forgotten the rest) or `unknown` (look at the paper). Whether to print again is not decided here.

`begin` says what to print, `step` does what can be done now, `outcome` is there once it is known. There is no clock in
here, and no step waits for an answer: who has nothing else to do meanwhile calls `wait`. One thread owns a Printer.
The stages of a job are attempt.py's; here are the status questions and the connection.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from drivers.errors import DeviceError
from drivers.life import DeviceEvent, DeviceLife, DeviceState
from drivers.link.link import Link
from drivers.printer.answers import Answer, Answers, AutoStatus, BufferCleared, ProcessId, RealTimeStatus, ShortStatus
from drivers.printer.attempt import (
    ALWAYS_S,
    NEVER_S,
    PROOF_DEADLINE_S,
    PROOF_POLL_S,
    WORDS,
    Ask,
    Attempt,
    End,
    Heard,
    Patience,
    PrintResult,
    Send,
    Stage,
)
from drivers.printer.document import Document
from drivers.printer.encode import compose
from drivers.printer.link import check_url, open_link
from drivers.printer.profile import PrinterProfile
from drivers.printer.proof import Came, Proofs, Word
from drivers.printer.status import QUESTIONS, PrinterStatus, from_auto_status, from_real_time, next_question
from drivers.printer.stranger import Greeting

STATUS_EVERY_S = 2.0  # how soon the page shows an opened cover
NO_PRINTER = "what answers here is no printer: {}"
GONE = (PrinterStatus.UNPLUGGED, PrinterStatus.HELD, PrinterStatus.SILENT, PrinterStatus.NOT_A_PRINTER)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintOutcome:
    """`cause` is for the log; `status.line(language)` is for the cashier."""

    result: PrintResult
    status: PrinterStatus
    cause: str = ""


@dataclass(slots=True)
class Look:
    """Status questions, one at a time, because the answers carry no number. `last`: after a job's last word."""

    last: bool
    until_s: float = ALWAYS_S
    heard: list[int] = field(default_factory=list)


class Printer:
    """`last_status` is what the printer last said; reading it asks nothing. `stranger`: what answers instead of a
    printer, in words. `outcome` is that of the last job, `sent` tells that all its bytes left. `open` opens the URL.
    A URL that is none raises DeviceError; nothing that a device does raises."""

    def __init__(
        self,
        url: str,
        profile: PrinterProfile,
        *,
        open: Callable[[str], Link] = open_link,
        answer_deadline_s: float | None = None,
        proof_deadline_s: float = PROOF_DEADLINE_S,
        proof_poll_s: float = PROOF_POLL_S,
    ) -> None:
        check_url(url)
        self.url = url
        self.profile = profile
        self.life = DeviceLife()
        self.last_status = PrinterStatus.UNKNOWN
        self.outcome: PrintOutcome | None = None
        self.sent = False
        self._opened = open
        self._patience = Patience(
            answer_s=answer_deadline_s or profile.answer_deadline_ms / 1000,
            proof_s=proof_deadline_s,
            poll_s=proof_poll_s,
        )
        self._link: Link | None = None
        self._waited: bytes | DeviceError = b""  # what `wait` brought
        self._answers, self._greeting, self._proofs = Answers(), Greeting(), Proofs()
        self._attempt: Attempt | None = None
        self._look: Look | None = None
        self._look_due_s, self._looked_at_s = ALWAYS_S, ALWAYS_S
        self._kept = False  # the link was asked before, and may have died since
        self._anew = False  # it did: another one at once
        self._in_step = True  # False once a status question stayed unanswered: a late answer would mislead

    @property
    def stranger(self) -> str:
        return self._greeting.words

    def begin(
        self,
        document: Document,
        attempt_id: str,
        *,
        mark: str | None = None,
        void: str | None = None,
        clean: bool = False,
        spare: bool = False,
    ) -> None:
        """Print once. The next steps do it.

        `mark` stands at the top (a copy), `void` closes what an earlier attempt may have left on the strip. `clean`
        first rids the printer of what a broken-off job may have left in it; `spare`: but whole lines of that one may
        still come out, for nobody has said that it did not."""
        assert self._attempt is None, "one job at a time"
        job = compose(document, self.profile, attempt_id=attempt_id, mark=mark, void=void)
        self._attempt = Attempt(
            id=attempt_id,
            job=job,
            profile=self.profile,
            patience=self._patience,
            clean=clean,
            spare=spare,
            word=WORDS[self.profile.proof],
        )
        self.outcome, self.sent = None, False
        self._look_due_s = ALWAYS_S

    def step(self, now_s: float) -> float:
        """What can be done now; when to be called next, or as soon as there is something to hear."""
        attempt, link, looked_at_s = self._attempt, self._link, self._looked_at_s
        try:
            self._work(attempt, now_s)
        except DeviceError as error:
            self._lost(attempt, link, error, now_s)
        has_news = self._attempt is not attempt or self._looked_at_s != looked_at_s
        return now_s if has_news else self._next_s(now_s)

    def wait(self, timeout_s: float) -> bool:
        """Until something comes, for the next step. False, at once, where nothing is expected of the printer, or there
        is something to hear already."""
        if self._link is None or self._waited or (self._attempt is None and self._look is None):
            return False
        try:
            self._waited = self._link.receive(timeout_s)
        except DeviceError as error:
            self._waited = error
        return True

    def takes_jobs(self, now_s: float, *, since_s: float) -> bool | None:
        """Whether a job begun now can come out, by what the printer said since then. None: it is being asked."""
        if self._looked_at_s >= since_s or (self._link is None and not self.life.wants_try(now_s)):
            return self._may_print()
        self._look_due_s = ALWAYS_S
        return None

    def take_late_proofs(self) -> tuple[str, ...]:
        """Attempts once told as unknown whose proof came since: they did print. Each is told once."""
        return self._proofs.take_late()

    def close(self) -> None:
        self._close("closed", 0.0)

    # One step

    def _work(self, attempt: Attempt | None, now_s: float) -> None:
        at_rest = attempt is None or attempt.stage is Stage.ASKING
        if at_rest and attempt is not None and self._proofs.counting and self._link is not None:
            self._close("an earlier GS r is not answered", now_s)  # its answer would be taken for ours
        if self._link is None:
            if attempt is not None or self._anew or self.life.wants_try(now_s):
                self._open(now_s)
            return
        answers = self._hear(self._link, now_s)
        if self._look is not None:
            self._ask_on(self._look, answers, now_s)
        elif at_rest and now_s >= self._look_due_s:
            self._ask(now_s)
        if attempt is not None and self._attempt is attempt and attempt.stage is not Stage.ASKING:
            self._go_on(attempt, answers, now_s)

    def _next_s(self, now_s: float) -> float:
        if self._link is None:
            return now_s if self._anew or self._attempt is not None else self.life.try_at_s
        look_s = self._look.until_s if self._look is not None else NEVER_S
        if self._attempt is not None and self._attempt.stage is not Stage.ASKING:
            return min(look_s, self._attempt.until_s)
        return look_s if self._look is not None else max(self._look_due_s, now_s)

    def _hear(self, link: Link, now_s: float) -> list[Answer]:
        """Whatever it is for, a proof or an unasked status in it is noted."""
        data, self._waited = self._waited or link.receive(0.0), b""
        if isinstance(data, DeviceError):
            raise data
        self._greeting.hear(data)
        answers = self._answers.feed(data)
        for answer in answers:
            match answer:
                case ProcessId(word):
                    self._proofs.word(word)
                case ShortStatus(byte):
                    self._proofs.short(byte)
                case AutoStatus():
                    self.last_status = from_auto_status(answer)
        return answers

    # How it is

    def _ask(self, now_s: float) -> None:
        """DLE EOT 1, 2, 4 and, of an error, 3. What came unasked was heard before, and is not taken for an answer."""
        self._look = Look(self._attempt is not None and self._proofs.came(self._attempt.id) is Came.ALL)
        if self._in_step:
            self._send_question(self._look, QUESTIONS[0], now_s)
        else:
            self._looked(PrinterStatus.SILENT, now_s)

    def _send_question(self, look: Look, question: bytes, now_s: float) -> None:
        assert self._link is not None
        busy_until_s = self._attempt.busy_until_s if self._attempt is not None else ALWAYS_S
        look.until_s = max(now_s + self._patience.answer_s, busy_until_s)
        self._link.send(question)

    def _ask_on(self, look: Look, answers: list[Answer], now_s: float) -> None:
        answer = next((answer for answer in answers if isinstance(answer, RealTimeStatus)), None)
        if answer is not None and not self.stranger:
            look.heard.append(answer.byte)
            question = next_question(look.heard)
            if question is None:
                self._looked(from_real_time(*look.heard), now_s)
            else:
                self._send_question(look, question, now_s)
        elif self.stranger or now_s >= look.until_s:
            self._in_step = False
            self._looked(PrinterStatus.SILENT, now_s)

    def _looked(self, status: PrinterStatus, now_s: float) -> None:
        """It has said how it is, or has not."""
        look, self._look = self._look, None
        self.last_status = self._recognised(status)
        if self._attempt is None or self._attempt.stage is Stage.ASKING:
            self._known(self._attempt, now_s)
        else:
            self._attempt.asked(now_s, last=look is not None and look.last)

    def _recognised(self, status: PrinterStatus) -> PrinterStatus:
        if self.stranger:
            return PrinterStatus.NOT_A_PRINTER
        if status not in GONE:
            self._greeting.over()
        return status

    def _known(self, attempt: Attempt | None, now_s: float) -> None:
        """How it is, while nothing is on its way to it. A kept connection may have died with the printer's last power
        cycle: a new one is safe then."""
        self._kept, kept = True, self._kept
        if kept and self.last_status in GONE:
            self._anew = True
            self._close("closed", now_s)
            return
        self._looked_at_s, self._look_due_s = now_s, now_s + STATUS_EVERY_S
        if attempt is not None and self._may_print():
            attempt.stage, attempt.until_s = Stage.CLEANING, now_s
            return
        if self.last_status in (PrinterStatus.SILENT, PrinterStatus.NOT_A_PRINTER):  # is looked for anew
            self._close(NO_PRINTER.format(self.stranger) if self.stranger else "no answer", now_s)
        if attempt is not None:
            self._end(PrintResult.NOT_SENT, self.life.cause or f"the printer is {self.last_status.value}")

    def _may_print(self) -> bool:
        """A printer of which no proof is expected may be one that never says anything."""
        return self.last_status.prints or (self.last_status is PrinterStatus.SILENT and self.profile.proof == "none")

    # A job

    def _go_on(self, attempt: Attempt, answers: list[Answer], now_s: float) -> None:
        """Do what it wants done."""
        assert self._link is not None
        heard = Heard(
            news=bool(answers),
            forgot=any(isinstance(answer, BufferCleared) for answer in answers),
            shorts=self._proofs.shorts,
            came=self._proofs.came(attempt.id),
            lacking=self._proofs.lacking(attempt.id),
            status=self.last_status,
            asking=self._look is not None,
            in_step=self._in_step,
        )
        match attempt.next(heard, now_s):
            case Send(data, is_job):
                if is_job:
                    attempt.accepted = self._link.accepted
                    self._expect(attempt)
                # At once, as far as the link's Pace allows: who takes bytes slowly is slow, who takes none is lost.
                self._link.send(data)
                self.sent = self.sent or is_job
            case Ask():
                self._ask(now_s)
            case End(result, cause, closed):
                if closed:
                    self._close(cause, now_s)
                if result is PrintResult.INTERRUPTED or heard.lacking:
                    self._proofs.disown(attempt.id)  # no proof of it can come any more
                self._end(result, cause)

    def _expect(self, attempt: Attempt) -> None:
        if attempt.word is Word.NAMED:
            self._proofs.expect(attempt.job.words)
        elif attempt.word is Word.COUNTED:
            self._proofs.expect_shorts(attempt.id, len(attempt.job.words))

    def _end(self, result: PrintResult, cause: str = "") -> None:
        assert self._attempt is not None
        if result is PrintResult.PRINTED:
            self._proofs.told(self._attempt.id)
        self.outcome = PrintOutcome(result=result, status=self.last_status, cause=cause)
        self._attempt = None

    # The connection

    def _open(self, now_s: float) -> None:
        self._anew, self._kept, self._in_step = False, False, True
        self._answers, self._greeting, self._waited = Answers(), Greeting(), b""
        self._proofs.forget_counting()
        self._look_due_s = ALWAYS_S
        self.life.happened(DeviceEvent.TRIED, now_s)
        self._link = self._opened(self.url)
        self.life.happened(DeviceEvent.OPENED, now_s)

    def _lost(self, attempt: Attempt | None, link: Link | None, error: DeviceError, now_s: float) -> None:
        if self.life.state is DeviceState.CONNECTING:
            self.last_status = PrinterStatus.HELD if error.held else PrinterStatus.UNPLUGGED
            self.life.happened(DeviceEvent.MISSING, now_s, str(error))
        else:
            self.last_status = self._recognised(PrinterStatus.UNPLUGGED)  # "printer busy", and it hangs up
            self._close(NO_PRINTER.format(self.stranger) if self.stranger else str(error), now_s)
        if attempt is None or attempt.stage is Stage.ASKING:
            self._known(attempt, now_s)
        elif self._attempt is attempt:
            nothing_left = link is None or attempt.accepted in (None, link.accepted)
            self._end(PrintResult.NOT_SENT if nothing_left else PrintResult.UNKNOWN, str(error))

    def _close(self, cause: str, now_s: float) -> None:
        if self._link is not None:
            self._link.close()
            self._link = self._look = None
            self.life.happened(DeviceEvent.FAILED, now_s, cause)
