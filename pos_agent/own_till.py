"""Who this till is: the key that joining brought, the file it speaks from, and whether the hub knows it as that."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from config.settings import Settings
from offline_cache.cache import Cache
from pos_agent.identity import bond_of, identity_in, speaker_of
from pos_agent.machine import machine
from pos_agent.proof import Facts, Why, unproven
from sync.identity import OwnFile
from sync.worker import SyncState


class OwnTill:
    """`speaker` makes one for each connection; None: the till has not joined."""

    def __init__(self, settings: Settings, cache: Cache) -> None:
        self._cache = cache
        identity = identity_in(Path(settings.keys), settings.till)
        self.bond = bond_of(identity, machine()) if identity is not None else None
        self.speaker = speaker_of(identity, self._file)

    def _file(self) -> OwnFile:
        """What people practise on is nobody's."""
        return OwnFile("" if self._cache.training else self._cache.file_id, self._cache.generation)

    def unproven(self, state: SyncState, now: datetime) -> Why | None:
        """Why it may be a copy of another, by this machine's clock; of practice that is no question."""
        if self._cache.training:
            return None
        leases = self._cache.leases
        facts = Facts(
            bond=self.bond,
            lease=leases.lease,
            generation=leases.generation,
            stopped=leases.stopped,
            elsewhere_at=state.elsewhere_at,
        )
        return unproven(facts, now)
