"""What the hub said of one member, beside its feed: kept in the till's file where it is the newest word."""

from __future__ import annotations

from loyalty.operation import Key
from loyalty.possible import check_member
from offline_cache.cache import Cache
from sync.pages import read_moment
from sync.protocol import MemberNow


def keep_member(cache: Cache, now: MemberNow) -> bool:
    """Whether it stands in the till's file now. False: there is no such member, he cannot be true (as a row of a page
    that is set aside), or the feed has told of him later. Raises FileError."""
    if now.member is None:
        return False
    try:
        at = read_moment(now.at)
        check_member(now.member)
    except ValueError:
        return False
    watermark = Key(now.watermark.generation, now.watermark.sequence)
    return cache.changes.keep_member(now.member, watermark=watermark, at=at)
