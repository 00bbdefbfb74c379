"""`verify` reads several tables beside each other and looks rows up in between: on every database."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.hub import Hub
from hub.store.office_records import SeenRow, StoreRow
from hub.store.records import HoldRow, MemberRow
from hub.store.rows import Rows
from hub.store.seam import Store
from tests.hub.conftest import PROGRAMMES, Office
from tests.hub.test_verify_orders import UNTRUE, Story


class OfficeAt(Office):
    """An office whose ledger is opened by somebody else."""

    def __init__(self, store: Store) -> None:
        self._store = store
        super().__init__(Path(store.name))

    def open(self) -> None:
        self.hub = Hub(self._store, now=lambda: self.now, programmes=PROGRAMMES)


@pytest.mark.parametrize("story", UNTRUE, ids=lambda story: story.__name__)
def test_what_is_right_is_right_and_what_is_not_is_found(store: Store, story: Story) -> None:
    office = OfficeAt(store)
    story(office)
    assert office.verdict().faults == ()
    with store.writing() as writer:
        holds = [HoldRow(name, "h1", "t1", 5, office.now) for name in ("Zoe", "anna", "б")]
        seen = [SeenRow(hold.member, "s1", office.now) for hold in holds]
        writer.write(Rows(new_holds=holds, seen=seen, stores=[StoreRow("s1")]))
    with store.reading() as reader:
        there = reader.members(["anna"])
    strangers = [hold.member for hold in holds if hold.member not in there]
    assert office.verdict().faults == (
        *(f"hold h1 of {name}: there is no such member" for name in strangers),
        *(f"member {name}, seen in s1: is not there" for name in strangers),
    )
    with store.writing() as writer:
        writer.write(Rows(gone_holds=[hold.key for hold in holds], unseen=[row.key for row in seen]))
    with store.writing() as writer:
        writer.write(Rows(new_members=[MemberRow("somebody", "alenka", registered=False)]))
    assert office.verdict().faults == ("member somebody alenka: no operation says so",)
