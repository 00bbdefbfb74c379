"""The lives of a ledger. Each restore begins a new one: what was born after the copy was made is forgotten here and may
be known elsewhere, so nothing that is born from now on may be called the same.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Final

from hub.store.seam import Reader

EPOCH: Final = "epoch"
OWN_GENERATION: Final = "own_generation"  # a setting: of the chains hub, office and account
EPOCH_BYTES: Final = 16
MOMENT_MAX: Final = 2**31 - 2**20  # operations know no generation above 2**31


def own_generation(reader: Reader) -> int:
    return generation_in(reader.setting(OWN_GENERATION))


def generation_in(setting: str | None) -> int:
    return int(setting or 1)


def next_life(
    generation: int, now: datetime, random_bytes: Callable[[int], bytes] = secrets.token_bytes
) -> dict[str, str]:
    """The settings with which a ledger that was put back goes on. `generation`: of its own chains in the copy. The next
    one is the moment (seconds since 1970): the same copy may be put back twice, and what came of it the first time is
    not known any more."""
    begun = max(generation + 1, min(int(now.timestamp()), MOMENT_MAX))
    return {EPOCH: random_bytes(EPOCH_BYTES).hex(), OWN_GENERATION: str(begun)}
