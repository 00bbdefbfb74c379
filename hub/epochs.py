"""The lives of a ledger. Each restore begins a new one: what was born after the copy was made is forgotten here and may be
known elsewhere, so nothing that is born from now on may be called the same.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Final

from hub.store.seam import Reader

EPOCH: Final = "epoch"
OWN_GENERATION: Final = "own_generation"  # a setting: of the chains hub, office and account
EPOCH_BYTES: Final = 16


def own_generation(reader: Reader) -> int:
    return int(reader.setting(OWN_GENERATION) or 1)


def next_life(reader: Reader, random_bytes: Callable[[int], bytes] = secrets.token_bytes) -> dict[str, str]:
    """The settings with which a ledger that was put back goes on."""
    return {EPOCH: random_bytes(EPOCH_BYTES).hex(), OWN_GENERATION: str(own_generation(reader) + 1)}
