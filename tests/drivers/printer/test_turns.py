"""Whose turn it is on a shared printer: our job never inside one of the POS's, each answer to whoever asked."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.printer.turns import (
    AFTER_CUT_S,
    ANSWER_S,
    DRAIN_S,
    INIT,
    JOB_S_MAX,
    OURS_S_MAX,
    QUIET_S,
    WAIT_MAX_BYTES,
    Turn,
    Turns,
    frozen,
    thawed,
)

CUT = b"\x1dV\x00"
RECEIPT = INIT + b"tea 412.50\n" + CUT
OURS = INIT + b"points 100\n\x1d(H\x06\x0000A001" + CUT
DLE_EOT_1 = b"\x10\x04\x01"


class Printer:
    """What the printer has got, and answers that come at once."""

    def __init__(self, turns: Turns | None = None, *, gs_r: bool = True) -> None:
        self.turns = turns or Turns(_undrained=False, sure=True)
        self.got = bytearray()
        self.gs_r = gs_r
        self.now_s = 100.0

    def flow(self, most: int = 1_000_000) -> None:
        """Everything that waits goes to the printer, which answers GS r."""
        for _ in range(1000):
            self.turns.step(self.now_s)
            if not self.turns.out:
                return
            some = bytes(self.turns.out[:most])
            del self.turns.out[: len(some)]
            self.got += some
            if self.gs_r and b"\x1dr\x01" in some:
                self.turns.hear(b"\x00" * some.count(b"\x1dr\x01"), self.now_s)

    def pos(self, data: bytes) -> None:
        self.turns.take("pos", data, self.now_s)
        self.flow()

    def ours(self, data: bytes) -> None:
        self.turns.take("ours", data, self.now_s)
        self.flow()

    def has(self, turn: Turn) -> bool:
        return self.turns.turn is turn

    def ask(self) -> bool:
        self.turns.ask(self.now_s)
        self.flow()
        return self.turns.turn is Turn.OURS

    def done(self) -> None:
        self.turns.done(self.now_s)
        self.flow()

    def wait(self, seconds: float) -> None:
        self.now_s += seconds
        self.flow()


def test_an_idle_printer_is_ours_at_once_and_the_pos_waits_until_we_are_done() -> None:
    one = Printer()
    assert one.ask()
    one.pos(RECEIPT)
    one.ours(OURS)
    assert one.got == OURS
    one.done()
    assert one.got == OURS + RECEIPT


def test_we_wait_for_the_cut_the_pause_after_it_and_the_printers_word() -> None:
    one = Printer(gs_r=False)
    one.pos(INIT + b"tea\n")
    assert not one.ask()
    one.pos(CUT)
    one.wait(AFTER_CUT_S / 2)
    one.pos(b"\x1bp\x00\x19\xfa")  # the drawer, right after the cut
    one.wait(AFTER_CUT_S / 2)
    assert one.has(Turn.POS)
    one.wait(AFTER_CUT_S)
    assert one.has(Turn.DRAINING) and one.got.endswith(b"\x1dr\x01")
    one.turns.hear(b"\x00", one.now_s)
    assert one.has(Turn.OURS) and one.turns.sure
    assert one.turns.answers["pos"] == one.turns.answers["ours"] == b"", "the share's own question is nobody's answer"


def test_a_printer_that_says_nothing_holds_us_up_for_so_long_and_once() -> None:
    one = Printer(gs_r=False)
    one.pos(RECEIPT)
    one.wait(AFTER_CUT_S)
    assert not one.ask()
    one.wait(DRAIN_S)
    assert one.has(Turn.OURS)
    one.done()
    one.pos(RECEIPT)
    one.wait(AFTER_CUT_S)
    assert one.ask(), "it is known now that this printer does not answer"


@pytest.mark.parametrize("end", ["quiet", "closed"])
def test_a_job_without_a_cut_ends_by_a_long_pause_or_with_its_connection(end: str) -> None:
    one = Printer()
    one.pos(INIT + b"tea\n")
    assert not one.ask()
    if end == "quiet":
        one.wait(QUIET_S)
    else:
        one.turns.left("pos", one.now_s)
        one.flow()
    assert one.has(Turn.OURS)


def test_a_job_that_never_ends_does_not_lock_us_out_and_it_is_counted() -> None:
    one, waited_s = Printer(), 0.0
    one.pos(INIT + b"\x1bt\x11")
    assert not one.ask()
    while not one.has(Turn.OURS):
        one.pos(b"a line\nand the next")
        one.wait(1.0)
        waited_s += 1.0
        one.pos(b"\n")
        assert waited_s <= JOB_S_MAX + 1
    assert one.turns.forced == 1 and waited_s >= JOB_S_MAX
    assert one.got.endswith(b"\n\x1dr\x01"), "after the end of a line"
    one.ours(OURS)
    one.done()
    one.pos(b"more\n")
    assert one.got.endswith(OURS + INIT + b"\x1bt\x11" + b"more\n"), "what the POS had set is set again"


def test_a_picture_is_never_broken_into() -> None:
    one = Printer()
    one.pos(b"\n\x1dv0\x00\x40\x00\x40\x00" + bytes(100))
    assert not one.ask()
    one.wait(2 * JOB_S_MAX)
    one.turns.take("ours", DLE_EOT_1, one.now_s)
    one.flow()
    assert one.has(Turn.POS) and DLE_EOT_1 not in one.got
    one.turns.left("pos", one.now_s)
    one.flow()
    assert len(one.got) >= 9 + 4096, "half a picture is filled up, or it would eat our start"
    assert DLE_EOT_1 in one.got and one.has(Turn.OURS)


def test_while_we_print_the_poss_questions_are_answered_and_each_answer_is_for_whoever_asked() -> None:
    one = Printer()
    one.ask()
    one.pos(RECEIPT + DLE_EOT_1 + b"\x10\x04\x04")
    one.ours(b"\x10\x04\x02")
    assert one.got == DLE_EOT_1, "one at a time: the answers carry no number"
    for answer in (b"\x12", b"\x72", b"\x16"):
        one.turns.hear(answer, one.now_s)
        one.flow()
    assert one.turns.answers == {"pos": b"\x12\x72", "ours": b"\x16"}
    assert one.got == DLE_EOT_1 + b"\x10\x04\x04" + b"\x10\x04\x02"


def test_an_answer_that_comes_too_late_is_not_taken_for_the_next_one() -> None:
    one = Printer()
    one.pos(DLE_EOT_1)
    one.wait(ANSWER_S)
    one.ours(DLE_EOT_1)
    assert one.got == DLE_EOT_1
    one.turns.hear(b"\x1a", one.now_s)  # late
    one.wait(ANSWER_S)
    one.turns.hear(b"\x12", one.now_s)
    assert one.turns.answers == {"pos": b"", "ours": b"\x12"}


def test_answers_in_turn_names_proofs_and_cleared_buffers_find_their_way() -> None:
    one = Printer(gs_r=False)
    one.pos(b"\x1dr\x01\x1dIB\x1d(H\x06\x0000P007")
    one.turns.left("pos", one.now_s)
    one.turns.hear(b"\x03\x5fEPSON\x00\x37\x22P007\x00", one.now_s)
    assert one.turns.answers["pos"] == b"\x03\x5fEPSON\x00\x37\x22P007\x00"
    one.ask()
    one.turns.hear(b"\x00", one.now_s)
    one.ours(b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08" + OURS)
    one.turns.hear(b"\x37\x25\x00\x37\x22A001\x00", one.now_s)
    assert one.turns.answers["ours"] == b"\x37\x25\x00\x37\x22A001\x00"


def test_automatic_status_is_for_the_pos_that_wants_it() -> None:
    one, status = Printer(), b"\x10\x00\x00\x0f"
    one.turns.hear(status, one.now_s)
    assert one.turns.answers == {"pos": b"", "ours": status}
    one.pos(b"\x1da\xff")
    one.turns.hear(status, one.now_s)
    assert one.turns.answers == {"pos": status, "ours": status * 2}


def test_out_of_its_turn_the_agent_only_asks() -> None:
    one = Printer()
    one.ours(OURS + DLE_EOT_1)
    assert one.got == DLE_EOT_1


def test_an_agent_that_hangs_gives_its_turn_back() -> None:
    one = Printer()
    one.ask()
    one.ours(INIT + b"half")
    one.pos(RECEIPT)
    one.wait(OURS_S_MAX)
    assert one.got.endswith(RECEIPT)


def test_a_pos_that_prints_while_we_do_is_held_off_and_bounded() -> None:
    one = Printer()
    one.ask()
    while one.turns.room("pos"):
        one.pos(b"x" * 4096)
    assert one.got == b""
    one.done()
    assert one.got.count(b"x") < WAIT_MAX_BYTES + 4096 + 1


def test_a_command_that_nobody_knows_makes_our_start_unclean_until_the_printer_has_spoken() -> None:
    one = Printer(gs_r=False)
    one.pos(b"\x1b\xee" + CUT)
    one.wait(AFTER_CUT_S)
    one.ask()
    one.wait(DRAIN_S)
    assert one.has(Turn.OURS) and not one.turns.sure


steps = st.lists(
    st.one_of(
        st.sampled_from(["ask", "done", "wait", "freeze", "question"]),
        st.integers(1, 60),
    ),
    max_size=60,
)


@given(steps, st.integers(1, 50))
def test_pieces_of_both_interleaved_at_random_are_whole_and_in_order(moves: list[str | int], most: int) -> None:
    """The POS's receipts come in any slices; ours whole, when it is our turn. Whoever takes a killed one's place goes
    on: nothing is lost, doubled, or inside another's."""
    receipts = b"".join(INIT + b"receipt %d\n\x1dv0\x00\x01\x00\x04\x00abcd\n" % number + CUT for number in range(8))
    one, sent, printed = Printer(), 0, 0
    for move in moves:
        if isinstance(move, int):
            one.turns.take("pos", receipts[sent : sent + move], one.now_s)
            sent = min(sent + move, len(receipts))
        elif move == "ask" and not one.turns.wanted:
            one.turns.ask(one.now_s)
        elif move == "done" and one.has(Turn.OURS) and one.turns.wanted:
            one.turns.take("ours", INIT + b"ours %d\n" % printed + CUT, one.now_s)
            printed += 1
            one.turns.done(one.now_s)
        elif move == "wait":
            one.now_s += AFTER_CUT_S
        elif move == "question":
            one.turns.take("pos", DLE_EOT_1, one.now_s)
        elif move == "freeze":
            one.turns = thawed(json.loads(json.dumps(frozen(one.turns))))
        one.flow(most)
        if one.got.count(DLE_EOT_1) and one.turns._asked is not None:
            one.turns.hear(b"\x12", one.now_s)
    one.turns.done(one.now_s)
    one.turns.take("pos", receipts[sent:], one.now_s)
    one.wait(QUIET_S)
    plain = bytes(one.got).replace(DLE_EOT_1, b"").replace(b"\x1dr\x01", b"")
    while INIT + INIT in plain:  # the POS had begun its next receipt with one, and after ours it is put back
        plain = plain.replace(INIT + INIT, INIT)
    whole = plain.split(CUT)
    assert [piece for piece in whole if b"receipt" in piece] == receipts.split(CUT)[:-1]
    assert [piece for piece in whole if b"ours" in piece] == [INIT + b"ours %d\n" % number for number in range(printed)]
