"""Are the books right? Rebuilds every balance from the entries and follows every till's chain of operations."""

from __future__ import annotations

from dataclasses import dataclass

from hub.hub import Hub
from loyalty.operation import FIRST_HASH, hash_operation, read_operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    operations: int
    entries: int
    members: int
    coupon_conflicts: int
    faults: tuple[str, ...]


def verify(hub: Hub) -> Verdict:
    """Everything that must hold of the ledger; `faults` is empty when it does."""
    with hub.file.transaction() as connection:
        sql = hub.file.sql
        faults = [
            *(
                f"{till} operation {seq}: its entries sum to {n:+d}"
                for till, seq, n in sql.unbalanced_operations(connection)
            ),
            *(
                f"lot {lot} of {member}: holds {held}, its entries say {booked}"
                for lot, member, held, booked in sql.lots_off_the_entries(connection)
            ),
            *(
                f"member {member}: account {booked}, lots {held}"
                for member, booked, held in sql.member_accounts_off_the_lots(connection)
            ),
            *(f"member {member}: debt account is {n:+d}" for member, n in sql.debts_above_zero(connection)),
            *_chain_faults(list(sql.all_operations(connection))),
        ]
        operations, entries, members, conflicts = sql.totals(connection)
    return Verdict(
        operations=operations, entries=entries, members=members, coupon_conflicts=conflicts, faults=tuple(faults)
    )


def _chain_faults(rows: list[tuple[str, int, str, str, str]]) -> list[str]:
    """Damaged or missing operations, the first of each till's chain."""
    faults: list[str] = []
    last: dict[str, tuple[int, str]] = {}
    for till, sequence, digest, text, _ in rows:
        before = last.get(till, (0, FIRST_HASH))
        if hash_operation(text) != digest:
            faults.append(f"{till} operation {sequence}: its text does not match its hash")
        elif sequence != before[0] + 1 or read_operation(text).previous_hash != before[1]:
            faults.append(f"{till} operation {sequence}: does not follow operation {before[0]}")
        last[till] = (sequence, digest)
    return faults
