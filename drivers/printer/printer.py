"""One receipt printer: its connection, its state, and whether a receipt came out.

What was sent is not yet printed. A receipt counts as printed only when the printer sends back the id of
this very attempt; anything else is `not_sent` (no byte of it left us), `interrupted` (the printer stopped in the
middle and has forgotten the rest) or `unknown` (look at the paper). Whether to print again is not decided here.

`begin` says what to print, `step` does what can be done now, `outcome` is there once it is known. There is no clock in
here, and no step waits for an answer: who has nothing else to do meanwhile calls `wait`. One thread owns a Printer.

    ASKING ─▶ FORGETTING ─▶ COUNTING ─▶ SETTLING ─▶ SENDING ─▶ WAITING ─▶ printed, unknown
       └─▶ not sent     (a clean one; by GS r)                     └─▶ STOPPED ─▶ printed, interrupted, unknown
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from drivers.errors import DeviceError
from drivers.life import DeviceEvent, DeviceLife, DeviceState
from drivers.link.link import Link
from drivers.printer.answers import Answer, Answers, AutoStatus, BufferCleared, ProcessId, RealTimeStatus, ShortStatus
from drivers.printer.document import Document
from drivers.printer.encode import GS_TRANSMIT_PAPER, Job, compose, flush
from drivers.printer.link import check_url, open_link, slowest_s
from drivers.printer.profile import PrinterProfile
from drivers.printer.proof import Came, Proofs, Seen, Verdict, Word, says_of, verdict, verdict_of_stopped
from drivers.printer.status import QUESTIONS, PrinterStatus, from_auto_status, from_real_time, next_question
from drivers.printer.stranger import Greeting

PROOF_DEADLINE_S = 15.0  # beside the bytes' own time on a slow line; a receipt is printed in 5 s
STATUS_EVERY_S = 2.0  # how soon the page shows an opened cover
SLOWEST_LINES_PER_S = 2  # an impact printer; a printer that answers meanwhile is given the time
# Answers to earlier GS r that a printer may still owe: one for each 512 bytes of the largest buffers, 64 KB.
GS_R_OWED_MAX = 128
PROOF_POLL_S = 1.0  # no proof for so long: ask what is the matter

NO_PRINTER = "what answers here is no printer: {}"
GONE = (PrinterStatus.UNPLUGGED, PrinterStatus.HELD, PrinterStatus.SILENT, PrinterStatus.NOT_A_PRINTER)
DLE_EOT = b"\x10\x04"
DLE_DC4_CLEAR = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"  # clear buffer(s), answered by 37 25 00
NEVER_S, ALWAYS_S = math.inf, -math.inf


class PrintResult(Enum):
    PRINTED = "printed"
    NOT_SENT = "not_sent"  # nothing can have come out
    INTERRUPTED = "interrupted"  # the paper is torn, or lacks at least its cut; nothing more of it will come out
    UNKNOWN = "unknown"  # bytes left us, no proof came back


RESULTS = {
    Verdict.PRINTED: PrintResult.PRINTED,
    Verdict.INTERRUPTED: PrintResult.INTERRUPTED,
    Verdict.UNKNOWN: PrintResult.UNKNOWN,
    Verdict.LATE: PrintResult.UNKNOWN,
}
WORDS = {"process_id": Word.NAMED, "gs_r": Word.COUNTED, "none": Word.NONE}


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintOutcome:
    """`cause` is for the log; `status.line(language)` is for the cashier."""

    result: PrintResult
    status: PrinterStatus
    cause: str = ""


class Stage(Enum):
    ASKING = "asking"  # whether it can print at all
    FORGETTING = "forgetting"  # what a broken-off job left in it
    COUNTING = "counting"  # what it owes to earlier GS r is let pass
    SETTLING = "settling"  # the same, until no more of it comes
    SENDING = "sending"
    WAITING = "waiting"  # for its words
    STOPPED = "stopped"  # it stands, and is told to forget the rest


@dataclass(slots=True)
class Attempt:
    """A job on its way. `until_s`: when its stage has to be looked at, be there nothing to hear."""

    id: str
    job: Job
    word: Word
    clean: bool
    spare: bool
    stage: Stage = Stage.ASKING
    until_s: float = ALWAYS_S
    busy_until_s: float = ALWAYS_S  # a question behind a job on a slow line is not answered earlier
    accepted: int | None = None  # by the link, before the first byte of it
    sent_s: float | None = None
    quiet_s: float = 0.0  # since when nothing came
    looked_s: float = ALWAYS_S  # when it last said how it is
    forgot: bool = False  # the printer said that its buffers are empty
    asked: bool = False  # it was asked after its last word
    cause: str = ""  # why it was stopped


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
        self._answer_deadline_s = answer_deadline_s or profile.answer_deadline_ms / 1000
        self._proof_deadline_s, self._proof_poll_s = proof_deadline_s, proof_poll_s
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
        self._attempt = Attempt(attempt_id, job, WORDS[self.profile.proof], clean, spare)
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
        if attempt is not None and self._attempt is attempt:
            self._go_on(attempt, bool(answers), now_s)

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
                case BufferCleared() if self._attempt is not None:
                    self._attempt.forgot = True
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
        look.until_s = max(now_s + self._answer_deadline_s, busy_until_s)
        self._link.send(DLE_EOT + question)

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
            self._attempt.quiet_s = self._attempt.looked_s = self._attempt.until_s = now_s
            self._attempt.asked = look is not None and look.last

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
            self._prepare(attempt, now_s)
            return
        if self.last_status in (PrinterStatus.SILENT, PrinterStatus.NOT_A_PRINTER):  # is looked for anew
            self._close(NO_PRINTER.format(self.stranger) if self.stranger else "no answer", now_s)
        if attempt is not None:
            self._end(PrintResult.NOT_SENT, self.life.cause or f"the printer is {self.last_status.value}")

    def _may_print(self) -> bool:
        """A printer of which no proof is expected may be one that never says anything."""
        return self.last_status.prints or (self.last_status is PrinterStatus.SILENT and self.profile.proof == "none")

    # A job, stage by stage

    def _go_on(self, attempt: Attempt, heard: bool, now_s: float) -> None:
        over = now_s >= attempt.until_s
        match attempt.stage:
            case Stage.FORGETTING if attempt.forgot:
                self._count(attempt, now_s)
            case Stage.FORGETTING if over:
                self._flush(attempt, now_s)
            case Stage.COUNTING if self._proofs.shorts > GS_R_OWED_MAX:
                self._enter(attempt, Stage.SETTLING, now_s + self._answer_deadline_s)
            case Stage.COUNTING if over:
                attempt.word = Word.DOUBTED
                self._enter(attempt, Stage.SENDING, now_s)
            case Stage.SETTLING if heard:
                attempt.until_s = now_s + self._answer_deadline_s
            case Stage.SETTLING if over:
                self._enter(attempt, Stage.SENDING, now_s)
            case Stage.SENDING:
                self._send(attempt, now_s)
            case Stage.WAITING:
                self._judge(attempt, heard, now_s)
            case Stage.STOPPED if attempt.forgot or over:
                self._conclude(
                    attempt, verdict_of_stopped(self._proofs.came(attempt.id), attempt.forgot), attempt.cause
                )

    def _enter(self, attempt: Attempt, stage: Stage, until_s: float) -> None:
        attempt.stage, attempt.until_s = stage, until_s

    def _prepare(self, attempt: Attempt, now_s: float) -> None:
        """Rid the printer of rows it still holds, and of half a command that would eat the start of ours."""
        if not attempt.clean:
            self._enter(attempt, Stage.SENDING, now_s)
        elif attempt.spare or not self.profile.clear:
            self._flush(attempt, now_s)
        else:
            self._forget(attempt, Stage.FORGETTING, now_s)

    def _forget(self, attempt: Attempt, stage: Stage, now_s: float) -> None:
        """DLE DC4 8, clear the buffers; it says when it did."""
        assert self._link is not None
        self._enter(attempt, stage, now_s + self._answer_deadline_s)
        attempt.forgot = False
        self._link.send(DLE_DC4_CLEAR)

    def _flush(self, attempt: Attempt, now_s: float) -> None:
        assert self._link is not None
        attempt.stage = Stage.COUNTING
        self._link.send(flush(self.profile))
        self._count(attempt, now_s)

    def _count(self, attempt: Attempt, now_s: float) -> None:
        """Until no answer to an earlier GS r can come any more. Answers come in the order of the questions: when more
        came than can be owed, one of them was to ours, so the owed ones are behind us; ours then come at once."""
        assert self._link is not None
        if attempt.word is not Word.COUNTED:
            self._enter(attempt, Stage.SENDING, now_s)
            return
        self._enter(attempt, Stage.COUNTING, now_s + self._proof_deadline_s)
        self._proofs.shorts = 0
        self._link.send(GS_TRANSMIT_PAPER * (GS_R_OWED_MAX + 1))

    def _send(self, attempt: Attempt, now_s: float) -> None:
        """All of it at once, as long as the link lets it take (Pace): a printer that takes bytes slowly is slow, and
        one that takes none for a while is lost."""
        assert self._link is not None
        attempt.accepted = self._link.accepted
        attempt.busy_until_s = now_s + self._answer_deadline_s + slowest_s(attempt.job.data)
        if attempt.word is Word.NAMED:
            self._proofs.expect(attempt.job.words)
        elif attempt.word is Word.COUNTED:
            self._proofs.expect_shorts(attempt.id, len(attempt.job.words))
        self._link.send(attempt.job.data)
        self.sent = True
        self._enter(attempt, Stage.WAITING, now_s)

    def _judge(self, attempt: Attempt, heard: bool, now_s: float) -> None:
        """What its words are worth by now; proof.py has the table."""
        if attempt.sent_s is None or heard:
            attempt.quiet_s = now_s
        if attempt.sent_s is None:
            attempt.sent_s = now_s
        late_s = attempt.sent_s + self._patience_s(attempt.job.data)
        came = self._proofs.came(attempt.id)
        row = verdict(
            Seen(
                word=attempt.word,
                came=came,
                says=says_of(self.last_status),
                asked=attempt.asked and self._look is None,
                # Its time is not over before it was asked what is the matter.
                in_time=now_s < late_s or (self._in_step and attempt.looked_s < late_s),
            )
        )
        if self._look is not None and row.verdict is not Verdict.PRINTED:
            attempt.until_s = NEVER_S  # what it is just saying comes first
            return
        match row.verdict:
            case Verdict.WAIT:
                attempt.until_s = min(late_s, attempt.quiet_s + self._proof_poll_s) if self._in_step else late_s
                if now_s >= attempt.until_s:
                    self._ask(now_s)
            case Verdict.ASK:
                self._ask(now_s)
            case Verdict.STOPPED:
                self._stop(attempt, now_s)
            case Verdict.LATE:
                # Closed, because what comes later could be taken for the answer to something else.
                self._close(row.cause, now_s)
                self._conclude(attempt, row.verdict, f"{row.cause} in {now_s - attempt.sent_s:.0f} s")
            case _:
                self._conclude(attempt, row.verdict, self._proofs.lacking(attempt.id) or row.cause)

    def _patience_s(self, job: bytes) -> float:
        """How long a job may take; longer while the printer answers, for slow ones print two lines a second."""
        lines_s = job.count(b"\n") / SLOWEST_LINES_PER_S if self._in_step else 0.0
        return self._proof_deadline_s + slowest_s(job) + lines_s

    def _stop(self, attempt: Attempt, now_s: float) -> None:
        """The printer stopped in the middle. While it stands, let it forget the rest: with new paper it would print
        that, and then the next attempt too."""
        attempt.cause = f"the printer stopped: {self.last_status.value}"
        if self.profile.clear:
            self._forget(attempt, Stage.STOPPED, now_s)
        else:
            self._conclude(attempt, Verdict.UNKNOWN, attempt.cause)

    def _conclude(self, attempt: Attempt, found: Verdict, cause: str) -> None:
        if found is Verdict.PRINTED:
            self._proofs.told(attempt.id)
        elif found is Verdict.INTERRUPTED or self._proofs.lacking(attempt.id):
            self._proofs.disown(attempt.id)  # no proof of it can come any more
        self._end(RESULTS[found], "" if found is Verdict.PRINTED else cause)

    def _end(self, result: PrintResult, cause: str = "") -> None:
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
