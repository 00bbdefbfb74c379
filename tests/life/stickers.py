"""Stickers in the random walk: given, exchanged, kept after all, taken back; at two tills that do not always hear of
each other. Hub and tills count the same."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from hub.store.records import Place
from loyalty.bodies import Body, Return, Sale
from pos_agent.errands import Errand, HubSaid
from pos_agent.protocol import Command
from pos_agent.protocol_stickers import DropStickers, ExchangeStickers
from simulator.terms import KNIFE
from tests.life.kept import Kept
from tests.life.terms import MEMBERS

if TYPE_CHECKING:
    from tests.life.walk import Walk
    from tests.life.walking import WalkingTill


class Stickers:
    def __init__(self, walk: Walk) -> None:
        self.walk = walk

    def any(self, till: WalkingTill, name: dict[str, Any]) -> Command:
        if self.walk.chance.random() < 0.15:
            return DropStickers(offer=self.walk.chance.choice((None, KNIFE)), **name)
        return ExchangeStickers(offer=KNIFE, **name)

    def same(self, name: dict[str, Any]) -> Command:
        return ExchangeStickers(offer=KNIFE, **name)

    def heard(self, till: WalkingTill, errand: Errand, said: HubSaid) -> None:
        """The hub is not asked."""

    def recorded(self, till: WalkingTill, place: Place, body: Body) -> None:
        if isinstance(body, Sale) and body.stickers is not None:
            assert body.member is not None, "stickers are somebody's"

    def synced(self, till: WalkingTill) -> None:
        """Of each member the till counts what the hub does."""
        with self.walk.hub.store.reading() as reader:
            rows = reader.stickers_of([f"m{number}" for number in range(MEMBERS)])
        kept = {(row.member, row.collection): row.stickers for row in rows if row.stickers}
        here: dict[tuple[str, str], int] = {}
        for number in range(MEMBERS):
            record = till.cache.members.member(f"m{number}")
            assert record is not None
            standing = record.standing(self.walk.rules).stickers
            here |= {(f"m{number}", collection): count for collection, count in standing.items() if count}
        assert here == kept

    def check(self, kept: Kept) -> None:
        """A balance is the sum of its entries, an entry what its operation says; and what is all back is as before."""
        entries = list(kept.reader.all_sticker_entries())
        sums: Counter[tuple[str, str]] = Counter()
        said: Counter[Place] = Counter()
        for entry in entries:
            sums[entry.member, entry.collection] += entry.stickers
            said[entry.place] += entry.stickers
        due = {place: _moved(body) for place, _, body in kept.applied if _moved(body)}
        assert {place: count for place, count in said.items() if count} == due
        rows = {row.key: row.stickers for row in kept.reader.all_stickers()}
        assert {key: count for key, count in rows.items() if count} == {key: n for key, n in sums.items() if n}
        self._owed(kept, rows)
        self._taken_back(kept)

    def _owed(self, kept: Kept, rows: dict[Any, int]) -> None:
        """Whoever owes some has a case, or brought goods back whose stickers he had spent."""
        owing = {member for (member, _), count in rows.items() if count < 0}
        named = {case.member for case in kept.cases_of("stickers_owed")}
        back = {one.member for _, one in kept.of(Return) if one.stickers is not None and one.stickers.taken_back}
        assert owing <= named | back
        self.walk.counts["stickers owed"] += len(kept.cases_of("stickers_owed"))

    def _taken_back(self, kept: Kept) -> None:
        """When all is back, once, what was given is taken and what was spent is there again."""
        for place, sale in kept.sales.items():
            if sale.stickers is None:
                continue
            given, spent = sale.stickers.given, sum(one.count for one in sale.stickers.spent)
            self.walk.counts["stickers given"] += given
            self.walk.counts["stickers spent"] += spent
            told = [one.stickers for _, one in kept.returns.get(place, ()) if one.stickers is not None]
            if kept.is_back_at_one_till(place):
                assert sum(one.taken_back for one in told) == given, "taken back with the goods"
                assert sum(one.restored for one in told) == spent, "there again with the goods"
                self.walk.counts["stickers back"] += 1


def _moved(body: Body) -> int:
    if isinstance(body, Sale) and body.stickers is not None:
        return body.stickers.given - sum(one.count for one in body.stickers.spent)
    if isinstance(body, Return) and body.stickers is not None:
        return body.stickers.restored - body.stickers.taken_back
    return 0
