"""Returns undo a recorded sale exactly, in any order and in parts, under the rules of the day of sale.

Everything is a total over all that came back so far; a step books the difference to what earlier steps booked. So
nothing leaks into rounding, and when all has come back all has been undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import compress
from operator import add, sub
from typing import Literal, NamedTuple, cast

from loyalty.accrual import Receipt, accrue
from loyalty.allocation import allocate
from loyalty.basket import BadBasket, Line
from loyalty.bodies import CAME_BACK_TWICE, COUPON_USED, Return, Sale, SoldLine
from loyalty.cards import CardStatus, may_earn
from loyalty.member import MemberView
from loyalty.money import format_quantity_m, half_up
from loyalty.offers import Counter, after_coupons, after_promotions, of_value
from loyalty.operation import Operation, zone_of
from loyalty.positions import Position, named_pieces, pieces, weighed
from loyalty.programme import UNKNOWN, Category, Offer, Programme, ReturnTender
from loyalty.stickers import StickersBack, back_of, rights_spent, told_back

NO_STICKERS = StickersBack()
# `money`: faulty goods, say: all of the refund in money, as far as money was paid
TenderChoice = ReturnTender | Literal["money"]
TENDER_CHOICES: tuple[TenderChoice, ...] = ("proportional", "certificate_first", "money")


@dataclass(frozen=True, slots=True, kw_only=True)
class LineReturn:
    """So much of one line comes back in one step, `pieces` of it by the POS's own keys; `refund_kopecks` for it."""

    id: str
    quantity_m: int
    pieces: tuple[str, ...] = ()
    refund_kopecks: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnStep:
    """One return: money back, burned points back, earned points taken back."""

    refund_kopecks: int
    points_restored: int
    points_clawed_back: int
    qualifying_kopecks: int  # what no longer counts for tiers
    lines: tuple[LineReturn, ...]
    certificate_kopecks: int = 0  # of the refund, what goes back to the certificates
    withheld_kopecks: int = 0  # a discount that the rest no longer has; less than nothing: one that it has again
    coupons: tuple[str, ...] = ()  # serials of the rights that come back
    stickers: StickersBack = NO_STICKERS

    @property
    def money_kopecks(self) -> int:
        return self.refund_kopecks - self.certificate_kopecks


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """All that has come back of a sale so far. `pieces`: the keys of named ones, by line."""

    quantities: Mapping[str, int] = field(default_factory=dict)
    pieces: Mapping[str, frozenset[str]] = field(default_factory=dict)
    refund_kopecks: int = 0
    certificate_kopecks: int = 0
    points_restored: int = 0
    points_clawed_back: int = 0
    qualifying_kopecks: int = 0
    stickers: StickersBack = NO_STICKERS

    def quantity_m(self, line: SoldLine) -> int:
        return self.quantities.get(line.id, 0)

    def left_m(self, line: SoldLine) -> int:
        return line.quantity_m - self.quantity_m(line)

    def keys(self, line: SoldLine) -> frozenset[str]:
        return self.pieces.get(line.id, frozenset())

    def with_lines(self, lines: Iterable[LineReturn]) -> Back:
        """The goods alone; sums come when they are known."""
        quantities, pieces = dict(self.quantities), dict(self.pieces)
        for part in lines:
            quantities[part.id] = quantities.get(part.id, 0) + part.quantity_m
            pieces[part.id] = pieces.get(part.id, frozenset()) | frozenset(part.pieces)
        return Back(
            quantities=quantities,
            pieces=pieces,
            refund_kopecks=self.refund_kopecks,
            certificate_kopecks=self.certificate_kopecks,
            points_restored=self.points_restored,
            points_clawed_back=self.points_clawed_back,
            qualifying_kopecks=self.qualifying_kopecks,
            stickers=self.stickers,
        )

    def with_step(self, step: ReturnStep) -> Back:
        after = self.with_lines(step.lines)
        return Back(
            quantities=after.quantities,
            pieces=after.pieces,
            refund_kopecks=self.refund_kopecks + step.refund_kopecks,
            certificate_kopecks=self.certificate_kopecks + step.certificate_kopecks,
            points_restored=self.points_restored + step.points_restored,
            points_clawed_back=self.points_clawed_back + step.points_clawed_back,
            qualifying_kopecks=self.qualifying_kopecks + step.qualifying_kopecks,
            stickers=self.stickers.plus(step.stickers),
        )


