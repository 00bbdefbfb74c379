"""Documents that are played: blocks of a page, and the commands of those that show a console."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

BLOCK = re.compile(r"^```([^\n]+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


class Block(NamedTuple):
    """What stands behind the three ticks, and what between them."""

    called: str
    text: str


class Step(NamedTuple):
    words: str
    says: str


def blocks(page: str) -> list[Block]:
    return [Block(*found) for found in BLOCK.findall(page)]


def steps(block: Block) -> Iterator[Step]:
    for step in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        words, _, says = step.partition("\n")
        yield Step(words, says)
