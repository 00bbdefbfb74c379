"""The end of the story: does every member's balance agree at the till, at the hub and on the last paper?"""

from __future__ import annotations

from dataclasses import dataclass

from rich.table import Table

from loyalty.programme import Language
from pos_agent.client import AgentClient
from pos_agent.demo.cast import Person
from pos_agent.demo.papers import read_papers
from pos_agent.demo.shop import AgentGone, Shop
from pos_agent.demo.story import Story
from pos_agent.protocol import Cancel, Code
from pos_agent.receipt import masked


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    name: str
    card: str
    till: int | None
    hub: int | None
    paper: int | None

    @property
    def agrees(self) -> bool:
        return self.till is not None and self.till == self.hub == self.paper


def balances(story: Story) -> list[Row]:
    """One row a member, each of the three numbers from its own source."""
    cast = story.cast
    cards = [
        (cast.anna, cast.anna.card),
        (cast.boris, cast.boris.card),
        (cast.vera, cast.veras_new_card),
        (cast.gleb, cast.gleb.card),
    ]
    return [_row(story, person, card) for person, card in cards]


def _row(story: Story, person: Person, card: str) -> Row:
    shop = story.shop
    return Row(
        name=person.ru if shop.teller.language == "ru" else person.en,
        card=card,
        till=_at_till(shop, card),
        hub=shop.office.ask("member", "--card", card)["points"],
        paper=_on_paper(shop, story.last_sale[person.en]),
    )


def _at_till(shop: Shop, card: str) -> int | None:
    while True:
        try:
            shop.ask(lambda agent: agent.do(Cancel()))
            shop.ask(lambda agent: agent.do(Code(text=card)))
            points = shop.ask(AgentClient.visit).visit.balance_points
            shop.ask(lambda agent: agent.do(Cancel()))
            return points
        except AgentGone:
            shop.mend()


def _on_paper(shop: Shop, sale: str) -> int | None:
    return next((paper.balance for paper in reversed(read_papers(shop.papers)) if paper.sale == sale), None)


def drawn(rows: list[Row], title: str, language: Language) -> Table:
    russian = language == "ru"
    table = Table(title=title)
    for heading in ("Участник", "Карта") if russian else ("Member", "Card"):
        table.add_column(heading)
    for heading in (
        ("На кассе", "На хабе", "На чеке") if russian else ("At the till", "At the hub", "On the last paper")
    ):
        table.add_column(heading, justify="right")
    table.add_column("Сходится" if russian else "Agree", justify="center")
    for row in rows:
        numbers = ["—" if number is None else str(number) for number in (row.till, row.hub, row.paper)]
        table.add_row(row.name, masked(row.card), *numbers, "[green]✓[/]" if row.agrees else "[bold red]✗[/]")
    return table
