"""The other tills of the shop, as the settings name them: where they listen, and the secret that all of them share."""

from __future__ import annotations

from ipaddress import IPv4Address
from pathlib import Path

import msgspec

from config.setting_checks import BadSetting, shown
from config.toml_file import NoToml, read_text

SECRET_LETTERS_MIN = 32  # `openssl rand -hex 32` makes twice as many
TILLS_MAX = 50  # more stand in no shop, and each is asked while a customer waits
PORT_MAX = 65_535


class NeighbourSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """While the hub is away, the shop's tills ask each other before points are spent. `tills` may name this one too:
    so all tills can have the same list."""

    listen: str
    tills: tuple[str, ...]
    secret: str = ""
    secret_file: str | None = None

    def __post_init__(self) -> None:
        _address(self.listen, "listen", "write an address of this machine and a port, like 0.0.0.0:8078")
        if not 1 <= len(self.tills) <= TILLS_MAX:
            raise BadSetting(
                ("neighbours", "tills"), f"neighbours.tills names {len(self.tills)}; 1 to {TILLS_MAX} may be"
            )
        for url in self.tills:
            _till(url)
        if bool(self.secret) == bool(self.secret_file):
            how = "write one of `secret` and `secret_file`, the same at all tills of the shop"
            raise BadSetting(("neighbours",), f"neighbours has {'both' if self.secret else 'no secret'}; {how}")
        if self.secret:
            check_secret(self.secret, "secret")

    def __repr__(self) -> str:
        """Without the secret, wherever settings are printed."""
        return f"NeighbourSettings(listen={self.listen!r}, tills={self.tills!r})"

    @property
    def at(self) -> tuple[str, int]:
        return _address(self.listen, "listen", "")

    @property
    def addresses(self) -> tuple[tuple[str, int], ...]:
        return tuple(_till(url) for url in self.tills)


def check_secret(secret: str, name: str) -> None:
    """Raises BadSetting, which says nothing of what stands there."""
    if len(secret) < SECRET_LETTERS_MIN:
        how = f"it must have at least {SECRET_LETTERS_MIN} letters; `openssl rand -hex 32` makes one"
        raise BadSetting(("neighbours", name), f"neighbours.{name} is too short: {how}")


def with_secret(neighbours: NeighbourSettings, folder: Path) -> NeighbourSettings:
    """The secret of the file, where one is named. Raises BadSetting."""
    if neighbours.secret_file is None:
        return neighbours
    path = folder / neighbours.secret_file
    try:
        secret = read_text(path).strip()
    except (OSError, NoToml) as error:
        why = error.strerror if isinstance(error, OSError) else error.problem
        raise BadSetting(("neighbours", "secret_file"), f"neighbours.secret_file: {path}: {why}") from None
    check_secret(secret, "secret_file")
    return msgspec.structs.replace(neighbours, secret=secret, secret_file=None)


def _till(url: str) -> tuple[str, int]:
    """An address and no name: nothing is looked up while a customer waits."""
    how = "write each like http://10.0.0.12:8078"
    scheme, _, rest = url.partition("://")
    host, port = _address(rest.removesuffix("/"), "tills", how, url)
    if scheme != "http" or IPv4Address(host).is_unspecified:
        raise _bad("tills", url, how)
    return host, port


def _address(text: str, name: str, how: str, whole: str | None = None) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    try:
        ip = IPv4Address(host)
        if ip.is_multicast or not 0 < int(port) <= PORT_MAX or str(int(port)) != port:
            raise ValueError(text)
    except ValueError:
        raise _bad(name, whole or text, how) from None
    return str(ip), int(port)


def _bad(name: str, value: str, how: str) -> BadSetting:
    return BadSetting(("neighbours", name), f"neighbours.{name} is {shown(value)}; {how}")
