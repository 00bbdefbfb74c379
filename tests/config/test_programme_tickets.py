"""P34: what a programme's members may ask about, from its file."""

from __future__ import annotations

from typing import Any

import pytest

from config.programme_tickets import read_tickets
from config.strict_table import BadKey, Table
from loyalty.tickets import SHIPPED

ONE: dict[str, Any] = {
    "id": "milk",
    "ru": "Молоко",
    "en": "Milk",
    "answers": [{"ru": "Вернём.", "en": "We pay it back."}],
}


def test_without_the_part_or_its_reasons_those_that_ship() -> None:
    assert read_tickets(None).reasons == SHIPPED
    assert read_tickets(Table({"quiet_days": 3}, "tickets")).quiet_days == 3
    assert read_tickets(Table({}, "tickets")).reasons == SHIPPED


def test_p34_a_shop_says_its_own() -> None:
    rules = read_tickets(Table({"reasons": [ONE]}, "tickets"))
    (milk,) = rules.reasons
    assert (milk.title, milk.answers) == (("Молоко", "Milk"), (("Вернём.", "We pay it back."),))
    assert rules.reason("milk") is milk and rules.reason("points") is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"quiet_days": 0},
        {"reasons": [ONE, ONE]},
        {"reasons": [ONE | {"id": "a b"}]},
        {"reasons": [ONE | {"more": 1}]},
        {"reasons": [{"id": "milk", "ru": "Молоко"}]},
        {"reasons": [ONE | {"answers": [{"ru": "Вернём."}]}]},
        {"reasons": [ONE | {"answers": ONE["answers"] * 11}]},
        {"reasons": [ONE | {"id": f"r{number}"} for number in range(21)]},
        {"hours": 3},
    ],
)
def test_what_is_wrong_is_said_by_its_key(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadKey):
        read_tickets(Table(wrong, "tickets"))
