"""What a member redeemed on each shop day, and what counts for tiers of each: sums of the operations, by the clock of
the store where they happened."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from loyalty.bodies import MemberMerged, Return, Sale
from loyalty.operation import Operation, read_operation
from loyalty.standing import day_of, shop_day

WORKED_OUT = "days_worked_out"  # a file of before has operations and no sums yet


class Days:
    def __init__(self, sql: Any, zone_of: Callable[[str], ZoneInfo]) -> None:
        self._sql = sql
        self.zone_of = zone_of

    def count(self, connection: sqlite3.Connection, operation: Operation, owner: str) -> None:
        """Add what an applied sale or return of this member says."""
        zone, body = self.zone_of(operation.programme), operation.body
        if isinstance(body, Sale):
            day, points = shop_day(operation, zone), body.redeemed.points
            self._spent(connection, owner, day, body.qualifying_kopecks)
            if points:
                offline = points if body.link == "offline" else 0
                self._sql.add_redeemed(connection, member=owner, day=day, points=points, offline=offline)
        elif isinstance(body, Return):
            day, points = day_of(body.sold_at, operation, zone), body.restored.points
            self._spent(connection, owner, day, -body.qualifying_kopecks)
            if points:
                offline = points if body.sold_offline else 0
                self._sql.add_redeemed(connection, member=owner, day=day, points=-points, offline=-offline)

    def _spent(self, connection: sqlite3.Connection, owner: str, day: str, kopecks: int) -> None:
        if kopecks:
            self._sql.add_spent(connection, member=owner, day=day, kopecks=kopecks)

    def move(self, connection: sqlite3.Connection, member: str, into: str) -> None:
        """One member goes into another."""
        for day, points, offline in list(self._sql.redeemed_of(connection, member=member)):
            self._sql.add_redeemed(connection, member=into, day=day, points=points, offline=offline)
        for day, kopecks in list(self._sql.spent_of(connection, member=member)):
            self._sql.add_spent(connection, member=into, day=day, kopecks=kopecks)
        self._sql.forget_redeemed(connection, member=member)
        self._sql.forget_spent(connection, member=member)

    def work_out(self, connection: sqlite3.Connection) -> None:
        """Once, for a file that was made before there were such sums: from all its operations."""
        if self._sql.setting(connection, name=WORKED_OUT) is not None:
            return
        self._sql.forget_all_redeemed(connection)
        self._sql.forget_all_spent(connection)
        for *_, text, answer in list(self._sql.all_operations(connection)):
            operation = read_operation(text)
            assert not isinstance(operation.body, MemberMerged), "no file of before has one"
            if json.loads(answer)["result"] == "applied" and isinstance(operation.body, Sale):
                owner = operation.body.member
                if owner is not None:
                    self.count(connection, operation, owner)
        self._sql.add_setting(connection, name=WORKED_OUT, value="1")
