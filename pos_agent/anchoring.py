"""The head of the audit log is told to the hub, which keeps it: from then on nobody writes the log anew unseen.

Told as an act of the desk, some minutes after somebody did something, and once after the start; a hub that is away is
asked again later. What the hub says of it is the hub's to follow up (hub/desk/anchors.py): here it stands in the log.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from typing import Final

import msgspec

from config.settings import Settings
from loyalty.audit import AnchorAudit, AuditAnchored, Head
from offline_cache.audit import AuditLog
from offline_cache.cache import Cache
from pos_agent.audit_told import log_of
from pos_agent.errands import desk_client
from pos_agent.own_till import OwnTill
from sync.client import HubClient
from sync.desk import DeskRequest
from sync.hub_port import HubRefused, HubUnreachable
from sync.worker import SyncWorker

ACT: Final = "anchor_audit"
EVERY_S: Final = 300.0
TRIES: Final = 2  # the first may only learn where the hub saw the log last

log = logging.getLogger(__name__)


def anchoring_of(settings: Settings, own: OwnTill, cache: Cache, programme: str, sync: SyncWorker) -> Anchoring:
    """What is practised is nobody's to keep."""
    return Anchoring(
        log_of(settings),
        lambda: desk_client(settings.hub.url, own.speaker()),
        cache.till,
        programme,
        online=lambda: sync.state.online and not cache.training,
    )


class Anchoring:
    """`connect` makes a client for one telling; `till`, `programme`: as whom it tells. `online`: is the hub there?"""

    def __init__(
        self,
        audit: AuditLog,
        connect: Callable[[], HubClient],
        till: str,
        programme: str,
        online: Callable[[], bool],
    ) -> None:
        self.audit = audit
        self._connect = connect
        self._till = till
        self._programme = programme
        self._online = online
        self._known = 0
        self._told: Head | None = None

    def step(self, now_s: float) -> float:
        """Tells what is new; says when it wants to be called next."""
        head = self.audit.head()
        if self._online() and head != self._told:
            try:
                if self._tell(head):
                    self._told = head
            except (HubUnreachable, HubRefused, OSError, msgspec.MsgspecError) as error:
                log.info("The head of the audit log is told later: %s", error)
        return now_s + EVERY_S

    def _tell(self, head: Head) -> bool:
        """Whether the hub has heard it."""
        client = self._connect()
        try:
            for _ in range(TRIES):
                answer = self._ask(client, head)
                if answer.fault:
                    log.error("The hub knows another audit log of this till (%s): row %s.", answer.fault, answer.known)
                if answer.kept or answer.fault:
                    self._known = answer.known
                    return True
                self._known = answer.known
        finally:
            client.close()
        return False

    def _ask(self, client: HubClient, head: Head) -> AuditAnchored:
        known_hash = self.audit.hash_at(self._known)
        told = AnchorAudit(number=head.number, hash=head.hash, known=self._known, known_hash=known_hash)
        request = DeskRequest(
            till=self._till,
            programme=self._programme,
            act=ACT,
            key=secrets.token_hex(8),
            body=msgspec.Raw(msgspec.json.encode(told)),
        )
        return msgspec.json.decode(client.desk(request).body, type=AuditAnchored)
