"""An attempt's stages, walked without a printer: what it wants done, and when it wants to be looked at."""

from __future__ import annotations

from dataclasses import replace

import pytest

from drivers.printer.attempt import (
    GS_R_OWED_MAX,
    NEVER_S,
    Act,
    Ask,
    Attempt,
    End,
    Heard,
    Patience,
    PrintResult,
    Send,
    Stage,
)
from drivers.printer.encode import Job, flush
from drivers.printer.link import slowest_s
from drivers.printer.profile import PrinterProfile
from drivers.printer.proof import Came, Word
from drivers.printer.status import PrinterStatus

PROFILE = PrinterProfile(name="test", columns=42, width_dots=504)
JOB = Job(data=b"receipt", words=("A001",))
PATIENCE = Patience(answer_s=2.0, proof_s=15.0, poll_s=1.0)
FORGET = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
GS_RS = b"\x1dr\x01" * (GS_R_OWED_MAX + 1)
QUIET = Heard(
    news=False,
    forgot=False,
    shorts=0,
    came=Came.OWED,
    lacking="",
    status=PrinterStatus.READY,
    asking=False,
    in_step=True,
)
ALL = replace(QUIET, news=True, came=Came.ALL)
STANDS = replace(QUIET, news=True, status=PrinterStatus.PAPER_OUT)


def attempt(
    stage: Stage, *, word: Word = Word.NAMED, clean: bool = False, spare: bool = False, clear: bool = True
) -> Attempt:
    made = Attempt(
        id="A001",
        job=JOB,
        profile=replace(PROFILE, clear=clear),
        patience=PATIENCE,
        clean=clean,
        spare=spare,
        word=word,
    )
    made.stage, made.until_s = stage, 102.0
    return made


def waiting(word: Word = Word.NAMED, *, clear: bool = True) -> Attempt:
    """All its bytes left at 100 s."""
    made = attempt(Stage.SENDING, word=word, clear=clear)
    assert made.next(QUIET, 100.0) == Send(b"receipt", is_job=True)
    assert made.next(QUIET, 100.0) is None and made.stage is Stage.WAITING
    return made


STEPS: list[tuple[Attempt, Heard, float, Act | None, Stage]] = [
    (attempt(Stage.CLEANING), QUIET, 100, None, Stage.SENDING),
    (attempt(Stage.CLEANING, clean=True), QUIET, 100, Send(FORGET), Stage.FORGETTING),
    (attempt(Stage.CLEANING, clean=True, spare=True), QUIET, 100, Send(flush(PROFILE)), Stage.SENDING),
    (attempt(Stage.CLEANING, clean=True, clear=False), QUIET, 100, Send(flush(PROFILE)), Stage.SENDING),
    (
        attempt(Stage.CLEANING, clean=True, clear=False, word=Word.COUNTED),
        QUIET,
        100,
        Send(flush(PROFILE) + GS_RS),
        Stage.COUNTING,
    ),
    (attempt(Stage.FORGETTING), QUIET, 101.9, None, Stage.FORGETTING),
    (attempt(Stage.FORGETTING), replace(QUIET, forgot=True), 101, None, Stage.SENDING),
    (attempt(Stage.FORGETTING, word=Word.COUNTED), replace(QUIET, forgot=True), 101, Send(GS_RS), Stage.COUNTING),
    (attempt(Stage.FORGETTING), QUIET, 102, Send(flush(PROFILE)), Stage.SENDING),
    (attempt(Stage.COUNTING), replace(QUIET, shorts=GS_R_OWED_MAX), 101, None, Stage.COUNTING),
    (attempt(Stage.COUNTING), replace(QUIET, shorts=GS_R_OWED_MAX + 1), 101, None, Stage.SETTLING),
    (attempt(Stage.COUNTING, word=Word.COUNTED), QUIET, 102, None, Stage.SENDING),
    (attempt(Stage.SETTLING), replace(QUIET, news=True), 103, None, Stage.SETTLING),
    (attempt(Stage.SETTLING), QUIET, 102, None, Stage.SENDING),
    (attempt(Stage.SENDING), QUIET, 100, Send(b"receipt", is_job=True), Stage.WAITING),
    (waiting(), ALL, 101, End(PrintResult.PRINTED), Stage.WAITING),
    (waiting(), QUIET, 100.9, None, Stage.WAITING),
    (waiting(), QUIET, 101, Ask(), Stage.WAITING),
    (waiting(Word.COUNTED), ALL, 101, Ask(), Stage.WAITING),
    (waiting(), STANDS, 101, Send(FORGET), Stage.STOPPED),
    (waiting(clear=False), STANDS, 101, End(PrintResult.UNKNOWN, "the printer stopped: paper_out"), Stage.WAITING),
    (waiting(), replace(STANDS, asking=True), 101, None, Stage.WAITING),
    (waiting(), replace(ALL, asking=True), 101, End(PrintResult.PRINTED), Stage.WAITING),
    (attempt(Stage.STOPPED), STANDS, 101, None, Stage.STOPPED),
    (attempt(Stage.STOPPED), replace(STANDS, forgot=True), 101, End(PrintResult.INTERRUPTED), Stage.STOPPED),
    (attempt(Stage.STOPPED), ALL, 102, End(PrintResult.PRINTED), Stage.STOPPED),
    (attempt(Stage.STOPPED), STANDS, 102, End(PrintResult.UNKNOWN), Stage.STOPPED),
]


@pytest.mark.parametrize(("made", "heard", "now_s", "act", "stage"), STEPS)
def test_a_step(made: Attempt, heard: Heard, now_s: float, act: Act | None, stage: Stage) -> None:
    assert (made.next(heard, now_s), made.stage) == (act, stage)


def test_what_was_owed_and_never_came_leaves_a_doubt() -> None:
    made = attempt(Stage.COUNTING, word=Word.COUNTED)
    made.next(QUIET, 102.0)
    made.next(QUIET, 102.0)
    found = made.next(replace(QUIET, came=Came.ALL), 102.0)
    assert isinstance(found, End) and (found.result, made.word) == (PrintResult.UNKNOWN, Word.DOUBTED)


def test_its_time_begins_when_its_bytes_have_left_and_ends_with_a_last_question() -> None:
    made = attempt(Stage.SENDING)
    made.next(QUIET, 100.0)
    assert made.next(QUIET, 108.0) is None, "so long the link took to take it"
    late_s = 108.0 + (PATIENCE.proof_s + slowest_s(JOB.data))
    mute = replace(QUIET, in_step=False)
    assert made.next(mute, late_s - 0.1) is None and made.until_s == pytest.approx(late_s)
    assert made.next(QUIET, late_s) == Ask()
    made.asked(late_s + 0.1, last=False)
    found = made.next(QUIET, late_s + 0.1)
    assert found == End(PrintResult.UNKNOWN, "no proof of printing in 15 s", closed=True)


def test_a_weaker_word_holds_only_for_one_that_is_still_there() -> None:
    for status, result in ((PrinterStatus.READY, PrintResult.PRINTED), (PrinterStatus.SILENT, PrintResult.UNKNOWN)):
        made = waiting(Word.COUNTED)
        assert made.next(ALL, 101.0) == Ask()
        assert made.next(replace(ALL, asking=True), 101.0) is None and made.until_s == NEVER_S
        made.asked(101.1, last=True)
        found = made.next(replace(ALL, status=status), 101.1)
        assert isinstance(found, End) and found.result is result
