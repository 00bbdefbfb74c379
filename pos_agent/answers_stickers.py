"""What is told of a member's stickers, with a quote, a record or a return."""

from __future__ import annotations

import msgspec


class ToldExchange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Exchanged on this receipt, for so many `stickers`: what it gives, or `refusal`: why nothing; then none are
    spent."""

    offer: str
    name: str
    stickers: int
    discount: str | None = None
    points: int | None = None
    refusal: str | None = None


class ToldStickerOffer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What so many `stickers` are exchanged for; `missing`: so many more than there are."""

    offer: str
    name: str
    stickers: int
    missing: int = 0


class ToldStickers(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`collection`: its first day. `balance`: before the receipt, as this till knows it; `left`: after it, less than
    nothing where they are owed. `offers`: of a quote, what there is besides, while the collection runs."""

    collection: str
    given: int
    exchanged: tuple[ToldExchange, ...] = ()
    balance: int | None = None
    left: int | None = None
    offers: tuple[ToldStickerOffer, ...] = ()


class ToldStickersBack(msgspec.Struct, frozen=True, kw_only=True):
    """`taken_back` of those that the purchase gave, `restored` of those that it spent; `left`: after it."""

    collection: str
    taken_back: int
    restored: int
    left: int | None
