"""What does not hold."""

from __future__ import annotations


class Broken(Exception):
    """`invariant`: by its name in simulator/invariants.py or in the oracle, the same however the fault came about: what
    a plan is made short by."""

    def __init__(self, invariant: str, what: str) -> None:
        super().__init__(f"{invariant}: {what}")
        self.invariant = invariant
        self.what = what
