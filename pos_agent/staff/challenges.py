"""What somebody answers for from afar: for one step at a time of each who asks, a challenge that is read out to him,
and the code that he reads back. It is his alone: whoever asks cannot answer himself, and the till knows who did."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from pos_agent.staff.caller import Step
from sync.staff_codes import CODE_MINUTES, answer_code, challenge_of
from sync.staff_list import Colleague

TRIES_MAX: Final = 3

CodeSaid = Literal["wrong", "over"]


@dataclass(frozen=True, slots=True)
class Challenge:
    text: str
    step: Step
    ends_at: datetime
    tries_left: int = TRIES_MAX
    badge: str = ""  # of whoever has shown his for it at the till's scanner

    @property
    def spoken(self) -> str:
        """As it is read out: K7Q2-M4XD."""
        return f"{self.text[:4]}-{self.text[4:]}"

    def holds(self, step: Step, now: datetime) -> bool:
        since = self.ends_at - timedelta(minutes=CODE_MINUTES)
        return self.step == step and self.tries_left > 0 and since <= now < self.ends_at


class Challenges:
    """In the agent's loop alone; a process that ends has forgotten them, and the step is begun anew."""

    def __init__(self, till: str, random: Callable[[], str] = lambda: secrets.token_hex(8)) -> None:
        self._till = till
        self._random = random
        self._open: dict[str, Challenge] = {}

    def of(self, place: str, step: Step, pepper: bytes, now: datetime) -> Challenge:
        """The one that is open for the step, or a new one."""
        known = self._open.get(place)
        if known is not None and known.holds(step, now):
            return known
        bound = (self._till, step.what, str(step.amount), step.of, self._random())
        made = Challenge(challenge_of(pepper, *bound), step, now + timedelta(minutes=CODE_MINUTES))
        self._open[place] = made
        return made

    def said(
        self, place: str, step: Step, code: str, pepper: bytes, now: datetime, who: Sequence[Colleague]
    ) -> Colleague | CodeSaid:
        """By whom of those it was given. A right one is used up by the step."""
        known = self._open.get(place)
        if known is None or not known.holds(step, now):
            return "over"
        given = code.strip().encode()
        for one in who:
            if hmac.compare_digest(answer_code(pepper, known.text, one.id).encode(), given):
                return one
        self._open[place] = replace(known, tries_left=known.tries_left - 1)
        return "wrong" if known.tries_left > 1 else "over"

    def show_badge(self, place: str, badge: str, now: datetime) -> bool:
        """Somebody shows it while a step waits for a second person; whether it is for that. Shown again, it is not."""
        known = self.shown(place, now)
        if known is None or known.badge == badge:
            return False
        self._open[place] = replace(known, badge=badge)
        return True

    def badge_for(self, place: str, step: Step, now: datetime) -> str:
        """ "": nobody has shown one."""
        known = self._open.get(place)
        return known.badge if known is not None and known.holds(step, now) else ""

    def end(self, place: str) -> None:
        self._open.pop(place, None)

    def shown(self, place: str, now: datetime) -> Challenge | None:
        known = self._open.get(place)
        return known if known is not None and known.holds(known.step, now) else None
