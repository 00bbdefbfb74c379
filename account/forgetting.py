"""What the account itself keeps of a member: each table that names one has a row here, so that whoever is gone is
forgotten by all of them, and whoever asks what is kept of him is told of all of them."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, NamedTuple

from account.hub_desk import HubDesk, HubSaysNo, HubSilent
from account.store.seam import Book, Store, StoreOff
from sync.account.mine import MEMBERS_MAX, AskGone, Gone

EVERY_S: Final = 3_600.0  # so often it is asked who is gone: whoever is erased in the office is out at once anyway
SOON_S: Final = 60.0  # after an hour in which the hub was silent

log = logging.getLogger(__name__)


class Kept(NamedTuple):
    """Of queries.sql: `forget` takes a member; `told` takes one and answers rows of these `columns`. `members`: whose
    rows there are, behind one, in order."""

    forget: str
    members: str
    told: str
    columns: tuple[str, ...]


KEPT: Final[Mapping[str, Kept]] = {  # by table
    "sessions": Kept(
        "forget_sessions", "sessions_members", "sessions_told", ("began_at", "seen_at", "language", "device")
    ),
    "led": Kept("forget_led", "led_members", "led_told", ("led_at",)),
    "passwords": Kept("forget_password", "passwords_members", "passwords_told", ("set_at",)),
    "messages_seen": Kept("forget_messages_seen", "messages_seen_members", "messages_seen_told", ("until", "at")),
    "networks": Kept("forget_networks", "networks_members", "networks_of", ("network", "shown", "linked_at")),
}


def forget(store: Store, members: Collection[str]) -> None:
    """All of it, in one transaction. Raises StoreOff."""
    with store.writing() as book:
        for member in members:
            for kept in KEPT.values():
                book.do(kept.forget, member=member)


def told(store: Store, member: str) -> dict[str, list[dict[str, Any]]]:
    """By table; nothing by which somebody could come in. Raises StoreOff."""
    with store.reading() as book:
        return {table: _rows(book, kept, member) for table, kept in KEPT.items()}


def _rows(book: Book, kept: Kept, member: str) -> list[dict[str, Any]]:
    return [dict(zip(kept.columns, row, strict=True)) for row in book.all(kept.told, member=member)]


class Forgetting:
    """Whoever was erased elsewhere is forgotten here too."""

    def __init__(self, desk: HubDesk, store: Store) -> None:
        self._desk = desk
        self._store = store

    def step(self) -> int:
        """How many were forgotten. Raises HubSilent, HubSaysNo, StoreOff."""
        return sum(self._of_table(kept) for kept in KEPT.values())

    def _of_table(self, kept: Kept) -> int:
        count, after = 0, ""
        while some := self._members(kept, after):
            gone = self._desk.ask("gone", AskGone(members=tuple(some)), Gone).members
            if gone:
                forget(self._store, gone)
            count, after = count + len(gone), some[-1]
        return count

    def _members(self, kept: Kept, after: str) -> list[str]:
        with self._store.reading() as book:
            return [row[0] for row in book.all(kept.members, after=after, most=MEMBERS_MAX)]


def forget_for_ever(forgetting: Forgetting, pause: Callable[[float], None] = time.sleep) -> None:
    """The shell around it, in a thread of its own."""
    while True:
        try:
            forgetting.step()
        except (HubSilent, HubSaysNo, StoreOff) as error:
            log.info("who is gone is asked again: %s", error)
            pause(SOON_S)
        else:
            pause(EVERY_S)
