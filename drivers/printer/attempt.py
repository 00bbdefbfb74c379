"""One attempt at printing: what is to be done next, by what the printer has said and by the time. Pure: it sends
nothing and hears nothing; printer.py does what it says.

    ASKING ─▶ CLEANING ─▶ FORGETTING ─▶ COUNTING ─▶ SETTLING ─▶ SENDING ─▶ WAITING ─▶ printed, unknown
       └─▶ not sent      (if need be)     (by GS r alone)                     └─▶ STOPPED ─▶ these, interrupted
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from typing import Final

from drivers.printer.encode import GS_TRANSMIT_PAPER, Job, flush
from drivers.printer.link import slowest_s
from drivers.printer.profile import PrinterProfile
from drivers.printer.proof import Came, Seen, Undecided, Word, result_of_stopped, says_of, verdict
from drivers.printer.proof import PrintResult as PrintResult
from drivers.printer.status import PrinterStatus

PROOF_DEADLINE_S = 15.0  # beside the bytes' own time on a slow line; a receipt is printed in 5 s
PROOF_POLL_S = 1.0  # no proof for so long: ask what is the matter
SLOWEST_LINES_PER_S = 2  # an impact printer; a printer that answers meanwhile is given the time
# Answers to earlier GS r that a printer may still owe: one for each 512 bytes of the largest buffers, 64 KB.
GS_R_OWED_MAX = 128
DLE_DC4_CLEAR = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"  # clear buffer(s), answered by 37 25 00
NEVER_S, ALWAYS_S = math.inf, -math.inf


WORDS: Final = {"process_id": Word.NAMED, "gs_r": Word.COUNTED, "none": Word.NONE}


class Stage(Enum):
    ASKING = "asking"  # whether it can print at all
    CLEANING = "cleaning"  # it can; what may a broken-off job have left in it?
    FORGETTING = "forgetting"  # it was told to
    COUNTING = "counting"  # what it owes to earlier GS r is let pass
    SETTLING = "settling"  # the same, until no more of it comes
    SENDING = "sending"
    WAITING = "waiting"  # for its words
    STOPPED = "stopped"  # it stands, and was told to forget the rest


# What is to be done


@dataclass(frozen=True, slots=True)
class Send:
    data: bytes
    is_job: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """How it is."""


@dataclass(frozen=True, slots=True)
class End:
    """`closed`: with its connection, because what comes later could be taken for the answer to something else."""

    result: PrintResult
    cause: str = ""
    closed: bool = False


Act = Send | Ask | End


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What the printer has said. `news`: anything just now; `shorts`: so many answers to GS r since it was made;
    `lacking`: which word is known to be missing; `asking`: a question is on its way; `in_step`: none was left open."""

    news: bool
    forgot: bool
    shorts: int
    came: Came
    lacking: str
    status: PrinterStatus
    asking: bool
    in_step: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a printer may take: for an answer, for its proof beside the bytes' own time, and until it is asked."""

    answer_s: float
    proof_s: float
    poll_s: float


