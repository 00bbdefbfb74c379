"""When to try the hub again: a pure decision. Jitter is an argument, so that a simulation can draw it."""

from __future__ import annotations

PAUSE_FIRST_S = 0.5
PAUSE_CEILING_S = 30.0  # a healed network is noticed within this; a thousand tills do not come back at once
GOODS_POLL_S = 60.0  # how often for changes of goods: an office makes them for the next day
BUSY_CEILING_S = 10.0  # a hub with a queue is there: who comes long after the others were served waited for nothing
SLOW_S = 2.0  # a page takes a tenth of that over any line; a hold has 0.3 s (pos_agent/holds.py)
SLOW_TIMES = 3  # once is none: a hub that is just being backed up
POLL_S = 2.0  # how often a quiet till asks for changes


def pause_s(failures: int, jitter: float, *, busy: bool = False) -> float:
    """Pause after `failures` in a row (≥ 1): doubles to the ceiling, then half to all of it by `jitter` 0…1. `busy`:
    the last one was a hub that said so."""
    ceiling_s = BUSY_CEILING_S if busy else PAUSE_CEILING_S
    whole = min(ceiling_s, PAUSE_FIRST_S * 2 ** min(failures - 1, 16))
    return float(whole * (0.5 + 0.5 * jitter))
