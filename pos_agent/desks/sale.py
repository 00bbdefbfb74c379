"""The payment, in two steps: `prepare` comes before the customer's money and may refuse; `pay` is a fact.

What was told is what is recorded. Nothing has happened until `pay` records it: operations, outbox, coupons, card and
papers in one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace as replace_done

from msgspec.structs import replace

from loyalty.advice import recorded as recorded_advice
from loyalty.bodies import (
    CARD_OF_NOBODY,
    CARD_TAKEN,
    COUPON_USED,
    UNWITNESSED,
    Accrued,
    Advice,
    Body,
    Deviation,
    Sale,
    SaleNumber,
)
from loyalty.lawful import unlawful_discounts
from loyalty.operation import Operation
from loyalty.paper.claim import promises
from offline_cache.records import Paper, StoredSale
from pos_agent.after_sale import balance_now, tail_now, tail_then, unnumbered
from pos_agent.answers import ToldSale
from pos_agent.answers_stickers import ToldStickers
from pos_agent.counter import Counter, Done, rules_of
from pos_agent.desks.cards import card_bodies, without_taken_card
from pos_agent.desks.certificates import left_after, sure, used_remarks
from pos_agent.desks.certificates_sold import (
    Made,
    enough_numbers,
    made_with,
    papers_of_made,
    remarks_of_made,
    sold_with,
    told_sold,
)
from pos_agent.desks.changed import anew, news, prepared
from pos_agent.desks.coupons import good_ones
from pos_agent.desks.fiscal import add_fiscal
from pos_agent.desks.identify import unless_forgotten
from pos_agent.desks.no_such_card import card_of_nobody, said_of_card, without_card
from pos_agent.desks.purchase import large_enough
from pos_agent.desks.recorded import of_points
from pos_agent.desks.unwitnessed import as_said
from pos_agent.holds import Reserve
from pos_agent.known_sales import (
    free_number,
    is_asked_again,
    paid_as,
    quote_of,
    recorded,
    refuse_long_ago,
    sale_of_record,
    same_lines,
    same_sale,
    without_recorded,
)
from pos_agent.papers import papers_of_sale
from pos_agent.priced import has_lines
from pos_agent.protocol import Pay, Prepare, fiscal_documents
from pos_agent.receipt import masked
from pos_agent.recording import commit, sure_of_room
from pos_agent.refused import Refused
from pos_agent.reserving import asked_first, reserved, silence
from pos_agent.stickers import as_recorded
from pos_agent.telling import (
    Told,
    find,
    is_old,
    mark_paid,
    sale_now,
    sums,
    tell,
    told_inside,
    told_record,
    told_tenders,
)
from pos_agent.told_changes import changes, cost_kopecks
from pos_agent.visit import ReceiptName, Visit, VisitEvent, Who, allow, is_empty, same_visit
from pos_agent.words import as_typed

QUOTE_KEPT = "quote_kept"  # a deviation: what was told was kept though it would be another now; `note` says why


def prepare(counter: Counter, visit: Visit, command: Prepare) -> Done:
    """The last moment at which anything may be refused: the quote is frozen, or the new one is told with what
    changed."""
    allow(visit, VisitEvent.PREPARED)
    refuse_long_ago(counter, visit.receipt, another=command.another)
    sure_of_room(counter)
    enough_numbers(counter, visit)
    if (taken := without_taken_card(counter, visit)[1]) is not None:
        raise Refused("card_not_blank", card=masked(taken))
    if visit.issue is not None:
        large_enough(counter, visit)
    good = tuple(one for one in visit.coupons if not counter.cache.coupon_used(one.serial, one.uses))
    if good != visit.coupons:
        return anew(counter, replace(visit, coupons=good), "coupon_used")
    asked, gone = good_ones(counter, visit)
    if gone:
        return replace_done(anew(counter, asked, "coupon"), more=gone)
    visit = asked
    if not has_lines(counter, visit):
        return Done(visit=replace(visit, prepared=True), code="prepared_without_lines")
    visit, changed = sure(counter, visit)
    if changed:
        return anew(counter, visit, "certificate")
    believed = command.quote or visit.heard
    if believed is not None and visit.quote is not None and not _still_so(counter, believed, visit.quote):
        return news(counter, visit, find(counter, believed))
    inside = reserved(counter, visit)
    if isinstance(inside, Reserve):
        return asked_first(visit, inside)
    return replace_done(_last_look(counter, inside), more=silence(counter, inside))


def _still_so(counter: Counter, believed: str, last: str) -> bool:
    """Is what the customer was told still what is promised? The hub's word may have made another of it unheard."""
    if believed == last:
        return True
    was, now = find(counter, believed), find(counter, last)
    return now is None or (was is not None and sums(was.sale) == sums(now.sale))


