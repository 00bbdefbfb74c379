"""Who may talk to the till: one token for the till itself, and one for each POS that has a name of its own.

A token adds the POS's name, so that two of them at one till may use the same numbers, and the channel in which it sells
(pos_agent/channels.py). They lie in the data directory, readable by their owner alone: the token on the first line, a
channel other than the shop's on the second.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, get_args

from loyalty.operation import Channel

POS_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")


class BadPosName(ValueError):
    """A POS cannot be called so."""


class Asker(NamedTuple):
    """Whose token it is: "" for the till's own, whose commands are of whichever channel the receipt is."""

    name: str
    channel: Channel | None = None


def token_in(data: Path) -> Path:
    return data / "api-token"


def pos_token_in(data: Path, pos: str) -> Path:
    """Raises BadPosName."""
    if not POS_NAME.fullmatch(pos):
        raise BadPosName(pos)
    return data / "pos-tokens" / pos


def new_token() -> str:
    return secrets.token_urlsafe(24)


def make_token(path: Path, make: Callable[[], str] = new_token, channel: Channel | None = None) -> str:
    """The token in a file, made once: whole, or not at all. Another `channel` is written beside the same token."""
    if not path.exists():
        _write(path, make(), channel or "shop")
    token, of = _read(path)
    if channel not in (None, of):
        _write(path, token, channel or "shop")
    return token


def _write(path: Path, token: str, channel: Channel) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_text(token if channel == "shop" else f"{token}\n{channel}\n", encoding="ascii")
    fresh.replace(path)


def _read(path: Path) -> tuple[str, Channel | None]:
    """Token and channel; no channel where the second line is none."""
    token, *more = path.read_text(encoding="ascii", errors="replace").split() or [""]
    said = more[0] if more else "shop"
    return token, next((channel for channel in get_args(Channel) if channel == said), None)


def asker_of(data: Path, given: str) -> Asker | None:
    """Whoever has this token; None for nobody. Files are read anew, so that a token counts from the moment it is made
    and no longer than it lies there."""
    named = {path.name: path for path in sorted((data / "pos-tokens").glob("[!.]*"))}
    for name, path in {"": token_in(data), **named}.items():
        token, channel = _read(path)
        # an empty file opens nothing, and neither does a channel that nobody here knows
        if token and channel is not None and hmac.compare_digest(given.encode(), token.encode()):
            return Asker(name, channel if name else None)
    return None
