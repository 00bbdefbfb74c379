"""What happened to a member: his operations, those of who went into him, and the receipts that only name a card of his.

They are found by the lots that they made and by the names in them (hub/store/named.py), in one moment of the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any, Final, NamedTuple

import msgspec

from hub.batches import batches
from hub.people.history_ru import in_russian
from hub.people.who import standing
from hub.store.records import EntryRow, KeptOperation, Place, place_of
from hub.store.seam import Reader
from loyalty.bodies import MemberMerged, Sale, SaleClaimed, SaleNumber
from loyalty.consents import WORDS as CONSENTS
from loyalty.effects import maker_of_lot
from loyalty.kinds import name_of
from loyalty.money import format_kopecks
from loyalty.operation import BadOperation, Operation, read_operation
from loyalty.programme import Language

AT_ONCE: Final = 1_000  # operations


class Act(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One operation as people read it. `points`: what the account had more (or less) after it; `by` and `where`: as the
    operation says; `refused`: why it did nothing."""

    at: str
    id: str
    kind: str
    words: str
    points: int = 0
    kopecks: int = 0
    where: str = ""
    by: str = ""
    refused: str = ""


class _Read(NamedTuple):
    kept: KeptOperation
    operation: Operation


def history(reader: Reader, member: str, cards: Iterable[str], language: Language = "en") -> list[Act]:
    """Oldest first, by the clocks of those who made them."""
    cards = set(cards)
    told, gone = _told_of(reader, member, cards)
    ids = {member, *gone}
    moved = _moved(reader, list(told), ids)  # also what a till did by his card for a member whom the ledger has not
    found = [one for one in told.values() if one.kept.place in moved or _is_of(one.operation, ids, cards)]
    acts = [_act(one, moved.get(one.kept.place, 0), language) for one in found]
    return sorted(acts, key=lambda act: act.at)


def receipts_of(reader: Reader, member: str, cards: Iterable[str]) -> list[Place]:
    """Where his sales stand, and those of whoever went into him; those too that he got afterwards."""
    cards = set(cards)
    told, gone = _told_of(reader, member, cards)
    ids = {member, *gone}
    found = [one for one in told.values() if _is_of(one.operation, ids, cards)]
    places = [place_of(one.operation.body.of) for one in found if isinstance(one.operation.body, SaleClaimed)]
    return [*places, *(one.kept.place for one in found if isinstance(one.operation.body, Sale))]


def gone_into(reader: Reader, member: str) -> list[str]:
    """Who is this member now, by merges, one after the other."""
    return _told_of(reader, member, ())[1]


def _told_of(reader: Reader, member: str, cards: Iterable[str]) -> tuple[dict[Place, _Read], list[str]]:
    """Operations that name him, or who went into him, and those ids. One look, and one more for each row of merges."""
    told: dict[Place, _Read] = {}
    gone: list[str] = []
    wanted, more = [member], list(cards)
    while wanted:
        found = list(_read(_operations(reader, _places(reader, wanted, more) - told.keys())))
        told |= {one.kept.place: one for one in found}
        merges = [one.operation.body for one in found if isinstance(one.operation.body, MemberMerged)]
        named = dict.fromkeys(id for body in merges for id in (body.member, body.into))
        wanted = [id for id in named if id not in (member, *gone) and _is_now(reader, id, member)]
        gone += wanted
        more = []
    return dict(sorted(told.items())), gone


def _places(reader: Reader, members: list[str], cards: list[str]) -> set[Place]:
    """Where operations stand that may be of them."""
    made = (maker_of_lot(lot.lot) for lot in reader.lots_of(members))
    named = reader.naming([*members, *cards])
    return {Place(*place) for place in made if place is not None} | {Place(*row[1:]) for row in named}


def _operations(reader: Reader, places: Iterable[Place]) -> Iterator[KeptOperation]:
    """In the order of their keys."""
    for some in batches(sorted(places), AT_ONCE):
        yield from sorted(reader.operations(some).values())


def _is_now(reader: Reader, id: str, member: str) -> bool:
    """Has this one gone into the member? A merge may have been refused, or be of who had gone elsewhere before."""
    row = standing(reader, id)
    return row is not None and row.member == member


def _read(kept: Iterable[KeptOperation]) -> Iterator[_Read]:
    for one in kept:
        try:
            yield _Read(one, read_operation(one.text))
        except BadOperation:  # refused, and of nobody
            continue


def _is_of(operation: Operation, ids: Collection[str], cards: Collection[str]) -> bool:
    body = operation.body
    named = getattr(body, "member", None)
    if named is None:
        return getattr(body, "card", None) in cards
    return named in ids or getattr(body, "into", None) in ids


def _moved(reader: Reader, places: list[Place], ids: Collection[str]) -> Mapping[Place, int]:
    """What each did to the accounts of these."""
    sums: dict[Place, int] = {}
    for some in batches(places, AT_ONCE):
        for entry in reader.entries_of(some):
            if _is_his(entry, ids):
                sums[entry.place] = sums.get(entry.place, 0) + entry.points
    return sums


def _is_his(entry: EntryRow, ids: Collection[str]) -> bool:
    return entry.member in ids and entry.account in ("member", "debt")


