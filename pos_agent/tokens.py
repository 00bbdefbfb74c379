"""Who may talk to the till: one token for the till itself, and one for each POS that has a name of its own.

A token opens the same for everybody; what it adds is the name, so that two POS at one till may use the same numbers.
They lie in the data directory, readable by their owner alone.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Callable
from pathlib import Path

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
    """The token in a file, made once: whole, or not at all."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.new")
        fresh.unlink(missing_ok=True)
        fresh.touch(mode=0o600)
        fresh.write_text(make(), encoding="ascii")
        fresh.replace(path)
    return path.read_text(encoding="ascii").strip()


def name_of(data: Path, given: str) -> str | None:
    """The name of whoever has this token: "" for the till's own; None for nobody. Files are read anew, so that a token
    counts from the moment it is made and no longer than it lies there."""
    named = {path.name: path for path in sorted((data / "pos-tokens").glob("[!.]*"))}
    for name, path in {"": token_in(data), **named}.items():
        token = path.read_bytes().strip()  # an empty file opens nothing
        if token and hmac.compare_digest(given.encode(), token):
            return name
    return None
