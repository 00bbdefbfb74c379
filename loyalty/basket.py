"""A basket: lines as the POS sells them, before points. Bounds here turn nonsense into an error with a field."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from loyalty.money import BadNumber, half_up
from loyalty.programme import Offer

Unit = Literal["pc", "kg"]

LINES_MAX = 1_000  # a till's receipt tape ends long before
PRICE_MAX_KOPECKS = 10**9  # ten million rubles for one thing
QUANTITY_MAX_M = 100_000 * 1000
RECEIPT_MAX_KOPECKS = 10**11  # a thousand million rubles: no till ever took them at once
TEXT_MAX = 300  # characters of an id or a name


class BadBasket(ValueError):
    """Input that cannot be a basket or a member. `field` is the path of the value, `message` says in English what
    helps; loyalty.explain.explain_bad says it in either language, from the sentence and the facts in it."""

    def __init__(self, field: str, sentence: str, **facts: object) -> None:
        self.field = field
        self.sentence = sentence
        self.facts = facts
        self.message = sentence.format(**facts) if facts else sentence
        super().__init__(f"{field}: {self.message}" if field else self.message)

    @classmethod
    def of(cls, field: str, bad: BadNumber) -> BadBasket:
        """A field whose text is no number."""
        return cls(field, bad.sentence, **bad.facts)

    def within(self, outer: str) -> BadBasket:
        """The same complaint, its field seen from outside: price → lines[3].price."""
        return BadBasket(f"{outer}.{self.field}" if self.field else outer, self.sentence, **self.facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFacts:
    """What the POS tells of a line besides what the rules look at: kept with the sale, for its return and the books.

    `pieces` are the POS's own keys of single marked pieces; `least_price_table`: where the least price came from.
    `kind`, `strength_bp` (basis points of alcohol) and `volume_ml` tell which least price that is; `subject` and
    `method` are the fiscal tags 1212 and 1214.
    """

    article: str | None = None
    barcode: str | None = None
    brand: str | None = None
    tags: tuple[str, ...] = ()
    tax: str | None = None
    pieces: tuple[str, ...] = ()
    category_told: str | None = None
    least_price_table: str | None = None
    kind: str | None = None
    strength_bp: int | None = None
    volume_ml: int | None = None
    subject: int | None = None
    method: int | None = None
    told: tuple[tuple[str, str], ...] = ()  # anything else


NO_FACTS = LineFacts()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing sold. `discount_kopecks` is what the POS already took off the whole line, taken as given.

    Raises BadBasket for values that no shop sells.
    """

    id: str
    name: str
    price_kopecks: int  # of one piece or one kilogram
    quantity_m: int = 1000
    unit: Unit = "pc"
    discount_kopecks: int = 0
    category: str | None = None
    min_unit_price_kopecks: int | None = None  # the law's lowest price of one unit (strong alcohol)
    facts: LineFacts = NO_FACTS
    gross_kopecks: int = field(init=False)  # price × quantity, half up (EX-R1)

    def __post_init__(self) -> None:
        if not 0 < len(self.id) <= TEXT_MAX:
            raise BadBasket("id", "must have 1 to {most} characters", most=TEXT_MAX)
        if len(self.name) > TEXT_MAX:
            raise BadBasket("name", "is longer than {most} characters", most=TEXT_MAX)
        check_range("price", self.price_kopecks, 0, PRICE_MAX_KOPECKS, IN_KOPECKS)
        check_range("quantity", self.quantity_m, 1, QUANTITY_MAX_M, IN_THOUSANDTHS)
        if self.unit == "pc" and self.quantity_m % 1000:
            raise BadBasket("quantity", "pieces are whole; sell parts by kg")
        object.__setattr__(self, "gross_kopecks", half_up(self.price_kopecks * self.quantity_m, 1000))
        check_range("discount", self.discount_kopecks, 0, self.gross_kopecks, IN_KOPECKS_OF_LINE)
        if self.min_unit_price_kopecks is not None:
            check_range("min_unit_price", self.min_unit_price_kopecks, 0, PRICE_MAX_KOPECKS, IN_KOPECKS)
        if self.facts.pieces:
            self._check_pieces(self.facts.pieces)

    def _check_pieces(self, keys: tuple[str, ...]) -> None:
        """A key names one piece, and each piece is named once."""
        if self.unit != "pc":
            raise BadBasket("pieces", "only pieces have keys")
        if len(keys) * 1000 > self.quantity_m:
            raise BadBasket(
                "pieces", "are {given}, and the line has {most}", given=len(keys), most=self.quantity_m // 1000
            )
        if len(set(keys)) != len(keys):
            raise BadBasket("pieces", "the same key stands twice")
        for key in keys:
            if not 0 < len(key) <= TEXT_MAX:
                raise BadBasket("pieces", "a key must have 1 to {most} characters", most=TEXT_MAX)


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """What is on the counter, with the coupons shown and the gift certificates (kopecks left on each)."""

    lines: tuple[Line, ...]
    redemption_forbidden: bool = False
    coupons: tuple[Offer, ...] = ()
    certificates: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not 0 < len(self.lines) <= LINES_MAX:
            raise BadBasket("lines", "must be 1 to {most} lines, not {given}", most=LINES_MAX, given=len(self.lines))
        if sum([line.gross_kopecks for line in self.lines]) > RECEIPT_MAX_KOPECKS:
            raise BadBasket("lines", "come to more than {most} kopecks", most=RECEIPT_MAX_KOPECKS)
        first_at: dict[str, int] = {}
        for index, line in enumerate(self.lines):
            if first_at.setdefault(line.id, index) != index:
                raise BadBasket(f"lines[{index}].id", "is the same as of lines[{other}]", other=first_at[line.id])
        coupon_ids = [coupon.id for coupon in self.coupons]
        if len(set(coupon_ids)) != len(coupon_ids):
            raise BadBasket("coupons", "the same coupon is given twice")


IN_KOPECKS = "must be {low} to {high} kopecks, not {given}"
IN_KOPECKS_OF_LINE = "must be {low} to {high} kopecks, the sum of its line, not {given}"
IN_THOUSANDTHS = "must be {low} to {high} thousandths, not {given}"


def check_range(field: str, value: int, low: int, high: int, sentence: str) -> None:
    if not low <= value <= high:
        raise BadBasket(field, sentence, low=low, high=high, given=value)
