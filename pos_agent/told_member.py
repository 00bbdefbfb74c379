"""What is told of members at a desk: never a name or a phone, for an answer may be looked at by whoever comes next."""

from __future__ import annotations

import msgspec

from loyalty.cards import CardStatus
from loyalty.consents import ConsentTo


class _Told(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind"):
    pass


class ToldDocument(msgspec.Struct, frozen=True, kw_only=True):
    """One consent. `needed`: nobody is registered without it."""

    what: ConsentTo
    document: str  # its version
    title: str
    text: tuple[str, ...]
    needed: bool


class ToldForm(_Told, frozen=True, kw_only=True, tag="form"):
    """`days`: so long a form on paper waits to be good; `online`: whether somebody can be registered on the screen."""

    documents: tuple[ToldDocument, ...]
    days: int
    online: bool
    prints: bool


class ToldCode(_Told, frozen=True, kw_only=True, tag="code"):
    """`sent`: to be said with what was typed. `to`: the phone, masked."""

    sent: str
    to: str
    again_s: int
    expires_s: int


class ToldRegistration(_Told, frozen=True, kw_only=True, tag="registration"):
    """`granted`: points of welcome; `active_from`: when a form on paper becomes good. `linked`: the card is one more of
    a member who was there."""

    card: str  # masked
    status: CardStatus
    granted: int = 0
    active_from: str | None = None
    linked: bool = False


class ToldSide(msgspec.Struct, frozen=True, kw_only=True):
    """Of a merge. `cards`: how many of his are good."""

    card: str  # masked
    points: int
    debt: int
    cards: int
    registered: bool


class ToldMerge(_Told, frozen=True, kw_only=True, tag="merge"):
    """What a merge would be, or was. `lost`: of these only what `into` has is kept."""

    gone: ToldSide
    into: ToldSide
    lost: tuple[str, ...] = ()


ToldMember = ToldForm | ToldCode | ToldRegistration | ToldMerge
