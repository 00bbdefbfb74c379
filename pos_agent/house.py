"""What a checkout is built of: the same for every command."""

from __future__ import annotations

import logging
import secrets
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal, Protocol, Required, TypedDict

from config.law import load_law, load_tags
from config.shelf import Shelf
from loyalty.bodies import SaleNumber
from loyalty.fiscal_tags import FiscalTags
from loyalty.goods import NO_GOODS, KnowsGoods
from loyalty.least_price import LeastPrice
from loyalty.operation import zone_of
from loyalty.programme import Language, Programme
from offline_cache.audit import AuditLog
from offline_cache.cache import Cache
from offline_cache.told_quotes import ToldQuotes
from pos_agent.errands import Asking, Errand
from pos_agent.guesses import Guesses
from pos_agent.in_force import InForce, OwnProgrammes, in_force
from pos_agent.inquiry import Inquiry
from pos_agent.proof import Why
from pos_agent.staff.staff import Staff
from pos_agent.visit import HoldsAt, Visit
from storage.sqlite_file import FileError

log = logging.getLogger(__name__)

CLOCK_TOLERANCE_S = 300  # a clock further off is told to the cashier, and stands in the operation
UNFAMILIAR_MAX = 100  # names of one POS; one that makes up new ones all day is told no more
NOBODYS_MAX = 200  # cards of a day that the hub knows nobody of
QUOTES_IN_MEMORY_MAX = 200  # of a day, when the second file cannot be written


@dataclass(frozen=True, slots=True, kw_only=True)
class SalePaper:
    """How a customer reads what a sale did to his points: on a paper of ours, or at the end of the POS's receipt."""

    kind: Literal["receipt", "tail"] = "receipt"
    lines: bool = False  # the goods and their sum on our paper too
    tail_width: int = 32  # columns
    claims: bool = True  # a sale of nobody says that its points wait, where the programme wants it to


SHIPPED = SalePaper()


class CashDrawer(Protocol):
    """The drawer that hangs on the printer."""

    @property
    def is_there(self) -> bool:
        """Whether such a printer opens one."""

    def why_not(self, language: Language) -> str | None:
        """Why it cannot be opened now, for the cashier; None: it can."""


def new_quote_id() -> str:
    return secrets.token_hex(6)


def new_hold_id() -> str:
    return secrets.token_hex(10)  # other tills' are known by the same kind of id


def nowhere() -> HoldsAt | None:
    return None


def proven() -> Why | None:
    return None


def told_to_nobody(errand: Errand) -> None:
    """Where there is no hub's desk."""


def heard_by_nobody(visits: Sequence[Visit]) -> None:
    """Where the shop's tills do not ask each other."""


class Room(Protocol):
    """What is left on the disk for what will be recorded."""

    def little_mb(self) -> int | None:
        """So little is left that the next sale may find no room; None: it does."""

    def make_room(self, error: FileError) -> bool:
        """Something could not be written: is there room now to try it once more?"""


class Choices(TypedDict, total=False):
    """What a till's settings choose of a house; without a default: the two languages and the link."""

    language: Required[Language]
    receipt_language: Required[Language]
    is_online: Required[Callable[[], bool]]
    unproven: Callable[[], Why | None]
    told: ToldQuotes | None
    disk: Room | None
    paper: SalePaper
    sales: Literal["all", "rights"]
    clock_tolerance_s: int
    quote_max_age: timedelta
    idle: timedelta
    retell: timedelta
    new_id: Callable[[], str]
    new_turn: Callable[[], str]
    new_hold: Callable[[], str]
    reserves_at: Callable[[], HoldsAt | None]
    open_receipts: Callable[[Sequence[Visit]], None]
    goods: KnowsGoods
    balance_by_phone: bool
    drawer: CashDrawer | None
    prints: bool
    inquire: Callable[[Inquiry], None] | None
    before: Programme | None
    guesses: Guesses | None
    staff: Staff | None
    audit: AuditLog | None
    tells_hub: Callable[[Errand], None]


