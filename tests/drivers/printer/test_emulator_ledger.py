"""The ledger of copies: what is whole, what is torn and why, what says the same."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from drivers.printer.emulator.ledger import Piece
from drivers.printer.emulator.machine import Machine
from drivers.printer.emulator.models import MODELS
from drivers.printer.emulator.server import PrinterServer

CLEAR = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
CUT = b"\x1dV\x42\x00"


def request(job: str) -> bytes:
    return b"\x1d(H\x06\x0000" + job.encode()


def job(text: str, name: str | None = None) -> bytes:
    return b"\x1b@" + text.encode() + b"\n" + CUT + (request(name) if name else b"")


def machine(model: str = "epson") -> Machine:
    return Machine(20, send=lambda data: None, keep=lambda paper: None, model=MODELS[model])


def told(printer: Machine) -> list[tuple[int, str, str | None, str | None, int | None]]:
    """receipt, state, cause, job, same_as"""
    return [(p.receipt, p.state, p.cause, p.job, p.same_as) for p in printer.ledger.pieces]


def test_a_whole_job_is_complete_and_has_the_id_that_comes_after_it() -> None:
    printer = machine()
    printer.receive(job("one", "A001") + job("two"))
    assert told(printer) == [(1, "complete", None, "A001", None), (2, "complete", None, None, None)]


def test_the_same_rows_again_are_a_copy_of_the_first() -> None:
    printer = machine()
    printer.receive(job("one", "A001") + job("two", "A002") + job("one", "A003") + b"\n\n" + job("one", "A004"))
    assert [piece.same_as for piece in printer.ledger.pieces] == [None, None, 1, 1]


def test_a_job_of_two_cuts_gives_its_id_to_both_pieces() -> None:
    printer = machine()
    printer.receive(b"\x1b@slip\n" + CUT + b"receipt\n" + CUT + request("A001"))
    assert told(printer) == [(1, "complete", None, "A001", None), (2, "complete", None, "A001", None)]


def test_a_request_in_the_middle_ends_nothing_and_the_last_id_counts() -> None:
    printer = machine()
    printer.receive(b"\x1b@void\n" + CUT + b"one\n" + request("a001") + b"two\n" + request("b001"))
    assert [piece.state for piece in printer.ledger.pieces] == ["complete", "complete"], "as far as anybody can see"
    printer.receive(b"three\n" + request("A001") + b"\n" + CUT + job("one\ntwo\nthree", "A002"))
    assert told(printer) == [
        (1, "complete", None, "A001", None),
        (2, "complete", None, "A001", None),
        (3, "complete", None, "A002", 2),
    ]


def test_a_piece_that_went_on_after_a_request_may_still_be_torn() -> None:
    printer = machine()
    printer.receive(b"\x1b@one\n" + request("a001") + b"two\n")
    printer.power_cycle(kept=False)
    printer.receive(b"three\n" + request("A001"))
    assert told(printer) == [(1, "torn", "power", None, None), (1, "torn", "power", "A001", None)]


def lose_by_clear(printer: Machine) -> None:
    printer.receive(CLEAR)


def lose_by_power(printer: Machine) -> None:
    printer.power_cycle(kept=False)


@pytest.mark.parametrize(("lose", "cause"), [(lose_by_clear, "cleared"), (lose_by_power, "power")])
def test_what_was_half_printed_is_torn_and_lies_on_the_paper_of_the_next(
    lose: Callable[[Machine], None], cause: str
) -> None:
    printer = machine()
    printer.at_line(1, lambda: printer.set(paper_out=True))
    printer.receive(job("one\ntwo", "A001"))
    lose(printer)
    printer.set(paper_out=False)
    printer.receive(job("one\ntwo", "A002"))
    assert told(printer) == [(1, "torn", cause, None, None), (1, "complete", None, "A002", None)]


def test_a_job_that_lost_its_head_is_torn_though_a_cut_ends_it() -> None:
    printer = machine()
    whole = job("one\ntwo\nthree", "A001")
    printer.receive(whole[:8] + CLEAR + whole[8:] + job("next", "A002"))
    assert [(p.state, p.cause, p.job) for p in printer.ledger.pieces] == [
        ("torn", "cleared", None),
        ("torn", "cleared", "A001"),
        ("complete", None, "A002"),
    ]


def test_a_job_cleared_before_its_first_line_lost_its_head_too() -> None:
    printer = machine()
    printer.receive(b"\x1b@\x1bthalf a line" + CLEAR + b"the tail\n" + CUT)
    assert told(printer) == [(1, "torn", "cleared", None, None)]


def test_clearing_an_empty_printer_loses_nothing() -> None:
    printer = machine()
    printer.receive(CLEAR + b"no ESC @ here\n" + CUT)
    assert told(printer) == [(1, "complete", None, None, None)]


def test_the_next_job_on_the_same_paper_shows_that_the_first_was_torn() -> None:
    printer = machine()
    printer.receive(b"\x1b@one\n" + job("two", "A002"))
    assert told(printer) == [(1, "torn", "next ESC @", None, None), (1, "complete", None, "A002", None)]


def test_paper_that_came_back_finishes_the_job() -> None:
    printer = machine()
    printer.at_line(1, lambda: printer.set(paper_out=True))
    printer.receive(job("one\ntwo", "A001"))
    assert told(printer) == []
    printer.set(paper_out=False)
    assert told(printer) == [(1, "complete", None, "A001", None)]


def test_a_hand_tears_and_the_end_of_the_run_finds_the_rest() -> None:
    printer = machine()
    printer.receive(b"\x1b@one\n")
    printer.tear()
    printer.receive(b"two\n")
    printer.stop()
    assert told(printer) == [(1, "torn", "tear", None, None), (2, "torn", "uncut at end", None, None)]


def test_a_model_without_a_knife_is_done_when_the_host_asks() -> None:
    printer = machine("pos-5890")
    printer.receive(b"\x1b@one\n\x1dr\x01\x1b@two\n" + CUT + b"\x1dr\x01")
    printer.tear()
    assert [(p.receipt, p.state) for p in printer.ledger.pieces] == [(1, "complete"), (1, "complete")]


def test_blank_paper_is_no_piece() -> None:
    printer = machine()
    printer.receive(b"\x1b@\n\n   \n\x1bd\x05" + CUT + b"\x1b@" + CUT)
    assert told(printer) == []


def test_the_file_says_the_same_as_the_memory_and_numbers_go_on(tmp_path: Path) -> None:
    for run in (1, 2):
        with PrinterServer(tmp_path, pictures=False) as printer:
            parts = urlsplit(printer.url)
            with socket.create_connection((parts.hostname, parts.port), timeout=20) as client:
                client.sendall(job("one", "A001"))
                assert client.recv(7) == b"\x37\x22A001\x00"
            assert printer.ledger == [Piece(piece=run, receipt=run, state="complete", job="A001")]
    records = [json.loads(line) for line in (tmp_path / "ledger.jsonl").read_text("utf-8").splitlines()]
    assert [(record["piece"], record["receipt"], record["job"]) for record in records] == [
        (1, 1, None),
        (1, 1, "A001"),
        (2, 2, None),
        (2, 2, "A001"),
    ]
    assert not list(tmp_path.glob("*.png")) and len(list(tmp_path.glob("receipt-*.txt"))) == 2
