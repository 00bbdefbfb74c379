"""What a till is told of a case: something about one of its operations that a person looks at (hub/cases)."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from loyalty.bodies import AMOUNT_MAX
from loyalty.utc import check_utc

LABEL_LETTERS_MAX = 64  # what people call a receipt: as much as a POS may number it
NOTE_LETTERS_MAX = 200  # a few words or codes

_Amount = Annotated[int, msgspec.Meta(ge=0, le=AMOUNT_MAX)]


class CaseSnapshot(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`sale` is what people call the receipt, `note` what kinds or reasons there are, as codes. What it cost is rather
    what it may have cost at most."""

    id: str
    kind: str
    opened_at: str
    sale: str | None = None
    note: str = ""
    cost_points: _Amount = 0
    cost_kopecks: _Amount = 0
    state: Literal["open", "settled"] = "open"

    def __post_init__(self) -> None:
        check_utc(self.opened_at)
