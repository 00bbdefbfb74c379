"""C7, E2: a till that was without its hub for a month brings it all that it did, once; 100,000 operations of `make
soak`, some here."""

from __future__ import annotations

import os
import random
from pathlib import Path

from tests.one_port import Server
from tests.soak.offline_month import month

OPERATIONS = 200
REBOOTS = 6


def test_a_month_without_the_hub_is_at_the_hub_in_the_end_as_another_account_has_it(
    tmp_path: Path, server: Server
) -> None:
    seed = int(os.environ.get("POS_TEST_SEED") or random.SystemRandom().randrange(10**9))
    print(f"POS_TEST_SEED={seed}")
    found = month(tmp_path, server, OPERATIONS, seed, reboots=REBOOTS, agent=False)
    assert found.recorded == OPERATIONS and found.reboots == REBOOTS and not found.wrong