def came_back(sale: Sale, returns: Iterable[Return]) -> Back:
    """What earlier operations took back. Goods that came back twice are back once, and their second refund is none of
    the sale's: the deviation's cost (`CAME_BACK_TWICE`), or, where two tills did not know of each other and neither has
    said so, what was given for goods that were back."""
    back = Back()
    for _, step in _steps(sale, returns):
        back = back.with_step(step)
    return back


def counted_refunds(sale: Sale, returns: Iterable[Return]) -> list[tuple[Return, int]]:
    """Of each refund, what was given for goods that came back with it and not before."""
    return [(one, step.refund_kopecks) for one, step in _steps(sale, returns)]


def _steps(sale: Sale, returns: Iterable[Return]) -> Iterator[tuple[Return, ReturnStep]]:
    """What counts of each."""
    back = Back()
    for one in sorted(returns, key=_says_twice):  # what says so knew of the others, whatever clocks say
        lines = lines_of(one)
        fresh = still_out(sale, back, lines)
        certificate = sum(tender.kopecks for tender in one.tenders if tender.kind == "certificate")
        said = sum(deviation.cost_kopecks for deviation in one.deviations if deviation.kind == CAME_BACK_TWICE)
        counted = one.refund_kopecks - said
        unsaid = 0 if _says_twice(one) else _paid_twice(sale, back, lines, fresh)
        step = ReturnStep(
            refund_kopecks=max(0, counted - unsaid),
            points_restored=one.restored.points,
            points_clawed_back=one.clawed_back.points,
            qualifying_kopecks=one.qualifying_kopecks,
            certificate_kopecks=min(certificate, counted),
            lines=fresh,
            stickers=told_back(one),
        )
        back = back.with_step(step)
        yield one, step


def _says_twice(back: Return) -> bool:
    return any(deviation.kind == CAME_BACK_TWICE for deviation in back.deviations)


def _paid_twice(sale: Sale, back: Back, lines: Sequence[LineReturn], fresh: Sequence[LineReturn]) -> int:
    """Of the refunds of these lines, what was given for goods that were back: all but what the `fresh` ones cost."""
    after, out = back.with_lines(fresh), {part.id: part.quantity_m for part in fresh}
    by_id = {line.id: line for line in all_lines(sale)}
    twice = [part for part in lines if part.id in by_id and out.get(part.id, 0) < part.quantity_m]
    due = [_refund(by_id[part.id], after) - _refund(by_id[part.id], back) for part in twice]
    return sum(max(0, part.refund_kopecks - kopecks) for part, kopecks in zip(twice, due, strict=True))


def lines_of(back: Return) -> tuple[LineReturn, ...]:
    """What an operation took back, as it was told."""
    return tuple(
        LineReturn(id=line.id, quantity_m=line.quantity_m, pieces=line.pieces, refund_kopecks=line.refund_kopecks)
        for line in back.lines
    )


def still_out(sale: Sale, back: Back, lines: Iterable[LineReturn]) -> tuple[LineReturn, ...]:
    """Of these goods, those that have not come back yet."""
    by_id = {line.id: line for line in all_lines(sale)}
    parts = (_still_out(by_id[part.id], back, part) for part in lines if part.id in by_id)
    return tuple(part for part in parts if part.quantity_m)


def _still_out(line: SoldLine, back: Back, part: LineReturn) -> LineReturn:
    fresh = tuple(key for key in part.pieces if key in line.pieces and key not in back.keys(line))
    named_left_m = (len(line.pieces) - len(back.keys(line))) * 1000
    unnamed_m = min(part.quantity_m - len(part.pieces) * 1000, back.left_m(line) - named_left_m)
    return LineReturn(id=part.id, quantity_m=len(fresh) * 1000 + unnamed_m, pieces=fresh)


