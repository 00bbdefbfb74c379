"""What the till shows of itself: the receipt in front with its goods, its member and the sums that were told, and what
was recorded last with its paper as it is. Nothing shown here promises anything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache

import msgspec
from msgspec import UNSET, UnsetType

from drivers.printer.document import from_json
from drivers.printer.preview import render
from drivers.printer.profile import PrinterProfile
from loyalty.accrual import in_birthday_window
from loyalty.bodies import Return, Sale, SaleNumber
from loyalty.lots import active_points, balance
from loyalty.money import format_kopecks
from loyalty.operation import Operation
from loyalty.programme import Language, Programme
from offline_cache.cache import Cache
from offline_cache.records import PrintJob
from pos_agent.checkout import Checkout
from pos_agent.counter import Counter, Left, Remarks
from pos_agent.desks.account import remarks_of, stickers_of, stickers_said
from pos_agent.keyed import is_keyed
from pos_agent.protocol import BasketLine
from pos_agent.receipt import masked
from pos_agent.receipts import Receipts
from pos_agent.shown_words import PAPER_STATES, say_shown
from pos_agent.status import AskedCode, ShownDone, ShownLine, ShownMember, ShownPaper, ShownVisit
from pos_agent.telling import bare_coupons, bare_tenders, told_of, told_quote
from pos_agent.visit import Visit, Who, state_of
from pos_agent.words import say

ON_SCREEN = PrinterProfile(name="screen")  # 42 columns, as most receipt paper
PAPERS_KEPT = 4  # drawn texts: the last paper is looked at again with every event


def shown_front(checkout: Checkout, receipts: Receipts, now: datetime) -> ShownVisit:
    """The receipt in front, of receipts as they were at that moment; from any thread."""
    visit = receipts.front
    counter = Counter(checkout.house, now)
    name = visit.receipt
    shown = ShownVisit(
        state=state_of(visit).value,
        receipt=name.number if name else None,
        pos=name.pos or None if name else None,
        day=name.day or None if name else None,
        shift=name.shift or None if name else None,
        keyed=is_keyed(visit),
        prepared=visit.prepared,
        next_number=checkout.next_number(counter.today, receipts),
        today=counter.today.isoformat(),
        lines=tuple(_line(line) for line in visit.lines),
        member=_member(counter, visit, visit.who) if visit.who else None,
        gives_card=masked(_gives(visit)) if _gives(visit) else None,
        card=masked(visit.who.card) if visit.who else None,
        balance_points=counter.balance(visit.who) if visit.who and visit.who.member else None,
        asked_code=_code(visit),
        put_aside=tuple(aside.receipt.number for aside in receipts.aside if aside.receipt),
    )
    told = told_of(counter, visit)
    if told is None:
        return msgspec.structs.replace(
            shown,
            coupons=bare_coupons(counter, visit) if visit.coupons else UNSET,
            certificates=bare_tenders(visit.certificates) if visit.certificates else UNSET,
        )
    return msgspec.structs.replace(
        shown,
        quote=told.id or None,
        before_points=format_kopecks(told.sale.total_kopecks + told.sale.redeemed.kopecks),
        total_kopecks=told.sale.total_kopecks,
        to_pay_kopecks=told.sale.paid_kopecks,
        limit_points=told.limit_points,
        limit_reason=told.limit_reason,
        limit_text=told.limit_text,
        limit_text_guest=told.limit_text_guest or told.limit_text,
        stickers_guest=told.stickers_guest or UNSET,
        redeemed_points=told.sale.redeemed.points,
        accrued_points=told.sale.accrued.points,
        told=msgspec.structs.replace(told_quote(told), quote=told.id or None),
    )


def _line(line: BasketLine) -> ShownLine:
    return msgspec.convert(line, ShownLine, from_attributes=True)


def _code(visit: Visit) -> AskedCode | UnsetType:
    code = visit.code
    if code is None:
        return UNSET
    return AskedCode(to=code.to, digits=code.digits, tries=code.tries, again_at=code.again, ends_at=code.ends)


def _gives(visit: Visit) -> str | None:
    return visit.reissue.new_card if visit.reissue else visit.issue


def _member(counter: Counter, visit: Visit, who: Who) -> ShownMember:
    shown = ShownMember(
        card=masked(who.card),
        identified_by=who.identified_by,
        second_factor=True if who.second_factor else UNSET,
        status="unknown" if who.stranger else counter.card_status(visit),
        balance=None,
        active=None,
    )
    if not counter.is_known(who):
        return shown
    assert who.member is not None, "who is known is a member"
    own, left = counter.balance(who), counter.left(visit)
    return msgspec.structs.replace(
        shown,
        balance=min(own, left.points + left.elsewhere),
        active=max(0, active_points(counter.account(who), counter.latest) - (own - left.points)),
        notes=tuple(_notes(counter, visit, who, left)),
        name=counter.member(who.member)[0].told.name or UNSET,
    )


def _notes(counter: Counter, visit: Visit, who: Who, left: Left) -> Iterator[str]:
    """What a cashier may say aloud."""
    assert who.member is not None, "a card that is only being issued has no account"
    told, rule = counter.member(who.member)[0].told, counter.programme.birthday
    if told.birthday and rule and in_birthday_window(rule, date.fromisoformat(told.birthday), counter.today):
        yield say_shown("birthday", counter.language)
    if left.elsewhere:
        yield say("points_held", counter.language, held=counter.points(left.elsewhere))
    for code, facts in (*remarks_of(counter, counter.account(who)), *_stickers(counter, visit, who)):
        yield say(code, counter.language, **facts)


def _stickers(counter: Counter, visit: Visit, who: Who) -> Remarks:
    """While there are no goods; then they are told with the quote."""
    return () if visit.lines or who.member is None else stickers_said(counter, stickers_of(counter, who.member))


# what was recorded last


def shown_done(
    cache: Cache, language: Language, programme: Programme, told: tuple[SaleNumber, int] | None = None
) -> ShownDone | None:
    """The last sale or return of this till, with its paper; `told`: which balance was said with which sale."""
    operation = cache.last_deal()
    if operation is None or not isinstance(body := operation.body, Sale | Return):
        return None
    job = cache.print_jobs.paper_of(operation.key)
    paper = shown_paper(job, language) if job else None
    if isinstance(body, Return):
        return _of_return(operation, body, paper)
    after = _balance_after(cache, body, programme, operation.at)
    if after is not None and told is not None and told[0] == body.sale:
        after = min(after, told[1])
    return msgspec.structs.replace(_of_sale(operation, body, paper), balance=after)


def _balance_after(cache: Cache, sale: Sale, programme: Programme, at: str) -> int | None:
    """Of a card: what is on the account of whoever only said a phone is nobody's to see."""
    member = cache.members.member(sale.member) if sale.member and sale.card else None
    return balance(member.standing(programme).account, datetime.fromisoformat(at)) if member is not None else None


