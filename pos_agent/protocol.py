"""The till's face: what a POS or a page may say to the agent, and what it answers.

Commands are JSON objects told apart by `do`. Amounts are decimal strings in rubles, quantities decimal strings.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, cast, get_args

import msgspec

from loyalty.basket import NO_FACTS, BadBasket, Line, LineFacts
from loyalty.card_numbers import is_digits
from loyalty.goods import OUT_OF_MEASURE, STRENGTHS_BP, VOLUMES_ML
from loyalty.money import BadNumber, parse_kopecks, parse_quantity_m
from pos_agent.bad_command import bad_command
from pos_agent.command import CommandBase, OfReceiptBase
from pos_agent.protocol_cards import BesideOfCards, OfReceiptOfCards
from pos_agent.protocol_certificates import BesideOfCertificates, CertificateGift, OfReceiptOfCertificates
from pos_agent.protocol_codes import EnterCode, SendCode
from pos_agent.protocol_day import ShowAudit, ShowDay
from pos_agent.protocol_fiscal import FiscalDocument as FiscalDocument
from pos_agent.protocol_fiscal import fiscal_documents as fiscal_documents
from pos_agent.protocol_fiscal import number as _number
from pos_agent.protocol_office import Office
from pos_agent.protocol_receipts import ClaimSale, LookAtClaim, MemberPurchases
from pos_agent.protocol_receipts import SoldReceipt as SoldReceipt
from pos_agent.protocol_registration import OfMember
from pos_agent.protocol_said import SaidCoupon, SaidTender
from pos_agent.protocol_staff import Second, SignIn, SignOut
from pos_agent.protocol_stickers import OfReceiptOfStickers
from pos_agent.unfamiliar import decode_with_huge_numbers, set_aside

REPLY_TIMEOUT_S = 20.0  # a reply takes milliseconds; a broken disk may take longer
KEYBOARD = "keyboard"  # a scanner that types into the page, or a person: under whichever layout is on
NOTHING_OF_GOODS = (None,) * 5
TAG_MAX, TAG_DIGITS = 99, 2  # of tags 1212 and 1214


class BasketLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str
    price: str
    name: str = ""  # nothing: as the goods are called that the article or barcode names
    quantity: str = "1"
    unit: Literal["pc", "kg"] = "pc"
    discount: str = "0"
    category: str | None = None
    min_unit_price: str | None = None
    article: str | None = None
    barcode: str | None = None
    brand: str | None = None
    tags: tuple[str, ...] = ()
    tax: str | None = None
    pieces: tuple[str, ...] = ()  # your own keys of single marked pieces
    kind: str | None = None  # vodka, brandy …: with strength (percent) and volume (litres) it finds the least price
    strength: str | None = None
    volume: str | None = None
    subject: int | str | None = None  # fiscal tag 1212
    method: int | str | None = None  # fiscal tag 1214
    besides: tuple[tuple[str, str], ...] = ()  # fields of yours that are none of these (`read_command`)

    def line(self) -> Line:
        """As the rules take it. Raises BadBasket naming the field."""
        return Line(
            id=self.id,
            name=self.name,
            price_kopecks=_number("price", parse_kopecks, self.price),
            quantity_m=_number("quantity", parse_quantity_m, self.quantity),
            unit=self.unit,
            discount_kopecks=_number("discount", parse_kopecks, self.discount),
            category=self.category,
            min_unit_price_kopecks=(
                None if self.min_unit_price is None else _number("min_unit_price", parse_kopecks, self.min_unit_price)
            ),
            facts=self._facts(),
        )

    def _facts(self) -> LineFacts:
        told = (self.article, self.barcode, self.brand, self.tags, self.tax, self.pieces, self.besides)
        of_goods = (self.kind, self.strength, self.volume, self.subject, self.method)
        if not any(told) and of_goods == NOTHING_OF_GOODS:  # as most POS do
            return NO_FACTS
        return LineFacts(
            article=self.article,
            barcode=self.barcode,
            brand=self.brand,
            tags=self.tags,
            tax=self.tax,
            pieces=self.pieces,
            kind=self.kind,
            strength_bp=_measure("strength", self.strength),
            volume_ml=_measure("volume", self.volume),
            subject=_tag("subject", self.subject),
            method=_tag("method", self.method),
            told=self.besides,
        )


def _measure(field: str, text: str | None) -> int | None:
    """Percent in hundredths, litres in thousandths, also as labels write them: 37,5 %. Nothing, and 0, is not told."""
    plain = (text or "").strip().removesuffix("%").rstrip().replace(",", ".")
    if not plain:
        return None
    try:
        number = parse_kopecks(plain) if field == "strength" else parse_quantity_m(plain)
    except BadNumber:
        number = -1
    if number and number not in (STRENGTHS_BP if field == "strength" else VOLUMES_ML):
        raise BadBasket(field, OUT_OF_MEASURE)
    return number or None


def _tag(field: str, value: int | str | None) -> int | None:
    """Also as text; 0 and nothing are not told."""
    text = str(value or "").strip()
    number = int(text) if is_digits(text) and len(text) <= TAG_DIGITS else -1 if text else 0
    if number not in range(TAG_MAX + 1):
        raise BadBasket(field, "must be 1 to {most}", most=TAG_MAX)
    return number or None


class Code(OfReceiptBase, frozen=True, kw_only=True, tag="code"):
    """A code read by a scanner, or typed by hand when the scanner is gone."""

    text: str
    scanner: str = KEYBOARD


class Phone(OfReceiptBase, frozen=True, kw_only=True, tag="phone"):
    number: str


class SetBasket(OfReceiptBase, frozen=True, kw_only=True, tag="basket"):
    """The whole basket as the POS has it now; it replaces the one before. None of it: the basket is empty."""

    lines: tuple[BasketLine, ...]
    redemption_forbidden: bool = False


class Redeem(OfReceiptBase, frozen=True, kw_only=True, tag="redeem"):
    """How many points the customer wants to spend; null: as many as the limit allows. Without it, none. The hub
    reserves them first: the answer comes with its word, or after 0.3 seconds without it, by the rules of without a
    connection. `preview`: only what it would come to; the receipt stays as it is, and nothing is promised. `manager`:
    one is there and answers for whose card it is, so that more than by the card alone may be spent; `by` says who.
    Where the office keeps a list of staff, that is whoever has signed in, or a `second` person."""

    points: int | None = None
    preview: bool = False
    manager: bool = False
    by: str | None = None
    second: Second | None = None


class IssueCard(OfReceiptBase, frozen=True, kw_only=True, tag="issue_card"):
    """This blank card goes to the customer with the purchase (A4)."""

    card: str


class ReissueCard(OfReceiptBase, frozen=True, kw_only=True, tag="reissue_card"):
    """The member lost the card: this blank one replaces it (A29, A30). `old_card` when the member has several. It needs
    a card of the member in hand, the second factor, or a manager: `by` says who; where the office keeps a list of
    staff, whoever has signed in, or a `second` person."""

    new_card: str
    old_card: str | None = None
    second_factor: str | None = None
    manager: bool = False
    by: str | None = None
    second: Second | None = None


class DropCard(OfReceiptBase, frozen=True, kw_only=True, tag="drop_card"):
    """The card was another's: the receipt goes on without it."""