def reverse(
    programme: Programme,
    sold: Operation,
    steps: Sequence[Sequence[LineReturn]],
    tender: TenderChoice | None = None,
) -> tuple[ReturnStep, ...]:
    """What each of these returns of a recorded sale gives and takes, one after another. `programme` is that of the sale
    (`sold.programme_hash`). Raises BadBasket for goods that were not sold, or not so many."""
    back, answers = Back(), []
    for number, lines in enumerate(steps):
        step = take_back(programme, sold, back, lines, tender, field=f"returns[{number}]")
        back = back.with_step(step)
        answers.append(step)
    return tuple(answers)


def take_back(
    programme: Programme,
    sold: Operation,
    before: Back,
    lines: Sequence[LineReturn],
    tender: TenderChoice | None = None,
    *,
    field: str = "lines",
) -> ReturnStep:
    """What this return gives and takes, after what came back before. `tender`: another split of the refund than the
    programme's. Raises BadBasket; `field` is what the lines are called there."""
    sale, at = sold.body, datetime.fromisoformat(sold.at)
    assert isinstance(sale, Sale), "only a sale can be undone so"
    programme = programme.by_clock_of(zone_of(sold.store, programme.timezone))  # its day was that of its own store
    whole = tuple(_checked(sale, before, part, f"{field}[{index}]", lines[:index]) for index, part in enumerate(lines))
    after = before.with_lines(whole)
    rest = _rest(programme, sale, at, after)
    plain = [_refund(line, after) - _refund(line, before) for line in all_lines(sale)]
    refund = max(0, _plain(sale, after) - rest.dearer_kopecks - before.refund_kopecks)
    certificate = _to_certificates(sale, before, refund, tender or programme.returns.tender)
    certificates_left = max(0, _certificates(sale) - before.certificate_kopecks - certificate)
    kept = _earned(programme, sale, at, rest, certificates_left)
    return ReturnStep(
        refund_kopecks=refund,
        points_restored=max(0, _restored(programme, sale, after) - before.points_restored),
        points_clawed_back=max(0, sale.accrued.points - kept - before.points_clawed_back),
        qualifying_kopecks=max(0, _qualifying(programme, sale, after) - before.qualifying_kopecks),
        lines=_with_refunds(sale, whole, plain, refund),
        certificate_kopecks=certificate,
        withheld_kopecks=sum(plain) - refund,
        coupons=_coupons_back(sale, before, after),
        stickers=_stickers(programme, sale, at, rest, after, certificates_left).but(before.stickers),
    )


class Totals(NamedTuple):
    """What is to have moved of a sale by what came back of it, in whatever steps and wherever."""

    restored: int
    clawed_back: int
    qualifying_kopecks: int
    stickers_taken_back: int = 0
    stickers_restored: int = 0


def totals(programme: Programme, sold: Operation, back: Back) -> Totals:
    """Of a recorded sale, by the rules that it was made under. Of what certificates paid, what has gone back to them is
    as `back` says."""
    sale, at = sold.body, datetime.fromisoformat(sold.at)
    assert isinstance(sale, Sale), "only a sale can be undone"
    programme = programme.by_clock_of(zone_of(sold.store, programme.timezone))
    rest, certificates_left = _rest(programme, sale, at, back), max(0, _certificates(sale) - back.certificate_kopecks)
    kept = _earned(programme, sale, at, rest, certificates_left)
    stickers = _stickers(programme, sale, at, rest, back, certificates_left)
    return Totals(
        restored=_restored(programme, sale, back),
        clawed_back=max(0, sale.accrued.points - kept),
        qualifying_kopecks=_qualifying(programme, sale, back),
        stickers_taken_back=stickers.taken_back,
        stickers_restored=stickers.restored,
    )


def earned_by(programme: Programme, sold: Operation, back: Back) -> int:
    """What the receipt earns without what came back of it: of whoever the sale says that it saw."""
    sale, at = sold.body, datetime.fromisoformat(sold.at)
    assert isinstance(sale, Sale), "only a sale earns"
    programme = programme.by_clock_of(zone_of(sold.store, programme.timezone))
    rest = _rest(programme, sale, at, back)
    return _earned(programme, sale, at, rest, max(0, _certificates(sale) - back.certificate_kopecks))


def all_lines(sale: Sale) -> tuple[SoldLine, ...]:
    """The POS's lines and our own."""
    return (*sale.lines, *sale.extras)


def is_undone(sale: Sale, returns: Sequence[Return]) -> bool:
    """Has everything come back that was sold?"""
    back = came_back(sale, returns)
    return bool(returns) and not any(back.left_m(line) for line in sale.lines)


