"""What is said of a programme's file that somebody checks, or publishes: the same words wherever that is."""

from __future__ import annotations

from collections.abc import Iterator

from config.programme_warnings import warnings_of
from loyalty.programme import Language, Programme

WARNING = {"ru": "{file}: обратите внимание: {warning}.", "en": "{file}: warning: {warning}."}
GOOD = {
    "ru": "{file}: всё верно. {name}, версия {version}, хеш {hash}",
    "en": "{file}: good. {name}, version {version}, hash {hash}",
}


def said_of(programme: Programme, file: str, language: Language) -> Iterator[str]:
    """A line for each thing that should be looked at again, and that the file is good."""
    for warned in warnings_of(programme):
        yield WARNING[language].format(file=file, warning=warned.ru if language == "ru" else warned.en)
    facts = {"name": programme.name(language), "version": programme.version, "hash": programme.content_hash}
    yield GOOD[language].format(file=file, **facts)
