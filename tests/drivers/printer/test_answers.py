from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from drivers.printer.answers import (
    Answer,
    Answers,
    AutoStatus,
    Block,
    BufferCleared,
    Flow,
    Noise,
    ProcessId,
    RealTimeStatus,
    ShortStatus,
)

EXAMPLES: list[tuple[bytes, Answer]] = [
    (b"\x12", RealTimeStatus(0x12)),
    (b"\x1e", RealTimeStatus(0x1E)),
    (b"\x72", RealTimeStatus(0x72)),
    (b"\x10\x00\x00\x00", AutoStatus(b"\x10\x00\x00\x00")),
    (b"\x18\x00\x0c\x0f", AutoStatus(b"\x18\x00\x0c\x0f")),
    (b"\x00", ShortStatus(0)),
    (b"\x0c", ShortStatus(0x0C)),
    (b"\x37\x22A001\x00", ProcessId("A001")),
    (b"\x37\x227\x2722\x00", ProcessId("7'22")),  # letters that are headers and status bytes elsewhere
    (b"\x37\x25\x00", BufferCleared()),
    (b"\x37\x23\x40\x41\x00", Block(0x37, b"\x23\x40\x41")),
    (b"\x5fEPSON\x00", Block(0x5F, b"EPSON")),
    (b"\x11", Flow(go=True)),
    (b"\x13", Flow(go=False)),
]


def test_each_kind_of_answer_is_known() -> None:
    for data, answer in EXAMPLES:
        assert Answers().feed(data) == [answer]


@given(st.lists(st.sampled_from(EXAMPLES), max_size=12), st.integers(1, 7))
def test_answers_in_a_row_are_told_apart_however_the_bytes_are_split(
    chosen: list[tuple[bytes, Answer]], size: int
) -> None:
    stream = b"".join(data for data, _ in chosen)
    answers = Answers()
    heard = [answer for at in range(0, len(stream), size) for answer in answers.feed(stream[at : at + size])]
    assert heard == [answer for _, answer in chosen]


def test_flow_control_may_interrupt_a_block_and_an_automatic_status() -> None:
    assert Answers().feed(b"\x37\x22A\x13001\x11\x00") == [Flow(go=False), Flow(go=True), ProcessId("A001")]
    assert Answers().feed(b"\x10\x00\x13\x00\x11\x00") == [Flow(go=False), Flow(go=True), AutoStatus(b"\x10\0\0\0")]


def test_a_broken_answer_is_noise_and_the_next_one_is_heard() -> None:
    assert Answers().feed(b"\x10\x00\x12") == [Noise(b"\x10\x00"), RealTimeStatus(0x12)]
    assert Answers().feed(b"\x37\x22A0\x12") == [Noise(b"\x37\x22A0"), RealTimeStatus(0x12)]


def test_half_an_id_or_a_longer_one_is_no_proof() -> None:
    assert Answers().feed(b"\x37\x22A00\x00") == [Block(0x37, b"\x22A00")]
    assert Answers().feed(b"\x37\x22A0011\x00") == [Block(0x37, b"\x22A0011")]


@given(st.binary(max_size=2000))
def test_noise_never_fails_and_never_piles_up(data: bytes) -> None:
    answers = Answers()
    answers.feed(data)
    assert len(answers._pending) <= 128
