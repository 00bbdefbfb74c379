"""Reads a table of untrusted keys (TOML or JSON) strictly: each key once, of its type, in its range, none unknown.

Every complaint carries the key's whole path, what is wrong and what to write instead. It knows no meaning: who
reads a programme or a basket says which keys there are.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from difflib import get_close_matches
from typing import TypeVar, cast

from loyalty.money import BadNumber, format_kopecks, parse_kopecks, parse_quantity_m

Choice = TypeVar("Choice", bound=str)

WHOLE_MAX = 10**12  # far above any sum or count of a shop
TEXT_MAX = 500


class BadKey(ValueError):
    """A key that is missing, unknown or wrong. `key` is its path, `remedy` what to do."""

    def __init__(self, key: str, problem: str, remedy: str) -> None:
        super().__init__(f"{key}: {problem}; {remedy}")
        self.key = key
        self.problem = problem
        self.remedy = remedy


class Required:
    """The default of a key that has none."""


REQUIRED = Required()


class Table:
    """One table. Each reading method takes a key off it; `close` complains of what nobody read."""

    def __init__(self, values: object, path: str = "") -> None:
        if not isinstance(values, Mapping):
            raise BadKey(path, "is not a table", "write it as key and value pairs")
        self._values = values
        self._path = path
        self._known: list[str] = []

    def path(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key

    def has(self, key: str) -> bool:
        """Whether the key stands there with a value; null counts as absent."""
        self._known.append(key)
        return self._values.get(key) is not None

    def bad(self, key: str, problem: str, remedy: str) -> BadKey:
        return BadKey(self.path(key), problem, remedy)

    def _bad_number(self, key: str, error: BadNumber) -> BadKey:
        problem, _, remedy = str(error).partition("; ")
        return self.bad(key, problem, remedy)

    def text(self, key: str, default: str | Required = REQUIRED, longest: int = TEXT_MAX) -> str:
        if (value := self._take(key, default)) is default:
            return cast(str, default)
        if not isinstance(value, str) or len(value) > longest:
            raise self.bad(key, "is not a text of that length", f"write up to {longest} characters in quotes")
        if has_control(value):
            raise self.bad(key, "has control characters", "leave only letters, digits and signs")
        return value

    def label(self, key: str) -> str | int:
        """A name that is only repeated: a text or a whole number."""
        value = self._take(key, REQUIRED)
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < WHOLE_MAX:
            return value
        return self.text(key)

    def flag(self, key: str, default: bool | Required = REQUIRED) -> bool:
        value = self._take(key, default)
        if not isinstance(value, bool):
            raise self.bad(key, "is neither true nor false", "write true or false without quotes")
        return value

    def whole(self, key: str, low: int = 0, high: int = WHOLE_MAX, default: int | Required = REQUIRED) -> int:
        value = self._take(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise self.bad(key, "is not a whole number in range", f"write one from {low} to {high}")
        return value

    def kopecks(self, key: str, default: int | Required = REQUIRED) -> int:
        """Rubles as a decimal text, "89.90"."""
        if (value := self._take(key, default)) is default:
            return cast(int, default)
        if not isinstance(value, str):
            raise self.bad(key, "is not a decimal text", 'write rubles in quotes, like "89.90"')
        try:
            return parse_kopecks(value)
        except BadNumber as error:
            raise self._bad_number(key, error) from None

    def quantity_m(self, key: str, default: int | Required = REQUIRED) -> int:
        """A quantity as a decimal text, "0.347"; a whole number may stand without quotes."""
        if (value := self._take(key, default)) is default:
            return cast(int, default)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value) if abs(value) < WHOLE_MAX else "too large"
        if not isinstance(value, str):
            raise self.bad(key, "is not a decimal text", 'write it in quotes, like "2" or "0.347"')
        try:
            return parse_quantity_m(value)
        except BadNumber as error:
            raise self._bad_number(key, error) from None

    def choice(self, key: str, options: Sequence[Choice], default: Choice | Required = REQUIRED) -> Choice:
        value = self._take(key, default)
        if not isinstance(value, str) or value not in options:
            raise self.bad(key, "is not one of the choices", f"write one of: {', '.join(options)}")
        return cast(Choice, value)

    def day(self, key: str) -> date:
        value = self._take(key, REQUIRED)
        if isinstance(value, str):
            value = _iso_day(value)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.bad(key, "is not a day that exists", "write it like 2026-03-01")
        return value

    def texts(self, key: str, default: tuple[str, ...] | Required = REQUIRED) -> tuple[str, ...]:
        values = self._list(key, default)
        for value in values:
            if not isinstance(value, str) or len(value) > TEXT_MAX or has_control(value):
                raise self.bad(key, "is not a list of short texts", 'write it like ["one", "two"]')
        return tuple(cast(Sequence[str], values))

    def table(self, key: str) -> Table:
        return Table(self._take(key, REQUIRED), self.path(key))

    def optional_table(self, key: str) -> Table | None:
        return self.table(key) if self.has(key) else None

    def tables(self, key: str, default: tuple[()] | Required = REQUIRED) -> list[Table]:
        return [Table(value, f"{self.path(key)}[{index}]") for index, value in enumerate(self._list(key, default))]

    def named_tables(self, key: str) -> dict[str, Table]:
        """The tables of a table whose keys are names."""
        outer = self._take(key, REQUIRED)
        if not isinstance(outer, Mapping):
            raise self.bad(key, "is not a table of tables", f"write [{self.path(key)}.NAME]")
        return {name: Table(inner, f"{self.path(key)}.{name}") for name, inner in outer.items()}

    def lists(self, key: str) -> list[list[Table]]:
        """A list of lists of tables."""
        found = []
        for index, inner in enumerate(self._list(key, REQUIRED)):
            path = f"{self.path(key)}[{index}]"
            if not isinstance(inner, list):
                raise BadKey(path, "is not a list", "write it in [ ]")
            found.append([Table(value, f"{path}[{number}]") for number, value in enumerate(inner)])
        return found

    def close(self) -> None:
        """Complain of the first key that nobody asked for."""
        for key in self._values:
            if key not in self._known:
                near = get_close_matches(key[:60], self._known, 1)
                shown = key if key.isprintable() and len(key) <= 60 else repr(key[:60])
                remedy = f"did you mean {near[0]}?" if near else f"known here: {', '.join(sorted(self._known))}"
                raise self.bad(shown, "is unknown", remedy)

    def _list(self, key: str, default: object) -> Sequence[object]:
        values = self._take(key, default)
        if not isinstance(values, list | tuple):
            raise self.bad(key, "is not a list", "write it in [ ]")
        return values

    def _take(self, key: str, default: object) -> object:
        if self.has(key):
            return cast(object, self._values[key])
        if default is REQUIRED:
            raise self.bad(key, "is missing", "add it")
        return default


def has_control(text: str) -> bool:
    """Control characters and lone surrogates: never part of a name, and not every encoding can write them."""
    return any(unicodedata.category(character) in ("Cc", "Cs") for character in text)


def _iso_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def rubles(kopecks: int) -> str:
    """Kopecks as they stand in a file."""
    return f'"{format_kopecks(kopecks)}"'
