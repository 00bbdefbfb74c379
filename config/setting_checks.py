"""What is wrong with a value that somebody wrote into a file, by the types of the values that it becomes: the key,
what stands there, what is allowed, and which one was perhaps meant."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from config.toml_lines import KeyPath

NEARLY = 0.9  # of difflib: one letter is wrong
SECRETS = ("secret",)  # what stands there is shown to nobody
SHOWN_MAX = 60  # characters of what stands there


class BadSetting(ValueError):
    """`path` leads to the key."""

    def __init__(self, path: KeyPath, problem: str) -> None:
        super().__init__(problem)
        self.path = path


def dotted(path: KeyPath) -> str:
    """A key as people call it; which of several tables is said by the line."""
    return ".".join(str(part) for part in path if isinstance(part, str))


def shown(value: object) -> str:
    text = f"'{value}'" if isinstance(value, str) and value.isprintable() else repr(value)
    return text if len(text) <= SHOWN_MAX else f"{text[:SHOWN_MAX]}…"


def meant(given: object, known: Iterable[str]) -> str:
    """The name that was perhaps meant, else all of them."""
    names = list(known)
    close = get_close_matches(str(given).lower()[:SHOWN_MAX], names, n=1)
    return f"perhaps `{close[0]}` is meant" if close else f"there are: {', '.join(names)}"


def check_table(values: Mapping[str, Any], kind: type[msgspec.Struct], path: KeyPath = ()) -> None:
    """Raises BadSetting for the first key that is no setting, has a wrong value, or is missing."""
    hints = get_type_hints(kind, include_extras=True)
    for name in values:
        if name not in hints:
            raise BadSetting((*path, name), f"`{dotted((*path, name))}` is no setting; {_instead(name, hints, path)}")
    for name, value in values.items():
        check_value(value, hints[name], (*path, name))
    for field in msgspec.structs.fields(kind):
        if field.required and field.name not in values:
            raise BadSetting(
                path, f"`{dotted((*path, field.name))}` is missing; add it, as `pos-agent run --help` shows"
            )


def _instead(name: str, hints: Mapping[str, Any], path: KeyPath) -> str:
    """Where the name stands, or which one was meant: `scanner` is `scanners` mistyped, and no key of [emulator]."""
    if path == () and not get_close_matches(name, hints, n=1, cutoff=NEARLY):
        for section, hint in hints.items():
            table = _struct_in(hint)
            if table is not None and name in get_type_hints(table):
                return f"it stands under [{section}]"
    return meant(name, hints)


def _struct_in(hint: Any) -> type[msgspec.Struct] | None:
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return hint
    return next((found for inner in get_args(hint) if (found := _struct_in(inner)) is not None), None)


def check_value(value: object, hint: Any, path: KeyPath) -> None:
    """Raises BadSetting where the value is not of this type."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Literal:
        _check_word(value, inner, path)
    elif origin is Annotated:
        _check_number(value, inner[1], path)
    elif origin in (Union, types.UnionType):
        check_value(value, next(one for one in inner if one is not type(None)), path)
    elif origin is tuple:
        _check_several(value, inner[0], path)
    elif isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        if not isinstance(value, Mapping):
            raise BadSetting(path, f"{dotted(path)} is {shown(value)}; it is a table: write [{dotted(path)}]")
        check_table(value, hint, path)
    elif type(value) is not hint:
        said = "none" if path[-1] in SECRETS else shown(value)
        raise BadSetting(path, f"{dotted(path)} is {said}; {_PLAIN[hint]}")


_PLAIN: Mapping[type, str] = {
    str: "write it as text in quotes",
    bool: "write true or false, without quotes",
}


def _check_word(value: object, words: tuple[str, ...], path: KeyPath) -> None:
    if value not in words:
        close = get_close_matches(str(value).lower(), words, n=1)
        perhaps = f", perhaps '{close[0]}'" if close else ""
        allowed = " or ".join(f"'{word}'" for word in words)
        raise BadSetting(path, f"{dotted(path)} is {shown(value)}; it may be {allowed}{perhaps}")


def _check_number(value: object, bounds: msgspec.Meta, path: KeyPath) -> None:
    assert isinstance(bounds.ge, int) and isinstance(bounds.le, int), "a setting that is a number has its bounds"
    if type(value) is not int or not bounds.ge <= value <= bounds.le:
        allowed = f"write a whole number from {bounds.ge} to {bounds.le}, without quotes"
        raise BadSetting(path, f"{dotted(path)} is {shown(value)}; {allowed}")


def _check_several(value: object, kind: type, path: KeyPath) -> None:
    if issubclass(kind, msgspec.Struct):
        _check_tables(value, kind, path)
    elif not isinstance(value, list) or not all(isinstance(one, kind) for one in value):
        raise BadSetting(path, f'{dotted(path)} is {shown(value)}; write a list of texts in quotes: ["…", "…"]')


def _check_tables(value: object, kind: type[msgspec.Struct], path: KeyPath) -> None:
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        raise BadSetting(path, f"{dotted(path)} has several tables; write each as [[{dotted(path)}]]")
    for number, table in enumerate(value):
        check_table(table, kind, (*path, number))
