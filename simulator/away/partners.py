"""Points that a member gives away: to a partner, who is asked for as long as it takes, or to a fund."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from hub.desk.exchange_acts import AskAgain, SettleExchange
from hub.exchanges.settling import Outcome
from simulator.away.matter import Errand, Matter, Refused
from simulator.terms import FUND, MILES
from sync.account.partners import AskOneExchange, Exchange, ExchangeTold, GiveToFund

STEP: Final = 10  # points, of both
STEPS_MAX: Final = 30
OUTCOMES: Final[tuple[Outcome, ...]] = ("paid", "freed")
LOOKS_S: Final = 1_200.0  # so often he looks what has become of it
OVER: Final = frozenset(("done", "refused", "voided"))


def exchanges(matter: Matter) -> Errand:
    """For miles; what the partner does not answer as he was asked the office settles."""
    points = STEP * matter.chance.randint(5, STEPS_MAX)
    told = yield matter.account("exchange", Exchange(partner=MILES, number="123456789", points=points))
    yield from _is_over(matter, told)


def _is_over(matter: Matter, told: ExchangeTold | Refused) -> Errand:
    """A ledger that is put back asks the partner again by itself, or knows still what he said: so he looks, too."""
    person, chance, desks = matter.person, matter.chance, matter.world.desks
    while not isinstance(told, Refused) and told.state not in OVER:
        if told.state != "odd" and desks.is_closing:  # else he waits as long as it takes
            yield matter.office("exchange_ask", AskAgain(id=told.id))
        if told.state == "odd":
            outcome = chance.choice(OUTCOMES)
            yield matter.office("exchange_settle", SettleExchange(id=told.id, outcome=outcome, reason="Спросили"))
        told = yield matter.account("exchange_one", AskOneExchange(id=told.id)).later(LOOKS_S)
    if not isinstance(told, Refused) and told.state == "done":
        matter.given(person, -told.points)
        again, id = replace(matter, name=f"{matter.name}/again"), told.id
        desks.undone_by(lambda: desks.goes_on(again, _looks(again, id)))


def _looks(matter: Matter, id: str) -> Errand:
    told = yield matter.account("exchange_one", AskOneExchange(id=id))
    yield from _is_over(matter, told)


def gives_to_fund(matter: Matter) -> Errand:
    points = STEP * matter.chance.randint(1, STEPS_MAX)
    told = yield matter.account("give_to_fund", GiveToFund(fund=FUND, points=points))
    if not isinstance(told, Refused):
        matter.given(matter.person, -told.points)
