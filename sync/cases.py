"""What tills ask the hub's desk about cases, and what it answers (sync/desk.py): the same for the office's pages."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec


class InBoth(msgspec.Struct, frozen=True):
    """The same words in both languages: which of them is read, whoever shows them knows."""

    ru: str
    en: str


class ListCases(msgspec.Struct, frozen=True, kw_only=True):
    """`state` open or settled; empty words: whichever. `after`: the id of the last one shown before."""

    state: str = "open"
    kind: str = ""
    store: str = ""
    till: str = ""
    after: str = ""


class CaseLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    kind: str
    says: InBoth
    why: InBoth
    opened_at: str
    till: str
    store: str = ""
    sale: str | None = None
    member: str | None = None
    cost_points: int = 0
    cost_kopecks: int = 0
    state: str = "open"
    remedy: str | None = None


class CasesListed(msgspec.Struct, frozen=True, kw_only=True):
    """`counts` of all that fit but for the kind, by kind, and what `kinds` are called; `stores` that they are of."""

    counts: Mapping[str, int]
    kinds: Mapping[str, InBoth]
    stores: tuple[str, ...]
    cases: tuple[CaseLine, ...]
    more: bool


class NameCase(msgspec.Struct, frozen=True, kw_only=True):
    id: str


class PersonLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whom to look for. `phone` is masked."""

    member: str
    cards: tuple[str, ...] = ()
    phone: str | None = None


class Remedy(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`points`: what it books where nobody says otherwise; `asks`: what has to be said: points, member, operation."""

    remedy: str
    says: InBoth
    books: bool = False
    points: int = 0
    asks: tuple[str, ...] = ()


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Of the history: before it was opened, and after."""

    at: str
    operation: str
    words: InBoth
    points: int = 0


class Settled(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    at: str
    by: str
    remedy: InBoth
    note: str = ""
    booked: tuple[str, ...] = ()


class CaseTold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`promised_*`: what a refused receipt told its customer. `next`: the next open one of the same stores."""

    line: CaseLine
    programme: str = ""
    person: PersonLine | None = None
    card: str | None = None
    owner: PersonLine | None = None
    promised_redeemed: int = 0
    promised_earned: int = 0
    history: tuple[Event, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    settled: Settled | None = None
    next: str | None = None


class SettleCase(msgspec.Struct, frozen=True, kw_only=True):
    """`remedy`: as the case has them; what it asks is said besides."""

    id: str
    remedy: str
    note: str = ""
    points: int = 0
    member: str | None = None
    operation: str | None = None
