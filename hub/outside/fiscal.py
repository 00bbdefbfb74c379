"""What whoever makes fiscal documents is asked (hub/outside/services.py): one of a sale, or of money that went back; he
sends it to the buyer's mail too (54-FZ). Sums are kopecks."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec

DOCUMENTS: Final = "/documents"

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """`subject` and `method`: fiscal tags 1212 and 1214."""

    name: str
    amount: int
    subject: int
    method: int


class AskDocument(msgspec.Struct, frozen=True, kw_only=True):
    """`mail`: to which the buyer gets it; "" for whoever has been forgotten since."""

    kind: Literal["sale", "refund"]
    payment: str
    items: tuple[Item, ...]
    amount: int
    mail: str


class DocumentTold(msgspec.Struct, frozen=True, kw_only=True):
    """The fiscal storage's number, the document's number and sign, and when it was made."""

    fn: Text
    fd: Text
    fpd: Text
    at: Text
