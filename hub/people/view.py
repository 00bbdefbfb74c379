"""One member as the office sees him: all that is known, his points lot by lot, the open cases about him."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from hub import feed
from hub.hub import Hub
from hub.people.staff_cards import is_staff
from hub.people.who import Person, is_erased
from hub.store.records import ConsentRow
from hub.store.seam import Reader
from loyalty.consents import ConsentSource, ConsentTo
from loyalty.lots import balance
from loyalty.utc import utc_text


class CardView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    number: str
    status: str
    successor: str | None = None


class LotView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`points` of `granted` are left. `waits`: they cannot be spent yet."""

    lot: str
    points: int
    granted: int
    active_from: str
    expires_at: str | None = None
    waits: bool = False


class ConsentView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`withdrawn_at` None: it stands."""

    what: ConsentTo
    given_at: str
    document: str = ""
    source: ConsentSource
    withdrawn_at: str | None = None


class StickersView(msgspec.Struct, frozen=True, kw_only=True):
    """Of a collection, by its first day. Less than nothing: so many are owed."""

    collection: str
    count: int


class View(msgspec.Struct, frozen=True, kw_only=True):
    """`held`: reserved for receipts; `cases`: ids of open ones."""

    member: str
    programme: str
    registered: bool
    erased: bool
    name: str | None
    phone: str | None
    email: str | None
    birthday: str | None
    favourites: tuple[str, ...]
    points: int
    debt: int
    held: int
    bought_kopecks: int
    consents: tuple[ConsentView, ...]
    cards: tuple[CardView, ...]
    lots: tuple[LotView, ...]
    cases: tuple[str, ...]
    staff: bool  # works here
    stickers: tuple[StickersView, ...] = ()


def viewed(hub: Hub, person: Person) -> View:
    (view,) = views_of(hub, [person])
    return view


def views_of(hub: Hub, some: Sequence[Person]) -> list[View]:
    """All of one moment; open cases are looked through once."""
    now, ids = hub.now(), {one.member for one in some}
    cases: dict[str, list[str]] = {}
    with hub.store.reading() as reader:
        for case in reader.all_open_cases() if some else ():
            if case.member in ids:
                cases.setdefault(case.member, []).append(case.id)
        return [_view(reader, one, cases.get(one.member, ()), now) for one in some]


def _view(reader: Reader, person: Person, cases: Iterable[str], now: datetime) -> View:
    row, profile, member = person.row, person.profile, person.member
    account = feed.accounts(reader, [member], now)[member]
    granted = {lot.lot: lot.granted for lot in reader.lots_of([member])}
    living = [lot for lot in account.lots if lot.points and not lot.dead(now)]
    return View(
        member=member,
        programme=row.programme,
        registered=row.registered,
        erased=is_erased(reader, member),
        name=profile.name,
        phone=profile.phone,
        email=profile.email,
        birthday=profile.birthday,
        favourites=profile.favourites,
        points=balance(account, now),
        debt=account.debt,
        held=sum(hold.holds_at(now) for hold in reader.holds_of([member])),
        bought_kopecks=sum(day.spent_kopecks for day in reader.days_of([member], "")),
        consents=tuple(map(_consent, reader.consents_of([member]))),
        cards=tuple(
            CardView(number=card.number, status=card.status, successor=card.successor) for card in person.cards
        ),
        lots=tuple(
            LotView(
                lot=lot.id,
                points=lot.points,
                granted=granted[lot.id],
                active_from=utc_text(lot.active_from),
                expires_at=utc_text(lot.expires_at) if lot.expires_at else None,
                waits=not lot.active(now),
            )
            for lot in living
        ),
        cases=tuple(cases),
        staff=is_staff(reader, member),
        stickers=tuple(
            StickersView(collection=row.collection, count=row.stickers)
            for row in reader.stickers_of([member])
            if row.stickers
        ),
    )


def _consent(row: ConsentRow) -> ConsentView:
    return ConsentView(
        what=row.what,
        given_at=utc_text(row.given_at),
        document=row.document,
        source=row.source,
        withdrawn_at=utc_text(row.withdrawn_at) if row.withdrawn_at else None,
    )
