"""What a desk asks the hub about phones that show a member's card (loyalty/rotating_code.py): acts by their names.

A refusal says why: `unknown_card`, `card_blocked`, `card_replaced`, `member_erased`, `card_no_room` (its number is too
long for a code), `card_page_missing` (the hub serves none), `card_phones_full`, `card_links_full`, `no_such_phone`,
`code_no_phone` and `second_factor_unavailable` (it cannot be sent).
"""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

LINK: Final = "card_phone_link"
LIST: Final = "card_phones"
REVOKE: Final = "card_phone_revoke"

_Card = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class LinkAsked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`send`: to the member's phone; without it whoever asks shows it, as a QR say."""

    card: _Card
    send: bool = False


class LinkMade(msgspec.Struct, frozen=True, kw_only=True):
    """`url` "" where it was sent, `to` where to, masked. It ends in so many seconds."""

    card: str
    url: str
    to: str
    ends_s: int


class PhonesAsked(msgspec.Struct, frozen=True, kw_only=True):
    card: _Card


class CardPhoneTold(msgspec.Struct, frozen=True, kw_only=True):
    """`phone` "": it has no key and shows the number alone. `revoked_at` "": it was not."""

    id: str
    phone: str
    name: str
    took_at: str
    until: str
    revoked_at: str


class PhonesTold(msgspec.Struct, frozen=True, kw_only=True):
    phones: tuple[CardPhoneTold, ...]


class RevokeAsked(msgspec.Struct, frozen=True, kw_only=True):
    card: _Card
    phone: Annotated[str, msgspec.Meta(min_length=16, max_length=16)]


class Revoked(msgspec.Struct, frozen=True, kw_only=True):
    """`before`: it was revoked already."""

    before: bool
