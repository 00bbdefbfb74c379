"""What the bytes of a job mean, read by somebody else.

`read` below is written from Epson's command reference and knows only what a job of ours may hold: any other byte
is an error. It shares no constant and no table with the encoder. Documents made at random must come back from it,
and their codes from the emulated printer's paper, through a decoder that knows nothing of printers.

HYPOTHESIS_PROFILE=long asks for 100,000 hostile names instead of 1,000, and for more documents.
"""

from __future__ import annotations

import os
import random
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from drivers.printer.document import (
    QR,
    Barcode,
    Block,
    Buzzer,
    Columns,
    Cut,
    Document,
    Drawer,
    Feed,
    Logo,
    Rule,
    Text,
    ean13_check_digit,
)
from drivers.printer.emulator.server import PrinterServer
from drivers.printer.encode import encode, flush
from drivers.printer.profile import PrinterProfile

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
DOCUMENTS = 5_000 if LONG else 300
PICTURED = 1_000 if LONG else 25
HOSTILE = 100_000 if LONG else 1_000
TABLES = {7: "cp866", 17: "cp866", 34: "cp855", 46: "cp1251"}  # ESC t n: Epson's, and Rongta's 7


@dataclass(frozen=True)
class Style:
    align: int = 0
    bold: bool = False
    size: int = 0


@dataclass(frozen=True)
class Row:
    text: str
    style: Style


@dataclass(frozen=True)
class Code:
    """A code that the printer draws: "QR", "EAN-13" or "CODE128"."""

    kind: str
    text: str
    align: int
    dots: int  # a module


@dataclass(frozen=True)
class Dots:
    """A picture, its bands put together; 1 is black."""

    width: int
    rows: int
    bits: bytes
    align: int

    def image(self) -> Image.Image:
        return Image.frombytes("1", (self.width, self.rows), bytes(byte ^ 0xFF for byte in self.bits)).convert("L")


Item = Row | Code | Dots | str  # words: "cut", "feed N", "gap", "drawer 2", "buzz 3", "proof ID", "asb", "paper?"


