"""All that is kept of a member, for him; and the end of it: acts `mine`, `mine_acts`, `leaving`, `leave`, `gone`."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from loyalty.programme import Language
from sync.account.card_orders import OrderTold
from sync.account.connect import ConnectedShop
from sync.account.messages import MessageHere
from sync.account.profile import ProofId
from sync.account.tickets import TicketTold

MEMBERS_MAX = 500


class AskMine(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `mine`: says nothing."""


class CardMine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    number: str
    status: str
    replaced_by: str = ""


class LotMine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`expires_at` "": no end; `last_day`: on which they can be spent, by the programme's clock."""

    granted: int
    left: int
    active_from: str
    expires_at: str = ""
    last_day: str = ""


class ConsentMine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    what: str
    given_at: str
    document: str = ""
    source: str
    withdrawn_at: str = ""


class CodeMine(msgspec.Struct, frozen=True, kw_only=True):
    """A code that was sent to him lately: never its digits."""

    at: str
    purpose: str
    to: str


class Mine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """But for his operations, which come in parts."""

    member: str
    programme: str
    at: str
    registered: bool
    points: int
    debt: int = 0
    name: str = ""
    phone: str = ""
    email: str = ""
    birthday: str = ""
    favourites: tuple[str, ...] = ()
    stickers: int = 0
    cards: tuple[CardMine, ...] = ()
    lots: tuple[LotMine, ...] = ()
    consents: tuple[ConsentMine, ...] = ()
    codes: tuple[CodeMine, ...] = ()
    messages: tuple[MessageHere, ...] = ()
    card_orders: tuple[OrderTold, ...] = ()
    tickets: tuple[TicketTold, ...] = ()
    shops: tuple[ConnectedShop, ...] = ()


class AskActs(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`after`: how many he has already; `language`: of the words."""

    after: Annotated[int, msgspec.Meta(ge=0)] = 0
    language: Language = "ru"


class ActMine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One operation: when, in words, what it did to his points; and as it is kept, but for who in the shop did it and
    why."""

    at: str
    kind: str
    words: str
    points: int = 0
    kopecks: int = 0
    kept: dict[str, Any]


class ActsMine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Oldest first. `more`: there are others behind them."""

    acts: tuple[ActMine, ...] = ()
    more: bool = False


class AskLeaving(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `leaving`: says nothing."""


class Leaving(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What goes with him: `points` that he could still spend, `until` their last day ("": they had no end), cards that
    are good now, consents that stand. `held`: points on a receipt that is being made out just now."""

    points: int = 0
    until: str = ""
    cards: int = 0
    consents: int = 0
    held: int = 0
    has_phone: bool = True


class Leave(msgspec.Struct, frozen=True, kw_only=True):
    """`proof`: of a code for `confirm`. Refused: code_not_proved, points_held."""

    proof: ProofId


class AskGone(msgspec.Struct, frozen=True, kw_only=True):
    """Who of these is erased, or is nobody of this programme: whoever keeps something of him forgets it."""

    members: Annotated[tuple[str, ...], msgspec.Meta(max_length=MEMBERS_MAX)]


class Gone(msgspec.Struct, frozen=True, kw_only=True):
    members: tuple[str, ...]
