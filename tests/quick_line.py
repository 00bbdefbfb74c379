"""No test waits for the slowest line there is."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from drivers.link.link import Pace
from drivers.printer.link import PACE

QUICK: Final[Pace] = replace(PACE, slowest_bytes_per_s=10**9)
