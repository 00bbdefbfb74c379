"""Who knows more of a till's chain: every case of the table in sync/ends.py (B3, B4)."""

from __future__ import annotations

import pytest

from loyalty.operation import FIRST_HASH, Key
from offline_cache.own_chain import End
from sync.ends import Relation, held_against, relation_of

OURS = {number: f"{number:064x}" for number in range(1, 9)}
OTHER = "f" * 64


@pytest.mark.parametrize(
    ("own", "hub", "other", "relation"),
    [
        (0, 0, False, "equal"),
        (5, 5, False, "equal"),
        (5, 0, False, "ahead"),
        (5, 3, False, "ahead"),
        (0, 3, False, "behind"),
        (3, 5, False, "behind"),
        (5, 5, True, "forked"),
        (5, 3, True, "forked"),
        (3, 5, True, "behind"),  # until its tail says whether it follows
    ],
)
def test_b3_b4_who_knows_more_of_a_chain(own: int, hub: int, other: bool, relation: Relation) -> None:
    here = End(1, own, OURS.get(own, FIRST_HASH))
    there = End(1, hub, OTHER if other else OURS.get(hub, FIRST_HASH))
    assert relation_of(here, there, OURS.get(hub) if hub <= own else None) == relation


def hash_at(key: Key) -> str | None:
    return OURS.get(key.sequence)


def test_every_generation_of_the_file_is_held_against_the_hub_and_the_one_it_works_under() -> None:
    own, hub = [End(1, 5, OURS[5]), End(2, 2, OURS[2])], [End(3, 0, ""), End(1, 4, OURS[4])]
    held = held_against(own, hub, hash_at, 3)
    assert [(one.own.generation, one.relation) for one in held] == [(1, "ahead"), (2, "ahead"), (3, "equal")]


def test_a_hub_that_names_no_hash_says_nothing_of_the_chain_and_a_file_without_a_generation_has_none() -> None:
    assert held_against([], [End(0, 0, "")], hash_at, 0) == []
    assert held_against([End(1, 5, OURS[5])], [End(1, 9, "")], hash_at, 1) == []
