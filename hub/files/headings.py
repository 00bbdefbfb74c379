"""Which column of a file is which: by our names, by what people call them, by what they said (`--map`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Final

from hub.files.dialect import BadFile
from hub.files.reasons import Fault
from hub.files.table import cleaned
from loyalty.spellings import folded

NOISE: Final = re.compile(r"[.:;,*\"'«»()№#]+")
REASON: Final = "reason"  # nobody's column, with which rows that were left out are written: they may be imported again


def key_of(heading: str) -> str:
    """One spelling of a heading: «Моб. телефон» and «МОБ ТЕЛЕФОН» are the same."""
    return folded(NOISE.sub(" ", cleaned(heading)))


def shown_headings(cells: Sequence[str]) -> str:
    """For people, who look for the one that they meant."""
    return ", ".join(f"«{name}»" for name in map(cleaned, cells) if name) or "none"


def key_of_headings(cells: Sequence[str]) -> str:
    """The same for the same set of headings, whatever their order, and for the file of those that were left out."""
    return "|".join(sorted(key for key in map(key_of, cells) if key and key != REASON))


@dataclass(frozen=True, slots=True)
class Columns:
    """`at`: where in a record each column stands; `names`: as the file calls them; `left_out`: what nobody knows."""

    at: Mapping[str, int]
    names: Mapping[str, str]
    left_out: tuple[str, ...] = ()
    width: int = 0  # behind it no cell has a heading
    said: Mapping[str, str] = field(default_factory=dict)  # by people, by the headings' spelling: column, "" for none

    def __str__(self) -> str:
        told = ", ".join(
            f"«{name}» is {column}" if key_of(name) != column else column for column, name in self.names.items()
        )
        return told + (f"; left out: {', '.join(f'«{name}»' for name in self.left_out)}" if self.left_out else "")

    def texts(self, cells: Sequence[str]) -> dict[str, str]:
        """What a record says in each column; one that ends before it says nothing there."""
        return {name: cells[at] if at < len(cells) else "" for name, at in self.at.items()}

    def faults(self, cells: Sequence[str]) -> list[Fault]:
        """Of a record as a whole."""
        return [Fault("fields", "more fields than columns")] if any(cells[self.width :]) else []


class Headings:
    """The columns of one kind of table (`called`: each by what people call it besides), and by which of them a record
    is its heading."""

    def __init__(self, called: Mapping[str, Sequence[str]], is_heading: Callable[[Set[str]], bool]) -> None:
        self.columns = tuple(called)
        self._called = {key_of(name): column for column, names in called.items() for name in (column, *names)}
        self._is_heading = is_heading

    def column(self, heading: str, said: Mapping[str, str]) -> str:
        """Which one it is; "" for none."""
        key = key_of(heading)
        return said[key] if key in said else self._called.get(key, "")

    def known(self, cells: Sequence[str], said: Mapping[str, str]) -> int:
        """How many columns these cells name."""
        return len(self._named(cells, said))

    def are_these(self, cells: Sequence[str], said: Mapping[str, str]) -> bool:
        return self._is_heading(self._named(cells, said))

    def _named(self, cells: Sequence[str], said: Mapping[str, str]) -> set[str]:
        return {column for cell in cells if (column := self.column(cell, said))}

    def fitted(self, cells: Sequence[str], said: Mapping[str, str]) -> tuple[Columns, list[str]]:
        """Which is which, and what is wrong with that."""
        names = [cleaned(cell) for cell in cells]
        columns = [self.column(name, said) for name in names]
        at: dict[str, int] = {column: columns.index(column) for column in self.columns if column in columns}
        wrong = [
            f"{' and '.join(f'«{name}»' for name, one in zip(names, columns, strict=True) if one == column)}"
            f" are both {column}: say which with --map"
            for column in at
            if columns.count(column) > 1
        ]
        there = set(map(key_of, names))
        wrong += [f"no column is called «{key}», which --map says" for key in said if key not in there]
        left_out = tuple(name for name, column in zip(names, columns, strict=True) if name and not column)
        width = max((number for number, name in enumerate(names, start=1) if name), default=0)
        return Columns(at, {column: names[at[column]] for column in at}, left_out, width, dict(said)), wrong


def said_from(words: Sequence[str], columns: Sequence[str] | None, option: str = "--map") -> dict[str, str]:
    """What `--map "Heading=column"` says, by the headings' spelling; likewise of categories (`columns` None: whatever
    stands behind =). Raises BadFile."""
    said: dict[str, str] = {}
    for one in words:
        heading, sign, meant = (part.strip() for part in one.rpartition("="))
        if not sign or not key_of(heading) or (columns is not None and meant.lower() not in (*columns, "")):
            is_what = "what it is" if columns is None else "column"
            known = f"; columns: {', '.join(columns)}" if columns is not None else ""
            raise BadFile(f'{option} {one!r}: write "what the file calls it={is_what}"{known}')
        said[key_of(heading)] = meant if columns is None else meant.lower()
    return said
