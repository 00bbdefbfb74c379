"""A loyalty programme as a value: every number and choice that the rules need, read from a dated TOML file.

The rules never know which programme they serve. config/programmes.py makes these values and checks them.
Units are in the names: `_bp` basis points, `_kopecks`, points whole. Numbers A22, P13 … name the published rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from loyalty.consents import ConsentDocument, ConsentText, ConsentTo
from loyalty.tickets import TicketRules

Language = Literal["ru", "en"]
Link = Literal["online", "offline"]
ReturnTender = Literal["proportional", "certificate_first"]
OfferKind = Literal["percent_off", "amount_off", "gift", "extra_points", "multiplier"]
LifeKind = Literal["never", "days", "months", "month_end", "date", "birthday"]
SchemeKind = Literal["ean13", "luhn", "plain"]

ROTATING = "PAR:"  # how a phone's rotating code begins, whatever the programme (loyalty/rotating_code.py)
COUPON = "PA2:"  # of the hub's coupons (loyalty/coupon_token.py)
EAN_LENGTHS = (8, 12, 13, 14)  # digits of goods' numbers
UNKNOWN = "unknown"  # the category of goods that nobody knows: neither the POS nor the shop's goods file
EXCISE = "excise"  # of goods that the POS marks as excise goods while their category is none: they may be tobacco
LEAST_PRICED = ("alcohol_strong", "sparkling_wine")  # the law sets a lowest price, whatever a programme's file says


@dataclass(frozen=True, slots=True, kw_only=True)
class PluralWords:
    """One noun by CLDR plural category; a language uses only some of them."""

    one: str
    few: str
    many: str
    other: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Currency:
    """What points are called and what one is worth (A24: 1 bonus = 1 ruble; P13: 10 points = 1 ruble)."""

    kop_per_point: int
    ru: PluralWords
    en: PluralWords
    scale: int = 1  # how many of the integers that operations carry make one point


@dataclass(frozen=True, slots=True, kw_only=True)
class Redemption:
    """How many points a receipt may be paid with. None = no such cap."""

    cap_bp: int
    cap_base: Literal["eligible", "receipt"]
    step: int = 1
    min_points: int = 0
    min_cash_kopecks: int = 0
    unit_floor_kopecks: int = 0
    receipt_max_points: int | None = None
    day_max_points: int | None = None
    card_alone_max_points: int | None = None  # of a receipt, where nothing but the card says whose it is
    needs_registration: bool = True
    by_phone: Literal["second_factor", "allow", "deny"] = "second_factor"
    phone_recheck_months: int | None = None  # after so many a phone spends only with a card or a new code


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflinePolicy:
    """What may be redeemed while the hub cannot be asked."""

    mode: Literal["capped", "deny"]
    receipt_max_points: int | None = None
    day_max_points: int | None = None
    snapshot_max_age_s: int = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """From this sum on, this rate, of the whole paid amount (A23)."""

    from_kopecks: int
    rate_bp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PercentAccrual:
    tiers: tuple[Tier, ...]  # rising, the first from 0
    tier_metric: Literal["receipt", "accumulated"] = "receipt"
    tier_window: Literal["all", "year", "rolling"] = "all"  # which purchases accumulate; rolling: of `tier_days` days
    tier_days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PerStepAccrual:
    step_kopecks: int
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FavouriteBonus:
    """Extra points per full step on the member's favourite categories (P24)."""

    step_kopecks: int
    points: int
    categories_max: int
    categories: tuple[str, ...] = ()  # which may be a favourite; none named: any
    change_days: int = 30  # so long a member who has chosen in his account keeps his choice


@dataclass(frozen=True, slots=True, kw_only=True)
class BirthdayBonus:
    """Around the birthday: extra points per full step, or a higher rate. Exactly one of the two is set."""

    days_before: int
    days_after: int
    per_step: PerStepAccrual | None = None
    rate_bp: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """Goods of one kind and what the programme may do with them."""

    id: str
    ru: str
    en: str
    redeem: Literal["yes", "above_min_price", "no"] = "yes"
    earn: bool = True
    discount: bool = True  # promotions and coupons; tobacco may have none, by law
    excise: bool = False  # goods that a fiscal receipt marks as excise goods (tag 1212)
    needs_least_price: bool = field(init=False)  # only what is above the law's lowest price may be taken off

    def __post_init__(self) -> None:
        object.__setattr__(self, "needs_least_price", self.redeem == "above_min_price" or self.id in LEAST_PRICED)


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponTerms:
    """What a campaign allows besides what its coupons give (P26, P32). None = no such bound. A bound of the whole
    campaign is the hub's to keep; a till without a connection keeps what it knows of."""

    uses: int = 1  # of one coupon
    per_member: int | None = None  # uses of the campaign by one member; 1: once a member
    in_all: int | None = None  # uses of the campaign
    budget_kopecks: int | None = None  # that the campaign's coupons take off, together; then it stops
    online_over_kopecks: int | None = None  # a coupon that takes off more needs the hub's word
    offline: Literal["accept", "deny"] = "accept"  # without a connection
    clip_days: int | None = None  # members clip one for nothing in their account (P26), and it lives so long


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberMade:
    """What a member may make for himself (P32): of which campaigns, how many in a month, for how many points each, and
    how long one lives."""

    campaigns: tuple[str, ...]
    a_month: int
    price_points: int
    life_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A promotion or a coupon's right: what it gives, on what, when. No categories = the whole receipt."""

    id: str
    ru: str
    en: str
    kind: OfferKind
    percent_bp: int = 0  # percent_off
    amount_kopecks: int = 0  # amount_off
    gift_price_kopecks: int = 1  # gift: what the one piece costs then; a fiscal line at 0.00 draws questions
    points: int = 0  # extra_points
    step_kopecks: int | None = None  # extra_points: per full step; None = once
    times: int = 1  # multiplier of the base accrual
    categories: tuple[str, ...] = ()
    min_basket_kopecks: int = 0
    first_day: date | None = None
    last_day: date | None = None
    members_only: bool = False
    most_kopecks: int | None = None  # that it takes off a receipt
    terms: CouponTerms = CouponTerms()  # of a coupon


