"""A week that the office of the demo publishes: the programme as it ships, and one price for members on its days."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from config.programmes import load_source
from loyalty.programme import Programme

WEEK: Final = "members-week"
DAYS: Final = timedelta(days=6)

OFFER: Final = """
[[promotions]]
id = "members-week"
ru = "Неделя цен для участников"
en = "A week of prices for members"
kind = "percent_off"
percent_bp = 1000
categories = ["{category}"]
first_day = {first}
last_day = {last}
members_only = true
"""


def members_week(programme: Programme, category: str, now: datetime) -> str:
    """The text of its file; from today on."""
    text = load_source(programme.id).replace(f'version = "{programme.version}"', f'version = "{WEEK}"', 1)
    first = programme.day(now)
    return text + OFFER.format(category=category, first=first, last=first + DAYS)
