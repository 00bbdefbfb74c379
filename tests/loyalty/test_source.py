"""Tests that read the source: no float comes near money, and the rules stay pure."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

LOYALTY = Path(__file__).parents[2] / "loyalty"
FILES = sorted(LOYALTY.rglob("*.py"))

# What would make an answer depend on more than the arguments.
IMPURE_MODULES = {"os", "sys", "time", "random", "secrets", "socket", "sqlite3", "pathlib", "io", "threading", "uuid"}
IMPURE_CALLS = {"now", "today", "utcnow", "open", "print", "input"}


def floats(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            yield node.lineno, f"the literal {node.value}"
        elif isinstance(node, ast.Name) and node.id in ("float", "complex"):
            yield node.lineno, f"the name {node.id}"
        elif isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div):
            yield node.lineno, "a true division"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "round":
            yield node.lineno, "round()"
        elif isinstance(node, ast.Attribute) and node.attr in ("total_seconds", "timestamp"):
            yield node.lineno, f".{node.attr}, which is a float"


def impurities(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            for name in names:
                if name.split(".")[0] in IMPURE_MODULES:
                    yield node.lineno, f"import {name}"
        elif isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name in IMPURE_CALLS:
                yield node.lineno, f"{name}()"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_float_comes_near_money(path: Path) -> None:
    assert list(floats(ast.parse(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_rules_read_no_clock_and_no_chance(path: Path) -> None:
    # wording.py reads its own catalogue once, through importlib.resources: data of the package, not of the shop
    allowed = {"import io"} if path.name == "wording.py" else set()
    found = [what for _, what in impurities(ast.parse(path.read_text(encoding="utf-8"))) if what not in allowed]
    assert found == []


@pytest.mark.parametrize(
    "code", ["x = 1.5", "x = 1e3", "x = float(y)", "x = a / b", "x /= 2", "round(2)", "d.total_seconds()"]
)
def test_a_float_would_be_seen(code: str) -> None:
    assert len(list(floats(ast.parse(code)))) == 1


@pytest.mark.parametrize("code", ["import time", "from os import path", "datetime.now()", "date.today()", "open('x')"])
def test_an_impurity_would_be_seen(code: str) -> None:
    assert len(list(impurities(ast.parse(code)))) == 1
