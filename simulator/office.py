"""Whoever sits in the office and has to do with tills: invites them, and says which of two files goes on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from config.programmes import read_source
from hub.hub import Hub
from hub.publishing import NotPublished, publish
from hub.store.errors import StoreOff
from hub.tills.joining import invite
from hub.tills.leasing import confirm
from hub.tills.till import SEALED_DAYS_MAX
from simulator.plan import store_of
from sync.hub_port import HubUnreachable

if TYPE_CHECKING:
    from simulator.till import ChainTill
    from simulator.world import World

WHO: Final = "olga"
LOOKS_S: Final = 900.0
WAITING: Final = ("forked", "other_file")  # for a person's word
AGAIN_S: Final = 120.0  # a hub that is away is tried again after so long
SECRET_BITS: Final = 256


class Office:
    def __init__(self, world: World) -> None:
        self._world = world
        self._chance = world.stream("office/tills")
        self._published: list[tuple[str, datetime]] = []

    def begin(self) -> None:
        """Now and then it looks at its tills: a file that waits for a person's word gets it. Where two machines run
        under one name, it is found out first which is to stay (simulator/faults/machines.py)."""
        for till in self._world.tills.values():
            why = till.why_unproven() if till.is_up and till.twin is None else None
            if why in WAITING:
                self._world.count(f"a file is {why}")
                self.confirms(till.till)
        self._world.moments.after(LOOKS_S, self.begin)

    def invites(self, till: ChainTill) -> None:
        """A sealed file is carried to it, as soon as the hub makes one."""
        secret = self._chance.getrandbits(SECRET_BITS).to_bytes(SECRET_BITS // 8, "big")
        lasts, store = timedelta(days=SEALED_DAYS_MAX), store_of(till.till)

        def made(hub: Hub) -> None:
            now = self._world.hub.clock()
            hub.within(lambda writer: invite(writer, till.till, secret, now, store=store, by=WHO, lasts=lasts))
            till.machine.invited = secret

        self._in_time(made)

    def confirms(self, till: str) -> None:
        """The file that waits may go on, if one does."""
        self._in_time(lambda hub: hub.within(lambda writer: confirm(writer, till, by=WHO)))

    def publishes(self, source: str, begins_at: datetime) -> None:
        """Once more, where the ledger has forgotten it; one whose moment is over begins at once."""

        def made(hub: Hub) -> None:
            said_at = begins_at if begins_at > hub.now() else None
            with suppress(NotPublished):  # another of that moment, or the same again
                publish(hub, read_source(source), source, said_at)

        self._published.append((source, begins_at))
        self._in_time(made)

    def put_back(self) -> None:
        """The ledger was: what was published since its copy was made is published again."""
        published, self._published = self._published, []
        for source, begins_at in published:
            self.publishes(source, begins_at)

    def _in_time(self, act: Callable[[Hub], object]) -> None:
        """Now, or when the hub is there again."""
        try:
            self._world.hub.ask(act)
        except (HubUnreachable, StoreOff):
            self._world.moments.after(AGAIN_S, lambda: self._in_time(act))
