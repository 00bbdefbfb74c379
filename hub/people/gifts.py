"""Gifts as the ledger keeps them: what was ordered, by whom, how far it has come, and the state that follows from it.

Whom a gift is for stands beside it, member by member (`GiftRow`), found once before anybody gets any.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

import msgspec

from hub.people.history import shown_at
from hub.people.orders import NotDone, Order
from hub.spans import Span
from hub.store.seam import Reader

AT_ONCE: Final = 200  # members of one transaction, for which a till's push has to wait
GIVEN: Final = "given/"  # settings: every gift by its id
GIVEN_FOR: Final = "given_for/"  # settings: its id by the order's key

State = Literal["begun", "waits", "over", "refused", "part", "given", "undone"]


class Given(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A gift. `where`: by which words its members were found; `listing`: who finds them now; `listed`: they are all
    found. `waits_until`: by then a second person has to approve it. `done`: of so many members the points are given;
    `left_out`: of those, who was erased meanwhile; `spans`: the office's operations that did it; `undone`: how many of
    them are undone."""

    id: str
    programme: str
    reason: str
    by: str
    at: str
    members: int
    points: int
    where: str | None = None
    last_day: str | None = None
    listing: str | None = None
    listed: bool = False
    waits_until: str | None = None
    second: str | None = None
    second_at: str | None = None
    refused_at: str | None = None
    refused_by: str | None = None
    refused_why: str | None = None
    done: int = 0
    left_out: int = 0
    spans: tuple[Span, ...] = ()
    undone_at: str | None = None
    undone_by: str | None = None
    undone: int = 0
    person: str = ""  # the id of who ordered it, where he had signed in
    changed: bool = False  # by this order, now: never kept

    @property
    def is_whole(self) -> bool:
        return self.done == self.members

    @property
    def is_undone(self) -> bool:
        return self.undone_at is not None and self.undone == self.done - self.left_out

    @property
    def answers(self) -> str:
        """Who answers for it."""
        return self.by if self.second is None else f"{self.by}, {self.second}"

    def state(self, now: datetime) -> State:
        if self.refused_at is not None:
            return "refused"
        if self.undone_at is not None:
            return "undone"
        if self.is_whole:
            return "given"
        if not self.listed and not self.done:
            return "begun"
        if self.waits_until is not None and self.second is None:
            return "waits" if now < datetime.fromisoformat(self.waits_until) else "over"
        return "part"


def state_words(given: Given, now: datetime) -> str:
    """What is to be said of it besides what was ordered; nothing of one that is given."""
    words = {
        "begun": "its members are not all found yet",
        "waits": f"waits for a second person until {_at(given.waits_until)}",
        "over": f"nobody approved it until {_at(given.waits_until)}",
        "refused": f"refused {_at(given.refused_at)} by {given.refused_by}: {given.refused_why}",
        "part": f"only {given.done} of them yet",
        "given": f"{given.left_out} of them erased before, and got none" if given.left_out else "",
        "undone": f"undone {_at(given.undone_at)} by {given.undone_by}",
    }
    return words[given.state(now)]


def _at(moment: str | None) -> str:
    return f"{shown_at(moment)} UTC" if moment else ""


def gift_called(reader: Reader, id: str) -> Given:
    """Raises NotDone."""
    given = kept_gift(reader, id)
    if given is None:
        raise NotDone(f"There is no gift {id!r}. `pos-hub grant list` shows them.", code="no_such_gift")
    return given


def gifts_of(reader: Reader) -> list[Given]:
    """The newest last."""
    kept = [_given(text) for name, text in reader.all_settings().items() if name.startswith(GIVEN)]
    return sorted(kept, key=lambda given: (given.at, given.id))


def kept_for(reader: Reader, order: Order) -> Given | None:
    """What was ordered under this key."""
    id = reader.setting(GIVEN_FOR + order.key) if order.key is not None else None
    return None if id is None else kept_gift(reader, id)


def kept_gift(reader: Reader, id: str) -> Given | None:
    text = reader.setting(GIVEN + id)
    return None if text is None else _given(text)


def settings_of(given: Given, order: Order | None = None) -> dict[str, str]:
    """As it is written; with the key of the order that made it."""
    key = {GIVEN_FOR + order.key: given.id} if order is not None and order.key is not None else {}
    return {GIVEN + given.id: msgspec.json.encode(given).decode()} | key


def _given(text: str) -> Given:
    return msgspec.json.decode(text, type=Given)
