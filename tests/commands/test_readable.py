"""What people typed is told them in their own letters; signs that nobody can see are escaped."""

from __future__ import annotations

import ast
from typing import Final

import pytest

from config.programmes import ProgrammeError, load_programme
from hub.people.orders import NotDone
from hub.people.where import parse_where
from tests.test_house import MODULES

ASCII: Final = ord("a")  # {text!a}: Cyrillic would be told as '\u0424…'
WIRE: Final = {"hub.face.wire"}  # speaks to programs


@pytest.mark.parametrize("name", MODULES)
def test_no_text_is_told_in_escapes(name: str) -> None:
    tree = ast.parse(MODULES[name].read_text(encoding="utf-8"))
    told = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.FormattedValue) and node.conversion == ASCII]
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    told += [call.lineno for call in calls if isinstance(call.func, ast.Name) and call.func.id == "ascii"]
    assert not told or name in WIRE, f"{name}, lines {told}"


def test_what_was_typed_is_told_as_it_was() -> None:
    with pytest.raises(NotDone, match=r"'Фёдор\\x1b' is not understood"):
        parse_where("Фёдор\x1b")
    with pytest.raises(ProgrammeError, match="Огонёк"):
        load_programme("Огонёк")
