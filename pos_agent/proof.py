"""Is this the till that the hub knows, as far as can be told without asking it? One that is not proven sells and earns,
and redeems nothing: elsewhere another machine may be redeeming the same points.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from offline_cache.lease import Bond, Lease, Leases

Why = Literal[
    "not_joined",
    "not_leased",
    "other_machine",
    "other_file",
    "forked",
    "sent_away",
    "runs_elsewhere",
    "no_key",
    "older_file",
]

ELSEWHERE_BORNE: Final = timedelta(seconds=30)  # a till that was restarted is told so for a few seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """`bond`: what a lease of this till must name, None for one that has not joined; `lease`: what the file has;
    `stopped`: the hub's last word against it; `elsewhere_at`: since when the hub says that the till runs elsewhere;
    `older`: the file lacks what it had, and the hub has not said yet what that was."""

    bond: Bond | None
    lease: Lease | None
    generation: int
    stopped: str
    elsewhere_at: datetime | None
    older: bool = False


def facts_of(bond: Bond | None, leases: Leases, elsewhere_at: datetime | None, *, older: bool = False) -> Facts:
    """By what the till's file says now."""
    return Facts(
        bond=bond,
        lease=leases.lease,
        generation=leases.generation,
        stopped=leases.stopped,
        elsewhere_at=elsewhere_at,
        older=older,
    )


def unproven(facts: Facts, now: datetime) -> Why | None:
    """Why it is not; None: it is."""
    if facts.bond is None:
        return "not_joined"
    if facts.stopped:
        return _stopped(facts.stopped)
    if facts.older:
        return "older_file"
    lease = facts.lease
    if lease is None or lease.generation != facts.generation:
        return "not_leased"
    if lease.bond != facts.bond:
        alike = (lease.bond.ledger, lease.bond.key) == (facts.bond.ledger, facts.bond.key)
        return "other_machine" if alike else "not_leased"
    if facts.elsewhere_at is not None and now - facts.elsewhere_at > ELSEWHERE_BORNE:
        return "runs_elsewhere"
    return None


def _stopped(word: str) -> Why:
    match word:
        case "forked" | "other_file":
            return word
        case _:
            return "sent_away"
