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
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Final

from click.testing import CliRunner
from msgspec.structs import replace
from time_machine import Traveller

from config.settings import HubSettings, load_settings
from hub.build import build_hub, build_programmes
from hub.cli import cli
from hub.face.tills import hub_app
from hub.hub import Hub
from hub.jobs.running import Running
from pos_agent.join_words import say_join
from pos_agent.joining import join
from tests.console import Step
from tests.hub.month_till import LOOKS, SHOP_ZONE, Row, Till, looked_at, read, returned, sold, written
from tests.one_port import Server

DATE: Final = "%a %b %d %H:%M:%S MSK %Y"  # as `date` says it in the shops' zone
JOBS_ARE_DONE: Final = time(0, 10)  # what midnight makes due, ten minutes later at the latest
SHOPS_OPEN: Final = time(10)
LEDGER: Final = Path("hub.db")
GOODS: Final = Path("goods.csv")
EACH: Final = re.compile(r"for (\w+) in (.+?); do (.+?); done")
CODE: Final = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b")
BAR: Final = re.compile(r"^(?:Importing|Verifying|Reading)\b.*$\n?", re.MULTILINE)


class Month:
    def __init__(self, traveller: Traveller, server: Server) -> None:
        self._traveller, self._server = traveller, server
        self._port = int(server.url.rpartition(":")[2])
        self._hub: Hub | None = None
        self._tills: dict[str, Till] = {}
        self._numbers = itertools.count(1)
        self._each_day: list[Row] = []
        self._prices: dict[str, str] = {}
        self._code = ""  # that the last till was invited with
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
            return self._serve() if rest == ["serve"] else self._heard(said_by_hub(rest))
        if command == "pos-agent":
            return self._join(Path(rest[-1])) if rest[0] == "join" else self._start(Path(rest[-1]))
        done = subprocess.run(words, shell=True, capture_output=True, text=True, encoding="utf-8", check=False)
        return done.stdout + done.stderr

    def _serve(self) -> str:
        self._hub = build_hub(LEDGER, build_programmes(), serving=True)
        self._server.app = hub_app(self._hub)
        return ""

    def _heard(self, said: str) -> str:
        """A code is another each time: it is that which is typed at the till."""
        self._code = found[0] if (found := CODE.search(said)) else self._code
        return said

    def _join(self, settings: Path) -> str:
        said = load_settings(settings)
        identity = join(replace(said, hub=HubSettings(url=self._server.url)), self._code)
        return say_join("joined", said.language, till=identity.till, url=said.hub.url, folder=said.keys) + "\n"

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
                self._sync()
                self._sell_each_day()
        self._at(moment)
        self._sync()

    def _at(self, moment: datetime) -> None:
        self._traveller.move_to(moment)
        if self._hub is not None:
            running, now = Running(self._hub), self._hub.now()
            while running.step(now) <= now:
                pass

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
