"""Calls of the office's things at the till."""

from __future__ import annotations

from typing import Final

from pos_agent.protocol_office import Correct, FindMember, ListCases, SettleCase, ShowCase, ShowMember
from pos_agent.route import Route, command_route

OF_STAFF: Final = "sign_in_needed not_allowed no_staff"
OF_HUB: Final = "desk_hub_silent desk_refused"
SECOND: Final = (
    "second_needed second_same second_not_allowed second_wrong_code second_code_over wrong_pin wrong_badge pin_pause "
    "no_pepper"
)
CASE: Final = "debt/till-2/1/17"
OFFICE_ROUTES: Final[tuple[Route, ...]] = (
    command_route(ListCases, "Open cases of this shop", "cases_told cases_none", f"{OF_STAFF} {OF_HUB}"),
    command_route(
        ShowCase, "A case with what helps to decide", "case_told", f"no_such_case {OF_STAFF} {OF_HUB}", id=CASE
    ),
    command_route(
        SettleCase,
        "A case is settled by one of its remedies",
        "case_settled_now",
        f"no_such_case case_settled case_not_so {OF_STAFF} {OF_HUB}",
        id=CASE,
        remedy="write_off",
    ),
    command_route(
        FindMember,
        "Members by a card, a phone, an id or a name",
        "members_found",
        f"nobody_found {OF_STAFF} {OF_HUB}",
        text="Петрова Ан",
    ),
    command_route(ShowMember, "A member's account", "member_told", f"nobody_found {OF_STAFF} {OF_HUB}", who="m-anna"),
    command_route(
        Correct,
        "Points of a member put right",
        "corrected corrected_before correction_waits",
        f"nobody_found too_few_points not_done no_card_for_gift {SECOND} {OF_STAFF} {OF_HUB}",
        who="m-anna",
        points=50,
        reason="the till was down",
    ),
)