def _last_look(counter: Counter, visit: Visit) -> Done:
    told = find(counter, visit.quote)
    if told is None:
        return _frozen(counter, *tell(counter, visit, advise=False))
    causes = changes(counter, told, visit, sale_now(counter, visit, told.id))
    if causes or is_old(told, counter.now, counter.house.quote_max_age):
        return anew(counter, visit, causes[0] if causes else "age")
    return _frozen(counter, visit, told if visit.hold == told.visit.hold else told_inside(counter, told, visit))


def _frozen(counter: Counter, visit: Visit, told: Told) -> Done:
    facts = {"to_pay": counter.amount(told.sale.paid_kopecks), "points": counter.points(told.sale.redeemed.points)}
    told_now = prepared(counter, told)
    return Done(visit=replace(visit, prepared=True), code="prepared", facts=facts, told=told_now)


def pay(counter: Counter, visit: Visit, name: ReceiptName, command: Pay) -> Done:
    """The POS has the money. What the named quote said is recorded, else the last one told, whatever changed since."""
    named = find(counter, command.quote)
    if named is not None:
        _refuse_anothers(named, name)
    paid_before = named.paid if named is not None else None  # a promise is kept once
    stored = counter.cache.sale(paid_before) if paid_before else paid_as(counter, name, command.quote, visit)
    if stored is not None and is_asked_again(counter, stored):
        add_fiscal(counter, stored, command)
        return from_record(counter, without_recorded(visit, name, stored), stored)
    another = command.another and not paid_before and not _was_another(visit, stored)
    if stored is not None and not another and not _is_another(stored, named, command):
        done = _told_again(counter, visit, stored, command)
        if done.ok:
            add_fiscal(counter, stored, command)
        return done
    if stored is None and not paid_before:
        refuse_long_ago(counter, name, another=command.another)
    paid, told, left = _promised(counter, visit, named, command)
    return _record(counter, paid, told, free_number(counter, name), command, left)


def _promised(counter: Counter, visit: Visit, named: Told | None, command: Pay) -> tuple[Visit, Told | None, Visit]:
    """Which visit is paid, what it was told, and what stands in front afterwards."""
    if named is not None and named.paid is None:
        return named.visit, named, Visit() if same_visit(named.visit, visit) else visit
    if named is None and command.quote is not None:
        if command.said is None:
            raise Refused("unknown_quote", quote=as_typed(command.quote))
        said = as_said(counter, visit, command.quote, command.said)
        return said.visit, said, Visit()
    if is_empty(visit):  # the power took it, say: whoever was told of no number knows which one to send
        raise Refused("not_now_idle", words="receipt_not_here", sale=command.sale)
    allow(visit, VisitEvent.PAID)
    if visit.issue is not None and not visit.lines:
        large_enough(counter, visit)  # nothing was bought; what was bought has been looked at as it changed
    told = find(counter, visit.quote)
    if (told is None or told.paid is not None) and has_lines(counter, visit):
        visit, told = tell(counter, visit, advise=False)
    return visit, told, Visit()


def _refuse_anothers(named: Told, name: ReceiptName) -> None:
    """A promise is of one receipt, and is kept once. Raises Refused."""
    told, paid = named.visit.receipt, named.paid
    if told is not None and (told.pos, told.number) != (name.pos, name.number):
        raise Refused("quote_of_another", quote=named.id, sale=told.number)
    if paid is not None and (paid.pos, paid.number) != (name.pos, name.number):
        raise Refused("quote_of_another", quote=named.id, sale=paid.number)


def _was_another(visit: Visit, stored: StoredSale | None) -> bool:
    """«Another sale» told again: there is nothing else to pay, it was recorded as another already, or the promise of
    this visit was kept (under a number that was free on its day, and the process died before it could note that)."""
    if is_empty(visit):
        return True
    if stored is None:
        return False
    is_kept = visit.quote is not None and visit.quote == quote_of(stored)
    return is_kept or (stored.sale.again != "" and same_sale(visit, stored))


def _is_another(stored: StoredSale, named: Told | None, command: Pay) -> bool:
    """Does the quote say that this is another sale than the recorded one under its number?"""
    if command.quote in (None, quote_of(stored)):
        return False
    if named is not None:
        return named.paid is None and not same_sale(named.visit, stored)
    return command.said is not None and not same_lines(Visit(lines=command.said.lines), stored, whole=True)


