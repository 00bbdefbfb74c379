"""Operations that a job looks at once, a page after the other: behind where it has come to in each chain.

How far that is stands in the ledger's settings, a name for each chain, and is written with what was found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from hub.store.records import ChainEnd, Place
from hub.store.seam import Reader
from loyalty.kinds import Maker, maker_of


class Stretch(NamedTuple):
    """Operations of a chain behind `after`, up to `until`. `job`: the beginning of its settings' names."""

    job: str
    chain: str
    generation: int
    after: int
    until: int

    @property
    def setting(self) -> str:
        return f"{self.job}{self.chain}/{self.generation}"

    def places(self) -> list[Place]:
        return [Place(self.chain, self.generation, number) for number in range(self.after + 1, self.until + 1)]

    def is_due(self, setting: Callable[[str], str | None]) -> bool:
        """Still; somebody else may have been quicker."""
        return number_of(setting(self.setting)) == self.after


def waiting(reader: Reader, job: str, makers: frozenset[Maker]) -> list[Stretch]:
    """What is left to do of the chains of these makers."""
    settings = reader.all_settings()
    ends = (end for end in reader.all_chains() if maker_of(end.chain) in makers)
    stretches = (_behind(job, end, settings) for end in ends)
    return [stretch for stretch in stretches if stretch.after < stretch.until]


def pages(waiting: Sequence[Stretch], most: int) -> Iterator[list[Stretch]]:
    """So many operations at a time, of one chain or of many."""
    page: list[Stretch] = []
    room = most
    for stretch in waiting:
        while stretch.after < stretch.until:
            part = stretch._replace(until=min(stretch.until, stretch.after + room))
            page.append(part)
            room -= part.until - part.after
            stretch = stretch._replace(after=part.until)
            if not room:
                yield page
                page, room = [], most
    if page:
        yield page


def until_of(page: Sequence[Stretch]) -> dict[str, str]:
    """The settings, once a page is done."""
    return {stretch.setting: str(stretch.until) for stretch in page}


def number_of(setting: str | None) -> int:
    """From the beginning, where nothing was written or somebody wrote what it cannot be."""
    return int(setting) if setting is not None and setting.isascii() and setting.isdecimal() else 0


def _behind(job: str, end: ChainEnd, settings: Mapping[str, str]) -> Stretch:
    whole = Stretch(job, end.chain, end.generation, 0, end.sequence)
    return whole._replace(after=number_of(settings.get(whole.setting)))
