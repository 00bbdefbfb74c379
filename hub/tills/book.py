"""The hub's tills: who may speak for a shop, with which key, from which file, and how far each was told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from hub.books.holds import AskRefused
from hub.books.intake import Intake
from hub.keys import Keys
from hub.store.seam import Store, Writer
from hub.tills.joining import found, go_over, heard, is_news, join, note_hub_key, take_key
from hub.tills.leasing import lease, own_page
from hub.tills.telling import has_news, note_told
from hub.tills.till import Till
from sync.joining import JoinReply, JoinRequest
from sync.protocol import ChangesPage, LeaseReply, LeaseRequest, OwnPage

_T = TypeVar("_T")


class TillBook:
    """`ledger`: which it is, as tills remember it; `keys`: the hub's own."""

    def __init__(self, store: Store, intake: Intake, now: Callable[[], datetime], *, ledger: str, keys: Keys) -> None:
        self._store = store
        self._intake = intake
        self._now = now
        self._ledger = ledger
        self._keys = keys

    def find(self, till: str) -> Till | None:
        with self._store.reading() as reader:
            return found(reader, till)

    def hear(self, till: Till) -> None:
        """It has said something. Raises StoreOff."""
        if is_news(till, self._now()):
            self._intake.within(lambda writer: heard(writer, till.till, self._now()))

    def note_hub_key(self, till: Till, key: str) -> None:
        """Which key of the hub's it says that it would believe besides the one of now. Raises StoreOff."""
        if key != till.hub_key_known and key in ("", self._keys.next_public):
            self._intake.within(lambda writer: note_hub_key(writer, till.till, key))

    def renew(self, till: str, key: str) -> None:
        """Its next key, as it told. Raises AskRefused, StoreOff."""
        self._intake.within(lambda writer: take_key(writer, till, key))

    def go_over(self, till: str, key: str) -> None:
        """It was heard with its next key. Raises StoreOff."""
        self._intake.within(lambda writer: go_over(writer, till, key))

    def join(self, request: JoinRequest) -> JoinReply:
        """A till that was invited. Raises AskRefused, StoreOff."""
        ledger, key = self._ledger, self._keys.public
        return self._asked(lambda writer: join(writer, request, self._now(), ledger=ledger, hub_key=key))

    def lease(self, request: LeaseRequest) -> LeaseReply:
        """A file wants to work for its till. Raises AskRefused, StoreOff."""
        return self._asked(lambda writer: lease(writer, request, self._now(), ledger=self._ledger))

    def own(self, till: str, generation: int, after: int) -> OwnPage:
        """A till's own operations behind one of them."""
        with self._store.reading() as reader:
            return own_page(reader, till, generation, after)

    def note_told(self, till: Till, programme: str, page: ChangesPage) -> None:
        """That this page goes to the till. Raises StoreOff."""
        if has_news(till, programme, page):
            self._intake.within(lambda writer: note_told(writer, till.till, programme, page))

    def _asked(self, work: Callable[[Writer], _T | AskRefused]) -> _T:
        """Work that writes also where it refuses. Raises AskRefused."""
        said = self._intake.within(work)
        if isinstance(said, AskRefused):
            raise said
        return said
