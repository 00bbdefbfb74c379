"""What can happen: one type for each kind of operation (the table of kinds is `loyalty/kinds.py`).

Every movement of points names its `account` (None: the member's own) and `currency` (None: the programme's), and is
an integer in that currency's scale. A movement may name only a card, when the till does not know whose it is: the
hub does.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec

from loyalty.consents import ConsentSource, ConsentTo
from loyalty.utc import check_utc

AMOUNT_MAX = 10**17  # points or kopecks: a thousand lines of the dearest thing; sums of them still fit 64 bits
NotNegative = Annotated[int, msgspec.Meta(ge=0, le=AMOUNT_MAX)]
Positive = Annotated[int, msgspec.Meta(ge=1, le=AMOUNT_MAX)]
Serial = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern="^[0-9a-f]*$")]  # of a coupon
CertificateNumber = Annotated[str, msgspec.Meta(min_length=16, max_length=16, pattern="^[0-9]*$")]
HoldId = Annotated[str, msgspec.Meta(min_length=1, max_length=80, pattern="^[!-~]*$")]  # made by the till
Signed = Annotated[int, msgspec.Meta(ge=-AMOUNT_MAX, le=AMOUNT_MAX)]


class _Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A value inside a body. Left out of the text where it is as by default. It never holds what holds it, so the
    collector of cycles has nothing to look for: a receipt has hundreds."""


class SaleNumber(_Part, frozen=True, kw_only=True, gc=False):
    """The POS's own number of a sale, in its day or shift, so that the same sale told twice is one."""

    day: str  # YYYY-MM-DD in the shop's time zone
    number: str
    pos: str = ""  # the POS's name, where there are several
    shift: str = ""  # the POS's shift, where it says one
    again: str = ""  # the moment, for another sale under a number that was taken

    def __post_init__(self) -> None:
        date.fromisoformat(self.day)


class OperationRef(_Part, frozen=True, kw_only=True, gc=False):
    """Another operation, by its identity."""

    chain: str
    generation: int
    sequence: int


# movements of points


class BelievedLot(_Part, frozen=True, kw_only=True, gc=False):
    """Points of one end, as the till believed them to be; what was really taken is the hub's posting."""

    points: Positive
    expires_at: str | None = None  # None: no end

    def __post_init__(self) -> None:
        check_utc(self.expires_at)


class Redeemed(_Part, frozen=True, kw_only=True, gc=False):
    """Points that paid a part of the receipt, and their worth."""

    points: NotNegative = 0
    kopecks: NotNegative = 0
    lots: tuple[BelievedLot, ...] = ()
    account: str | None = None
    currency: str | None = None
    hold: HoldId | None = None  # under which the points were reserved at the hub, also where no answer came


class Accrued(_Part, frozen=True, kw_only=True, gc=False):
    """Points that a purchase earned: one lot with its own life."""

    points: NotNegative = 0
    parts: tuple[tuple[str, int], ...] = ()
    active_from: str | None = None  # None: the moment of the operation
    expires_at: str | None = None  # None: no end
    account: str | None = None
    currency: str | None = None

    def __post_init__(self) -> None:
        check_utc(self.active_from, self.expires_at)


class Restored(_Part, frozen=True, kw_only=True, gc=False):
    """Redeemed points that come back with goods. `dead_until`: to where those live on whose lot has died since
    (None: they are lost)."""

    points: NotNegative = 0
    lots: tuple[BelievedLot, ...] = ()
    dead_until: str | None = None
    account: str | None = None
    currency: str | None = None

    def __post_init__(self) -> None:
        check_utc(self.dead_until)


class ClawedBack(_Part, frozen=True, kw_only=True, gc=False):
    """Earned points that are taken back with goods."""

    points: NotNegative = 0
    account: str | None = None
    currency: str | None = None


# parts of a sale


