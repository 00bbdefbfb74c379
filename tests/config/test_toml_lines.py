"""On which line a key stands: in tables, arrays of them, dotted, quoted, between comments and texts of many lines."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.toml_lines import KeyPath, line_of, lines_of

TEXT = '''\
# till = "no"
till = "till-1"   # data = "no"

"quoted key" = 1
'literal.key' = 2
hub.url = "http://x"
hub . "time\\u006fut" = 3
long = """
data = "not here"
[printer]
\\""" still "" inside"""
more = \'\'\'
till = 5\'\'\'
list = [
  "a", # ] data = 1
  [1, 2],
  { data = 3 }
]
inline = { data = 1, deep = { url = "]" } }
day = 2026-03-01T12:00:00Z
[printer] # the one
url = "tcp://[::1]:9100"
  [printer.more."a.b"]
  key = \'#\'
[[scanners]]
name = "a"
[[ scanners ]]
name = "b"
[scanners.own]
x = 1
[[scanners.parts]]
y = 1
[[scanners.parts]]
y = 2
[ last ]
end = true'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("till",), 2),
        (("quoted key",), 4),
        (("literal.key",), 5),
        (("hub",), 6),
        (("hub", "url"), 6),
        (("hub", "timeout"), 7),
        (("long",), 8),
        (("more",), 12),
        (("list",), 14),
        (("inline",), 19),
        (("inline", "deep", "url"), 19),
        (("day",), 20),
        (("printer",), 21),
        (("printer", "url"), 22),
        (("printer", "more", "a.b"), 23),
        (("printer", "more", "a.b", "key"), 24),
        (("scanners", 0), 25),
        (("scanners", 0, "name"), 26),
        (("scanners", 1), 27),
        (("scanners", 1, "name"), 28),
        (("scanners", 1, "own", "x"), 30),
        (("scanners", 1, "parts", 0, "y"), 32),
        (("scanners", 1, "parts", 1, "y"), 34),
        (("last", "end"), 36),
        (("scanners", 1, "url"), 27),  # it is not there: that of its table
        (("data",), None),
        ((), None),
    ],
)
def test_each_key_is_found_on_its_line(path: KeyPath, line: int | None) -> None:
    assert line_of(TEXT, path) == line


def test_windows_ends_of_lines_count_once() -> None:
    assert line_of(TEXT.replace("\n", "\r\n"), ("scanners", 1, "name")) == 28


def paths_of(value: Any, path: KeyPath = ()) -> list[KeyPath]:
    """Every key of a document, without what is inside arrays and inline tables of values."""
    found: list[KeyPath] = []
    if isinstance(value, dict):
        for key, inner in value.items():
            found += [(*path, key), *paths_of(inner, (*path, key))]
    elif isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        for number, inner in enumerate(value):
            found += paths_of(inner, (*path, number))
    return found


def test_the_text_is_right_and_nothing_in_it_is_missed_or_invented() -> None:
    of_values = {("inline", "data"), ("inline", "deep"), ("inline", "deep", "url")}
    keys = {path for path in paths_of(tomllib.loads(TEXT)) if path not in of_values}
    found = {path for path in lines_of(TEXT) if isinstance(path[-1], str)}
    assert found == keys


@given(st.text(alphabet="[]{}\"'#=.\\\n\r a1-", max_size=60))
def test_no_text_is_too_wrong(text: str) -> None:
    lines = text.count("\n") + 1
    assert all(1 <= line <= lines for line in lines_of(text).values())
