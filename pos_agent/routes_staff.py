"""Calls of signing in."""

from __future__ import annotations

from typing import Final

from pos_agent.protocol_staff import SignIn, SignOut
from pos_agent.route import Route, command_route

PROOF: Final = "wrong_pin wrong_badge pin_pause no_pepper"  # whatever shows who somebody is may be answered so
STAFF_ROUTES: Final[tuple[Route, ...]] = (
    command_route(
        SignIn,
        "Somebody of the staff signs in",
        "signed_in second_shown",
        PROOF,
        person="petrova",
        pin="4711",
    ),
    command_route(SignOut, "Nobody is signed in any more", "signed_out"),
)