def _act(read: _Read, points: int, language: Language) -> Act:
    operation, body = read.operation, read.operation.body
    kind = name_of(body)
    return Act(
        at=operation.at,
        id=read.kept.place.id,
        kind=kind,
        words=_in_words(kind, body, language),
        points=points,
        kopecks=getattr(body, "total_kopecks", 0) or -getattr(body, "refund_kopecks", 0),
        where=operation.store.id if operation.store else operation.chain,
        by=operation.by or "",
        refused=read.kept.reason or "",
    )


# in words


def _in_words(kind: str, body: Any, language: Language) -> str:
    russian = in_russian(kind, body) if language == "ru" else None
    return _WORDS.get(kind, lambda body: kind)(body) if russian is None else russian


def _sale(body: Any) -> str:
    assert isinstance(body, Sale)
    parts = [f"receipt {_number(body.sale)} of {format_kopecks(body.total_kopecks)}"]
    parts += [f"{body.redeemed.points} redeemed"] if body.redeemed.points else []
    parts += [f"{body.accrued.points} earned"] if body.accrued.points else []
    return ", ".join([*parts, *_stickers_of_sale(body)])


def _stickers_of_sale(sale: Sale) -> Iterator[str]:
    if sale.stickers is not None and sale.stickers.given:
        yield f"{sale.stickers.given} stickers given"
    for one in sale.stickers.spent if sale.stickers is not None else ():
        yield f"{one.count} stickers for {one.offer}"


def _consent_given(body: Any) -> str:
    ended = ", and has withdrawn it" if body.withdrawn_at else ""
    return f"agreed to {CONSENTS[body.what][1]}{ended}"


def _earlier_sale(body: Any) -> str:
    return f"receipt {body.sale.number} of {body.sale.day} was brought, of {format_kopecks(body.total_kopecks)}"


def _return(body: Any) -> str:
    parts = [f"goods of {format_kopecks(body.refund_kopecks)} came back"]
    parts += [f"of receipt {_number(body.of_sale)}"] if body.of_sale else []
    said, stickers = " ".join(parts), body.stickers
    if stickers is None:
        return said
    taken = f", {stickers.taken_back} stickers taken back" if stickers.taken_back else ""
    return f"{said}{taken}" + (f", {stickers.restored} stickers given back" if stickers.restored else "")


def _adjustment(body: Any) -> str:
    stickers = f", {body.stickers:+d} stickers" if body.collection is not None else ""
    return f"corrected{_because(body)}{stickers}"


def _sale_claimed(body: Any) -> str:
    return f"receipt {body.of_sale.number} of {body.of_sale.day} was added afterwards{_because(body)}"


def _turnover_brought(body: Any) -> str:
    since = f"from {body.since} " if body.since else ""
    return f"purchases of {format_kopecks(body.kopecks)} {since}until {body.until} were brought from elsewhere"


def _number(sale: SaleNumber) -> str:
    return sale.number


def _because(body: Any) -> str:
    return f": {body.reason}" if body.reason else ""


def _profile_changed(body: Any) -> str:
    return f"was erased{_because(body)}" if body.forgotten else f"{', '.join(body.changed)} changed"


_WORDS: Final[Mapping[str, Callable[[Any], str]]] = {
    "sale": _sale,
    "earlier_sale": _earlier_sale,
    "return": _return,
    "return_completed": lambda body: (
        f"receipt {body.of_sale.number} came back at several tills: what it had used is free again"
    ),
    "sale_claimed": _sale_claimed,
    "hold_voided": lambda body: "reserved points were let go" + (" by the office" if body.reason == "freed" else ""),
    "card_issued": lambda body: f"card {body.card} was issued",
    "card_reissued": lambda body: f"card {body.old_card} was replaced by {body.new_card}",
    "card_made_virtual": lambda body: f"card {body.old_card} became the virtual {body.new_card}",
    "card_blocked": lambda body: f"card {body.card} was blocked{_because(body)}",
    "card_unblocked": lambda body: f"card {body.card} is not blocked any more{_because(body)}",
    "card_linked": lambda body: f"card {body.card} was linked",
    "member_joined": lambda body: f"joined with card {body.card}" if body.card else "joined",
    "member_registered": lambda body: "registered",
    "member_merged": lambda body: f"member {body.member} went into {body.into}",
    "profile_changed": _profile_changed,
    "consent_given": _consent_given,
    "consent_withdrawn": lambda body: f"no longer agrees to {CONSENTS[body.what][1]}",
    "turnover_brought": _turnover_brought,
    "grant": lambda body: f"given{_because(body)}",
    "adjustment": _adjustment,
    "expiry": lambda body: "died unspent",
    "coupon_made": lambda body: f"a coupon of {body.campaign} was made",
    "points_to_partner": lambda body: f"exchanged at {body.partner} for {body.units} {body.unit}{_because(body)}",
    "points_to_charity": lambda body: (
        f"given to {body.fund}: {format_kopecks(body.kopecks)}, and {format_kopecks(body.matched_kopecks)} of the chain"
    ),
    "coupon_revoked": lambda body: f"coupon {body.serial} was revoked{_because(body)}",
}


def shown_at(text: str, zone: tzinfo = UTC) -> str:
    """A moment as people say it who live there."""
    return f"{datetime.fromisoformat(text).astimezone(zone):%Y-%m-%d %H:%M}"
