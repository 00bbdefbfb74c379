"""What a person asks of the hub at a desk: one table, whether he asks at a till, on the office's page or by a program.

An act is a function of the ledger and the words of the request; whoever may ask for it is a right of his role. Each
kind of act has a file of its own in this folder, whose table is joined here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

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


ACTS: Final[Mapping[str, Act]] = {}  # by name
