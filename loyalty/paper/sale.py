"""What stands on the paper of a sale, part by part, made from the operations as they are.

It tells of points, which come first. The receipt that the law asks for is the POS's: this one says at its top that it
is none, and has none of its words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from loyalty.bodies import Body, CardIssued, CardReissued, Sale, SoldLine
from loyalty.cards import CardStatus
from loyalty.certificates import CERTIFICATE
from loyalty.money import format_kopecks, half_up
from loyalty.operation import ONLINE_CHAIN, Operation
from loyalty.paper.claim import claim_rows
from loyalty.paper.parts import Code, Line, Part, Row, Title
from loyalty.paper.stickers import sticker_rows
from loyalty.paper.words import PaperWords
from loyalty.programme import Language, Programme
from loyalty.receipt_codes import claim_link
from loyalty.returns import all_lines

NOTHING_KNOWN: Final[Mapping[str, int]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceNow:
    """The account after the sale, as far as it is known."""

    points: int
    as_of: datetime | None  # the hub's time of the snapshot it rests on; None: the till has none yet
    card_status: CardStatus | None  # after the sale; None: the hub will decide
    offline: bool = False  # nobody could be asked when it was paid
    elsewhere: int = 0  # points that other receipts have reserved, which are not in it
    expiring: tuple[int, datetime] | None = None  # points that die next, and from which moment on they are dead
    stickers: Mapping[str, int] | None = None  # by collection; None: nobody here knows


def sale_parts(
    operations: Sequence[Operation],
    programme: Programme,
    language: Language,
    balance: BalanceNow | None,
    digest: str,
    *,
    lines: bool = False,
    left: Mapping[str, int] = NOTHING_KNOWN,
    claims: bool = False,
) -> list[Part]:
    """The paper of one sale: the card's operations, if any, and the sale itself, which comes last. `digest`: the sale's
    hash; `lines`: the goods and their sum too; `left`: what is on the certificates that paid, by their numbers.
    `claims`: it says that the points of a sale of nobody wait."""
    operation = operations[-1]
    sale = operation.body
    assert isinstance(sale, Sale)
    words = PaperWords(programme, language, operation.store)
    at = datetime.fromisoformat(operation.at)
    claim = list(claim_rows(operation, words)) if claims else []
    mark = mark_of(operation, digest)
    return [
        *shop_titles(words),
        *card_information(words, "claim_information" if claim and not sale.tenders else title_of(sale)),
        Row(words.say("receipt", number=sale.sale.number), where_sold(operation.chain, words)),
        whose(sale, words, at),
        Line(),
        *points_rows([done.body for done in operations], words, at, balance, left),
        *(_goods(sale, words) if lines else ()),
        *claim,
        Code(claim_link(programme.claims.account, mark) if claim else mark),
        *map(Title, programme.receipt(language).footer),
        Title(programme.receipt(language).thanks, bold=True),
    ]


def where_sold(chain: str, words: PaperWords) -> str:
    return words.say("online_shop") if chain == ONLINE_CHAIN else words.say("till", till=chain)


def shop_titles(words: PaperWords) -> list[Part]:
    """The shop's own lines; its name, which comes first, stands large."""
    lines = words.programme.receipt(words.language).header
    return [Title(line, bold=not at, double=not at) for at, line in enumerate(lines)]


def title_of(sale: Sale) -> str:
    return "card_information" if has_member(sale) else "certificate_information"


def whose(sale: Sale, words: PaperWords, at: datetime) -> Row:
    if not has_member(sale):
        return Row(words.time(at))
    return Row(words.say("card", card=masked(sale.card)) if sale.card else words.say("by_phone"), words.time(at))


def card_information(words: PaperWords, title: str) -> list[Part]:
    """What every paper that tells of a sale is: not the receipt that the law asks for."""
    lines = (words.say(title), words.say("not_a_receipt"))
    return [Line(), *(Title(line, bold=True) for line in lines), Line()]


