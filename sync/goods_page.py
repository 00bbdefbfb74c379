"""A page of the hub's goods as the till reads it: the frame as a whole, its rows one by one.

What of it cannot be read or cannot be true is left out, and what was known of those goods before stands.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec

from loyalty.goods_snapshot import ARTICLE_MAX, GoodsSnapshot, check_goods
from loyalty.possible import is_text
from sync.pages import read_text
from sync.protocol import Cursor, Scope

log = logging.getLogger(__name__)


class _Frame(msgspec.Struct, frozen=True, kw_only=True):
    """sync.protocol.GoodsPage, its rows not read yet."""

    cursor: Cursor
    more: bool
    goods: tuple[msgspec.Raw, ...] = ()
    gone: tuple[msgspec.Raw, ...] = ()
    scope: Scope = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PulledGoods:
    """What of a page can be kept. Everything in it is checked. `left_out`: rows that are not in it."""

    cursor: str
    more: bool
    goods: tuple[GoodsSnapshot, ...]
    gone: tuple[str, ...] = ()
    scope: str = ""
    left_out: int = 0


_frame = msgspec.json.Decoder(_Frame)
_goods = msgspec.json.Decoder(GoodsSnapshot)


def read_goods(body: bytes) -> PulledGoods:
    """Raises ValueError for a frame that is wrong (msgspec's errors are that too), RecursionError for an endless
    one."""
    frame = _frame.decode(body)
    goods = tuple(_read(frame.goods))
    if left_out := len(frame.goods) - len(goods):
        log.warning("%s goods of the hub's cannot be kept, and are as before", left_out)
    return PulledGoods(
        cursor=frame.cursor,
        more=frame.more,
        goods=goods,
        gone=tuple(text for text in map(read_text, frame.gone) if is_text(text, ARTICLE_MAX)),
        scope=frame.scope,
        left_out=left_out,
    )


def _read(rows: Sequence[msgspec.Raw]) -> Iterator[GoodsSnapshot]:
    for row in rows:
        try:
            told = _goods.decode(row)
            check_goods(told)
        except (ValueError, RecursionError):
            continue
        yield told
