"""The one reader of devices' URLs: every setting known, every value possible, or a DeviceError that names what is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from drivers.errors import DeviceError

# What a setting may be; the first of a tuple, or the second element beside a range, is what it is when not given.
Words = tuple[str, ...]
Numbers = tuple[range, int]

SETTINGS_MAX = 32


@dataclass(frozen=True, slots=True)
class Choice:
    """One of our words. Whoever derives from it may let more be said."""

    words: Words

    def wrong_with(self, value: str) -> str | None:
        """What is possible instead, or None when the value is."""
        return None if value in self.words else f"it is one of {', '.join(self.words)}{perhaps(value, self.words)}"


def perhaps(given: str, known: Words) -> str:
    close = get_close_matches(given.lower(), known, n=1)
    return f"; perhaps {close[0]} is meant" if close else ""


def wrong_number(value: str, allowed: range) -> str | None:
    """What is possible instead, or None when the value is."""
    right = value.isascii() and value.isdecimal() and len(value) < 12 and int(value) in allowed
    return None if right else f"it is {allowed[0]} to {allowed[-1]}"


class Address:
    """A URL taken apart. Nothing in it is left unread."""

    def __init__(
        self,
        url: str,
        example: str,
        usual: Mapping[str, str] | None = None,
        *,
        tried: str = "reading the address",
        hint: str = "",
    ) -> None:
        """`usual`: what the make of the device has, where the URL says nothing. Raises DeviceError."""
        self.url = url
        self._usual = usual or {}
        self._tried = tried
        self._hint = hint or f"Write {example}."
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

    def settings(
        self,
        words: Mapping[str, Words | Choice],
        numbers: Mapping[str, Numbers],
        more: Mapping[str, Words | Choice] | None = None,
    ) -> Settings:
        """The settings as given, else as they usually are. `more` are words that few need to know of."""
        more = more or {}
        known = (*words, *numbers, *more)
        if unknown := sorted(self._given.keys() - set(known)):
            there = f"there are {', '.join(known)}{perhaps(unknown[0], known)}" if known else "there are none"
            raise self.wrong(f"there is no setting {unknown[0]!r}; {there}")
        return Settings(
            words={key: self._word(key, allowed) for key, allowed in (*words.items(), *more.items())},
            numbers={key: self._number(key, *allowed) for key, allowed in numbers.items()},
        )

    def said(self, key: str) -> str | None:
        """As it was given."""
        return self._given.get(key)

    def _word(self, key: str, allowed: Words | Choice) -> str:
        choice = allowed if isinstance(allowed, Choice) else Choice(allowed)
        value = self._given.get(key, self._usual.get(key, choice.words[0]))
        if (instead := choice.wrong_with(value)) is not None:
            raise self.wrong(f"{key}={value} is not possible; {instead}")
        return value

    def _number(self, key: str, allowed: range, usual: int) -> int:
        value = self._given.get(key, self._usual.get(key, str(usual)))
        if (instead := wrong_number(value, allowed)) is not None:
            raise self.wrong(f"{key}={value} is not possible; {instead}")
        return int(value)


class Settings:
    """Each setting has a value; the types are those that were asked for."""

    def __init__(self, words: Mapping[str, str], numbers: Mapping[str, int]) -> None:
        self._words = words
        self._numbers = numbers

    def word(self, key: str) -> str:
        return self._words[key]

    def number(self, key: str) -> int:
        return self._numbers[key]
