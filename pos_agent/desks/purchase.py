"""A4: whether the purchase is large enough for the card that comes with it, when it is asked for and as it shrinks."""

from __future__ import annotations

from itertools import compress

from msgspec.structs import replace

from loyalty.advice import is_open
from loyalty.categories import CLOSED
from pos_agent.counter import Counter, Remarks, remark
from pos_agent.priced import pos_lines, quoted
from pos_agent.receipt import masked
from pos_agent.refused import Refused
from pos_agent.visit import Visit


def large_enough(counter: Counter, visit: Visit) -> None:
    """A4: a card comes with a purchase of so much. Its own fee does not count, and neither do cigarettes, certificates
    and the like (R25). Raises Refused."""
    least = counter.programme.cards.issue_min_purchase_kopecks
    total, counted = _sums(counter, visit)
    if counted < least:
        lines = pos_lines(counter, replace(visit, issue=None, reissue=None))
        may_advise = any(is_open(counter.programme.category(line.category)) for line in lines)
        raise Refused(
            "purchase_too_small",
            words="purchase_too_small" if total < least else "purchase_too_small_but_for_closed",
            more_kopecks=least - counted if may_advise else 0,
            least=counter.amount(least),
            total=counter.amount(counted),
        )


def _sums(counter: Counter, visit: Visit) -> tuple[int, int]:
    """The goods' kopecks, and those of them that count."""
    goods = replace(visit, issue=None, reissue=None)
    if not goods.lines:
        return 0, 0
    answer = quoted(counter, goods, counter.view(goods))
    closed = [line.category in CLOSED for line in pos_lines(counter, goods)]
    total = answer.total_kopecks
    return total, total - sum(compress([line.net_kopecks for line in answer.lines], closed))


def without_card_too_dear(counter: Counter, visit: Visit) -> tuple[Visit, Remarks]:
    """A receipt that has shrunk gives no card: said now, for at `pay` the customer has paid already. An empty one is
    only at its beginning. Raises BadBasket."""
    least = counter.programme.cards.issue_min_purchase_kopecks
    if visit.issue is None or not visit.lines or (counted := _sums(counter, visit)[1]) >= least:
        return visit, ()
    said = remark(
        "card_not_issued", card=masked(visit.issue), least=counter.amount(least), total=counter.amount(counted)
    )
    return replace(visit, who=None, issue=None), (said,)
