"""What is shown of whoever works at the till: who may sign in, who has, and what waits for a second person."""

from __future__ import annotations

import msgspec


class ShownPerson(msgspec.Struct, frozen=True, kw_only=True):
    """Who may sign in here."""

    person: str
    name: str
    role: str


class ShownSignedIn(msgspec.Struct, frozen=True, kw_only=True):
    """`until`: if he does nothing more. `may`: his rights (loyalty/staff.py)."""

    person: str
    name: str
    role: str
    until: str
    may: tuple[str, ...]


class ShownChallenge(msgspec.Struct, frozen=True, kw_only=True):
    """What is read out to the office, so that it answers for a step: `what`, over how much (kopecks or points)."""

    text: str
    what: str
    amount: int
    until: str
    tries_left: int
    shown: bool = False  # somebody has shown his badge for it: the command again, with an empty `second`


class StaffState(msgspec.Struct, frozen=True, kw_only=True):
    """At the till itself: `signed_in` null, nobody is."""

    people: tuple[ShownPerson, ...]
    signed_in: ShownSignedIn | None
    challenge: ShownChallenge | None = None
