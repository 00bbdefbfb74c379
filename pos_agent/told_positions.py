"""A line's positions for the fiscal device, of a quote, a record or a return: with all that its receipt needs."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, repeat

from loyalty.bodies import SoldLine, SoldPosition
from loyalty.money import format_kopecks, format_quantity_m
from loyalty.positions import Position
from pos_agent.answers import ToldPosition

ONE_THING = "{name} {weight} кг"  # on the fiscal receipt, which is in Russian


def told_positions(
    line: SoldLine, positions: Iterable[Position | SoldPosition], pieces: Iterable[str], quantity_m: int
) -> tuple[ToldPosition, ...]:
    """`pieces`: the keys of the first positions; `quantity_m`: how much of the line they are in all."""
    keys = chain(pieces, repeat(None))
    return tuple(_told(line, position, key, quantity_m) for position, key in zip(positions, keys, strict=False))


def _told(line: SoldLine, position: Position | SoldPosition, piece: str | None, quantity_m: int) -> ToldPosition:
    weight = format_quantity_m(quantity_m)
    return ToldPosition(
        quantity=format_quantity_m(position.quantity_m),
        price=format_kopecks(position.price_kopecks),
        amount=format_kopecks(position.amount_kopecks),
        piece=piece,
        name=ONE_THING.format(name=line.name, weight=weight) if position.sold_as_one else None,
        tax=line.tax,
        subject=line.subject,
        method=line.method,
    )
