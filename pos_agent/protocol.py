"""The till's face: what a POS or a page may say to the agent, and what it answers.

Commands are JSON objects told apart by `do`. Amounts are decimal strings in rubles, quantities decimal strings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Literal, get_args

import msgspec

from loyalty.basket import NO_FACTS, BadBasket, Line, LineFacts
from loyalty.bodies import Fiscal
from loyalty.money import BadNumber, parse_kopecks, parse_quantity_m
from loyalty.utc import utc_text
from pos_agent.bad_command import bad_command

REPLY_TIMEOUT_S = 20.0  # a reply takes milliseconds; a broken disk may take longer
KEYBOARD = "keyboard"  # a scanner that types into the page, or a person: under whichever layout is on
FISCAL_TEXT_MAX = 64  # characters


class _Command(msgspec.Struct, frozen=True, kw_only=True, tag_field="do", forbid_unknown_fields=True):
    pass


class BasketLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str
    name: str
    price: str
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
        told = (self.article, self.barcode, self.brand, self.tags, self.tax, self.pieces)
        if not any(told):  # as most POS do
            return NO_FACTS
        return LineFacts(
            article=self.article,
            barcode=self.barcode,
            brand=self.brand,
            tags=self.tags,
            tax=self.tax,
            pieces=self.pieces,
        )


def _number(field: str, parse: Callable[[str], int], text: str) -> int:
    try:
        return parse(text)
    except BadNumber as error:
        raise BadBasket.of(field, error) from None


class _OfReceipt(_Command, frozen=True, kw_only=True):
    """`sale` names the receipt that the command is about, with its `day` (YYYY-MM-DD) or `shift` where the POS knows
    them. Without a name it is about the receipt in front."""

    sale: str | None = None
    day: str | None = None
    shift: str | None = None


class Code(_OfReceipt, frozen=True, kw_only=True, tag="code"):
    """A code read by a scanner, or typed by hand when the scanner is gone."""

    text: str
    scanner: str = KEYBOARD


class Phone(_OfReceipt, frozen=True, kw_only=True, tag="phone"):
    number: str


class SetBasket(_OfReceipt, frozen=True, kw_only=True, tag="basket"):
    """The whole basket as the POS has it now; it replaces the one before. None of it: the basket is empty."""

    lines: tuple[BasketLine, ...]
    redemption_forbidden: bool = False


class Redeem(_OfReceipt, frozen=True, kw_only=True, tag="redeem"):
    """How many points the customer wants to spend; null: as many as the limit allows. Without it, none."""

    points: int | None = None


class IssueCard(_OfReceipt, frozen=True, kw_only=True, tag="issue_card"):
    """This blank card goes to the customer with the purchase (A4)."""

    card: str


class ReissueCard(_OfReceipt, frozen=True, kw_only=True, tag="reissue_card"):
    """The member lost the card: this blank one replaces it (A29, A30). `old_card` when the member has several. It needs
    a card of the member in hand, the second factor, or a manager: `by` says who."""

    new_card: str
    old_card: str | None = None
    second_factor: str | None = None
    manager: bool = False
    by: str | None = None


class DropCard(_OfReceipt, frozen=True, kw_only=True, tag="drop_card"):
    """The card was another's: the receipt goes on without it."""


class DropCoupon(_OfReceipt, frozen=True, kw_only=True, tag="drop_coupon"):
    """The customer keeps this coupon for another time; without `campaign`, all of them."""

    campaign: str | None = None


class Prepare(_OfReceipt, frozen=True, kw_only=True, tag="prepare"):
    """The customer is about to pay: the last moment at which anything may be refused. The quote is frozen, or the new
    one is told with what changed. `another`: yes, this is another sale under that number."""

    another: bool = False