class Job:
    """Cuts a job into commands, one at the place `at`."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, count: int) -> bytes:
        taken = self.data[self.at : self.at + count]
        assert len(taken) == count, f"the job ends inside a command at {self.at}"
        self.at += count
        return taken

    def byte(self) -> int:
        return self.take(1)[0]

    def word(self) -> int:
        return int.from_bytes(self.take(2), "little")

    def until_nul(self) -> bytes:
        end = self.data.index(b"\0", self.at)
        return self.take(end - self.at + 1)[:-1]


def read(data: bytes) -> list[Item]:
    """The paper, top to bottom. Asserts that the job begins from a known state and ends with its last line printed."""
    assert data.startswith(b"\x1b\x40\x1c\x2e\x1b\x74"), "every job: ESC @, FS ., ESC t n"
    job, items = Job(data), list[Item]()
    letters, table, align, bold, size = bytearray(), "cp437", 0, False, 0
    qr, module, bar_height, bar_module, bar_text = b"", 3, 162, 3, 0
    stored: Dots | None = None
    while job.at < len(data):
        first = job.byte()
        if first == 0x0A:
            items.append(Row(letters.decode(table), Style(align, bold, size) if letters else Style()))
            letters.clear()
            continue
        if first not in (0x1B, 0x1C, 0x1D):
            assert first >= 0x20 and first != 0x7F, f"control byte {first:02x} at {job.at - 1}"
            letters.append(first)
            continue
        command = bytes([first]) + job.take(1)
        if command not in (b"\x1b\x45", b"\x1d\x21"):
            assert not letters, f"{command!r} in the middle of a line"
        match command:
            case b"\x1b\x40":
                assert job.at == 2
            case b"\x1c\x2e":
                pass
            case b"\x1b\x74":
                table = TABLES[job.byte()]
            case b"\x1b\x61":
                align = job.byte()
                assert align in (0, 1, 2)
            case b"\x1b\x45":
                bold = bool(job.byte())
            case b"\x1d\x21":
                size = job.byte()
                assert size in (0x00, 0x11)
            case b"\x1b\x64":
                items.append(f"feed {job.byte()}")
            case b"\x1b\x4a":
                assert job.byte() >= 8
                items.append("gap")
            case b"\x1b\x70":
                items.append(f"drawer {(2, 5)[job.byte()]}")
                on, off = job.take(2)
                assert 0 < on <= off
            case b"\x1b\x42":
                items.append(f"buzz {job.byte()}")
                assert 1 <= job.byte() <= 9
            case b"\x1d\x61":
                assert job.byte() == 255
                items.append("asb")
            case b"\x1d\x72":
                assert job.byte() == 1
                items.append("paper?")
            case b"\x1d\x56":
                assert job.take(2) == b"\x42\x00"
                items.append("cut")
            case b"\x1d\x68":
                bar_height = job.byte()
            case b"\x1d\x77":
                bar_module = job.byte()
            case b"\x1d\x66":
                job.byte()
            case b"\x1d\x48":
                bar_text = job.byte()
            case b"\x1d\x6b":
                items.append(barcode_of(job, align, bar_module))
                assert bar_text == 2 and bar_height >= 40
            case b"\x1d\x76":
                assert job.take(2) == b"\x30\x00"
                width, rows = job.word(), job.word()
                add_band(items, Dots(width * 8, rows, job.take(width * rows), align))
            case b"\x1d\x28":
                kind, inner = job.byte(), Job(job.take(job.word()))
                if kind == 0x48:
                    assert inner.take(2) == b"00"
                    items.append("proof " + inner.take(4).decode("ascii"))
                elif kind == 0x4C:
                    stored = graphics_of(inner, items, stored, align)
                else:
                    assert kind == 0x6B and inner.byte() == 0x31
                    match inner.byte():
                        case 65:
                            assert inner.take(2) == b"2\0"
                        case 67:
                            module = inner.byte()
                        case 69:
                            assert inner.byte() == 49  # M
                        case 80:
                            assert inner.byte() == 0x30
                            qr = inner.take(len(inner.data) - 3)
                        case 81:
                            assert inner.byte() == 0x30
                            items.append(Code("QR", qr.decode("utf-8"), align, module))
                assert inner.at == len(inner.data)
            case _:
                raise AssertionError(f"unknown command {command!r} at {job.at - 2}")
    assert not letters and stored is None
    return [item for item in without_words(items) if item != "gap"]


def without_words(items: list[Item]) -> list[Item]:
    """Without what is asked for along the job; the last word stays, and the bands of a picture are put together."""
    asked = [at for at, item in enumerate(items) if isinstance(item, str) and item.startswith(("proof ", "paper?"))]
    last = asked[-1] if asked else None
    names = [str(items[at]) for at in asked]
    assert all(name == "paper?" or name[-3:] == names[-1][-3:] for name in names), "of this attempt"
    assert len(set(names)) == len(names) or names[-1] == "paper?" or len(names) > 58
    kept: list[Item] = []
    for at, item in enumerate(items):
        if isinstance(item, Dots):
            add_band(kept, item)
        elif at == last or at not in asked:
            kept.append(item)
    return kept


def barcode_of(job: Job, align: int, module: int) -> Code:
    kind = job.byte()
    if kind == 2:
        return Code("EAN-13", job.until_nul().decode("ascii"), align, module)
    assert kind == 73
    data = job.take(job.byte()).decode("ascii")
    assert data.startswith("{B")  # and in set B, a brace is two
    return Code("CODE128", re.sub(r"\{(.)", lambda match: {"{": "{"}[match[1]], data[2:]), align, module)


def graphics_of(inner: Job, items: list[Item], stored: Dots | None, align: int) -> Dots | None:
    assert inner.byte() == 0x30
    if inner.byte() == 0x70:
        assert stored is None and inner.take(4) == b"\x30\x01\x01\x31"
        width, rows = inner.word(), inner.word()
        return Dots((width + 7) // 8 * 8, rows, inner.take((width + 7) // 8 * rows), align)
    assert stored is not None
    add_band(items, stored)
    return None


def add_band(items: list[Item], band: Dots) -> None:
    last = items[-1] if items else None
    if isinstance(last, Dots) and (last.width, last.align) == (band.width, band.align):
        items[-1] = Dots(last.width, last.rows + band.rows, last.bits + band.bits, last.align)
    else:
        items.append(band)


def scanned(image: Image.Image) -> list[tuple[str, str]]:
    """Every code of a picture, from top to bottom. Code 128 gets the checks of a second decoder's format names."""
    names = {
        zxingcpp.BarcodeFormat.QRCode: "QR",
        zxingcpp.BarcodeFormat.EAN13: "EAN-13",
        zxingcpp.BarcodeFormat.Code128: "CODE128",
    }
    found = zxingcpp.read_barcodes(np.asarray(image), formats=zxingcpp.BarcodeFormats(list(names)))
    found.sort(key=lambda code: code.position.top_left.y)
    return [(names[code.format], code.bytes.decode("utf-8")) for code in found]


