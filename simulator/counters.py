"""What must happen sometimes: a run of a minute in which one of these never did is not one that proves much.

Each is a name under which the world counts (`World.count`).
"""

from __future__ import annotations

from typing import Final

COUNTERS: Final = (
    "structural faults",
    "other faults",
    "restarts",
    "a request was lost",
    "a request was held up",
    "a request came twice",
    "an answer was lost",
    "a command was said again",
)
