"""A phone that shows a card, as the ledger has it: first the link that was made for it, then the phone that took it.

made ──the phone tells its key──▶ certified ──renewed while it is online──▶ …──▶ over ──▶ (forgotten)
  └── an hour, or five wrong tries: over          └──the desk──▶ revoked, told to tills until the certificate ends
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

import msgspec

from hub.store.office_records import CardPhoneRow
from hub.store.seam import Reader
from loyalty.rotating_code import phone_id

LINK_FOR: Final = timedelta(hours=1)
TRIES_MAX: Final = 5
CERTIFIED_FOR: Final = timedelta(days=180)
NAME_MAX: Final = 60  # letters
PHONES_MAX: Final = 5  # of one card
LINKS_MAX: Final = 3  # of one card, that nobody has taken yet


class CardPhone(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`ends_at`: of the link. `took_at`: a phone came with it; `key`: its public key, hexadecimal, "" for one that has
    none and shows the number alone; `name`: what it calls itself; `until`: of its certificate."""

    made_at: str
    by: str
    ends_at: str
    tries: int = 0
    took_at: str = ""
    key: str = ""
    name: str = ""
    until: str = ""
    renewed_at: str = ""
    revoked_at: str = ""
    revoked_by: str = ""

    @property
    def phone(self) -> str:
        """As tills and people call it; "" for none."""
        return phone_id(bytes.fromhex(self.key)) if self.key else ""

    def may_be_taken(self, now: datetime) -> bool:
        return not self.revoked_at and self.tries < TRIES_MAX and now < datetime.fromisoformat(self.ends_at)

    def waits(self, now: datetime) -> bool:
        return not self.took_at and self.may_be_taken(now)

    def shows(self, now: datetime) -> bool:
        """It has a certificate that holds, or held when it was revoked."""
        return bool(self.until) and now < datetime.fromisoformat(self.until)


def phone_of(row: CardPhoneRow) -> CardPhone:
    return msgspec.json.decode(row.body, type=CardPhone)


def with_phone(row: CardPhoneRow, phone: CardPhone) -> CardPhoneRow:
    return row._replace(body=msgspec.json.encode(phone).decode())


def revoked_of(reader: Reader, cards: Collection[str], now: datetime) -> dict[str, list[str]]:
    """By card, the phones whose codes would still be good and must not be."""
    told: dict[str, list[str]] = {}
    for row in reader.phones_of_cards(cards) if cards else ():
        phone = phone_of(row)
        if phone.revoked_at and phone.key and phone.shows(now):
            told.setdefault(row.card, []).append(phone.phone)
    return told
