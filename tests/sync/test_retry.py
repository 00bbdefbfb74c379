"""When the hub is asked again: a table."""

from __future__ import annotations

import pytest

from sync.retry import BUSY_CEILING_S, PAUSE_CEILING_S, pause_s

LONGEST = {1: 0.5, 2: 1.0, 3: 2.0, 4: 4.0, 5: 8.0, 6: 16.0, 7: 30.0, 8: 30.0, 100: 30.0, 10**9: 30.0}


@pytest.mark.parametrize(("failures", "longest"), LONGEST.items())
def test_a_pause_doubles_to_its_ceiling_and_jitter_takes_up_to_half_of_it(failures: int, longest: float) -> None:
    assert pause_s(failures, 1.0) == longest <= PAUSE_CEILING_S
    assert pause_s(failures, 0.0) == longest / 2
    assert pause_s(failures, 0.5) == longest * 0.75


@pytest.mark.parametrize(("failures", "longest"), LONGEST.items())
def test_a_busy_hub_is_asked_again_sooner(failures: int, longest: float) -> None:
    assert pause_s(failures, 1.0, busy=True) == min(longest, BUSY_CEILING_S)
    assert pause_s(failures, 0.0, busy=True) == min(longest, BUSY_CEILING_S) / 2
