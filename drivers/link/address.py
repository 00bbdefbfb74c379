"""The one reader of devices' URLs: every setting known, every value possible, or a DeviceError that names what is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from drivers.errors import DeviceError

SETTINGS_MAX = 32


@dataclass(frozen=True, slots=True)
class Choice:
    """One of our words, the first when not given. Whoever derives from it may let more be said."""

    words: tuple[str, ...]

    @property
    def usual(self) -> str:
        return self.words[0]

    def wrong_with(self, value: str) -> str | None:
        """What is possible instead, or None when the value is."""
        return None if value in self.words else f"it is one of {', '.join(self.words)}{perhaps(value, self.words)}"


@dataclass(frozen=True, slots=True)
class Number:
    span: range
    usual: str

    def wrong_with(self, value: str) -> str | None:
        right = value.isascii() and value.isdecimal() and len(value) < 12 and int(value) in self.span
        return None if right else f"it is {self.span[0]} to {self.span[-1]}"


Allowed = Choice | Number


def perhaps(given: str, known: Iterable[str]) -> str:
    close = get_close_matches(given.lower(), known, n=1)
    return f"; perhaps {close[0]} is meant" if close else ""


class Address:
    """A URL taken apart. Nothing in it is left unread."""

    def __init__(
        self,
        url: str,
        hint: str,
        usual: Mapping[str, str] | None = None,
        *,
        tried: str = "reading the address",
    ) -> None:
        """`usual`: what the make of the device has, where the URL says nothing. Raises DeviceError."""
        self.url = url
        self._usual = usual or {}
        self._tried = tried
        self._hint = hint
        try:
            self.parts: SplitResult = urlsplit(url)
            pairs = parse_qsl(
                self.parts.query,
                keep_blank_values=True,
                strict_parsing=bool(self.parts.query),
                max_num_fields=SETTINGS_MAX,
            )
        except ValueError as error:
            raise self.wrong(str(error)) from error
        self._given = dict(pairs)
        if len(self._given) < len(pairs):
            raise self.wrong("a setting stands there twice")
        if self.parts.fragment or url.endswith("#"):
            raise self.wrong("a # ends a URL; write it <x23>")

    def wrong(self, cause: str) -> DeviceError:
        return DeviceError(tried=self._tried, device=self.url, cause=cause, hint=self._hint)

    def path(self) -> str:
        """The absolute path of a node."""
        path = unquote(self.parts.path)
        if self.parts.netloc or len(path) < 2 or "\0" in path:
            raise self.wrong("the path of the device is needed, with three slashes")
        return path

    def host_and_port(self, usual: int = 0) -> tuple[str, int]:
        """`usual` 0: the port has to be said."""
        try:
            host, port = self.parts.hostname, self.parts.port
            if host:
                host.encode("idna")  # what the resolver will do with it
        except UnicodeError:
            raise self.wrong(f"{self.parts.hostname!r} is no name of a host") from None
        except ValueError as error:
            raise self.wrong(str(error)) from error
        port = usual if port is None else port
        if not host or not port:
            raise self.wrong("no host" if usual else "host and port are needed")
        return host, port

    def settings(self, known: Mapping[str, Allowed]) -> dict[str, str]:
        """Every setting as given, else as it usually is."""
        if unknown := sorted(self._given.keys() - known.keys()):
            there = f"there are {', '.join(known)}{perhaps(unknown[0], known)}" if known else "there are none"
            raise self.wrong(f"there is no setting {unknown[0]!r}; {there}")
        said = {key: value for key, value in {**self._usual, **self._given}.items() if key in known}
        for key, value in said.items():
            if (instead := known[key].wrong_with(value)) is not None:
                raise self.wrong(f"{key}={value} is not possible; {instead}")
        return {key: said.get(key, allowed.usual) for key, allowed in known.items()}
