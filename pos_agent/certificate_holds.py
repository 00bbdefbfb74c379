"""What the hub keeps of certificates follows the receipts: more where a basket grew, less where it shrank, nothing for
one that is over. Nobody waits for it, and what is not heard ends by itself; a receipt that is about to be paid asks
once more (desks/certificates.py). The hold of one that was paid ends with its sale."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from pos_agent.counter import Counter
from pos_agent.desks.certificates import needed
from pos_agent.protocol import OfReceipt, Pay
from pos_agent.receipts import Receipts
from pos_agent.telling import find
from pos_agent.visit import Visit
from sync import certificates as hub


class Kept(NamedTuple):
    """Of a certificate, for a receipt: as much as it would take, as far as it is known to be kept."""

    number: str
    needed_kopecks: int
    held_kopecks: int


def follow(counter: Counter, command: OfReceipt, before: Receipts, after: Receipts) -> None:
    """After a command."""
    if not counter.desk_key or counter.link == "offline":
        return
    was, now = dict(_kept(counter, before)), dict(_kept(counter, after))
    for hold, kept in now.items():
        known = was.get(hold)
        if known is None or known.needed_kopecks == kept.needed_kopecks or kept.held_kopecks == kept.needed_kopecks:
            continue
        if kept.needed_kopecks:
            asked = hub.CertificateHoldAsked(number=kept.number, hold=hold, kopecks=kept.needed_kopecks)
            _tell(counter, hub.HOLD, asked)
        else:
            _tell(counter, hub.FREE, hub.CertificateFreeAsked(hold=hold))
    if not isinstance(command, Pay):
        for hold in was.keys() - now.keys():
            _tell(counter, hub.FREE, hub.CertificateFreeAsked(hold=hold))


def _kept(counter: Counter, receipts: Receipts) -> Iterator[tuple[str, Kept]]:
    for visit in receipts.visits:
        if any(shown.hold for shown in visit.certificates):
            yield from _of_visit(counter, visit)


def _of_visit(counter: Counter, visit: Visit) -> Iterator[tuple[str, Kept]]:
    told = find(counter, visit.quote)
    takes = needed(visit, told.sale) if told is not None else (0,) * len(visit.certificates)
    for shown, kopecks in zip(visit.certificates, takes, strict=True):
        if shown.hold:
            yield shown.hold, Kept(shown.number, kopecks, shown.held_kopecks)


def _tell(counter: Counter, act: str, body: msgspec.Struct) -> None:
    counter.tell_hub(act, counter.house.new_id(), body)
