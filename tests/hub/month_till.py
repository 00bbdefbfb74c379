"""A till of `docs/month.md`: built from its settings as `pos-agent run` builds it, and the rows that it plays."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from config.settings import ApiSettings, HubSettings, load_settings
from pos_agent.answers import Reply, ToldReturn, ToldSale
from pos_agent.build import Till as BuiltTill
from pos_agent.demo.wire import Wire
from pos_agent.protocol import (
    BasketLine,
    Code,
    Command,
    Pay,
    Prepare,
    Redeem,
    ReturnGoods,
    SetBasket,
    SoldReceipt,
)

SHOP_ZONE: Final = ZoneInfo("Europe/Moscow")
TAKES_MAX: Final = 40  # looks at a till's queue, each a quarter of a second at most
NOBODY: Final = "nobody"
WITH_POINTS: Final = " with points"


class Row(NamedTuple):
    """A row of a block of tills: at which, whose card or what else, of what, and what came of it."""

    till: str
    who: str
    what: str = ""
    said: str = ""


class Till:
    """One of the shops' tills, from its settings, on a wire of its own."""

    def __init__(self, settings: Path, port: int) -> None:
        self.wire = Wire(port)
        said = load_settings(settings)
        self.built = BuiltTill(replace(said, hub=HubSettings(url=self.wire.url), api=ApiSettings(port=0)))
        self._seconds = 0.0

    @property
    def now(self) -> datetime:
        """The corrected moment."""
        return datetime.now(UTC) + timedelta(seconds=self.built.cache.clock_off_s())

    def do(self, command: Command) -> Reply:
        """Through the agent, as the POS's commands come; the hub's word of points comes in between."""
        till = self.built
        reply = till.agent.asked(command)
        for _ in range(TAKES_MAX):
            if reply.done():
                return reply.result()
            if (event := till.agent.take()) is not None:
                till.agent.step(event, self.now, till.cache.clock_off_s())
        raise AssertionError(f"no answer to {command}")

    def sync(self) -> None:
        """Until there is nothing more to say and nothing more to hear."""
        self._seconds += 3_600
        while self.built.sync.step(self._seconds) <= self._seconds:
            pass

    def loses_the_hub(self) -> None:
        self.wire.cut()
        self.sync()

    def finds_the_hub(self) -> None:
        self.wire.mend()
        self.sync()

    def close(self) -> None:
        self.wire.cut()
        self.built.listener.close()
        self.built.cache.close()
        if self.built.told is not None:
            self.built.told.close()


LOOKS: Mapping[str, Callable[[Till], None]] = {
    "loses the hub": lambda till: till.loses_the_hub(),
    "finds the hub": lambda till: till.finds_the_hub(),
    "is looked at": lambda till: None,
}


def read(line: str) -> Row:
    row = Row(*re.split(r"  +", line.strip()))
    return row._replace(what="") if row.who in LOOKS else row


def written(row: Row, said: str) -> str:
    return f"{row.till:<8}  {row.who:<13}  {row.what:<24}  {said}".rstrip() + "\n"


def sold(till: Till, row: Row, number: str, price: Callable[[str], str]) -> str:
    """The goods by article alone, as a POS sends them that knows prices and nothing else."""
    goods, with_points, _ = row.what.partition(WITH_POINTS)
    lines = tuple(_line(index, one, price) for index, one in enumerate(goods.split(", "), start=1))
    asked: list[Command] = [SetBasket(sale=number, lines=lines)]
    if row.who != NOBODY:
        asked.append(Code(sale=number, text=row.who))
    if with_points:
        asked.append(Redeem(sale=number))
    for command in asked:
        assert (reply := till.do(command)).ok, (row, reply)
    ready = prepared(till, number)
    day = till.now.astimezone(SHOP_ZONE).date().isoformat()
    paid = till.do(Pay(sale=number, day=day, quote=ready.quote))
    assert paid.ok and isinstance(paid.told, ToldSale), (row, paid)
    return in_words(paid.told, number)


def prepared(till: Till, number: str) -> ToldSale:
    """As the customer is told it; a sum that changed is told anew."""
    while (ready := till.do(Prepare(sale=number))).code.startswith("changed_"):
        pass
    assert ready.ok and isinstance(ready.told, ToldSale), ready
    return ready.told


def _line(index: int, words: str, price: Callable[[str], str]) -> BasketLine:
    article, _, quantity = words.partition(" x")
    return BasketLine(id=str(index), article=article, quantity=quantity or "1", price=price(article))


def in_words(told: ToldSale, number: str) -> str:
    sums = " + ".join(line.net for line in told.lines)
    of = f"{sums} = {told.to_pay}" if len(told.lines) > 1 else told.to_pay
    spent = f", {told.redeemed.points} spent" if told.redeemed.points else ""
    return f"receipt {number}: {of}{spent}, {told.accrued.points} earned"


def looked_at(till: Till) -> str:
    """What `pos-agent status` and the till's page say of programme and troubles."""
    status = till.built.status()
    return " ".join([f"sells by {status.programme_version}.", *(trouble.text for trouble in status.troubles)])


def returned(till: Till, what: str, number: str) -> str:
    """`what`: receipt 12 of 2026-04-03."""
    _, sale, _, day = what.split()
    of = SoldReceipt(sale=sale, day=day)
    told = till.do(ReturnGoods(of=of, whole=True, sale=number))
    assert told.ok and isinstance(told.returned, ToldReturn), told
    done = till.do(ReturnGoods(quote=told.returned.quote, paid=True, sale=number))
    assert done.ok and isinstance(done.returned, ToldReturn), done
    back = done.returned
    return f"{back.refund} back, {back.restored} points back, {back.clawed_back} taken back"
