"""What the till's face tells of the office's things, in the till's language. Amounts are decimal strings, phones and
names masked."""

from __future__ import annotations

import msgspec


class ToldCaseLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`text` and `why`: what happened; `cost_points`, `cost`: what it may have cost."""

    id: str
    kind: str
    text: str
    why: str = ""
    opened_at: str
    till: str
    sale: str | None = None
    cost_points: int = 0
    cost: str | None = None


class ToldKind(msgspec.Struct, frozen=True, kw_only=True):
    kind: str
    text: str
    count: int


class ToldCases(msgspec.Struct, frozen=True, kw_only=True):
    kinds: tuple[ToldKind, ...]
    cases: tuple[ToldCaseLine, ...]
    more: bool


class ToldRemedy(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`points`: what it books, where nobody says otherwise; `asks`: what has to be said: points, member, operation."""

    remedy: str
    text: str
    points: int = 0
    asks: tuple[str, ...] = ()


class ToldEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    at: str
    text: str
    points: int = 0
    where: str = ""


class ToldCase(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`next`: the next open one of this shop; `settled`: by which remedy."""

    line: ToldCaseLine
    member: str | None = None
    cards: tuple[str, ...] = ()
    phone: str | None = None
    card: str | None = None
    promised_redeemed: int = 0
    promised_earned: int = 0
    history: tuple[ToldEvent, ...] = ()
    remedies: tuple[ToldRemedy, ...] = ()
    settled: str | None = None
    next: str | None = None


class ToldFound(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    member: str
    name: str | None = None
    phone: str | None = None
    cards: tuple[str, ...] = ()
    points: int = 0


class ToldMembers(msgspec.Struct, frozen=True, kw_only=True):
    members: tuple[ToldFound, ...]
    more: bool


class ToldCard(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    number: str
    status: str


class ToldLot(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`until` none: without end; `since`: they cannot be spent before."""

    points: int
    since: str | None = None
    until: str | None = None


class ToldMember(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    member: str
    name: str | None = None
    phone: str | None = None
    points: int
    debt: int = 0
    held: int = 0
    cards: tuple[ToldCard, ...] = ()
    lots: tuple[ToldLot, ...] = ()
    cases: tuple[str, ...] = ()
    history: tuple[ToldEvent, ...] = ()


class ToldOffice(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One of them, as was asked."""

    cases: ToldCases | None = None
    case: ToldCase | None = None
    members: ToldMembers | None = None
    member: ToldMember | None = None
