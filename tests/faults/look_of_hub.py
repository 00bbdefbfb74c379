"""What must be so of a ledger in a file at any moment at which it may be opened, whatever happened before."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from tests.faults.chains import faults_of_chain, faults_of_doubles
from tests.faults.rows import rows, unsound

FILE = "hub.db"
NONE = {  # each finds nothing in a ledger that is right
    "entries that do not sum to nothing": (
        "SELECT chain, generation, sequence, sum(points) FROM entries GROUP BY 1, 2, 3 HAVING sum(points) <> 0"
    ),
    "entries of no operation, or of a refused one": (
        "SELECT entries.* FROM entries LEFT JOIN operations USING (chain, generation, sequence)"
        " WHERE hash IS NULL OR reason IS NOT NULL"
    ),
    "a chain that ends elsewhere than its operations": (
        "SELECT * FROM chains LEFT JOIN operations USING (chain, generation, sequence)"
        " WHERE chains.sequence > 0 AND hash IS DISTINCT FROM last_hash"
        " OR EXISTS (SELECT * FROM operations AS more WHERE more.chain = chains.chain"
        " AND more.generation = chains.generation AND more.sequence > chains.sequence)"
    ),
    "a member whose lots are not what his entries say": (
        "SELECT member FROM members"
        " WHERE (SELECT coalesce(sum(remaining), 0) FROM lots WHERE lots.member = members.member) <>"
        " (SELECT coalesce(sum(points), 0) FROM entries WHERE entries.member = members.member AND account = 'member')"
    ),
    "a member who owes other than his entries say": (
        "SELECT member, debt FROM members WHERE debt <> -(SELECT coalesce(sum(points), 0) FROM entries"
        " WHERE entries.member = members.member AND account = 'debt')"
    ),
}


def hashes(folder: Path) -> list[str]:
    return [digest for (digest,) in rows(folder / FILE, "SELECT hash FROM operations")]


def faults(folder: Path) -> Iterator[str]:
    path = folder / FILE
    said = "SELECT chain, generation, sequence, hash, text FROM operations ORDER BY chain, generation, sequence"
    kept = [tuple(row) for row in rows(path, said)]
    for name, chain in groupby(kept, key=lambda row: f"{row[0]}/{row[1]}"):
        yield from faults_of_chain(name, [row[2:] for row in chain])
    for _, chain in groupby(kept, key=lambda row: row[0]):
        yield from faults_of_doubles(row[4] for row in chain)
    for what, sql in NONE.items():
        if found := rows(path, sql):
            yield f"{what}: {found}"
    if torn := unsound(path):
        yield f"the file: {torn}"
