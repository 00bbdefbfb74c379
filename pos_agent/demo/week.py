"""A week that the office of the demo publishes: the programme as it ships, and prices that hold on the week's days.

One is for members (A15). Where public rules of the chain know promotions by category for everybody (P11), one of them
is beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from config.programmes import load_source
from loyalty.programme import Programme
from pos_agent.answers import ToldSale
from pos_agent.demo.cast import Basket

WEEK: Final = "members-week"
DAYS: Final = timedelta(days=6)


class Offer(NamedTuple):
    id: str
    ru: str
    en: str
    percent_bp: int
    category: str
    members_only: bool


FOR_EVERYBODY: Final[Mapping[str, Offer]] = {
    "perekrestok": Offer("dairy-days", "Молочные дни", "Dairy days", 1_500, "dairy", members_only=False),
}
FILE: Final = """
[[promotions]]
id = "{offer.id}"
ru = "{offer.ru}"
en = "{offer.en}"
kind = "percent_off"
percent_bp = {offer.percent_bp}
categories = ["{offer.category}"]
first_day = {first}
last_day = {last}
members_only = {members_only}
"""


def members_week(programme: Programme, category: str, now: datetime) -> str:
    """The text of its file; from today on."""
    text = load_source(programme.id).replace(f'version = "{programme.version}"', f'version = "{WEEK}"', 1)
    members = Offer(
        WEEK, "Неделя цен для участников", "A week of prices for members", 1_000, category, members_only=True
    )
    everybody = FOR_EVERYBODY.get(programme.id)
    first = programme.day(now)
    return text + "".join(
        FILE.format(offer=offer, first=first, last=first + DAYS, members_only=str(offer.members_only).lower())
        for offer in (members, everybody)
        if offer is not None
    )


def is_cheaper(told: object, goods: Basket, category: str) -> bool:
    """Is all of a category told for less than it costs?"""
    sums = {line.id: Decimal(line.net_before) for line in told.lines} if isinstance(told, ToldSale) else {}
    costs = {line.id: Decimal(line.price) * Decimal(line.quantity) for line in goods if line.category == category}
    return all(id in sums and sums[id] < cost for id, cost in costs.items())
