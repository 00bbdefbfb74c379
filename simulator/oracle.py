"""What must be true, by what cashier, guest and paper were told, and by nothing else.

It shares nothing with the program: plain sums for each member. It is asked at each answer, and at the end, when all
faults are over and every till has told the hub what it had to tell.

Who tells it what: a cashier every answer (`told`); a till that its worker rests, all told and all heard (`synced`), and
what the hub keeps for a receipt (`keeps`); a fault that a clock went wrong (`jumped`), that a disk is gone with what it
had (`lost`), that the hub was put back (`put_back`); a desk away from the tills what a member was told there (`given`,
`merged`, `blocked`); whoever makes a coupon what it is (`made_coupon`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from pos_agent.answers import Reply, ToldReturn, ToldSale
from pos_agent.protocol import BasketLine, Cancel, Code, Command, Pay, Prepare, ReturnGoods, SetBasket
from pos_agent.protocol_cards import BlockCard, UnblockCard
from simulator.broken import Broken
from simulator.goods import Goods
from simulator.rights import Knew, Use, Uses
from simulator.spending import Policy, Spending

LOST: Final = "lost"  # of whom something is known to no till that is there, and to the hub neither
RECORDED: Final = frozenset(("recorded", "no_member", "recorded_before"))
TWICE: Final = "return_recorded_twice"
RETURNED: Final = frozenset(("return_recorded", TWICE, "return_recorded_before"))
KEPT_KOPECKS_MAX: Final = 4  # of a refund, where several tills have rounded; no programme here prices the rest anew
# the latter after a commit that was said to have failed and had not; one that has not heard of the block says so too
FREED: Final = frozenset(("card_is_free", "card_not_blocked"))
NAMED: Final = 2  # letters of a till's name, whichever of its machines it is
BALANCE: Final = re.compile(r"Balance (-?[\d,\N{NO-BREAK SPACE}]+) ")


@dataclass(frozen=True, slots=True)
class Quoted:
    """As it was told last, and what its till knew then."""

    told: ToldSale
    at: datetime
    knew: Knew
    knows_time: bool


@dataclass(frozen=True, slots=True)
class Sold:
    """A paid receipt, by the quote that it was paid under. `since`: when that was told, by a till whose clock was right
    from then on; None: it may have been wrong."""

    till: str
    visit: str
    member: str | None
    told: ToldSale
    at: datetime
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Came:
    """Goods that came back, by the quote under which that was told, and what the hub may put right
    of it (simulator/goods.py)."""

    till: str
    visit: str
    member: str | None
    told: ToldReturn
    at: datetime
    fewer: int = 0
    more: int = 0


@dataclass(slots=True)
class Gift:
    """Points given, or taken, away from the tills; from `ends` on what is left of them is nobody's. `left`: so many are
    at least, whatever they were spent on."""

    points: int
    at: datetime
    begins: datetime
    ends: datetime | None = None
    why: str = ""
    left: int = 0

    def lives(self, at: datetime) -> bool:
        return self.begins <= at and not self.is_dead(at)

    def is_dead(self, at: datetime) -> bool:
        return self.ends is not None and self.ends <= at


@dataclass(slots=True)
class Told:
    """Of one member: points by what happened to them (`fewer` and `more` at most, when the hub has put right what
    several tills gave back of one sale); and who knows: tills that have not told the hub yet (`open`), and when the hub
    last heard of any (`heard`, a number that only grows)."""

    began: int = 0
    earned: int = 0
    spent: int = 0
    restored: int = 0
    clawed: int = 0
    fewer: int = 0
    more: int = 0
    gifts: list[Gift] = field(default_factory=list)
    open: set[str] = field(default_factory=set)
    heard: int = 0

    @property
    def points(self) -> int:
        """But for those that died."""
        given = sum(one.points for one in self.gifts)
        return self.began + self.earned + self.restored + given - self.spent - self.clawed

    def take(self, points: int, at: datetime, *, also_coming: bool = False) -> None:
        """From what dies first, as much as can be: what is left then has died for certain. `also_coming`: from what
        does not live yet, too."""
        mine = [one for one in self.gifts if one.left and (one.lives(at) or (also_coming and one.begins > at))]
        for one in sorted(mine, key=lambda one: (one.ends is None, one.ends or at)):
            part = min(points, one.left)
            one.left -= part
            points -= part

    def dead(self, at: datetime) -> tuple[int, int]:
        """At least, and at most, so many have died by then."""
        gone = [one for one in self.gifts if one.is_dead(at)]
        return sum(one.left for one in gone), sum(one.points for one in gone)


@dataclass(slots=True)
class Oracle:
    """`whose`: the member of a visit, by its name. `count`: of what must happen sometimes (simulator/counters.py)."""

    zone: ZoneInfo
    count: Callable[[str], None]
    whose: dict[str, str] = field(default_factory=dict)
    claims: dict[str, int] = field(default_factory=dict)  # points that a visit's receipt gave somebody afterwards
    members: defaultdict[str, Told] = field(default_factory=lambda: defaultdict(Told))
    sold: dict[str, Sold] = field(default_factory=dict)
    overspent: dict[str, str] = field(default_factory=dict)  # members, and the till at which it came to that
    came: dict[str, Came] = field(default_factory=dict)
    claimants: dict[str, str] = field(default_factory=dict)  # whose a purchase is, by its visit, that was nobody's
    quotes: dict[str, Quoted] = field(default_factory=dict)  # by their ids
    goods: Goods = field(default_factory=Goods)
    into: dict[str, str] = field(default_factory=dict)  # members that are others' now
    gone: dict[str, Sold | Came] = field(default_factory=dict)  # what was lost with a disk, by its quotes
    blind: set[str] = field(default_factory=set)  # tills whose clock went wrong since they heard the hub last
    spending: Spending = field(init=False)
    coupons: dict[str, tuple[str, str, int]] = field(default_factory=dict)  # serial, campaign, uses; by what is scanned
    _shown: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # coupons, by the visit
    _last: dict[str, str] = field(default_factory=dict)  # the quote that a visit was told last
    _begun: dict[str, str] = field(default_factory=dict)  # the visit in which a receipt was begun that is gone on with
    _basket: dict[str, tuple[str, list[tuple[str, str, str]]]] = field(default_factory=dict)  # as a visit told it last
    _refunds: set[str] = field(default_factory=set)  # quotes of returns that were told
    _asked: dict[str, tuple[int, int]] = field(default_factory=dict)  # what was known when a visit said its last first
    _paid_in: dict[str, Sold] = field(default_factory=dict)  # by the visit
    _used: Uses = field(default_factory=Uses)  # coupons, by their serials
    _back: Uses = field(default_factory=Uses)  # refunds in kopecks, by the visit of the sale
    _blocked: Uses = field(default_factory=Uses)  # cards, by their numbers
    _heard: int = 0
    _said: int = 0
    _synced: dict[str, int] = field(default_factory=dict)  # when a till last had told all, and heard all
    _anew: dict[str, int] = field(default_factory=dict)  # when a till began to work from another disk
    _jumped: dict[str, int] = field(default_factory=dict)  # when a till's clock was another all at once
    _stands: dict[str, tuple[str, str]] = field(default_factory=dict)  # till and visit at which a member is served
    _changed_at: datetime | None = None  # when another programme came in force

    def __post_init__(self) -> None:
        self.spending = Spending(self.count)

    # what tills say

    def begins_to_say(self, visit: str) -> None:
        """For the first time: a till that dies before it has answered may have done it by what was known then."""
        self._asked[visit] = self._said, self._heard

    def told(self, till: str, visit: str, command: Command, reply: Reply, at: datetime) -> None:
        """Raises Broken."""
        self._said += 1
        told, returned = reply.told, reply.returned
        if isinstance(command, SetBasket):
            self._basket[visit] = till, _goods(command.lines)
        if isinstance(command, Pay) and reply.code in RECORDED and told is not None:
            self._paid(till, visit, command, told, at)
        elif isinstance(command, Pay) and reply.code.startswith("not_now"):
            self._refused(till, visit, reply)
        elif told is not None and told.limit is not None and told.quote is not None:
            self._last[visit] = told.quote
            is_new = told.quote not in self.quotes  # else it is what was told before
            if is_new or isinstance(command, Prepare):
                self.quotes[told.quote] = Quoted(told, at, self._knew(till), till not in self.blind)
            if is_new:
                self._most(till, visit, told, at)
        if isinstance(command, ReturnGoods) and returned is not None and returned.quote is not None:
            if reply.code in RETURNED:
                self._came_back(till, visit, returned, at, is_kept=reply.code == TWICE)
            elif reply.ok:
                self._refund_told(till, visit, returned, self._said, self._heard)
        if isinstance(command, Code):
            self._scanned(till, visit, command, reply, at)
        if isinstance(command, Cancel) and reply.ok:
            self._leaves(visit)
        if isinstance(command, BlockCard) and reply.code == "card_is_blocked_now" and command.card and not command.look:
            self.blocked(command.card, till)
        if isinstance(command, UnblockCard) and reply.code in FREED and not command.look:
            self.freed(command.card)

    def _knew(self, till: str) -> Knew:
        return Knew(till, self._said, self._synced.get(till, -1))

    def _scanned(self, till: str, visit: str, command: Code, reply: Reply, at: datetime) -> None:
        if reply.code == "coupon_taken" and command.text in self.coupons:
            self._shown[visit].append(command.text)
        if reply.code == "member_found":
            self._arrives(till, visit)
            if self._blocked.of.get(command.text):
                self.count("a blocked card was shown")
            if any(self._blocked.known(command.text, self._knew(till))) and "Balance" in " ".join(reply.say):
                raise Broken("a blocked card is refused", f"{till} takes {command.text}: {reply.text}")
            self._balance(till, visit, reply, at)

    def _arrives(self, till: str, visit: str) -> None:
        member = self._who(self.whose.get(visit)) or ""
        there = self._stands.get(member)
        if there is not None and there[0] != till:
            self.count("a member stood at two tills at once")
        self._stands[member] = (till, visit)

    def _leaves(self, visit: str) -> None:
        member = self._who(self.whose.get(visit)) or ""
        if self._stands.get(member, ("", ""))[1] == visit:
            del self._stands[member]

    def _balance(self, till: str, visit: str, reply: Reply, at: datetime) -> None:
        """A till that knows all that anybody does tells what there is."""
        member = self._who(self.whose.get(visit))
        said = BALANCE.search(" ".join(reply.say) + " ")
        if member is None or said is None or not self._knows(till, member) or till in self.blind:
            return
        self.count("a balance was compared")
        of, points = self.members[member], int(re.sub(r"[^\d-]", "", said[1]))
        least, most = of.dead(at)
        if not of.points - most - of.fewer <= points <= of.points - least + of.more:
            raise Broken("a balance is what was told", f"{till} says {points} of {member}, and it is {of.points}: {of}")

    def _most(self, till: str, visit: str, told: ToldSale, at: datetime) -> None:
        """Nobody is offered what has died, or does not live yet."""
        member = self._who(self.whose.get(visit))
        if told.limit is not None and told.limit.reason is not None:
            self.count(f"a limit for {told.limit.reason}")
        if member is None or told.limit is None or not self._knows(till, member) or till in self.blind:
            return
        of = self.members[member]
        coming = sum(one.left for one in of.gifts if one.begins > at + timedelta(seconds=60))
        most = max(0, of.points - of.dead(at)[0] - coming + of.more)
        if told.limit.points > most or told.redeemed.points > most:
            raise Broken("nobody spends what is dead", f"{till} offers {told.limit} of {member}, who has {most}: {of}")

    def _paid(self, till: str, visit: str, command: Pay, told: ToldSale, at: datetime) -> None:
        if told.quote is None:
            return
        promised, before = self.quotes.get(told.quote), self.sold.get(told.quote)
        if before is not None:
            self.count("a paid receipt was told again")
            self._same("told again is the same", before.told, told)
            mine = self._basket.get(visit)
            if before.visit != visit and mine is not None and mine != self._basket.get(before.visit, mine):
                raise Broken("a number is not a receipt", f"{till} says that {visit} was paid, and tells {before}")
            last = self.quotes.get(self._last.get(visit, ""))
            if before.visit != visit and last is not None:  # another receipt, under a number that was taken
                self._same("told again is the same", last.told, told)
            return
        if promised is not None:
            self._same("what was told is recorded", promised.told, told)
            self._meanwhile(promised, at)
        self._leaves(visit)
        asked = command.quote or self._last.get(visit)
        if asked is not None and told.quote != asked and asked not in self.sold:
            raise Broken("what was told is recorded", f"{asked} was told to {visit}, and {told} is recorded")
        knew = promised.knew if promised is not None else self._knew(till)
        member = self._who(self.whose.get(visit))
        is_right = promised is not None and promised.knows_time and promised.knew.number > self._jumped.get(till, -1)
        since = promised.at if promised is not None and is_right else None
        self._moved(till, Sold(till, visit, member, told, at, since))
        self.goods.sold(visit, told)
        self._paid_in[visit] = self.sold[told.quote]
        self._use_coupons(till, visit, told, knew)
        if member is not None and told.redeemed.points and promised is not None:
            day, knows = self.day(promised.at), promised.knows_time
            self.spending.spent(till, member, told.redeemed.points, promised.at, day, knows_time=knows)
        if member is not None and told.redeemed.points:
            self._has_paid(till, member, at)

    def goes_on(self, visit: str, name: str) -> None:
        """Somebody comes back to his receipt."""
        self._begun[name] = visit

    def _refused(self, till: str, visit: str, reply: Reply) -> None:
        """The money has been given for what was told: that is a fact, whatever happened to the till meanwhile."""
        last = self._last.get(visit) or self._last.get(self._begun.get(visit, ""), "")
        promised = self.quotes.get(last)
        if promised is None or promised.told.quote in self.sold:
            return
        if promised.knew.till != till or promised.knew.number <= self._anew.get(till, 0):
            return  # another disk has it, and is not there
        raise Broken("a payment is a fact", f"{till} does not take {visit} for paid: {reply.text}")

    def _has_paid(self, till: str, member: str, at: datetime) -> None:
        """What the hub keeps for one receipt it keeps for no other: a member owes what was spent without its word."""
        of, may_owe = self.members[member], self.may_owe(member, at)
        if -of.points > may_owe:
            raise Broken("points are kept for one receipt", f"{member} owes {-of.points}, {may_owe} by himself: {of}")
        if of.points < 0:
            self.overspent[member] = till

    def may_owe(self, member: str, at: datetime) -> int:
        """So many points were spent without the hub's word, or were taken from him whatever it kept for a receipt."""
        of = self.members[member]
        return self.spending.unkept(member, at) + of.clawed + of.fewer - sum(min(0, one.points) for one in of.gifts)

    def _meanwhile(self, promised: Quoted, at: datetime) -> None:
        """Between saying and paying."""
        if self.day(promised.at) != self.day(at):
            self.count("midnight came between telling and paying")
        if self._changed_at is not None and promised.at < self._changed_at <= at:
            self.count("the programme changed between telling and paying")
        if not promised.knows_time:
            self.count("a till sold by a wrong clock")
        if promised.knew.synced != self._synced.get(promised.knew.till, -1):
            self.count("news came between telling and paying")

    def _same(self, invariant: str, one: ToldSale, other: ToldSale) -> None:
        if _sums(one) != _sums(other):
            raise Broken(invariant, f"{one.quote}: {_sums(one)}, and then {_sums(other)}")

    def _use_coupons(self, till: str, visit: str, told: ToldSale, knew: Knew) -> None:
        """A right is used up, and whoever knows so does not honour it again."""
        assert told.quote is not None
        for text in self._shown.pop(visit, ()):
            serial, campaign, uses = self.coupons[text]
            if not any(one.campaign == campaign and one.refusal is None for one in told.coupons):
                continue
            known = list(self._used.known(serial, knew))
            if len(known) >= uses:
                raise Broken("a right is used up once", f"{till} honours {serial} under {told.quote}, after {known}")
            if len(self._used.of[serial]) >= uses:
                self.count("a coupon was honoured twice where nobody could know")
            self._used.used(serial, Use(till, self._said, told.quote))

    def _came_back(self, till: str, visit: str, told: ToldReturn, at: datetime, *, is_kept: bool) -> None:
        """`is_kept`: only because it was promised; what is left of the other lines may come back besides."""
        if told.quote is None or told.quote in self.came:
            self.count("a return was told again")
            return
        if told.quote not in self._refunds:
            self._refund_told(till, visit, told, *self._asked.get(visit, (self._said, self._heard)))
        sale = self.goods.back_of.get(visit, "")
        back = self.goods.came(f"{till}/{self._anew.get(till, 0)}", visit, told)
        if (told.coupons or self.goods.is_back(sale)) and sale in self._paid_in:
            self.coupon_back(self._paid_in[sale].told.quote or "")
        if self.goods.is_back(sale) and self.goods.is_of_several(sale):
            self.count("a receipt came back whole, at several tills")
        self._back.used(sale, Use(till, self._said, told.quote, 0 if is_kept else back.kopecks))
        member = self._who(self.whose.get(visit) or self.claimants.get(sale))
        self._moved(till, Came(till, visit, member, told, at, back.fewer + self._unheard(sale, told), back.more))
        if member is not None:
            self.spending.came_back(member, told.restored, told.day)

    def _refund_told(self, till: str, visit: str, told: ToldReturn, said: int, heard: int) -> None:
        """So much would be given back, or is: no more than was paid, less what has come back as far as is known here by
        then; a till that has not sold it has asked the hub."""
        assert told.quote is not None
        self._refunds.add(told.quote)
        sale = self._paid_in.get(self.goods.back_of.get(visit, ""))
        if sale is None:
            return
        is_own = sale.till[:NAMED] == till[:NAMED]
        if not is_own:
            self.count("goods were brought to another till")
        knew = Knew(till, said, -1 if is_own else heard)
        before = sum(use.amount for use in self._back.known(sale.visit, knew))
        if before + _kopecks(told.refund) > _kopecks(sale.told.total):
            raise Broken(
                "goods come back once", f"{till} gives {told.refund} for {sale}, of which {before} kopecks came back"
            )
        if _kopecks(told.withheld) > KEPT_KOPECKS_MAX:
            raise Broken("what was paid comes back", f"{till} keeps {told.withheld} of {sale}: {told}")
        if told.restored > sale.told.redeemed.points or told.clawed_back > sale.told.accrued.points + self.claims.get(
            sale.visit, 0
        ):
            raise Broken("goods come back once", f"{till} moves more points than {sale}: {told}")

    def _moved(self, till: str, one: Sold | Came) -> None:
        assert one.told.quote is not None
        if isinstance(one, Sold):
            self.sold[one.told.quote] = one
        else:
            self.came[one.told.quote] = one
        self._count(one, 1)
        if one.member is not None:
            of = self.members[one.member]
            of.open.add(till)
            if len(of.open) > 1:
                self.count("two tills had something of one member to tell")
            if of.points < 0:
                self.count("a member owed points")

    def _knows(self, till: str, member: str) -> bool:
        """All that anybody was told of him."""
        of = self.members[member]
        return of.open <= {till} and of.heard <= self._synced.get(till, -1)

    def has_told_all(self, till: str) -> bool:
        return not any(till in of.open for of in self.members.values())

    def now_heard(self) -> int:
        """What is told by tills from now on is told with greater numbers."""
        return self._heard

    def stands(self, member: str) -> str:
        """Whoever he has gone into."""
        return self._who(member) or member

    def _who(self, member: str | None) -> str | None:
        while member in self.into:
            member = self.into[member]
        return member

    def day(self, at: datetime) -> str:
        """Of the shops."""
        return at.astimezone(self.zone).date().isoformat()

    # what happens to tills

    def synced(self, till: str, at: datetime) -> None:
        """It has told the hub all, and has heard all that the hub had to tell."""
        self.spending.synced(till, at)
        for member in [one for one, where in self.overspent.items() if where == till and self.members[one].points >= 0]:
            del self.overspent[member]  # the hub may have heard first of what he has got since
        self._heard += 1
        self.blind.discard(till)
        for of in self.members.values():
            if till in of.open:
                of.open.discard(till)
                of.heard = self._heard
        for uses in (self._used, self._back, self._blocked):
            uses.synced(till, self._heard)
        self._synced[till] = self._heard

    def heard(self, till: str, at: datetime) -> None:
        """A page of the hub's news."""
        self.spending.news[till] = at

    def keeps(self, till: str, member: str, points: int, until: datetime, at: datetime) -> None:
        """The hub keeps points for a receipt, and the till has heard so."""
        self.spending.keeps(till, self.stands(member), points, until, at)

    def in_force(
        self, receipt_max: int | None, day_max: int | None, age_max: timedelta, at: datetime | None = None
    ) -> None:
        """What a programme lets be spent without a connection, from a moment on."""
        self.spending.policies.append(Policy(receipt_max, day_max, age_max))
        self._changed_at = at

    def forgot(self, till: str) -> None:
        """Its power went: what it heard of the hub it may have to hear again, and what it told last in a visit to tell
        again, to a POS that names no quote."""
        self._synced.pop(till, None)
        self.forgot_what_it_told(till)
        self.jumped(till)  # by what it had learned of its clock, perhaps

    def forgot_what_it_told(self, till: str) -> None:
        """In the visits that stand there."""
        for visit in [one for one, quote in self._last.items() if self.quotes[quote].knew.till == till]:
            self._last.pop(visit)
        self._forget_baskets(till)

    def _forget_baskets(self, till: str) -> None:
        """Whatever stands there has begun anew."""
        for visit in [one for one, (where, _) in self._basket.items() if where == till]:
            del self._basket[visit]

    def copied(self, till: str, copy: str) -> None:
        """A second machine has its disk, and knows how far the first one's clock is off."""
        self.spending.copied(till, copy)
        self.jumped(copy)

    def jumped(self, till: str) -> None:
        """Its clock is another all at once: what it says of times stands again when it has heard the hub."""
        self.blind.add(till)
        self._jumped[till] = self._said

    def _count(self, one: Sold | Came, times: int) -> None:
        """What it moved, or what it did not."""
        if one.member is None:
            return
        of = self.members[self.stands(one.member)]
        if isinstance(one, Sold):
            of.earned += times * one.told.accrued.points
            of.spent += times * one.told.redeemed.points
            of.take(one.told.redeemed.points, one.at)
        else:
            of.restored += times * one.told.restored
            of.clawed += times * one.told.clawed_back
            of.fewer += times * one.fewer
            of.more += times * one.more
            of.take(one.told.clawed_back, one.at, also_coming=True)

    def lost(self, till: str, quotes: Iterable[str], untold: Iterable[str] = ()) -> None:
        """A disk is gone, and with it what nobody else had: sales and returns, by the quotes in their bodies. `untold`:
        of these members it has something left, which others hear when the till has told it."""
        for quote in quotes:
            for kept in (self.sold, self.came):
                one = kept.pop(quote, None)
                if one is not None:
                    self.gone[quote] = one
                    self._count(one, -1)
                    if one.member is not None:  # it may be on its way still: of him nothing is compared any more
                        self.members[self.stands(one.member)].open.add(LOST)
            self._used.undone(quote)
            self._back.undone(quote)
        self._heard += 1
        left = set(map(self.stands, untold))
        for member, of in self.members.items():
            if till in of.open and member not in left:
                of.open.discard(till)
                of.heard = self._heard
        self.spending.forget(till)
        self._blocked.lost(till)
        self._anew[till] = self._said
        self._forget_baskets(till)
        self.jumped(till)  # by what it had learned of its clock, perhaps
        for uses in (self._used, self._back, self._blocked):
            uses.forgotten(till)
        self._synced.pop(till, None)

    def found_again(self, quotes: Collection[str]) -> None:
        """What was taken for lost was on its way still, and has come."""
        for quote in [quote for quote in self.gone if quote in quotes]:
            one = self.gone.pop(quote)
            self._count(one, 1)
            if isinstance(one, Sold):
                self.sold[quote] = one
            else:
                self.came[quote] = one

    # what happens away from the tills

    def asks(self, member: str, matter: str) -> None:
        """Somebody has begun to ask the hub of him: until that is answered the hub may know more than he was told."""
        self.members[self.stands(member)].open.add(matter)

    def answered(self, matter: str) -> None:
        self._heard += 1
        for of in self.members.values():
            if matter in of.open:
                of.open.discard(matter)
                of.heard = self._heard

    def given(
        self,
        member: str,
        points: int,
        at: datetime,
        *,
        begins: datetime | None = None,
        ends: datetime | None = None,
        why: str = "",
    ) -> None:
        """So many points more, or less, by the hub's own word; they live from `begins` until `ends`."""
        of = self.members[self.stands(member)]
        is_sure = points > 0 and of.points >= 0 and of.open <= {why}  # else it pays a debt, perhaps
        if points < 0:
            of.take(-points, at, also_coming=True)
        of.gifts.append(Gift(points, at, begins or at, ends, why, left=points if is_sure else 0))
        self._heard += 1
        of.heard = self._heard

    def claimed(self, visit: str, member: str) -> None:
        """A purchase of nobody is his. A till may have heard so before he did, and have taken points back already."""
        self.claimants[visit] = member
        for one in list(self.came.values()):
            if one.member is None and self.goods.back_of.get(one.visit) == visit:
                self._moved(one.till, replace(one, member=member, fewer=one.fewer + self._unheard(visit, one.told)))

    def _unheard(self, sale: str, told: ToldReturn) -> int:
        """Points of a claim, or of a card that nobody knew, which a till may not know of and the hub takes back by
        itself."""
        due, sold = self.claims.get(sale, 0) if sale in self.claimants else 0, self._paid_in.get(sale)
        if sold is not None and self.was_of_a_stranger(sold):
            due = max(due, sold.told.accrued.points)
        return max(0, due - told.clawed_back)

    def was_of_a_stranger(self, sold: Sold) -> bool:
        """Its till did not know the card."""
        quoted = self.quotes.get(sold.told.quote or "")
        limit = quoted.told.limit if quoted is not None else None
        return limit is not None and limit.reason == "stranger"

    def merged(self, member: str, into: str) -> None:
        """Two are one."""
        if member in self._stands:
            self.count("a member became another's while he was served")
        of, other = self.members.pop(member), self.members[self.stands(into)]
        self.into[member] = into
        self.spending.merged(member, self.stands(into))
        other.began += of.began
        other.earned += of.earned
        other.spent += of.spent
        other.restored += of.restored
        other.clawed += of.clawed
        other.fewer += of.fewer
        other.more += of.more
        other.gifts += of.gifts
        other.open |= of.open
        self._heard += 1
        other.heard = self._heard

    def blocked(self, card: str, till: str = "") -> None:
        """No till: by the office, and the hub knows."""
        if not till:
            self._heard += 1
        self._blocked.used(card, Use(till, self._said, "", told=None if till else self._heard))

    def freed(self, card: str) -> None:
        self._blocked.of.pop(card, None)

    def made_coupon(self, text: str, serial: str, campaign: str, uses: int = 1) -> None:
        """What is scanned or typed, and what it is."""
        self.coupons[text] = (serial, campaign, uses)

    def honoured_beyond(self) -> list[str]:
        """Coupons, by their serials, that were honoured more often than they may be."""
        uses = {serial: uses for serial, _, uses in self.coupons.values()}
        return sorted(serial for serial, of in self._used.of.items() if len(of) > uses.get(serial, 1))

    def coupon_back(self, quote: str) -> None:
        """The goods came back, and so did the rights that this paid quote had used up."""
        self._used.undone(quote)

    def _before_its_sale(self) -> None:
        """A hub that was put back may hear of goods that came back at another till before it hears of their sale: their
        points move when its job has found both."""
        for quote, one in self.came.items():
            sale = self._paid_in.get(self.goods.back_of.get(one.visit, ""))
            if sale is None or sale.till == one.till or one.member is None:
                continue
            fewer, more = one.told.restored, one.told.clawed_back
            of = self.members[self.stands(one.member)]
            of.fewer += fewer
            of.more += more
            self.came[quote] = replace(one, fewer=one.fewer + fewer, more=one.more + more)

    def put_back(self, since: datetime, tills: Collection[str]) -> None:
        """The hub has forgotten what was given since then; what these tills told it they tell again."""
        self._heard += 1
        self._synced.clear()
        for of in self.members.values():
            of.gifts = [one for one in of.gifts if one.at < since]
            of.heard = self._heard
        self._before_its_sale()
        told: list[Sold | Came] = [*self.sold.values(), *self.came.values()]
        for one in told:
            if one.member is not None and one.till in tills:
                self.members[self.stands(one.member)].open.add(one.till)
        for uses in (self._used, self._back, self._blocked):
            uses.put_back(tills)


def _kopecks(rubles: str) -> int:
    return int(Decimal(rubles) * 100)


def _sums(told: ToldSale) -> tuple[object, ...]:
    lines = [(line.id, line.net) for line in (*told.lines, *told.extras)]
    return (told.to_pay, told.redeemed.points, told.accrued.points, lines)


def _goods(lines: Iterable[BasketLine]) -> list[tuple[str, str, str]]:
    return [(line.id, line.price, line.quantity) for line in lines]
