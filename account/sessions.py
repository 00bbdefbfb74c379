"""Who is signed in at the account, and what a browser was told on its way there.

A visitor has a session from the first thing that he types; whoever signs in gets another one, with another cookie, so
that a cookie which somebody else knows is no use to him. What is kept of the cookie is its hash.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from account.store.seam import Book, Store
from loyalty.utc import utc_text
from web.language import Language

IDLE: Final = timedelta(days=30)  # a phone is its owner's: a shop's account that asks every day is not looked at
LONGEST: Final = timedelta(days=180)
VISITOR: Final = timedelta(hours=1)  # a code is typed, a form filled in
SEEN_EVERY: Final = timedelta(minutes=10)  # so often it is written that he was here
SWEEP_EVERY: Final = timedelta(minutes=10)
DEVICE_LETTERS_MAX: Final = 200
STATE_BYTES_MAX: Final = 16_384


class Session(msgspec.Struct, kw_only=True):
    """`member` "": a visitor. `state`: what was typed on the way in, and what the next page is to say (`told`); texts,
    by name."""

    id: str
    token: str
    member: str
    language: Language
    began_at: str
    seen_at: str
    device: str
    state: dict[str, str]


class Sessions:
    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._swept_at = now()

    def of(self, cookie: str) -> Session | None:
        """Whoever has this cookie, if he was here lately."""
        if not cookie:
            return None
        with self._store.reading() as book:
            row = book.one("session_of", token=_hash(cookie))
        session = _session(row) if row is not None else None
        if session is None or self._is_over(session):
            return None
        if session.seen_at < utc_text(self._now() - SEEN_EVERY):
            session.seen_at = utc_text(self._now())
            self.keep(session)
        return session

    def begin(
        self, member: str, language: Language, device: str, state: dict[str, str] | None = None
    ) -> tuple[str, Session]:
        """The cookie's text, and the session. `member` "": of a visitor."""
        cookie, at = secrets.token_urlsafe(32), utc_text(self._now())
        session = Session(
            id=secrets.token_hex(8),
            token=_hash(cookie),
            member=member,
            language=language,
            began_at=at,
            seen_at=at,
            device=device[:DEVICE_LETTERS_MAX],
            state=state or {},
        )
        with self._store.writing() as book:
            self._sweep(book)
            book.do("begin_session", **_row(session))
        return cookie, session

    def keep(self, session: Session) -> None:
        """As it is now, if it has not ended meanwhile: nothing that ended comes back."""
        row = _row(session)
        del row["began_at"]
        with self._store.writing() as book:
            book.do("keep_session", **row)

    def of_member(self, member: str) -> list[Session]:
        """Those that stand, the newest first."""
        with self._store.reading() as book:
            found = [_session(row) for row in book.all("sessions_of_member", member=member)]
        return [one for one in found if not self._is_over(one)]

    def end(self, id: str) -> None:
        with self._store.writing() as book:
            book.do("end_session", id=id)

    def end_all(self, member: str, *, but: str = "") -> int:
        with self._store.writing() as book:
            return book.do("end_sessions_of", member=member, but=but)

    def _is_over(self, session: Session) -> bool:
        now = self._now()
        idle = IDLE if session.member else VISITOR
        return session.seen_at < utc_text(now - idle) or session.began_at < utc_text(now - LONGEST)

    def _sweep(self, book: Book) -> None:
        now = self._now()
        if now - self._swept_at < SWEEP_EVERY:
            return
        self._swept_at = now
        ends = {"idle": now - IDLE, "oldest": now - LONGEST, "visitors": now - VISITOR}
        book.do("sweep_sessions", **{name: utc_text(at) for name, at in ends.items()})


def _row(session: Session) -> dict[str, Any]:
    state = msgspec.json.encode(session.state)
    assert len(state) <= STATE_BYTES_MAX, "a session keeps what was typed, and no more"
    return msgspec.structs.asdict(session) | {"state": state.decode()}


def _session(row: tuple[Any, ...]) -> Session:
    told = dict(zip(Session.__struct_fields__, row, strict=True))
    return Session(**(told | {"state": msgspec.json.decode(told["state"], type=dict[str, str])}))


def _hash(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()
