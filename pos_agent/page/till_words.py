"""What stands on the cashier's page. Each: Russian, English."""

from __future__ import annotations

TILL_WORDS: dict[str, tuple[str, str]] = {}
