"""A member's points: what came and went, and each lot with its life (P2, P4, P5, P10, A7, A28), in nobody's words but
the programme's: neither who in the office did it, nor why the office says it did."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from hub.account.act import AccountAct, AccountAsked, signed_in
from hub.account.receipt_acts import place_called, receipt, was_blocked
from hub.batches import batches
from hub.desk.act import ActRefused
from hub.hub import Hub
from hub.people.moves import AT_ONCE, END, His, Read, Spot, his_of, moves_of, read_moves, spots_of
from hub.store.records import LotKey, LotRow, Place
from hub.store.seam import Reader
from loyalty.bodies import EarlierSale, Grant, OperationRef, Return, Sale, SaleClaimed, SoldLine
from loyalty.effects import lot_id, maker_of_lot
from loyalty.kinds import name_of
from loyalty.lots import FOREVER
from loyalty.money import format_kopecks
from loyalty.operation import read_operation
from loyalty.points_life import last_day_of
from loyalty.programme import Programme
from loyalty.returns import all_lines
from loyalty.utc import utc_text
from sync.account.points import (
    AskLot,
    AskLots,
    AskMoves,
    AskReceipt,
    AskTop,
    Fate,
    LotNow,
    LotsTold,
    LotTold,
    Move,
    MovesTold,
    TopGoods,
    TopTold,
)

LOOKED_MAX: Final = 2_000  # operations that one look reads at most
LOTS_MAX: Final = 100
OFFLINE: Final = timedelta(days=45)  # so late is told, mostly, what was done
TOP: Final = 10
GOODS_NAMED: Final = 3
REASONS: Final = frozenset({"import", "welcome", "birthday"})  # of the programme's own; others are people's words
GIVEN_AWAY: Final = frozenset({"points_to_partner", "points_to_charity"})
RECEIPTS: Final = frozenset({"sale", "earlier_sale"})
TOLD: Final = RECEIPTS | {"return", "sale_claimed", "grant", "adjustment", "expiry", "coupon_made"} | GIVEN_AWAY


# what came and went


def moves(hub: Hub, asked: AccountAsked, body: AskMoves) -> MovesTold:
    """As many as are asked for, or fewer where too many others lie between: then the cursor goes on."""
    with hub.store.reading() as reader:
        his = his_of(reader, signed_in(reader, asked))
        walk = moves_of(reader, his, _moment(body.since), _spot(body.after, _moment(body.until)))
        return _page(walk, _fits(body), body.most)


def _page(walk: Iterator[tuple[Spot, Read | None]], fits: Callable[[Read], bool], most: int) -> MovesTold:
    found: list[Move] = []
    last = END
    for looked, (spot, read) in enumerate(walk):
        if len(found) == most or looked == LOOKED_MAX:
            return MovesTold(moves=tuple(found), after=_cursor(last))
        last = spot
        if read is not None and _is_told(read) and fits(read):
            found.append(move_of(read))
    return MovesTold(moves=tuple(found))


def _is_told(read: Read) -> bool:
    """Corrections of stickers or of ends alone are no moves of points."""
    kind = name_of(read.operation.body)
    return kind in TOLD and bool(kind in RECEIPTS or read.came or read.went or isinstance(read.operation.body, Return))


def _fits(body: AskMoves) -> Callable[[Read], bool]:
    words = body.words.casefold().split()

    def fits(read: Read) -> bool:
        if (body.way == "in" and not read.came) or (body.way == "out" and not read.went):
            return False
        return not words or _says(read, words)

    return fits


def _says(read: Read, words: Iterable[str]) -> bool:
    text = " ".join(_texts(read)).casefold()
    return all(word.replace(",", ".") in text for word in words)


def _texts(read: Read) -> Iterator[str]:
    body = read.operation.body
    yield from (line.name.replace(",", ".") for line in _lines(body))
    yield read.operation.store.id if read.operation.store else ""
    yield _number(body)
    yield format_kopecks(_kopecks(body))


def _moment(text: str) -> str:
    """As the ledger writes it. Raises ActRefused."""
    try:
        return utc_text(datetime.fromisoformat(text)) if text else ""
    except (ValueError, OverflowError) as error:
        raise ActRefused("bad_page", f"no moment: {text!r}") from error


def _cursor(spot: Spot) -> str:
    return f"{spot.at}|{spot.place.id}"


def _spot(cursor: str, until: str) -> Spot:
    """Raises ActRefused for what is no cursor."""
    if not cursor:
        return Spot(until, Place("", 0, 0)) if until else END
    at, _, id = cursor.partition("|")
    return Spot(at, place_called(id, "bad_page"))


def move_of(read: Read) -> Move:
    operation, body = read.operation, read.operation.body
    lines = _lines(body)
    return Move(
        id=read.kept.place.id,
        at=operation.at,
        kind=name_of(body),
        came=read.came,
        went=read.went,
        kopecks=_kopecks(body),
        number=_number(body),
        shop=operation.store.id if operation.store else "",
        why=body.reason if isinstance(body, Grant) and body.reason in REASONS else "",
        receipt=_receipt(read),
        goods=tuple(line.name for line in lines[:GOODS_NAMED]),
        goods_count=len(lines),
        lot=bool(read.came) and not isinstance(body, Return),
        blocked=isinstance(body, Sale) and was_blocked(body),
    )


def _lines(body: object) -> tuple[SoldLine, ...]:
    return body.lines if isinstance(body, Sale | EarlierSale) else ()


def _kopecks(body: object) -> int:
    if isinstance(body, Return):
        return -body.refund_kopecks
    return body.total_kopecks if isinstance(body, Sale | EarlierSale) else 0


def _number(body: object) -> str:
    of = body.of_sale if isinstance(body, Return | SaleClaimed) else getattr(body, "sale", None)
    return of.number if of is not None else ""


def _receipt(read: Read) -> str:
    if isinstance(read.operation.body, Sale):
        return read.kept.place.id
    of = getattr(read.operation.body, "of", None)
    return Place(of.chain, of.generation, of.sequence).id if isinstance(of, OperationRef) else ""


# lots


def lots(hub: Hub, asked: AccountAsked, body: AskLots) -> LotsTold:
    now = hub.now()
    with hub.store.reading() as reader:
        person = signed_in(reader, asked)
        rows = [row for row in reader.open_lots([person.member], now) if row.remaining and not _is_dead(row, now)]
        rows.sort(key=lambda row: (row.expires_at or FOREVER, row.active_from, row.lot))
        made = _makers(reader, his_of(reader, person), rows[:LOTS_MAX])
    programme = hub.programmes[asked.programme]
    told = tuple(lot_now(row, made[row.lot], programme, now) for row in rows[:LOTS_MAX] if row.lot in made)
    return LotsTold(lots=told, more=sum(row.remaining for row in rows[LOTS_MAX:]))


def _is_dead(row: LotRow, now: datetime) -> bool:
    return row.expires_at is not None and row.expires_at <= now


def _makers(reader: Reader, his: His, rows: Iterable[LotRow]) -> Mapping[str, Read]:
    """By lot, what gave it."""
    places = {row.lot: Place(*made) for row in rows if (made := maker_of_lot(row.lot)) is not None}
    read = read_moves(reader, his, list(places.values())) if places else {}
    return {lot: read[place] for lot, place in places.items() if place in read}


def lot_now(row: LotRow, made: Read, programme: Programme, now: datetime) -> LotNow:
    return LotNow(
        move=move_of(made),
        granted=row.granted,
        points=row.remaining,
        active_from=utc_text(row.active_from),
        ends_at=utc_text(row.expires_at) if row.expires_at else "",
        last_day=last_day_of(programme, row.expires_at).isoformat() if row.expires_at else "",
        waits=row.active_from > now,
        died=row.expired,
    )


def lot(hub: Hub, asked: AccountAsked, body: AskLot) -> LotTold:
    """Another's is as one that there is not."""
    place = place_called(body.id, "unknown_lot")
    with hub.store.reading() as reader:
        person = signed_in(reader, asked)
        his, id = his_of(reader, person), lot_id(*place)
        row = reader.lots([LotKey(person.member, id)]).get(LotKey(person.member, id))
        made = _makers(reader, his, [row] if row is not None else [])
        if row is None or id not in made:
            raise ActRefused("unknown_lot", "he has no such points")
        taken, whole = _taken(reader, his, row, made[id])
        came = taken.pop(place, 0)
        read = read_moves(reader, his, list(taken)) if taken else {}
    fates = [Fate(move=move_of(read[one]), points=points) for one, points in taken.items() if one in read]
    return LotTold(
        lot=lot_now(row, made[id], hub.programmes[asked.programme], hub.now()),
        fates=tuple(fates),
        to_debt=row.granted - came if whole else 0,
        more=not whole,
    )


