"""The worker of a till: speaks as the till that it is, with a connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from config.settings import Settings
from offline_cache.cache import Cache
from pos_agent.own_till import OwnTill
from pos_agent.parts import hash_of_source
from storage.sqlite_file import FileError
from sync.client import HubClient
from sync.proposal import OfficeWord
from sync.staff_list import KeepsStaff
from sync.worker import SyncWorker


def worker_of(
    settings: Settings,
    cache: Cache,
    own: OwnTill,
    programme: str,
    *,
    jitter: Callable[[], float],
    clock: Callable[[], datetime],
    make_room: Callable[[FileError], bool] = lambda error: False,
    office: OfficeWord | None = None,
    staff: KeepsStaff | None = None,
) -> SyncWorker:
    """`clock`: this machine's, as it is."""
    client = HubClient(settings.hub.url, own.speaker())
    return SyncWorker(
        cache,
        client,
        programme=programme,
        jitter=jitter,
        clock=clock,
        hash_of_source=hash_of_source,
        lease=settings.lease,
        term=settings.term,
        bond=lambda: own.bond,
        renew=partial(own.renew, client.new_key),
        learn=own.learn,
        join=own.join,
        make_room=make_room,
        office=office,
        staff=staff,
    )
