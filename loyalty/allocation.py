"""A discount spread over lines to the kopeck: bounded largest remainder.

Exact and deterministic; the order of lines decides nothing but the very last tie. Points, promotions and
coupons are all spread by it.
"""

from __future__ import annotations

from collections.abc import Sequence


def allocate(nets: Sequence[int], heads: Sequence[int], amount: int) -> list[int]:
    """Kopecks off each line: in proportion to `nets`, never above `heads`, in total exactly `amount`.

    0 <= amount <= sum(heads), and a head never exceeds its net.
    """
    assert 0 <= amount <= sum(heads), "a discount that does not fit must be cut before it is spread"
    shares = [0] * len(nets)
    live = [index for index, head in enumerate(heads) if head]
    while amount:
        weight = sum([nets[index] for index in live])
        full = [index for index in live if amount * nets[index] >= heads[index] * weight]
        if not full:
            _spread(nets, live, weight, amount, shares)
            break
        for index in full:
            shares[index] = heads[index]
            amount -= heads[index]
        live = [index for index in live if not shares[index]]
    return shares


def _spread(nets: Sequence[int], live: Sequence[int], weight: int, amount: int, shares: list[int]) -> None:
    # Every floor share is below its head here, so one kopeck more always fits.
    order = []
    rest = amount
    for index in live:
        share, remainder = divmod(amount * nets[index], weight)
        shares[index] = share
        rest -= share
        order.append((-remainder, -nets[index], index))
    order.sort()
    for _, _, index in order[:rest]:
        shares[index] += 1
