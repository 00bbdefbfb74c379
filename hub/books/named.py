"""By whose names an operation is found again: the member's whom it names, those of a merge, else the card's."""

from __future__ import annotations

from hub.store.named import NamedRow
from hub.store.records import Place
from loyalty.operation import Operation
from loyalty.possible import is_text


def named_by(operation: Operation, place: Place) -> list[NamedRow]:
    """Also of one that was refused. What can be nobody's name (an operation may be refused for it) is left out."""
    body = operation.body
    member, into = getattr(body, "member", None), getattr(body, "into", None)
    card = getattr(body, "card", None) if member is None else None
    names = dict.fromkeys(name for name in (member, into, card) if name is not None and is_text(name))
    return [NamedRow(name, *place) for name in names]
