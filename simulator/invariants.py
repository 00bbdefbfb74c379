"""What must hold, looked at in the hub's books and the tills' files; what people were told is the oracle's.

Each has a name, and says what does not hold. Those of `NOW` are cheap and are looked at every few hours, those of
`AT_THE_END` once, when all is healed and told. Numbers in brackets: of the notes on reliability.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from hub.audit.verify import verify
from hub.store.errors import StoreOff
from hub.store.records import ChainEnd, ChainKey, HoldRow, Place
from loyalty.bodies import Return, Sale, SaleClaimed
from loyalty.kinds import maker_of, name_of
from loyalty.lots import active_points, balance
from loyalty.money import format_kopecks
from loyalty.operation import Key
from pos_agent.answers import ToldSale
from simulator import albums, papers, undone
from simulator.books import TOO_MUCH, UNKNOWN_SALE, Books, One
from simulator.broken import Broken
from simulator.oracle import LOST
from sync.hub_port import HubUnreachable
from sync.protocol import OperationAnswer

if TYPE_CHECKING:
    from hub.hub import Hub
    from simulator.till import ChainTill
    from simulator.world import World

LOOKS_EVERY_S: Final = 2 * 3_600.0
ENDS_WITHIN: Final = timedelta(hours=1)  # after its end; the hub looks for such every ten minutes
ANSWERED_WITHIN_S: Final = 3 * 3_600.0  # nobody stands at a till for longer, whatever befell it: faults last an hour
CLOCKS_APART: Final = timedelta(minutes=2)  # a till's that has heard the hub, and the moment
BEYOND: Final = "certificate_beyond"  # kinds of cases
TWICE: Final = "coupon_twice"
BACK_TWICE: Final = "came_back_twice"
BATCH: Final = 100  # operations told again at once
FAULTS_SAID: Final = 3  # of one kind: the first say enough


@dataclass
class Seen:
    """What was seen before, and must be so still. `answers`: of the hub, by chain, identity and hash."""

    epoch: str = ""
    ends: dict[ChainKey, int] = field(default_factory=dict)
    answers: dict[tuple[str, int, int, str], tuple[str, str | None]] = field(default_factory=dict)

    def answered(self, till: str, epoch: str, answers: Sequence[OperationAnswer]) -> int:
        """[I2] How many were answered before. Raises Broken."""
        before = 0
        if epoch != self.epoch:  # the ledger was put back, and it answers anew what it has forgotten
            self.answers.clear()
            self.ends.clear()
            self.epoch = epoch
        for one in answers:
            key, said = (till, one.generation, one.sequence, one.hash), (one.result, one.reason)
            before += key in self.answers
            if self.answers.setdefault(key, said) != said:
                raise Broken("an answer is for ever", f"{key[:3]}: {self.answers[key]}, and then {said}")
        return before


class Held(NamedTuple):
    """What must hold."""

    name: str
    faults: Callable[[World], Iterator[str]]


class InBooks(NamedTuple):
    """Likewise, of the hub's books at the end."""

    name: str
    faults: Callable[[World, Books], Iterator[str]]


def look(world: World) -> None:
    """At some moment. Raises Broken."""
    with world.hub.drive.spared():
        for held in NOW:
            _none(held.name, held.faults(world))


def check_at_the_end(world: World) -> None:
    """When everything is healed. Raises Broken."""
    for held in (RUNS, *NOW, *HEALED):
        _none(held.name, held.faults(world))
    with world.hub.hub.store.reading() as reader:
        books = Books(reader)
    _count(world, books)
    world.oracle.found_again(books.sold.keys() | books.came.keys())
    for end in AT_THE_END:
        _none(end.name, end.faults(world, books))
    _none("an answer is for ever", _answers_for_ever(world, books))


def _count(world: World, books: Books) -> None:
    """What there is in the end, of what must be sometimes."""
    for case in books.cases:
        world.count(f"case {case.kind}")
    for one in books.applied:
        world.count(f"kind {name_of(one.operation.body)}")
    for what, there in (
        ("points died unspent", books.died),
        ("a sale was taken up when its card came", books.taken_up),
        ("a member owes points in the end", books.debts),
        ("the hub put right what tills could not know", +books.corrected or -books.corrected),
    ):
        if there:
            world.count(what)


