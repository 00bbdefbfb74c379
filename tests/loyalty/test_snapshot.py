"""A member as the hub tells it: the same on the wire and in the till's cache."""

from __future__ import annotations

import msgspec
import pytest

from loyalty.cards import STATUSES
from loyalty.snapshot import CardSnapshot, ExpiringPoints, MemberSnapshot


def test_a_member_survives_the_wire() -> None:
    member = MemberSnapshot(
        member="m1",
        points=-5,
        cards=tuple(CardSnapshot(number=str(number), status=status) for number, status in enumerate(STATUSES)),
        accumulated_kopecks=100,
        birthday="1990-06-01",
        favourites=("чай",),
        phone_key="00" * 8,
        expires_next=ExpiringPoints(points=4, at="2026-06-01T00:00:00.000000+00:00"),
    )
    assert msgspec.json.decode(msgspec.json.encode(member), type=MemberSnapshot) == member


def test_a_new_member_has_nothing_but_cards() -> None:
    member = MemberSnapshot(member="m1", points=0, cards=())
    assert (member.accumulated_kopecks, member.birthday, member.favourites, member.phone_key) == (0, None, (), None)
    assert member.expires_next is None


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '{"member":"m1","points":1.5,"cards":[]}',
        '{"member":"m1","points":1,"cards":[{}]}',
        '{"member":"m1","points":1,"cards":[],"expires_next":{"points":1,"at":"2026-06-01T00:00:00"}}',
        '{"member":"m1","points":1,"cards":[],"expires_next":{"points":1,"at":"soon"}}',
    ],
)
def test_half_a_member_is_refused(text: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(text, type=MemberSnapshot)
