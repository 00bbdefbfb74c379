"""How a till and its neighbours are joined: what its receipts hold, and who is asked for more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from msgspec import UNSET, UnsetType

from config.settings import Settings
from offline_cache.cache import Cache
from pos_agent.holds import RESERVE_S, HoldAnswer, answer_of
from pos_agent.in_time import InTime
from pos_agent.listeners import listen_for_tills
from pos_agent.neighbours.asking import Address
from pos_agent.neighbours.claims import Held
from pos_agent.neighbours.neighbours import Neighbours
from pos_agent.neighbours.shop import Shop
from pos_agent.status import Neighbours as ShownNeighbours
from pos_agent.visit import Visit
from sync.protocol import HoldReply, HoldRequest


class AloneInShop:
    """A till whose settings name no others, or on which people practise."""

    reserves: Final = False

    def start(self) -> None:
        pass

    def stop(self) -> None:
        pass

    def state(self) -> UnsetType:
        return UNSET

    def open_receipts(self, visits: Sequence[Visit]) -> None:
        pass

    def reserve(self, request: HoldRequest, answered: Callable[[HoldAnswer], None]) -> None:
        answered(HoldAnswer(request.hold))


class InShop:
    """With others."""

    reserves: Final = True

    def __init__(self, neighbours: Neighbours) -> None:
        self._neighbours = neighbours
        self.start, self.stop = neighbours.start, neighbours.stop

    def state(self) -> ShownNeighbours:
        return self._neighbours.state()

    def open_receipts(self, visits: Sequence[Visit]) -> None:
        """What is held at the hub counts for the shop too: the hub may be away for the others alone."""
        held = {
            hold.id: Held(hold.member, hold.points, hold.ends_at)
            for visit in visits
            if (hold := visit.hold) is not None and hold.state == "held" and hold.points
        }
        self._neighbours.own(held, {visit.reserving.id for visit in visits if visit.reserving is not None})

    def reserve(self, request: HoldRequest, answered: Callable[[HoldAnswer], None]) -> None:
        """Within RESERVE_S, also where this till's own file keeps them waiting."""
        first = InTime(answered, RESERVE_S, HoldAnswer(request.hold, silent=self._neighbours.others))

        def taken(reply: HoldReply | None, silent: tuple[str, ...]) -> None:
            answer = HoldAnswer(request.hold) if reply is None else answer_of(request, reply)
            first(answer._replace(silent=silent))

        self._neighbours.reserve(request, taken)


def in_shop(settings: Settings, cache: Cache, programme: str, clock: Callable[[], datetime]) -> AloneInShop | InShop:
    """`clock`: the corrected moment. Raises SettingsError where nobody can be listened to."""
    named = settings.neighbours
    if named is None or settings.training:
        return AloneInShop()
    tills = [Address(*address) for address in named.addresses]
    listener = listen_for_tills(named.at)
    shop = Shop(cache, programme, clock)
    return InShop(Neighbours(shop, named.secret.encode(), tills, listener, clock, settings.language))
