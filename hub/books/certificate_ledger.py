"""The part of the certificates' ledger that a batch is about: as it was read, and as decisions change it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Final

from hub.store.certificate_records import (
    CertificateAccount,
    CertificateEntryRow,
    CertificateHoldKey,
    CertificateHoldRow,
    CertificateRow,
)
from hub.store.records import Place
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer

SUCCESSORS_MAX: Final = 50  # one after another: nobody is robbed so often


@dataclass(slots=True)
class LoadedCertificates:
    """What was read for a batch. `entries`: of sales that goods come back from, and of what came back of them before
    (`backs`)."""

    rows: dict[str, CertificateRow] = field(default_factory=dict)
    holds: list[CertificateHoldRow] = field(default_factory=list)
    entries: dict[Place, list[CertificateEntryRow]] = field(default_factory=dict)
    backs: dict[Place, list[Place]] = field(default_factory=dict)


def load_certificates(writer: Writer, numbers: Collection[str], sales: Collection[Place]) -> LoadedCertificates:
    """Those that are named, and those that they were replaced by, held against others. `sales`: of which rubles come
    back."""
    loaded = LoadedCertificates()
    wanted = set(numbers)
    if sales:  # what comes back may go onto any of them
        wanted |= {entry.certificate for entry in writer.certificate_entries_of(sales) if entry.account == "used"}
    for _ in range(SUCCESSORS_MAX):
        found = writer.locked_certificates(sorted(wanted)) if wanted else {}
        loaded.rows |= found
        wanted = {row.successor for row in found.values() if row.successor} - loaded.rows.keys()
    loaded.holds = writer.certificate_holds_of(sorted(loaded.rows)) if loaded.rows else []
    if sales:
        for back in writer.returns_of(sales):
            loaded.backs.setdefault(back.of, []).append(back.place)
        places = {*sales, *(place for places in loaded.backs.values() for place in places)}
        for entry in writer.certificate_entries_of(places):
            loaded.entries.setdefault(entry.place, []).append(entry)
    return loaded


def successors(reader: Reader, number: str) -> Iterator[CertificateRow]:
    """The certificate itself, and what it was replaced by, one after another."""
    for _ in range(SUCCESSORS_MAX):
        row = reader.certificates([number]).get(number)
        if row is None:
            return
        yield row
        if row.successor is None:
            return
        number = row.successor


class CertificateLedger:
    def __init__(self, loaded: LoadedCertificates) -> None:
        self._loaded = loaded
        self._rows = dict(loaded.rows)
        self._holds = {hold.key: hold for hold in loaded.holds}
        self._entries: list[CertificateEntryRow] = []
        self._numbered: Counter[Place] = Counter()
        self._of = {place: list(entries) for place, entries in loaded.entries.items()}
        self._backs = {of: list(places) for of, places in loaded.backs.items()}

    def row(self, number: str) -> CertificateRow | None:
        return self._rows.get(number)

    def put(self, row: CertificateRow) -> None:
        self._rows[row.number] = row

    def last(self, number: str) -> CertificateRow:
        """What the certificate was replaced by in the end, as far as that was read; itself, where by none."""
        row = self._rows[number]
        for _ in range(SUCCESSORS_MAX):
            after = self._rows.get(row.successor) if row.successor else None
            if after is None:
                break
            row = after
        return row

    def enter(self, place: Place, certificate: str, account: CertificateAccount, kopecks: int) -> None:
        """One side of a posting; the sides of an operation sum to zero."""
        if kopecks:
            self._numbered[place] += 1
            entry = CertificateEntryRow(*place, self._numbered[place], certificate, account, kopecks)
            self._entries.append(entry)
            self._of.setdefault(place, []).append(entry)

    def sum_of(self, place: Place, certificate: str, account: CertificateAccount) -> int:
        """What an operation entered there."""
        entries = self._of.get(place, ())
        return sum(one.kopecks for one in entries if (one.certificate, one.account) == (certificate, account))

    def used_by(self, sale: Place) -> list[str]:
        """The certificates that a receipt was paid with, in their order."""
        entries = self._of.get(sale, ())
        return list(dict.fromkeys(entry.certificate for entry in entries if entry.account == "used"))

    def backs(self, sale: Place) -> list[Place]:
        """What came back of it before."""
        return self._backs.get(sale, [])

    def note_back(self, sale: Place, back: Place) -> None:
        self._backs.setdefault(sale, []).append(back)

    def hold(self, certificate: str, till: str) -> CertificateHoldRow | None:
        return self._holds.get(CertificateHoldKey(certificate, till))

    def let_go(self, key: CertificateHoldKey) -> None:
        self._holds.pop(key, None)

    def let_all_go(self, certificate: str) -> None:
        for key in [key for key in self._holds if key.certificate == certificate]:
            del self._holds[key]

    def add_to(self, rows: Rows) -> None:
        before = self._loaded.rows
        rows.new_certificates = [row for number, row in self._rows.items() if number not in before]
        rows.certificates = [row for number, row in self._rows.items() if before.get(number) not in (None, row)]
        rows.certificate_entries = self._entries
        rows.gone_certificate_holds = [one.key for one in self._loaded.holds if one.key not in self._holds]
