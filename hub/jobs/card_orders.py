"""Cards that were ordered on the site, and that nobody has come for in so many days, have come back."""

from __future__ import annotations

from collections.abc import Iterator

from hub.card_orders.closing import close_due, due
from hub.jobs.turn import Turn


def close(turn: Turn) -> Iterator[int]:
    yield from turn.pages(
        lambda reader: due(reader, turn.until, turn.page), lambda writer: close_due(writer, turn.until, turn.page)
    )