@dataclass(slots=True, kw_only=True)
class House:
    """`programme`: what the settings name, `before`: what they named before. `sales`: which receipts without a member
    are recorded: all, or only those that use a right up. `new_id` makes ids of quotes, `new_turn` of visits, `new_hold`
    of what is reserved. `retell`: so long a number without day and shift means the same sale. `reserves_at`: who
    reserves points at this moment, if anybody; `open_receipts` hears of all receipts after each change, and so what
    they hold."""

    cache: Cache
    programme: Programme
    language: Language  # the cashier's
    receipt_language: Language  # the customer's
    is_online: Callable[[], bool]
    unproven: Callable[[], Why | None] = proven  # why the till may be a copy of another
    told: ToldQuotes | None = None
    disk: Room | None = None  # None: nobody looks how full it is
    paper: SalePaper = SHIPPED
    sales: Literal["all", "rights"] = "all"
    clock_tolerance_s: int = CLOCK_TOLERANCE_S
    quote_max_age: timedelta = timedelta(minutes=30)
    idle: timedelta = timedelta(minutes=30)
    retell: timedelta = timedelta(hours=12)
    new_id: Callable[[], str] = new_quote_id
    new_turn: Callable[[], str] = new_quote_id
    new_hold: Callable[[], str] = new_hold_id
    reserves_at: Callable[[], HoldsAt | None] = nowhere
    open_receipts: Callable[[Sequence[Visit]], None] = heard_by_nobody
    shelf: Shelf = field(init=False)  # every programme that operations here were made under
    goods: KnowsGoods = NO_GOODS
    balance_by_phone: bool = False  # is the balance told to whoever knows the phone
    drawer: CashDrawer | None = None  # None: there is no printer
    prints: bool = True  # False: no paper is made that would wait for a printer which is not there
    inquire: Callable[[Inquiry], None] | None = None  # asks the hub; what it says comes back as an event
    before: Programme | None = None
    guesses: Guesses | None = None  # None: whoever types may try as many numbers as he likes
    staff: Staff | None = None  # None: nobody signs in here
    audit: AuditLog | None = None  # None: who did what is written nowhere
    tells_hub: Callable[[Errand], None] = told_to_nobody  # of its desk, where nobody waits for what it says
    least_prices: tuple[LeastPrice, ...] = field(default_factory=load_law)
    fiscal_tags: tuple[FiscalTags, ...] = field(default_factory=load_tags)
    visits: tuple[Visit, ...] = ()  # that are open, the one in front first
    told_balance: tuple[SaleNumber, int] | None = None  # what was said with the last sale that has one
    coupons_asked: dict[str, Asking] = field(default_factory=dict)  # by the command's key: of which the hub is asked
    _quotes: OrderedDict[str, bytes] = field(default_factory=OrderedDict)
    _nobodys: OrderedDict[str, datetime] = field(default_factory=OrderedDict)
    _said_on: dict[str, date] = field(default_factory=dict)
    _unfamiliar: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.shelf = Shelf(self.cache.programmes.source)

    def in_force(self, now: datetime) -> InForce:
        """Under which programme this till is at a (corrected) moment."""
        return in_force(self.cache, self.shelf, OwnProgrammes(self.programme, self.before), now)

    def programme_at(self, now: datetime) -> Programme:
        return self.in_force(now).programme

    def keep_quote(self, id: str, pos: str, quote: bytes, at: datetime) -> None:
        """A promise. The second file outlives the process; a disk that cannot be written stops no sale."""
        self._quotes[id] = quote
        while len(self._quotes) > QUOTES_IN_MEMORY_MAX:
            self._quotes.popitem(last=False)
        if self.told is not None:
            with suppress(FileError):
                self.told.keep(id, pos, quote, at)

    def keep_receipts(self, visits: Sequence[Visit], written: Callable[[], list[bytes]]) -> None:
        """All that are open, after a change; a disk that cannot be written stops no sale. They are written before
        anybody hears what has ended: a till that dies now is back with what is written."""
        self.visits = tuple(visits)
        if self.told is not None:
            with suppress(FileError):
                self.told.keep_visits(written())
        self.open_receipts(visits)

    def first_today(self, code: str, day: date) -> bool:
        """Whether the cashier is to hear of it: once a day, for it is kept with every sale."""
        first, self._said_on[code] = self._said_on.get(code) != day, day
        return first

    def guessed(self, number: str, now: datetime) -> int:
        """Somebody typed it to find a member, and nobody has it: so many of this day; 0: it is counted already, or
        nobody counts."""
        pause = self.guesses.note(number, now) if self.guesses is not None else None
        if pause is None:
            return 0
        if pause:
            log.warning("Many unknown numbers were typed: none is looked up for %s s.", pause)
        with suppress(FileError):
            return self.cache.shifts.note_guess(self._today(now))
        return 0

    def _today(self, now: datetime) -> str:
        """By the clock of the store."""
        zone = zone_of(self.cache.store, self.programme_at(now).timezone)
        return now.astimezone(zone).date().isoformat()

    def note_nobodys(self, card: str, at: datetime) -> None:
        """The hub has said that nobody has it."""
        self._nobodys[card] = at
        self._nobodys.move_to_end(card)
        while len(self._nobodys) > NOBODYS_MAX:
            self._nobodys.popitem(last=False)

    def nobodys_since(self, card: str) -> datetime | None:
        """When the hub said last that nobody has it."""
        return self._nobodys.get(card)

    def newly_unfamiliar(self, pos: str, names: set[str]) -> set[str]:
        """Of these names of a line's fields, those that this POS had not told yet."""
        known = self._unfamiliar.setdefault(pos, set())
        fresh = names - known if len(known) < UNFAMILIAR_MAX else set()
        known |= fresh
        return fresh

    def find_quote(self, id: str) -> bytes | None:
        found = self._quotes.get(id)
        if found is None and self.told is not None:
            with suppress(FileError):
                found = self.told.find(id)
        return found
