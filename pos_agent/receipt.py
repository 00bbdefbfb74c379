"""What stands on a receipt: a document for any printer, made from the operations as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from drivers.printer.document import QR, Block, Columns, Cut, Document, Rule, Text
from loyalty.bodies import CardIssued, CardReissued, Sale, SoldLine
from loyalty.cards import CardStatus
from loyalty.money import format_kopecks, half_up
from loyalty.operation import Operation, hash_operation, write_operation
from loyalty.programme import Language, Programme
from loyalty.returns import all_lines
from pos_agent.paper_words import PaperWords

QR_SIZE = 4  # dots a module: half a millimetre, which every camera reads, and less paper than more


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceNow:
    """The account after the sale, as far as it is known."""

    points: int
    as_of: datetime | None  # the hub's time of the snapshot it rests on; None: the till has none yet
    card_status: CardStatus | None  # after the sale; None: the hub will decide
    offline: bool = False  # nobody could be asked when it was paid
    expiring: tuple[int, datetime] | None = None  # points that die next, and from which moment on they are dead


def receipt(operations: Sequence[Operation], programme: Programme, language: Language, balance: BalanceNow) -> Document:
    """The paper of one sale: the card's operations, if any, and the sale itself, which comes last."""
    operation = operations[-1]
    sale = operation.body
    assert isinstance(sale, Sale)
    words = PaperWords(programme, language, operation.store)
    at = datetime.fromisoformat(operation.at)
    blocks: list[Block] = [
        *shop_header(words),
        Rule(),
        Columns(words.say("receipt", number=sale.sale.number), words.say("till", till=operation.chain)),
        Columns(words.say("card", card=masked(sale.card)) if sale.card else words.say("by_phone"), words.time(at)),
        Rule(),
        *(block for line in all_lines(sale) for block in _line(line, words)),
        Rule(),
        *_sums(sale, words),
        Rule(),
        *_accrued(sale, words, at),
        *_balance(sale, words, at, balance),
        *_cards(operations[:-1], words, balance),
        QR(operation_mark(operation), size=QR_SIZE),
        *(Text(line, align="center") for line in programme.receipt(language).footer),
        Text(programme.receipt(language).thanks, align="center", bold=True),
        Cut(),
    ]
    return Document(tuple(blocks))


def shop_header(words: PaperWords) -> list[Block]:
    """The shop's own lines; its name, which comes first, stands large."""
    lines = words.programme.receipt(words.language).header
    return [Text(line, align="center", bold=not at, double=not at) for at, line in enumerate(lines)]


def gross_kopecks(line: SoldLine) -> int:
    """The line by its price alone."""
    return half_up(line.price_kopecks * line.quantity_m, 1000)


def _line(line: SoldLine, words: PaperWords) -> Iterator[Block]:
    """One piece takes one row; more, or kilograms, a second one."""
    gross = gross_kopecks(line)
    if line.unit == "pc" and line.quantity_m == 1000:
        yield Columns(line.name, format_kopecks(gross))
    else:
        unit = f" {words.say('kg')}" if line.unit == "kg" else ""
        each = words.say("each", quantity=_quantity(line.quantity_m) + unit, price=format_kopecks(line.price_kopecks))
        yield from (Text(line.name), Columns(each, format_kopecks(gross)))
    if line.net_before_kopecks != gross:
        yield Columns(words.say("line_discount"), format_kopecks(line.net_before_kopecks - gross))
    if line.discount_kopecks:
        yield Columns(words.say("line_redeemed"), format_kopecks(-line.discount_kopecks))


