"""How much of a certificate is to be given back in money: told, and not given yet."""

from __future__ import annotations

import msgspec

from loyalty.utc import moment
from pos_agent.counter import Counter


class RefundPromise(msgspec.Struct, frozen=True, kw_only=True):
    """How much is to be given back. `done`: it was. `until`: nobody pays with it before."""

    kopecks: int
    done: bool = False
    until: str = ""


_decode = msgspec.json.Decoder(RefundPromise).decode


def promised(counter: Counter, number: str) -> RefundPromise | None:
    kept = counter.house.find_quote(_key(number))
    try:
        return _decode(kept) if kept is not None else None
    except msgspec.DecodeError:
        return None


def promise(counter: Counter, number: str, told: RefundPromise) -> None:
    counter.house.keep_quote(_key(number), counter.pos, msgspec.json.encode(told), counter.now)


def is_being_refunded(counter: Counter, number: str) -> bool:
    """The hub keeps it for this till, whose own receipts it cannot tell from the refund."""
    told = promised(counter, number)
    until = moment(told.until or None) if told is not None and not told.done else None
    return until is not None and counter.now < until


def _key(number: str) -> str:
    return f"refund-{number}"
