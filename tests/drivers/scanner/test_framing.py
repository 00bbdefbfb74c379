"""The framer gives the same codes however the line slices them, and never raises."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.scanner.framing import NO_STX, SETTLED_AFTER_QUIETS, SUFFIXES, Frame, Framer, Refusal, strip_aim
from drivers.scanner.reading import NO_READ_WORDS
from drivers.scanner.scan import (
    AFTER_GAP,
    BAD_CHECK_DIGIT,
    CONTROL_CHARACTER,
    LOST_KEYS,
    MAX_CODE_BYTES,
    NOT_UTF8,
    TOO_LONG,
    UNTERMINATED,
)

CODE = st.text(string.ascii_letters + string.digits + "-./+\x1dЖя", min_size=1, max_size=40).filter(
    lambda code: code.casefold() not in NO_READ_WORDS  # these are counted, and no codes
)
# Bytes that mean something to a framer come often, so that the interesting places are reached.
NOISE = st.lists(st.sampled_from([b"\r", b"\n", b"\x02", b"\x03", b"]", b"E", b"4", b"\xd0", b"\xff", b"\x1b"]))
GARBAGE = st.one_of(st.binary(max_size=200), NOISE.map(b"".join))
SUFFIX_NAMES = st.sampled_from(sorted(SUFFIXES))


def fed(data: bytes, suffix: str = "any") -> list[Frame | Refusal]:
    return Framer(suffix).feed(data)


def texts(results: list[Frame | Refusal]) -> list[str]:
    return [result.text for result in results if isinstance(result, Frame)]


@given(GARBAGE, st.lists(st.integers(1, 30)), SUFFIX_NAMES)
def test_any_slicing_gives_the_same_frames(data: bytes, lengths: list[int], suffix: str) -> None:
    framer, sliced, start = Framer(suffix), [], 0
    for length in lengths:
        sliced += framer.feed(data[start : start + length])
        start += length
    sliced += framer.feed(data[start:])
    sliced += framer.quiet()

    whole = Framer(suffix)
    assert sliced == whole.feed(data) + whole.quiet()


@given(GARBAGE, CODE, SUFFIX_NAMES)
def test_a_code_after_garbage_and_a_suffix_is_found_whole(garbage: bytes, code: str, suffix: str) -> None:
    ending = SUFFIXES[suffix][0]
    last = fed(garbage + ending + code.encode() + ending, suffix)[-1]
    assert isinstance(last, Frame)
    assert last.raw == code.encode()
    assert last.flags <= {BAD_CHECK_DIGIT}


@given(st.integers(MAX_CODE_BYTES - 2, MAX_CODE_BYTES + 3), CODE, SUFFIX_NAMES, st.integers(1, 999))
def test_too_long_a_frame_is_dropped_whole_and_the_next_is_read(
    length: int, code: str, suffix: str, slice_length: int
) -> None:
    ending = SUFFIXES[suffix][0]
    data = b"7" * length + ending + code.encode() + ending
    framer, results = Framer(suffix), []
    for start in range(0, len(data), slice_length):
        results += framer.feed(data[start : start + slice_length])
    if length > MAX_CODE_BYTES:
        assert results[0] == Refusal(reason=TOO_LONG)
    else:
        assert texts(results)[0] == "7" * length
    assert len(results) == 2
    assert isinstance(results[1], Frame)
    assert results[1].raw == code.encode()


def test_a_mad_line_holds_no_more_than_one_code() -> None:
    framer = Framer()
    for _ in range(100):
        framer.feed(b"x" * 10_000)
    assert len(framer._held) <= MAX_CODE_BYTES + 1


@pytest.mark.parametrize("ending", [b"\r", b"\n", b"\r\n", b"\x03", b"\x03\r\n"])
def test_any_usual_suffix_ends_a_frame_once(ending: bytes) -> None:
    assert texts(fed(b"4607" + ending + b"4608" + ending)) == ["4607", "4608"]


def test_a_line_feed_inside_a_code_does_not_make_two_codes_when_the_suffix_is_known() -> None:
    assert fed(b"one\ntwo\r", "cr") == [Refusal(reason=f"{CONTROL_CHARACTER}: <LF>", raw=b"one\ntwo")]
    assert fed(b"one\rtwo\r\n", "crlf") == [Refusal(reason=f"{CONTROL_CHARACTER}: <CR>", raw=b"one\rtwo")]


def test_stx_begins_a_frame_and_what_was_held_is_flagged() -> None:
    torn, whole = fed(b"46\x024607\x03")
    assert isinstance(torn, Frame)
    assert (torn.text, torn.flags) == ("46", frozenset({UNTERMINATED}))
    assert isinstance(whole, Frame)
    assert (whole.text, whole.flags) == ("4607", frozenset())


def test_a_gap_ends_a_frame_and_both_halves_are_flagged() -> None:
    framer = Framer()
    framer.feed(b"4607")
    (head,) = framer.quiet()
    (tail,) = framer.feed(b"0001\r")
    (after,) = framer.feed(b"4608\r")
    assert isinstance(head, Frame) and head.flags == {UNTERMINATED}
    assert isinstance(tail, Frame) and tail.flags == {AFTER_GAP}
    assert isinstance(after, Frame) and after.flags == frozenset()


def test_a_code_long_after_a_gap_is_nobodys_tail() -> None:
    framer = Framer()
    framer.feed(b"noise")
    for _ in range(SETTLED_AFTER_QUIETS + 1):
        framer.quiet()
    (frame,) = framer.feed(b"4607\r")
    assert isinstance(frame, Frame) and frame.flags == frozenset()


def test_the_quiet_before_a_code_does_not_vouch_for_its_tail() -> None:
    framer = Framer()
    for _ in range(SETTLED_AFTER_QUIETS):
        framer.quiet()
    framer.feed(b"4607")
    for _ in range(SETTLED_AFTER_QUIETS):  # the first of them ends the code
        framer.quiet()
    (tail,) = framer.feed(b"0001\r")
    assert isinstance(tail, Frame) and tail.flags == {AFTER_GAP}


def test_half_a_code_is_forgotten_when_the_line_is_lost() -> None:
    framer = Framer()
    framer.feed(b"4607")
    framer.reset()
    assert texts(framer.feed(b"0001\r")) == ["0001"]


@pytest.mark.parametrize(
    ("sent", "text", "symbology"),
    [
        (b"]E04600000000015", "4600000000015", "ean13"),
        (b"]E0036000291452", "036000291452", "upca"),
        (b"]E412345670", "12345670", "ean8"),
        (b"]C1010460\x1d21", "010460\x1d21", "code128"),
        (b"]d2010460\x1d21", "010460\x1d21", "datamatrix"),
        (b"]Q1https://shop.example/", "https://shop.example/", "qr"),
        (b"]L2card", "card", "pdf417"),
        (b"]F0A1234A", "A1234A", None),
        (b"]ninja", "]ninja", None),
        (b"4600000000015", "4600000000015", None),
    ],
)
def test_the_aim_identifier_is_a_hint_and_no_part_of_the_code(sent: bytes, text: str, symbology: str | None) -> None:
    (frame,) = fed(sent + b"\r")
    assert frame == Frame(text=text, raw=sent, symbology=symbology, flags=frozenset())


def test_a_wrong_check_digit_of_an_ean_is_flagged() -> None:
    (frame,) = fed(b"]E04600000000010\r")
    assert isinstance(frame, Frame) and frame.flags == {BAD_CHECK_DIGIT}


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (b"\xff\xfe4607", NOT_UTF8),
        (b"4607\x1b[2J", f"{CONTROL_CHARACTER}: <ESC>"),
        (b"46\x0007", f"{CONTROL_CHARACTER}: <NUL>"),
        ("4607\x85".encode(), f"{CONTROL_CHARACTER}: <U+0085>"),
        (b"]E0", "there is nothing after the AIM identifier"),
    ],
)
def test_what_is_no_text_is_refused_with_the_reason(sent: bytes, reason: str) -> None:
    assert fed(sent + b"\r4607\r") == [
        Refusal(reason=reason, raw=sent),
        Frame(text="4607", raw=b"4607", symbology=None, flags=frozenset()),
    ]


def test_a_composite_code_is_each_of_its_messages() -> None:
    ean, addition = fed(b"]E04600000000015]C1(10)AB\x1d21x\r")
    assert ean == Frame(text="4600000000015", raw=b"]E04600000000015", symbology="ean13", flags=frozenset())
    assert addition == Frame(text="(10)AB\x1d21x", raw=b"]C1(10)AB\x1d21x", symbology="code128", flags=frozenset())


@pytest.mark.parametrize(
    "sent", [b"]Q1https://shop.example/]C1", b"4600000000015]C1x", b"]E04600000000015]", b"]C1x]E01"]
)
def test_what_looks_like_an_identifier_in_the_middle_of_another_code_is_its_text(sent: bytes) -> None:
    (frame,) = fed(sent + b"\r")
    assert isinstance(frame, Frame) and frame.raw == sent


def test_with_a_prefix_agreed_what_comes_outside_is_no_code() -> None:
    framer = Framer("cr", "stx")
    assert framer.feed(b"4607\r") == [Refusal(reason=NO_STX, raw=b"4607")]
    assert texts(framer.feed(b"noise\x024607\r\x02\r4608\r\x024609\r")) == ["4607", "4609"]


@given(GARBAGE, CODE, SUFFIX_NAMES)
def test_with_a_prefix_agreed_a_code_is_found_in_the_middle_of_anything(garbage: bytes, code: str, suffix: str) -> None:
    framer = Framer(suffix, "stx")
    last = framer.feed(garbage + b"\x02" + code.encode() + SUFFIXES[suffix][0])[-1]
    assert isinstance(last, Frame) and last.raw == code.encode()
    assert last.flags <= {BAD_CHECK_DIGIT}


def test_after_opening_what_comes_before_the_first_quiet_spell_may_be_a_tail() -> None:
    framer = Framer()
    framer.reset()
    first, second = framer.feed(b"0001\r4607\r")
    assert isinstance(first, Frame) and first.flags == {AFTER_GAP}
    assert isinstance(second, Frame) and second.flags == frozenset()
    framer.reset()
    framer.quiet()
    (frame,) = framer.feed(b"4607\r")
    assert isinstance(frame, Frame) and frame.flags == frozenset()


def test_a_spoilt_code_is_flagged_and_the_next_is_not() -> None:
    framer = Framer()
    framer.feed(b"46")
    framer.spoil(LOST_KEYS)
    spoilt, clean = framer.feed(b"07\r4608\r")
    assert isinstance(spoilt, Frame) and spoilt.flags == {LOST_KEYS}
    assert isinstance(clean, Frame) and clean.flags == frozenset()


@given(st.text(max_size=6))
def test_stripping_never_loses_a_text_that_has_no_identifier(text: str) -> None:
    rest, symbology = strip_aim(text)
    assert text.endswith(rest)
    if not text.startswith("]"):
        assert (rest, symbology) == (text, None)
