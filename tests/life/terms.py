"""What the random walk stands on: its members, its goods, and its programmes: the shipped ones, and campaigns of every
kind besides, small enough to end."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from config.programmes import load_source

BEGIN: Final = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
MEMBERS: Final = 12
PREFIX: Final = {"alenka": "2600", "perekrestok": "2700"}
CATEGORIES: Final = {
    "alenka": ("chocolate", "chocolate", "sweets", "sweets", "tobacco", None, "moon rock"),
    "perekrestok": ("dairy", "dairy", "bread", "bread", "tobacco", None, "moon rock"),
}

ONCE: Final = "walk-once"
THRICE: Final = "walk-thrice"  # three uses each, four a member
FEW: Final = "walk-few"  # its uses and its budget end within the walk
DEAR: Final = "walk-dear"  # takes off so much that the hub is asked
ONLINE: Final = "walk-online"  # never without a connection
KNIFE: Final = "walk-knife"  # for stickers
CAMPAIGNS: Final = (ONCE, THRICE, FEW, DEAR, ONLINE)

COUPONS: Final = f"""
[[coupons]]
id = "{ONCE}"
kind = "amount_off"
amount = "30.00"

[[coupons]]
id = "{THRICE}"
kind = "percent_off"
percent_bp = 1000
most = "120.00"
terms = {{ uses = 3, per_member = 4 }}

[[coupons]]
id = "{FEW}"
kind = "amount_off"
amount = "90.00"
terms = {{ in_all = 14, budget = "900.00" }}

[[coupons]]
id = "{DEAR}"
kind = "amount_off"
amount = "600.00"
terms = {{ online_over = "500.00" }}

[[coupons]]
id = "{ONLINE}"
kind = "amount_off"
amount = "40.00"
terms = {{ offline = "deny" }}
"""

MEMBER_MADE: Final = f"""
[member_made]
campaigns = ["{ONCE}", "{THRICE}"]
a_month = 6
price_points = 7
life_days = 20
"""

STICKERS: Final = f"""
[stickers]
step_sum = "150.00"
per_step = 1
first_day = 2026-03-01
last_day = 2026-12-31

[[stickers.offers]]
stickers = 2
id = "{KNIFE}"
kind = "amount_off"
amount = "50.00"
"""

OFFLINE_MAX: Final = 'offline_max = "150.00"\n'


def walk_source(programme: str) -> str:
    """Of one that is the walk's own: another version, another hash."""
    source = load_source(programme)
    for table in ("member_made", "stickers"):
        source = _without(source, table)
    source = "".join(line for line in source.splitlines(keepends=True) if not line.startswith("offline_max"))
    assert source.count("[certificates]") == 1
    header = next(line for line in source.splitlines(keepends=True) if line.startswith("[certificates]"))
    source = source.replace(header, header + OFFLINE_MAX).replace('\nversion = "', '\nversion = "walk-', 1)
    return source + COUPONS + MEMBER_MADE + STICKERS


def _without(source: str, table: str) -> str:
    """Neither the table nor those within it."""
    kept, inside = [], False
    for line in source.splitlines(keepends=True):
        if line.startswith("["):
            inside = line.lstrip("[").startswith((f"{table}]", f"{table}."))
        kept.append("" if inside else line)
    return "".join(kept)
