"""Who is heard at the hub, before anything that he says is: as hub/face/speaking.py, but for the signatures.

A key is told as it is. Whatever is refused here is refused with the face's own codes.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Final, NamedTuple

from hub.face.runs import Runs
from hub.face.speaking import KNOWN_S
from hub.hub import Hub
from hub.tills.leasing import may_speak
from hub.tills.till import Till
from sync.hub_port import HubRefused
from sync.signed import Asker


class Way(Enum):
    """What a request does."""

    READS = "reads"
    WRITES = "writes"
    OWN = "own"  # reads what the ledger has of the till's own
    LEASE = "lease"
    JOIN = "join"  # which a stranger may


READING: Final = frozenset((Way.READS, Way.OWN))


class _Known(NamedTuple):
    till: Till | None
    read_s: float


class Hearing:
    """Of one process of the hub. `now_s`: a clock that only goes on."""

    def __init__(self, hub: Hub, now_s: Callable[[], float]) -> None:
        self._hub = hub
        self._now_s = now_s
        self.runs = Runs(now_s)
        self._known: dict[str, _Known] = {}

    def check(self, key: str, asker: Asker, way: Way) -> None:
        """Raises HubRefused, StoreOff."""
        if way is Way.JOIN:
            self._known.pop(asker.till, None)
            return
        self._check_key(key, asker)
        if way is not Way.LEASE and not self._may_speak(asker, way):
            raise HubRefused("other_file", "another file than this works for the till, or none does yet")
        if not asker.file:
            return
        if self.runs.is_elsewhere(key, asker.run):
            raise HubRefused("runs_elsewhere", "the till is running elsewhere at this moment")
        if way is not Way.LEASE:
            self.runs.hear(key, asker.run)

    def _check_key(self, key: str, asker: Asker) -> None:
        till = self._till(asker.till)
        if till is None or till.key is None:
            revoked = till is not None and till.state == "revoked"
            raise HubRefused("revoked" if revoked else "unknown_till", "no till of this name is heard")
        if till.key != key:
            raise HubRefused("not_signed", "not signed by this till's key as it came")
        if asker.ledger not in ("", self._hub.ledger):
            raise HubRefused("other_ledger", "the till's file belongs to another ledger than this hub's")

    def _may_speak(self, asker: Asker, way: Way) -> bool:
        """Whoever got the lease just now is not known for it yet."""
        for _ in range(2):
            till = self._till(asker.till)
            reads, own = way in READING, way is Way.OWN
            if till is not None and may_speak(till, asker.file, asker.generation, reads=reads, own=own):
                return True
            self._known.pop(asker.till, None)
        return False

    def _till(self, name: str) -> Till | None:
        known = self._known.get(name)
        if known is None or self._now_s() - known.read_s > KNOWN_S:
            known = self._known[name] = _Known(self._hub.tills.find(name), self._now_s())
        return known.till