class FiscalDocument(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A document of the fiscal device: the device's number, the document's number and sign, when (ISO, with its zone),
    how much (`sum` in rubles), of what kind."""

    device: str
    document: str
    sign: str
    at: str
    sum: str
    kind: Literal["sale", "correction"] = "sale"

    def fiscal(self) -> Fiscal:
        """As it is recorded. Raises BadBasket naming the field."""
        for field in ("device", "document", "sign"):
            if not 0 < len(getattr(self, field)) <= FISCAL_TEXT_MAX or not getattr(self, field).isprintable():
                raise BadBasket(field, "must have 1 to {most} printable characters", most=FISCAL_TEXT_MAX)
        try:
            at = datetime.fromisoformat(self.at)
            if at.tzinfo is None:
                raise ValueError("whose clock?")
        except ValueError:
            raise BadBasket("at", "is not an ISO time with its zone; write it like 2026-03-01T12:00:00+03:00") from None
        kopecks = _number("sum", parse_kopecks, self.sum)
        return Fiscal(
            device=self.device, document=self.document, sign=self.sign, at=utc_text(at), kopecks=kopecks, kind=self.kind
        )


class Said(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was printed from a quote that the agent no longer knows (the power went): recorded as the POS says. `card`:
    whose points, where the visit has no member."""

    card: str | None = None
    lines: tuple[BasketLine, ...]
    discounts: dict[str, str] = {}  # by points, of a line's id, in rubles
    redeemed_points: int = 0
    accrued_points: int = 0


class Pay(_Command, frozen=True, kw_only=True, tag="pay"):
    """The POS has the money. `sale` is its own number of the sale, `day` its shop day (YYYY-MM-DD) or `shift` its
    shift; `quote` the one that was printed. `fiscal`: the fiscal documents of it, several when the POS split it.
    Telling the same sale again is safe: it is recorded once. `another`: yes, this is another sale under that number."""

    sale: str
    day: str | None = None
    shift: str | None = None
    quote: str | None = None
    another: bool = False
    said: Said | None = None
    fiscal: tuple[FiscalDocument, ...] = ()

    def fiscal_documents(self) -> tuple[Fiscal, ...]:
        """Raises BadBasket naming the field."""
        documents = []
        for index, document in enumerate(self.fiscal):
            try:
                documents.append(document.fiscal())
            except BadBasket as error:
                raise error.within(f"fiscal[{index}]") from None
        return tuple(documents)


class Cancel(_OfReceipt, frozen=True, kw_only=True, tag="cancel"):
    """The visit ends without a sale."""


class PaperAnswer(_Command, frozen=True, kw_only=True, tag="paper"):
    """A person's answer to «Вышел ли чек?». `paper` is the `asked` of the status: an answer told twice must not be
    taken for the answer to the next question."""

    paper: int
    came_out: bool


class Reprint(_Command, frozen=True, kw_only=True, tag="reprint"):
    """A copy of a receipt: of the last one, or of this sale (of today, or of `day`)."""

    sale: str | None = None
    day: str | None = None


class XReport(_Command, frozen=True, kw_only=True, tag="x_report"):
    """The report of a shop day (YYYY-MM-DD; today if absent); it closes nothing. `show`: as text, not on paper."""

    day: str | None = None
    show: bool = False


OfReceipt = (
    Code | Phone | SetBasket | Redeem | IssueCard | ReissueCard | DropCard | DropCoupon | Prepare | Pay | Cancel
)  # what is about one receipt
Command = OfReceipt | PaperAnswer | Reprint | XReport


class ToldPosition(msgspec.Struct, frozen=True, kw_only=True):
    """What the fiscal device needs: so many at this price."""

    quantity: str
    price: str
    amount: str


class ToldLine(msgspec.Struct, frozen=True, kw_only=True):
    """`discount` is what points take off; `net` is to be paid."""

    id: str
    net_before: str
    discount: str
    net: str
    positions: tuple[ToldPosition, ...]


class ToldCoupon(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What it gives, or `refusal`: why nothing."""

    campaign: str
    discount: str | None = None
    points: int | None = None
    refusal: str | None = None


class ToldLimit(msgspec.Struct, frozen=True, kw_only=True):
    points: int
    reason: str | None
    text: str  # for the cashier


class ToldRedeemed(msgspec.Struct, frozen=True, kw_only=True):
    points: int
    amount: str


class ToldAccrued(msgspec.Struct, frozen=True, kw_only=True):
    points: int
    parts: tuple[tuple[str, int], ...]  # what for, how many


class ToldSale(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a sale comes to. A quote has `told_at` and `limit`, the record has not."""

    told_at: str | None = None
    limit: ToldLimit | None = None
    quote: str | None
    total: str
    to_pay: str
    redeemed: ToldRedeemed
    accrued: ToldAccrued
    lines: tuple[ToldLine, ...]
    extras: tuple[ToldLine, ...]
    coupons: tuple[ToldCoupon, ...]


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What the cashier is told. `ok` false: the event changed nothing."""

    ok: bool
    code: str  # for programs
    text: str  # for the cashier
    told: ToldSale | None = None  # the quote, or what was recorded


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Why the face did not take a request at all: the caller's mistake."""

    code: str
    error: str  # for a person


_decoder: msgspec.json.Decoder[Command] = msgspec.json.Decoder(Command)
COMMANDS: Mapping[str, type[msgspec.Struct]] = {
    str(kind.__struct_config__.tag): kind for kind in get_args(Command)
}  # by what `do` calls them


def read_command(body: bytes) -> Command:
    """A command from JSON. Raises BadCommand naming the field."""
    try:
        return _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise bad_command(error, body, COMMANDS) from None