class SoldPosition(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A position as the fiscal device got it; written as a list, for there are many."""

    quantity_m: int
    price_kopecks: int
    amount_kopecks: int
    sold_as_one: bool = False


class SoldLine(_Part, frozen=True, kw_only=True, gc=False):
    """One line as it was sold. Kopecks and thousandths."""

    id: str
    name: str
    unit: str
    price_kopecks: int
    quantity_m: int
    net_before_kopecks: int  # after the POS's discount, promotions and coupons
    discount_kopecks: int  # by points
    net_kopecks: int
    category: str | None = None  # as decided
    category_told: str | None = None  # as the POS said, where that is another
    article: str | None = None
    barcode: str | None = None
    brand: str | None = None
    tags: tuple[str, ...] = ()
    tax: str | None = None
    pos_discount_kopecks: int = 0  # taken off by the POS before us
    least_price_kopecks: int | None = None  # the law's lowest price of one unit that was applied
    least_price_table: str | None = None  # where it came from; None: the POS told it
    pieces: tuple[str, ...] = ()  # the POS's own keys of single marked pieces
    subject: int | None = None  # fiscal tag 1212
    method: int | None = None  # fiscal tag 1214
    positions: tuple[SoldPosition, ...] = ()
    told: tuple[tuple[str, str], ...] = ()  # what the POS told besides


class CouponUse(_Part, frozen=True, kw_only=True, gc=False):
    """A coupon honoured in a sale. `serial` is hexadecimal; it may be used so many times (`uses`). `value`: its own, in
    the unit of its campaign's offer (basis points, kopecks or points)."""

    serial: str
    campaign: str
    discount_kopecks: int
    points: int = 0
    value: NotNegative = 0  # 0: the campaign's
    uses: Positive = 1


class OfferGiven(_Part, frozen=True, kw_only=True, gc=False):
    """A promotion or a coupon and what it gave, or why nothing. `value`: the coupon's own."""

    id: str
    discount_kopecks: int = 0
    points: int = 0
    refusal: str | None = None
    value: NotNegative = 0


class StickersSpent(_Part, frozen=True, kw_only=True, gc=False):
    """Stickers that were exchanged in a sale for an offer of the collection (P31)."""

    offer: str
    count: Positive
    discount_kopecks: NotNegative = 0
    points: NotNegative = 0


class SaleStickers(_Part, frozen=True, kw_only=True, gc=False):
    """What a sale did to the member's stickers. `collection`: its first day."""

    collection: str
    given: NotNegative = 0
    spent: tuple[StickersSpent, ...] = ()

    def __post_init__(self) -> None:
        date.fromisoformat(self.collection)


class ReturnStickers(_Part, frozen=True, kw_only=True, gc=False):
    """What a return does to them: taken back of those given, given back of those spent."""

    collection: str
    taken_back: NotNegative = 0
    restored: NotNegative = 0

    def __post_init__(self) -> None:
        date.fromisoformat(self.collection)


class Tender(_Part, frozen=True, kw_only=True, gc=False):
    """What a part of the receipt was paid with. `id`: of the certificate, say."""

    kind: str
    kopecks: int
    id: str | None = None


class Seen(_Part, frozen=True, kw_only=True, gc=False):
    """What the rules saw of the member. Of a birthday only whether its days held: the date is nobody's business."""

    card_status: str = "active"
    identified_by: str = "card"
    second_factor: bool = False
    proof: str = ""  # the hub's id of the code that was told
    vouched: bool = False
    points_active: int = 0
    birthday: bool = False
    favourites: tuple[str, ...] = ()
    accumulated_kopecks: int = 0
    redeemed_today: int = 0
    redeemed_offline_today: int | None = None
    redeemed_unsynced: int = 0
    snapshot_at: str | None = None


class Fiscal(_Part, frozen=True, kw_only=True, gc=False):
    """A fiscal document of the sale; there are several when the POS splits it."""

    device: str
    document: str
    sign: str
    at: str
    kopecks: int
    kind: str


CAME_BACK_TWICE = "came_back_twice"  # a deviation: money was given for goods that were back; it cost so much
UNWITNESSED = "unwitnessed"  # a deviation: nobody here remembers the quote that is the note; the POS said what it was
CARD_TAKEN = "card_taken"  # a deviation: the blank card of the promise has an owner since; `note` is its number
CARD_OF_NOBODY = "card_of_nobody"  # another: the hub knows of nobody who has the stranger's card; likewise
OF_NOBODY = frozenset({CARD_TAKEN, CARD_OF_NOBODY})
COUPON_USED = "coupon_used"  # a deviation: another sale had used the coupon up, its serial is the note


class Deviation(_Part, frozen=True, kw_only=True, gc=False):
    """Something that was not as it should be, and what it may cost."""

    kind: str
    cost_kopecks: int = 0
    note: str = ""


class Advice(_Part, frozen=True, kw_only=True, gc=False):
    """What the customer was told that he could gain: so many kopecks more on the receipt and a higher rate, or a coupon
    that holds; or points that die soon. `taken`: the paid receipt has it."""

    kind: str  # tier, coupon, expiring
    more_kopecks: NotNegative = 0
    goal_kopecks: NotNegative = 0  # of a tier: from this sum on
    rate_bp: int = 0
    before_bp: int = 0  # the rate without it
    offer: str | None = None  # the coupon's campaign
    points: NotNegative = 0  # that die
    last_day: str | None = None  # on which they live
    taken: bool = False


class _Body(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    pass


# receipts


class Sale(_Body, frozen=True, kw_only=True, tag="sale"):
    """A paid receipt, with or without a member: all that its return needs."""

    sale: SaleNumber
    member: str | None = None
    card: str | None = None  # None: identified by phone, or nobody
    link: Literal["online", "offline"] = "online"  # what the till believed when it decided
    lines: tuple[SoldLine, ...]
    extras: tuple[SoldLine, ...] = ()  # our own: the fee of a card
    total_kopecks: NotNegative  # after all discounts
    paid_kopecks: int  # in money, after tenders such as certificates
    qualifying_kopecks: NotNegative = 0  # what counts for tiers: goods that earn, before points
    redeemed: Redeemed = Redeemed()
    accrued: Accrued = Accrued()
    rounding_kopecks: int = 0  # by the POS, after all of it
    coupons: tuple[CouponUse, ...] = ()  # rights that it used up
    offers: tuple[OfferGiven, ...] = ()  # promotions, and coupons that gave nothing
    tenders: tuple[Tender, ...] = ()  # besides money
    seen: Seen | None = None
    quote: str | None = None
    fiscal: tuple[Fiscal, ...] = ()
    deviations: tuple[Deviation, ...] = ()
    told: tuple[tuple[str, str], ...] = ()  # what the POS told besides
    advice: Advice | None = None  # what was told with it last that the customer could gain
    stickers: SaleStickers | None = None


class EarlierSale(_Body, frozen=True, kw_only=True, tag="earlier_sale"):
    """A receipt of the system that the shop had before, as a file tells it. It moves nothing: what it did to points and
    tiers came in sums."""

    store: str
    sale: SaleNumber
    sold_at: str | None = None  # None: only the day is known
    card: str | None = None
    lines: tuple[SoldLine, ...]
    total_kopecks: NotNegative
    accrued_points: NotNegative | None = None  # as that system counted them; None: it is not known
    redeemed_points: NotNegative | None = None
    tenders: tuple[Tender, ...] = ()
    fiscal: tuple[Fiscal, ...] = ()

    def __post_init__(self) -> None:
        check_utc(self.sold_at)


class FiscalAdded(_Body, frozen=True, kw_only=True, tag="fiscal_added"):
    """The fiscal documents of a sale that was recorded before they were known."""

    of: OperationRef
    of_sale: SaleNumber
    fiscal: tuple[Fiscal, ...]


class SaleClaimed(_Body, frozen=True, kw_only=True, tag="sale_claimed"):
    """A recorded sale got its member afterwards: what it would have earned had he shown his card, less what has come
    back of it since. Once of a sale. `whole`: he had shown it, and the hub did not know it yet; the sale that it
    refused stands as it was paid."""

    of: OperationRef
    of_sale: SaleNumber
    sold_at: str
    member: str
    card: str | None = None  # that was to have been shown
    accrued: Accrued  # what is given; it begins and ends as if it had been then
    qualifying_kopecks: NotNegative = 0  # what counts for tiers, on the day of the sale
    earned_points: NotNegative = 0  # by the whole sale
    earned_kopecks: NotNegative = 0  # of it, what would have counted for tiers
    seen: Seen = Seen()  # as the rules took him
    reason: str = ""
    whole: bool = False

    def __post_init__(self) -> None:
        check_utc(self.sold_at)


class HoldVoided(_Body, frozen=True, kw_only=True, tag="hold_voided"):
    """Points that a till had reserved, or had asked to, are not spent: whoever asks later under these ids gets none."""

    member: str
    holds: tuple[HoldId, ...]
    reason: Literal["cancelled", "dropped", "unanswered", "not_spent", "freed"]  # the last: by the office


class ReturnedLine(_Part, frozen=True, kw_only=True, gc=False):
    """So much of one line came back."""

    id: str
    quantity_m: int
    refund_kopecks: int
    pieces: tuple[str, ...] = ()  # the POS's own keys, where pieces are named


class Return(_Body, frozen=True, kw_only=True, tag="return"):
    """Goods came back. `of` is the sale's operation, `sold_at` its moment; every sum is of this step alone."""

    sale: SaleNumber | None = None  # the POS's own number of the return
    of: OperationRef
    of_sale: SaleNumber | None = None
    sold_at: str
    sold_offline: bool = False  # then the points that come back had counted for the offline limit of that day
    member: str | None = None
    card: str | None = None
    link: Literal["online", "offline"] = "online"
    lines: tuple[ReturnedLine, ...]
    refund_kopecks: NotNegative
    qualifying_kopecks: NotNegative = 0  # what no longer counts for tiers
    restored: Restored = Restored()
    clawed_back: ClawedBack = ClawedBack()
    withheld_kopecks: int = 0  # of what was paid: a discount that the rest lost; less than nothing: has again
    coupons: tuple[str, ...] = ()  # serials of the rights that come back
    tenders: tuple[Tender, ...] = ()  # besides money
    quote: str | None = None  # under which it was told
    reason: str = ""
    fiscal: tuple[Fiscal, ...] = ()
    deviations: tuple[Deviation, ...] = ()
    told: tuple[tuple[str, str], ...] = ()
    without_receipt: bool = False  # found by the member's history
    second: str | None = None  # who answered for that, besides whoever took it back
    stickers: ReturnStickers | None = None

    def __post_init__(self) -> None:
        check_utc(self.sold_at)


class ReturnCompleted(_Body, frozen=True, kw_only=True, tag="return_completed"):
    """What none of the returns of a sale said, for they were told at several tills and none knew of all: rights that
    are free again, rubles that go back onto certificates, and what the limits of its day no longer count."""

    of: OperationRef
    of_sale: SaleNumber
    day: str  # YYYY-MM-DD of the sale, by the clock of its store
    sold_offline: bool = False
    member: str | None = None
    coupons: tuple[Serial, ...] = ()
    tenders: tuple[Tender, ...] = ()
    redeemed: Signed = 0  # points that were spent that day and are back; less than nothing: that are not

    def __post_init__(self) -> None:
        date.fromisoformat(self.day)


# cards


class CardIssued(_Body, frozen=True, kw_only=True, tag="card_issued"):
    """A blank card became a new member's card at the till (A4). `virtual`: there was no blank, and it is a number."""

    sale: SaleNumber
    member: str
    card: str
    virtual: bool = False


class CardReissued(_Body, frozen=True, kw_only=True, tag="card_reissued"):
    """A lost card was replaced; the balance stays with the member (A29, A30)."""

    sale: SaleNumber
    member: str
    old_card: str
    new_card: str
    fee_kopecks: int


class CardMadeVirtual(_Body, frozen=True, kw_only=True, tag="card_made_virtual"):
    """The plastic became a virtual card, free of charge, with all data moved (A31)."""

    member: str
    old_card: str
    new_card: str


class CardBlocked(_Body, frozen=True, kw_only=True, tag="card_blocked"):
    member: str
    card: str
    reason: str = ""


class CardUnblocked(_Body, frozen=True, kw_only=True, tag="card_unblocked"):
    member: str
    card: str
    reason: str = ""


# members


class MemberJoined(_Body, frozen=True, kw_only=True, tag="member_joined"):
    """A member came by import or by the office, with a card and perhaps points."""

    member: str
    card: str | None
    registered: bool


class MemberRegistered(_Body, frozen=True, kw_only=True, tag="member_registered"):
    """The member filled the form in; the cards may redeem from now on (A26), or from `active_from` on when the form
    is on paper (P19)."""

    member: str
    active_from: str | None = None  # None: at once

    def __post_init__(self) -> None:
        check_utc(self.active_from)


class CardLinked(_Body, frozen=True, kw_only=True, tag="card_linked"):
    """A card that nobody had becomes one more of a member."""

    member: str
    card: str


class ProfileChanged(_Body, frozen=True, kw_only=True, tag="profile_changed"):
    """What is known of a person became another (`phone`, `email`, `birthday`, `name`, `favourites`), or was forgotten:
    who said so, and when. Never what it was or is: operations are for ever, and a person may be forgotten."""

    member: str
    changed: tuple[str, ...]
    forgotten: bool = False  # all of it, for good
    reason: str = ""


class MemberMerged(_Body, frozen=True, kw_only=True, tag="member_merged"):
    """Two accounts were one person's: all that `member` has goes to `into`. `reason`: by whoever says so."""

    member: str
    into: str
    reason: str = ""


class ConsentGiven(_Body, frozen=True, kw_only=True, tag="consent_given"):
    """The member agreed to something at that moment (a day of which no more is known begins with it): under which
    document, and where he said so."""

    member: str
    what: ConsentTo
    given_at: str
    document: str = ""  # its version
    source: ConsentSource = "paper"
    withdrawn_at: str | None = None  # told at once by a file: it has ended since

    def __post_init__(self) -> None:
        check_utc(self.given_at, self.withdrawn_at)


class ConsentWithdrawn(_Body, frozen=True, kw_only=True, tag="consent_withdrawn"):
    """What was agreed to at that moment holds no longer."""

    member: str
    what: ConsentTo
    given_at: str
    withdrawn_at: str

    def __post_init__(self) -> None:
        check_utc(self.given_at, self.withdrawn_at)


class TurnoverBrought(_Body, frozen=True, kw_only=True, tag="turnover_brought"):
    """What a member bought before the ledger knew him, as far as tiers count it: on the last of these days. A second
    one of the same days says the difference."""

    member: str
    kopecks: Signed
    until: str  # YYYY-MM-DD
    since: str | None = None  # None: from the beginning

    def __post_init__(self) -> None:
        for day in filter(None, (self.since, self.until)):
            date.fromisoformat(day)


# points without a receipt


class Grant(_Body, frozen=True, kw_only=True, tag="grant"):
    """Points given, such as the welcome grant (A21)."""

    member: str
    points: Positive
    reason: str
    active_from: str
    expires_at: str | None = None
    account: str | None = None
    currency: str | None = None

    def __post_init__(self) -> None:
        check_utc(self.active_from, self.expires_at)


class LotEnd(_Part, frozen=True, kw_only=True, gc=False):
    """A lot lives to another moment from now on."""

    lot: str
    expires_at: str | None

    def __post_init__(self) -> None:
        check_utc(self.expires_at)


class Adjustment(_Body, frozen=True, kw_only=True, tag="adjustment"):
    """A correction by hand, with its reason: points more (a lot) or less (debt where there are none), other ends.
    `lot`: from which points are taken before all others. `stickers`: more or less of them, of one `collection`."""

    member: str
    reason: str
    points: Signed = 0
    lot: str | None = None
    active_from: str | None = None  # None: the moment of the operation
    expires_at: str | None = None
    ends: tuple[LotEnd, ...] = ()
    account: str | None = None
    currency: str | None = None
    stickers: Signed = 0
    collection: str | None = None

    def __post_init__(self) -> None:
        check_utc(self.active_from, self.expires_at)
        if self.collection is not None:
            date.fromisoformat(self.collection)


class LotPoints(_Part, frozen=True, kw_only=True, gc=False):
    """So many points of a lot, by the lot's id."""

    lot: str
    points: Positive


class Expiry(_Body, frozen=True, kw_only=True, tag="expiry"):
    """Points of these lots died unspent."""

    member: str
    lots: tuple[LotPoints, ...]
    account: str | None = None
    currency: str | None = None


# coupons


class CouponMade(_Body, frozen=True, kw_only=True, tag="coupon_made"):
    """A coupon of a campaign (P26), by the office, or by a member for himself (P32): then `points` or `stickers` are
    its price. `value`, `uses`: as in CouponUse. It may be used from `valid_from` until `valid_to`; `store`, `channel`:
    there alone, if it says so."""

    serial: Serial
    campaign: str
    valid_from: str
    valid_to: str
    member: str | None = None  # None: whoever has it
    value: NotNegative = 0
    uses: Positive = 1
    points: NotNegative = 0
    stickers: NotNegative = 0
    collection: str | None = None  # of the stickers
    store: str = ""
    channel: str = ""
    reason: str = ""
    account: str | None = None
    currency: str | None = None

    def __post_init__(self) -> None:
        check_utc(self.valid_from, self.valid_to)


class CouponRevoked(_Body, frozen=True, kw_only=True, tag="coupon_revoked"):
    """It is not to be used any more."""

    serial: Serial
    reason: str = ""


# certificates: rubles paid in advance (P16). What is used of one stands in the tenders of a sale, what comes back on it
# in those of a return, each under its number


class CertificateSold(_Body, frozen=True, kw_only=True, tag="certificate_sold"):
    """It holds these rubles from now on. `paid` false: it was given, and may end."""

    certificate: CertificateNumber
    kopecks: Positive
    sale: SaleNumber | None = None  # the receipt that sold it
    paid: bool = True
    until: str | None = None  # None: no end
    design: str = ""
    reason: str = ""
    order: str = ""  # of whoever bought it in his account (hub/certificate_orders/)
    fiscal: Fiscal | None = None  # of that payment; what a till sells stands on its receipt

    def __post_init__(self) -> None:
        check_utc(self.until)
        if self.paid and self.until is not None:
            raise ValueError("a certificate that was paid for has no end")


class CertificateRefunded(_Body, frozen=True, kw_only=True, tag="certificate_refunded"):
    """So much of it was given back in money, and is not on it any more."""

    certificate: CertificateNumber
    kopecks: Positive
    sale: SaleNumber | None = None  # the receipt that sold it came back
    reason: str = ""
    order: str = ""  # by which it was bought


class CertificateBlocked(_Body, frozen=True, kw_only=True, tag="certificate_blocked"):
    """Nobody pays with it any more; its rubles wait for whoever owns it."""

    certificate: CertificateNumber
    reason: str = ""


class CertificateReplaced(_Body, frozen=True, kw_only=True, tag="certificate_replaced"):
    """All that was on it is on another from now on."""

    certificate: CertificateNumber
    into: CertificateNumber
    reason: str = ""


class CertificateEnded(_Body, frozen=True, kw_only=True, tag="certificate_ended"):
    """One that was given, and not paid for, came to its end with so much on it."""

    certificate: CertificateNumber
    kopecks: Positive


# points that go elsewhere (P7, P13 to P15)


class PointsToPartner(_Body, frozen=True, kw_only=True, tag="points_to_partner"):
    """A partner has given `units` for them, and they are gone. `exchange`: what the member asked for, and what held the
    points meanwhile; `theirs`: what the partner calls it. `reason`: why somebody in the office says that it was so."""

    member: str
    partner: str
    points: Positive
    units: Positive
    unit: Literal["kopecks", "miles"]
    exchange: HoldId
    theirs: str = ""
    reason: str = ""
    account: str | None = None
    currency: str | None = None


class PointsToCharity(_Body, frozen=True, kw_only=True, tag="points_to_charity"):
    """They are rubles of a fund now: `kopecks` for the member, and `matched_kopecks` that the chain adds."""

    member: str
    fund: str
    points: Positive
    kopecks: Positive
    matched_kopecks: NotNegative = 0
    account: str | None = None
    currency: str | None = None


Body = (
    Sale
    | Return
    | ReturnCompleted
    | EarlierSale
    | FiscalAdded
    | SaleClaimed
    | HoldVoided
    | CardIssued
    | CardReissued
    | CardMadeVirtual
    | CardBlocked
    | CardUnblocked
    | MemberJoined
    | MemberRegistered
    | CardLinked
    | ProfileChanged
    | MemberMerged
    | ConsentGiven
    | ConsentWithdrawn
    | TurnoverBrought
    | Grant
    | Adjustment
    | Expiry
    | CouponMade
    | CouponRevoked
    | CertificateSold
    | CertificateRefunded
    | CertificateBlocked
    | CertificateReplaced
    | CertificateEnded
    | PointsToPartner
    | PointsToCharity
)
