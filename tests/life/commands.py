"""Which command comes next in the random walk: anything, or the next of a visit that somebody makes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from pos_agent.protocol import (
    Balance,
    BasketLine,
    Cancel,
    Code,
    Command,
    DropCard,
    IssueCard,
    Pay,
    Phone,
    Prepare,
    PutAside,
    Redeem,
    ReissueCard,
    Reprint,
    ReturnedGoods,
    ReturnGoods,
    SetBasket,
    SoldReceipt,
    TakeUp,
    XReport,
)
from tests.life.terms import BEGIN, CATEGORIES, MEMBERS

if TYPE_CHECKING:
    from tests.life.walk import Walk
    from tests.life.walking import WalkingTill

VISITS: Final = 0.15  # so many of the commands at a till without one begin a visit
RACES: Final = 0.2  # so many of the visits are made at both tills


class Commands:
    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.visits: dict[str, deque[Callable[[], Command]]] = {}  # what is still to come of one, by till

    def next(self, till: WalkingTill) -> Command:
        """Mostly the next of the visit that goes on there; others come in between."""
        visit, chance = self.visits.setdefault(till.name, deque()), self.walk.chance
        if not visit and chance.random() < VISITS:
            if chance.random() < RACES:
                self._race()
            else:
                visit.extend(self._visit(till))
        if visit and chance.random() < 0.9:
            return visit.popleft()()
        return self._any(till)

    def _race(self) -> None:
        """The same right, of the same member, at both tills at once."""
        chance, here = self.walk.chance, {"sale": None}
        card, shown = Code(text=chance.choice(self.walk.cards)), chance.choice(self.walk.rights).same(here)
        for till in self.walk.tills:
            basket = SetBasket(lines=self._lines(2))
            visit = self.visits.setdefault(till.name, deque())
            visit.extend(partial(_same, one) for one in (Cancel(), basket, card, shown))
            visit.append(lambda: Pay(sale=self._number(), quote=None))

    def _visit(self, till: WalkingTill) -> Iterator[Callable[[], Command]]:
        """Somebody buys, with what he has."""
        chance = self.walk.chance
        here: dict[str, Any] = {"sale": None}
        if chance.random() < 0.7:
            yield Cancel
        shown: list[Callable[[], Command]] = []
        if chance.random() < 0.8:
            shown.append(lambda: Code(text=chance.choice(self.walk.cards)))
        shown += [lambda: chance.choice(self.walk.rights).any(till, here)] * chance.choice((1, 1, 2, 3))
        shown.append(lambda: SetBasket(lines=self._lines(2)))
        yield from chance.sample(shown, len(shown))
        if chance.random() < 0.2:
            yield lambda: Redeem(points=chance.choice((None, 10, 300)))
        if chance.random() < 0.4:
            yield Prepare
        yield lambda: Pay(sale=self._number(), quote=None)
        if chance.random() < 0.25 and self.walk.sold:
            yield lambda: self._back(till, 1)
            yield lambda: self._back(till, 1)

    def _any(self, till: WalkingTill) -> Command:
        chance, visit = self.walk.chance, till.checkout.visit
        kinds = ("basket", "code", "rights", "redeem", "prepare", "pay", "phone", "issue", "reissue", "drop", "cancel")
        kind = chance.choices((*kinds, "wait", "look", "back"), (22, 18, 12, 8, 9, 20, 2, 5, 3, 3, 2, 9, 2, 4))[0]
        if kind == "back" and self.walk.sold:
            return self._back(till)
        name = self._name(till)
        match kind:
            case "basket":
                return SetBasket(lines=self._lines(), redemption_forbidden=chance.random() < 0.03, **name)
            case "code":
                return Code(text=chance.choice((*self.walk.cards, *self._drawer(60), "4607012345677", "junk")), **name)
            case "rights":
                return chance.choice(self.walk.rights).any(till, name)
            case "redeem":
                return Redeem(points=chance.choice((None, None, 10, 300)), **name)
            case "prepare":
                return Prepare(another=chance.random() < 0.1, **name)
            case "phone":
                return Phone(number=f"+7916000{chance.randrange(MEMBERS):04}", **name)
            case "issue":
                return IssueCard(card=chance.choice(self._drawer()), **name)
            case "reissue":
                return ReissueCard(new_card=chance.choice(self._drawer()), manager=chance.random() < 0.5, **name)
            case "drop":
                return DropCard(**name)
            case "cancel":
                return Cancel(**name)
            case "wait":
                up = TakeUp(**name | {"sale": name["sale"] or self._number()})
                return chance.choice((PutAside(**name), up))
            case "look":
                card = Balance(text=chance.choice(self.walk.cards))
                return chance.choice((XReport(show=True), Reprint(), card))
        quote = chance.choice(
            (None, None, visit.quote, chance.choice((*self.walk.said, "x")) if self.walk.said else "x")
        )
        number = name.pop("sale") or self._number()
        return Pay(sale=number, quote=quote, another=chance.random() < 0.1, **name)

    def _back(self, till: WalkingTill, newest: int = 20) -> ReturnGoods:
        """Goods of a sale, mostly a late one, at whichever till; asked first, or at once, or told again."""
        chance, number = self.walk.chance, f"R{self.walk.chance.randint(1, 4 + len(self.walk.given_back))}"
        if self.walk.refunds and chance.random() < 0.5:
            return ReturnGoods(quote=chance.choice(list(self.walk.refunds)[-6:]), paid=True, sale=number)
        chain, sale = chance.choice(self.walk.sold[-newest:])
        of = SoldReceipt(sale=sale.sale.number, day=sale.sale.day, till=None if chain == till.name else chain)
        lines = tuple(
            ReturnedGoods(id=line.id, quantity=str(chance.randint(1, line.quantity_m // 1000)))
            for line in chance.sample(sale.lines, chance.randint(0, len(sale.lines)))
        )
        whole, paid = chance.random() < 0.3, chance.random() < 0.3
        return ReturnGoods(of=of, whole=whole, lines=lines, paid=paid, sale=number if paid else None)

    def _drawer(self, before: int = 0) -> list[str]:
        """The next blank cards, and those `before` them: new ones keep coming, however long the walk."""
        used = self.walk.counts["card_will_be_issued"] + self.walk.counts["card_will_be_reissued"]
        return self.walk.blanks[max(0, used - before) : used + 40]

    def _number(self) -> str:
        """Numbers come again: within a shift by mistake, over the days by right."""
        return str(1 + (int((self.walk.now - BEGIN).total_seconds()) // 300 + self.walk.chance.randint(-2, 1)) % 40)

    def _name(self, till: WalkingTill) -> dict[str, Any]:
        chance, front = self.walk.chance, till.checkout.visit.receipt
        if chance.random() < 0.4:
            return {"sale": None}
        if front is not None and chance.random() < 0.7:
            return {"sale": front.number, "day": front.day or None, "shift": front.shift or None}
        more: dict[str, Any] = chance.choice(
            ({}, {}, {"shift": str(self.walk.now.day)}, {"day": self.walk.now.date().isoformat()})
        )
        return {"sale": self._number(), **more}

    def _lines(self, least: int = 0) -> tuple[BasketLine, ...]:
        chance = self.walk.chance
        return tuple(
            BasketLine(
                id=str(number),
                name="Товар",
                price=f"{chance.choice((9, 120, 900))}.{chance.choice((0, 50, 99)):02}",
                quantity=str(chance.randint(1, 3)),
                category=chance.choice(CATEGORIES[self.walk.programme]),
            )
            for number in range(max(least, chance.choice((0, 1, 1, 2, 4))))
        )


def _same(command: Command) -> Command:
    return command
