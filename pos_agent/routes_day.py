"""Calls that look at a day and at who did what."""

from __future__ import annotations

from typing import Final

from pos_agent.protocol_day import ShowAudit, ShowDay
from pos_agent.route import Route, command_route

DAY_ROUTES: Final[tuple[Route, ...]] = (
    command_route(
        ShowDay,
        "What a shop day came to, at this till or in the store",
        "day_told store_day_told",
        "bad_sale desk_hub_silent desk_refused",
        day="2026-11-30",
    ),
    command_route(ShowAudit, "Who did what at this till", "audit_told audit_edited", "no_audit", most=20),
)