def _none(name: str, faults: Iterator[str]) -> None:
    found = [fault for fault, _ in zip(faults, range(FAULTS_SAID), strict=False)]
    if found:
        raise Broken(name, "; ".join(found))


# at any moment


def _counters_grow(world: World) -> Iterator[str]:
    """[I9] What counts, counts up: a chain's end at the hub, the ledger's epoch, a till's generation."""
    seen = world.seen
    try:
        epoch, ends = world.hub.ask(lambda hub: (hub.epoch, _ends(world, hub)))
    except (HubUnreachable, StoreOff):
        return
    seen.answered("", epoch, ())
    for end in ends:
        if end.sequence < seen.ends.get(end.key, 0):
            yield f"the hub had {end.chain}/{end.generation} up to {seen.ends[end.key]}, and has it to {end.sequence}"
        seen.ends[end.key] = end.sequence


def _ends(world: World, hub: Hub) -> list[ChainEnd]:
    with hub.store.reading() as reader:
        return list(reader.ends_of(list(world.tills)))


def _answered_in_time(world: World) -> Iterator[str]:
    """[I11] Nobody waits at a till for longer."""
    for name, cashier in world.cashiers.items():
        waits = cashier.waits_since_s
        if waits is not None and world.moments.now_s - waits > ANSWERED_WITHIN_S:
            yield f"somebody stands at {name} since {waits:.0f}"


def _kept_is_there(world: World) -> Iterator[str]:
    """[I8] Of nobody more points are kept for receipts than he has. A hub whose disk fails is looked at later."""
    try:
        found = world.hub.ask(lambda hub: list(_kept(world, hub)))
    except (HubUnreachable, StoreOff):
        return
    yield from found


def _kept(world: World, hub: Hub) -> Iterator[str]:
    now = world.moments.now
    with hub.store.reading() as reader:
        holds = [hold for hold in reader.all_holds() if hold.holds_at(now)]
    kept: Counter[str] = Counter()
    for hold in holds:
        kept[hold.member] += hold.points
    for member, points in kept.items():
        active = active_points(hub.account(member, now), now)
        who = world.oracle.stands(member)
        may_owe, died = world.oracle.may_owe(who, now), world.oracle.members[who].dead(now)[1]
        if points > active + may_owe + died:
            yield f"{points} are kept of {member}, who has {active}; {may_owe} may be owed, {died} have died"
    yield from _kept_for_nobody(world, holds)


def _kept_for_nobody(world: World, holds: Sequence[HoldRow]) -> Iterator[str]:
    """A till that has told all keeps for the receipts that stand there."""
    for hold in holds:
        till = world.tills.get(hold.till)
        if till is None or not till.is_up or till.run > 1 or till.copies or not world.oracle.has_told_all(till.disk):
            continue
        if till.told_in_memory:  # its disk has failed: what it did not take of a hold's end ends by itself
            continue
        if till.cache.outbox_length() or not till.worker.state.online:
            continue
        if hold.hold not in _held_at(till):
            yield f"{hold.points} of {hold.member} are kept under {hold.hold}, for no receipt"


def _held_at(till: ChainTill) -> set[str]:
    """By the receipts that stand there."""
    found: set[str] = set()
    for visit in till.checkout.receipts.visits:
        hold = visit.hold
        while hold is not None:
            found.add(hold.id)
            hold = hold.besides
        if visit.reserving is not None:
            found.add(visit.reserving.id)
    return found


NOW: Final = (
    Held("counters grow", _counters_grow),
    Held("all is answered in time", _answered_in_time),
    Held("what is kept is there", _kept_is_there),
)


# when all is healed


def _everything_runs(world: World) -> Iterator[str]:
    """Whatever became of a file, its program starts in the end."""
    if not world.hub.is_up:
        yield "the hub does not start"
    for till in world.tills.values():
        if not till.is_up:
            yield f"{till.name} does not start"


