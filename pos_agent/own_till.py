"""Who this till is: the key that joining brought, the file it speaks from, and whether the hub knows it as that."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from config.settings import Settings
from offline_cache.cache import Cache
from offline_cache.lease import Bond
from pos_agent.first_start import FirstStart, Said
from pos_agent.identity import IdentityError, bond_of, new_run, own_in, speaker_of
from pos_agent.machine import machine
from pos_agent.proof import Why, facts_of, unproven
from pos_agent.renewing import renewed
from sync.hub_port import HubNoKey
from sync.identity import Own, OwnFile
from sync.renewing import NewKey
from sync.worker import SyncState

NO_KEY = "This till's key cannot be read: `pos-agent doctor` says why. Sales are recorded and wait here."

log = logging.getLogger(__name__)


class OwnTill:
    """`speaker` makes one for each connection. `bond`: what the lease of the till's file must name, None before it has
    joined; every command asks, so that it is worked out with each new key, and not with each question."""

    def __init__(self, settings: Settings, cache: Cache) -> None:
        self._cache = cache
        self._own, self._is_read = _own(settings)
        self._machine = machine()
        self._first = FirstStart(settings, cache, self._own, self._machine) if self._is_read else None
        self.bond = self._bond()
        self.speaker = speaker_of(self._own, self._file, run=new_run(settings))

    def _bond(self) -> Bond | None:
        return bond_of(self._own.identity, self._machine) if self._own.has_joined else None

    @property
    def said(self) -> Said | None:
        """What came of joining by itself."""
        return self._first.said if self._first is not None else None

    def join(self) -> bool:
        """By itself, where it has not and can; all its connections speak from then on. Raises HubUnreachable,
        HubRefused."""
        if self._first is None:
            raise HubNoKey(NO_KEY)
        if self._own.has_joined or not self._first.join():
            return False
        self.bond = self._bond()
        return True

    def renew(self, tell: Callable[[NewKey], None]) -> None:
        """A new key, at the hub and here; what the file is bound to is the same till with it."""
        renewed(self._own, tell)
        self.bond = bond_of(self._own.identity, self._machine)
        self._cache.leases.rebind(self.bond)

    def learn(self, next_hub_key: str) -> None:
        """The key that the hub goes over to."""
        self._own.learn(next_hub_key)

    def _file(self) -> OwnFile:
        """What people practise on is nobody's."""
        return OwnFile("" if self._cache.training else self._cache.file_id, self._cache.generation)

    def unproven(self, state: SyncState, now: datetime) -> Why | None:
        """Why it may be a copy of another, by this machine's clock; of practice that is no question."""
        if self._cache.training:
            return None
        if not self._is_read:
            return "no_key"
        older = self._cache.losses.older
        return unproven(facts_of(self.bond, self._cache.leases, state.elsewhere_at, older=older), now)


def _own(settings: Settings) -> tuple[Own, bool]:
    """And whether it could be read: a till whose key cannot be sells and records, and says why."""
    try:
        return own_in(settings), True
    except IdentityError as error:
        log.warning("%s The till sells and records; its sales wait here until its key can be read.", error)
        return Own(None), False
