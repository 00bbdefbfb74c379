"""What is wrong with a command, in one language: the decoder's errors become words with facts, once, at the edge.

The field is called as the POS calls it. A message of the decoder that is not known here says where, and no more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, get_args, get_type_hints

import msgspec

from loyalty.programme import Language
from pos_agent.words import as_typed, say

Commands = Mapping[str, type[msgspec.Struct]]  # by what `do` calls them

FIELD_SHOWN_MAX = 60  # characters of a path
NAMES_SHOWN_MAX = 20  # more names help nobody
EXAMPLES = {
    "do": '"basket"',
    "price": '"89.90"',
    "min_unit_price": '"89.90"',
    "quantity": '"0.347"',
    "discount": '"10.00"',
    "discounts": '{"1": "10.00"}',
    "discounts[...]": '"10.00"',
    "sum": '"89.90"',
    "sale": '"1042"',
    "day": '"2026-03-01"',
    "at": '"2026-03-01T12:00:00+03:00"',
    "strength": '"40"',
    "volume": '"0.5"',
    "kind": '"vodka"',
    "category": '"tea"',
    "subject": "2",
    "method": "4",
    "number": '"8 916 123-45-67"',
    "text": '"2600000000017"',
    "card": '"2600000000017"',
    "lines": '[{"id": "1", "name": "…", "price": "89.90"}]',
}
EXAMPLES_BY_KIND = {
    "str": '"A-17"',
    "int": "100",
    "bool": "true",
    "array": "[]",
    "object": "{}",
}


class BadCommand(ValueError):
    """Why a command was not understood: the words for it, and their facts."""

    def __init__(self, words: str, **facts: str) -> None:
        super().__init__(words, facts)
        self.words = words
        self.facts = facts

    def text(self, language: Language) -> str:
        return say("bad_command", language, why=say(self.words, language, **self.facts))


def bad_command(error: Exception, body: bytes, commands: Commands, does: str | None = None) -> BadCommand:
    """What the decoder's error says of this body; `does` is the command, where the body need not say it."""
    if not isinstance(error, msgspec.ValidationError):
        return BadCommand("bad_command_nested" if isinstance(error, RecursionError) else "bad_command_not_json")
    message, path = _split(str(error))
    if path == "do" or (not path and "required field `do`" in message):
        return _bad_do(body, commands)
    asked = commands.get(does or _do(body) or "")
    kind, (outer, _, last) = _kind_at(path, asked), path.rpartition(".")
    choices = _choices(last, _kind_at(outer, asked))
    if found := re.fullmatch(r"Object missing required field `(\w+)`", message):
        return _missing(_joined(path, found[1]), found[1], kind)
    if found := re.fullmatch(r"Object contains unknown field `(.*)`", message, re.DOTALL):
        return _unknown(path, found[1], kind)
    if found := re.match(f"Expected `({'|'.join(EXAMPLES_BY_KIND)})\\b", message):
        return _wrong_kind(path, found[1], choices)
    if message.startswith("Invalid enum value"):
        return BadCommand("bad_command_choice", field=path, known=_names(choices))
    return BadCommand("bad_command_field", field=path) if path else BadCommand("bad_command_whole")


def _split(text: str) -> tuple[str, str]:
    """The message and the field's path, as the POS would write it."""
    message, at, path = text.rpartition(" - at `$")
    if not at:
        return text, ""
    return message, as_typed(path.removesuffix("`").removeprefix("."), FIELD_SHOWN_MAX)


def _do(body: bytes) -> str | None:
    """The command's name, as far as anything can be read."""
    try:
        document = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    name = document.get("do") if isinstance(document, dict) else None
    return name if isinstance(name, str) else None


def _bad_do(body: bytes, commands: Commands) -> BadCommand:
    given = _do(body)
    if given is None:
        return BadCommand("bad_command_no_do", known=_names(commands))
    near = get_close_matches(given[:FIELD_SHOWN_MAX], commands, 1)
    if near:
        return BadCommand("bad_command_do_near", given=as_typed(given), near=near[0])
    return BadCommand("bad_command_do", given=as_typed(given), known=_names(commands))


def _missing(field: str, name: str, kind: type[msgspec.Struct] | None) -> BadCommand:
    return BadCommand("bad_command_missing", field=field, example=_example(name, _wanted(name, kind)))


def _unknown(path: str, name: str, kind: type[msgspec.Struct] | None) -> BadCommand:
    field = _joined(path, as_typed(name))
    known = list(get_type_hints(kind)) if kind is not None else []
    near = get_close_matches(name[:FIELD_SHOWN_MAX], known, 1)
    if near:
        return BadCommand("bad_command_unknown_near", field=field, near=_joined(path, near[0]))
    return BadCommand("bad_command_unknown", field=field, known=_names(known))


def _wrong_kind(path: str, wanted: str, choices: tuple[str, ...]) -> BadCommand:
    if not path:
        return BadCommand("bad_command_no_object")
    if choices:
        return BadCommand("bad_command_choice", field=path, known=_names(choices))
    name = re.search(r"\w+(\[\.\.\.\])?$", path)
    return BadCommand(f"bad_command_{wanted}", field=path, example=_example(name[0] if name else "", wanted))


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _names(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:NAMES_SHOWN_MAX]) + (", …" if len(listed) > NAMES_SHOWN_MAX else "")


def _example(name: str, wanted: str) -> str:
    return EXAMPLES.get(name) or EXAMPLES_BY_KIND[wanted]


# what the types know of a field


def _kind_at(path: str, kind: type[msgspec.Struct] | None) -> type[msgspec.Struct] | None:
    """The struct that a path leads to."""
    for name in re.findall(r"[a-z_]+", path):
        kind = _struct_in(get_type_hints(kind).get(name)) if kind is not None else None
    return kind


def _struct_in(hint: Any) -> type[msgspec.Struct] | None:
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return hint
    return next((found for inner in get_args(hint) if (found := _struct_in(inner)) is not None), None)


def _wanted(name: str, kind: type[msgspec.Struct] | None) -> str:
    """What kind of value a field that must be there has."""
    hint = get_type_hints(kind).get(name) if kind is not None else None
    return "bool" if hint is bool else "int" if hint is int else "object" if _struct_in(hint) else "str"


def _choices(name: str, kind: type[msgspec.Struct] | None) -> tuple[str, ...]:
    """What a field may be, also one that may be left out."""
    hint = get_type_hints(kind).get(name) if kind is not None else None
    literals = [hint, *get_args(hint)]
    return tuple(choice for one in literals for choice in get_args(one) if isinstance(choice, str))
