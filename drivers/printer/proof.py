"""Proof: the words a printer is asked to say along a job, which of them came, and what that is worth.

A serial line does not break when the printer is switched off and on: the end of a long job comes out all the same, and
its last word alone would prove a receipt whose middle is missing. So a word is asked for every 512 bytes, and a job
is proved when all of them came, in order. By GS r, whose answers carry no name, the words are counted.

                     the next one                  the last one         any other of its words
    all came so far  all came so far               proved               one is missing
    one is missing   one is missing                never proved         one is missing

VERDICTS says what follows. Pure: words in, verdicts out; who hears, asks and looks at the clock is printer.py.
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from drivers.printer.status import PrinterStatus

# At 9600 baud half a second, and no printer is off and on again sooner: one that was has missed a word.
WORD_EVERY_BYTES = 512
# The first character of the words before the last one; an attempt's own id has only digits and capitals.
MARKS = string.ascii_lowercase + string.punctuation
UNPROVED_MAX = 64  # attempts remembered in case their words still come
PAPER_THERE = (0x00, 0x03)  # GS r 1: paper, or paper near its end; anything else is no word about a receipt


def words_of(attempt_id: str, before: int) -> tuple[str, ...]:
    """So many words along the job, and its own id at the end. With many they come round; they are counted."""
    return (*(word_of(attempt_id, number) for number in range(before)), attempt_id)


def word_of(attempt_id: str, number: int) -> str:
    """Another for each of the attempts that may be on their way at the same time."""
    return MARKS[number % len(MARKS)] + attempt_id[1:]


# What a job is waited for with


class Word(Enum):
    """How a printer says that it has printed."""

    NAMED = "named"  # GS ( H: with the attempt's own id
    COUNTED = "counted"  # GS r: so many answers, none of which says whose it is
    DOUBTED = "doubted"  # the same, while some are still owed to an earlier attempt
    NONE = "none"


class Came(Enum):
    """How much of what was expected."""

    OWED = "owed"  # not all, and the rest may still come
    ALL = "all"
    MISSING = "missing"  # the last one, and not all before it


class Says(Enum):
    """What a printer says of itself."""

    PRINTS = "prints"
    STANDS = "stands"  # it cannot go on, or is not understood
    NOTHING = "nothing"


class PrintResult(Enum):
    PRINTED = "printed"
    NOT_SENT = "not_sent"  # nothing can have come out
    INTERRUPTED = "interrupted"  # the paper is torn, or lacks at least its cut; nothing more of it will come out
    UNKNOWN = "unknown"  # bytes left us, no proof came back


class Undecided(Enum):
    """What is to be done where there is no result yet."""

    WAIT = "wait"
    ASK = "ask"  # whether it is still there
    STOPPED = "stopped"  # in the middle: while it stands it can be told to forget the rest
    LATE = "late"  # no word in all the time it had: give up


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """All that decides. `asked`: its status came after its last word."""

    word: Word
    came: Came
    says: Says
    asked: bool
    in_time: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A verdict and when it holds; None is anything. `cause` is for the log."""

    verdict: PrintResult | Undecided
    word: Word | None = None
    came: Came | None = None
    says: Says | None = None
    asked: bool | None = None
    in_time: bool | None = None
    cause: str = ""

    def holds(self, seen: Seen) -> bool:
        return all(getattr(self, name) in (None, getattr(seen, name)) for name in Seen.__slots__)


# The first that holds. A byte that looks like a counted word is no word of a printer that is not there any more: such
# a one is asked once more. A named word is its own proof, whatever happened after it.
VERDICTS = (
    Row(PrintResult.UNKNOWN, word=Word.NONE, cause="this printer gives no proof of printing"),
    Row(PrintResult.UNKNOWN, word=Word.DOUBTED, cause="its next word may be about an earlier receipt"),
    Row(PrintResult.PRINTED, word=Word.NAMED, came=Came.ALL),
    Row(Undecided.ASK, word=Word.COUNTED, came=Came.ALL, asked=False),
    Row(PrintResult.PRINTED, word=Word.COUNTED, came=Came.ALL, says=Says.PRINTS),
    Row(PrintResult.UNKNOWN, word=Word.COUNTED, came=Came.ALL, cause="its word came, and then it did not answer"),
    Row(Undecided.STOPPED, says=Says.STANDS),
    Row(PrintResult.UNKNOWN, came=Came.MISSING, cause="a part of the paper is missing"),
    Row(Undecided.WAIT, in_time=True),
    Row(Undecided.LATE, cause="no proof of printing"),
)