def obeyed_at_once(job: bytes) -> list[str]:
    """DLE EOT, DLE ENQ, DLE DC4: a printer acts on these wherever they stand."""
    return [match.group().hex() for match in re.finditer(rb"\x10[\x04\x05\x14]", job)]


# Documents

WORD = st.text("абвгдёжзийщъыьэюяАЁЖЯabcXYZ0123456789.,-+%№()!?/\"'", min_size=1, max_size=14)
WORDS = st.lists(WORD, min_size=1, max_size=6).map(" ".join)
NAMES = st.lists(WORD, min_size=1, max_size=3).map(" ".join)  # four lines of double letters hold any of these
AMOUNTS = st.integers(0, 9_999_999).map(lambda kopecks: f"{kopecks // 100},{kopecks % 100:02d}")
TEXTS = st.builds(
    Text, WORDS, align=st.sampled_from(["left", "center", "right"]), bold=st.booleans(), double=st.booleans()
)
COLUMNS = st.builds(Columns, NAMES, AMOUNTS, bold=st.booleans(), double=st.booleans())
QRS = st.builds(QR, st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=60), st.integers(3, 8))
EANS = st.integers(0, 10**12 - 1).map(lambda n: f"{n:012d}").map(lambda d: Barcode(d + ean13_check_digit(d)))
CODE128S = st.builds(
    Barcode,
    st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=24).filter(
        lambda text: text == text.strip() and "  " not in text
    ),
    symbology=st.just("code128"),
)
RULES = st.builds(Rule, st.sampled_from(["-", "=", "."]))
FEEDS, DRAWERS, BUZZERS = (
    st.builds(Feed, st.integers(1, 20)),
    st.builds(Drawer, st.sampled_from([2, 5])),
    st.just(Buzzer(3)),
)
BLOCKS: st.SearchStrategy[Block] = st.one_of(
    TEXTS, COLUMNS, RULES, QRS, EANS, CODE128S, FEEDS, DRAWERS, BUZZERS, st.just(Cut())
)
CODES: st.SearchStrategy[QR | Barcode] = st.one_of(QRS, EANS, CODE128S)
PROFILES = st.builds(
    PrinterProfile,
    name=st.just("any"),
    columns=st.just(32),
    width_dots=st.just(384),
    codepage=st.sampled_from(["cp866", "cp1251"]),
    qr=st.booleans(),
    barcode=st.booleans(),
    image=st.sampled_from(["raster", "graphics"]),
    buzzer=st.booleans(),
    drawer=st.booleans(),
    cutter=st.booleans(),
    asb=st.booleans(),
    proof=st.sampled_from(["process_id", "gs_r", "none"]),
    qr_max_bytes=st.sampled_from([0, 251, 500]),
) | st.builds(PrinterProfile, name=st.just("wide"), columns=st.just(48), width_dots=st.just(576))


def with_its_slot(profile: PrinterProfile) -> PrinterProfile:
    slot = next(slot for slot, codec in TABLES.items() if codec == profile.codepage)
    return PrinterProfile(**{name: getattr(profile, name) for name in profile.__slots__} | {"slot": slot})


class Paper:
    """What was read, taken item by item while it is held against the document."""

    def __init__(self, items: Iterable[Item]) -> None:
        self.left = list(items)

    def next(self) -> Item:
        return self.left.pop(0)

    def row(self, style: Style) -> str:
        row = self.next()
        assert isinstance(row, Row) and row.style == style, row
        return row.text


def lines_of(paper: Paper, words: list[str], style: Style, columns: int) -> Iterator[str]:
    """Takes lines until all the words stood there, in order; a word longer than the line goes on in the next one."""
    missing = "".join(words)
    while missing:
        line = paper.row(style)
        assert 0 < len(line) <= columns and line == line.rstrip()
        letters = line.replace(" ", "")
        assert missing.startswith(letters), (missing, line)
        missing = missing[len(letters) :]
        yield line