@dataclass(frozen=True, slots=True, kw_only=True)
class StickerOffer:
    """So many stickers are exchanged for the right in `offer` (a coupon). `coupon_days`: a member buys one for his
    stickers in his account too, which lives so long; then it is one of the programme's coupons, by the same id."""

    stickers: int
    offer: Offer
    coupon_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stickers:
    """Stickers per full step of the receipt, and what they buy (P31)."""

    step_kopecks: int
    per_step: int
    first_day: date
    last_day: date
    offers: tuple[StickerOffer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """How long points live; always to the end of a day in the programme's time zone.

    `days` and `months` count from the day of accrual; `month_end` counts calendar months, that of the accrual
    included, and ends with the last; `date` is fixed; `birthday` ends with the birthday window.
    """

    kind: LifeKind
    count: int = 0
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """When points can be spent: `days` later from midnight, or so many minutes later; 0 and 0 = at once."""

    days: int = 0
    minutes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Points given, not bought (A18, A19, A21)."""

    points: int
    life: Life
    activation: Activation = field(default_factory=Activation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grants:
    welcome: Grant | None = None
    birthday: Grant | None = None
    manual: Grant | None = None  # `points` is the most that a manager may give at once (A19)


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsLife:
    """Life of bought points, and of those that a return brings back after their lot has died."""

    life: Life
    activation: Activation
    restored: Literal["grace", "original_expiry"]
    grace_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CardScheme:
    """One family of card numbers. `length` counts all digits, the check digit included."""

    kind: SchemeKind
    prefix: str
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFace:
    """What a card looks like where it is drawn (A31): its ground, its letters (#rrggbb), and a line under the
    programme's name."""

    colour: str = "#1f3a5f"
    ink: str = "#ffffff"
    ru: str = ""
    en: str = ""

    def text(self, language: Language) -> str:
        return self.ru if language == "ru" else self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRules:
    schemes: tuple[CardScheme, ...]
    issue_min_purchase_kopecks: int  # A4; 0 = any purchase, or none
    issue_fee_kopecks: int
    reissue_fee_kopecks: int  # A30
    form_days: int  # P19: a paper form is confirmed after so many days
    blanks_few: int = 20  # of a store: so many blank cards are soon used up
    face: CardFace = CardFace()
    form_fee_kopecks: int = 0  # A3: of a card that was ordered on the site by a form; paid when it is received


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanPrefixes:
    """How the texts of the programme's own codes begin."""

    coupons: tuple[str, ...]
    certificates: tuple[str, ...]
    goods: tuple[str, ...] = ()  # numbers that begin so are goods' (a scale's labels), never cards


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRules:
    """Gift certificates sold (P16), in rubles. `earns`: goods paid with one still earn points. `offline_max_kopecks`:
    so much of one is taken without a connection. `given_days`: how long one lives that nobody paid for."""

    face_min_kopecks: int
    face_max_kopecks: int
    earns: bool
    offline_max_kopecks: int = 0
    pin_tries: int = 5
    given_days: int = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnRules:
    """When goods come back: how the refund is split where a certificate paid a part, and what becomes of a coupon's
    discount: it stays on what stays, or the rest is priced anew and the difference is taken off the refund."""

    tender: ReturnTender = "proportional"
    coupon: Literal["keep", "recompute"] = "keep"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRules:
    """A purchase without a card, whose points somebody gets afterwards: so many days long. `prints`: a paper says so by
    itself, or when the guest asks for it, or never. `a_day` and `a_month` (30 days): receipts that one member may bring
    himself. `account`: the address of the members' account; the paper's QR is a link of it."""

    days: int = 30
    prints: Literal["always", "asked", "never"] = "never"
    a_day: int = 3
    a_month: int = 10
    account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerNumber:
    """What a member's number at a partner looks like (a regular expression), and how the partner calls it."""

    pattern: str
    example: str
    ru: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerOffer:
    """In the office's words, from a day until another (both included; None: no end)."""

    ru: str
    en: str
    terms_ru: str = ""
    terms_en: str = ""
    first_day: date | None = None
    last_day: date | None = None

    def is_over(self, day: date) -> bool:
        return self.last_day is not None and day > self.last_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """Points given away: for rubles at a partner (P13), miles (P14), or charity that the chain tops up (P15). Of one
    member he takes `day_max` points in a day and `month_max` in a month; from `code_from` on a code is asked for."""

    id: str
    ru: str
    en: str
    points_step: int  # points go in whole steps
    points_min: int
    units_per_step: int  # of the partner's unit: kopecks, or miles
    unit: Literal["kopecks", "miles"]
    match_bp: int = 0  # the chain adds this part of what the member gives; 10000 doubles it
    charity: bool = False  # a fund: nobody is asked, and the chain owes it rubles
    number: PartnerNumber | None = None  # None: nothing is exchanged there
    day_max: int | None = None
    month_max: int | None = None
    code_from: int | None = None
    offers: tuple[PartnerOffer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactor:
    """The code sent to a member who only said a phone number (A27, P30)."""

    digits: int
    attempts: int
    life_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VelocityRules:
    """How many uses are ordinary (SEC7, loyalty/velocity.py): one more rings, and a person looks at it. None: nobody
    counts. `card_hour` at one till, `card_day` and `card_month` (30 days) at all of them; `cashier_month`: by the same
    hands; `tills`: so many within `tills_minutes`; `staff_…`: of a card that belongs to whoever works here;
    `guesses_day`: numbers that were typed and nobody has; `by_…`: what one person orders for members in a day;
    `claims_month`: receipts of one till, or of one cashier's hands, that a member brings afterwards in 30 days.
    `deny_redeem`: a card that rang pays with no points for a day."""

    card_hour: int | None = None
    card_day: int | None = None
    card_month: int | None = None
    cashier_month: int | None = None
    tills: int | None = None
    tills_minutes: int = 10
    staff_day: int | None = None
    staff_month: int | None = None
    guesses_day: int | None = None
    by_day: int | None = None
    by_points: int | None = None
    claims_month: int | None = None
    deny_redeem: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptTexts:
    """A shop's own words on paper, in one language. `form` ends the form of a new card."""

    header: tuple[str, ...]
    footer: tuple[str, ...]
    thanks: str
    form: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """Everything about one programme. `content_hash` names the rules a receipt was made under."""

    id: str
    name_ru: str
    name_en: str
    version: str
    effective_from: date
    content_hash: str
    timezone: ZoneInfo
    currency: Currency
    redemption: Redemption
    offline: OfflinePolicy
    accrual: PercentAccrual | PerStepAccrual
    favourite: FavouriteBonus | None
    birthday: BirthdayBonus | None
    points: PointsLife
    grants: Grants
    categories: Mapping[str, Category]
    promotions: tuple[Offer, ...]
    coupons: tuple[Offer, ...]
    coupon_stacking: Literal["best", "all"]
    stickers: Stickers | None
    certificates: CertificateRules
    returns: ReturnRules
    partners: tuple[Partner, ...]
    cards: CardRules
    scans: ScanPrefixes
    second_factor: SecondFactor
    receipt_ru: ReceiptTexts
    receipt_en: ReceiptTexts
    velocity: VelocityRules = field(default_factory=VelocityRules)
    consents: tuple[ConsentDocument, ...] = ()  # those that are needed first
    member_made: MemberMade | None = None
    new_days: int = 30  # so long goods that came into the assortment are new (A14)
    tickets: TicketRules = field(default_factory=TicketRules)
    claims: ClaimRules = field(default_factory=ClaimRules)

    def name(self, language: Language) -> str:
        return self.name_ru if language == "ru" else self.name_en

    def receipt(self, language: Language) -> ReceiptTexts:
        return self.receipt_ru if language == "ru" else self.receipt_en

    def partner(self, id: str) -> Partner | None:
        return next((one for one in self.partners if one.id == id), None)

    def consent(self, what: ConsentTo) -> ConsentDocument | None:
        """The document of it; None: this programme does not ask for it."""
        return next((document for document in self.consents if document.what == what), None)

    @staticmethod
    def consent_text(document: ConsentDocument, language: Language) -> ConsentText:
        return document.ru if language == "ru" else document.en

    def category(self, id: str | None) -> Category:
        """The rules for a line's category; without one, for goods that nobody knows. Raises KeyError for one that the
        programme does not name."""
        return self.categories[UNKNOWN if id is None else id]

    def coupon(self, id: str) -> Offer | None:
        """What a coupon of this campaign gives; None when the programme has no such campaign."""
        return next((offer for offer in self.coupons if offer.id == id), None)

    def day(self, at: datetime) -> date:
        """The shop's day at this moment."""
        return at.astimezone(self.timezone).date()

    def by_clock_of(self, zone: ZoneInfo) -> Programme:
        """The same rules where the shop's day is another: its offers, coupons, birthdays, and what points live by."""
        return self if zone == self.timezone else replace(self, timezone=zone)
