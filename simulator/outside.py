"""Who is asked outside of a simulated chain: a partner who gives miles, and is as bad as one is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec

from hub.outside.partner import AskExchange
from hub.outside.services import NoAnswer, SaysNo, Service, Services
from simulator.terms import MILES

if TYPE_CHECKING:
    from simulator.world import World

DEAF: Final = 0.15  # of what he is asked: it was not done
MUTE: Final = 0.15  # it was done, and nobody heard so
REFUSES: Final = 0.15  # never, under this key
DIFFERS: Final = 0.05  # he gives another sum than he was asked for

_T = TypeVar("_T", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner(Service):
    """`answers`: by the key, for ever the same; `booked`: what he has given under each."""

    chance: Random
    is_well: Callable[[], bool]
    answers: dict[str, dict[str, object] | SaysNo]
    booked: dict[str, int]

    def ask(self, path: str, body: msgspec.Struct, told: type[_T], key: str) -> _T:
        """Raises NoAnswer, SaysNo."""
        assert isinstance(body, AskExchange)
        if self.chance.random() < DEAF and not self.is_well():
            raise NoAnswer("he is deaf")
        if key not in self.answers:
            self.answers[key] = self._decided(body, key)
        if self.chance.random() < MUTE and not self.is_well():
            raise NoAnswer("he is mute")
        answer = self.answers[key]
        if isinstance(answer, SaysNo):
            raise answer
        return msgspec.convert(answer, told)

    def _decided(self, body: AskExchange, key: str) -> dict[str, object] | SaysNo:
        if self.chance.random() < REFUSES:
            return SaysNo("unknown_number", "nobody has that number")
        units = body.units + (1 if self.chance.random() < DIFFERS else 0)
        self.booked[key] = units
        return {"id": f"E-{len(self.booked)}", "units": units}


def services(world: World) -> Services:
    chance = world.stream("outside/partner")
    partner = Partner(
        name="partner", url="", chance=chance, is_well=lambda: world.desks.is_closing, answers={}, booked={}
    )
    return Services(partners={MILES: partner})
