"""What an act of the desk is: see acts.py, which has them all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec

from hub.hub import Hub
from loyalty.staff import Right


class Asked(NamedTuple):
    """Who asks, and from where. `person`: his id, "" for nobody; `by`: how he is called, as an order keeps it. `till`,
    `store`: "" for the office. The same `key` is the same order. `stores`: whose things somebody in the office sees;
    None: of all."""

    person: str
    by: str
    till: str
    store: str
    programme: str
    key: str
    stores: frozenset[str] | None = None

    def sees(self, store: str) -> bool:
        if self.till:
            return store == self.store
        return self.stores is None or store in self.stores


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """`right` None: nobody has to have signed in. `takes`: the body's type. `do` raises ActRefused."""

    takes: type[msgspec.Struct]
    right: Right | None
    do: Callable[[Hub, Asked, Any], msgspec.Struct]


class ActRefused(Exception):
    """Why it is not done. `code`: for the till's words; the message is for people of the office."""

    def __init__(self, code: str, message: str, *, tries_left: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.tries_left = tries_left
