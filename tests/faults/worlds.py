"""Who is struck: a till, a hub on a file and on PostgreSQL, and files of an older version."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from types import ModuleType
from typing import Final, NamedTuple

from tests.faults import look_of_hub, look_of_old_hub, look_of_old_till, look_of_till
from tests.faults.places import Place, databases, files
from tests.faults.points import CALLS


class World(NamedTuple):
    """Whose lives, how what they write is looked at, which part of the time they get, and where they write it."""

    name: str
    module: str
    look: ModuleType
    share: float
    place: Callable[[], AbstractContextManager[Place]] = files
    calls: Collection[str] = CALLS
    kinds: Collection[str] = ()  # none: all that are lived


HANDS: Final = (  # what is swept at the same time, as machines have two processors
    (
        World("till", "tests.faults.life_of_till", look_of_till, 0.8),
        World("till's migrations", "tests.faults.life_of_old_till", look_of_old_till, 0.2),
    ),
    (
        World("hub", "tests.faults.life_of_hub", look_of_hub, 0.6),
        World("hub's migrations", "tests.faults.life_of_old_hub", look_of_old_hub, 0.2),
        World(
            "hub on PostgreSQL",
            "tests.faults.life_of_hub",
            look_of_hub,
            0.2,
            place=databases,
            calls=("sendto", "recvfrom"),
            kinds=("sale", "batch", "return", "grant", "hold", "begin"),
        ),
    ),
)
WORLDS: Final = tuple(world for hand in HANDS for world in hand)