def _all_is_told(world: World) -> Iterator[str]:
    """[I11, I3] Nothing waits at a till."""
    for till in world.tills.values():
        if waits := till.cache.outbox_length():
            yield f"{till.name} still has {waits} operations: {till.worker.state}"


def _all_is_answered(world: World) -> Iterator[str]:
    for name, cashier in world.cashiers.items():
        if not cashier.is_free:
            yield f"somebody still stands at {name}"
    if asked := world.desks.waits:
        yield f"nobody has answered {', '.join(asked)}"


def _ledger_verifies(world: World) -> Iterator[str]:
    """[I1, I10, I13] Every posting sums to zero, chains are whole, every table is what the operations say."""
    yield from verify(world.hub.hub.store, world.hub.hub.zone_of).faults


def _tills_know_the_books(world: World) -> Iterator[str]:
    """[I13] What each till would tell of each member is what the hub has of him."""
    hub, now = world.hub.hub, world.moments.now
    balances = hub.balances(world.programme)
    for till in world.tills.values():
        for member, points in balances.items():
            record = till.cache.members.member(member)
            if record is None:
                continue
            here = balance(record.standing(world.rules).account, now)
            if here != points:
                yield f"{till.name} has {here} points of {member}, the hub {points}"


def _tills_know_the_cards(world: World) -> Iterator[str]:
    """[I13] Nobody's card is taken at a till that is nobody's at the hub."""
    for till in world.tills.values():
        with till.cache.file.reading() as connection:
            here = [number for (number,) in connection.execute("SELECT number FROM cards ORDER BY number")]
        with world.hub.hub.store.reading() as reader:
            there = reader.cards(here)
        if more := [number for number in here if number not in there and number not in world.heard_of]:
            yield f"{till.name} knows {', '.join(more)}, and the hub does not"


def _chains_are_the_hubs(world: World) -> Iterator[str]:
    """[I3, I9] The hub has each till's chain to its end, and it is the same."""
    with world.hub.hub.store.reading() as reader:
        ends = {end.key: end for end in reader.ends_of(list(world.tills))}
    for till in world.tills.values():
        end = ends.get(ChainKey(till.name, till.cache.generation))
        if end is None:
            continue
        if till.cache.operation_hash(Key(end.generation, end.sequence + 1)) is not None:
            yield f"{till.name} goes on after {end.generation}/{end.sequence}, where the hub ends"
        here = till.cache.operation_hash(Key(end.generation, end.sequence))
        if here != end.last_hash:
            yield f"{till.name}/{end.generation}/{end.sequence} is {here} there, and {end.last_hash} at the hub"


RUNS: Final = Held("everything runs", _everything_runs)
HEALED: Final = (
    Held("all is told", _all_is_told),
    Held("all is answered", _all_is_answered),
    Held("the ledger verifies", _ledger_verifies),
    Held("tills know the books", _tills_know_the_books),
    Held("tills know the cards", _tills_know_the_cards),
    Held("chains are the hub's", _chains_are_the_hubs),
    Held("all papers come out", papers.all_came_out),
    Held("a proved paper is there", papers.proved_ones_are_there),
)


# in the books


def _told_sales_are_there(world: World, books: Books) -> Iterator[str]:
    """[I3, I7] Every paid receipt that was told exists once, with the sums that were told."""
    there = books.sold
    for quote, sold in world.oracle.sold.items():
        found = there.get(quote, [])
        if len(found) != 1:
            yield f"the sale of {sold.till} under {quote} ({sold.visit}) is there {len(found)} times"
            continue
        one, told = found[0], sold.told
        body = one.operation.body
        assert isinstance(body, Sale)
        here = (format_kopecks(body.paid_kopecks), body.redeemed.points, body.accrued.points)
        if here != (told.to_pay, told.redeemed.points, told.accrued.points):
            yield f"{one.place.id} is {here}, and {told.to_pay}, {told.redeemed}, {told.accrued} was told"
        yield from _rights_as_told(one.place, body, told)
        at = datetime.fromisoformat(one.operation.at)
        if sold.since is not None and not sold.since - CLOCKS_APART < at < sold.at + CLOCKS_APART:
            yield f"{one.place.id} is dated {at}, told at {sold.since} and paid by {sold.at}"
        if one.reason is not None and not (one.place in books.taken_up or books.is_of_lost_card(one)):
            yield f"{one.place.id} was refused: {one.reason}"


