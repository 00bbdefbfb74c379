"""The settings in a device's URL: every one known, every value possible, or a DeviceError that names what is."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from drivers.errors import DeviceError

# What a setting may be; the first of a tuple, or the second element beside a range, is what it is when not given.
Words = tuple[str, ...]
Numbers = tuple[range, int]


class Address:
    """A URL taken apart. Nothing in it is left unread."""

    def __init__(self, url: str, example: str) -> None:
        self.url = url
        self._example = example
        try:
            self.parts: SplitResult = urlsplit(url)
            _ = self.parts.port  # raises now, not when it is first used
            pairs = parse_qsl(
                self.parts.query, keep_blank_values=True, strict_parsing=bool(self.parts.query), max_num_fields=32
            )
        except ValueError as error:
            raise self.wrong(str(error)) from error
        self._given = dict(pairs)
        if len(self._given) < len(pairs):
            raise self.wrong("a setting stands there twice")

    def wrong(self, cause: str) -> DeviceError:
        return DeviceError(tried="reading the address", device=self.url, cause=cause, hint=f"Write {self._example}.")

    def path(self) -> str:
        """The absolute path of a node."""
        path = unquote(self.parts.path)
        if self.parts.netloc or len(path) < 2 or "\0" in path:
            raise self.wrong("the path of the device is needed, with three slashes")
        return path

    def host_and_port(self) -> tuple[str, int]:
        host, port = self.parts.hostname, self.parts.port
        if not host or not port:
            raise self.wrong("host and port are needed")
        return host, port

    def settings(self, words: Mapping[str, Words], numbers: Mapping[str, Numbers]) -> Settings:
        """The settings as given, else as they usually are."""
        known = [*words, *numbers]
        if unknown := sorted(self._given.keys() - set(known)):
            raise self.wrong(f"there is no setting {unknown[0]!r}; there are {', '.join(known)}")
        return Settings(
            words={key: self._word(key, allowed) for key, allowed in words.items()},
            numbers={key: self._number(key, *allowed) for key, allowed in numbers.items()},
        )

    def _word(self, key: str, allowed: Words) -> str:
        value = self._given.get(key, allowed[0])
        if value not in allowed:
            raise self.wrong(f"{key}={value} is not possible; it is one of {', '.join(allowed)}")
        return value

    def _number(self, key: str, allowed: range, usual: int) -> int:
        value = self._given.get(key, str(usual))
        if not (value.isascii() and value.isdecimal() and len(value) < 12 and int(value) in allowed):
            raise self.wrong(f"{key}={value} is not possible; it is {allowed[0]} to {allowed[-1]}")
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
