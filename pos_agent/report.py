"""The points report of a shift: what the programme did at this till on a shop day, by its own operations. It closes
nothing, and is no report of the cash register."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from config.law import load_law
from drivers.printer.document import Block, Columns, Cut, Document, Rule, Text
from loyalty.bodies import Return, Sale
from loyalty.day import called, summed
from loyalty.kinds import row_for
from loyalty.least_price import known_to
from loyalty.money import format_kopecks
from loyalty.operation import Store
from loyalty.paper.words import PaperWords
from loyalty.programme import UNKNOWN, Language, Programme
from loyalty.stickers import given_count, spent_count, told_back
from offline_cache.shifts import Shift
from pos_agent.day_told import did_anything, part_of, said_of
from pos_agent.receipt import has_member, is_strangers, shop_header
from pos_agent.refusal_words import plainly_refused
from pos_agent.told_return import certificate_kopecks

REFUSED_SHOWN_MAX = 20  # a day with more is no matter of paper; `pos-agent status` has them all
UNKNOWN_SHOWN_MAX = 20  # articles; with more it is the goods file that is missing
LAW_TOLD_BEFORE = timedelta(days=30)  # a new table comes with a new version, and tills are not upgraded in a day
IN_QUESTION = ("unknown",)
NOT_PRINTED = ("queued", "sending", "sent", "interrupted")


def points_report(
    shift: Shift, programme: Programme, language: Language, *, till: str, store: Store | None, at: datetime
) -> Document:
    words = PaperWords(programme, language, store)
    blocks: list[Block] = [
        *shop_header(words),
        Rule(),
        Text(words.say("points_report"), align="center", bold=True),
        Columns(words.say("till", till=till), label(shift.day)),
        Columns(words.say("made_at"), words.time(at)),
        Rule(),
        *_sales(shift, words),
        *_returns(shift, words),
        *_counted(shift, words),
        *_certificates(shift, words),
        *_people(shift, words),
        *_refused_here(shift, words),
        *_unknown_goods(shift, words),
        *_law(shift, words),
        Rule(),
        *_hub(shift, words),
        *_papers(shift, words),
        Cut(),
    ]
    return Document(tuple(blocks))


def _law(shift: Shift, words: PaperWords) -> Iterator[Block]:
    """The tables of least prices are of their years: who sees to the till should know before they end."""
    known = known_to(load_law())
    if date.fromisoformat(shift.day) > known - LAW_TOLD_BEFORE:
        yield Columns(words.say("law_known_to"), label(known.isoformat()), bold=True)


def label(day: str) -> str:
    """A day as people write it."""
    return date.fromisoformat(day).strftime("%d.%m.%Y")


def sales_of(shift: Shift, *, refused: bool | None = None) -> list[Sale]:
    """All of them, also those that the hub refused: their papers are out. `refused`: those alone, or the others."""
    chosen = (done for done in shift.operations if refused in (None, done.result == "refused"))
    return [done.operation.body for done in chosen if isinstance(done.operation.body, Sale)]


def _sales(shift: Shift, words: PaperWords) -> Iterator[Block]:
    """Points and money of those with a member; then those without one, where there are any. Points that the hub refused
    came to nobody; but whoever redeemed such paid less."""
    sales = [sale for sale in sales_of(shift) if has_member(sale)]
    others = [sale for sale in sales_of(shift) if not has_member(sale)]
    lost = [sale for sale in sales_of(shift, refused=True) if has_member(sale)]
    lost_spent, lost_earned = _redeemed(lost), _accrued(lost)
    yield Columns(words.say("sales"), str(len(sales)))
    yield Columns(words.say("redeemed"), words.points(_redeemed(sales)), bold=True)
    if lost_spent:
        yield Columns(words.say("redeemed_refused"), words.points(lost_spent))
    yield Columns(words.say("worth"), format_kopecks(sum(sale.redeemed.kopecks for sale in sales)))
    yield Columns(words.say("accrued"), words.points(_accrued(sales) - lost_earned), bold=True)
    if lost_earned:
        yield Columns(words.say("accrued_refused"), words.points(lost_earned))
    total, paid = sum(sale.total_kopecks for sale in sales), sum(sale.paid_kopecks for sale in sales)
    if total != paid:
        yield Columns(words.say("sales_total"), format_kopecks(total))
    yield Columns(words.say("sales_paid"), format_kopecks(paid))
    if others:
        yield Columns(words.say("sales_without_card"), str(len(others)))
        yield Columns(words.say("sales_paid"), format_kopecks(sum(sale.paid_kopecks for sale in others)))


def _redeemed(sales: Sequence[Sale]) -> int:
    return sum(sale.redeemed.points for sale in sales)


def _accrued(sales: Sequence[Sale]) -> int:
    return sum(sale.accrued.points for sale in sales)


def _returns(shift: Shift, words: PaperWords) -> Iterator[Block]:
    """What goods that came back gave and took; their number is counted with the rest."""
    bodies = [done.operation.body for done in shift.operations]
    backs = [body for body in bodies if isinstance(body, Return)]
    if backs:
        money = sum(back.refund_kopecks - certificate_kopecks(back) for back in backs)
        yield Columns(words.say("refund_money"), format_kopecks(money))
        yield Columns(words.say("points_back"), words.points(sum(back.restored.points for back in backs)))
        yield Columns(words.say("points_taken_back"), words.points(sum(back.clawed_back.points for back in backs)))


def _counted(shift: Shift, words: PaperWords) -> Iterator[Block]:
    """What does not happen every day stands there only when it did."""
    counts: Counter[str] = Counter()
    for done in shift.operations:
        counts.update(row_for("report", COUNTED, done.operation.body)(done.operation.body))
    yield from (Columns(words.say(key), str(counts[key])) for key in COUNTS_SHOWN if counts[key])
    offline = sum(sale.redeemed.kopecks for sale in sales_of(shift) if sale.link == "offline" and has_member(sale))
    if offline:
        yield Columns(words.say("offline_worth"), format_kopecks(offline))
    if shift.guesses:
        yield Columns(words.say("guesses"), str(shift.guesses), bold=True)


def _certificates(shift: Shift, words: PaperWords) -> Iterator[Block]:
    """What was sold and used of gift certificates, and what went back: rubles of their own."""
    counts = summed(shift.people.values())
    for what in ("sold", "used", "back", "refunded"):
        if count := counts.get(f"certificates_{what}"):
            yield Columns(words.say(f"certificates_{what}"), str(count))
            yield Columns(words.say("certificates_worth"), format_kopecks(counts.get(f"certificates_{what}_worth", 0)))
    for what in ("blocked", "replaced"):
        if count := counts.get(f"certificates_{what}"):
            yield Columns(words.say(f"certificates_{what}"), str(count))


def _unknown_goods(shift: Shift, words: PaperWords) -> Iterator[Block]:
    """Goods whose category neither the POS nor the goods file knows: somebody must say what they are (R31)."""
    lines = (line for sale in sales_of(shift) for line in sale.lines if line.category == UNKNOWN)
    counts = Counter(map(called, lines))
    if counts:
        yield Rule()
        yield Text(words.say("unknown_goods"), bold=True)
    yield from (Columns(goods, str(count)) for goods, count in counts.most_common(UNKNOWN_SHOWN_MAX))
    if len(counts) > UNKNOWN_SHOWN_MAX:
        yield Columns(words.say("unknown_goods_more"), str(len(counts) - UNKNOWN_SHOWN_MAX))


def _people(shift: Shift, words: PaperWords) -> Iterator[Block]:
    """By whose hands, where somebody was named."""
    if not any(shift.people):
        return
    yield Rule()
    yield Text(words.say("by_cashier"), bold=True)
    for by, counts in shift.people.items():
        part = part_of(by or words.say("nobody"), counts)
        if not by and not did_anything(part):
            continue
        yield Columns(part.label, words.say("receipts_paid", count=str(part.sales), paid=part.paid))
        if part.earned or part.spent:
            yield Columns(words.say("earned_spent"), f"{part.earned} / {part.spent}")


def _refused_here(shift: Shift, words: PaperWords) -> Iterator[Block]:
    """What this till itself has refused, by reason."""
    refusals = said_of(summed(shift.people.values()), words.language)
    if refusals:
        yield Rule()
        yield Text(words.say("refused_here"), bold=True)
    yield from (Columns(bar.label, bar.text) for bar in refusals)


def _hub(shift: Shift, words: PaperWords) -> Iterator[Block]:
    refused = [done for done in shift.operations if done.result == "refused"]
    yield Columns(words.say("waiting_for_hub"), str(sum(done.result is None for done in shift.operations)))
    yield Columns(words.say("refused_by_hub"), str(len(refused)), bold=bool(refused))
    for done in refused[:REFUSED_SHOWN_MAX]:
        why = plainly_refused(done.reason or "", words.language)
        yield Columns(words.say("refused_sale", number=_sale_number(done.operation.body)), why)


def _sale_number(body: object) -> str:
    sale = getattr(body, "sale", None)
    return sale.number if sale else "—"


def _papers(shift: Shift, words: PaperWords) -> Iterator[Block]:
    for key, states in (("papers_waiting", NOT_PRINTED), ("papers_in_question", IN_QUESTION)):
        count = sum(shift.papers.get(state, 0) for state in states)
        yield Columns(words.say(key), str(count), bold=bool(count))


def _sale(sale: Sale) -> dict[str, int]:
    return {
        "coupons_used": len(sale.coupons),
        "made_offline": sale.link == "offline" and has_member(sale),
        "strangers": is_strangers(sale),
        "report_stickers_given": given_count(sale.stickers),
        "report_stickers_spent": spent_count(sale.stickers),
    }


def _return(back: Return) -> dict[str, int]:
    stickers = told_back(back)
    return {
        "returns": 1,
        "coupons_returned": len(back.coupons),
        "made_offline": back.link == "offline",
        "report_stickers_restored": stickers.restored,
        "report_stickers_taken_back": stickers.taken_back,
    }


def _one(key: str) -> Callable[[Any], dict[str, int]]:
    return lambda body: {key: 1}


# what a kind of operation adds to which count (loyalty/kinds.py)
COUNTED: Final[Mapping[str, Callable[[Any], dict[str, int]]]] = {
    "sale": _sale,
    "return": _return,
    "fiscal_added": lambda added: {},
    "hold_voided": lambda voided: {},
    "card_issued": _one("cards_issued"),
    "card_reissued": _one("cards_reissued"),
    "card_made_virtual": _one("cards_made_virtual"),
    "card_blocked": _one("cards_blocked"),
    "card_unblocked": _one("cards_unblocked"),
    "certificate_sold": lambda sold: {},
    "certificate_refunded": lambda refunded: {},
    "certificate_blocked": lambda blocked: {},
    "certificate_replaced": lambda replaced: {},
}
STICKER_COUNTS: Final = (
    "report_stickers_given",
    "report_stickers_spent",
    "report_stickers_restored",
    "report_stickers_taken_back",
)
COUNTS_SHOWN: Final = (
    "returns",
    "cards_issued",
    "cards_reissued",
    "cards_made_virtual",
    "cards_blocked",
    "cards_unblocked",
    "coupons_used",
    "coupons_returned",
    *STICKER_COUNTS,
    "made_offline",
    "strangers",
)