def _told_again(counter: Counter, visit: Visit, stored: StoredSale, command: Pay) -> Done:
    """The answer is from the record. A visit of somebody else's is not touched."""
    told = from_record(counter, visit, stored)
    if is_empty(visit) or (command.quote is not None and command.quote == quote_of(stored)):
        return told
    return replace_done(told, visit=Visit()) if same_sale(visit, stored) else number_taken(told, visit)


def number_taken(told: Done, visit: Visit) -> Done:
    """The number is another sale's, which is `told`."""
    return replace_done(told, visit=visit, code="sale_number_taken", ok=False)


def from_record(counter: Counter, visit: Visit, stored: StoredSale) -> Done:
    """What was recorded, said again."""
    sale = sale_of_record(stored) or Sale(sale=stored.sale, lines=(), total_kopecks=0, paid_kopecks=0)
    facts = {
        "sale": stored.sale.number,
        "accrued": counter.points(sale.accrued.points),
        "redeemed": counter.points(sale.redeemed.points),
        "to_pay": counter.amount(sale.paid_kopecks),
    }
    promise = find(counter, sale.quote)
    told = _recorded(sale, tail_then(counter, stored), promise.stickers if promise is not None else None)
    told = replace(told, certificates=told_sold(sold_with(counter, stored)))
    return Done(visit=visit, code="recorded_before", facts=facts, told=told, spent=sale.redeemed.hold)


def _record(counter: Counter, visit: Visit, told: Told | None, number: SaleNumber, command: Pay, left: Visit) -> Done:
    """`left`: what stands in front afterwards."""
    visit, taken = without_taken_card(counter, unless_forgotten(counter, visit))
    nobodys = card_of_nobody(counter, visit, told)
    visit = visit if nobodys is None else replace(visit, who=None)
    who = visit.who
    member = _whose(counter, who, number)
    bodies: list[Body] = list(card_bodies(counter, visit, member, number)) if member is not None else []
    sale = _sale(counter, visit, told, number, command, member)
    if taken is not None:
        if sale is None:  # nothing but that card was to be recorded
            raise Refused("card_not_blank", card=masked(taken))
        sale = without_card(sale, who, CARD_TAKEN, taken)
    if nobodys is not None and sale is not None:
        sale = without_card(sale, who, CARD_OF_NOBODY, nobodys)
    made = made_with(counter, sale, number, command)
    bodies += made.bodies
    odd = taken is not None or nobodys is not None
    if sale is not None and (who is not None or counter.house.sales == "all" or _is_right(sale, made) or odd):
        sale = replace(sale, deviations=(*sale.deviations, *made.deviations()))
        bodies.append(sale)
    by = (visit.reissue.by if visit.reissue else None) or (who.vouched_by if who is not None else None)
    tail = tail_now(counter, visit, sale) if sale is not None else ()  # before it is recorded, as the paper
    said = _as_told(visit, sale, tail, made, told.stickers if told is not None else None) if sale is not None else None
    if bodies:
        _commit(counter, bodies, number, who, visit, by, told, made)
        if told is not None:
            mark_paid(counter, told, number, tail)
    if sale is None:
        return Done(visit=left, code="card_recorded")
    more = (*said_of_card(taken, nobodys), *used_remarks(counter, visit, sale), *remarks_of_made(counter, made))
    done = Done(visit=left, code="recorded", told=said, spent=sale.redeemed.hold, more=more)
    return of_points(counter, sale, visit, done)


def _whose(counter: Counter, who: Who | None, number: SaleNumber) -> str | None:
    """The member: he may be born with the card that this sale issues. A stranger's is the hub's to know."""
    if who is None or who.stranger:
        return None
    return who.member or member_of_sale(counter.cache.till, number)


def member_of_sale(till: str, number: SaleNumber) -> str:
    """Who a card is issued to: known by the sale that issued it, so that the same one told twice is one member."""
    plain = f"{till}-{number.day}-{number.number.replace('~', '~~')}"
    more = [part.replace("~", "~~") for part in (number.pos, number.shift, number.again)]
    return "~".join([plain, *more]) if any(more) else plain


def _is_right(sale: Sale, made: Made) -> bool:
    """A right is used up by it, or rubles move that are nobody's but the customer's."""
    return bool(sale.coupons or sale.tenders or made.bodies or made.missing)


