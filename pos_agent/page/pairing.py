"""Which browsers may show the till's pages: a one-time link makes a cookie, and the cookie lasts.

Both lie in the data directory as files that are called by a hash: who reads their names has neither a link nor a
cookie.
A link is used up by whoever opens it first, at the latest with its time.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Collection
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal, NamedTuple, get_args

Role = Literal["cashier", "guest", "self"]  # self: a guest where nobody of the shop stands

LINK_LIFE_S: Final = 900  # long enough to walk to the till
BROWSERS_MAX: Final = 64  # a kiosk that is paired anew at each start leaves one behind; the oldest goes
COOKIE_LIFE_S: Final = 400 * 86_400  # as long as browsers keep any
SECRET: Final = re.compile(r"[A-Za-z0-9_-]{32,64}")  # ours have 43 characters


class Browser(NamedTuple):
    cookie: str
    role: Role


def new_link(data: Path, role: Role, now_s: float) -> str:
    """The key of a one-time link. `now_s`: seconds since 1970."""
    _sweep(_links(data), now_s)
    return _keep(_links(data), f"{role} {int(now_s) + LINK_LIFE_S}")


def open_link(data: Path, key: str, now_s: float, roles: Collection[Role] = get_args(Role)) -> Browser | None:
    """Use the link up; None: there is none such for one of these `roles`, or it is over."""
    file = _file(_links(data), key)
    found = _role_in(file, now_s)
    if file is None or found is None or found not in roles:
        return None
    try:
        file.unlink()
    except OSError:  # somebody else was first
        return None
    _make_room(_browsers(data))
    return Browser(_keep(_browsers(data), found), found)


def role_of(data: Path, cookie: str) -> Role | None:
    """Whose browser this is; None: nobody's."""
    return _role_in(_file(_browsers(data), cookie))


def forget_all(data: Path) -> int:
    """No browser that was paired before opens anything now; how many there were."""
    files = [*_files(_browsers(data)), *_files(_links(data))]
    for file in files:
        file.unlink(missing_ok=True)
    return len(files)


def _links(data: Path) -> Path:
    return data / "page-links"


def _browsers(data: Path) -> Path:
    return data / "page-browsers"


def _keep(folder: Path, text: str) -> str:
    secret = secrets.token_urlsafe(32)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = _file(folder, secret)
    assert file is not None, "ours are well formed"
    with open(file, "x", encoding="ascii", opener=_for_the_owner) as opened:
        opened.write(text)
    return secret


def _for_the_owner(path: str, flags: int) -> int:
    return os.open(path, flags, mode=0o600)


def _file(folder: Path, secret: str) -> Path | None:
    """Called by a hash, so that finding it tells nothing of the secret."""
    return folder / sha256(secret.encode("ascii")).hexdigest() if SECRET.fullmatch(secret) else None


def _role_in(file: Path | None, now_s: float = 0.0) -> Role | None:
    """What a file says, where it is whole and not over yet."""
    if file is None:
        return None
    with suppress(OSError, ValueError):
        role, *ends = file.read_text(encoding="ascii").split()
        if not ends or now_s < int(ends[0]):
            return next((one for one in get_args(Role) if one == role), None)
    return None


def _files(folder: Path) -> list[Path]:
    """The oldest first."""
    with suppress(OSError):
        return sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime)
    return []


def _sweep(folder: Path, now_s: float) -> None:
    for file in _files(folder):
        if _role_in(file, now_s) is None:
            file.unlink(missing_ok=True)


def _make_room(folder: Path) -> None:
    for file in _files(folder)[: -BROWSERS_MAX + 1]:
        file.unlink(missing_ok=True)
