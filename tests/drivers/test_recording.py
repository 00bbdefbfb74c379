"""The format of a recording, and what masking makes of it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.masking import ByteDigits, Masker, ean_holds, luhn_holds, masked_number
from drivers.masking_keys import KeyDigits
from drivers.recording import (
    Entry,
    Event,
    Recording,
    RecordingError,
    bytes_of,
    head_lines,
    line_of,
    pause_s,
    read_recording,
    signs_of,
)

KEY = b"a key of one recording"
HEAD = "# pos-agent recording 1 scanner\n"
CARD = "2600000000017"


def read(*lines: str) -> Recording:
    return read_recording([HEAD, *lines], "a.rec")


@settings(max_examples=300)
@given(st.binary(max_size=60))
def test_any_bytes_come_back_from_their_signs(data: bytes) -> None:
    written = signs_of(data)
    assert bytes_of(written) == data
    assert written.isprintable() and written == written.strip()


def test_signs_are_readable() -> None:
    assert signs_of(b"]E0460<\r") == "]E0460<x3C0D>"
    assert signs_of(b"\x02460\r\n") == "<STX>460<CR><LF>"
    assert signs_of(b"\x1b@\x1bt\x11") == "<ESC>@<ESC>t<DC1>"
    assert signs_of("Ж".encode()) == "<xD096>"


ENTRIES = (
    Entry(at_ms=0, what="open"),
    Entry(at_ms=5, what="in", data=b" 460\r"),
    Entry(at_ms=5, what="out", data=b"\x10\x04\x01"),
    Entry(at_ms=90, what="keys", events=((4, 4, 458782), (1, 28, 1), (0, 0, 0))),
    Entry(at_ms=95, what="frame", data=b"\xff\xd8\xff\xd9"),
    Entry(at_ms=96, what="lost", text="the other side closed"),
    Entry(at_ms=99, what="end"),
)


def test_every_kind_of_entry_comes_back() -> None:
    lines = [*head_lines("scanner", {"of": "tcp://a:1", "masked": "yes"}), *map(line_of, ENTRIES)]
    recording = read_recording([line + "\n" for line in lines])
    assert recording.entries == ENTRIES
    assert recording.kind == "scanner" and recording.masked and recording.facts["of"] == "tcp://a:1"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("x in 460\n", "line 2: it begins with 'x', where the milliseconds"),
        ("5 inn 460\n", "line 2: 'inn' is none of open, close, lost"),
        ("5 in <CRR>\n", "line 2: <CRR> is no control character"),
        ("5 in <x1>\n", "line 2: '<x1>' is no sign"),
        ("5 in Ж\n", "line 2: a letter beyond ASCII"),
        ("5 keys 1.28\n", "line 2: '1.28' is no event"),
        ("5 keys 1.99999.1\n", "line 2: '1.99999.1' is no event"),
        ("5 frame !\n", "line 2: the picture is damaged"),
        ("999999999999 in a\n", "line 2: it begins with"),
    ],
)
def test_a_damaged_line_is_told_by_its_number(line: str, words: str) -> None:
    with pytest.raises(RecordingError, match="a.rec, " + words.replace(".", r"\.")):
        read(line, "6 end\n")


@settings(max_examples=300)
@given(
    st.lists(st.one_of(st.text(max_size=40), st.sampled_from([line_of(entry) for entry in ENTRIES])), max_size=6),
    st.integers(0, 60),
    st.binary(max_size=2),
)
def test_whatever_stands_there_it_is_read_or_told(lines: list[str], place: int, noise: bytes) -> None:
    text = HEAD + "".join(line + "\n" for line in lines)
    damaged = text[:place] + noise.decode("latin-1") + text[place:]
    try:
        recording = read_recording(damaged.splitlines(keepends=True), "a.rec")
    except RecordingError as error:
        assert str(error).startswith("a.rec, line ")
    else:
        assert all(entry == read_recording([HEAD, line_of(entry) + "\n"]).entries[0] for entry in recording.entries)


def test_time_does_not_run_back() -> None:
    with pytest.raises(RecordingError, match="line 3: 4 ms is earlier"):
        read("5 in a\n", "4 in b\n")


def test_a_line_that_a_power_cut_tore_is_passed_over() -> None:
    assert [entry.data for entry in read("5 in a\n", "9 in <x1").entries] == [b"a"]


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("", "this is no recording"),
        ("{}\n", "this is no recording"),
        ("# pos-agent recording 2 scanner\n", "of version 2"),
        ("# pos-agent recording 1 kettle\n", "'kettle' is none of scanner, camera, printer"),
    ],
)
def test_what_is_no_recording_is_told(head: str, words: str) -> None:
    with pytest.raises(RecordingError, match=words):
        read_recording([head])


def test_only_long_pauses_are_shortened() -> None:
    assert [pause_s(ms, 10) for ms in (90, 500, 4000, 20_000)] == [0.09, 0.5, 0.5, 2.0]


@given(st.text("0123456789", min_size=8, max_size=40))
def test_a_masked_number_is_another_of_the_same_kind(digits: str) -> None:
    made = masked_number(digits, KEY)
    assert made != digits and len(made) == len(digits) and made[:4] == digits[:4]
    assert ean_holds(made) or not ean_holds(digits)
    assert luhn_holds(made) or not luhn_holds(digits)
    assert made == masked_number(digits, KEY)


def test_known_check_digits() -> None:
    assert ean_holds(CARD) and luhn_holds("4561261212345467") and not luhn_holds("4561261212345464")


def masked(entries: list[Entry], masker: Masker) -> list[Entry]:
    taken = [settled for entry in entries for settled in masker.take(entry)]
    return [*taken, *masker.flush()]


@pytest.mark.parametrize("sizes", [(1,) * 15, (4, 9, 2), (15,)])
def test_a_number_is_masked_however_it_was_cut(sizes: tuple[int, ...]) -> None:
    data, entries = b"A" + CARD.encode() + b"\r", []
    for at, size in enumerate(sizes):
        entries.append(Entry(at_ms=at, what="in", data=data[:size]))
        data = data[size:]
    came = masked(entries, Masker(KEY, ByteDigits()))
    assert [(entry.at_ms, len(entry.data)) for entry in came] == [(e.at_ms, len(e.data)) for e in entries]
    assert b"".join(entry.data for entry in came) == b"A" + masked_number(CARD, KEY).encode() + b"\r"


def test_an_identifier_is_no_part_of_the_number() -> None:
    wanted = masked_number(CARD, KEY)
    entry = Entry(at_ms=0, what="in", data=f"]E0{CARD}\r".encode())
    assert [came.data for came in masked([entry], Masker(KEY, ByteDigits()))] == [f"]E0{wanted}\r".encode()]
    keys = (*pressed(27, 18), *in_row("0" + CARD), *pressed(28))
    came = masked([Entry(at_ms=0, what="keys", events=keys)], Masker(KEY, KeyDigits()))
    hoped = [*pressed(27, 18), *in_row("0" + wanted), *pressed(28)]
    assert list(came[0].events) == [event for event in hoped if event[0] != 4]


def test_short_numbers_stay() -> None:
    entry = Entry(at_ms=0, what="in", data=b"1 234.50 12:30 29.11.2026 \r")
    assert masked([entry], Masker(KEY, ByteDigits())) == [entry]


ROW = {digit: code for code, digit in enumerate("1234567890", 2)}
PAD = dict(zip("7894561230", (71, 72, 73, 75, 76, 77, 79, 80, 81, 82), strict=True))


def pressed(*codes: int) -> list[Event]:
    return [
        event for code in codes for event in ((4, 4, code), (1, code, 1), (0, 0, 0), (1, code, 0), (0, 0, 0))
    ]  # fmt: skip


def in_row(digits: str) -> list[Event]:
    return pressed(*(ROW[digit] for digit in digits))


def under_alt(digits: str) -> list[Event]:
    made = []
    for digit in digits:
        made += [(1, 56, 1), *pressed(*(PAD[key] for key in f"{48 + int(digit):03}")), (1, 56, 0)]
    return made


@pytest.mark.parametrize("typed", [in_row, under_alt])
def test_pressed_digits_are_masked_with_their_releases(typed: object) -> None:
    assert callable(typed)
    events = [*typed(CARD), *pressed(28)]
    entries = [Entry(at_ms=at, what="keys", events=tuple(events[at : at + 6])) for at in range(0, len(events), 6)]
    came = [event for entry in masked(entries, Masker(KEY, KeyDigits())) for event in entry.events]
    wanted = [*typed(masked_number(CARD, KEY)), *pressed(28)]
    assert came == [event for event in wanted if event[0] != 4]
