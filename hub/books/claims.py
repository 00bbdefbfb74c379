"""What was said of a sale after it was recorded: what came back of it, and who got it afterwards."""

from __future__ import annotations

from collections.abc import Collection

from hub.books.named import name_of_sale
from hub.store.records import KeptOperation, Place, place_of
from hub.store.seam import Reader
from loyalty.bodies import SaleClaimed
from loyalty.operation import BadOperation, Operation, read_operation


def said_of(reader: Reader, sales: Collection[Place]) -> list[tuple[KeptOperation, Operation]]:
    """Operations that name one of these sales, refused ones too, in the order of their keys."""
    rows = reader.naming([name_of_sale(of) for of in sales]) if sales else []
    kept = reader.operations({Place(*row[1:]) for row in rows}) if rows else {}
    return [(kept[place], operation) for place in sorted(kept) if (operation := _read(kept[place])) is not None]


def claims_of(reader: Reader, sales: Collection[Place]) -> dict[Place, SaleClaimed]:
    """Of those that were applied: at most one of a sale."""
    return {
        place_of(operation.body.of): operation.body
        for kept, operation in said_of(reader, sales)
        if kept.reason is None and isinstance(operation.body, SaleClaimed)
    }


def _read(kept: KeptOperation) -> Operation | None:
    try:
        return read_operation(kept.text)
    except BadOperation:  # it was refused for that
        return None
