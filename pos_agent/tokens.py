"""Who may talk to the till: one token for the till itself, and one for each POS that has a name of its own.

A token opens the same for everybody; what it adds is the name, so that two POS at one till may use the same numbers.
They lie in the data directory, readable by their owner alone.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
from collections.abc import Callable
from pathlib import Path

TOKEN_CHARS_MIN = 24  # ours have 32; a shorter one is the rest of a file that was not written whole
POS_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")


class BadPosName(ValueError):
    """A POS cannot be called so."""


def token_in(data: Path) -> Path:
    return data / "api-token"


def pos_token_in(data: Path, pos: str) -> Path:
    """Raises BadPosName."""
    if not POS_NAME.fullmatch(pos):
        raise BadPosName(pos)
    return data / "pos-tokens" / pos


def new_token() -> str:
    return secrets.token_urlsafe(24)


def make_token(path: Path, make: Callable[[], str] = new_token) -> str:
    """The token in a file, made once: whole, or not at all. What is too short to be one of ours (the power went while
    it was written) is made anew."""
    if _token_in(path) is None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.new")
        fresh.unlink(missing_ok=True)
        with open(fresh, "x", encoding="ascii", opener=_for_the_owner) as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    return path.read_text(encoding="ascii").strip()


def _for_the_owner(path: str, flags: int) -> int:
    return os.open(path, flags, mode=0o600)


def _token_in(path: Path) -> bytes | None:
    """What opens the till; None where nothing in the file does, or there is none."""
    try:
        token = path.read_bytes().strip()
    except OSError:
        return None
    return token if len(token) >= TOKEN_CHARS_MIN else None


def name_of(data: Path, given: str) -> str | None:
    """The name of whoever has this token: "" for the till's own; None for nobody. Files are read anew, so that a token
    counts from the moment it is made and no longer than it lies there. All are compared, so that the time it takes
    tells nothing."""
    named = {path.name: path for path in sorted((data / "pos-tokens").glob("[!.]*"))}
    found = None
    for name, path in {"": token_in(data), **named}.items():
        token = _token_in(path)
        if token is not None and hmac.compare_digest(given.encode(), token):
            found = name
    return found
