"""When to try the hub again: a pure decision. Jitter is an argument, so that a simulation can draw it."""

from __future__ import annotations

PAUSE_FIRST_S = 0.5
PAUSE_CEILING_S = 30.0  # a healed network is noticed within this; a thousand tills do not come back at once
GOODS_POLL_S = 60.0  # how often for changes of goods: an office makes them for the next day
POLL_S = 2.0  # how often a quiet till asks for changes


def pause_s(failures: int, jitter: float) -> float:
    """Pause after `failures` in a row (≥ 1): doubles to the ceiling, then half to all of it by `jitter` 0…1."""
    whole = min(PAUSE_CEILING_S, PAUSE_FIRST_S * 2 ** min(failures - 1, 16))
    return float(whole * (0.5 + 0.5 * jitter))
