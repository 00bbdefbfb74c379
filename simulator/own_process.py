"""Where the program draws what nobody foresees, a play draws from its seed: it is the same in every process.

The source is another one, and never who draws: `secrets`, `uuid` and `random` ask the machine, and get it from here.
What OpenSSL makes by itself (the keys of tills) is not from here, and nothing may go by it.
"""

from __future__ import annotations

import gc
import logging
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from unittest.mock import patch

from simulator.chance import stream

# A play makes much that lives until its end, and little that goes round in circles: it is looked for now and then.
GC_AT: Final = (50_000, 20, 50)


@contextmanager
def drawn_from(seed: int) -> Iterator[None]:
    """Whatever is drawn from the machine meanwhile."""
    before, bytes_of = random.getstate(), stream(seed, "the machine").randbytes
    random.seed(f"{seed}/random")
    try:
        with patch.object(os, "urandom", bytes_of), patch.object(random, "_urandom", bytes_of):
            yield
    finally:
        random.setstate(before)


def of_its_own() -> None:
    """For a process that does nothing but play. What the program would log of its troubles, thousands of them, is read
    by nobody: what does not hold is told as that."""
    logging.disable()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_AT)
