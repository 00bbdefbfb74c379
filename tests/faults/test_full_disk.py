"""F6: a till whose disk is full refuses in the right words, goes on with what needs no room, and recovers by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.faults.full_disk import own_mounts, told

OF_THE_SHOP = {"QR"}  # what stands in Latin letters in a Russian line


@pytest.fixture(scope="module")
def seen() -> Iterator[dict[str, Any]]:
    """What one story saw, in which a disk fills up."""
    way = own_mounts()
    if way is None:
        pytest.skip("nobody may mount a disk of his own here")
    yield told(way)


def test_f6_it_is_told_before_the_first_sale_with_how_much_is_left(seen: dict[str, Any]) -> None:
    at_start = seen["at_start"]
    assert at_start["troubles"] == ["disk_low"] and at_start["reserve"]
    assert re.match(r"✗ Диск кассы почти полон: осталось \d+ МБ\. Продажи идут\.", at_start["heard"][0])


def test_f6_news_of_members_do_not_cost_the_reserve(seen: dict[str, Any]) -> None:
    """A disk that is full all night still takes the first sale of the morning."""
    assert seen["with_reserve"]["idle"] == {"reserve": True, "troubles": ["disk_low"]}


def test_f6_what_has_begun_ends_in_the_reserve_and_is_sent(seen: dict[str, Any]) -> None:
    """Not a block was left when the customer had paid."""
    assert seen["with_reserve"]["ok"] == [True]
    assert seen["with_reserve"]["reserve"] is False


def test_f6_then_it_is_refused_by_the_name_of_the_disk(seen: dict[str, Any]) -> None:
    refused, status = seen["full"]["refused"], seen["full"]["status"]
    assert (refused["code"], "на диске кассы нет места" in refused["text"]) == ("not_recorded", True)
    assert [trouble["code"] for trouble in status["troubles"]] == ["disk_full"], "and never the hub, which is there"
    assert status["hub"]["online"]


def test_f6_then_it_is_refused_before_the_customer_has_paid(seen: dict[str, Any]) -> None:
    prepared = seen["full"]["prepared"]
    assert (prepared["code"], prepared["status"]) == ("disk_full", 503)
    assert prepared["text"].startswith("Диск кассы полон (осталось 0 МБ): чеки по карте не записать")


def test_f6_nothing_that_the_cashier_reads_is_half_english(seen: dict[str, Any]) -> None:
    full = seen["full"]
    said = [*full["heard"], full["refused"]["text"], *(trouble["text"] for trouble in full["status"]["troubles"])]
    assert set(re.findall("[A-Za-z]+", "".join(said))) <= OF_THE_SHOP
    assert not [line for line in said if "хаб" in line.lower()]


def test_f6_cards_and_balances_are_looked_up_meanwhile_also_after_a_start(seen: dict[str, Any]) -> None:
    assert (seen["full"]["balance"]["ok"], seen["full"]["looked"]["code"]) == (True, "member_found")
    assert seen["full"]["looked"]["told"]["to_pay"] == "200.00"
    assert seen["anew"]["balance"]["ok"] and seen["anew"]["troubles"] == ["disk_full"]


def test_f6_with_room_again_it_goes_on_by_itself_and_nothing_is_lost_or_doubled(seen: dict[str, Any]) -> None:
    assert seen["again"]["ok"], "the sale that was refused, told again"
    assert sorted(seen["at_hub"]) == sorted(seen["acked"])
    assert seen["at_till"]["balance"]["balance"] == seen["points"]