def agrees(block: Block, paper: Paper, profile: PrinterProfile) -> None:
    """Takes what the block stands for off the paper, or fails."""
    match block:
        case Text():
            style = Style(("left", "center", "right").index(block.align), block.bold, 0x11 if block.double else 0)
            lines = list(lines_of(paper, block.text.split(), style, profile.columns // (1 + block.double)))
            assert " ".join(lines).split() == block.text.split() or max(map(len, block.text.split())) > 16
        case Columns():
            columns = profile.columns // (1 + block.double)
            style = Style(0, block.bold, 0x11 if block.double else 0)
            *_, last = lines_of(paper, [*block.left.split(), block.right], style, columns)
            assert last.endswith(block.right) and len(last) == columns
        case Rule():
            assert paper.row(Style()) == block.char * profile.columns
        case QR():
            drawn = profile.qr and len(block.data.encode()) <= profile.qr_max_bytes
            assert_code(paper.next(), "QR", block.data, drawn)
        case Barcode() if block.symbology == "ean13":
            assert_code(paper.next(), "EAN-13", block.data, profile.barcode)
            if not profile.barcode:
                assert paper.row(Style(1)) == block.data
        case Barcode():
            assert_code128(block.data, paper, profile)
        case Feed():
            assert paper.next() == f"feed {block.lines}"
        case Cut():
            assert paper.next() == ("cut" if profile.cutter else "feed 4")
        case Drawer():
            assert not profile.drawer or paper.next() == f"drawer {block.pin}"
        case Buzzer():
            assert not profile.buzzer or paper.next() == f"buzz {block.times}"


def assert_code(item: Item, kind: str, text: str, native: bool) -> None:
    if native:
        assert isinstance(item, Code) and (item.kind, item.text, item.align) == (kind, text, 1)
        return
    assert isinstance(item, Dots) and item.align == 1
    assert scanned(with_margins(item.image())) == [(kind, text)]


def assert_code128(data: str, paper: Paper, profile: PrinterProfile) -> None:
    """By the printer if its set B has room, by us if pairs of digits have, else in letters."""
    native = profile.barcode and (35 + 11 * len(data) + 20) * 2 <= profile.width_dots
    item = paper.left[0]
    if native or isinstance(item, Dots):
        assert_code(paper.next(), "CODE128", data, native)
    if not native:
        assert "".join(lines_of(paper, data.split(), Style(1), profile.columns)).replace(" ", "") == data.replace(
            " ", ""
        )


def with_margins(image: Image.Image) -> Image.Image:
    margins = Image.new("L", (image.width + 80, image.height + 80), 255)
    margins.paste(image, (40, 40))
    return margins


@settings(max_examples=DOCUMENTS, deadline=None)
@given(st.lists(BLOCKS, max_size=8), PROFILES)
def test_any_document_comes_back_from_its_bytes(blocks: list[Block], profile: PrinterProfile) -> None:
    profile = with_its_slot(profile)
    job = encode(Document(tuple(blocks)), profile, attempt_id="R001")
    assert obeyed_at_once(job) == []
    items = read(job)
    assert items.count("asb") == profile.asb and (not profile.asb or items[0] == "asb")
    proof = {"process_id": ["proof R001"], "gs_r": ["paper?"], "none": []}[profile.proof]
    assert [item for item in items if item in ("proof R001", "paper?")] == proof
    after = items[items.index(proof[0]) + 1 :] if proof else []
    assert not any(isinstance(item, Row | Code | Dots) for item in after)
    paper = Paper(item for item in items if item not in ("asb", "proof R001", "paper?"))
    for block in blocks:
        agrees(block, paper, profile)
    assert paper.left == []


@settings(max_examples=PICTURED, deadline=None)
@given(data=st.data())
def test_the_codes_of_any_document_are_read_from_the_emulated_printers_paper(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    # Different ones: the decoder takes two equal barcodes for one that it saw twice.
    blocks = data.draw(st.lists(CODES, min_size=1, max_size=3, unique_by=lambda block: (type(block), block.data)))
    profile = with_its_slot(data.draw(PROFILES.filter(lambda profile: profile.codepage == "cp866")))
    job = encode(
        Document((Text("Чек"), *(block for code in blocks for block in (code, Text("Ещё"))), Cut())),
        profile,
        attempt_id="R002",
    )
    expected = [(item.kind, item.text) for item in read(job) if isinstance(item, Code)]
    drawn = [scanned(with_margins(item.image())) for item in read(job) if isinstance(item, Dots)]
    both = sorted(expected + [code for codes in drawn for code in codes])
    assert sorted(scanned(printed(tmp_path_factory.mktemp("paper"), job, profile))) == both


def printed(folder: Path, job: bytes, profile: PrinterProfile) -> Image.Image:
    with PrinterServer(folder, columns=profile.columns) as server:
        pass
    server.machine.receive(job)
    server.machine.receive(b"\x1dV\x00")  # a printer without a knife: torn off here
    return Image.open(min(folder.glob("receipt-*.png")))


# Names

ESCAPES = [
    "\x1b@",
    "\x1bp\x00\x19\xfa",
    "\x10\x14\x01\x00\x01",
    "\x10\x04\x01",
    "\x1dV\x00",
    "\x1c&",
    "\x1d(L",
    "\x00",
    "\x18",
]
BIDI = ["\u202e", "\u2066", "\u200f", "\u061c", "\u202c"]
INVISIBLE = ["\u200b", "\u200d", "\ufeff", "\xad", "\u2060", "\U000e0041", "\ufe0f"]
ODD = [
    "\ud800",
    "\udfff",
    "\x85",
    "\x9b",
    "\x9b0m",
    "\t",
    "\r\n",
    "\n",
    "\u2028",
    "\xa0",
    "\u3000",
    "й",
    "Zа́̈̆",
    "\u0301",
]
STRANGE = ["漢字", "😀", "👨‍👩‍👧", "ﷺ", "½", "№", "«Алёнка»", "×2", "₽", "ﬁ", "Ⅷ", "\ue000", "\U0010ffff", "İ", "ß"]
PIECES = [*ESCAPES, *BIDI, *INVISIBLE, *ODD, *STRANGE, "Шоколад ", "молоко 3,2 %", " ", "  ", "X" * 60, "-"]


def hostile(chance: random.Random) -> str:
    """Pieces that have hurt somebody, and any characters at all; one in fifty is as long as 4 KB."""
    pieces = [
        chance.choice(PIECES) if chance.random() < 0.7 else chr(chance.randrange(0x110000))
        for _ in range(chance.randint(0, 12))
    ]
    name = "".join(pieces)
    return (name * 4096)[:4096] if chance.random() < 0.02 else name


def test_no_name_becomes_a_command_and_every_line_keeps_its_width() -> None:
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    profiles = [
        PrinterProfile(name="58", columns=32, width_dots=384),
        PrinterProfile(name="80", columns=48, width_dots=576, codepage="cp1251", slot=46),
        PrinterProfile(name="42", codepage="cp855", slot=34),
    ]
    for number in range(HOSTILE):
        name, other = hostile(chance), hostile(chance)
        profile, double = profiles[number % 3], chance.random() < 0.3
        document = Document(
            (Text(name, align="center", bold=True, double=double), Columns(name, other, double=double), Rule())
        )
        job = encode(document, profile, attempt_id="H001", mark=other)
        assert obeyed_at_once(job) == []
        items = read(job)
        assert [item for item in items if not isinstance(item, Row)] == ["asb", "proof H001"], (number, name)
        for row in items:
            if isinstance(row, Row):
                assert len(row.text) * (1 + (row.style.size == 0x11)) <= profile.columns, (number, name)
                assert row.text == row.text.rstrip(), (number, name)
                assert not any(unicodedata.category(char) in ("Cc", "Cf", "Cs") for char in row.text), (number, name)
        rules = [item for item in items if isinstance(item, Row) and item.text == "-" * profile.columns]
        assert rules, (number, name)


@settings(max_examples=DOCUMENTS, deadline=None)
@given(st.lists(BLOCKS, max_size=8), PROFILES.filter(lambda profile: profile.proof != "none"))
def test_a_word_is_asked_for_along_every_long_job(blocks: list[Block], profile: PrinterProfile) -> None:
    """Between two of them lie 512 bytes, or one command that is longer: a QR of ours, with its quiet zone and style."""
    job = encode(Document(tuple(blocks)), with_its_slot(profile), attempt_id="R003")
    ask = rb"\x1d\(H\x06\x0000[!-~]003" if profile.proof == "process_id" else rb"\x1dr\x01"
    *along, last = re.finditer(ask, job)
    ends = [0, *(found.end() for found in along)]
    starts = [found.start() for found in (*along, last)]
    assert all(0 < start - end <= 580 for end, start in zip(ends, starts, strict=True))
    assert len(along) <= len(job) // 256 and (along == [] or len(job) > 512)


# Pictures, and what is left of a torn job


def png(image: Image.Image, folder: Path) -> bytes:
    path = folder / "logo.png"
    image.save(path, format="PNG")
    return path.read_bytes()


@pytest.mark.parametrize("image", ["raster", "graphics"])
def test_a_logo_comes_out_dot_by_dot_and_a_transparent_ground_is_paper(
    tmp_path: Path, image: Literal["raster", "graphics"]
) -> None:
    drawn = Image.new("RGBA", (104, 150), (0, 0, 0, 0))
    drawn.paste((0, 0, 0, 255), (8, 10, 24, 140))
    profile = PrinterProfile(name="x", columns=32, width_dots=384, proof="none", asb=False, image=image)
    (dots,) = read(encode(Document((Logo(png(drawn, tmp_path)),)), profile, attempt_id="L001"))
    assert isinstance(dots, Dots) and (dots.width, dots.rows, dots.align) == (104, 150, 1)
    black = np.asarray(dots.image()) == 0
    assert black[10:140, 8:24].all() and black.sum() == 130 * 16


def test_a_logo_becomes_as_wide_as_the_paper_and_grey_becomes_dots(tmp_path: Path) -> None:
    grey = Image.new("L", (800, 100), 128)
    profile = PrinterProfile(name="x", columns=32, width_dots=384, proof="none", asb=False)
    (dots,) = read(encode(Document((Logo(png(grey, tmp_path)),)), profile, attempt_id="L002"))
    assert isinstance(dots, Dots) and (dots.width, dots.rows) == (384, 48)
    assert 0.4 < (np.asarray(dots.image()) == 0).mean() < 0.6


def test_a_receipt_with_a_broken_logo_is_a_receipt(tmp_path: Path) -> None:
    whole = png(Image.effect_noise((90, 90), 80), tmp_path)
    assert len(whole) < 16_384
    bad_chunk = whole[:33] + b"\0\0\0\1gAMAxxxxx" + whole[33:]
    dots_at = whole.index(b"IDAT")
    half_said = whole[: dots_at - 4] + (2_000).to_bytes(4, "big") + whole[dots_at:]
    for broken in (whole[:40], whole[:-200], whole[:60] + b"\xff" * 60 + whole[120:], bad_chunk, half_said):
        job = encode(Document((Logo(broken), Text("Чек"))), PrinterProfile(name="x", asb=False), attempt_id="L003")
        assert read(job) == [Row("Чек", Style()), "proof L003"]


def test_no_picture_opens_the_drawer(tmp_path: Path) -> None:
    """A printer obeys real-time commands inside of pictures too. Each such place gets one dot more, no other."""
    wicked = b"\x10\x14\x01\x00\x01\x10\x04\x02\x10\x05\x02\x10\x10\x04\x01" * 16
    image = Image.frombytes("1", (120, 16), bytes(byte ^ 0xFF for byte in wicked))
    job = encode(Document((Logo(png(image, tmp_path)),)), PrinterProfile(name="x", proof="none"), attempt_id="L004")
    assert obeyed_at_once(job) == []
    (dots,) = (item for item in read(job) if isinstance(item, Dots))
    changed = [(before, after) for before, after in zip(wicked, dots.bits, strict=True) if before != after]
    assert set(changed) == {(0x10, 0x18)} and len(changed) == 4 * 16


def test_after_a_torn_job_and_a_flush_the_next_one_is_read_as_it_is(tmp_path: Path) -> None:
    """The emulated printer swallows what is missing; without the NULs it would swallow the next receipt's start."""
    logo = Logo(png(Image.effect_noise((96, 120), 80), tmp_path))
    profile = PrinterProfile(name="x", columns=32, width_dots=384, qr=False, drawer=False)
    torn = encode(
        Document((Text("Порван"), logo, QR("x" * 100), Barcode("4607012345677"), Cut())), profile, attempt_id="F001"
    )
    native = encode(
        Document((QR("x" * 500), Barcode("A{7", symbology="code128"))),
        PrinterProfile(name="y", qr_max_bytes=500),
        attempt_id="F002",
    )
    whole = encode(Document((Text("Целый", bold=True), Rule(), Cut())), profile, attempt_id="F003")
    chance = random.Random(7)
    for job in (torn, native):
        for cut in sorted(chance.sample(range(1, len(job)), 25)):
            with PrinterServer(tmp_path / f"{len(job)}-{cut}", columns=32) as server:
                pass
            server.machine.receive(job[:cut] + flush(profile) + whole)
            last = max((tmp_path / f"{len(job)}-{cut}").glob("receipt-*.txt"))
            assert last.read_text("utf-8").rstrip().endswith("Целый\n" + "-" * 32), cut
