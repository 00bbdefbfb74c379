"""Many members looked at together: what one of them may not be, none of many may."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.many import PlainCard, PlainLot, PlainMember, are_possible
from loyalty.member import POINTS_MAX
from loyalty.possible import check_member
from loyalty.snapshot import CardSnapshot, LotSnapshot, MemberSnapshot

TIME = "2026-06-01T00:00:00.000000+00:00"
WHOLE: dict[str, Any] = {
    "member": "m1",
    "cards": [{"number": "1", "status": "active"}, {"number": "2", "status": "pending", "active_from": TIME}],
    "lots": [
        {"id": "a", "points": 4, "active_from": TIME, "expires_at": TIME},
        {"id": "b", "points": 1, "active_from": TIME},
    ],
    "debt": 5,
    "redeemed": [{"day": "2026-06-01", "points": 7, "offline": 3}, {"day": "2026-06-02", "points": 1}],
    "spent": [{"day": "2026-06-01", "kopecks": 100}, {"day": "2026-06-02", "kopecks": -100}],
    "birthday": "1990-06-01",
    "favourites": ["чай"],
    "phone_key": "00" * 8,
    "name": "Анна П.",
    "revoked_phones": ["0123456789abcdef"],
    "phone_seen_at": TIME,
    "stickers": [{"collection": "2026-09-01", "count": 7}, {"collection": "2025-09-01", "count": -1}],
}
BARE: dict[str, Any] = {"member": "m2", "cards": []}


def test_all_that_is_told_of_one_is_read_of_many() -> None:
    """What the plain types forgot would be lost without a word, for a whole chain."""
    for plain, whole in ((PlainMember, MemberSnapshot), (PlainCard, CardSnapshot), (PlainLot, LotSnapshot)):
        assert plain.__struct_fields__ == whole.__struct_fields__
    assert set(WHOLE) | {"status"} == set(MemberSnapshot.__struct_fields__)


def lot(**more: Any) -> list[dict[str, Any]]:
    return [{"id": "a", "points": 4, "active_from": TIME, **more}]


# what of a member is another than WHOLE's
OTHERS: tuple[dict[str, Any], ...] = (
    {},
    {"member": ""},
    {"member": "two\nlines"},
    {"member": "x" * 301},
    {"member": "x" * 300},
    {"member": 7},
    {"cards": [{"number": "\u202e", "status": "active"}]},
    {"cards": [{"number": "1", "status": "lent"}]},
    {"cards": [{"number": "1", "status": "active"}] * 2},
    {"cards": [{"number": "1", "status": "active", "active_from": "soon"}]},
    {"revoked_phones": [""]},
    {"revoked_phones": ["two\nlines"]},
    {"stickers": [{"collection": "soon", "count": 1}]},
    {"stickers": [{"collection": "2026-09-01", "count": POINTS_MAX + 1}]},
    {"stickers": [{"collection": "2026-09-01", "count": 1}] * 2},
    {"lots": lot(id="")},
    {"lots": lot() * 2},
    {"lots": lot(points=-1)},
    {"lots": lot(points=POINTS_MAX + 1)},
    {"lots": lot(active_from="2026-06-01T00:00:00+03:00")},
    {"lots": lot(active_from="2026-06-01T00:00:00")},
    {"lots": lot(expires_at="9999-06-01T00:00:00.000000+00:00")},
    {"lots": lot(points=POINTS_MAX) + lot(id="b", points=1)},
    {"debt": -1},
    {"phone_seen_at": "soon"},
    {"phone_seen_at": "9999-06-01T00:00:00.000000+00:00"},
    {"debt": 2**70},
    {"redeemed": [{"day": "2026-6-1", "points": 1}]},
    {"redeemed": [{"day": "2026-06-01", "points": 1}] * 2},
    {"spent": [{"day": "2026-06-01", "kopecks": 1}] * 2},
    {"spent": [{"day": "2026-06-01", "kopecks": -POINTS_MAX - 1}]},
    {"birthday": "1990-02-31"},
    {"birthday": None},
    {"favourites": [""]},
    {"favourites": ["x" * 1_001]},
    {"phone_key": "zz"},
    {"phone_key": None},
    {"status": "gone"},
    {"status": "merged"},
    {"name": "Анна\u202e"},
    {"name": None},
)


def one_by_one(told: dict[str, Any]) -> bool:
    try:
        check_member(msgspec.convert(told, MemberSnapshot))
    except ValueError:
        return False
    return True


def together(*told: dict[str, Any]) -> bool:
    try:
        members = msgspec.convert(told, tuple[PlainMember, ...])
    except ValueError:
        return False
    return are_possible(members)


@pytest.mark.parametrize("other", OTHERS, ids=repr)
def test_d3_together_the_same_is_possible_as_one_by_one(other: dict[str, Any]) -> None:
    told = WHOLE | other
    assert together(told) == one_by_one(told) == together(BARE, told)


@given(st.lists(st.sampled_from(OTHERS), max_size=4))
def test_d3_however_much_of_one_is_odd(others: list[dict[str, Any]]) -> None:
    told = dict(WHOLE)
    for other in others:
        told |= other
    assert together(BARE, told) == one_by_one(told)


def test_nobody_is_possible() -> None:
    assert together()


def test_what_together_is_more_than_one_may_have_is_looked_at_one_by_one() -> None:
    rich = WHOLE | {"lots": lot(points=POINTS_MAX)}
    assert together(rich) and one_by_one(rich) and not together(rich, rich | {"member": "m3"})


@pytest.mark.parametrize("told", [WHOLE, BARE])
def test_read_with_many_a_member_is_written_as_he_is_alone(told: dict[str, Any]) -> None:
    alone, with_many = msgspec.convert(told, MemberSnapshot), msgspec.convert(told, PlainMember)
    assert msgspec.json.encode(alone) == msgspec.json.encode(with_many)


@pytest.mark.parametrize(
    ("one", "other"), [(PlainMember, MemberSnapshot), (PlainCard, CardSnapshot), (PlainLot, LotSnapshot)]
)
def test_both_have_the_same_fields(one: type[msgspec.Struct], other: type[msgspec.Struct]) -> None:
    """One that is new in a snapshot would not be kept of a member who came with many."""
    of_one, of_other = msgspec.structs.fields(one), msgspec.structs.fields(other)
    assert [field.encode_name for field in of_one] == [field.encode_name for field in of_other]
    assert [field.default for field in of_one] == [field.default for field in of_other]
