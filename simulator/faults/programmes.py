"""Another version of the chain's programme is in force from some moment on, in the middle of the day."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from config.programmes import read_source

if TYPE_CHECKING:
    from simulator.plan import Fault
    from simulator.world import World

CAPS_BP: Final = (2_000, 3_500, 5_000, 9_000)  # so much of a receipt points may pay
ALONE: Final = (100, 300, 700)  # and so many of them without a connection


def another_programme(world: World, fault: Fault) -> None:
    """`lasts_s`: until it begins."""
    number = world.counts["programmes published"] + 1
    cap = CAPS_BP[int(fault.how * 1e3) % len(CAPS_BP)]
    source = re.sub('(?m)^version = "', f'version = "{number}-', world.source, count=1)
    source = re.sub(r"(?m)^cap_bp = \d+", f"cap_bp = {cap}", source, count=1)
    source = re.sub(r"(?m)^receipt_max_points = \d+", f"receipt_max_points = {ALONE[number % len(ALONE)]}", source)
    begins_at = _whole(world.hub.clock() + timedelta(seconds=fault.lasts_s))
    world.struck(fault)
    world.count("programmes published")
    world.in_force(read_source(source))
    world.office.publishes(source, begins_at)


def _whole(at: datetime) -> datetime:
    return at.replace(microsecond=0) + timedelta(seconds=1)
