"""The mark of a ledger that has moved to another database: whoever opens it, or has it open, writes nothing more."""

from __future__ import annotations

import json
from typing import Final, Protocol

from hub.store.errors import StoreOff

GONE: Final = "moved_to"  # a setting


class Settings(Protocol):
    def setting(self, name: str) -> str | None: ...


def mark(where: str) -> dict[str, str]:
    """The setting that says so. `where`: for people, without a password."""
    return {GONE: json.dumps({"where": where}, ensure_ascii=False)}


def check_not_gone(ledger: Settings, name: str) -> None:
    """Raises StoreOff that says where it is."""
    gone = ledger.setting(GONE)
    if gone is not None:
        raise StoreOff(
            f"The ledger {name} has moved to {json.loads(gone)['where']}. Use `--database` with that one; nothing was"
            " written here."
        )
