"""A host's bytes cut into pieces: all of them, in order, and cut where the emulator, which reads by tables of its own,
sees commands end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.printer.emulator.commands import FIXED, VARIABLE, Tokenizer
from drivers.printer.pieces import Piece, Pieces, is_known, length_of

RASTER = b"\x1dv0\x00\x02\x00\x03\x00" + b"\x1dV\x00\x1b@" + b"\n"
JOB = (
    b"\x1b@\x1bt\x11\xcf\xe0\n" + RASTER + b"\x1dkE\x041234\x1dk\x02123\x00\x1d(k\x03\x001Q0\x1dVB\x00\x1bp\x00\x19\xfa"
)

commands = st.one_of(
    st.binary(max_size=12),
    st.just(JOB),
    st.builds(
        lambda name, rest: bytes(name) + rest,
        st.sampled_from(sorted({(prefix, letter) for prefix, row in FIXED.items() for letter in row} | set(VARIABLE))),
        st.binary(max_size=24),
    ),
)


def fed(one: Pieces, data: bytes, steps: list[int]) -> list[Piece]:
    pieces, at = list[Piece](), 0
    for step in [*steps, len(data)]:
        pieces += one.feed(data[at : at + step])
        at += step
    return pieces


@given(st.lists(commands, max_size=6).map(b"".join), st.lists(st.integers(1, 9), max_size=30))
def test_in_any_slices_the_bytes_are_the_same_and_commands_end_where_the_emulator_sees_them_end(
    data: bytes, steps: list[int]
) -> None:
    one = Pieces()
    pieces = fed(one, data, steps)
    told = b"".join(piece.data for piece in pieces)
    assert data.startswith(told)
    ends, at = set(), 0
    for piece in pieces:
        at += len(piece.data)
        ends |= {at} if piece.whole else set()
    tokenizer, theirs = Tokenizer(), {0}
    for place, byte in enumerate(data, 1):
        tokenizer.feed(byte)
        theirs |= {place} if tokenizer.between else set()
    assert ends <= theirs, "another's command may begin only where the printer awaits one"


@pytest.mark.parametrize("name", sorted({(prefix, letter) for prefix, row in FIXED.items() for letter in row}))
def test_a_command_of_fixed_length_has_the_length_that_the_emulator_knows(name: tuple[int, int]) -> None:
    prefix, letter = name
    assert is_known(bytes(name))
    assert length_of(bytes(name) + bytes(99)) == 2 + FIXED[prefix][letter]


def test_what_a_piece_is() -> None:
    kinds = [
        piece.kind for piece in Pieces().feed(b"\x1b@\x1bt\x11text\n\x10\x04\x01\x1dr\x01\x1dVB\x00\x1bp\x00\x19\xfa")
    ]
    assert kinds == ["init", "setting", "text", "line", "now", "ask", "cut", "other"]


def test_a_picture_passes_as_it_comes_and_a_cut_in_it_is_none() -> None:
    one = Pieces()
    large = b"\x1dv0\x00\x40\x00\x40\x00" + b"\x1dV\x00\n" * 1024
    assert [piece.whole for piece in one.feed(large[:500])] == [False] and not one.between
    assert {piece.kind for piece in one.feed(large[500:])} == {"other"} and one.between


def test_whoever_is_gone_in_the_middle_leaves_so_many_bytes_missing() -> None:
    one = Pieces()
    one.feed(b"\x1dv0\x00\x40\x00\x40\x00" + bytes(96))
    assert one.forget() == 4_000 and one.between
    one.feed(b"\x1dV")  # nobody has got that head
    assert one.forget() == 0 and one.between
