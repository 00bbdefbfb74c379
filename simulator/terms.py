"""The programmes of the simulated chains: the shipped ones, each a version of its own, with campaigns of every kind
that end within a few days, a collection whose album is soon full, certificates that are taken without a connection, a
partner and a fund."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from config.programmes import load_source

ONCE: Final = "sim-once"
THRICE: Final = "sim-thrice"  # three uses each, four a member
FEW: Final = "sim-few"  # its uses and its budget end within the plan
DEAR: Final = "sim-dear"  # takes off so much that the hub is asked
ONLINE: Final = "sim-online"  # never without a connection
KNIFE: Final = "sim-knife"  # for stickers
MILES: Final = "sim-miles"  # a partner, who gives them for points
FUND: Final = "sim-fund"
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

PARTNERS: Final = f"""
[[partners]]
id = "{MILES}"
ru = "Мили"
en = "Miles"
points_step = 10
points_min = 50
units_per_step = 1
unit = "miles"
number = {{ pattern = "[0-9]{{9}}", example = "123456789", ru = "Номер", en = "Number" }}

[[partners]]
id = "{FUND}"
ru = "Фонд"
en = "Fund"
charity = true
points_step = 10
points_min = 10
units_per_step = 100
unit = "kopecks"
match_bp = 10000
"""

GIVEN_DAYS: Final = "given_days = 1\n"  # a certificate that nobody paid for ends soon
OFFLINE_MAX: Final = 'offline_max = "150.00"\n'

OF_MEMBERS: Final = {"member_made": MEMBER_MADE, "stickers": STICKERS}  # by the names of their tables


def chain_source(programme: str) -> str:
    """Of one that is the chain's own."""
    return with_terms(programme, "sim", OFFLINE_MAX + GIVEN_DAYS, OF_MEMBERS | {"partners": PARTNERS})


def with_terms(programme: str, whose: str, certificates: str, tables: Mapping[str, str]) -> str:
    """A shipped one as another version, with another hash: with campaigns besides its own, and with these lines about
    certificates and these tables in the place of its own."""
    source = load_source(programme)
    for table in tables:
        source = _without(source, table)
    names = tuple(line.partition(" ")[0] for line in certificates.splitlines())
    lines = [line for line in source.splitlines(keepends=True) if not line.startswith(names)]
    (header,) = (number for number, line in enumerate(lines) if line.startswith("[certificates]"))
    lines.insert(header + 1, certificates)
    source = "".join(lines).replace('\nversion = "', f'\nversion = "{whose}-', 1)
    return source + COUPONS + "".join(tables.values())


def _without(source: str, table: str) -> str:
    """Neither the table nor those within it."""
    kept, inside = [], False
    for line in source.splitlines(keepends=True):
        if line.startswith("["):
            inside = line.lstrip("[").startswith((f"{table}]", f"{table}."))
        kept.append("" if inside else line)
    return "".join(kept)
