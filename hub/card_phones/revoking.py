"""Which phones show a card, and that one of them does not any more: tills hear of it with the member."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from hub.card_phones.phone import CardPhone, phone_of, with_phone
from hub.hub import Hub
from hub.people.orders import NotDone
from hub.store.office_records import CardPhoneRow
from hub.store.records import ChangeRow
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from hub.stores import tell_shops
from loyalty.utc import utc_text


class Phone(NamedTuple):
    row: CardPhoneRow
    phone: CardPhone


def phones_of(reader: Reader, card: str) -> list[Phone]:
    """Those that took a link, the first before the others."""
    found = [Phone(row, phone_of(row)) for row in reader.phones_of_cards([card])]
    return sorted((one for one in found if one.phone.took_at), key=lambda one: (one.phone.took_at, one.row.id))


def revoke(hub: Hub, card: str, phone: str, by: str) -> bool:
    """False: it was revoked before. Raises NotDone."""
    now = hub.now()

    def work(writer: Writer) -> bool:
        there = writer.cards([card]).get(card)
        found = [one for one in phones_of(writer, card) if phone in (one.phone.phone, one.row.id)]
        if there is None or not found:
            raise NotDone(f"No phone {phone} shows card {card}: pos-hub card phones {card}", code="no_such_phone")
        writer.locked_members([there.member])
        locked = writer.locked_card_phones([found[0].row.id])
        row = locked[found[0].row.id]
        if phone_of(row).revoked_at:
            return False
        gone = msgspec.structs.replace(phone_of(row), revoked_at=utc_text(now), revoked_by=by)
        rows = Rows(card_phones=[with_phone(row, gone)])
        member = writer.members([there.member])[there.member]
        rows.changes = [ChangeRow(member.programme, "member", member.member)]
        tell_shops(writer, rows, now)
        writer.write(rows)
        return True

    return hub.within(work)
