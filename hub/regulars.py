"""Who bought in a store, by its operations: for a store whose tills begin to be told of its own members alone."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from hub.batches import batches
from hub.merges import MERGES_MAX
from hub.store.seam import Reader

LOOKED_UP_AT_ONCE: Final = 1_000  # members or cards


class _Where(msgspec.Struct, frozen=True):
    id: str = ""


class _Whose(msgspec.Struct, frozen=True):
    member: str | None = None
    card: str | None = None


class _Operation(msgspec.Struct, frozen=True):
    """The little of one that is looked at."""

    at: str = ""
    store: _Where | None = None
    body: _Whose = _Whose()


_decode = msgspec.json.Decoder(_Operation).decode


def bought_in(reader: Reader, store: str, since: datetime) -> set[str]:
    """Members of whom a till of the store said anything that was applied since then, as they are called now."""
    members, cards = set[str](), set[str]()
    for kept in reader.all_operations():
        if kept.reason is None and store in kept.text:
            operation = _decode(kept.text)
            if operation.store and operation.store.id == store and datetime.fromisoformat(operation.at) >= since:
                if operation.body.member is not None:
                    members.add(operation.body.member)
                elif operation.body.card is not None:
                    cards.add(operation.body.card)
    for some in batches(sorted(cards), LOOKED_UP_AT_ONCE):
        members |= {card.member for card in reader.cards(some).values()}
    return _standing(reader, members)


def _standing(reader: Reader, members: set[str]) -> set[str]:
    """Themselves, or those into whom they went."""
    found, wanted = set[str](), members
    for _ in range(MERGES_MAX):
        rows = [row for some in batches(sorted(wanted), LOOKED_UP_AT_ONCE) for row in reader.members(some).values()]
        found |= {row.member for row in rows if row.merged_into is None}
        wanted = {row.merged_into for row in rows if row.merged_into is not None}
        if not wanted:
            return found
    raise AssertionError("merges go in a circle")
