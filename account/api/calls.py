"""What a program may ask of the account: one table. An act of the hub's is a row."""

from __future__ import annotations

from typing import Final

from account.api.call import Call
from account.api.card_calls import CARD_CALLS
from account.api.certificate_calls import CERTIFICATE_CALLS
from account.api.claim_calls import CLAIM_CALLS
from account.api.club_calls import CLUB_CALLS
from account.api.code_calls import CODE_CALLS
from account.api.own_calls import OWN_CALLS
from account.api.partner_calls import PARTNER_CALLS
from account.api.points_calls import POINTS_CALLS
from account.api.profile_calls import PROFILE_CALLS
from account.api.session import SESSION_CALLS
from account.api.ticket_calls import TICKET_CALLS

CALLS: Final[tuple[Call, ...]] = (
    *CODE_CALLS,
    *SESSION_CALLS,
    *OWN_CALLS,
    *POINTS_CALLS,
    *CLAIM_CALLS,
    *CARD_CALLS,
    *PARTNER_CALLS,
    *CERTIFICATE_CALLS,
    *PROFILE_CALLS,
    *TICKET_CALLS,
    *CLUB_CALLS,
)