def all_left(sale: Sale, back: Back) -> tuple[LineReturn, ...]:
    """All that has not come back yet: the whole sale is undone."""
    return tuple(
        LineReturn(id=line.id, quantity_m=left, pieces=tuple(key for key in line.pieces if key not in back.keys(line)))
        for line in all_lines(sale)
        if (left := back.left_m(line))
    )


# what has come back of a line


def came(kopecks: int, line: SoldLine, back: Back) -> int:
    """Of a sum of the line, the part of what came back. A named piece takes its own price along (L4); of the others it
    is a share, so that any order of them gives the same in the end."""
    if not line.pieces:
        return kopecks * back.quantity_m(line) // line.quantity_m
    keys, named = back.keys(line), len(line.pieces)
    amounts = [position.amount_kopecks for position in named_pieces(line.quantity_m, kopecks, named)]
    by_key = sum(compress(amounts, [key in keys for key in line.pieces]))
    others_m = line.quantity_m - named * 1000
    others = kopecks - sum(amounts[:named])
    return by_key + (others * (back.quantity_m(line) - len(keys) * 1000) // others_m if others_m else 0)


def _stays(kopecks: int, line: SoldLine, back: Back) -> int:
    return kopecks - came(kopecks, line, back)


def _refund(line: SoldLine, back: Back) -> int:
    """What was paid for all that came back of the line."""
    return came(line.net_kopecks, line, back)


def _plain(sale: Sale, back: Back) -> int:
    return sum(_refund(line, back) for line in all_lines(sale))


def _restored(programme: Programme, sale: Sale, back: Back) -> int:
    """Points come back with the goods that they paid, on the receipt as a whole, whatever the rest was paid with
    (L14)."""
    taken_off = sum(came(line.net_before_kopecks, line, back) - _refund(line, back) for line in all_lines(sale))
    return taken_off // programme.currency.kop_per_point


def _qualifying(programme: Programme, sale: Sale, back: Back) -> int:
    if not sale.qualifying_kopecks:
        return 0
    lines = all_lines(sale)
    earns = [_category(programme, line.category).earn for line in lines]
    return sum(compress([came(line.net_before_kopecks, line, back) for line in lines], earns))


def _nothing_left(sale: Sale, back: Back) -> bool:
    return not any(back.left_m(line) for line in sale.lines)


def _coupons_back(sale: Sale, before: Back, after: Back) -> tuple[str, ...]:
    """A right comes back when nothing of the goods remains, in one step or many."""
    if not _nothing_left(sale, after) or _nothing_left(sale, before):
        return ()
    return own_rights(sale)


def own_rights(sale: Sale) -> tuple[str, ...]:
    """Serials of the coupons that it used up, and no other sale before it."""
    others = {deviation.note for deviation in sale.deviations if deviation.kind == COUPON_USED}
    return tuple(use.serial for use in sale.coupons if use.serial and use.serial not in others)


def refund_positions(line: SoldLine, part: LineReturn) -> tuple[Position, ...]:
    """The positions of the fiscal receipt of a return: at prices of the receipt of the sale, as long as nothing is
    withheld. Those of named pieces come first, in the order of their keys."""
    if line.unit == "kg":
        shelf = line.positions[0].price_kopecks if line.positions else line.price_kopecks
        return (weighed(part.quantity_m, part.refund_kopecks, shelf),)
    amounts = dict(zip(line.pieces, named_pieces(line.quantity_m, line.net_kopecks, len(line.pieces)), strict=False))
    named = tuple(amounts[key] for key in part.pieces)
    others_m = part.quantity_m - len(named) * 1000
    others = part.refund_kopecks - sum(position.amount_kopecks for position in named)
    if others < 0 or (others and not others_m):  # something is withheld, or given back again
        return named_pieces(part.quantity_m, part.refund_kopecks, len(named))
    return named + (pieces(others_m, others) if others_m else ())


# what remains of the receipt


class _Rest(NamedTuple):
    """What stays with the customer: sums by line, and what it costs more without its discount (R28)."""

    before: list[int]  # points
    by_points: list[int]
    dearer_kopecks: int


def _rest(programme: Programme, sale: Sale, at: datetime, back: Back) -> _Rest:
    lines = all_lines(sale)
    kept = [_stays(line.net_before_kopecks, line, back) for line in lines]
    paid = [_stays(line.net_kopecks, line, back) for line in lines]
    by_points = list(map(sub, kept, paid))
    if programme.returns.coupon == "recompute":
        anew = _priced_anew(programme, sale, at, back)
        if (dearer := sum(anew) - sum(kept)) > 0:
            return _Rest(anew, by_points, dearer)
    return _Rest(kept, by_points, 0)


def _priced_anew(programme: Programme, sale: Sale, at: datetime, back: Back) -> list[int]:
    """What the rest would have cost by itself on the day of sale, before points, by line."""
    lines = [line for line in all_lines(sale) if back.left_m(line)]
    goods = tuple(_line_left(line, back) for line in lines)
    categories = tuple(_category(programme, line.category) for line in goods)
    view = seen_view(sale, programme.day(at))
    is_member = view is not None and may_earn(view.card_status)
    counter = Counter(programme, goods, categories, programme.day(at), is_member)
    shelf = [line.gross_kopecks - line.discount_kopecks for line in goods]
    promoted, _ = after_promotions(counter, shelf)
    nets, _ = after_coupons(counter, _offers(programme, sale), promoted)
    by_id = dict(zip((line.id for line in lines), nets, strict=True))
    return [by_id.get(line.id, 0) for line in all_lines(sale)]


def _line_left(line: SoldLine, back: Back) -> Line:
    left_m = back.left_m(line)
    gross = half_up(line.price_kopecks * left_m, 1000)
    return Line(
        id=line.id,
        name=line.name,
        price_kopecks=line.price_kopecks,
        quantity_m=left_m,
        unit="kg" if line.unit == "kg" else "pc",
        discount_kopecks=min(gross, _stays(line.pos_discount_kopecks, line, back)),
        category=line.category,
        min_unit_price_kopecks=line.least_price_kopecks,
    )


def _category(programme: Programme, id: str | None) -> Category:
    """A sale of before the shelf is undone by rules that may not know its category."""
    return programme.categories.get(id or UNKNOWN, programme.categories[UNKNOWN])


def _offers(programme: Programme, sale: Sale) -> tuple[Offer, ...]:
    """The coupons that were used up, as far as the programme of that day has them, and what stickers were spent for."""
    offers = ((programme.coupon(use.campaign), use.value) for use in sale.coupons)
    given = (of_value(offer, value) for offer, value in offers if offer is not None)
    return (*given, *rights_spent(programme, sale))


def _earned(programme: Programme, sale: Sale, at: datetime, rest: _Rest, certificate_kopecks: int) -> int:
    """What the receipt would have earned without the goods that came back."""
    receipt = _receipt(programme, sale, at, rest, certificate_kopecks)
    return accrue(programme, seen_view(sale, receipt.day), receipt).points


def _stickers(
    programme: Programme, sale: Sale, at: datetime, rest: _Rest, back: Back, certificate_kopecks: int
) -> StickersBack:
    receipt = _receipt(programme, sale, at, rest, certificate_kopecks)
    return back_of(sale, receipt, programme, is_all_back=_nothing_left(sale, back))


def _receipt(programme: Programme, sale: Sale, at: datetime, rest: _Rest, certificate_kopecks: int) -> Receipt:
    """What stays with the customer, as the rules for what is earned look at it."""
    return Receipt(
        categories=[_category(programme, line.category) for line in all_lines(sale)],
        before=rest.before,
        paid=list(map(sub, rest.before, rest.by_points)),
        coupons=_offers(programme, sale),
        certificate_kopecks=certificate_kopecks,
        day=programme.day(at),
    )


def seen_view(sale: Sale, day: date) -> MemberView | None:
    """The member as the sale saw them. A sale of version 1 kept less: what it does not say cannot be taken back."""
    if sale.member is None and sale.card is None and sale.seen is None:
        return None
    seen = sale.seen
    if seen is None:
        kinds = {kind for kind, _ in sale.accrued.parts}
        return MemberView(birthday=day if "birthday" in kinds else None)
    return MemberView(
        card_status=cast(CardStatus, seen.card_status),
        birthday=day if seen.birthday else None,  # its days held: any birthday that holds them will do
        favourites=seen.favourites,
        accumulated_kopecks=seen.accumulated_kopecks,
    )


# what the refund is paid with


def _certificates(sale: Sale) -> int:
    """What certificates paid of it."""
    return sale.total_kopecks - sale.paid_kopecks


def _to_certificates(sale: Sale, before: Back, refund: int, tender: TenderChoice) -> int:
    """Of this refund, what goes back to certificates (R27); never more than they paid, and money never gives back
    more than money paid."""
    left = max(0, _certificates(sale) - before.certificate_kopecks)
    money_left = sale.total_kopecks - before.refund_kopecks - left
    wanted = 0
    if tender == "certificate_first":
        wanted = refund
    elif tender == "proportional" and sale.total_kopecks:
        so_far = _certificates(sale) * (before.refund_kopecks + refund) // sale.total_kopecks
        wanted = so_far - before.certificate_kopecks
    return min(max(wanted, refund - money_left), left, refund)


def _with_refunds(
    sale: Sale, lines: tuple[LineReturn, ...], plain: Sequence[int], refund: int
) -> tuple[LineReturn, ...]:
    """Each line with its own part of the refund: what was paid for it, but for a discount that the rest has lost or
    has again, which is spread over them."""
    by_id = dict(zip((line.id for line in all_lines(sale)), plain, strict=True))
    paid = [by_id[line.id] for line in lines]
    changed = sum(paid) - refund
    if changed > 0:
        paid = list(map(sub, paid, allocate(paid, paid, changed)))
    elif changed < 0:
        weights = [kopecks + 1 for kopecks in paid]  # gifts have none
        paid = list(map(add, paid, allocate(weights, [-changed] * len(paid), -changed)))
    return tuple(
        LineReturn(id=line.id, quantity_m=line.quantity_m, pieces=line.pieces, refund_kopecks=kopecks)
        for line, kopecks in zip(lines, paid, strict=True)
    )


# what cannot come back


def _checked(sale: Sale, back: Back, part: LineReturn, field: str, earlier: Sequence[LineReturn]) -> LineReturn:
    """The part, with the keys of its pieces where they are plain: all that is left comes back. Raises BadBasket."""
    line = next((line for line in all_lines(sale) if line.id == part.id), None)
    if line is None:
        raise BadBasket(f"{field}.id", "was not sold on this receipt")
    if any(other.id == part.id for other in earlier):
        raise BadBasket(f"{field}.id", "stands twice in one return; add the quantities")
    if part.quantity_m <= 0:
        raise BadBasket(f"{field}.quantity", "must be more than nothing")
    if line.unit == "pc" and part.quantity_m % 1000:
        raise BadBasket(f"{field}.quantity", "pieces come back whole")
    left = back.left_m(line)
    if not left:
        raise BadBasket(f"{field}.quantity", "all of it has come back already")
    if part.quantity_m > left:
        raise BadBasket(f"{field}.quantity", "only {left} can still come back", left=format_quantity_m(left))
    keys_left = tuple(key for key in line.pieces if key not in back.keys(line))
    if part.quantity_m == left and not part.pieces:
        return LineReturn(id=part.id, quantity_m=left, pieces=keys_left)
    _check_keys(line, back, part, keys_left, field)
    return part


def _check_keys(line: SoldLine, back: Back, part: LineReturn, keys_left: tuple[str, ...], field: str) -> None:
    """Which pieces they are decides what they cost."""
    for key in part.pieces:
        if key not in line.pieces:
            raise BadBasket(f"{field}.pieces", "has a key that was not sold on this line")
        if key not in keys_left:
            raise BadBasket(f"{field}.pieces", "has a key that has come back already")
    if len(set(part.pieces)) != len(part.pieces):
        raise BadBasket(f"{field}.pieces", "the same key stands twice")
    unnamed_left = back.left_m(line) - len(keys_left) * 1000
    unnamed = part.quantity_m - len(part.pieces) * 1000
    if unnamed < 0:
        raise BadBasket(f"{field}.pieces", "are more than the quantity")
    if unnamed > unnamed_left:
        raise BadBasket(f"{field}.pieces", "must name the pieces that come back: each has its own price")
