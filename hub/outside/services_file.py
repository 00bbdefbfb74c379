"""`pos-hub serve --services FILE`: who is asked outside.

[payment]
url = "https://pay.example.ru/v1"
secret_file = "payment.secret"      # beside this file; or secret_env = "PAYMENT_SECRET"

[fiscal]
url = "https://ofd.example.ru/v1"

[partner.s7]                        # by its id in the programme's file
url = "https://partner.example.ru/v1"
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec

from hub.outside.services import Service, Services

HERE: Final = frozenset(("127.0.0.1", "localhost", "::1"))  # where plain http is as good


class BadServices(Exception):
    """The file of services cannot be used, and what helps."""


class _Said(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    url: str
    secret_file: str = ""
    secret_env: str = ""


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    payment: _Said | None = None
    fiscal: _Said | None = None
    partner: dict[str, _Said] = {}


def services_in(path: Path) -> Services:
    """Raises BadServices."""
    try:
        said = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8-sig")), _File)
    except (OSError, ValueError) as error:
        raise BadServices(f"{path}: {error}") from error
    return Services(
        partners={id: _service(f"partner {id}", one, path) for id, one in said.partner.items()},
        payment=_service("payment", said.payment, path) if said.payment is not None else None,
        fiscal=_service("fiscal", said.fiscal, path) if said.fiscal is not None else None,
    )


def _service(name: str, said: _Said, path: Path) -> Service:
    parts = urlsplit(said.url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadServices(f"{path}: {name}: {said.url!r} is no address; write https://HOST/PATH")
    if parts.scheme == "http" and parts.hostname not in HERE:
        raise BadServices(f"{path}: {name}: money goes over https alone, unless it stays on this machine")
    return Service(name=name, url=said.url, secret=_secret(name, said, path))


def _secret(name: str, said: _Said, path: Path) -> str:
    if said.secret_env:
        secret = os.environ.get(said.secret_env, "")
        if not secret:
            raise BadServices(f"{path}: {name}: nothing stands in {said.secret_env}")
        return secret
    if not said.secret_file:
        return ""
    file = path.parent / said.secret_file
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise BadServices(f"{path}: {name}: {error}") from error
