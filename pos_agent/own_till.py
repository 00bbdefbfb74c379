"""Who this till is: the key that joining brought, the file it speaks from, and whether the hub knows it as that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from config.settings import Settings
from offline_cache.cache import Cache
from offline_cache.lease import Bond
from pos_agent.identity import bond_of, new_run, own_if_any, speaker_of
from pos_agent.machine import machine
from pos_agent.proof import Why, facts_of, unproven
from pos_agent.renewing import renewed
from sync.identity import Own, OwnFile
from sync.renewing import NewKey
from sync.worker import SyncState


class OwnTill:
    """`speaker` makes one for each connection; None: the till has not joined. `bond`: what the lease of the till's file
    must name; every command asks, so that it is worked out with each new key, and not with each question."""

    def __init__(self, settings: Settings, cache: Cache) -> None:
        self._cache = cache
        self._own = own_if_any(settings)
        self._machine = machine()
        self.bond = self._bond(self._own) if self._own is not None else None
        self.speaker = speaker_of(self._own, self._file, run=new_run(settings))

    def _bond(self, own: Own) -> Bond:
        return bond_of(own.identity, self._machine)

    def renew(self, tell: Callable[[NewKey], None]) -> None:
        """A new key, at the hub and here; what the file is bound to is the same till with it."""
        if self._own is not None:
            renewed(self._own, tell)
            self.bond = self._bond(self._own)
            self._cache.leases.rebind(self.bond)

    def learn(self, next_hub_key: str) -> None:
        """The key that the hub goes over to."""
        if self._own is not None:
            self._own.learn(next_hub_key)

    def _file(self) -> OwnFile:
        """What people practise on is nobody's."""
        return OwnFile("" if self._cache.training else self._cache.file_id, self._cache.generation)

    def unproven(self, state: SyncState, now: datetime) -> Why | None:
        """Why it may be a copy of another, by this machine's clock; of practice that is no question."""
        if self._cache.training:
            return None
        older = self._cache.losses.older
        return unproven(facts_of(self.bond, self._cache.leases, state.elsewhere_at, older=older), now)
