"""What the ledger keeps of gift certificates: one record for each table, the same for every database.

Rubles of their own: nobody's points stand beside them. Money is kopecks, moments are aware and in UTC.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple

from hub.store.records import Place

CertificateState = Literal["open", "blocked", "replaced"]
CertificateAccount = Literal["certificate", "beyond", "sold", "given", "used", "refunded", "ended"]


class CertificateRow(NamedTuple):
    """A certificate as it stands. `face` 0: nobody has sold it yet, though a receipt was paid with it, or it is
    blocked. `beyond`: kopecks of receipts that were paid with it and that it did not have; the shop bears them.
    `store`: where it was sold; `tries`: wrong PINs since the last right one."""

    number: str
    programme: str
    store: str = ""
    face: int = 0
    left: int = 0
    beyond: int = 0
    paid: bool = True
    until: datetime | None = None  # of one that was given
    state: CertificateState = "open"
    successor: str | None = None  # what was on it is there
    tries: int = 0


class CertificateEntryRow(NamedTuple):
    """One side of a posting: the entries of an operation sum to zero. `number` counts them from 1. `certificate` and
    `beyond` are what the certificate holds, and lacks; the others are the shop's, and stand with it."""

    chain: str
    generation: int
    sequence: int
    number: int
    certificate: str
    account: CertificateAccount
    kopecks: int

    @property
    def place(self) -> Place:
        return Place(*self[:3])


class CertificateHoldKey(NamedTuple):
    certificate: str
    till: str


class CertificateHoldRow(NamedTuple):
    """Kopecks that a till keeps for its receipt, until then; a till has one receipt at a time. `hold`: its own name."""

    certificate: str
    till: str
    hold: str
    kopecks: int
    made_at: datetime
    until: datetime

    @property
    def key(self) -> CertificateHoldKey:
        return CertificateHoldKey(*self[:2])


class CertificateNumberRow(NamedTuple):
    """A number that was drawn, and whose it is to sell: a till's file, or the office."""

    number: str
    batch: str
