"""A shared scanner's bytes, divided: in any slices, every byte once, in order, and a code whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.scanner.divider import Divider, Everything, OwnCodes, Piece
from drivers.scanner.framing import Framer, endings
from drivers.scanner.scan import MAX_CODE_BYTES
from drivers.scanner.share import line_of
from drivers.sharing.plan import SharePlan

OWN = (("2600", "2600[0-9]{9}"), ("PA1:", "PA1:.+"))
CARD, TEA, MARKED = b"2600000000017", b"4600000000015", b"]d20104600439931256215!x\x1d91EE06"


def divider(suffix: str = "any", prefix: str = "none") -> Divider:
    return Divider(endings(suffix), OwnCodes(OWN, Framer(suffix, prefix)))


def fed(one: Divider, data: bytes, step: int = 1) -> list[Piece]:
    return [piece for at in range(0, len(data), step) for piece in one.feed(data[at : at + step])]


def side(pieces: list[Piece], *, ours: bool) -> bytes:
    return b"".join(piece.data for piece in pieces if piece.ours is ours)


@pytest.mark.parametrize("step", [1, 3, 1000])
def test_each_code_goes_to_its_own_side_with_the_makers_ending(step: int) -> None:
    pieces = fed(divider(), TEA + b"\r\n" + CARD + b"\r\n" + MARKED + b"\r\n" + b"]E0" + CARD + b"\r\n", step)
    assert side(pieces, ours=False) == TEA + b"\r\n" + MARKED + b"\r\n"
    assert side(pieces, ours=True) == CARD + b"\r\n" + b"]E0" + CARD + b"\r\n"


def test_goods_go_on_byte_by_byte_and_only_what_may_be_ours_is_held() -> None:
    one = divider()
    assert [piece.data for piece in one.feed(b"4")] == [b"4"]
    assert one.feed(b"600\r") and not one.holds
    assert one.feed(b"26") == [] and one.holds
    assert [piece.data for piece in one.feed(b"1")] == [b"261"]


def test_a_code_that_only_begins_as_ours_is_the_poss() -> None:
    assert side(fed(divider(), b"26001\r"), ours=False) == b"26001\r"


def test_an_answer_of_the_scanner_passes_at_once() -> None:
    assert [piece.data for piece in divider().feed(b"VSUFCR\x06.")] == [b"VSUFCR\x06."]


def test_silence_ends_what_has_no_ending() -> None:
    one = divider()
    assert one.feed(CARD) == []
    (piece,) = one.quiet()
    assert piece == Piece(CARD, ours=True, ended=True, quiet=True)
    assert one.feed(b"26") == []
    assert one.quiet() == [Piece(b"26", ours=False, ended=True, quiet=True)]


def test_stx_begins_a_code() -> None:
    pieces = fed(divider("etx", "stx"), b"\x02" + CARD + b"\x03\x02" + TEA + b"\x03")
    assert (side(pieces, ours=True), side(pieces, ours=False)) == (b"\x02" + CARD + b"\x03", b"\x02" + TEA + b"\x03")


def test_a_line_gone_mad_is_not_held() -> None:
    data = b"PA1:" + b"x" * (2 * MAX_CODE_BYTES)
    pieces = divider().feed(data)
    assert side(pieces, ours=False) == data


def test_what_is_held_goes_to_the_pos_when_the_line_is_lost() -> None:
    one = divider()
    one.feed(b"260")
    assert one.lost() == [Piece(b"260", ours=False, ended=True)]
    assert not one.holds and side(fed(one, CARD + b"\r"), ours=True) == CARD + b"\r"


def test_where_both_read_everything_each_code_comes_whole() -> None:
    one = Divider(endings("any"), Everything())
    assert [piece.data for piece in fed(one, TEA + b"\r" + MARKED + b"\r")] == [TEA + b"\r", MARKED + b"\r"]


MARKS = b"\x02" + b"".join(endings("any"))  # what begins or ends a code is in none

codes = st.one_of(
    st.just(CARD),
    st.builds(lambda n: b"2600%09d" % n, st.integers(0, 10**9 - 1)),
    st.just(MARKED),
    st.just(b"PA1:ABC"),
    st.binary(min_size=1, max_size=30).map(lambda data: data.translate(None, MARKS)).filter(bool),
)


@given(st.lists(codes, max_size=12), st.data())
def test_in_any_slices_frozen_at_any_moment_nothing_is_lost_doubled_or_torn(
    lines: list[bytes], data: st.DataObject
) -> None:
    stream = b"".join(line + b"\r" for line in lines)
    whole = divider().feed(stream)
    one, pieces, at = divider(), list[Piece](), 0
    while at < len(stream):
        step = data.draw(st.integers(1, 40))
        pieces += one.feed(stream[at : at + step])
        at += step
        if data.draw(st.booleans()):
            state, one = one.frozen(), divider()
            one.thaw(state)
    for ours in (True, False):
        assert side(pieces, ours=ours) == side(whole, ours=ours)
    assert [piece.data for piece in pieces if piece.ours] == [line + b"\r" for line in lines if is_ours(line)]
    assert side(pieces, ours=False) == b"".join(line + b"\r" for line in lines if not is_ours(line))


def is_ours(line: bytes) -> bool:
    return OwnCodes(OWN, Framer()).is_whole(line + b"\r")


@given(st.lists(st.one_of(st.binary(max_size=20), st.none()), max_size=30))
def test_noise_and_silences_never_lose_a_byte(slices: list[bytes | None]) -> None:
    """Sides apart the order is kept; together all bytes are there."""
    one, pieces = divider(), list[Piece]()
    for some in slices:
        pieces += one.quiet() if some is None else one.feed(some)
    pieces += one.quiet()
    assert b"".join(piece.data for piece in pieces) == b"".join(filter(None, slices))


@pytest.mark.parametrize(
    ("habits", "identifiers", "lead"),
    [
        ({"identifier": "maker"}, {"A": "ean", "d2": "other"}, b"A"),
        ({"identifier": "maker"}, {"A": "ean", "d2": "other"}, b"d2"),
        ({"prefix": "<x0B>"}, {}, b"\x0b"),
        ({"prefix": "<x0B>", "identifier": "A"}, {}, b"\x0bA"),
    ],
)
def test_d30_what_the_scanner_puts_before_a_card_does_not_make_it_the_poss(
    habits: dict[str, str], identifiers: dict[str, str], lead: bytes
) -> None:
    plan = SharePlan(
        kind="scanner", name="counter", device="tcp://h:1", door="tcp:0", habits=habits, identifiers=identifiers
    )
    line = line_of(plan)
    one = Divider(line.endings, OwnCodes(OWN, line.framer(), line.leads))
    pieces = fed(one, lead + CARD + b"\r" + lead + TEA + b"\r")
    assert (side(pieces, ours=True), side(pieces, ours=False)) == (lead + CARD + b"\r", lead + TEA + b"\r")
