"""A PIN takes some ten milliseconds to check, and longer on a slow till: it is done beside the agent's loop, and the
command comes again with what came of it, as with an errand."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from sync.staff_codes import pin_fits

OPEN_MAX: Final = 4  # at once: each takes 19 MiB

log = logging.getLogger(__name__)
_room = threading.BoundedSemaphore(OPEN_MAX)


class PinSaid(NamedTuple):
    """Whether the PIN was this person's."""

    person: str
    right: bool


@dataclass(frozen=True, slots=True)
class ProvePin(Exception):
    """The command is not answered yet: this is to be checked first."""

    person: str
    pin: str = field(repr=False)
    hashed: str = field(repr=False)
    pepper: bytes = field(repr=False)

    def said(self) -> PinSaid:
        return PinSaid(self.person, pin_fits(self.pepper, self.pin, self.hashed))


def prove(one: ProvePin, answered: Callable[[PinSaid], None]) -> None:
    """Comes back at once; calls back exactly once."""
    threading.Thread(target=_prove, args=(one, answered), name="pin", daemon=True).start()


def _prove(one: ProvePin, answered: Callable[[PinSaid], None]) -> None:
    said = PinSaid(one.person, right=False)
    try:
        with _room:
            said = one.said()
    except Exception:  # our own mistake lets nobody in, and stops nobody else
        log.exception("PIN")
    finally:
        answered(said)
