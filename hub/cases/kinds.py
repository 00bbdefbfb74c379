"""What people look at, and what may be done about it: one row for each kind of case.

A remedy is what somebody decided. Those of `BOOKS` book points, in the same transaction; `again` names the operation
that did; the others say what was done outside of the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

ADJUST: Final = "adjust"
AGAIN: Final = "again"
WRITE_OFF: Final = "write_off"
COLLECT: Final = "collect"
GOODWILL: Final = "goodwill"
SOLD_LATER: Final = "sold_later"
BOOKS: Final = frozenset((ADJUST, WRITE_OFF, COLLECT, GOODWILL))


class CaseKind(NamedTuple):
    """`says`: for the office. `remedies`: what may be done, the most usual first."""

    says: str
    remedies: tuple[str, ...]


REMEDIES: Final[Mapping[str, str]] = {
    "accept": "the shop bears it: nothing is booked",
    "wait": "the member owes it: his next points pay it by themselves",
    WRITE_OFF: "the shop bears it: what the member owes of it still is taken off his account now",
    COLLECT: "the member bears it: the points are taken from his account now, and what is not there from his next ones",
    GOODWILL: "the member gets points as an apology, which live as other gifts do",
    ADJUST: "points are added to the member's account or taken from it now, by a posting of the office",
    "reverse": "the receipt was returned, or corrected at its till",
    AGAIN: "it was recorded once more as it should be, by another operation: --operation names it",
    "clock": "the till's clock was set",
    "publish": "one file was put in force at all tills, or the till was given the right one",
    "confirm": "`pos-hub till confirm` let the till's file go on, under a generation of its own",
    "talk": "somebody has talked to whoever it was",
    "block": "the card was blocked",
    SOLD_LATER: "the operation that sold the certificate came later, and has paid for it",
    "restore": "the till's file or the ledger was an old copy: the right one was put back",
}
KINDS: Final[Mapping[str, CaseKind]] = {
    "debt": CaseKind("more points were spent than the member had", ("wait", WRITE_OFF, GOODWILL, ADJUST, "accept")),
    "coupon_twice": CaseKind(
        "a coupon was honoured that another sale had used up", ("accept", COLLECT, GOODWILL, ADJUST, "reverse")
    ),
    "coupon_limit": CaseKind(
        "a coupon was honoured beyond what its campaign allows, in all or to the member",
        ("accept", COLLECT, GOODWILL, ADJUST, "reverse"),
    ),
    "coupon_budget": CaseKind(
        "a coupon took off more than was left of its campaign's budget",
        ("accept", COLLECT, GOODWILL, ADJUST, "reverse"),
    ),
    "coupon_revoked": CaseKind(
        "a coupon was honoured that had been revoked, or whose campaign had been stopped",
        ("accept", COLLECT, GOODWILL, ADJUST, "reverse"),
    ),
    "coupon_member": CaseKind(
        "a coupon was honoured that is another member's", ("accept", COLLECT, GOODWILL, ADJUST, "reverse")
    ),
    "stickers_owed": CaseKind("more stickers were spent than the member had", ("accept", COLLECT, ADJUST, "reverse")),
    "deviation": CaseKind(
        "a receipt was recorded that was not as it should be", ("accept", COLLECT, GOODWILL, ADJUST, "reverse")
    ),
    "refused": CaseKind(
        "an operation was refused that has a customer behind it", (AGAIN, COLLECT, GOODWILL, ADJUST, "accept")
    ),
    "identity_conflict": CaseKind("another operation came under a known identity", ("confirm", "restore", "accept")),
    "odd_blank": CaseKind("a card was given out that was no blank of its store", ("accept", "reverse")),
    "forked": CaseKind("two files worked for one till: what one of them did waits there", ("confirm", "accept")),
    "lost": CaseKind("a till has lost operations that are nowhere else", (AGAIN, ADJUST, "accept")),
    "clock": CaseKind("an operation's moment is far from the hub's clock", ("clock", "accept")),
    "other_file": CaseKind("a till sells by another file under one id and version", ("publish", "accept")),
    "velocity": CaseKind(
        "a card or a person is used more than is ordinary", ("talk", "block", COLLECT, ADJUST, "accept")
    ),
    "audit": CaseKind("a till's audit log is not the one that was anchored here", ("talk", "restore", "accept")),
    "came_back_twice": CaseKind("goods came back twice, at two tills", ("accept", "reverse")),
    "certificate_beyond": CaseKind(
        "a receipt was paid with a certificate that did not have it, or that nobody was to use",
        ("accept", SOLD_LATER, COLLECT, "talk", "reverse"),
    ),
    "not_by_rules": CaseKind(
        "points do not follow from the lines by the programme", ("accept", COLLECT, GOODWILL, ADJUST, "reverse")
    ),
}
