"""What stands on a receipt: a document for any printer, made from the operations as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from drivers.printer.document import QR, Block, Columns, Cut, Document, Rule, Text
from loyalty.money import format_kopecks, half_up
from loyalty.operation import CardIssued, CardReissued, Operation, Sale, SoldLine, hash_operation, write_operation
from loyalty.programme import Language, Programme
from loyalty.wording import points_text

_Say = Callable[..., str]
_Local = Callable[[datetime], str]

_TEXTS: dict[str, tuple[str, str]] = {
    "receipt": ("Чек {number}", "Receipt {number}"),
    "till": ("Касса {till}", "Till {till}"),
    "card": ("Карта {card}", "Card {card}"),
    "by_phone": ("Карта по телефону", "Member by phone"),
    "each": ("{quantity} x {price}", "{quantity} x {price}"),
    "kg": ("кг", "kg"),
    "line_discount": ("  скидка", "  discount"),
    "by_points": ("  списание", "  redeemed"),
    "discounts": ("Скидки", "Discounts"),
    "by_coupon": ("Скидки и купон", "Discounts and coupon"),
    "sum": ("Сумма", "Sum"),
    "redeemed": ("Списано: {points}", "Redeemed: {points}"),
    "to_pay": ("К ОПЛАТЕ", "TO PAY"),
    "accrued": ("Начислено", "Accrued"),
    "balance": ("Баланс", "Balance"),
    "balance_at": ("Баланс на {at}", "Balance as of {at}"),
    "offline": ("Без связи: баланс уточнится позже", "Offline: the balance will be settled later"),
    "issued": ("Выдана карта {card}", "Card {card} issued"),
    "register": (
        "Зарегистрируйте карту, чтобы списывать",
        "Register the card to spend with it",
    ),
    "reissued": ("Карта {old} заменена на {new}", "Card {old} replaced by {new}"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceNow:
    """The balance after the sale, and what is known of it."""

    points: int
    as_of: datetime | None  # None: online; else the hub's time of the snapshot it rests on
    registered: bool


def receipt(operations: Sequence[Operation], programme: Programme, language: Language, balance: BalanceNow) -> Document:
    """The paper of one sale: the card's operations, if any, and the sale itself, which comes last."""
    sale = operations[-1].body
    assert isinstance(sale, Sale)

    def say(key: str, **facts: str) -> str:
        return _TEXTS[key][0 if language == "ru" else 1].format(**facts)

    def local(at: datetime) -> str:
        return at.astimezone(programme.timezone).strftime("%d.%m.%Y %H:%M")

    texts = programme.receipt(language)
    at = local(datetime.fromisoformat(operations[-1].at))
    blocks: list[Block] = [
        *(Text(line, align="center", bold=first, double=first) for first, line in _first(texts.header)),
        Rule(),
        Columns(say("receipt", number=sale.sale.number), say("till", till=operations[-1].till)),
        Columns(say("card", card=masked(sale.card)) if sale.card else say("by_phone"), at),
        Rule(),
    ]
    for line in sale.lines:
        blocks += _line(line, say)
    blocks += _sums(sale, programme, language, say)
    blocks += _points(sale, programme, language, balance, say, local)
    blocks += _cards(operations[:-1], balance, say)
    blocks += [
        QR(operation_mark(operations[-1]), size=5),
        *(Text(line, align="center") for line in texts.footer),
        Text(texts.thanks, align="center", bold=True),
        Cut(),
    ]
    return Document(tuple(blocks))


def _first(lines: Sequence[str]) -> Iterator[tuple[bool, str]]:
    """Each line with whether it is the first: a shop's name stands large."""
    return ((index == 0, line) for index, line in enumerate(lines))


def _line(line: SoldLine, say: _Say) -> list[Block]:
    unit = f" {say('kg')}" if line.unit == "kg" else ""
    gross = half_up(line.price_kopecks * line.quantity_m, 1000)
    blocks: list[Block] = [
        Text(line.name),
        Columns(
            "  " + say("each", quantity=_quantity(line.quantity_m) + unit, price=format_kopecks(line.price_kopecks)),
            format_kopecks(gross),
        ),
    ]
    if line.net_before_kopecks != gross:
        blocks.append(Columns(say("line_discount"), format_kopecks(line.net_before_kopecks - gross)))
    if line.discount_kopecks:
        blocks.append(Columns(say("by_points"), format_kopecks(-line.discount_kopecks)))
    return blocks


def _sums(sale: Sale, programme: Programme, language: Language, say: _Say) -> list[Block]:
    gross = sum(half_up(line.price_kopecks * line.quantity_m, 1000) for line in sale.lines)
    discounts = gross - sale.total_kopecks - sale.redeemed_kopecks
    blocks: list[Block] = [Rule(), Columns(say("sum"), format_kopecks(gross))]
    if discounts:
        blocks.append(Columns(say("by_coupon" if sale.coupons else "discounts"), format_kopecks(-discounts)))
    if sale.redeemed_points:
        points = points_text(sale.redeemed_points, programme.currency, language)
        blocks.append(Columns(say("redeemed", points=points), format_kopecks(-sale.redeemed_kopecks)))
    blocks += [Columns(say("to_pay"), format_kopecks(sale.paid_kopecks), bold=True, double=True), Rule()]
    return blocks


def _points(
    sale: Sale, programme: Programme, language: Language, balance: BalanceNow, say: _Say, local: _Local
) -> list[Block]:
    words = points_text(balance.points, programme.currency, language)
    blocks: list[Block] = [
        Columns(say("accrued"), points_text(sale.accrued_points, programme.currency, language)),
    ]
    if balance.as_of is None:
        blocks.append(Columns(say("balance"), words, bold=True))
    else:
        blocks += [
            Columns(say("balance_at", at=local(balance.as_of)), words, bold=True),
            Text(say("offline")),
        ]
    return blocks


def _cards(operations: Sequence[Operation], balance: BalanceNow, say: _Say) -> list[Block]:
    blocks: list[Block] = []
    for operation in operations:
        if isinstance(operation.body, CardIssued):
            blocks.append(Text(say("issued", card=masked(operation.body.card))))
        elif isinstance(operation.body, CardReissued):
            old, new = masked(operation.body.old_card), masked(operation.body.new_card)
            blocks.append(Text(say("reissued", old=old, new=new)))
    if not balance.registered:
        blocks.append(Text(say("register")))
    return blocks


def operation_mark(operation: Operation) -> str:
    """What the receipt's QR says: which operation this paper is of, and the start of its hash."""
    digest = hash_operation(write_operation(operation))
    return f"po:{operation.till}:{operation.generation}:{operation.sequence}:{digest[:16]}"


def masked(card: str | None) -> str:
    """A card number as it may be shown: its last four characters."""
    return "—" if card is None else "****" + card[-4:]


def _quantity(quantity_m: int) -> str:
    whole, part = divmod(quantity_m, 1000)
    return f"{whole}.{part:03d}" if part else str(whole)
