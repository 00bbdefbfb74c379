"""By what a till joins: a code that somebody types, or a sealed file that was carried to it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final, NamedTuple

from config.settings import Settings
from loyalty.programme import Language
from pos_agent.join_words import say_join
from sync.joining import CODE_LETTERS, secret_of, typed
from sync.sealed import FILE_BYTES_MAX, NotSealed, Sealed, opened, secret_of_file

ADD: Final = "pos-hub till add"
EXAMPLE: Final = "K7QX-2MPD"


class JoinFailed(Exception):
    """The till is no member of the chain by that: why, and what helps, as code and facts."""

    def __init__(self, code: str, /, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def text(self, language: Language) -> str:
        return say_join(self.code, language, **self.facts)


class Invited(NamedTuple):
    """`hub_key`: of the hub that it must be, where that is known before; `file`, `ends_at`: the sealed file, and until
    when it is good; `by`: which file that was, for ever."""

    secret: bytes
    hub_key: str | None = None
    file: str = ""
    ends_at: str = ""
    by: str = ""


def by_code(settings: Settings, code: str) -> Invited:
    """Raises JoinFailed."""
    meant = typed(code)
    if meant is None:
        raise JoinFailed("no_code", letters=str(CODE_LETTERS), example=EXAMPLE, add=ADD, till=settings.till)
    return Invited(secret_of(meant, settings.till))


def by_file(settings: Settings, file: Path) -> Invited:
    """Raises JoinFailed."""
    try:
        content = content_of(file)
        sealed = opened(content)
    except (OSError, NotSealed) as error:
        why = (error.strerror or "") if isinstance(error, OSError) else str(error)
        raise JoinFailed("file_bad", file=str(file), why=why) from error
    _check_ours(settings, file, sealed)
    secret = secret_of_file(sealed.code, sealed.till)
    return Invited(secret, sealed.hub_key, str(file), sealed.ends_at, which(content))


def content_of(file: Path) -> bytes:
    """Raises OSError."""
    with file.open("rb") as content:
        return content.read(FILE_BYTES_MAX)


def which(content: bytes) -> str:
    """A file's own name, whatever it is called and wherever it lies."""
    return hashlib.sha256(content).hexdigest()


def _check_ours(settings: Settings, file: Path, sealed: Sealed) -> None:
    if sealed.till != settings.till:
        raise JoinFailed("file_of_another", file=str(file), other=sealed.till, till=settings.till)
    if sealed.url.rstrip("/") != settings.hub.url.rstrip("/"):
        raise JoinFailed("file_of_another_hub", file=str(file), other=sealed.url, url=settings.hub.url)