# the goods


def _goods(sale: Sale, words: PaperWords) -> Iterator[Part]:
    yield Line()
    for line in all_lines(sale):
        yield from _line(line, words)
    yield Line()
    yield from _sums(sale, words)


def gross_kopecks(line: SoldLine) -> int:
    """The line by its price alone."""
    return half_up(line.price_kopecks * line.quantity_m, 1000)


def _line(line: SoldLine, words: PaperWords) -> Iterator[Part]:
    """One piece takes one row; more, or kilograms, a second one."""
    gross = gross_kopecks(line)
    if line.unit == "pc" and line.quantity_m == 1000:
        yield Row(line.name, format_kopecks(gross))
    else:
        unit = f" {words.say('kg')}" if line.unit == "kg" else ""
        each = words.say(
            "each", quantity=quantity_text(line.quantity_m) + unit, price=format_kopecks(line.price_kopecks)
        )
        yield from (Row(line.name), Row(each, format_kopecks(gross)))
    if line.net_before_kopecks != gross:
        yield Row(words.say("line_discount"), format_kopecks(line.net_before_kopecks - gross))
    if line.discount_kopecks:
        yield Row(words.say("line_redeemed"), format_kopecks(-line.discount_kopecks))


def _sums(sale: Sale, words: PaperWords) -> Iterator[Part]:
    """How the goods' prices become what is paid; of a sale without discounts only that."""
    gross = sum(gross_kopecks(line) for line in all_lines(sale))
    redeemed, named = sale.redeemed, "sum"
    if gross != sale.total_kopecks:
        yield Row(words.say("sum"), format_kopecks(gross))
        named = "sum_after_points" if redeemed.points else "sum_after_discounts"
    if other := gross - sale.total_kopecks - redeemed.kopecks:
        yield Row(words.say("discounts"), format_kopecks(-other))
    if redeemed.points:
        left = words.say("redeemed_worth", points=words.points(redeemed.points))
        yield Row(left, format_kopecks(-redeemed.kopecks))
    yield Row(words.say(named), format_kopecks(sale.total_kopecks), bold=True)
    if sale.paid_kopecks != sale.total_kopecks:
        yield Row(words.say("by_certificate"), format_kopecks(sale.total_kopecks - sale.paid_kopecks))


# the points


def points_rows(
    bodies: Sequence[Body],
    words: PaperWords,
    at: datetime,
    balance: BalanceNow | None,
    left: Mapping[str, int] = NOTHING_KNOWN,
) -> list[Row]:
    """Of a sale, the last of the bodies; those of the cards stand before it. `balance` None: what it was then is not
    known any more. Without a member there are only the coupons, and what certificates paid; `left`: is on them."""
    sale = bodies[-1]
    assert isinstance(sale, Sale)
    paid = list(_certificates(sale, words, left))
    if not has_member(sale):
        return [*_coupons(sale, words), *paid]
    known = balance if balance is not None and balance.card_status != "blocked" else None  # its finder may hold it
    rows = [*_redeemed(sale, words), *_accrued(sale, words, at)]
    if is_strangers(sale) and not any(isinstance(body, CardIssued) for body in bodies):
        rows += [Row(words.say("stranger")), Row(words.say("stranger_points"))]
    elif known is not None:
        rows += balance_rows(words, at, known, offline=sale.link == "offline")
    stickers = sticker_rows(sale, words, at, known.stickers if known is not None else None)
    return [*rows, *_coupons(sale, words), *stickers, *_cards(bodies[:-1], words, balance), *paid]


def has_member(sale: Sale) -> bool:
    return sale.member is not None or sale.card is not None


def is_strangers(sale: Sale) -> bool:
    """Of a card that was not known at its till. A card that the very sale issues has its member when it is recorded."""
    return sale.member is None and sale.card is not None


