"""The till's own chain held against the hub's, wherever the hub says how far it is: who knows more of it?

equal    both end with the same operation
ahead    the hub's end is one of ours: what comes after it is to be sent
behind   the hub has more: this file was put back, and fetches what it has forgotten
forked   in one place stand two operations: another file worked under this generation
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple

from loyalty.operation import FIRST_HASH, Key
from offline_cache.own_chain import End, is_same

Relation = Literal["equal", "ahead", "behind", "forked"]


class Held(NamedTuple):
    """What came of it for each generation: `hub`: the end there, `own`: here."""

    relation: Relation
    own: End
    hub: End


def relation_of(own: End, hub: End, hash_there: str | None) -> Relation:
    """`hash_there`: of our operation in the place of the hub's last; None: there is none."""
    if hub.sequence > own.sequence:
        return "behind"
    if hub.sequence and not is_same(hash_there, hub.hash):
        return "forked"
    return "equal" if hub.sequence == own.sequence else "ahead"


def held_against(
    own: Iterable[End], hub: Iterable[End], hash_at: Callable[[Key], str | None], generation: int
) -> list[Held]:
    """Every generation that the till's file has operations of, and the one under which it works. A hub that says
    nothing of a generation has none of it; one that names no hash does not say."""
    ours, theirs = {end.generation: end for end in own}, {end.generation: end for end in hub}
    found = []
    for one in sorted({generation, *ours} - {0}):
        here = ours.get(one, End(one, 0, FIRST_HASH))
        there = theirs.get(one, End(one, 0, FIRST_HASH))
        if not there.sequence or there.hash:
            hash_there = hash_at(Key(one, there.sequence)) if there.sequence <= here.sequence else None
            found.append(Held(relation_of(here, there, hash_there), here, there))
    return found
