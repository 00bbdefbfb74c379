"""What a desk answers of a purchase that is claimed, by what the hub says of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sync.receipts import ClaimState

CLAIM_CODES: Final[Mapping[ClaimState, str]] = {
    "to_give": "claim_to_give",
    "given": "claim_given",
    "given_before": "claim_given_before",
    "had_member": "claim_had_member",
    "of_another": "claim_of_another",
    "too_old": "claim_too_old",
    "came_back": "claim_came_back",
    "earns_nothing": "claim_earns_nothing",
    "paid_by_points": "claim_paid_by_points",
    "other_programme": "claim_other_programme",
    "waiting": "claim_waiting",
}
GIVES: Final = frozenset(("to_give", "given", "waiting"))