def _rights_as_told(place: Place, body: Sale, told: ToldSale) -> Iterator[str]:
    """[I7] Coupons, certificates and stickers of a sale."""
    coupons = sorted(one.campaign for one in told.coupons if one.refusal is None)
    if sorted(use.campaign for use in body.coupons) != coupons:
        yield f"{place.id} has the coupons {body.coupons}, and {told.coupons} were told"
    tenders = sorted(one.amount for one in told.tenders if one.kind == "certificate" and one.amount != "0.00")
    if sorted(format_kopecks(one.kopecks) for one in body.tenders if one.kind == "certificate") != tenders:
        yield f"{place.id} has the tenders {body.tenders}, and {told.tenders} were told"
    given = told.stickers.given if told.stickers is not None else 0
    if (body.stickers.given if body.stickers is not None else 0) != given:
        yield f"{place.id} has the stickers {body.stickers}, and {told.stickers} were told"


def _told_returns_are_there(world: World, books: Books) -> Iterator[str]:
    there = books.came
    for quote, came in world.oracle.came.items():
        found = there.get(quote, [])
        if len(found) != 1:
            yield f"the return of {came.till} under {quote} is there {len(found)} times"
            continue
        one, told = found[0], came.told
        body = one.operation.body
        assert isinstance(body, Return)
        here = (format_kopecks(body.refund_kopecks), body.restored.points, body.clawed_back.points)
        if here != (told.refund, told.restored, told.clawed_back):
            yield f"{one.place.id} is {here}, and {told} was told"


def _nothing_untold(world: World, books: Books) -> Iterator[str]:
    """[I4] Nothing is in the ledger of tills that nobody was told."""
    for quote, found in (*books.sold.items(), *books.came.items()):
        for one in found:
            known = quote in world.oracle.sold or quote in world.oracle.came
            if maker_of(one.place.chain) == "till" and not known:
                yield f"{one.place.id} was told to nobody: {one.kept.text[:300]}"


def _points_as_told(world: World, books: Books) -> Iterator[str]:
    """What each has is what he was told, but for what died and what the hub put right between tills."""
    hub, now = world.hub.hub, world.moments.now
    balances = hub.balances(world.programme)
    never, too_much = _earned_by_lost_cards(world, books), _back_too_often(world, books)
    for member, told in sorted(world.oracle.members.items()):
        claimed = sum(one.points for one in told.gifts if "claims" in one.why)  # a till does not know whose it was
        corrected = books.corrected[member] - too_much[member]
        if not -told.fewer - claimed <= corrected <= told.more:
            yield f"the hub has corrected {corrected} points of {member}, of whom was told: {told}"
        due = told.points + corrected - books.died[member] - never[member]
        if member in balances and balances[member] != due:
            yield (
                f"{member} has {balances[member]}, and is due {due} at {now}: {told},"
                f" {corrected} corrected, {books.died[member]} died"
            )


def _earned_by_lost_cards(world: World, books: Books) -> Counter[str]:
    """By sales of a card that nobody has, for what gave it out is lost."""
    never: Counter[str] = Counter()
    for quote, found in books.sold.items():
        sold = world.oracle.sold.get(quote)
        if sold is not None and sold.member is not None:
            lost = (one.operation.body for one in found if books.is_of_lost_card(one))
            never[world.oracle.stands(sold.member)] += sum(
                body.accrued.points for body in lost if isinstance(body, Sale)
            )
    return never


def _back_too_often(world: World, books: Books) -> Counter[str]:
    """Points of returns that the books took for too much: the money was given, and what of the points was due the hub
    puts right."""
    told: Counter[str] = Counter()
    for quote in books.back_too_often:
        came = world.oracle.came.get(quote)
        if came is not None and came.member is not None:
            told[world.oracle.stands(came.member)] += came.told.restored - came.told.clawed_back
    return told


