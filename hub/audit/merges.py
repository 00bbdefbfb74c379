"""Who went into whom: what the operations of several chains say, held against what the members say."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator

from hub.audit.follow import named
from hub.audit.ledger import Ledger, Merge, Whose


def merge_faults(ledger: Ledger) -> Iterator[str]:
    """Each chain knows its own order. Of several chains, that merge comes next that the members tell of: when it was
    made, nobody has two ways to go, so the first that fits is the one."""
    left = dict(ledger.whose.merged)
    so_far: dict[str, str] = {}
    now = Whose(so_far)
    chains: dict[str, deque[Merge]] = defaultdict(deque)
    for merge in ledger.merges:
        chains[merge.place.chain].append(merge)
    while heads := [merges[0] for merges in chains.values() if merges]:
        ways = [(merge, now.last(merge.gone), now.last(merge.into)) for merge in heads]
        fitting = [(merge, gone, into) for merge, gone, into in ways if left.get(gone) == into]
        merge, gone, into = fitting[0] if fitting else min(ways, key=lambda way: way[0].at)
        chains[merge.place.chain].popleft()
        if left.pop(gone, None) != into:
            yield f"{named(*merge.place)}: {gone} went into {into}, the ledger does not say so"
        if gone != into:
            so_far[gone] = into
        for member in sorted(merge.posted - {gone, into}):
            yield f"account {' '.join(map(str, merge.place))} {member}: no operation says so"
    for gone, into in left.items():
        yield f"member {gone} went into {into}: no operation says so"
