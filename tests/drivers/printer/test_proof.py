"""Words along a long job: all of them, in order, or it is not proved; and what is made of what came. Pure, and against
peers that leave one out."""

from __future__ import annotations

import itertools
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from drivers.printer.by_hand import print_out
from drivers.printer.document import Columns, Cut, Document
from drivers.printer.encode import compose
from drivers.printer.printer import Printer, PrintOutcome
from drivers.printer.profile import PrinterProfile
from drivers.printer.proof import (
    MARKS,
    UNPROVED_MAX,
    VERDICTS,
    Came,
    PrintResult,
    Proofs,
    Says,
    Seen,
    Undecided,
    Word,
    result_of_stopped,
    says_of,
    verdict,
    words_of,
)
from drivers.printer.status import PrinterStatus

LONG = Document((*(Columns(f"Товар {number}", "1,00") for number in range(40)), Cut()))
SHORT = Document((*(Columns(f"Товар {number}", "1,00") for number in range(10)), Cut()))
WORDS = words_of("A001", 3)


def said(*words: str) -> Proofs:
    proofs = Proofs()
    proofs.expect(WORDS)
    for word in words:
        proofs.word(word)
    return proofs


def test_all_in_order_is_the_only_proof() -> None:
    """Each sequence of up to five of the words: the table, walked."""
    assert len(set(WORDS)) == 4 and WORDS[-1] == "A001"
    for count in range(6):
        for words in itertools.product(WORDS, repeat=count):
            proofs = said(*words)
            assert (proofs.came("A001") is Came.ALL) is (words[:4] == WORDS)
            missed = "A001" in words and words[:4] != WORDS
            assert (proofs.came("A001") is Came.MISSING) is bool(proofs.lacking("A001")) is missed, words


def test_what_is_missing_is_named() -> None:
    assert "word 2 of 4 never came" in said(WORDS[0], WORDS[2], WORDS[3]).lacking("A001")
    assert "word 4 of 4" not in said(*WORDS[:3]).lacking("A001"), "it may still come"


def test_words_of_another_attempt_say_nothing() -> None:
    proofs = said(*WORDS[:2])
    proofs.expect(words_of("A002", 3))
    for word in words_of("A002", 3)[2:]:
        proofs.word(word)
    for word in WORDS[2:]:
        proofs.word(word)
    assert (proofs.came("A001"), proofs.came("A002")) == (Came.ALL, Came.MISSING)


def test_with_very_many_words_a_whole_round_of_them_is_missed_too() -> None:
    words = words_of("A001", 3 * len(MARKS))
    proofs = Proofs()
    proofs.expect(words)
    for word in (*words[: len(MARKS)], *words[2 * len(MARKS) :]):
        proofs.word(word)
    assert proofs.came("A001") is Came.MISSING and proofs.lacking("A001")


def test_no_word_is_anybodys_own_id() -> None:
    ids = [words_of("".join(letters), 70) for letters in itertools.product("0AZ", repeat=4)]
    own = {words[-1] for words in ids}
    assert not own & {word for words in ids for word in words[:-1]}
    assert all(re.fullmatch(r"[!-~]{4}", word) for words in ids for word in words)


def test_answers_without_a_name_are_counted() -> None:
    proofs = Proofs()
    proofs.expect_shorts("A001", 3)
    for byte in (0x00, 0x0C, 0x03):  # one of them is no word about a receipt
        proofs.short(byte)
        assert proofs.came("A001") is Came.OWED and proofs.counting
    proofs.short(0x00)
    assert proofs.came("A001") is Came.ALL and not proofs.counting


def test_old_attempts_are_forgotten() -> None:
    proofs = Proofs()
    for number in range(UNPROVED_MAX + 1):
        proofs.expect((f"A{number:03}",))
    proofs.word("A000")
    proofs.word("A001")
    assert proofs.take_late() == ("A001",)


def test_a_short_receipt_is_as_it_was(profile: PrinterProfile) -> None:
    assert compose(SHORT, profile, attempt_id="A001").words == ("A001",)
    job = compose(LONG, profile, attempt_id="A001")
    assert job.words == ("a001", "b001", "c001", "A001")
    assert re.findall(rb"\x1d\(H\x06\x0000(....)", job.data) == [word.encode() for word in job.words]
    clone = compose(LONG, replace(profile, proof="gs_r"), attempt_id="A001")
    assert clone.data.count(b"\x1dr\x01") == len(clone.words) == 4
    assert compose(LONG, replace(profile, proof="none"), attempt_id="A001").words == ("A001",)


# What is made of it

EVERYTHING = [
    Seen(word=word, came=came, says=says, asked=asked, in_time=in_time)
    for word, came, says, asked, in_time in itertools.product(Word, Came, Says, (False, True), (False, True))
]


