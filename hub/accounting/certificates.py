"""Gift certificates in accounting's terms: an advance that was taken, what of it was used and given back, and what is
owed to whoever has them.

What was paid with a certificate that did not have it is no advance of anybody's: the shop bears it, and it is told
apart, as a part of what was used.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec

from hub.batches import batches
from hub.store.certificate_records import CertificateAccount, CertificateEntryRow
from hub.store.seam import Reader

AT_ONCE: Final = 1_000  # entries, whose operations are looked up in one go
PREPAID: Final = "gift_certificate"  # the category of lines that are an advance
OWED: Final = "certificates_owed"

WHAT: Final[Mapping[str, str]] = {
    "advance": "Аванс по чекам: сертификаты и предоплата",
    "advance_back": "Возвращён аванс по чекам",
    "certificates_sold": "Продано сертификатов",
    "certificates_given": "Подарено сертификатов",
    "certificates_used": "Оплачено сертификатами",
    "certificates_beyond": "В том числе за счёт магазина",
    "certificates_refunded": "Возвращено деньгами по сертификатам",
    "certificates_ended": "Закончился срок подаренных сертификатов",
    OWED: "Долг по сертификатам: изменение",
}
KINDS: Final[Mapping[str, str]] = {
    "certificate_sold": "Сертификат",
    "certificate_refunded": "Возврат сертификата",
    "certificate_ended": "Срок сертификата",
}

# what each account comes to, with the sign of what it is called
TOLD: Final[Mapping[CertificateAccount, tuple[str, int]]] = {
    "sold": ("certificates_sold", -1),
    "given": ("certificates_given", -1),
    "used": ("certificates_used", 1),
    "beyond": ("certificates_beyond", -1),
    "refunded": ("certificates_refunded", 1),
    "ended": ("certificates_ended", 1),
    "certificate": (OWED, 1),
}


class _At(msgspec.Struct, frozen=True):
    at: str


_at = msgspec.json.Decoder(_At).decode


def moved_rubles(entries: Sequence[CertificateEntryRow]) -> Iterator[tuple[str, int]]:
    """What the entries of one operation come to, in kopecks."""
    sums: Counter[CertificateAccount] = Counter()
    for entry in entries:
        sums[entry.account] += entry.kopecks
    for account, (what, sign) in TOLD.items():
        if sums[account]:
            yield what, sign * sums[account]


def owed_at(reader: Reader, at: datetime) -> dict[str, dict[str, int]]:
    """What is on certificates at a moment that is not to come: kopecks by programme, and by the store that sold them.
    It is what is on them now, less what was moved since."""
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for row in reader.all_certificates():
        sums[row.programme][row.store] += row.left
    for some in batches(_held(reader), AT_ONCE):
        kept = reader.operations({entry.place for entry in some})
        later = [entry for entry in some if datetime.fromisoformat(_at(kept[entry.place].text).at) > at]
        rows = reader.certificates({entry.certificate for entry in later}) if later else {}
        for entry in later:
            row = rows[entry.certificate]
            sums[row.programme][row.store] -= entry.kopecks
    stores = {programme: {store: owed for store, owed in sorted(by.items()) if owed} for programme, by in sums.items()}
    return {programme: by for programme, by in sorted(stores.items()) if by}


def _held(reader: Reader) -> Iterator[CertificateEntryRow]:
    return (entry for entry in reader.all_certificate_entries() if entry.account == "certificate")
