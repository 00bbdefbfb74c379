"""What this till sees more of than is ordinary (SEC7): a line at the manager's desk, and nothing is refused for it.

Looked at after a sale is recorded and answered for, over this till's own purchases, so that it works without the hub,
which counts all tills. An ordinary card costs one look into an index; only one that is used a lot has its operations
read.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from loyalty.bodies import Sale
from loyalty.operation import Operation
from loyalty.programme import VelocityRules
from loyalty.velocity import MONTH_S, Ring, Watched, used
from pos_agent.audited import note_ring
from pos_agent.counter import Counter

MONTH: Final = timedelta(seconds=MONTH_S)
GUESSES: Final = "guesses_day"


def watch_sale(counter: Counter) -> None:
    """The sale that was recorded last. Raises FileError."""
    operation = counter.made[-1] if counter.made else counter.cache.last_deal()  # a commit of unknown outcome made none
    if operation is None or not isinstance(operation.body, Sale):
        return
    subject = operation.body.member or operation.body.card
    rings = _rings(counter, operation, subject) if subject else ()
    if subject and rings:
        sale, by = operation.body.sale.number, operation.by or ""
        counter.cache.days.ring(counter.today.isoformat(), counter.now, subject, rings, by, sale)
        for ring in rings:
            note_ring(counter, ring.rule, ring.count, ring.most, sale)


def watch_guesses(counter: Counter, guesses: int) -> None:
    """So many numbers were typed today that nobody has. Raises FileError."""
    most = counter.programme.velocity.guesses_day
    if most is not None and guesses == most + 1:
        ring = Ring(GUESSES, guesses, most, ())
        counter.cache.days.ring(counter.today.isoformat(), counter.now, "", [ring], counter.by or "", "")
        note_ring(counter, GUESSES, guesses, most, "")


def _rings(counter: Counter, operation: Operation, subject: str) -> tuple[Ring, ...]:
    rules, days = counter.programme.velocity, counter.cache.days
    at = datetime.fromisoformat(operation.at)
    uses = days.uses(subject, at - MONTH, operation.chain)
    if len(uses) <= _least(rules):
        return ()
    uses = days.by_whom(uses)
    newest = uses.pop()
    _, rings = used(Watched(uses=tuple(uses), rang=days.rang(subject, at - MONTH)), newest, rules)
    return rings


def _least(rules: VelocityRules) -> int:
    """So many are ordinary by every rule that one till can look at."""
    bounds = (rules.card_hour, rules.card_day, rules.card_month, rules.cashier_month)
    return min((bound for bound in bounds if bound is not None), default=MONTH_S)
