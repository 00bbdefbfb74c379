"""A visit's receipt as the rules see it: the POS's lines, and our own as extras behind them."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from loyalty.basket import BadBasket, Basket, Line
from loyalty.fiscal_tags import with_tags
from loyalty.goods import decided
from loyalty.member import MemberView
from loyalty.money import format_kopecks, shown
from loyalty.programme import Link
from loyalty.quote import Quote, quote
from pos_agent.counter import Counter
from pos_agent.coupons_now import offers_now, without_word
from pos_agent.open_receipts import paying
from pos_agent.protocol import BasketLine
from pos_agent.stickers import rights_of
from pos_agent.visit import Visit

REISSUE_LINE = "card-reissue"  # the fee's line on the receipt (A30)
ISSUE_LINE = "card-issue"


def told_lines(visit: Visit) -> tuple[Line, ...]:
    """As the POS tells them. Raises BadBasket naming the line and the field."""
    lines = []
    for index, told in enumerate(visit.lines):
        try:
            lines.append(told.line())
        except BadBasket as error:
            raise error.within(f"lines[{index}]") from None
    return tuple(lines)


def named(counter: Counter, lines: tuple[BasketLine, ...]) -> tuple[BasketLine, ...]:
    """With the names that the shop's goods have, where none was told."""
    return tuple(line if line.name else msgspec.structs.replace(line, name=_name(counter, line)) for line in lines)


def keyed_in(counter: Counter, lines: tuple[BasketLine, ...]) -> tuple[BasketLine, ...]:
    """Lines that a cashier types: with the store's price of today and the goods' name, where he typed none. Raises
    BadBasket naming the line."""
    return tuple(_at_shelf(counter, line, index) for index, line in enumerate(named(counter, lines)))


def _at_shelf(counter: Counter, line: BasketLine, index: int) -> BasketLine:
    code = line.article or line.barcode or ""
    price = line.price or _shelf_price(counter, line, f"lines[{index}].price", code or line.name)
    return msgspec.structs.replace(line, name=line.name or code, price=price)


def _shelf_price(counter: Counter, line: BasketLine, field: str, code: str) -> str:
    kopecks = counter.house.goods.price_on(line.article, line.barcode, counter.today)
    if kopecks is None:
        raise BadBasket(field, "nobody told what {code} costs here today; type its price", code=shown(code))
    return format_kopecks(kopecks)


def _name(counter: Counter, line: BasketLine) -> str:
    items = counter.house.goods.find(line.article, line.barcode)
    return next((item.name for item in items if item.name), "")


def pos_lines(counter: Counter, visit: Visit) -> tuple[Line, ...]:
    """As the rules take them: with what the goods file and the law say of them, which is asked once for a command.
    Raises BadBasket."""
    told, lines = counter.lines
    if told is not visit.lines:
        lines = tuple(known(counter, line) for line in told_lines(visit))
        counter.lines = visit.lines, lines
    return lines


def known(counter: Counter, line: Line) -> Line:
    """A line with the category and the least price that count in this shop today, and the tags that the law has for
    it."""
    house = counter.house
    line = decided(line, counter.programme, house.goods, house.least_prices, counter.today)
    return with_tags(line, house.fiscal_tags, counter.today)


def extras_of(counter: Counter, visit: Visit) -> tuple[Line, ...]:
    """A card's price as a line of ours: one that no points pay and that earns none."""
    cards = counter.programme.cards
    russian = counter.house.receipt_language == "ru"
    if visit.reissue is not None and cards.reissue_fee_kopecks:
        name = "Перевыпуск карты" if russian else "Card reissue"
        return (_fee(visit, REISSUE_LINE, name, cards.reissue_fee_kopecks),)
    if visit.issue is not None and cards.issue_fee_kopecks:
        name = "Карта участника" if russian else "Member card"
        return (_fee(visit, ISSUE_LINE, name, cards.issue_fee_kopecks),)
    return ()


def _fee(visit: Visit, id: str, name: str, kopecks: int) -> Line:
    """Its id is no id of the POS's."""
    taken = {line.id for line in visit.lines}
    while id in taken:
        id += "+"
    return Line(id=id, name=name, price_kopecks=kopecks, category="card_fee")


def basket_of(counter: Counter, visit: Visit, without: frozenset[str] = frozenset()) -> Basket:
    """`without`: campaigns whose coupon waits. Of a certificate no more is taken at once than one may hold. Raises
    BadBasket, also for a receipt without a line."""
    most = counter.programme.certificates.face_max_kopecks
    return Basket(
        lines=(*pos_lines(counter, visit), *extras_of(counter, visit)),
        redemption_forbidden=visit.redemption_forbidden,
        coupons=(*offers_now(counter, visit, without), *rights_of(counter, visit)),
        certificates=tuple(min(left, most) for _, left in paying(counter, visit)),
    )


def has_lines(counter: Counter, visit: Visit) -> bool:
    return bool(visit.lines or extras_of(counter, visit))


class Priced(NamedTuple):
    """`without`: campaigns whose coupon would take off more than a till may take without the hub's word."""

    basket: Basket
    quote: Quote
    without: frozenset[str]


def priced(counter: Counter, visit: Visit, view: MemberView | None, link: Link | None = None) -> Priced:
    """The receipt, worked out; `link` is its own, where that is there already. Raises BadBasket."""
    without: frozenset[str] = frozenset()
    while True:
        basket = basket_of(counter, visit, without)
        answer = quote(
            counter.programme,
            basket,
            view,
            at=counter.now,
            link=link or counter.link_of(visit),
            requested_points=counter.requested(visit),
        )
        more = without_word(counter, visit, answer.coupons)
        if not more:
            return Priced(basket, answer, without)
        without |= more


def quoted(counter: Counter, visit: Visit, view: MemberView | None) -> Quote:
    """Raises BadBasket."""
    return priced(counter, visit, view).quote
