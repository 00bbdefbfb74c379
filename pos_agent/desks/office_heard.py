"""What the hub's desk answers of members, as far as a till reads it (hub/desk/member_acts.py, correct_acts.py)."""

from __future__ import annotations

import msgspec


class HeardFound(msgspec.Struct, frozen=True, kw_only=True):
    member: str
    name: str | None = None
    phone: str | None = None
    cards: tuple[str, ...] = ()
    points: int = 0


class HeardMembers(msgspec.Struct, frozen=True, kw_only=True):
    members: tuple[HeardFound, ...]
    more: bool


class HeardCard(msgspec.Struct, frozen=True, kw_only=True):
    number: str
    status: str


class HeardLot(msgspec.Struct, frozen=True, kw_only=True):
    points: int
    active_from: str
    expires_at: str | None = None
    waits: bool = False


class HeardView(msgspec.Struct, frozen=True, kw_only=True):
    member: str
    name: str | None
    phone: str | None
    points: int
    debt: int
    held: int
    cards: tuple[HeardCard, ...]
    lots: tuple[HeardLot, ...]
    cases: tuple[str, ...]


class HeardAct(msgspec.Struct, frozen=True, kw_only=True):
    at: str
    words: str
    points: int = 0
    where: str = ""
    by: str = ""


class HeardMember(msgspec.Struct, frozen=True, kw_only=True):
    member: HeardView
    history: tuple[HeardAct, ...]
    history_ru: tuple[str, ...]


class HeardCorrected(msgspec.Struct, frozen=True, kw_only=True):
    """`points`: on the account now."""

    member: str
    points: int
    gift: str | None = None
    before: str | None = None


class AskedText(msgspec.Struct, frozen=True, kw_only=True):
    text: str


class AskedWho(msgspec.Struct, frozen=True, kw_only=True):
    who: str


class AskedCorrect(msgspec.Struct, frozen=True, kw_only=True):
    who: str
    points: int
    reason: str
    into_debt: bool
