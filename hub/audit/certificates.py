"""Certificates: does each entry follow from its operation, and is what stands on each the sum of its entries?

How much of a receipt a certificate had, and how much the shop bears, depends on what came before, and of several chains
nobody knows the order any more: there is looked at what may be. That no paid ruble ends, comes from nowhere or goes
nowhere follows from each operation alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from hub.audit.fingerprints import Says
from hub.audit.follow_words import named
from hub.audit.ledger import Told
from hub.books.certificate_ledger import successors
from hub.books.certificate_tenders import tendered
from hub.store.certificate_records import CertificateAccount, CertificateEntryRow, CertificateRow
from hub.store.records import Place, place_of
from hub.store.seam import Reader
from loyalty.bodies import (
    CertificateBlocked,
    CertificateEnded,
    CertificateRefunded,
    CertificateReplaced,
    CertificateSold,
    Return,
    ReturnCompleted,
    Sale,
)
from loyalty.utc import moment, utc_text

LEFT: Final = "certificate left"
BEYOND: Final = "certificate beyond"
FACE: Final = "certificate face"
MADE: Final = "certificate made"
REPLACED: Final = "certificate replaced"
BLOCKED: Final = "certificate blocked"
TABLES: Final = frozenset((LEFT, BEYOND, FACE, MADE, REPLACED, BLOCKED))
POSTED: Final = frozenset((LEFT, BEYOND, FACE))  # of which entries say something

Sums = Mapping[tuple[str, CertificateAccount], int]
BACK: Final = (Return, ReturnCompleted)
TENDERED: Final = (Sale, *BACK)
OF_CERTIFICATES: Final = (CertificateSold, CertificateRefunded, CertificateReplaced, CertificateEnded)
CONTRA: Final[tuple[CertificateAccount, ...]] = ("sold", "given", "used", "refunded", "ended")


class CertificateEntries:
    """The entries, an operation's at a time; what they move is told of as what certificates must hold."""

    def __init__(self, rows: Iterator[CertificateEntryRow], says: Says) -> None:
        self._rows = rows
        self._next = next(rows, None)
        self._says = says
        self.stray: list[CertificateEntryRow] = []  # their operation is not there

    def of(self, place: Place) -> list[CertificateEntryRow]:
        found: list[CertificateEntryRow] = []
        while (entry := self._next) is not None and entry.place <= place:
            (found if entry.place == place else self.stray).append(self._said(entry))
            self._next = next(self._rows, None)
        return found

    def rest(self) -> Iterator[str]:
        while (entry := self._next) is not None:
            self.stray.append(self._said(entry))
            self._next = next(self._rows, None)
        for one in self.stray:
            yield f"certificate posting {' '.join(map(str, one))}: no operation says so"

    def _said(self, entry: CertificateEntryRow) -> CertificateEntryRow:
        if entry.account == "certificate":
            self._says.said(LEFT, (entry.certificate,), entry.kopecks)
        elif entry.account == "beyond":
            self._says.said(BEYOND, (entry.certificate,), -entry.kopecks)
        return entry


# what an operation says of the tables


def numbers_of(batch: Iterable[Told]) -> set[str]:
    """Whose rows must be known to understand them."""
    kinds = CertificateBlocked | CertificateReplaced | CertificateEnded
    return {told.operation.body.certificate for told in batch if isinstance(told.operation.body, kinds)}


def say_sold(says: Says, told: Told, sold: CertificateSold) -> None:
    operation = told.operation
    store = operation.store.id if operation.store else ""
    says.said(FACE, (sold.certificate,), sold.kopecks)
    says.said(MADE, (sold.certificate, operation.programme, store, sold.paid, _text(sold.until)))


def say_replaced(says: Says, told: Told, replaced: CertificateReplaced, rows: Mapping[str, CertificateRow]) -> None:
    """The other is what this one was."""
    says.said(REPLACED, (replaced.certificate, replaced.into))
    sums = _sums(told.posted.certificates)
    says.said(FACE, (replaced.into,), sums[replaced.into, "certificate"] + sums[replaced.into, "beyond"])
    row = rows.get(replaced.certificate)
    if row is not None:
        says.said(MADE, (replaced.into, *_made(row)))


def say_blocked(says: Says, blocked: CertificateBlocked, rows: Mapping[str, CertificateRow]) -> None:
    """Of one that was replaced since, nobody knows any more whether it was blocked."""
    row = rows.get(blocked.certificate)
    if row is None or row.state != "replaced":
        says.said(BLOCKED, (blocked.certificate,))


def tell_certificates(reader: Reader, says: Says) -> Iterator[str]:
    for row in reader.all_certificates():
        key = (row.number,)
        says.kept(LEFT, key, row.left)
        says.kept(BEYOND, key, row.beyond)
        says.kept(FACE, key, row.face)
        if row.face:
            says.kept(MADE, (row.number, *_made(row)))
        elif row.left:
            yield f"certificate {row.number}: holds {row.left} kopecks, and nobody has sold it"
        if row.state == "replaced":
            says.kept(REPLACED, (row.number, row.successor))
        if row.state == "blocked":
            says.kept(BLOCKED, key)


def _made(row: CertificateRow) -> tuple[str, str, bool, str | None]:
    return (row.programme, row.store, row.paid, utc_text(row.until) if row.until is not None else None)


