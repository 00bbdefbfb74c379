"""What the hub's desk answers of cases and members, as far as a till reads it (hub/desk/case_acts.py and beside it)."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec


class InBoth(msgspec.Struct, frozen=True):
    ru: str
    en: str


class HeardCaseLine(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    kind: str
    says: InBoth
    why: InBoth
    opened_at: str
    till: str
    sale: str | None = None
    cost_points: int = 0
    cost_kopecks: int = 0


class HeardCases(msgspec.Struct, frozen=True, kw_only=True):
    counts: Mapping[str, int]
    kinds: Mapping[str, InBoth]
    cases: tuple[HeardCaseLine, ...]
    more: bool


class HeardPerson(msgspec.Struct, frozen=True, kw_only=True):
    member: str
    cards: tuple[str, ...] = ()
    phone: str | None = None


class HeardRemedy(msgspec.Struct, frozen=True, kw_only=True):
    remedy: str
    says: InBoth
    points: int = 0
    asks: tuple[str, ...] = ()


class HeardEvent(msgspec.Struct, frozen=True, kw_only=True):
    at: str
    operation: str
    words: InBoth
    points: int = 0


class HeardSettled(msgspec.Struct, frozen=True, kw_only=True):
    by: str
    remedy: InBoth


class HeardCase(msgspec.Struct, frozen=True, kw_only=True):
    line: HeardCaseLine
    person: HeardPerson | None = None
    card: str | None = None
    promised_redeemed: int = 0
    promised_earned: int = 0
    history: tuple[HeardEvent, ...] = ()
    remedies: tuple[HeardRemedy, ...] = ()
    settled: HeardSettled | None = None
    next: str | None = None


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


class AskedCases(msgspec.Struct, frozen=True, kw_only=True):
    kind: str = ""
    after: str = ""


class AskedCase(msgspec.Struct, frozen=True, kw_only=True):
    id: str


class AskedSettle(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    remedy: str
    note: str
    points: int
    member: str | None
    operation: str | None


class AskedText(msgspec.Struct, frozen=True, kw_only=True):
    text: str


class AskedWho(msgspec.Struct, frozen=True, kw_only=True):
    who: str


class AskedCorrect(msgspec.Struct, frozen=True, kw_only=True):
    who: str
    points: int
    reason: str
    into_debt: bool
