"""The cashier sees as much of a member's name as a guest may read, and may call him by it."""

from __future__ import annotations

import msgspec
from msgspec import UNSET

from loyalty.snapshot import CardSnapshot, MemberSnapshot
from pos_agent.shown import shown_front
from tests.pos_agent.conftest import Desk
from tests.pos_agent.test_advice_at_the_till import retold


def test_a_member_whose_name_is_known_is_shown_with_it(desk: Desk) -> None:
    cards = (CardSnapshot(number=desk.ANNA, status="active"),)
    for told, shown in (("Анна П.", "Анна П."), (None, UNSET)):
        retold(desk, MemberSnapshot(member="anna", cards=cards, name=told))
        desk.basket()
        desk.code(desk.ANNA)
        member = shown_front(desk.checkout, desk.checkout.receipts, desk.now).member
        assert member is not None and member.name == shown
        assert ("name" in msgspec.to_builtins(member)) is (told is not None)
