"""What is wrong with a basket is said in one language, with the field as the POS calls it (R18)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from loyalty.basket import BadBasket
from loyalty.explain import explain_bad
from loyalty.money import parse_kopecks
from loyalty.wording import catalogue

ROOT = Path(__file__).parents[2]
SAID_AT_THE_TILL = [
    *(ROOT / "loyalty").glob("*.py"),
    *(ROOT / "pos_agent" / "desks").glob("*.py"),
    ROOT / "pos_agent" / "protocol.py",
]
OFFICE = {"certificates.py", "member.py"}  # a certificate and a member's facts are no cashier's to write


def sentences() -> Iterator[str]:
    """Every sentence about a field, wherever it is raised."""
    for path in SAID_AT_THE_TILL:
        if path.name in OFFICE:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id == "BadBasket" and len(node.args) > 1:
                yield from _constant(node.args[1], path)
            elif node.func.id == "BadNumber":
                yield from _constant(node.args[0], path)
            elif node.func.id == "check_range":
                yield from _constant(node.args[4], path)


def _constant(node: ast.expr, path: Path) -> Iterator[str]:
    """A sentence is a literal, or a name that stands for one; what passes another's on is no sentence of its own."""
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.Name) and node.id.isupper():
        module = ast.parse(path.read_text(encoding="utf-8"))
        for statement in module.body:
            if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == node.id:
                yield ast.literal_eval(statement.value)
    else:
        assert not isinstance(node, ast.JoinedStr), f"{path.name}: a sentence with facts baked in cannot be translated"


def test_every_sentence_about_a_field_is_in_both_languages() -> None:
    found = set(sentences())
    assert len(found) > 20
    assert [one for one in sorted(found) if catalogue("ru").gettext(one) == one] == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "lines[0].price: '−5 ₽' — не сумма в рублях; пишите её как 89.90, без минуса"),
        ("en", "lines[0].price: '−5 ₽' is not an amount in rubles; write it like 89.90, not negative"),
    ],
)
def test_a_wrong_price_is_said_with_its_field_and_an_example(language: str, text: str) -> None:
    with pytest.raises(ValueError) as bad:
        parse_kopecks("−5 ₽")
    told = BadBasket.of("price", bad.value).within("lines[0]")  # type: ignore[arg-type]
    assert explain_bad(told, language) == text  # type: ignore[arg-type]


def test_braces_in_what_somebody_typed_are_only_text() -> None:
    assert explain_bad(BadBasket("", "is not JSON: {0}"), "ru") == "is not JSON: {0}"
    with pytest.raises(ValueError) as bad:
        parse_kopecks("{0.__class__}")
    assert "{0.__class__}" in explain_bad(BadBasket.of("price", bad.value), "ru")  # type: ignore[arg-type]
