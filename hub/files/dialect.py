"""How a file is written: its encoding and what stands between its columns, found by looking at it.

Nobody is asked: a spreadsheet's «CSV» is cp1251 with semicolons in Russia, UTF-16 with tabs as «Unicode text», UTF-8
with commas elsewhere, and its owner has never heard of any of these.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from typing import BinaryIO, Final, TextIO

DELIMITERS: Final = {";": "semicolons", ",": "commas", "\t": "tabs"}
CHUNK_BYTES: Final = 1 << 20  # of a file that is looked through
HEAD_CHARACTERS: Final = 65_536  # in which the heading is looked for
HEADING_WITHIN: Final = 20  # records: above it stand a report's title and its filters
SEP_LINE: Final = re.compile(r'"?sep=(.)"?[ \t]*[\r\n]', re.IGNORECASE)  # Excel's own

NOT_TABLES: Final = {
    b"PK\x03\x04": "an Excel or LibreOffice workbook",
    b"\xd0\xcf\x11\xe0": "an Excel 97 workbook, or one under a password",
    b"<": "a web page or XML, whatever its name says",
    b"%PDF": "a PDF",
    b"{\\rtf": "a text of a word processor",
}
SAVE_AS: Final = "open it in a spreadsheet and save it as «CSV UTF-8 (comma delimited)»"


class BadFile(ValueError):
    """No table can be read out of it; the message says what it is and what helps."""


@dataclass(frozen=True, slots=True)
class Dialect:
    encoding: str  # as Python calls it
    delimiter: str
    sep_line: bool = False  # the first line only says what the delimiter is
    sheet: str = ""  # of a workbook, from which it was written out (hub/files/workbook.py)

    def __str__(self) -> str:
        if self.sheet:
            return f"a workbook, sheet «{self.sheet}»"
        return f"{ENCODINGS.get(self.encoding, self.encoding)}, {DELIMITERS.get(self.delimiter, self.delimiter)}"


ENCODINGS: Final = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with a mark",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1251": "Windows-1251",
}


def dialect_of(file: BinaryIO, known: Callable[[Sequence[str]], int]) -> Dialect:
    """`known`: how many of a record's cells are names of columns. Raises BadFile."""
    encoding = encoding_of(file)
    with opened(file, encoding) as text:
        head = text.read(HEAD_CHARACTERS)
    if said := SEP_LINE.match(head):
        return Dialect(encoding, said[1], sep_line=True)
    return Dialect(encoding, max(DELIMITERS, key=lambda delimiter: _fits(head, delimiter, known)))


def _fits(head: str, delimiter: str, known: Callable[[Sequence[str]], int]) -> tuple[int, int]:
    """The more names of columns, and then the more cells, the better. One after the other in `max`: `;` before `,`."""
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    try:
        records = [record for record in islice(reader, HEADING_WITHIN) if any(map(str.strip, record))]
    except csv.Error:
        return (0, 0)
    return max(map(known, records), default=0), len(records[0]) if records else 0


@contextmanager
def opened(file: BinaryIO, encoding: str) -> Iterator[TextIO]:
    """From its beginning; the file stays open. Ends of lines stay as they are: csv knows them all."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        yield text
    finally:
        text.detach()


# the encoding


def encoding_of(file: BinaryIO) -> str:
    """Of the whole file: the last of its lines may be the first with a letter that is not ASCII. Raises BadFile."""
    file.seek(0)
    begin = file.read(4_096)
    for signature, what in NOT_TABLES.items():
        if begin.removeprefix(codecs.BOM_UTF8).lstrip().startswith(signature):
            raise BadFile(f"the file is {what}; {SAVE_AS}")
    if begin.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _checked(file, "utf-16")
    if b"\0" in begin:  # Latin letters and digits of UTF-16, whose mark is lost
        return _checked(file, "utf-16-le" if begin[1::2].count(0) > begin[::2].count(0) else "utf-16-be")
    marked = begin.startswith(codecs.BOM_UTF8)
    spoilt, good = _not_utf_8(file)
    if not spoilt:
        return "utf-8-sig" if marked else "utf-8"
    if marked or good > spoilt:
        raise BadFile(f"the file is UTF-8, but for {spoilt} letters that are broken; export it again")
    return _checked(file, "cp1251")


def _checked(file: BinaryIO, encoding: str) -> str:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in _chunks(file):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise BadFile(f"the file is neither UTF-8 nor {ENCODINGS[encoding]}; {SAVE_AS}") from error
    return encoding


def _not_utf_8(file: BinaryIO) -> tuple[int, int]:
    """How many letters are none in UTF-8, and how many beyond ASCII are some: a few broken ones among many good are
    damage, and a text of Windows-1251 has hardly a good one."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    spoilt = beyond = 0
    for chunk in chain(_chunks(file), (b"",)):
        text = decoder.decode(chunk, final=not chunk)
        if not text.isascii():
            spoilt += text.count("\ufffd")
            beyond += len(text) - len(text.encode("ascii", "ignore"))
    return spoilt, beyond - spoilt


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(CHUNK_BYTES):
        yield chunk
