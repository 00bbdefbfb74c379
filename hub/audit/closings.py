"""The days that accounting has taken: each closing is there, no day is taken twice, and each saw the chains at least as
far as the one before, and no further than they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import msgspec

from hub.accounting.closing import Closing, Ends, closing, index
from hub.store.seam import Reader


def closing_faults(reader: Reader) -> Iterator[str]:
    try:
        days_of = index(reader)
    except msgspec.DecodeError as error:
        yield f"accounting: the list of closings cannot be read: {error}"
        return
    for day, times in Counter(day for days in days_of for day in days).items():
        if times > 1:
            yield f"accounting: {day} was taken {times} times"
    seen: Ends = {}
    for number, days in enumerate(days_of, start=1):
        try:
            found = closing(reader, number)
        except msgspec.DecodeError as error:
            yield f"accounting closing {number}: cannot be read: {error}"
            continue
        if found is None or (found.number, found.days) != (number, days):
            yield f"accounting closing {number}: is not there"
            continue
        yield from _behind(found, seen, f"closing {number - 1} saw")
        seen = found.ends
    if seen:
        yield from _beyond(seen, reader)


def _behind(found: Closing, before: Ends, who: str) -> Iterator[str]:
    for chain, generations in before.items():
        for generation, sequence in generations.items():
            saw = found.ends.get(chain, {}).get(generation, 0)
            if saw < sequence:
                yield f"accounting closing {found.number}: saw {chain} {generation} up to {saw}, {who} {sequence}"


def _beyond(seen: Ends, reader: Reader) -> Iterator[str]:
    """What the newest saw must be there still."""
    left = {(chain, generation): end for chain, some in seen.items() for generation, end in some.items()}
    for row in reader.all_chains():
        if left.pop(row.key, 0) > row.sequence:
            yield f"accounting: {row.chain} {row.generation} ends with {row.sequence}, a closing saw more"
    for chain, generation in left:
        yield f"accounting: {chain} {generation} is not there, a closing saw it"