def _of_sale(operation: Operation, sale: Sale, paper: ShownPaper | None) -> ShownDone:
    return ShownDone(
        kind="sale",
        number=sale.sale.number,
        day=sale.sale.day,
        at=operation.at,
        to_pay=format_kopecks(sale.paid_kopecks),
        redeemed=sale.redeemed.points,
        accrued=sale.accrued.points,
        card=masked(sale.card) if sale.card else None,
        paper=paper,
    )


def _of_return(operation: Operation, back: Return, paper: ShownPaper | None) -> ShownDone:
    number = back.sale or SaleNumber(day="", number="")
    return ShownDone(
        kind="return",
        number=number.number,
        day=number.day,
        at=operation.at,
        to_pay=format_kopecks(back.refund_kopecks),
        redeemed=back.restored.points,
        accrued=back.clawed_back.points,
        card=masked(back.card) if back.card else None,
        paper=paper,
    )


def shown_paper(job: PrintJob, language: Language) -> ShownPaper:
    return ShownPaper(
        job=job.job,
        kind=job.kind,
        label=job.label,
        state=job.state,
        text=PAPER_STATES[job.state][0 if language == "ru" else 1],
        doubtful=job.doubtful,
        lines=_lines(job.document),
    )


@lru_cache(maxsize=PAPERS_KEPT)
def _lines(document: bytes) -> tuple[str, ...]:
    """As it stands on the paper; nothing where the stored paper is damaged."""
    try:
        return tuple(render(from_json(document), ON_SCREEN)[:-1])  # without the cut
    except ValueError:
        return ()
