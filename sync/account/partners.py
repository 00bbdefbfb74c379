"""Partners and funds, as the account shows them: who takes points for what (P7), and a member's exchanges (P13, P14)
and gifts (P15)."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec

Pair = tuple[str, str]  # Russian, English
Unit = Literal["kopecks", "miles"]
ExchangeState = Literal["new", "asked", "odd", "done", "refused", "voided"]
NUMBER_LETTERS_MAX: Final = 40
POINTS_MAX: Final = 10**9
Id = Annotated[str, msgspec.Meta(max_length=64)]
Proof = Annotated[str, msgspec.Meta(max_length=64)]
Points = Annotated[int, msgspec.Meta(ge=1, le=POINTS_MAX)]


class AskPartners(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `partners`, open to everybody."""


class OfferTold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Days YYYY-MM-DD, both included; "": no end. One that has not begun yet is told too."""

    name: Pair
    terms: Pair = ("", "")
    first_day: str = ""
    last_day: str = ""


class NumberTold(msgspec.Struct, frozen=True, kw_only=True):
    """Of a member at the partner."""

    name: Pair
    pattern: str
    example: str


class PartnerTold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """From `points_min` on, each `points_step` points become `units_per_step` of the unit, and `match_bp` of it more of
    the chain's. `number` None: nothing is exchanged there now. The most are points of one member."""

    id: str
    name: Pair
    points_step: int
    points_min: int
    units_per_step: int
    unit: Unit
    match_bp: int = 0
    charity: bool = False
    number: NumberTold | None = None
    day_max: int | None = None
    month_max: int | None = None
    code_from: int | None = None
    offers: tuple[OfferTold, ...] = ()


class PartnersTold(msgspec.Struct, frozen=True, kw_only=True):
    partners: tuple[PartnerTold, ...]


class AskExchanges(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `exchanges`: his, the newest first."""


class ExchangeTold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """new: it is being asked for; asked: the partner has not answered since `at`; odd: people look at it; refused: by
    the partner, with his code in `why`; voided: by the office. The points of the last two are free again. `number`: of
    it the last digits alone."""

    id: str
    state: ExchangeState
    partner: str
    name: Pair
    number: str
    points: int
    units: int
    unit: Unit
    made_at: str
    at: str
    why: str = ""


class ExchangesTold(msgspec.Struct, frozen=True, kw_only=True):
    """`free`: points that he may give away now."""

    exchanges: tuple[ExchangeTold, ...]
    free: int


class Exchange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Body of act `exchange`. `proof`: of a code, where so many points need one. Refused: unknown_partner,
    partner_not_registered, partner_number, partner_points, partner_no_points, partner_day, partner_month, partner_code,
    phone_not_proven, member_erased."""

    partner: Id
    number: Annotated[str, msgspec.Meta(max_length=NUMBER_LETTERS_MAX)]
    points: Points
    proof: Proof = ""


class AskOneExchange(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `exchange_one`. Refused: no_exchange."""

    id: Id


class GiveToFund(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Body of act `give_to_fund`. Refused as an exchange."""

    fund: Id
    points: Points
    proof: Proof = ""


class FundGiven(msgspec.Struct, frozen=True, kw_only=True):
    """What the fund gets for them: for the member, and of the chain's. `changed` false: it was given before."""

    points: int
    kopecks: int
    matched_kopecks: int
    changed: bool
