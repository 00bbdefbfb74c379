"""`pos-account serve --providers FILE`: the networks by whose word members may come in (docs/account.md).

url = "https://my.alenka.example"   # of the account, as browsers call it

[[network]]
kind = "yandex"
client_id = "…"
client_secret_file = "yandex.secret"   # or client_secret_env = "YANDEX_SECRET"
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from account.network import Network, is_safe

# as their documentation says; what a shop's file says goes before
KINDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "vk": {
        "title": "VK ID",
        "authorize_url": "https://id.vk.com/authorize",
        "token_url": "https://id.vk.com/oauth2/auth",
        "userinfo_url": "https://id.vk.com/oauth2/user_info",
        "userinfo_by": "form",
        "subject": "user.user_id",
        "name": "user.first_name",
        "scope": "vkid.personal_info",
        "echoed": ("device_id",),
    },
    "yandex": {
        "title": "Яндекс ID",
        "authorize_url": "https://oauth.yandex.ru/authorize",
        "token_url": "https://oauth.yandex.ru/token",
        "userinfo_url": "https://login.yandex.ru/info?format=json",
        "userinfo_by": "OAuth",
        "subject": "id",
        "name": "display_name",
        "scope": "login:info",
    },
    "tid": {
        "title": "T-ID",
        "authorize_url": "https://id.tbank.ru/auth/authorize",
        "token_url": "https://id.tbank.ru/auth/token",
        "userinfo_url": "https://id.tbank.ru/userinfo/userinfo",
        "login": "client_secret_basic",
    },
    "oidc": {},
}
_ID: Final = re.compile(r"[a-z][a-z0-9-]{0,19}")


class Settings(NamedTuple):
    """`url`: of the account, as browsers call it."""

    url: str
    networks: tuple[Network, ...]


class BadNetworks(Exception):
    """What is wrong with the file, and where."""


def networks_in(path: Path) -> Settings:
    """Raises BadNetworks."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadNetworks(f"{path}: {error}") from error
    url, rows = told.pop("url", None), told.pop("network", [])
    if told or not isinstance(url, str) or not is_safe(url) or not isinstance(rows, list):
        raise BadNetworks(f'{path}: url = "https://…" and tables [[network]] stand in it, and nothing else.')
    networks = tuple(_network(path, row) for row in rows)
    if len({one.id for one in networks}) < len(networks):
        raise BadNetworks(f"{path}: two networks have one id.")
    return Settings(url, networks)


def _network(path: Path, row: Any) -> Network:
    kind = str(row.pop("kind", "oidc")) if isinstance(row, dict) else ""
    if kind not in KINDS:
        raise BadNetworks(f"{path}: kind is one of {', '.join(KINDS)}.")
    secret = _secret(path, row)
    told = {"id": kind} | dict(KINDS[kind]) | row | {"client_secret": secret}
    try:
        network = msgspec.convert(told, Network)
    except msgspec.ValidationError as error:
        raise BadNetworks(f"{path}: {kind}: {error}.") from error
    _check(path, network)
    return network


def _check(path: Path, network: Network) -> None:
    here = f"{path}: {network.id!r}"
    if not _ID.fullmatch(network.id):
        raise BadNetworks(f"{here}: an id is of small letters, digits and dashes.")
    if not network.issuer and not (network.authorize_url and network.token_url and network.userinfo_url):
        raise BadNetworks(f"{here}: it has an issuer, or authorize_url, token_url and userinfo_url.")
    addresses = (network.issuer, network.authorize_url, network.token_url, network.userinfo_url)
    if not all(is_safe(one) for one in addresses if one):
        raise BadNetworks(f"{here}: its addresses begin with https://")


def _secret(path: Path, row: dict[str, Any]) -> str:
    """In a file beside this one, or in the environment: the settings may be shown to anybody."""
    file, name = row.pop("client_secret_file", None), row.pop("client_secret_env", None)
    if "client_secret" in row:
        raise BadNetworks(f"{path}: a secret stands in client_secret_file or client_secret_env, not here.")
    if file is not None:
        try:
            return (path.parent / str(file)).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise BadNetworks(f"{path}: {error}") from error
    if name is not None and not os.environ.get(str(name)):
        raise BadNetworks(f"{path}: {name} is not in the environment.")
    return os.environ[str(name)] if name is not None else ""