def _returns_at_most_all(world: World, books: Books) -> Iterator[str]:
    """[I12] What came back of a sale at one till is at most what it moved; goods twice are said to be so."""
    sales = {one.place: body for one, body in books.of(Sale)}
    given = [body for _, body in books.of(SaleClaimed)]
    claims = {Place(one.of.chain, one.of.generation, one.of.sequence): one.accrued.points for one in given}
    for place, returns in books.returns.items():
        sale = sales.get(place)
        if sale is None:
            continue
        earned = sale.accrued.points + claims.get(place, 0)
        sure = [back for back in returns if not back.deviations and len(returns) == 1]
        for back in sure:
            if back.refund_kopecks > sale.total_kopecks:
                yield f"{back.refund_kopecks} came back of {place.id}, and {sale.total_kopecks} was paid"
            if back.restored.points > sale.redeemed.points or back.clawed_back.points > earned:
                yield f"{place.id} gave back {back.restored.points} points of {sale.redeemed.points}"


def _postings_sum_to_zero(world: World, books: Books) -> Iterator[str]:
    """[I1]"""
    for place, points in books.by_operation.items():
        if points:
            yield f"the entries of {place.id} sum to {points}"


def _identities_once(world: World, books: Books) -> Iterator[str]:
    """[I2, I9] One operation under one asked key of a till and one identity; sequences without gaps."""
    ends: Counter[ChainKey] = Counter()
    for one in books.all:
        key = ChainKey(one.place.chain, one.place.generation)
        ends[key] += 1
        if one.place.sequence != ends[key]:
            yield f"{one.place.id} stands where {ends[key]} should"
            ends[key] = one.place.sequence


def _holds_are_over(world: World, books: Books) -> Iterator[str]:
    """[I8] None is open past its time, none of a sale that is there."""
    named = {body.redeemed.hold for _, body in books.of(Sale) if body.redeemed.hold}
    now = world.moments.now
    for hold in books.holds:
        if hold.state == "open" and hold.until <= now:
            yield f"hold {hold.hold} is open since {hold.until}"
        if hold.state == "open" and hold.hold in named:
            yield f"hold {hold.hold} is open, and a sale names it"


def _owed_is_somebodys(world: World, books: Books) -> Iterator[str]:
    """Whoever spent more than he had is looked at by a person, and whoever owes has."""
    named = {books.whose(case.member) for case in books.cases if case.kind == "debt" and case.member is not None}
    for member in sorted({*books.debts, *world.oracle.overspent}):
        of = world.oracle.members[world.oracle.stands(member)]
        by_himself = of.clawed or of.fewer or any(one.points < 0 for one in of.gifts)
        is_lost = LOST in of.open and not books.debts.get(member)  # what was spent too much went with a disk
        if books.whose(member) not in named and not by_himself and not is_lost:
            yield f"{member} owes {books.debts.get(member, 0)}, and it is nobody's case: {of}"


def _certificates_end(world: World, books: Books) -> Iterator[str]:
    """What one did not have is somebody's case; one that came to its end holds nothing."""
    named = {part.rpartition(":")[2] for one in books.cases if one.kind == BEYOND for part in one.note.split(",")}
    for row in books.certificates:
        if row.beyond and row.number not in named:
            yield f"{row.number} was spent {row.beyond} beyond what it had, and it is nobody's case"
        if row.until is not None and row.until + ENDS_WITHIN <= world.moments.now and row.left:
            yield f"{row.number} ended at {row.until}, and has {row.left}"


def _rights_spent_twice(world: World, books: Books) -> Iterator[str]:
    """A coupon that was honoured where nobody could know is somebody's case."""
    named = {serial for one in books.cases if one.kind == TWICE for serial in one.note.split(",")}
    for serial in world.oracle.honoured_beyond():
        if serial not in named:
            yield f"{serial} was honoured more often than it may be, and it is nobody's case"


