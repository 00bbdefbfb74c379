"""What the programme's rules come to, for whoever asks how it goes (P35): act `figures`, which needs nobody signed
in."""

from __future__ import annotations

import msgspec

from loyalty.programme import LifeKind
from sync.account.home import Earning


class AskFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `figures`: says nothing."""


class LifeTold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How long points live (loyalty/programme.py: Life). `day`: YYYY-MM-DD of a fixed one."""

    kind: LifeKind
    count: int = 0
    day: str = ""


class BirthdayTold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Days around it on which more is given; how: a gift of `points`, `step_points` more for each full `step_kopecks`,
    or `rate_bp` more."""

    days_before: int
    days_after: int
    points: int = 0
    step_kopecks: int = 0
    step_points: int = 0
    rate_bp: int = 0


class FiguresTold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Rubles in kopecks, parts in basis points. 0 and None: the programme has none of it."""

    kop_per_point: int
    cap_bp: int
    cap_of_receipt: bool
    spend_min_points: int
    needs_registration: bool
    earning: Earning
    life: LifeTold
    active_days: int
    active_minutes: int
    issue_min_kopecks: int
    issue_fee_kopecks: int
    reissue_fee_kopecks: int
    form_fee_kopecks: int
    form_days: int
    claim_days: int
    face_min_kopecks: int
    face_max_kopecks: int
    welcome_points: int = 0
    welcome_life: LifeTold | None = None
    birthday: BirthdayTold | None = None
    favourites_max: int = 0
    favourite_step_kopecks: int = 0
    favourite_points: int = 0
