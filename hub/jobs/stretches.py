"""Operations that a job has not looked at yet: chain by chain, each from where it was. How far it came stands in the
ledger's settings, and is written with what was done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from hub.store.records import ChainEnd, Place
from hub.store.seam import Reader, Writer
from loyalty.kinds import maker_of


class Stretch(NamedTuple):
    """Operations of a chain behind `after`, up to `until`. `name`: of the job's settings."""

    name: str
    chain: str
    generation: int
    after: int
    until: int

    @property
    def setting(self) -> str:
        return f"{self.name}{self.chain}/{self.generation}"

    def places(self) -> list[Place]:
        return [Place(self.chain, self.generation, number) for number in range(self.after + 1, self.until + 1)]

    def is_ours(self, writer: Writer) -> bool:
        """Is it still to be done? Somebody else may have been quicker."""
        return _number(writer.setting(self.setting)) == self.after


def waiting(reader: Reader, name: str) -> list[Stretch]:
    """Of the tills' chains."""
    settings = reader.all_settings()
    ends = (end for end in reader.all_chains() if maker_of(end.chain) == "till")
    stretches = (_behind(name, end, settings) for end in ends)
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


def done(page: Sequence[Stretch]) -> dict[str, str]:
    """The settings that say so."""
    return {stretch.setting: str(stretch.until) for stretch in page}


def _behind(name: str, end: ChainEnd, settings: Mapping[str, str]) -> Stretch:
    whole = Stretch(name, end.chain, end.generation, 0, end.sequence)
    return whole._replace(after=_number(settings.get(whole.setting)))


def _number(setting: str | None) -> int:
    """From the beginning, where nothing was written or somebody wrote what it cannot be."""
    return int(setting) if setting is not None and setting.isascii() and setting.isdecimal() else 0
