"""Staff, of the shop and of the office: their roles, and what each may do. The same table at the till, at the hub's
desk and for whoever asks by a program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, get_args

Role = Literal["cashier", "manager", "office", "auditor"]
Right = Literal[
    "sell",  # whatever a till did before people signed in
    "vouch",  # answer for whose card it is, so that more than by the card alone may be spent
    "give_cards",  # issue, swap a spoiled blank, reissue with the card or a code in hand
    "block_cards",
    "unblock_cards",
    "reissue_by_word",  # no card, no code: somebody answers for it
    "register_members",
    "confirm_forms",  # a paper form before its days are over (P19)
    "change_profiles",
    "merge_members",
    "find_members",  # by name or phone, with history
    "take_back_without_receipt",
    "claim_sales",  # «мне не начислили»
    "settle_cases",
    "correct_points",
    "approve_gifts",  # too much for one person alone
    "see_certificates",  # look one up without its QR, with its history
    "block_certificates",
    "replace_certificates",
    "refund_certificates",  # in money
    "give_certificates",  # that nobody pays for
    "look_at_designs",  # pictures that buyers have sent for theirs
    "settle_certificates",  # orders in the account that do not go on by themselves
    "see_day",
    "see_audit",
    "be_second",  # answer for another's step
    "keep_staff",
    "see_sent",  # what the sender has sent
    "make_coupons",  # a member's own, for him (P32)
    "see_campaigns",
    "keep_campaigns",  # make coupons and revoke them, stop a campaign and let it go on
    "see_mailings",
    "settle_exchanges",  # points that a partner did not answer about (P13)
    "answer_tickets",  # questions of members and others, with what they have sent (P28)
    "keep_shops",  # say what people are told of a shop: address, phones, hours
    "keep_mailings",  # make mailings to members, start and stop them, set their rules
]

ROLES: Final[tuple[Role, ...]] = get_args(Role)
RIGHTS: Final[tuple[Right, ...]] = get_args(Right)

_CASHIER: Final[frozenset[Right]] = frozenset(
    ("sell", "give_cards", "block_cards", "register_members", "make_coupons", "block_certificates")
)
_MANAGER: Final[frozenset[Right]] = _CASHIER | {
    "vouch",
    "unblock_cards",
    "reissue_by_word",
    "confirm_forms",
    "change_profiles",
    "merge_members",
    "find_members",
    "take_back_without_receipt",
    "claim_sales",
    "settle_cases",
    "correct_points",
    "see_certificates",
    "replace_certificates",
    "refund_certificates",
    "see_day",
    "be_second",
    "see_campaigns",
    "answer_tickets",
    "keep_shops",
}
MAY: Final[Mapping[Role, frozenset[Right]]] = {
    "cashier": _CASHIER,
    "manager": _MANAGER,
    "office": frozenset(RIGHTS),
    "auditor": frozenset(
        ("find_members", "see_certificates", "see_day", "see_audit", "see_sent", "see_campaigns", "see_mailings")
    ),
}


def may(role: Role, right: Right) -> bool:
    return right in MAY[role]