class DropCoupon(OfReceiptBase, frozen=True, kw_only=True, tag="drop_coupon"):
    """The customer keeps this coupon for another time; without `campaign`, all of them."""

    campaign: str | None = None


class Prepare(OfReceiptBase, frozen=True, kw_only=True, tag="prepare"):
    """The customer is about to pay: the last moment at which anything may be refused. The quote is frozen, or the new
    one is told with what changed. Points that are not reserved any more, or not yet, are reserved first, as with
    `redeem`. `another`: yes, this is another sale under that number. `quote`: the one that the customer was told;
    without it, the last one that an answer told."""

    another: bool = False
    quote: str | None = None


class Said(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What was printed from a quote that the agent no longer knows (the power went): recorded as the POS says. `card`:
    whose points, where the visit has no member. `tenders`, `coupons`: what paid and what was honoured besides."""

    card: str | None = None
    lines: tuple[BasketLine, ...]
    discounts: dict[str, str] = {}  # by points, of a line's id, in rubles
    redeemed_points: int = 0
    accrued_points: int = 0
    tenders: tuple[SaidTender, ...] = ()
    coupons: tuple[SaidCoupon, ...] = ()


class Pay(CommandBase, frozen=True, kw_only=True, tag="pay"):
    """The POS has the money. `sale` is its own number of the sale, `day` its shop day (YYYY-MM-DD) or `shift` its
    shift; `quote` the one that was printed. `fiscal`: the fiscal documents of it, several when the POS split it.
    Telling the same sale again is safe: it is recorded once. `another`: yes, this is another sale under that number.
    `gifts`: how the gift certificates that it sells look on paper."""

    sale: str
    day: str | None = None
    shift: str | None = None
    quote: str | None = None
    another: bool = False
    said: Said | None = None
    fiscal: tuple[FiscalDocument, ...] = ()
    gifts: tuple[CertificateGift, ...] = ()


class Cancel(OfReceiptBase, frozen=True, kw_only=True, tag="cancel"):
    """The visit ends without a sale."""


class ReturnedGoods(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What comes back of one line; named pieces by their keys, each at its own price."""

    id: str
    quantity: str | None = None  # None: as many as are named
    pieces: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()  # gift certificates that come back, where not all do: the end of their numbers


class ReturnGoods(CommandBase, frozen=True, kw_only=True, tag="return"):
    """Goods come back, to whichever till. First without `paid`: what the refund would be, by tender, and what
    becomes of points and coupons; it may be refused. Then with `paid`, when the money has been given back: that is a
    fact, and is recorded as it was told under `quote`. `sale` is your own number of the return; telling the same one
    again is safe. Goods without a receipt: somebody else, the `second`, answers for that sum with the `quote` alone
    before the money is given. `whole`: all that is still out, our fees too (a bank card was declined, say). `another`:
    yes, this is another return under that number."""

    of: SoldReceipt | None = None  # not needed with a `quote`
    lines: tuple[ReturnedGoods, ...] = ()
    whole: bool = False
    tender: Literal["proportional", "certificate_first", "money"] | None = None  # None: as the programme says
    reason: str = ""
    quote: str | None = None
    paid: bool = False
    sale: str | None = None
    day: str | None = None
    shift: str | None = None
    another: bool = False
    fiscal: tuple[FiscalDocument, ...] = ()
    second: Second | None = None  # without a receipt somebody else answers for it too


class Balance(CommandBase, frozen=True, kw_only=True, tag="balance"):
    """What is on a member's account, by the `text` of a card or by a `phone`; no receipt is touched. A spoken phone
    tells no balance, unless the till's settings say so."""

    text: str | None = None
    phone: str | None = None
    scanner: str = KEYBOARD


class PutAside(OfReceiptBase, frozen=True, kw_only=True, tag="put_aside"):
    """The receipt in front waits under its number; `sale`, where it is said, must be that one."""


class TakeUp(CommandBase, frozen=True, kw_only=True, tag="take_up"):
    """The receipt of this number comes to the front; the one that stands there is put aside."""

    sale: str
    day: str | None = None
    shift: str | None = None


class OpenDrawer(CommandBase, frozen=True, kw_only=True, tag="drawer"):
    """The cash drawer, by the printer: at once or not at all."""


class PaperAnswer(CommandBase, frozen=True, kw_only=True, tag="paper"):
    """A person's answer to «Вышел ли чек?». `paper` is the `asked` of the status: an answer told twice must not be
    taken for the answer to the next question."""

    paper: int
    came_out: bool


class Reprint(CommandBase, frozen=True, kw_only=True, tag="reprint"):
    """A copy of a receipt: of the last one, or of this sale (of today, or of `day`)."""

    sale: str | None = None
    day: str | None = None


class PointsReport(CommandBase, frozen=True, kw_only=True, tag="points_report"):
    """The report of a shop day (YYYY-MM-DD; today if absent); it closes nothing. `show`: as text, not on paper."""

    day: str | None = None
    show: bool = False


class XReport(PointsReport, frozen=True, kw_only=True, tag="x_report"):
    """Its name of before: the X-report is the fiscal device's."""


Giving = IssueCard | ReissueCard | OfReceiptOfCards | OfReceiptOfStickers  # a card goes out, or stickers come
OfReceipt = (
    Code
    | Phone
    | SetBasket
    | Redeem
    | Giving
    | DropCard
    | DropCoupon
    | OfReceiptOfCertificates
    | SendCode
    | EnterCode
    | Prepare
    | Pay
    | Cancel
)  # what is about one receipt
Placing = PutAside | TakeUp  # which receipt stands in front
Beside = (
    ReturnGoods
    | Balance
    | OpenDrawer
    | SignIn
    | SignOut
    | Office
    | OfMember
    | BesideOfCards
    | BesideOfCertificates
    | MemberPurchases
    | LookAtClaim
    | ClaimSale
    | ShowDay
    | ShowAudit
)  # what touches no receipt
Command = OfReceipt | Placing | Beside | PaperAnswer | Reprint | PointsReport | XReport


COMMANDS: Mapping[str, type[msgspec.Struct]] = {
    str(kind.__struct_config__.tag): kind for kind in get_args(Command)
}  # by what `do` calls them


_LINE_FIELDS = frozenset(BasketLine.__struct_fields__) - {"besides"}


def read_command(body: bytes, does: str | None = None) -> Command:
    """A command from JSON; `does` names it where the body need not. A line's fields that are none of ours stand beside
    it afterwards. Raises BadCommand naming the field."""
    try:
        return _convert(body, does)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise bad_command(error, body, COMMANDS, does) from None


def _convert(body: bytes, does: str | None) -> Command:
    kind: Any = Command if does is None else COMMANDS[does]
    try:
        raw = msgspec.json.decode(body)
    except msgspec.ValidationError:
        raw = decode_with_huge_numbers(body)
    if does is not None and isinstance(raw, dict):
        raw.setdefault("do", does)
    set_aside(raw, _LINE_FIELDS)
    return cast(Command, msgspec.convert(raw, kind))
