"""What of today's redemptions the offline day looks at."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.programmes import load_programme
from loyalty.member import MemberView
from loyalty.programme import OfflinePolicy
from loyalty.redemption import offline_caps


@pytest.mark.parametrize(
    "today, offline_today, left",
    [
        (800, None, 700),  # nothing said: all of it was offline (EX-P7)
        (800, 800, 700),
        (800, 300, 1200),
        (800, 0, 1500),
        (1600, 1600, 0),
    ],
)
def test_only_offline_redemptions_use_up_the_offline_day(today: int, offline_today: int | None, left: int) -> None:
    programme = replace(load_programme("perekrestok"), offline=OfflinePolicy(mode="capped", day_max_points=1500))
    member = MemberView(points_active=5000, redeemed_today=today, redeemed_offline_today=offline_today)
    assert offline_caps(programme, member) == [left]
