"""A day as people read it, made of its counts (loyalty/day.py): lines, and bars to be compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from loyalty.day import GOODS, HOUR, REFUSED, REST, SAID, Counts, named, summed
from loyalty.money import format_kopecks
from loyalty.programme import Language
from pos_agent.audit_words import ended_words
from pos_agent.day_words import LINES, PARTS, say_part
from pos_agent.protocol_day import ToldBar, ToldCount, ToldPart
from pos_agent.refusal_words import plainly_refused

BARS_MAX: Final = 12
MONEY: Final = frozenset(
    {
        *("paid", "spent_worth", "offline_worth", "paid_without_card", "refunded"),
        *(f"certificates_{what}_worth" for what in ("sold", "used", "back", "refunded")),
    }
)
ALWAYS: Final = frozenset({"sales", "earned", "spent", "offline", "offline_share", "strangers"})
HOURS: Final = range(24)


def lines_of(counts: Mapping[str, int], language: Language) -> Iterator[ToldCount]:
    """What does not happen every day stands there only when it did."""
    for name in LINES:
        if counts.get(name) or name in ALWAYS:
            yield ToldCount(name=name, label=say_part(LINES, name, language), text=_text(counts, name))


def _text(counts: Mapping[str, int], name: str) -> str:
    if name == "offline_share":
        sales = counts.get("sales", 0)
        return f"{counts.get('offline', 0) * 100 // sales if sales else 0} %"
    count = counts.get(name, 0)
    return f"{format_kopecks(count)} ₽" if name in MONEY else str(count)


def part_of(label: str, counts: Mapping[str, int]) -> ToldPart:
    return ToldPart(
        label=label,
        sales=counts.get("sales", 0) + counts.get("sales_without_card", 0),
        paid=format_kopecks(counts.get("paid", 0) + counts.get("paid_without_card", 0)),
        earned=counts.get("earned", 0),
        spent=counts.get("spent", 0),
        returns=counts.get("returns", 0),
        offline=counts.get("offline", 0),
    )


def parts_of(parts: Iterable[tuple[str, Counts]], nobody: str) -> tuple[ToldPart, ...]:
    """Those of the same name together, in their order; nobody is no row where nothing went through nobody's hands."""
    many: dict[str, list[Counts]] = {}
    for name, counts in parts:
        many.setdefault(name, []).append(counts)
    told = [(name, part_of(name or nobody, summed(many[name]))) for name in sorted(many)]
    return tuple(part for name, part in told if name or did_anything(part))


def did_anything(part: ToldPart) -> bool:
    return any((part.sales, part.earned, part.spent, part.returns))


def hours_of(counts: Mapping[str, int]) -> tuple[ToldBar, ...]:
    """From the first to the last in which anything was sold."""
    sold = {int(hour): kopecks for hour, kopecks in named(counts, HOUR).items() if hour.isdecimal()}
    there = [hour for hour in HOURS if sold.get(hour)]
    shown = range(there[0], there[-1] + 1) if there else ()
    return tuple(
        ToldBar(label=f"{hour:02}", amount=max(0, sold.get(hour, 0)), text=format_kopecks(sold.get(hour, 0)))
        for hour in shown
    )


def refusals_of(counts: Mapping[str, int], language: Language) -> tuple[ToldBar, ...]:
    by_hub = _bars(named(counts, REFUSED), language, lambda why: _by_hub(why, language))
    return (*by_hub, *said_of(counts, language))


def said_of(counts: Mapping[str, int], language: Language) -> tuple[ToldBar, ...]:
    """What the till itself has refused."""
    return _bars(named(counts, SAID), language, lambda code: ended_words(code, language))


def goods_of(counts: Mapping[str, int], language: Language) -> tuple[ToldBar, ...]:
    return _bars(named(counts, GOODS), language, lambda article: article)


def _bars(counts: Mapping[str, int], language: Language, label: Callable[[str], str]) -> tuple[ToldBar, ...]:
    shown = list(counts.items())[:BARS_MAX]
    rest = sum(counts.values()) - sum(count for _, count in shown)
    bars = [
        ToldBar(label=say_part(PARTS, "rest", language) if name == REST else label(name), amount=count, text=str(count))
        for name, count in shown
    ]
    if rest:
        bars.append(ToldBar(label=say_part(PARTS, "rest", language), amount=rest, text=str(rest)))
    return tuple(bars)


def _by_hub(why: str, language: Language) -> str:
    return say_part(PARTS, "hub", language, why=plainly_refused(why, language))
