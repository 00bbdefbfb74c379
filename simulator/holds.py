"""Points and rubles that the hub keeps for receipts, looked at whenever it grants some: never more than there are, and
none for a receipt that it has already."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from hub.hub import Hub
from loyalty.lots import active_points
from simulator.broken import Broken
from sync.protocol import HoldReply, HoldRequest, OperationAnswer

NAMED: Final = re.compile(r'"hold":"([^"]+)"')  # in the text of a sale


@dataclass(slots=True)
class Holds:
    """By their ids: what was `granted` in this life of the ledger, and whose receipts it has since (`over`)."""

    epoch: str = ""
    granted: set[str] = field(default_factory=set)
    over: set[str] = field(default_factory=set)

    def taken(self, hub: Hub, texts: tuple[str, ...], answers: tuple[OperationAnswer, ...]) -> None:
        """Operations of a till, as the hub has answered them."""
        self._lives(hub.epoch)
        for text, answer in zip(texts, answers, strict=False):
            if answer.result == "applied":
                self.over.update(self.granted.intersection(NAMED.findall(text)))

    def asked(self, hub: Hub, request: HoldRequest, reply: HoldReply, now: datetime) -> None:
        """Raises Broken."""
        self._lives(hub.epoch)
        if not reply.points or reply.hold in self.granted:
            return  # what was granted once is granted still, whatever became of the points
        self.granted.add(reply.hold)
        with hub.store.reading() as reader:
            row = reader.members([request.member]).get(request.member)
            rows = reader.holds_of([request.member])
            ends = {end.generation: end.sequence for end in reader.ends_of([request.till])}
        if row is None or row.merged_into is not None:
            return
        kept = [one for one in rows if one.state == "open" and one.until > now]
        for one in kept:
            if one.hold in self.over:
                raise Broken("holds are over", f"{one.hold} is open still, and the hub has its receipt")
        unsent = {one.hold: one.points for one in request.unsent if one.sequence > ends.get(one.generation, 0)}
        here = sum(unsent.values()) + sum(one.points for one in kept if one.hold not in unsent)
        there = active_points(hub.account(request.member, now), now)
        if here > there:
            raise Broken("what is kept is there", f"{reply.hold}: {here} points of {there} of {request.member}: {kept}")

    def _lives(self, epoch: str) -> None:
        if epoch != self.epoch:
            self.epoch, self.granted, self.over = epoch, set(), set()


def rubles_kept_once(hub: Hub, number: str, granted: int, now: datetime) -> None:
    """[I5] What the hub has just kept of a certificate for a receipt it keeps for no other till. Raises Broken."""
    with hub.store.reading() as reader:
        row = reader.certificates([number]).get(number)
        holds = reader.certificate_holds_of([number])
    kept, left = sum(hold.kopecks for hold in holds if hold.until > now), row.left if row is not None else 0
    if granted and kept > left:
        raise Broken("a certificate is kept for one receipt", f"{kept} kopecks of {number} are kept, of {left}")
