"""`pos-agent reverse`: returns of a sale, step by step."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from pos_agent.cli import cli


def run(document: object) -> tuple[Any, int]:
    result = CliRunner().invoke(cli, ["reverse"], input=json.dumps(document))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    (line,) = result.output.splitlines()
    return json.loads(line), result.exit_code


SALE = {
    "programme": "perekrestok",
    "at": "2026-06-01T12:00:00+03:00",
    "member": {"points_active": 1000},
    "lines": [
        {"id": "A", "price": "100.00", "quantity": "3", "category": "dairy"},
        {"id": 2, "price": "59.90", "category": "bread"},
    ],
}


def back(*ids: Any) -> dict[str, Any]:
    return {"sale": SALE, "returns": [[{"id": id, "quantity": "1"}] for id in ids]}


def test_ex_p10_through_the_command() -> None:
    answer, code = run(back("A", "A", "A", 2))
    assert code == 0
    assert [step["refund"] for step in answer["steps"]] == ["72.21", "72.21", "72.22", "43.26"]
    assert [step["points_restored"] for step in answer["steps"]] == [277, 278, 278, 167]
    assert [step["points_clawed_back"] for step in answer["steps"]] == [7, 7, 7, 4]
    assert answer["steps"][0]["lines"] == [{"id": "A", "quantity": "1", "refund": "72.21"}]
    assert answer["steps"][3]["lines"] == [{"id": 2, "quantity": "1", "refund": "43.26"}]


def test_a_weighed_line_comes_back_in_parts() -> None:
    apples = {"id": "apples", "price": "129.99", "quantity": "1.234", "unit": "kg", "category": "vegetables"}
    sale = {**SALE, "lines": [apples]}
    parts = [[{"id": "apples", "quantity": "0.500"}], [{"id": "apples", "quantity": "0.734"}]]
    answer, _ = run({"sale": sale, "returns": parts})
    assert [step["lines"][0]["quantity"] for step in answer["steps"]] == ["0.500", "0.734"]
    assert [step["refund"] for step in answer["steps"]] == ["24.47", "35.94"]
    assert sum(step["points_restored"] for step in answer["steps"]) == 1000


def test_no_returns_are_no_steps() -> None:
    assert run({"sale": SALE, "returns": []}) == ({"steps": []}, 0)
    answer, _ = run({"sale": SALE, "returns": [[]]})
    nothing = {"refund": "0.00", "withheld": "0.00", "points_restored": 0, "points_clawed_back": 0, "lines": []}
    assert answer == {"steps": [nothing | {"tenders": {"money": "0.00", "certificate": "0.00"}}]}


@pytest.mark.parametrize(
    ("tender", "first", "second"),
    [
        (None, ("200.00", "300.00"), ("200.00", "300.00")),
        ("certificate_first", ("0.00", "500.00"), ("400.00", "100.00")),
        ("money", ("400.00", "100.00"), ("0.00", "500.00")),
    ],
)
def test_the_answer_names_the_tenders(tender: str | None, first: tuple[str, str], second: tuple[str, str]) -> None:
    """R27: 600.00 by certificate and 400.00 in money; half of it comes back."""
    goods = [{"id": id, "price": "500.00", "category": "dairy"} for id in "AB"]
    sale = {**SALE, "member": {}, "lines": goods, "tenders": [{"kind": "certificate", "amount": "600.00"}]}
    returns = [[{"id": id, "quantity": "1"}] for id in "AB"]
    answer, code = run({"sale": sale, "returns": returns} | ({"tender": tender} if tender else {}))
    assert code == 0
    assert [tuple(step["tenders"].values()) for step in answer["steps"]] == [first, second]


def test_a_piece_is_named_by_its_key() -> None:
    """L4: 4 x 54.90 less 46.89; the last of them cost a kopeck more than the first."""
    line = {"id": "A", "price": "54.90", "quantity": "4", "category": "dairy", "pieces": ["k1", "k2", "k3", "k4"]}
    sale = {**SALE, "lines": [line], "member": {"points_active": 463}, "requested_points": 463}
    rules = {**sale, "programme": "perekrestok"}
    answer, code = run({"sale": rules, "returns": [[{"id": "A", "pieces": ["k4"]}], [{"id": "A", "pieces": ["k1"]}]]})
    assert code == 0
    assert [step["refund"] for step in answer["steps"]] == ["43.40", "43.40"]
    assert answer["steps"][0]["lines"] == [{"id": "A", "quantity": "1", "pieces": ["k4"], "refund": "43.40"}]
    unnamed, code = run({"sale": rules, "returns": [[{"id": "A", "quantity": "1"}]]})
    assert code == 1 and unnamed["error"]["field"] == "returns[0][0].pieces"


@pytest.mark.parametrize(
    ("field", "document"),
    [
        ("sale", {"returns": []}),
        ("returns", {"sale": SALE}),
        ("returns", {"sale": SALE, "returns": {}}),
        ("returns[0]", {"sale": SALE, "returns": [{"id": "A", "quantity": "1"}]}),
        ("returns[0][0]", {"sale": SALE, "returns": [["A"]]}),
        ("returns[0][0].id", back("C")),
        ("returns[0][0].quantity", {"sale": SALE, "returns": [[{"id": "A"}]]}),
        ("returns[0][0].quantity", {"sale": SALE, "returns": [[{"id": "A", "quantity": "-1"}]]}),
        ("returns[0][0].quantity", {"sale": SALE, "returns": [[{"id": "A", "quantity": "0"}]]}),
        ("returns[0][0].quantity", {"sale": SALE, "returns": [[{"id": "A", "quantity": "1.5"}]]}),
        ("returns[3][0].quantity", back("A", "A", "A", "A")),
        ("returns[0][0].why", {"sale": SALE, "returns": [[{"id": "A", "quantity": "1", "why": "old"}]]}),
        ("refund", {"sale": SALE, "returns": [], "refund": "5.00"}),
        ("sale.lines[0].price", {"sale": {**SALE, "lines": [{"id": "A", "price": "-1"}]}, "returns": []}),
        (
            "sale.lines[0].quantity",
            {"sale": {**SALE, "lines": [{"id": "A", "price": "1", "quantity": "0"}]}, "returns": []},
        ),
        (
            "sale.lines[0].category",
            {"sale": {**SALE, "lines": [{"id": "A", "price": "1", "category": "x"}]}, "returns": []},
        ),
        ("sale.programme", {"sale": {**SALE, "programme": "atlantis"}, "returns": []}),
        ("sale.lines", {"sale": {**SALE, "lines": []}, "returns": []}),
        ("sale.lines[1].id", {"sale": {**SALE, "lines": [{"id": "A", "price": "1"}] * 2}, "returns": []}),
        ("sale.coupons", {"sale": {**SALE, "coupons": [{"campaign": "double"}] * 2}, "returns": []}),
        ("sale.member.points_active", {"sale": {**SALE, "member": {"points_active": -1}}, "returns": []}),
    ],
)
def test_a_bad_return_names_its_field(field: str, document: object) -> None:
    answer, code = run(document)
    assert code == 1
    assert answer["error"]["field"] == field
