"""A phone comes with its link, or for another certificate. Whatever is wrong, a stranger hears the same: nothing."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from hub.card_phones.keys import SECRET_LETTERS, keys_now, secret_of
from hub.card_phones.linking import card_in_hand
from hub.card_phones.phone import CERTIFIED_FOR, CardPhone, phone_of, with_phone
from hub.hub import Hub
from hub.people.orders import NotDone
from hub.store.office_records import CardPhoneRow
from hub.store.rows import Rows
from hub.store.seam import Writer
from loyalty.rotating_code import certify
from loyalty.utc import utc_text

RENEWAL_DOMAIN: Final = b"pos-agent phone renewal\n"
RENEWAL_WITHIN: Final = timedelta(minutes=5)  # of the hub's time, which the phone has just asked for
ID_LETTERS: Final = 16


def for_a_phone(moment: datetime) -> str:
    """As every browser reads it."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class NoPhone(Exception):
    """No such link, no such phone, or none any more: nobody is told which."""


class Certified(msgspec.Struct, frozen=True, kw_only=True):
    """`certificate` is hexadecimal, with the hub's signature; "" for a phone without a key. `at`: the hub's time."""

    phone: str
    card: str
    programme: str
    certificate: str
    until: str
    at: str


def take_link(hub: Hub, link: str, key: bytes, name: str) -> Certified:
    """The phone that comes first has the card; asked again with its key, it hears the same. Raises NoPhone."""
    id, secret = link[:ID_LETTERS], link[ID_LETTERS:]
    now = hub.now()

    def work(writer: Writer) -> Certified | None:
        row = writer.locked_card_phones([id]).get(id)
        if row is None:
            return None
        phone = phone_of(row)
        if not hmac.compare_digest(secret.encode(), secret_of(hub.keys.phones, id).encode()):
            writer.write(Rows(card_phones=[with_phone(row, msgspec.structs.replace(phone, tries=phone.tries + 1))]))
            return None
        if not phone.may_be_taken(now) or (phone.took_at and phone.key != key.hex()):
            return None
        took = msgspec.structs.replace(phone, took_at=phone.took_at or utc_text(now), key=key.hex(), name=name)
        return _certified(hub, writer, row, took, now)

    return _or_nobody(hub.within(work) if len(secret) == SECRET_LETTERS else None)


def renew(hub: Hub, id: str, at_s: int, signature: bytes) -> Certified:
    """Raises NoPhone."""
    now = hub.now()

    def work(writer: Writer) -> Certified | None:
        row = writer.locked_card_phones([id]).get(id)
        phone = phone_of(row) if row is not None else None
        if row is None or phone is None or not phone.key or phone.revoked_at:
            return None
        if abs(at_s - now.timestamp()) > RENEWAL_WITHIN.total_seconds() or not _is_his(phone, id, at_s, signature):
            return None
        return _certified(hub, writer, row, msgspec.structs.replace(phone, renewed_at=utc_text(now)), now)

    return _or_nobody(hub.within(work))


def _or_nobody(certified: Certified | None) -> Certified:
    if certified is None:
        raise NoPhone
    return certified


def _is_his(phone: CardPhone, id: str, at_s: int, signature: bytes) -> bool:
    try:
        told = RENEWAL_DOMAIN + f"{id}\n{at_s}".encode()
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(phone.key)).verify(signature, told)
    except (InvalidSignature, ValueError):
        return False
    return True


def _certified(hub: Hub, writer: Writer, row: CardPhoneRow, phone: CardPhone, now: datetime) -> Certified | None:
    """None: the card is none that a phone may show."""
    try:
        card, person = card_in_hand(writer, row.card)
    except NotDone:
        return None
    until, certificate = now + CERTIFIED_FOR, b""
    if phone.key:
        keys = keys_now(writer, hub.keys.phones)
        certificate = certify(card.number, bytes.fromhex(phone.key), until, keys.id, keys.signer.sign)
        phone = msgspec.structs.replace(phone, until=utc_text(until))
    writer.write(Rows(card_phones=[with_phone(row, phone)]))
    return Certified(
        phone=row.id,
        card=card.number,
        programme=hub.programmes[person.row.programme].name("ru"),
        certificate=certificate.hex(),
        until=for_a_phone(until) if certificate else "",
        at=for_a_phone(now),
    )