def _redeemed(sale: Sale, words: PaperWords) -> Iterator[Row]:
    if sale.redeemed.points:
        yield Row(words.say("redeemed"), words.points(sale.redeemed.points))
        yield Row(words.say("worth"), format_kopecks(sale.redeemed.kopecks))


def _accrued(sale: Sale, words: PaperWords, at: datetime) -> Iterator[Row]:
    yield Row(words.say("accrued"), words.points(sale.accrued.points))
    for kind, points in sale.accrued.parts:
        if kind != "base" and points:
            yield Row(words.say(f"by_{kind}"), words.points(points))
    if sale.accrued.points and (validity := _validity(sale, words, at)):
        yield Row(validity)


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


def balance_rows(words: PaperWords, at: datetime, balance: BalanceNow, *, offline: bool = False) -> Iterator[Row]:
    """What is on the account then, and what of it dies next; or what is owed, why, and what pays it."""
    offline = offline or balance.offline
    owing = balance.points < 0
    named = words.say("owed") if owing else words.say("balance")
    if offline and balance.as_of is not None:
        as_of = words.short_time(balance.as_of, at)
        named = words.say("owed_at", at=as_of) if owing else words.say("balance_at", at=as_of)
    yield Row(named, words.points(abs(balance.points)), bold=True)
    if owing:
        yield Row(words.say("owed_why"))
        yield Row(words.say("debt"))
    dying = balance.expiring
    if dying is not None and dying[0] <= balance.points:  # more than there is: a part of them is owed
        points, end = dying
        yield Row(words.say("expiring", day=words.last_day(end)), words.points(points))
    if offline:
        yield Row(words.say("offline"))
    elif balance.elsewhere:
        yield Row(words.say("held_elsewhere"))


def _coupons(sale: Sale, words: PaperWords) -> Iterator[Row]:
    """Those that were honoured, by their names; one that gives points has no sum here."""
    for use in sale.coupons:
        offer = words.programme.coupon(use.campaign)
        name = use.campaign if offer is None else offer.ru if words.language == "ru" else offer.en
        worth = format_kopecks(-use.discount_kopecks) if use.discount_kopecks else ""
        yield Row(words.say("coupon", name=name), worth)


def _certificates(sale: Sale, words: PaperWords, left: Mapping[str, int]) -> Iterator[Row]:
    """What was taken of each, and what is left on it, as far as that is known."""
    for tender in sale.tenders:
        if tender.kind == CERTIFICATE and tender.id is not None:
            yield Row(words.say("certificate", number=masked(tender.id)), format_kopecks(tender.kopecks))
            if tender.id in left:
                yield Row(words.say("certificate_left"), format_kopecks(left[tender.id]), bold=True)


def _cards(bodies: Iterable[Body], words: PaperWords, balance: BalanceNow | None) -> Iterator[Row]:
    for body in bodies:
        if isinstance(body, CardIssued):
            yield Row(words.say("issued", card=masked(body.card)))
        elif isinstance(body, CardReissued):
            yield Row(words.say("reissued", card=masked(body.old_card)))
    status = balance.card_status if balance is not None else None
    if status == "blocked" or (status in ("issued", "pending") and words.programme.redemption.needs_registration):
        yield Row(words.say(f"card_{status}"))


def mark_of(operation: Operation, digest: str) -> str:
    """What the receipt's QR says: which operation this paper is of, and the start of its hash."""
    return f"po:{operation.chain}:{operation.generation}:{operation.sequence}:{digest[:16]}"


def masked(card: str | None) -> str:
    """A card number as it may be shown: its last four characters, whatever somebody typed as one."""
    return "—" if card is None else "****" + "".join(char if char.isprintable() else "·" for char in card[-4:])


def quantity_text(quantity_m: int) -> str:
    """Pieces or kilograms, as people write them."""
    whole, part = divmod(quantity_m, 1000)
    return f"{whole}.{part:03d}" if part else str(whole)
