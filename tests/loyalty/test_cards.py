"""A card's life: every status with every event."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from loyalty.cards import EVENTS, STATUSES, IllegalCardEvent, form_confirmed_at, may_earn, next_status, status_at
from loyalty.programme import Programme

# What "Decided" says, written once more, not taken from the table under test.
LEGAL = {
    ("issued", "form_taken"): "pending",
    ("issued", "registered"): "active",
    ("issued", "blocked"): "blocked",
    ("issued", "replaced"): "replaced",
    ("pending", "form_confirmed"): "active",
    ("pending", "registered"): "active",
    ("pending", "blocked"): "blocked",
    ("pending", "replaced"): "replaced",
    ("active", "blocked"): "blocked",
    ("active", "replaced"): "replaced",
    ("blocked", "unblocked"): "issued",
    ("blocked", "replaced"): "replaced",
}


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("event", EVENTS)
def test_every_status_with_every_event(status: str, event: str) -> None:
    if (status, event) in LEGAL:
        assert next_status(status, event) == LEGAL[status, event]  # type: ignore[arg-type]
        return
    with pytest.raises(IllegalCardEvent) as caught:
        next_status(status, event)  # type: ignore[arg-type]
    assert (caught.value.status, caught.value.event) == (status, event)
    assert str(caught.value) == f"a card that is {status} cannot be {event}"


def test_the_words_are_those_of_the_rules() -> None:
    assert STATUSES == ("issued", "pending", "active", "blocked", "replaced")
    assert EVENTS == ("form_taken", "form_confirmed", "registered", "blocked", "unblocked", "replaced")


def test_a_blocked_or_replaced_card_earns_nothing() -> None:
    assert [may_earn(status) for status in STATUSES] == [True, True, True, False, False]


def test_a_paper_form_confirms_itself_after_the_programmes_days(perekrestok: Programme, alenka: Programme) -> None:
    taken = datetime(2026, 6, 1, 12, tzinfo=UTC)
    assert form_confirmed_at(perekrestok, taken) == datetime(2026, 6, 21, 12, tzinfo=UTC)  # P19
    assert form_confirmed_at(alenka, taken) == taken


def test_a_pending_card_becomes_active_by_itself_at_its_moment() -> None:
    """P19: nobody has to press anything on the twentieth day."""
    then = datetime(2026, 6, 21, 12, tzinfo=UTC)
    assert status_at("pending", then, then - timedelta(microseconds=1)) == "pending"
    assert status_at("pending", then, then) == "active"
    assert status_at("pending", None, then) == "pending"
    assert status_at("blocked", then, then) == "blocked"
    assert status_at("golden", None, then) == "blocked", "what this program does not know may do nothing"
