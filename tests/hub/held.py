"""A hub over any store whose tills ask it to hold points."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

from hub.books.holds import AskRefused
from hub.hub import Hub
from hub.store.records import CaseRow, HoldRow
from hub.store.seam import Store
from loyalty.bodies import HoldVoided, Redeemed, Sale
from loyalty.utc import utc_text
from sync.protocol import HoldReply, HoldRequest, Unsent
from tests.hub.conftest import NOW, PROGRAMMES, Office, Pen

LASTS = timedelta(minutes=20)  # a quote, and five minutes


class Held(Office):
    def __init__(self, store: Store) -> None:
        self.now = NOW
        self.pen = Pen()
        self.numbers = itertools.count(1)
        self.chain = self.pen.till
        self.hub = Hub(store, now=lambda: self.now, programmes=PROGRAMMES)

    def request(self, hold: str, points: int, *, lasts: timedelta = LASTS, **more: Any) -> HoldRequest:
        """By the till that stands before the stroke in the hold's id."""
        fields: dict[str, Any] = {"till": hold.split("/")[0], "programme": "alenka", "member": "anna"}
        return HoldRequest(**fields | {"hold": hold, "points": points, "until": utc_text(self.now + lasts)} | more)

    def ask(self, hold: str, points: int, **more: Any) -> HoldReply:
        return self.hub.hold(self.request(hold, points, **more))

    def held(self, hold: str, points: int, **more: Any) -> int | str:
        """How many points it has now, or why none may be asked for under this id."""
        try:
            return self.ask(hold, points, **more).points
        except AskRefused as refused:
            return refused.code

    def spent(self, hold: str, points: int, **more: Any) -> Sale:
        """A sale within a hold."""
        return self.sale(redeemed=Redeemed(points=points, kopecks=points, hold=hold), **more)

    def void(self, *holds: str, member: str = "anna", pen: Pen | None = None) -> list[str]:
        return self.take(HoldVoided(member=member, holds=holds, reason="cancelled"), pen=pen)

    def holds(self) -> list[HoldRow]:
        with self.hub.store.reading() as reader:
            return list(reader.all_holds())

    def states(self, member: str = "anna") -> dict[str, str]:
        return {row.hold: row.state for row in self.holds() if row.member == member}

    def cases(self) -> list[CaseRow]:
        with self.hub.store.reading() as reader:
            return list(reader.all_cases())

    def unsent(self, sequence: int, points: int, hold: str | None = None) -> Unsent:
        return Unsent(generation=1, sequence=sequence, points=points, hold=hold)

    def is_sound(self) -> bool:
        return self.verdict().faults == ()
