"""What was sent, for whoever looks: no number, no text, and of a code only what a trial's outbox says itself."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from hub.sender.message import State, kept_of, state_of
from hub.store.seam import Reader
from loyalty.utc import utc_text


class Sent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`to`: masked; `why`: it failed; `code`: from an outbox that is a file."""

    id: str
    at: str
    kind: str
    to: str
    state: State
    over_at: str = ""
    tries: int = 0
    why: str = ""
    code: str = ""


def seen(reader: Reader, most: int, codes: Mapping[str, str] | None = None) -> list[Sent]:
    """The newest first. `codes`: by message, of an outbox that is a file."""
    told = codes or {}
    found = []
    for row in reader.newest_messages(most):
        kept = kept_of(row)
        found.append(
            Sent(
                id=row.id,
                at=utc_text(row.made_at),
                kind=kept.kind,
                to=kept.shown,
                state=state_of(row),
                over_at=kept.over_at,
                tries=kept.tries,
                why=kept.why,
                code=told.get(row.id, ""),
            )
        )
    return found