def _by_the_rules(world: World, books: Books) -> Iterator[str]:
    """The hub's own job works out again what tills sold; of the day it knows as much as the till's clock did."""
    clocks = any(world.counts[f"fault {kind}"] for kind in ("clock_jumps", "clock_is_slow"))
    for case in books.cases:
        if case.kind == "not_by_rules" and not (clocks and case.note == "day"):
            yield f"{case.id}: {case.note}"


def _answers_for_ever(world: World, books: Books) -> Iterator[str]:
    """[I2] Whatever is told again is answered as it was, and moves nothing."""
    hub = world.hub.hub
    with hub.store.reading() as reader:
        before = reader.counts()
    chains: defaultdict[str, list[One]] = defaultdict(list)
    for one in books.all:
        if maker_of(one.place.chain) == "till":
            chains[one.place.chain].append(one)
    for chain, told in chains.items():
        for batch in (told[first : first + BATCH] for first in range(0, len(told), BATCH)):
            taken = hub.take(chain, [one.kept.text for one in batch])
            said = [(one.generation, one.sequence, one.hash, one.reason) for one in taken.answers]
            were = [(*one.place[1:], one.kept.hash, one.reason) for one in batch]
            if said != were:
                yield f"{chain}: {were} were told again, and answered {said}, {taken.stopped}"
    with hub.store.reading() as reader:
        after = reader.counts()
    if after != before:
        yield f"told again, {before} became {after}"


def _cases_have_causes(world: World, books: Books) -> Iterator[str]:
    """What a person must look at came of something that this plan did. Goods that came back twice are a case
    themselves, and the books may have refused either return; a hub that was put back hears of one before its sale."""
    counts = world.counts
    twice = {place for case in books.cases if case.kind == BACK_TWICE for place in (case.place, *case.others)}
    for case in books.cases:
        causes = CAUSES.get(case.kind)
        if case.kind == "refused" and case.note in TOO_MUCH and case.place in twice:
            continue
        if case.kind == "refused" and case.note == UNKNOWN_SALE and counts["fault hub_put_back"]:
            continue
        if causes is not None and not any(counts[cause] for cause in causes):
            yield f"{case.id}, {case.note}: nothing happened that could be its cause"


# of a kind of case: what must have happened for it to be
CAUSES: Final[dict[str, tuple[str, ...]]] = {
    "identity_conflict": ("fault cloned", "fault put_back", "fault disk_new"),
    "forked": ("fault cloned", "fault put_back"),
    "lost": ("fault disk_new", "fault disk_new_before_hub", "fault put_back", "fault power_loss"),
    "refused": (
        *("fault cloned", "fault put_back", "fault disk_new"),
        *("ReplaceCertificate certificate_is_replaced", "BlockCertificate certificate_is_blocked"),
        *("BlockCard card_is_blocked_now", "UnblockCard card_is_free", "MakeVirtual card_is_virtual"),
        *("IssueCard card_will_be_issued", "ReissueCard card_will_be_reissued"),
    ),
    "clock": ("fault clock_jumps", "fault hub_clock"),
    "other_file": ("fault versions", "fault programme_at_noon"),
    "audit": ("fault put_back", "fault cloned", "fault disk_new"),
}

AT_THE_END: Final = (
    InBooks("postings sum to zero", _postings_sum_to_zero),
    InBooks("what was told is there", _told_sales_are_there),
    InBooks("returns that were told are there", _told_returns_are_there),
    InBooks("nothing is there that nobody was told", _nothing_untold),
    InBooks("points are what was told", _points_as_told),
    InBooks("returns are at most all", _returns_at_most_all),
    InBooks("what came back whole is as if it was never bought", undone.as_if_never_bought),
    InBooks("what came back whole has used nothing up", undone.nothing_is_used),
    InBooks("stickers are what was told", albums.are_as_told),
    InBooks("identities are there once", _identities_once),
    InBooks("holds are over", _holds_are_over),
    InBooks("what is owed is somebody's", _owed_is_somebodys),
    InBooks("certificates end", _certificates_end),
    InBooks("a right spent twice is somebody's", _rights_spent_twice),
    InBooks("sales are by the rules", _by_the_rules),
    InBooks("cases have causes", _cases_have_causes),
    InBooks("a paper is what the books say", papers.papers_are_the_books),
)
