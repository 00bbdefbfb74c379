"""On which line of a TOML text a key stands; tomllib does not say.

A small scan of a text that tomllib has read: headers, keys, and values only as far as to see where they end. What it
does not understand it passes over; nothing here raises.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right

KeyPath = tuple[str | int, ...]  # as one goes down the values; of [[scanners]] the second is ("scanners", 1)

_BLANKS = re.compile(r"[ \t\r]*")
_NAME = re.compile(r"""[ \t]*("(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[A-Za-z0-9_-]+)[ \t]*""")
_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})'
    r"|'''.*?'''(?:'{0,2})"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*"
    r"|.",
    re.DOTALL,
)


def line_of(text: str, path: KeyPath) -> int | None:
    """The line of this key; of one that is not there, that of the table in which it would stand."""
    known = lines_of(text)
    while path and path not in known:
        path = path[:-1]
    return known.get(path)


def lines_of(text: str) -> dict[KeyPath, int]:
    """Every key and table with its first line, counted from 1."""
    return _Scan(text).all()


class _Scan:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.table: KeyPath = ()
        self.found: dict[KeyPath, int] = {}
        self.counts: dict[KeyPath, int] = {}  # of arrays of tables
        self._ends = [match.start() for match in re.finditer("\n", text)]

    def all(self) -> dict[KeyPath, int]:
        while self.at < len(self.text):
            self._statement()
            self._to_the_end_of_the_value()
        return self.found

    def _statement(self) -> None:
        blanks = _BLANKS.match(self.text, self.at)
        self.at = start = blanks.end() if blanks else self.at
        if self.text.startswith("[[", start):
            self.at += 2
            self._array(self._names(), start)
        elif self.text.startswith("[", start):
            self.at += 1
            self.table = self._resolved(self._names())
            self._note((), self.table, start)
        elif names := self._names():
            self._note(self.table, self.table + names, start)

    def _array(self, names: tuple[str, ...], start: int) -> None:
        if names:
            array = (*self._resolved(names[:-1]), names[-1])
            number = self.counts[array] = self.counts.get(array, 0) + 1
            self.table = (*array, number - 1)
            self._note((), self.table, start)

    def _resolved(self, names: tuple[str, ...]) -> KeyPath:
        """Within an array of tables the newest is meant."""
        path: KeyPath = ()
        for name in names:
            path = (*path, name)
            if path in self.counts:
                path = (*path, self.counts[path] - 1)
        return path

    def _note(self, above: KeyPath, path: KeyPath, start: int) -> None:
        """With every table on the way that a dotted name makes by itself."""
        line = bisect_right(self._ends, start - 1) + 1
        for end in range(len(above) + 1, len(path) + 1):
            self.found.setdefault(path[:end], line)

    def _names(self) -> tuple[str, ...]:
        """A key, dotted or not; none where there stands none."""
        names = []
        while name := _NAME.match(self.text, self.at):
            names.append(_plain(name[1]))
            self.at = name.end()
            if not self.text.startswith(".", self.at):
                break
            self.at += 1
        return tuple(names)

    def _to_the_end_of_the_value(self) -> None:
        depth = 0
        for token in _TOKEN.finditer(self.text, self.at):
            self.at = token.end()
            if token[0] == "\n" and depth <= 0:
                return
            depth += (token[0] in ("[", "{")) - (token[0] in ("]", "}"))


def _plain(name: str) -> str:
    if name[0] not in "\"'":
        return name
    try:
        return str(tomllib.loads(f"name = {name}")["name"])
    except ValueError:
        return name