def _text(until: str | None) -> str | None:
    """As the ledger's tables tell it."""
    at = moment(until)
    return utc_text(at) if at is not None else None


def hold_faults(reader: Reader) -> Iterator[str]:
    """A hold is of a certificate that there is."""
    for hold in reader.all_certificate_holds():
        if hold.certificate not in reader.certificates([hold.certificate]):
            yield f"hold {hold.hold} of certificate {hold.certificate}: there is no such certificate"


# what an operation must have posted


def concern(body: object) -> bool:
    """Must it have moved rubles of certificates, or may it?"""
    if isinstance(body, TENDERED):
        return bool(body.tenders) and bool(tendered(body.tenders))
    return isinstance(body, OF_CERTIFICATES)


def faults_of(reader: Reader, told: Told, rows: Mapping[str, CertificateRow]) -> Iterator[str]:
    body, entries = told.operation.body, told.posted.certificates
    sums = _sums(entries)
    if sum(entry.kopecks for entry in entries):
        yield f"{named(*told.place)}: its entries of certificates sum to {sum(one.kopecks for one in entries):+d}"
    said = _contra(body)
    if isinstance(body, BACK):
        said = _onto_any(said, sums)
    for key in sorted(said.keys() | {key for key in sums if key[1] in CONTRA}):
        if sums[key] != said[key]:
            what = f"certificate posting {' '.join(map(str, told.place))} {' '.join(key)}"
            yield f"{what}: {sums[key]:+d} kopecks, the operation says {said[key]:+d}"
    held = {number for number, account in sums if account not in CONTRA}
    wrong = [number for number in sorted(held) if not _may_move(reader, body, number, sums)]
    for number in wrong:
        yield f"certificate posting {' '.join(map(str, told.place))}: the operation does not move {number} so"
    if isinstance(body, BACK) and body.tenders:
        yield from _more_than_was_used(reader, told, body)
    if isinstance(body, CertificateEnded) and (row := rows.get(body.certificate)) is not None and row.paid:
        yield f"{named(*told.place)}: ended certificate {body.certificate}, which somebody had paid for"


def _sums(entries: Iterable[CertificateEntryRow]) -> Counter[tuple[str, CertificateAccount]]:
    sums: Counter[tuple[str, CertificateAccount]] = Counter()
    for entry in entries:
        sums[entry.certificate, entry.account] += entry.kopecks
    return sums


def _contra(body: object) -> Counter[tuple[str, CertificateAccount]]:
    """The shop's accounts, to the kopeck."""
    said: Counter[tuple[str, CertificateAccount]] = Counter()
    match body:
        case Sale() | Return() | ReturnCompleted() if body.tenders:
            sign = 1 if isinstance(body, Sale) else -1
            said.update({(number, "used"): sign * kopecks for number, kopecks in tendered(body.tenders).items()})
        case CertificateSold():
            said[body.certificate, "sold" if body.paid else "given"] = -body.kopecks
        case CertificateRefunded():
            said[body.certificate, "refunded"] = body.kopecks
        case CertificateEnded():
            said[body.certificate, "ended"] = body.kopecks
    return said


def _onto_any(said: Counter[tuple[str, CertificateAccount]], sums: Sums) -> Counter[tuple[str, CertificateAccount]]:
    """What came back of a receipt, whichever of its certificates had room for it: that none gets more than the receipt
    took from it is looked at besides."""
    posted = Counter({key: kopecks for key, kopecks in sums.items() if key[1] == "used"})
    return posted if posted.total() == said.total() and all(kopecks < 0 for kopecks in posted.values()) else said


def _may_move(reader: Reader, body: object, number: str, sums: Sums) -> bool:
    """May the operation do that to what the certificate holds and lacks?"""
    holds, lacks = sums.get((number, "certificate"), 0), sums.get((number, "beyond"), 0)
    match body:
        case Sale():
            return holds <= 0 and lacks <= 0 and holds + lacks == -tendered(body.tenders)[number]
        case Return() | ReturnCompleted():
            back = Counter({key[0]: -kopecks for key, kopecks in sums.items() if key[1] == "used"})
            if not 0 <= lacks <= back[number] or holds < 0:
                return False
            return not holds or number in {row.number for one in back for row in successors(reader, one)}
        case CertificateSold():
            return number == body.certificate and lacks >= 0 and holds + lacks == body.kopecks
        case CertificateReplaced():
            if number == body.certificate:
                return holds < 0 and not lacks
            return number == body.into and holds >= 0 and lacks >= 0
        case CertificateRefunded() | CertificateEnded():
            return number == body.certificate and not lacks and holds == -body.kopecks
    return False


def _more_than_was_used(reader: Reader, told: Told, back: Return | ReturnCompleted) -> Iterator[str]:
    """Of a sale not more comes back onto a certificate than it took, however often goods come back."""
    if not tendered(back.tenders):
        return
    of = place_of(back.of)
    places = {of, *(row.place for row in reader.returns_of([of]))}
    sums = _sums(reader.certificate_entries_of(places))
    for number in sorted({number for number, account in sums if account == "used"}):
        if sums[number, "used"] < 0:
            yield f"{named(*told.place)}: more came back onto certificate {number} than the sale took from it"
