"""The X-report: what the programme did at this till on a shop day, by its own operations. It closes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from drivers.printer.document import Block, Columns, Cut, Document, Rule, Text
from loyalty.money import format_kopecks
from loyalty.operation import CardIssued, CardReissued, Sale
from loyalty.programme import Language, Programme
from offline_cache.shifts import Shift
from pos_agent.paper_words import PaperWords
from pos_agent.receipt import shop_header

REFUSED_SHOWN_MAX = 20  # a day with more is no matter of paper; `pos-agent status` has them all
IN_QUESTION = ("unknown",)
NOT_PRINTED = ("queued", "sending", "sent", "interrupted")


def x_report(shift: Shift, programme: Programme, language: Language, *, till: str, at: datetime) -> Document:
    words = PaperWords(programme, language)
    blocks: list[Block] = [
        *shop_header(words),
        Rule(),
        Text(words.say("x_report"), align="center", bold=True, double=True),
        Columns(words.say("till", till=till), label(shift.day)),
        Columns(words.say("made_at"), words.time(at)),
        Rule(),
        *_sales(shift, words),
        *_counted(shift, words),
        Rule(),
        *_hub(shift, words),
        *_papers(shift, words),
        Cut(),
    ]
    return Document(tuple(blocks))


def label(day: str) -> str:
    """A day as people write it."""
    return date.fromisoformat(day).strftime("%d.%m.%Y")


def sales_of(shift: Shift) -> list[Sale]:
    return [done.operation.body for done in shift.operations if isinstance(done.operation.body, Sale)]


def _sales(shift: Shift, words: PaperWords) -> Iterator[Block]:
    """Money and points of all sales with a member, those that the hub refused among them: their papers are out."""
    sales = sales_of(shift)
    yield Columns(words.say("sales"), str(len(sales)))
    total, paid = sum(sale.total_kopecks for sale in sales), sum(sale.paid_kopecks for sale in sales)
    if total != paid:
        yield Columns(words.say("sales_total"), format_kopecks(total))
    yield Columns(words.say("sales_paid"), format_kopecks(paid), bold=True)
    yield Columns(words.say("sales_redeemed"), words.points(sum(sale.redeemed_points for sale in sales)))
    yield Columns(words.say("redeemed_worth"), format_kopecks(sum(sale.redeemed_kopecks for sale in sales)))
    yield Columns(words.say("accrued"), words.points(sum(sale.accrued_points for sale in sales)))


def _counted(shift: Shift, words: PaperWords) -> Iterator[Block]:
    """What does not happen every day stands there only when it did."""
    bodies = [done.operation.body for done in shift.operations]
    sales = sales_of(shift)
    counts = {
        "cards_issued": sum(isinstance(body, CardIssued) for body in bodies),
        "cards_reissued": sum(isinstance(body, CardReissued) for body in bodies),
        "coupons_used": sum(len(sale.coupons) for sale in sales),
        "made_offline": sum(sale.link == "offline" for sale in sales),
    }
    yield from (Columns(words.say(key), str(count)) for key, count in counts.items() if count)


def _hub(shift: Shift, words: PaperWords) -> Iterator[Block]:
    refused = [done for done in shift.operations if done.result == "refused"]
    yield Columns(words.say("waiting_for_hub"), str(sum(done.result is None for done in shift.operations)))
    yield Columns(words.say("refused_by_hub"), str(len(refused)), bold=bool(refused))
    for done in refused[:REFUSED_SHOWN_MAX]:
        yield Columns(words.say("refused_sale", number=_sale_number(done.operation.body)), done.reason or "")


def _sale_number(body: object) -> str:
    assert isinstance(body, Sale | CardIssued | CardReissued), "the till makes no other operations"
    return body.sale.number


def _papers(shift: Shift, words: PaperWords) -> Iterator[Block]:
    for key, states in (("papers_waiting", NOT_PRINTED), ("papers_in_question", IN_QUESTION)):
        count = sum(shift.papers.get(state, 0) for state in states)
        yield Columns(words.say(key), str(count), bold=bool(count))