def _as_told(visit: Visit, sale: Sale, tail: tuple[str, ...], made: Made, stickers: ToldStickers | None) -> ToldSale:
    """With what is left on the certificates that paid, and those that it sells."""
    paid = tuple(one for one in told_tenders(sale, visit.certificates) if one.amount != "0.00")
    recorded = _recorded(sale, tail, stickers)
    return replace(recorded, tenders=paid or recorded.tenders, certificates=told_sold(made.bodies))


def _recorded(sale: Sale, tail: tuple[str, ...], stickers: ToldStickers | None) -> ToldSale:
    return replace(told_record(sale), tail=tail, stickers=as_recorded(stickers, sale))


def _sale(
    counter: Counter, visit: Visit, told: Told | None, number: SaleNumber, command: Pay, member: str | None
) -> Sale | None:
    """What was told, with its number and what came since; None where there is nothing to sell."""
    if told is None:
        return None
    promised = told.sale
    if visit.who is None:
        promised = replace(promised, accrued=Accrued(), seen=None, stickers=None)
    return replace(
        promised,
        sale=number,
        member=member,
        card=visit.who.card if visit.who is not None and visit.who.stranger else promised.card,
        fiscal=fiscal_documents(command.fiscal),
        deviations=_deviations(counter, visit, told, number, command),
        advice=_advice(told),
    )


def _advice(told: Told) -> Advice | None:
    """What was told that the customer could gain, and whether he did."""
    advised = told.visit.advised
    return recorded_advice(advised.advice, told.sale, told.limit_points) if advised and told.witnessed else None


def _deviations(counter: Counter, visit: Visit, told: Told, number: SaleNumber, command: Pay) -> tuple[Deviation, ...]:
    """What the office should look at."""
    found = [
        Deviation(kind=COUPON_USED, cost_kopecks=use.discount_kopecks, note=use.serial)
        for use in told.sale.coupons
        if counter.cache.coupon_used(use.serial, use.uses)
    ]
    if abs(counter.clock_off_s) > counter.house.clock_tolerance_s:
        found.append(Deviation(kind="clock_off", note=f"{counter.clock_off_s} s"))
    if number.again:
        found.append(Deviation(kind="number_taken", note=number.number))
    found += unlawful_discounts(told.sale.lines, witnessed=told.witnessed)
    if not told.witnessed:
        found += [Deviation(kind=UNWITNESSED, note=told.id), *told.sale.deviations]
    elif visit.lines and (causes := changes(counter, told, visit, now := sale_now(counter, visit, told.id))):
        found.append(Deviation(kind=QUOTE_KEPT, cost_kopecks=cost_kopecks(told, now), note=",".join(causes)))
    return tuple(found)


def _commit(
    counter: Counter,
    bodies: Sequence[Body],
    number: SaleNumber,
    who: Who | None,
    visit: Visit,
    by: str | None,
    told: Told | None,
    made: Made,
) -> None:
    """The point of no return, under the programme that the promise was made by. Raises Refused when it is certain that
    nothing happened."""
    house, programme = counter.house, counter.under(told.programme_hash if told is not None else "")
    channel = told.channel if told is not None else visit.channel
    after = balance_now(counter, who, visit, unnumbered(counter, bodies[-1])) if who is not None else None

    def papers(operations: tuple[Operation, ...]) -> list[Paper]:
        sale, language = operations[-1].body, house.receipt_language
        left = left_after(visit, sale) if isinstance(sale, Sale) else {}
        choice = replace_done(house.paper, claims=not counter.cache.training)  # what is practised no hub hears of
        promised = choice.claims and promises(programme, operations[-1])
        told_of = who is not None or (isinstance(sale, Sale) and sale.tenders) or promised
        papers = papers_of_sale(operations, programme, language, after, choice, left) if told_of else []
        return [*papers, *papers_of_made(counter, operations, made, number)]

    def is_recorded() -> bool:
        return counter.cache.sale(number) is not None

    commit(counter, bodies, number, papers, is_recorded=is_recorded, rules=rules_of(programme), by=by, channel=channel)


def cancel(counter: Counter, visit: Visit, name: ReceiptName | None) -> Done:
    """Of a receipt that is open. One that is paid stays."""
    allow(visit, VisitEvent.CANCELLED)
    stored = recorded(counter, name) if name is not None and is_empty(visit) else None
    if stored is not None:
        return replace_done(from_record(counter, visit, stored), ok=False)
    return Done(visit=Visit(), code="cancelled")
