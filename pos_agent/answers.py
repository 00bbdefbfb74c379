"""What the till's face answers to a command: what was told of a sale or a return, and the words for the cashier.

Amounts and quantities are decimal strings, times ISO 8601.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from loyalty.cards import CardStatus
from pos_agent.answers_receipts import ToldClaimed, ToldPurchases
from pos_agent.answers_stickers import ToldStickers, ToldStickersBack
from pos_agent.protocol import Command
from pos_agent.protocol_certificates import ToldCertificate, ToldTender
from pos_agent.protocol_day import ToldAudit, ToldDay
from pos_agent.told_member import ToldMember
from pos_agent.told_office import ToldOffice


class ToldPosition(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the fiscal device needs: so many at this price; and, as far as they are known, the POS's own VAT (`tax`),
    subject (tag 1212) and method (1214). `piece`: the key of a marked thing. `name`: of weighed goods that no price
    fits: one thing, with the weight in its name."""

    quantity: str
    price: str
    amount: str
    piece: str | None = None
    name: str | None = None
    tax: str | None = None
    subject: int | None = None
    method: int | None = None


class ToldLine(msgspec.Struct, frozen=True, kw_only=True):
    """`discount` is what points take off; `net` is to be paid."""

    id: str
    net_before: str
    discount: str
    net: str
    positions: tuple[ToldPosition, ...]


class ToldCoupon(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What it gives, or `refusal`: why nothing. `uses_left`: of one with several uses, this one counted."""

    campaign: str
    discount: str | None = None
    points: int | None = None
    refusal: str | None = None
    uses_left: int | None = None


class ToldLimit(msgspec.Struct, frozen=True, kw_only=True):
    """`reason`: why nothing may be spent, like `not_registered`; or what bounds `points`: `held_elsewhere` (other
    receipts have reserved the rest), `balance_newer` (the hub's books have fewer), `hub_silent` (it did not answer for
    this receipt); null: the goods, the account or the programme bound them."""

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
    tail: tuple[str, ...] | None = None  # what the POS may print at the end of its own receipt
    stickers: ToldStickers | None = None  # where a collection runs, or this receipt gave or spent some
    tenders: tuple[ToldTender, ...] = ()  # what gift certificates pay of `total`
    certificates: tuple[ToldCertificate, ...] = ()  # gift certificates that were sold


class ToldTenders(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a refund is given back with, in rubles. `certificates`: on which it goes, each with its part."""

    money: str
    certificate: str
    certificates: tuple[ToldTender, ...] = ()


class ToldReturnLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    name: str
    quantity: str
    pieces: tuple[str, ...] = ()
    refund: str
    positions: tuple[ToldPosition, ...]


class ToldReturn(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A return: as it would be (with a `quote`), or as it is recorded. `restored` are points that come back,
    `clawed_back` those that the purchase had earned. `withheld`: a coupon's discount that the rest no longer has.
    `cards`: those that the same receipt gave out; they stay valid."""

    quote: str | None
    sale: str
    day: str
    shift: str
    refund: str
    tenders: ToldTenders
    withheld: str
    restored: int
    clawed_back: int
    balance: int | None
    coupons: tuple[str, ...]  # campaigns
    cards: tuple[str, ...]  # masked
    lines: tuple[ToldReturnLine, ...]
    tail: tuple[str, ...]  # what the POS may print at the end of its own receipt
    stickers: ToldStickersBack | None = None


class ToldPoints(msgspec.Struct, frozen=True, kw_only=True):
    """So many points, and from when on they live, or are dead."""

    points: int
    at: str


class ToldBalance(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A member's account as this till knows it. Of a member who is known by a spoken phone only the card, unless the
    till tells more. `active` may be spent now; `coming` begin to live next, `expiring` die next; `as_of`: the hub's
    word is of then."""

    card: str  # masked
    status: CardStatus
    identified_by: Literal["card", "phone"]
    balance: int | None = None
    active: int | None = None
    coming: ToldPoints | None = None
    expiring: ToldPoints | None = None
    as_of: str | None = None
    stickers: int | None = None  # of the collection that runs


class Prompt(msgspec.Struct, frozen=True, kw_only=True):
    """So many `digits` are typed first, and go into this `field` of the command."""

    field: str
    digits: int


class ToldCard(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A card as it is after the step. `number`, in full, of a virtual one alone: it is all that there is of the card;
    `qr` has the same as rows of modules, 1 is black; of a card that goes to a phone, the link for it."""

    card: str  # masked
    status: CardStatus
    number: str | None = None
    qr: tuple[str, ...] = ()


class Choice(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One answer to a question: what stands on the key, and the command to send when it is pressed; none where there
    is nothing to do then. `prompt`: what has to be typed for it."""

    text: str
    command: Command | None = None
    prompt: Prompt | None = None


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """A closed question: nothing but its answers is expected."""

    text: str
    answers: tuple[Choice, ...]


class Reply(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the cashier is told. `ok` false: the event changed nothing. `say`: the same to show or speak, at most two
    lines of 40 characters; `ask`: what to ask then; `advice`: one sentence, where there is something to gain.
    `field`: what is wrong, in the POS's words."""

    ok: bool
    code: str  # for programs
    text: str  # for the cashier
    say: tuple[str, ...] = ()
    ask: Ask | None = None
    advice: str | None = None
    field: str | None = None
    scanned: str | None = None  # the code that was read, where it is none of ours but whoever sells may need it
    told: ToldSale | None = None  # the quote, or what was recorded
    returned: ToldReturn | None = None  # goods that come back, or came back
    balance: ToldBalance | None = None
    day: ToldDay | None = None
    audit: ToldAudit | None = None
    purchases: ToldPurchases | None = None  # of a member
    claimed: ToldClaimed | None = None  # a purchase that earned nothing
    card: ToldCard | None = None  # that was blocked, set free, or made
    member: ToldMember | None = None  # what was done about one at a desk
    office: ToldOffice | None = None  # cases and members, as the hub told them
    certificate: ToldCertificate | None = None  # a gift certificate that somebody asked about


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why something was not done (RFC 9457): `type` and `code` for programs, `title` and `text` for the cashier, and
    all else that the reply says. `hint`: what helps whoever writes the program."""

    type: str
    title: str
    status: int
    ok: bool = msgspec.field(default_factory=lambda: False)  # always there, for who reads replies
    code: str
    text: str
    field: str | None = None
    scanned: str | None = None
    hint: str | None = None
    say: tuple[str, ...] = ()
    ask: Ask | None = None
    advice: str | None = None
    told: ToldSale | None = None
    returned: ToldReturn | None = None
    claimed: ToldClaimed | None = None
