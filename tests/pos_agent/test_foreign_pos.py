"""The POS of docs/examples against a real till, hub and emulated printer: it knows none of our code, only the face."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from importlib import util
from pathlib import Path
from typing import Any

import pytest
import requests

from pos_agent.client import AgentClient
from pos_agent.demo.office import Office
from pos_agent.demo.papers import read_papers
from pos_agent.demo.processes import Process, start
from pos_agent.protocol import PaperAnswer

EXAMPLES = Path(__file__).parent.parent.parent / "docs" / "examples"
EXAMPLE = EXAMPLES / "foreign_pos.py"
ANNA, BORIS = "2600000000017", "2600000000024"
DISPLAY_COLUMNS, DISPLAY_LINES = 40, 2


def load() -> Any:
    spec = util.spec_from_file_location("foreign_pos", EXAMPLE)
    assert spec is not None and spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass
class Shop:
    """Hub, printer and till as processes, and the POS with what its display showed."""

    folder: Path
    office: Office
    printer: Process
    shown: list[list[str]] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)  # commands whose next answer is lost, the till with it

    def __post_init__(self) -> None:
        self.office.do("import", str(EXAMPLES / "members.csv"))
        self.port = 0
        self.start_till()
        token = (self.folder / "data" / "api-token").read_text(encoding="ascii")
        self.pos = load().Pos(self.url, token, display=self.show, key=redeem_most)
        self.pos.http.hooks["response"] = [self._lose]
        self.till = AgentClient(self.url, token)
        while self.till.status().hub.pulled_at is None:
            pass

    def start_till(self) -> None:
        settings = self.folder / "pos-agent.toml"
        settings.write_text(
            f'till = "till-1"\nprogramme = "alenka"\ndata = "data"\n[hub]\nurl = "http://127.0.0.1:{self.office.port}"\n'
            f'[api]\nport = {self.port}\n[printer]\nurl = "{self.printer.ready["url"]}"\n',
            encoding="utf-8",
        )
        if not self.port:
            self.office.join("till-1", settings)
        self.agent = start("agent", ["pos_agent", "run", "--config", str(settings)], self.folder / "agent.log")
        self.url = str(self.agent.ready["url"])
        self.port = int(self.url.rpartition(":")[2])

    def show(self, lines: list[str]) -> None:
        assert len(lines) <= DISPLAY_LINES and all(len(line) <= DISPLAY_COLUMNS for line in lines), lines
        self.shown.append(lines)

    def _lose(self, answer: requests.Response, **_: Any) -> None:
        """The till did it, then its power goes before the POS reads the answer."""
        body = answer.request.body or b""
        if self.cut and f'"{self.cut[0]}"'.encode() in (body.encode() if isinstance(body, str) else body):
            self.cut.pop(0)
            self.agent.kill()
            self.start_till()
            raise requests.ConnectionError("cut")

    def points(self, card: str) -> int:
        """At the hub, once the till has sent all."""
        while self.till.status().outbox:
            pass
        return int(self.office.ask("member", "--card", card)["points"])

    def papers(self) -> list[tuple[str, int]]:
        """Sale and balance of every paper that came out, when all are out."""
        while set((status := self.till.status()).papers) > {"printed"}:
            if status.asked is not None:
                self.look_at_the_strip(status.asked, status.papers.get("printed", 0))
        return [(paper.sale, paper.balance) for paper in read_papers(self.folder / "papers")]

    def look_at_the_strip(self, asked: int, printed: int) -> None:
        """The power may go while a paper is on its way: then somebody is asked about it. Others come out meanwhile:
        whoever counts looks again when one just did."""
        came_out = len(read_papers(self.folder / "papers")) > printed
        if self.till.status().papers.get("printed", 0) == printed:
            self.till.do(PaperAnswer(paper=asked, came_out=came_out))

    def close(self) -> None:
        for process in (self.agent, self.printer):
            process.stop()
        self.office.close()


def redeem_most(ask: dict[str, Any]) -> int:
    """The key on which most points stand; where none do, the first."""
    points = [answer.get("command", {}).get("points") or 0 for answer in ask["answers"]]
    return points.index(max(points))


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    office = Office(tmp_path)
    printer = start(
        "printer",
        ["pos_agent", "emulate", "printer", "--port", "0", "--out", str(tmp_path / "papers")],
        tmp_path / "printer.log",
    )
    shop = Shop(tmp_path, office, printer)
    yield shop
    shop.close()


def paid(told: dict[str, Any]) -> Decimal:
    """What the positions add up to."""
    lines = [*told["lines"], *told["extras"]]
    amounts = [Decimal(position["amount"]) for line in lines for position in line["positions"]]
    return sum(amounts, Decimal(0))


def test_r21_n12_it_sells_redeems_survives_a_cut_and_takes_goods_back(shop: Shop) -> None:
    plain = shop.pos.sell("1", "tea")
    assert paid(plain) == Decimal(plain["to_pay"]) == Decimal("825.00")

    redeemed = shop.pos.sell("2", "tea,sweets", BORIS)
    points = redeemed["redeemed"]["points"]
    assert points > 0
    assert paid(redeemed) == Decimal(redeemed["to_pay"]) == Decimal("1050.20") - points
    assert shop.points(BORIS) == 1_500 - points + redeemed["accrued"]["points"]

    shop.cut = ["basket", "code", "prepare", "pay"]  # the power goes after each of them
    after = shop.pos.sell("3", "sweets", ANNA)
    assert not shop.cut
    assert paid(after) == Decimal(after["to_pay"])
    anna = 150 - after["redeemed"]["points"] + after["accrued"]["points"]
    assert shop.points(ANNA) == anna

    again = shop.pos.sell("3", "sweets", ANNA)
    assert (again["to_pay"], paid(again)) == (after["to_pay"], paid(after)), "told again from the record"
    assert shop.points(ANNA) == anna

    shop.cut = ["paid"]
    back = shop.pos.give_back("R-1", "2")
    assert Decimal(back["refund"]) == Decimal(redeemed["to_pay"])
    assert shop.points(BORIS) == 1_500
    assert shop.papers() == [("2", 1_500 - points + redeemed["accrued"]["points"]), ("3", anna), ("2", 1_500)]
    assert [lines[0] for lines in shop.shown if lines[0].startswith("Отдали ")], "it asked before it was recorded"
    assert shop.office.do("verify")


def test_it_is_one_page_and_imports_none_of_ours() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    _, _, program = text.split('"""', 2)
    assert len([line for line in program.splitlines() if line.strip()]) <= 60
    imported = {line.split()[1].partition(".")[0] for line in text.splitlines() if line.startswith(("import", "from"))}
    assert imported - sys.stdlib_module_names == {"requests"}
