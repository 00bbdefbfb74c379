"""A month of a chain as `docs/month.md` tells it: its commands, its tills as they are built, and one clock for all.

The clock is the machine's own, moved: commands, hub and tills read it as ever. What `pos-hub serve` and the tills do
by themselves (jobs, feeds) is done whenever a day or a chapter begins.
"""

from __future__ import annotations

import csv
import itertools
import re
import shlex
import subprocess
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from click.testing import CliRunner
from msgspec.structs import replace
from time_machine import Traveller

from config.settings import ApiSettings, HubSettings, load_settings
from hub.build import build_hub, build_programmes
from hub.cli import cli
from hub.face.tills import hub_app
from hub.hub import Hub
from hub.jobs.running import Running
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
from tests.console import Step
from tests.one_port import Server

SHOP_ZONE = ZoneInfo("Europe/Moscow")
DATE = "%a %b %d %H:%M:%S MSK %Y"  # as `date` says it in the shops' zone
JOBS_ARE_DONE = time(0, 10)  # what midnight makes due, ten minutes later at the latest
SHOPS_OPEN = time(10)
LEDGER = Path("hub.db")
GOODS = Path("goods.csv")
TAKES_MAX = 40  # looks at a till's queue, each a quarter of a second at most
EACH = re.compile(r"for (\w+) in (.+?); do (.+?); done")
BAR = re.compile(r"^(?:Importing|Verifying|Reading)\b.*$\n?", re.MULTILINE)
NOBODY = "nobody"
WITH_POINTS = " with points"


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

    def do(self, command: Command) -> Reply:
        """Through the agent, as the POS's commands come; the hub's word of points comes in between."""
        till = self.built
        reply = till.agent.asked(command)
        for _ in range(TAKES_MAX):
            if reply.done():
                return reply.result()
            if (event := till.agent.take()) is not None:
                off_s = till.cache.clock_off_s()
                till.agent.step(event, till._now(), off_s)
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


class Month:
    def __init__(self, traveller: Traveller, server: Server) -> None:
        self._traveller, self._server = traveller, server
        self._port = int(server.url.rpartition(":")[2])
        self._hub: Hub | None = None
        self._tills: dict[str, Till] = {}
        self._numbers = itertools.count(1)
        self._each_day: list[Row] = []
        self._prices: dict[str, str] = {}
        self.receipts = 0

    def close(self) -> None:
        for till in self._tills.values():
            till.close()
        if self._hub is not None:
            self._hub.close()

    # what stands in a console

    def do(self, step: Step) -> str:
        """What the command says."""
        if step.words == "date":
            self._move_to(datetime.strptime(step.says.strip(), DATE).replace(tzinfo=SHOP_ZONE))
            return step.says
        if step.words.startswith("cat ") and not (file := Path(step.words.split()[1])).exists():
            file.write_text(step.says, encoding="utf-8")
            return step.says
        return "".join(map(self._command, _each(step.words)))

    def _command(self, words: str) -> str:
        command, *rest = shlex.split(words.removesuffix("&"))
        if command == "pos-hub":
            return self._serve() if rest == ["serve"] else said_by_hub(rest)
        if command == "pos-agent":
            return self._start(Path(rest[-1]))
        done = subprocess.run(words, shell=True, capture_output=True, text=True, encoding="utf-8", check=False)
        return done.stdout + done.stderr

    def _serve(self) -> str:
        self._hub = build_hub(LEDGER, build_programmes(), serving=True)
        self._server.app = hub_app(self._hub)
        return ""

    def _start(self, settings: Path) -> str:
        till = Till(settings, self._port)
        self._tills[till.built.settings.till] = till
        till.sync()
        return ""

    # the clock

    def _move_to(self, moment: datetime) -> None:
        """Night by night, and morning by morning, when the shops sell what they sell each day."""
        for at in nights_and_mornings(datetime.now(SHOP_ZONE), moment):
            self._at(at)
            if at.time() == SHOPS_OPEN:
                self._sell_each_day()
        self._at(moment)

    def _at(self, moment: datetime) -> None:
        self._traveller.move_to(moment)
        if self._hub is not None:
            running, now = Running(self._hub), self._hub.now()
            while running.step(now) <= now:
                pass
        self._sync()

    def _sync(self) -> None:
        for till in self._tills.values():
            till.sync()

    # tills

    def sell_each_day(self, text: str) -> None:
        self._each_day = [read(line) for line in text.splitlines()]

    def _sell_each_day(self) -> None:
        for row in self._each_day:
            self._sell(row, str(next(self._numbers)))
        self._sync()

    def play(self, text: str) -> str:
        """The rows again, with what came of them."""
        rows = [read(line) for line in text.splitlines()]
        told = "".join(written(row, self._row(row)) for row in rows)
        self._sync()
        return told

    def _row(self, row: Row) -> str:
        till = self._tills[row.till]
        if row.who in LOOKS:
            LOOKS[row.who](till)
            return looked_at(till)
        number = str(next(self._numbers))
        if row.who == "gives back":
            return returned(till, row.what, number)
        return self._sell(row, number)

    def _sell(self, row: Row, number: str) -> str:
        self.receipts += 1
        return sold(self._tills[row.till], row, number, self._price)

    def _price(self, article: str) -> str:
        if not self._prices:
            with GOODS.open(encoding="utf-8") as file:
                rows = csv.DictReader(file, delimiter=";")
                self._prices = {row["Артикул"]: row["Цена"].replace(",", ".") for row in rows}
        return self._prices[article]


def nights_and_mornings(after: datetime, until: datetime) -> Iterator[datetime]:
    days = range((until.date() - after.date()).days + 1)
    for day in (after.date() + timedelta(days=number) for number in days):
        for at in (JOBS_ARE_DONE, SHOPS_OPEN):
            if after < (moment := datetime.combine(day, at, SHOP_ZONE)) < until:
                yield moment


def _each(words: str) -> Iterator[str]:
    """A loop of the shell, unrolled by the shell itself."""
    loop = EACH.fullmatch(words)
    if loop is None:
        yield words
        return
    name, values, body = loop.groups()
    done = subprocess.run(
        f"echo {values}", shell=True, capture_output=True, text=True, executable="/bin/bash", check=True
    )
    for value in done.stdout.split():
        yield body.replace(f"${name}", value)


def said_by_hub(words: list[str]) -> str:
    done = CliRunner().invoke(cli, words)
    assert done.exception is None or isinstance(done.exception, SystemExit), (words, done.exception)
    return BAR.sub("", done.output).replace("\u00a0", " ")


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
    day = till.built._now().astimezone(SHOP_ZONE).date().isoformat()
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
