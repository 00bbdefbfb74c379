"""Who comes in at the office's desk, and how long he is kept out who guesses."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, NamedTuple, Protocol

from loyalty.staff import MAY, Right, Role

TRIES: Final = 5  # wrong ones, then each has to wait
FIRST_PAUSE_S: Final = 30
PAUSE_MAX_S: Final = 15 * 60
FORGOTTEN_S: Final = 24 * 3_600  # after the last try, where there is no room: made-up names keep nobody out for ever
KNOWN_MAX: Final = 1_000  # names that wrong tries are counted of; of all others together as of one
OTHERS: Final = ""
COMES_IN: Final[frozenset[Role]] = frozenset(("manager", "office", "auditor"))


class Clerk(NamedTuple):
    """Who has signed in. `stores`: whose things he sees; None: of all. `proof`: stands for the PIN that he has; with
    another one, whoever came in by the one of before is out."""

    id: str
    name: str
    role: Role
    stores: frozenset[str] | None = None
    proof: str = ""

    def may(self, right: Right | None) -> bool:
        return right is None or right in MAY[self.role]

    def may_ask(self, right: Right | None) -> bool:
        """For an act. What needs no right at a till is what a till does by itself: here it is for those who may sell,
        and not for who only looks."""
        return self.may("sell" if right is None else right)

    def sees(self, store: str) -> bool:
        return self.stores is None or store in self.stores


class Door(Protocol):
    """Those whom it knows: of no role that has nothing to do here, and none who was revoked."""

    def by_pin(self, name: str, pin: str) -> Clerk | None: ...

    def called(self, name: str) -> str:
        """Whose tries those are that name him so: by his id or his name it is one count."""
        ...

    def by_key(self, key: str) -> Clerk | None: ...

    def still(self, id: str) -> Clerk | None:
        """As he is now."""
        ...


class Wrong(NamedTuple):
    tries: int
    until_s: float  # nobody is heard under this name before


class Tries:
    """Tries by name, by a clock that only goes on; each counts as wrong before it is looked at, so that many at once
    are no more than many in a row. As old as the process."""

    def __init__(self) -> None:
        self._wrong: dict[str, Wrong] = {}

    def wait_s(self, name: str, now_s: float) -> int:
        """How long until the next try is heard; 0: it is now."""
        wrong = self._wrong.get(self._of(name))
        return max(0, -int(-(wrong.until_s - now_s) // 1)) if wrong is not None else 0

    def begins(self, name: str, now_s: float) -> int:
        """How long to wait before the next, if this one is wrong."""
        if len(self._wrong) >= KNOWN_MAX:
            self._wrong = {one: wrong for one, wrong in self._wrong.items() if now_s < wrong.until_s + FORGOTTEN_S}
        key = self._of(name)
        count = self._wrong.get(key, Wrong(0, 0.0)).tries + 1
        pause_s = pause_after(count)
        self._wrong[key] = Wrong(count, now_s + pause_s)
        return pause_s

    def was_right(self, name: str) -> None:
        self._wrong.pop(self._of(name), None)

    def _of(self, name: str) -> str:
        key = one_spelling(name)
        return key if key in self._wrong or len(self._wrong) < KNOWN_MAX else OTHERS


def pause_after(wrong: int) -> int:
    """In seconds: none before the fifth, then twice as long each time."""
    if wrong < TRIES:
        return 0
    return min(PAUSE_MAX_S, FIRST_PAUSE_S << min(wrong - TRIES, 10))


def one_spelling(name: str) -> str:
    return " ".join(name.casefold().split())[:100]


def comes_in(role: Role, revoked: bool) -> bool:
    return role in COMES_IN and not revoked


def stores_of(stores: Collection[str]) -> frozenset[str] | None:
    """None named: all of them."""
    return frozenset(stores) or None
