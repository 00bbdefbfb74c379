"""Words: what a printer is asked to say along a job, and what it has proved by what it said.

A serial line does not break when the printer is switched off and on: the end of a long job comes out all the same, and
its last word alone would prove a receipt whose middle is missing. So a word is asked for every 512 bytes, and a job
is proved when all of them came, in order. Pure: words in, proofs out; who hears them is printer.py.

                     the next one                  the last one         any other of its words
    all came so far  all came so far               proved               one is missing
    one is missing   one is missing                never proved         one is missing

By GS r, whose answers carry no name, the words are counted.
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass

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


@dataclass(slots=True)
class Said:
    """How much of what it was asked a printer has said."""

    words: Sequence[str]
    came: int = 0
    missing: int = 0  # the number of the first word that did not come in its turn, from 1; 0: none
    over: bool = False  # the last one came

    def hear(self, word: str) -> None:
        self.over = self.over or word == self.words[-1]
        if self.came < len(self.words) and word == self.words[self.came]:
            self.came += 1
        else:
            self.missing = self.missing or self.came + 1

    @property
    def whole(self) -> bool:
        return not self.missing and self.came == len(self.words)

    @property
    def lacking(self) -> str:
        """What is known to be wrong, in words; "" where everything may still come."""
        if not self.over or self.whole:
            return ""
        return f"word {self.missing} of {len(self.words)} never came: a part of the paper is missing"


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
        if said.whole:
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

    def is_proved(self, attempt_id: str) -> bool:
        return attempt_id in self._proved

    def lacking(self, attempt_id: str) -> str:
        said = self._said.get(attempt_id)
        return said.lacking if said else ""

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
