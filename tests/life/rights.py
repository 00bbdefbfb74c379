"""What the walk asks of each kind of right that people have: coupons, certificates, stickers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from hub.store.records import Place
from loyalty.bodies import Body
from pos_agent.errands import Errand, HubSaid
from pos_agent.protocol import Command
from tests.life.kept import Kept

if TYPE_CHECKING:
    from tests.life.walking import WalkingTill


class Rights(Protocol):
    def any(self, till: WalkingTill, name: dict[str, Any]) -> Command:
        """Something with one of them; `name`: of the receipt."""

    def same(self, name: dict[str, Any]) -> Command:
        """With a fresh one of them, that is shown at both tills at once."""

    def heard(self, till: WalkingTill, errand: Errand, said: HubSaid) -> None:
        """What the hub's desk has said to a till."""

    def recorded(self, till: WalkingTill, place: Place, body: Body) -> None:
        """What a till has recorded."""

    def synced(self, till: WalkingTill) -> None:
        """All that a till recorded is at the hub by now, and the till knows all that the hub does."""

    def check(self, kept: Kept) -> None:
        """In the end."""
