"""A line's net sum as positions that a fiscal device accepts: quantity × price = amount.

Pieces are exact; those that the POS names by a key (marked goods) have a position each. Weighed goods keep the price of
the shelf where it comes within the device's kopeck of what is paid (R24); where no price comes that near, the line is
sold as one thing with its weight in the name. The allocation is never changed for this.
"""

from __future__ import annotations

from typing import NamedTuple

from loyalty.basket import Line
from loyalty.money import half_up

DEVICE_TOLERANCE_KOPECKS = 1  # Shtrikh-M and fr_drv_ng accept price × quantity ± 1 kopeck


class Position(NamedTuple):
    """`amount_kopecks` is what is paid; `sold_as_one`: the quantity is 1 and the weight belongs in the name."""

    quantity_m: int
    price_kopecks: int
    amount_kopecks: int
    sold_as_one: bool


# A receipt makes many: tuple's own constructor costs half of the class's.
_position = tuple.__new__


def positions(line: Line, net_kopecks: int) -> tuple[Position, ...]:
    """The positions of a line that is sold for `net_kopecks`; their amounts sum to it. Named pieces come first, in the
    order of their keys."""
    if line.unit == "kg":
        return (weighed(line.quantity_m, net_kopecks, line.price_kopecks),)
    if line.facts.pieces:
        return named_pieces(line.quantity_m, net_kopecks, len(line.facts.pieces))
    return pieces(line.quantity_m, net_kopecks)


def named_pieces(quantity_m: int, net_kopecks: int, named: int) -> tuple[Position, ...]:
    """One position for each of the `named` pieces (L4), and the other pieces as ever. What each piece costs is what
    `pieces` says, the cheaper first."""
    price, dearer_m = divmod(net_kopecks * 1000, quantity_m)
    cheaper = min(named, (quantity_m - dearer_m) // 1000)
    prices = [price] * cheaper + [price + 1] * (named - cheaper)
    single = tuple([_position(Position, (1000, each, each, False)) for each in prices])
    others_m = quantity_m - named * 1000
    return single + (pieces(others_m, net_kopecks - sum(prices)) if others_m else ())


def pieces(quantity_m: int, net_kopecks: int) -> tuple[Position, ...]:
    """At most two prices, one kopeck apart, the lower first. The remainder is the quantity of the dearer."""
    price, dearer_m = divmod(net_kopecks * 1000, quantity_m)
    if not dearer_m:
        return (_position(Position, (quantity_m, price, net_kopecks, False)),)
    cheaper_m = quantity_m - dearer_m
    paid = cheaper_m * price // 1000
    return (
        _position(Position, (cheaper_m, price, paid, False)),
        _position(Position, (dearer_m, price + 1, net_kopecks - paid, False)),
    )


def weighed(
    quantity_m: int,
    net_kopecks: int,
    shelf_kopecks: int | None = None,
    tolerance_kopecks: int = DEVICE_TOLERANCE_KOPECKS,
) -> Position:
    """The shelf's own price, else the nearest, if the device accepts its product; else one thing at the whole sum
    (EX-A8).

    A neighbouring price never helps: where the nearest misses by more than the tolerance, it misses by more still.
    """
    nearest = half_up(net_kopecks * 1000, quantity_m)
    for price in (nearest if shelf_kopecks is None else shelf_kopecks, nearest):
        if abs(half_up(price * quantity_m, 1000) - net_kopecks) <= tolerance_kopecks:
            return _position(Position, (quantity_m, price, net_kopecks, False))
    return Position(1000, net_kopecks, net_kopecks, True)