def verdict(seen: Seen) -> Row:
    return next(row for row in VERDICTS if row.holds(seen))


def result_of_stopped(came: Came, forgot: bool) -> PrintResult:
    """Of one that was told to forget: its word may have been on the way already."""
    if came is Came.ALL:
        return PrintResult.PRINTED
    return PrintResult.INTERRUPTED if forgot else PrintResult.UNKNOWN


def says_of(status: PrinterStatus) -> Says:
    if status.prints:
        return Says.PRINTS
    return Says.NOTHING if status is PrinterStatus.SILENT else Says.STANDS


# What came


@dataclass(slots=True)
class Said:
    """How much of what it was asked a printer has said."""

    words: Sequence[str]
    count: int = 0
    missing: int = 0  # the number of the first word that did not come in its turn, from 1; 0: none
    over: bool = False  # the last one came

    def hear(self, word: str) -> None:
        self.over = self.over or word == self.words[-1]
        if self.count < len(self.words) and word == self.words[self.count]:
            self.count += 1
        else:
            self.missing = self.missing or self.count + 1

    @property
    def came(self) -> Came:
        if not self.missing and self.count == len(self.words):
            return Came.ALL
        return Came.MISSING if self.over else Came.OWED


class Proofs:
    """What was proved, and what still may be."""

    def __init__(self) -> None:
        self._said: dict[str, Said] = {}  # attempts asked by GS ( H
        self._proved: set[str] = set()
        self._counted: str | None = None  # the attempt whose GS r are not all answered; the answers name none
        self._left = 0
        self.shorts = 0  # answers to GS r since somebody began to count them

    @property
    def counting(self) -> bool:
        """Whether answers to GS r are still owed to an attempt."""
        return self._counted is not None

    def expect(self, words: Sequence[str]) -> None:
        while len(self._said) >= UNPROVED_MAX:
            del self._said[next(iter(self._said))]
        self._said[words[-1]] = Said(words)

    def expect_shorts(self, attempt_id: str, count: int) -> None:
        self._counted, self._left = attempt_id, count

    def word(self, word: str) -> None:
        attempt = next((attempt for attempt, said in self._said.items() if word in said.words), None)
        if attempt is None:
            return
        said = self._said[attempt]
        said.hear(word)
        if said.came is Came.ALL:
            self._prove(attempt)

    def short(self, byte: int) -> None:
        self.shorts += 1
        if self._counted is None or byte not in PAPER_THERE:
            return
        self._left -= 1
        if self._left == 0:
            self._prove(self._counted)

    def _prove(self, attempt_id: str) -> None:
        self.disown(attempt_id)
        self._proved.add(attempt_id)

    def came(self, attempt_id: str) -> Came:
        if attempt_id in self._proved:
            return Came.ALL
        said = self._said.get(attempt_id)
        return said.came if said else Came.OWED

    def lacking(self, attempt_id: str) -> str:
        """Which word is known to be missing; "" where none is."""
        said = self._said.get(attempt_id)
        if said is None or said.came is not Came.MISSING:
            return ""
        return f"word {said.missing} of {len(said.words)} never came"

    def told(self, attempt_id: str) -> None:
        """Its proof needs not be told as a late one."""
        self._proved.discard(attempt_id)

    def disown(self, attempt_id: str) -> None:
        """No proof of it can come any more."""
        self._said.pop(attempt_id, None)
        if self._counted == attempt_id:
            self._counted = None

    def forget_counting(self) -> None:
        """What is still owed belongs to a connection that is gone."""
        self._counted = None

    def take_late(self) -> tuple[str, ...]:
        late, self._proved = tuple(sorted(self._proved)), set()
        return late
