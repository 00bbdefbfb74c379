"""Programmes' files go both ways: the hub publishes them, and asks for those that it does not know."""

from __future__ import annotations

import logging
from collections.abc import Callable

from offline_cache.cache import Cache
from sync.hub_port import HubPort, HubRefused
from sync.protocol import SOURCE_BYTES_MAX

log = logging.getLogger(__name__)


class ProgrammeFiles:
    """`hash_of_source`: of a programme's file, None for one that cannot be read here; without it none is fetched.
    `wanted`: what the hub asked for, by their hashes."""

    def __init__(self, cache: Cache, hash_of_source: Callable[[str], str | None] | None) -> None:
        self._cache = cache
        self._hash_of_source = hash_of_source
        self.wanted: tuple[str, ...] = ()
        self._no_good: set[str] = set()  # files that came, and are not what their hash says or cannot be read here

    def fetch(self, hub: HubPort) -> bool:
        """One file that was told of and is not here. True when there may be more."""
        missing = self.missing()
        if missing is None or self._hash_of_source is None:
            return False
        try:
            source = hub.programme(missing)
        except HubRefused as refused:  # it was withdrawn, say: the next page tells
            log.info("The hub does not give the programme %s: %s", missing, refused)
            return False
        if len(source.encode()) <= SOURCE_BYTES_MAX and self._hash_of_source(source) == missing:
            self._cache.programmes.keep(missing, source)
        else:
            self._no_good.add(missing)
            log.error("The file of the programme %s that the hub sent cannot be used here.", missing)
        return True

    def missing(self) -> str | None:
        """The hash of the first file that was told of, is not here and may still be of use."""
        told = (one.hash for one in self._cache.programmes.published if one.begins_at is not None)
        wanted = (hash for hash in told if hash not in self._no_good)
        return next((hash for hash in wanted if self._cache.programmes.source(hash) is None), None)

    def asked_for(self) -> dict[str, str]:
        """The files that the hub asked for, as far as they are here."""
        found = {hash: self._cache.programmes.source(hash) for hash in self.wanted}
        return {hash: source for hash, source in found.items() if source is not None}
