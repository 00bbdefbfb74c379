"""What a fitter is told of a printer that answers all, some, or none of the questions."""

from __future__ import annotations

import pytest

from drivers.printer.probe import QUESTIONS, Probe
from drivers.printer.status import PrinterStatus


class Scripted:
    """A link whose far end has an answer for each question, or none. Its clock moves when nothing comes."""

    def __init__(self, answers: dict[bytes, bytes]) -> None:
        self.accepted = 0
        self.sent: list[bytes] = []
        self.now_s = 0.0
        self._answers = answers
        self._waiting = b""

    def send(self, data: bytes) -> None:
        self.sent.append(data)
        self._waiting += self._answers.get(data, b"")

    def receive(self, timeout_s: float) -> bytes:
        came, self._waiting = self._waiting[:1], self._waiting[1:]
        if not came:
            self.now_s += timeout_s
        return came

    def close(self) -> None: ...


FINE = dict(zip(QUESTIONS.values(), [b"\x12"] * 4, strict=True))
NAMES = {b"\x1dIB": b"_EPSON\0", b"\x1dIC": b"_TM-T20\0"}


def probe(answers: dict[bytes, bytes]) -> tuple[Probe, Scripted]:
    link = Scripted(answers)
    return Probe(link, 1.0, clock=lambda: link.now_s), link


def test_all_is_answered() -> None:
    asker, link = probe(FINE | NAMES)
    found = asker.look()
    assert (found.status, found.maker, found.model) == (PrinterStatus.READY, "EPSON", "TM-T20")
    assert [asked.answered for asked in found.asked] == [b"\x12"] * 4 + [b"_EPSON\0", b"_TM-T20\0"]
    assert [asked.sent for asked in found.asked] == link.sent


def test_a_silent_printer_is_asked_once() -> None:
    asker, link = probe({})
    assert asker.look().status is PrinterStatus.SILENT
    assert len(link.sent) == 1


@pytest.mark.parametrize(
    "known, status", [(1, PrinterStatus.UNKNOWN), (2, PrinterStatus.UNKNOWN), (3, PrinterStatus.READY)]
)
def test_a_clone_that_knows_some_questions_is_not_asked_past_its_silence(known: int, status: PrinterStatus) -> None:
    asker, link = probe(dict(list(FINE.items())[:known]))
    assert asker.look().status is status
    assert link.sent[: known + 1] == list(QUESTIONS.values())[: known + 1]
    assert list(QUESTIONS.values())[known + 1 :] == [b for b in QUESTIONS.values() if b not in link.sent]


@pytest.mark.parametrize(
    "question, answer, status",
    [
        (b"\x10\x04\x02", b"\x16", PrinterStatus.COVER_OPEN),
        (b"\x10\x04\x04", b"\x72", PrinterStatus.PAPER_OUT),
        (b"\x10\x04\x04", b"\x1e", PrinterStatus.PAPER_LOW),
        (b"\x10\x04\x03", b"\x1a", PrinterStatus.CUTTER),
    ],
)
def test_each_answer_means_its_question(question: bytes, answer: bytes, status: PrinterStatus) -> None:
    asker, _ = probe(FINE | {question: answer})
    assert asker.look().status is status


def test_an_unasked_status_in_between_is_shown_and_not_taken_for_the_answer() -> None:
    first = next(iter(QUESTIONS.values()))
    asker, _ = probe(FINE | {first: b"\x14\x00\x00\x0f\x12"})
    found = asker.look()
    assert found.status is PrinterStatus.READY
    assert found.asked[0].answered == b"\x14\x00\x00\x0f\x12"


@pytest.mark.parametrize("answers, done", [({b"\x1dr\x01": b"\x00"}, True), ({}, False)])
def test_a_job_is_done_on_the_printers_word(answers: dict[bytes, bytes], done: bool) -> None:
    asker, link = probe(answers)
    assert asker.print_bytes(b"job") is done
    assert link.sent == [b"job", b"\x1dr\x01"]