@dataclass(slots=True, kw_only=True)
class Attempt:
    """`clean` first rids the printer of what a broken-off job may have left in it; `spare`: but whole lines of that one
    may still come out. `until_s`: when it wants to be looked at, be there nothing to hear."""

    id: str
    job: Job
    profile: PrinterProfile
    patience: Patience
    clean: bool
    spare: bool
    word: Word
    stage: Stage = Stage.ASKING
    until_s: float = ALWAYS_S
    busy_until_s: float = ALWAYS_S  # a question behind a job on a slow line is not answered earlier
    accepted: int | None = None  # by the link, before the first byte of it
    sent_s: float | None = None  # when it was first looked at after all its bytes had left
    quiet_s: float = ALWAYS_S  # since when nothing came
    asked_s: float = ALWAYS_S  # when it last said how it is
    asked_last: bool = False  # and that question came after its last word
    shorts: int = 0  # before its old answers were let pass
    cause: str = ""  # why it was stopped

    def next(self, heard: Heard, now_s: float) -> Act | None:
        over = now_s >= self.until_s
        match self.stage:
            case Stage.CLEANING:
                return self._clean(heard, now_s)
            case Stage.FORGETTING if heard.forgot:
                return self._let_pass(heard, now_s)
            case Stage.FORGETTING if over:
                return self._let_pass(heard, now_s, flush(self.profile))
            case Stage.COUNTING if heard.shorts - self.shorts > GS_R_OWED_MAX:
                self._enter(Stage.SETTLING, now_s + self.patience.answer_s)
            case Stage.COUNTING if over:
                self.word = Word.DOUBTED
                self._enter(Stage.SENDING, now_s)
            case Stage.SETTLING if heard.news:
                self.until_s = now_s + self.patience.answer_s
            case Stage.SETTLING if over:
                self._enter(Stage.SENDING, now_s)
            case Stage.SENDING:
                self.busy_until_s = now_s + self.patience.answer_s + slowest_s(self.job.data)
                self._enter(Stage.WAITING, now_s)
                return Send(self.job.data, is_job=True)
            case Stage.WAITING:
                return self._judge(heard, now_s)
            case Stage.STOPPED if heard.forgot or over:
                result = result_of_stopped(heard.came, heard.forgot)
                return End(result, "" if result is PrintResult.PRINTED else self.cause)
        return None

    def _enter(self, stage: Stage, until_s: float) -> None:
        self.stage, self.until_s = stage, until_s

    def _clean(self, heard: Heard, now_s: float) -> Act | None:
        """Rid the printer of rows it still holds, and of half a command that would eat the start of ours."""
        if not self.clean:
            self._enter(Stage.SENDING, now_s)
            return None
        if self.spare or not self.profile.clear:
            return self._let_pass(heard, now_s, flush(self.profile))
        return self._forget(Stage.FORGETTING, now_s)

    def _forget(self, stage: Stage, now_s: float) -> Act:
        """Clear the buffers; it says when it did."""
        self._enter(stage, now_s + self.patience.answer_s)
        return Send(DLE_DC4_CLEAR)

    def _let_pass(self, heard: Heard, now_s: float, first: bytes = b"") -> Act | None:
        """Until no answer to an earlier GS r can come any more. Answers come in the order of the questions: when more
        came than can be owed, one of them was to ours, so the owed ones are behind us; ours then come at once."""
        if self.word is Word.COUNTED:
            self.shorts = heard.shorts
            self._enter(Stage.COUNTING, now_s + self.patience.proof_s)
            return Send(first + GS_TRANSMIT_PAPER * (GS_R_OWED_MAX + 1))
        self._enter(Stage.SENDING, now_s)
        return Send(first) if first else None

    def _judge(self, heard: Heard, now_s: float) -> Act | None:
        """What its words are worth by now; proof.py has the table."""
        if self.sent_s is None or heard.news:
            self.quiet_s = now_s
        if self.sent_s is None:
            self.sent_s = now_s
        late_s = self.sent_s + self._patience_s(heard.in_step)
        row = verdict(
            Seen(
                word=self.word,
                came=heard.came,
                says=says_of(heard.status),
                asked=self.asked_last and not heard.asking,
                # Its time is not over before it was asked what is the matter.
                in_time=now_s < late_s or (heard.in_step and self.asked_s < late_s),
            )
        )
        if heard.asking and row.verdict is not PrintResult.PRINTED:
            self.until_s = NEVER_S  # what it is just saying comes first
            return None
        match row.verdict:
            case Undecided.WAIT:
                self.until_s = min(late_s, self.quiet_s + self.patience.poll_s) if heard.in_step else late_s
                return Ask() if now_s >= self.until_s else None
            case Undecided.ASK:
                return Ask()
            case Undecided.STOPPED:
                return self._stop(heard.status, now_s)
            case Undecided.LATE:
                return End(PrintResult.UNKNOWN, f"{row.cause} in {now_s - self.sent_s:.0f} s", closed=True)
            case result:
                return End(result, heard.lacking or row.cause)

    def _patience_s(self, in_step: bool) -> float:
        """How long a job may take; longer while the printer answers, for slow ones print two lines a second."""
        lines_s = self.job.data.count(b"\n") / SLOWEST_LINES_PER_S if in_step else 0.0
        return self.patience.proof_s + slowest_s(self.job.data) + lines_s

    def _stop(self, status: PrinterStatus, now_s: float) -> Act:
        """The printer stopped in the middle. While it stands, let it forget the rest: with new paper it would print
        that, and then the next attempt too."""
        self.cause = f"the printer stopped: {status.value}"
        return self._forget(Stage.STOPPED, now_s) if self.profile.clear else End(PrintResult.UNKNOWN, self.cause)

    def asked(self, now_s: float, *, last: bool) -> None:
        """It was asked how it is, and has said it, or not in its time."""
        self.quiet_s = self.asked_s = self.until_s = now_s
        self.asked_last = last