def _taken(reader: Reader, his: His, row: LotRow, made: Read) -> tuple[dict[Place, int], bool]:
    """What each operation did to the lot, the newest first, its maker's among them; and whether that is all of it: a
    till without a connection may have done before what it told after, and a hub that was off booked late what died."""
    since = utc_text(datetime.fromisoformat(made.operation.at) - OFFLINE)
    until = Spot(utc_text(row.expires_at + OFFLINE), END.place) if row.expires_at else END
    sums = _entered(reader, his, row, spots_of(reader, his, since, until))
    if sum(sums.values()) != row.remaining:
        sums = _entered(reader, his, row, spots_of(reader, his))
    return sums, sum(sums.values()) == row.remaining


def _entered(reader: Reader, his: His, row: LotRow, spots: Iterator[Spot]) -> dict[Place, int]:
    sums = dict.fromkeys((spot.place for spot in islice(spots, LOOKED_MAX)), 0)
    for some in batches(sums, AT_ONCE):
        for entry in reader.entries_of(some):
            if entry.lot == row.lot and entry.account == "member" and entry.member in his.ids:
                sums[entry.place] += entry.points
    return {place: points for place, points in sums.items() if points}


# what he buys most


def top(hub: Hub, asked: AccountAsked, body: AskTop) -> TopTold:
    """His own purchases, whatever they were (P3): they are told, and nobody is advised to buy anything."""
    with hub.store.reading() as reader:
        his = his_of(reader, signed_in(reader, asked))
        spots = list(islice(moves_of(reader, his, _moment(body.since)), LOOKED_MAX + 1))
    bodies = [(spot.place, read.operation.body) for spot, read in spots[:LOOKED_MAX] if read is not None]
    bodies = _with_claimed(hub, bodies)
    counted = _Counted()
    for place, one in bodies:
        counted.take(place, one)
    return counted.told(more=len(spots) > LOOKED_MAX)


