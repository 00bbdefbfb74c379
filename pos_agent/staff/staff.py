"""Who has signed in at this till, and who may not try any more for now."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from loyalty.staff import MAY
from loyalty.utc import utc_text
from pos_agent.staff.book import StaffBook
from pos_agent.staff.caller import Caller, OverWhich, SignedIn
from pos_agent.staff.challenges import Challenges
from pos_agent.staff.tries import Tried, Tries
from pos_agent.status_staff import ShownChallenge, ShownPerson, ShownSignedIn, StaffState
from storage.whole_file import write_over
from sync.staff_list import Colleague

TRIED: Final = "staff-tried.json"

log = logging.getLogger(__name__)
_tried = msgspec.json.Decoder(dict[str, Tried]).decode


@dataclass(frozen=True, slots=True)
class Session:
    """`idle_at`: then he is signed out, if he has done nothing."""

    person: str
    since: datetime
    idle_at: datetime


class Staff:
    """`folder`: where wrong tries outlive the process. In the agent's loop alone, but `state`."""

    def __init__(self, book: StaffBook, folder: Path, till: str, idle: timedelta, over: OverWhich) -> None:
        self.book = book
        self.over = over
        self.challenges = Challenges(till)
        self._file = folder / TRIED
        self._idle = idle
        self._sessions: dict[str, Session] = {}
        self.tries: Tries = self._kept()

    def _kept(self) -> Tries:
        try:
            return _tried(self._file.read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            log.warning("%s cannot be read: %s.", self._file, error)
            return {}

    def keep_tries(self, tries: Tries) -> None:
        """Also where the disk does not take them: then they end with the process."""
        if tries == self.tries:
            return
        self.tries = tries
        try:
            write_over(self._file, msgspec.json.encode(tries))
        except OSError as error:
            log.error("%s: wrong PINs are not kept: %s.", self._file, error.strerror)

    # sessions

    def sign_in(self, place: str, person: Colleague, now: datetime) -> None:
        self._sessions[place] = Session(person.id, now, now + self._idle)

    def sign_out(self, place: str) -> None:
        self._sessions.pop(place, None)
        self.challenges.end(place)

    def touch(self, place: str, now: datetime) -> None:
        """He has done something."""
        session = self._session(place, now)
        if session is not None:
            self._sessions[place] = Session(session.person, session.since, now + self._idle)

    def _session(self, place: str, now: datetime) -> Session | None:
        """One that was idle for too long, or was begun by a clock that was set back since, is none."""
        session = self._sessions.get(place)
        return session if session is not None and session.since <= now < session.idle_at else None

    def signed_in(self, place: str, now: datetime) -> SignedIn | None:
        """Whoever the office has sent away meanwhile is not."""
        session = self._session(place, now)
        person = self.book.find(session.person) if session is not None else None
        return SignedIn(person.id, person.name, person.role) if person is not None else None

    def asking(self, caller: Caller, now: datetime) -> SignedIn | None:
        """Who it is that asks: whoever has signed in where he asks; else a POS, as far as its token goes, and by the
        name that it gives its cashier. What comes with the till's own token without a name is whoever's has signed in
        at the till."""
        if caller.guest:
            return None
        here = self.signed_in(caller.place, now)
        if caller.role is None or (here is not None and not caller.cashier):
            return here
        return SignedIn("", caller.cashier, caller.role)

    # for whoever looks

    def state(self, now: datetime) -> StaffState | None:
        """At the till itself; None: the office keeps no list."""
        if not self.book.has_list:
            return None
        people = sorted(self.book.list.people, key=lambda one: one.name)
        return StaffState(
            people=tuple(ShownPerson(person=one.id, name=one.name, role=one.role) for one in people),
            signed_in=self._shown(now),
            challenge=self._challenge(now),
        )

    def _shown(self, now: datetime) -> ShownSignedIn | None:
        person, session = self.signed_in("", now), self._session("", now)
        if person is None or session is None:
            return None
        may = tuple(sorted(MAY[person.role]))
        until = utc_text(session.idle_at)
        return ShownSignedIn(person=person.id, name=person.name, role=person.role, until=until, may=may)

    def _challenge(self, now: datetime) -> ShownChallenge | None:
        open_one = self.challenges.shown("", now)
        if open_one is None:
            return None
        step = open_one.step
        return ShownChallenge(
            text=open_one.spoken,
            what=step.what,
            amount=step.amount,
            until=utc_text(open_one.ends_at),
            tries_left=open_one.tries_left,
            shown=bool(open_one.badge),
        )
