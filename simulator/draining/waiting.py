"""A till's outbox in memory, as its sync worker sees it: half a million sales of two thousand tills are a gigabyte in
their files, and all that counts here is how many wait and how long their texts are."""

from __future__ import annotations

from collections.abc import Sequence

from loyalty.operation import Key
from offline_cache.goods import GoodsFeed
from offline_cache.records import Answer, Feed, Page


class NoNewGoods:
    """Of a chain whose goods do not change meanwhile."""

    def feed(self) -> GoodsFeed:
        return GoodsFeed("", "")

    def keep(self, *page: object, **read: object) -> None:
        pass

    def forget_some(self) -> bool:
        return False


class NeverStopped:
    """Its hub has nothing against it."""

    def stop(self, why: str) -> None:
        pass


class ReadAlong:
    """How far it has read the hub's changes; what they say is not looked at."""

    def __init__(self) -> None:
        self._feed = Feed(cursor="", pulled_at=None)

    def feed(self) -> Feed:
        return self._feed

    def apply(self, page: Page) -> None:
        self._feed = Feed(cursor=page.cursor, pulled_at=page.pulled_at)

    def forget_some(self, at: object) -> bool:
        return False


class NoReadyFile:
    """It knows its members already."""

    def under_way(self) -> None:
        return None


class NothingRescued:
    """Its file is whole."""

    waits = False


class NothingTrimmed:
    """Its sales are of today."""

    def some(self, at: object, term: object) -> bool:
        return False


class NobodyForgotten:
    """Its members are not looked at either."""

    def more(self) -> bool:
        return False


class NoProgrammes:
    """It has no file that anybody asks for."""

    published = ()

    def source(self, content_hash: str) -> str | None:
        return None


class WaitingSales:
    """`text`: of every one of them."""

    training = False
    generation = 1
    store = None
    goods = NoNewGoods()
    ready = NoReadyFile()
    leases = NeverStopped()
    programmes = NoProgrammes()
    forgetting = NobodyForgotten()
    rescued = NothingRescued()
    trimming = NothingTrimmed()

    def __init__(self, till: str, count: int, text: str) -> None:
        self.till = till
        self.first = 1
        self._last = count
        self._text = text
        self.changes = ReadAlong()

    @property
    def left(self) -> int:
        return self._last - self.first + 1

    def outbox(self, most: int) -> list[tuple[Key, str]]:
        end = min(self._last, self.first + most - 1)
        return [(Key(1, sequence), self._text) for sequence in range(self.first, end + 1)]

    def answered(self, answers: Sequence[Answer]) -> None:
        self.first += len(answers)

    def clock_off_s(self) -> int:
        return 0

    def set_clock_off_s(self, off_s: int) -> None:
        pass

    def heard(self) -> None:
        """It keeps no second file."""