def _sums(sale: Sale, words: PaperWords) -> Iterator[Block]:
    """How the goods' prices become what is paid; of a sale without discounts only that."""
    gross = sum(gross_kopecks(line) for line in all_lines(sale))
    by_coupons = sum(use.discount_kopecks for use in sale.coupons)
    other = gross - sale.total_kopecks - sale.redeemed.kopecks - by_coupons
    if gross != sale.paid_kopecks:
        yield Columns(words.say("sum"), format_kopecks(gross))
    for use in sale.coupons:
        yield _coupon(use.campaign, use.discount_kopecks, words)
    if other:
        yield Columns(words.say("discounts"), format_kopecks(-other))
    if sale.redeemed.points:
        points = words.points(sale.redeemed.points)
        yield Columns(words.say("redeemed", points=points), format_kopecks(-sale.redeemed.kopecks))
    if sale.paid_kopecks != sale.total_kopecks:
        yield Columns(words.say("certificate"), format_kopecks(sale.paid_kopecks - sale.total_kopecks))
    yield Columns(words.say("to_pay"), format_kopecks(sale.paid_kopecks), bold=True, double=True)


def _coupon(campaign: str, kopecks: int, words: PaperWords) -> Block:
    """A coupon by its name; one that gives points has no sum here."""
    offer = words.programme.coupon(campaign)
    name = campaign if offer is None else offer.ru if words.language == "ru" else offer.en
    text = words.say("coupon", name=name)
    return Columns(text, format_kopecks(-kopecks)) if kopecks else Text(text)


def _accrued(sale: Sale, words: PaperWords, at: datetime) -> Iterator[Block]:
    yield Columns(words.say("accrued"), words.points(sale.accrued.points))
    for kind, points in sale.accrued.parts:
        if kind != "base" and points:
            yield Columns(words.say(f"by_{kind}"), words.points(points))
    if sale.accrued.points and (validity := _validity(sale, words, at)):
        yield Text(validity)


def _validity(sale: Sale, words: PaperWords, at: datetime) -> str | None:
    """From when and to which day the new points live, as far as there is something to say."""
    start = datetime.fromisoformat(sale.accrued.active_from) if sale.accrued.active_from else at
    later = words.start(start, at) if start > at else None
    last = words.last_day(datetime.fromisoformat(sale.accrued.expires_at)) if sale.accrued.expires_at else None
    if later and last:
        return words.say("valid_from_to", start=later, to=last)
    if later:
        return words.say("valid_from", start=later)
    return words.say("valid_to", to=last) if last else None


def _balance(sale: Sale, words: PaperWords, at: datetime, balance: BalanceNow) -> Iterator[Block]:
    offline = balance.offline or sale.link == "offline"
    named = words.say("balance")
    if offline and balance.as_of is not None:
        named = words.say("balance_at", at=words.short_time(balance.as_of, at))
    yield Columns(named, words.points(balance.points), bold=True)
    dying = balance.expiring
    if dying is not None and dying[0] <= balance.points:  # more than there is: a part of them is owed
        points, end = dying
        yield Columns(words.say("expiring", day=words.last_day(end)), words.points(points))
    if offline:
        yield Text(words.say("offline"))


def _cards(operations: Sequence[Operation], words: PaperWords, balance: BalanceNow) -> Iterator[Block]:
    for operation in operations:
        if isinstance(operation.body, CardIssued):
            yield Text(words.say("issued", card=masked(operation.body.card)))
        elif isinstance(operation.body, CardReissued):
            yield Text(words.say("reissued", card=masked(operation.body.old_card)))
    if balance.card_status == "blocked" or (
        balance.card_status in ("issued", "pending") and words.programme.redemption.needs_registration
    ):
        yield Text(words.say(f"card_{balance.card_status}"))


def operation_mark(operation: Operation) -> str:
    """What the receipt's QR says: which operation this paper is of, and the start of its hash."""
    digest = hash_operation(write_operation(operation))
    return f"po:{operation.chain}:{operation.generation}:{operation.sequence}:{digest[:16]}"


def masked(card: str | None) -> str:
    """A card number as it may be shown: its last four characters."""
    return "—" if card is None else "****" + card[-4:]


def _quantity(quantity_m: int) -> str:
    whole, part = divmod(quantity_m, 1000)
    return f"{whole}.{part:03d}" if part else str(whole)