def all_of(
    word: Word, came: Came, *, says: Says = Says.PRINTS, asked: bool = False, in_time: bool = True
) -> PrintResult | Undecided:
    return verdict(Seen(word=word, came=came, says=says, asked=asked, in_time=in_time)).verdict


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (all_of(Word.NAMED, Came.OWED), Undecided.WAIT),
        (all_of(Word.NAMED, Came.ALL), PrintResult.PRINTED),
        (all_of(Word.NAMED, Came.ALL, says=Says.STANDS), PrintResult.PRINTED),  # the paper ended after the last row
        (all_of(Word.NAMED, Came.ALL, says=Says.NOTHING, in_time=False), PrintResult.PRINTED),
        (all_of(Word.NAMED, Came.OWED, says=Says.STANDS), Undecided.STOPPED),
        (all_of(Word.NAMED, Came.OWED, says=Says.NOTHING), Undecided.WAIT),  # it may be slow to answer
        (all_of(Word.NAMED, Came.OWED, in_time=False), Undecided.LATE),
        (all_of(Word.NAMED, Came.MISSING), PrintResult.UNKNOWN),
        (all_of(Word.NAMED, Came.MISSING, says=Says.STANDS), Undecided.STOPPED),
        (all_of(Word.COUNTED, Came.OWED), Undecided.WAIT),
        (all_of(Word.COUNTED, Came.ALL), Undecided.ASK),
        (all_of(Word.COUNTED, Came.ALL, asked=True), PrintResult.PRINTED),
        (all_of(Word.COUNTED, Came.ALL, says=Says.NOTHING, asked=True), PrintResult.UNKNOWN),
        (all_of(Word.COUNTED, Came.ALL, says=Says.STANDS, asked=True), PrintResult.UNKNOWN),
        (all_of(Word.DOUBTED, Came.ALL, asked=True), PrintResult.UNKNOWN),
        (all_of(Word.NONE, Came.OWED), PrintResult.UNKNOWN),
    ],
)
def test_a_verdict(found: object, expected: object) -> None:
    assert found is expected


def test_nothing_but_all_its_words_is_printed() -> None:
    for seen in EVERYTHING:
        found = verdict(seen).verdict
        if found is PrintResult.PRINTED:
            assert seen.came is Came.ALL and seen.word in (Word.NAMED, Word.COUNTED), seen
            assert seen.word is Word.NAMED or (seen.asked and seen.says is Says.PRINTS), seen
        if found in (Undecided.WAIT, Undecided.ASK):
            assert seen.in_time or seen.came is Came.ALL, f"it would wait for ever: {seen}"


def test_every_row_decides_something_and_says_why_it_gives_up() -> None:
    deciding = {id(verdict(seen)) for seen in EVERYTHING}
    assert [row for row in VERDICTS if id(row) not in deciding] == []
    assert all(row.cause for row in VERDICTS if row.verdict in (PrintResult.UNKNOWN, Undecided.LATE))


@pytest.mark.parametrize(
    ("came", "forgot", "found"),
    [
        (Came.ALL, True, PrintResult.PRINTED),  # its word was on the way already
        (Came.ALL, False, PrintResult.PRINTED),
        (Came.OWED, True, PrintResult.INTERRUPTED),
        (Came.OWED, False, PrintResult.UNKNOWN),
        (Came.MISSING, True, PrintResult.INTERRUPTED),
        (Came.MISSING, False, PrintResult.UNKNOWN),
    ],
)
def test_one_that_was_told_to_forget(came: Came, forgot: bool, found: PrintResult) -> None:
    assert result_of_stopped(came, forgot) is found


def test_what_a_status_says_of_a_printer() -> None:
    assert {status for status in PrinterStatus if says_of(status) is Says.PRINTS} == {
        PrinterStatus.READY,
        PrinterStatus.PAPER_LOW,
    }
    assert says_of(PrinterStatus.SILENT) is Says.NOTHING
    assert says_of(PrinterStatus.UNKNOWN) is says_of(PrinterStatus.PAPER_OUT) is Says.STANDS


# Against peers


@contextmanager
def peer(answer: Callable[[bytes], bytes]) -> Iterator[str]:
    """A printer that is always well and answers a job with what is made of its bytes."""

    def serve() -> None:
        client, _ = listener.accept()
        with client:
            while data := client.recv(65536):
                client.sendall(b"\x12" if len(data) == 3 else answer(data))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        yield f"tcp://127.0.0.1:{listener.getsockname()[1]}"
        thread.join()


def says(*places: int) -> Callable[[bytes], bytes]:
    """Of the words that a job asks for, these, in this order."""

    def answer(job: bytes) -> bytes:
        words = re.findall(rb"\x1d\(H\x06\x0000(....)", job)
        return b"".join(b"\x37\x22" + words[place] + b"\x00" for place in places) if words else b""

    return answer


@pytest.mark.parametrize(
    ("places", "result", "cause"),
    [
        ((0, 1, 2, 3), PrintResult.PRINTED, ""),
        ((0, 2, 3), PrintResult.UNKNOWN, "word 2 of 4 never came"),
        ((1, 0, 2, 3), PrintResult.UNKNOWN, "word 1 of 4 never came"),
        ((3,), PrintResult.UNKNOWN, "word 1 of 4 never came"),
        ((0, 1, 2), PrintResult.UNKNOWN, "no proof of printing"),
    ],
)
def test_the_end_of_a_long_job_does_not_prove_its_middle(
    places: tuple[int, ...], result: PrintResult, cause: str, profile: PrinterProfile
) -> None:
    with peer(says(*places)) as url:
        outcome = printed(url, profile)
    assert (outcome.result, cause in outcome.cause) == (result, True)


@pytest.mark.parametrize(("count", "result"), [(4, PrintResult.PRINTED), (3, PrintResult.UNKNOWN)])
def test_a_clones_words_are_counted(count: int, result: PrintResult, profile: PrinterProfile) -> None:
    with peer(lambda job: b"\x00" * count) as url:
        assert printed(url, replace(profile, proof="gs_r")).result is result


def printed(url: str, profile: PrinterProfile) -> PrintOutcome:
    printer = Printer(url, profile, answer_deadline_s=0.3, proof_deadline_s=0.2)
    try:
        return print_out(printer, LONG, "A001")
    finally:
        printer.close()
