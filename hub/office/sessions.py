"""Who is signed in at the office's desk. As old as the process: whoever was in when it ended signs in anew."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from loyalty.programme import Language

IDLE_S: Final = 20 * 60
LONGEST_S: Final = 12 * 3_600
SESSIONS_MAX: Final = 1_000


@dataclass(slots=True)
class Session:
    """`told`: what is said at the top of the next page, once. `drawn`: of the newest form by which something was drawn
    that is shown once, its key and what was said; `drawing` is held meanwhile."""

    clerk: str
    language: Language
    began_s: float
    seen_s: float
    proof: str = ""  # of the clerk, as he came in
    told: str = ""
    drawn: tuple[str, str] = ("", "")
    drawing: Lock = field(default_factory=Lock)


class Sessions:
    def __init__(self, now_s: Callable[[], float]) -> None:
        self._now_s = now_s
        self._there: dict[str, Session] = {}

    def begin(self, clerk: str, language: Language, proof: str = "") -> str:
        """The cookie's text."""
        self._sweep()
        token = secrets.token_urlsafe(32)
        self._there[token] = Session(clerk, language, self._now_s(), self._now_s(), proof)
        return token

    def of(self, token: str) -> Session | None:
        session = self._there.get(token)
        if session is None:
            return None
        if self._over(session):
            self.end(token)
            return None
        session.seen_s = self._now_s()
        return session

    def end(self, token: str) -> None:
        self._there.pop(token, None)

    def _over(self, session: Session) -> bool:
        now_s = self._now_s()
        return now_s - session.seen_s >= IDLE_S or now_s - session.began_s >= LONGEST_S

    def _sweep(self) -> None:
        """Those that are over; and the one that was quiet for longest, where there are too many."""
        for token in [token for token, session in self._there.items() if self._over(session)]:
            self.end(token)
        if len(self._there) >= SESSIONS_MAX:
            self.end(min(self._there, key=lambda token: self._there[token].seen_s))
