"""In which of the two languages somebody reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal
from urllib.parse import parse_qsl, urlencode

Language = Literal["ru", "en"]
Words = Mapping[str, tuple[str, str]]  # Russian, English
LANGUAGES: Final[tuple[Language, ...]] = ("ru", "en")


def language_of(said: str, accepted: str) -> Language:
    """As was chosen; else as the browser prefers, and Russian where it says nothing of either."""
    if said in LANGUAGES:
        return "ru" if said == "ru" else "en"
    known = [each.split(";")[0].strip()[:2].casefold() for each in accepted.split(",")]
    return "en" if next((one for one in known if one in LANGUAGES), "ru") == "en" else "ru"


def in_language(here: str, language: Language) -> str:
    """The same page, with what was looked for. An address with two slashes would be another host's."""
    path, _, query = here.partition("?")
    kept = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name != "lang"]
    return f"/{path.lstrip('/')}?{urlencode([*kept, ('lang', language)])}"


def say(words: Words, language: Language, word: str, /, **facts: object) -> str:
    text = words[word][0 if language == "ru" else 1]
    return text.format(**facts).replace("г..", "г.") if facts else text  # «2027 г.» has the sentence's full stop


def is_here(path: str) -> bool:
    """A page of the same face, and of no other host."""
    return path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