def _with_claimed(hub: Hub, bodies: list[tuple[Place, Any]]) -> list[tuple[Place, Any]]:
    """The receipts too that he got afterwards."""
    of = {Place(one.of.chain, one.of.generation, one.of.sequence) for _, one in bodies if isinstance(one, SaleClaimed)}
    of -= {place for place, _ in bodies}
    with hub.store.reading() as reader:
        kept = reader.operations(of) if of else {}
    read = [(place, read_operation(one.text).body) for place, one in kept.items()]
    return [*bodies, *read]


class _Counted:
    """Sums by the goods' names. A return comes before its sale, for the newest come first."""

    def __init__(self) -> None:
        self._back: dict[tuple[Place, str], tuple[int, int]] = {}  # thousandths, kopecks
        self._sums: dict[str, tuple[int, int]] = {}  # times, kopecks
        self._receipts = 0

    def take(self, place: Place, body: object) -> None:
        if isinstance(body, Return):
            of = Place(body.of.chain, body.of.generation, body.of.sequence)
            for part in body.lines:
                had = self._back.get((of, part.id), (0, 0))
                self._back[of, part.id] = had[0] + part.quantity_m, had[1] + part.refund_kopecks
        elif isinstance(body, Sale):
            self._receipts += 1
            for line in all_lines(body):
                self._add(line, *self._back.get((place, line.id), (0, 0)))

    def _add(self, line: SoldLine, back_m: int, back_kopecks: int) -> None:
        if back_m < line.quantity_m:
            times, kopecks = self._sums.get(line.name, (0, 0))
            self._sums[line.name] = times + 1, kopecks + max(0, line.net_kopecks - back_kopecks)

    def told(self, *, more: bool) -> TopTold:
        rows = [TopGoods(name=name, times=times, kopecks=sum) for name, (times, sum) in self._sums.items()]
        often = sorted(rows, key=lambda row: (-row.times, -row.kopecks, row.name))
        much = sorted(rows, key=lambda row: (-row.kopecks, -row.times, row.name))
        return TopTold(often=tuple(often[:TOP]), much=tuple(much[:TOP]), receipts=self._receipts, more=more)


POINTS_ACTS: Final[Mapping[str, AccountAct]] = {
    "moves": AccountAct(takes=AskMoves, do=moves),
    "receipt": AccountAct(takes=AskReceipt, do=receipt),
    "lots": AccountAct(takes=AskLots, do=lots),
    "lot": AccountAct(takes=AskLot, do=lot),
    "top": AccountAct(takes=AskTop, do=top),
}
