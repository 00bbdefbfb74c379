"""Who may talk to the till: one token for the till itself, and one for each POS that has a name of its own.

A token adds the POS's name, so that two of them at one till may use the same numbers, the channel in which it sells
(pos_agent/channels.py) and what it may have done (a role of loyalty/staff.py). They lie in the data directory, readable
by their owner alone: the token on the first line, a channel other than the shop's and a role other than the cashier's
below it.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, get_args

from loyalty.operation import Channel
from loyalty.staff import ROLES, Role

TOKEN_CHARS_MIN = 24  # ours have 32; a shorter one is the rest of a file that was not written whole
POS_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")


class BadPosName(ValueError):
    """A POS cannot be called so."""


class Asker(NamedTuple):
    """Whose token it is: "" for the till's own, whose commands are of whichever channel the receipt is. `role`: as far
    as it goes; None: whoever stands at the till, and signs in there."""

    name: str
    channel: Channel | None = None
    role: Role | None = "cashier"


class _Says(NamedTuple):
    channel: Channel = "shop"
    role: Role = "cashier"

    @property
    def words(self) -> list[str]:
        """That stand in the file: those that are not as shipped."""
        return [word for word, shipped in zip(self, _Says(), strict=True) if word != shipped]


def token_in(data: Path) -> Path:
    return data / "api-token"


def pos_token_in(data: Path, pos: str) -> Path:
    """Raises BadPosName."""
    if not POS_NAME.fullmatch(pos):
        raise BadPosName(pos)
    return data / "pos-tokens" / pos


def new_token() -> str:
    return secrets.token_urlsafe(24)


def make_token(
    path: Path, make: Callable[[], str] = new_token, channel: Channel | None = None, role: Role | None = None
) -> str:
    """The token in a file, made once: whole, or not at all. What is too short to be one of ours (the power went while
    it was written) is made anew. Another `channel` or `role` is written beside the same token."""
    token, before = _read(path)
    known = before or _Says()
    says = _Says(channel or known.channel, role or known.role)
    if token is None or says != before:
        token = token or make()
        _write(path, token, says)
    return token


def _write(path: Path, token: str, says: _Says) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    with open(fresh, "x", encoding="ascii", opener=_for_the_owner) as file:
        file.write("\n".join((token, *says.words, "")) if says.words else token)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _for_the_owner(path: str, flags: int) -> int:
    return os.open(path, flags, mode=0o600)


def _read(path: Path) -> tuple[str | None, _Says | None]:
    """Token and what is said beside it. No token where nothing in the file opens the till, or there is none; nothing
    said where a word in it is none that is known here."""
    try:
        token, *more = path.read_text(encoding="ascii", errors="replace").split() or [""]
    except OSError:
        return None, None
    return (token if len(token) >= TOKEN_CHARS_MIN else None), _said(more)


def _said(words: list[str]) -> _Says | None:
    channels = [one for one in get_args(Channel) if one in words]
    roles = [one for one in ROLES if one in words]
    if len(channels) > 1 or len(roles) > 1 or {*channels, *roles} != {*words}:
        return None
    return _Says(channels[0] if channels else "shop", roles[0] if roles else "cashier")


def asker_of(data: Path, given: str) -> Asker | None:
    """Whoever has this token; None for nobody. Files are read anew, so that a token counts from the moment it is made
    and no longer than it lies there. All are compared, so that the time it takes tells nothing."""
    named = {path.name: path for path in sorted((data / "pos-tokens").glob("[!.]*"))}
    found = None
    for name, path in {"": token_in(data), **named}.items():
        token, says = _read(path)
        # a channel or a role that nobody here knows opens nothing
        if token is not None and says is not None and hmac.compare_digest(given.encode(), token.encode()):
            found = Asker(name, says.channel if name else None, says.role)
    return found
