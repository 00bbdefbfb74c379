"""Who is signed in at the account, as every page shows it: act `me`."""

from __future__ import annotations

from typing import Annotated

import msgspec

from loyalty.cards import CardStatus


class Me(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Body of act `me`. `seen`: messages up to that moment (UTC) are not new."""

    seen: Annotated[str, msgspec.Meta(max_length=40)] = ""


class CardHere(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    number: str
    status: CardStatus
    virtual: bool = False


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """So many points die at this moment if they are not spent; `day`: the last one on which they can be."""

    points: int
    at: str
    day: str


class MeTold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`member`: his id now, which is another where he has gone into somebody. `cards`: good ones first, without those
    that were replaced. `ends`: what dies next. `new`: messages that he has not seen;
    `answers`: tickets whose answer he has not read."""

    member: str
    registered: bool
    points: int
    name: str = ""
    phone: str = ""
    debt: int = 0
    held: int = 0
    cards: tuple[CardHere, ...] = ()
    ends: Ending | None = None
    new: int = 0
    answers: int = 0
