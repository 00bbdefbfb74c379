"""Did a newer program write this text? Its version, its kind or a field of it is not known here, and all else of it is
as we write it. Such an operation is not wrong: the hub is to be upgraded, and then takes it."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from loyalty.kinds import KINDS
from loyalty.operation import VERSION, BadOperation, read_operation, write_operation

TAG: Final = "type"  # the key that tells the kinds of bodies apart
DEPTH_MAX: Final = 12  # an operation has four levels; deeper texts are nobody's


def is_newer(raw: bytes) -> bool:
    try:
        said = msgspec.json.decode(raw)
        if msgspec.json.encode(said) != raw or not isinstance(said, dict):
            return False
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return False
    version = said.get("v")
    if type(version) is not int or version < VERSION:
        return False  # programs of version 1 are all older than this
    return version > VERSION or _is_new_kind(said.get("body")) or _has_new_fields(raw, said)


def _is_new_kind(body: Any) -> bool:
    return isinstance(body, dict) and isinstance(body.get(TAG), str) and body[TAG] not in KINDS


def _has_new_fields(raw: bytes, said: dict[str, Any]) -> bool:
    """Are fields that we do not know all that is between this text and our own of the same operation?"""
    try:
        operation = read_operation(raw)
    except BadOperation:
        return False
    known = _known(operation, said, DEPTH_MAX)
    return known != said and msgspec.json.encode(known) == write_operation(operation).encode()


def _known(value: Any, said: Any, depth: int) -> Any:
    """What was said, without the fields that are none of `value`'s."""
    if not depth:
        return said
    if isinstance(value, msgspec.Struct) and isinstance(said, dict):
        fields = {*value.__struct_fields__, value.__struct_config__.tag_field}
        return {
            name: _known(getattr(value, name, None), part, depth - 1) for name, part in said.items() if name in fields
        }
    if isinstance(value, msgspec.Struct) and isinstance(said, list):
        return said[: len(value.__struct_fields__)]
    if isinstance(value, tuple) and isinstance(said, list):
        return [_known(each, part, depth - 1) for each, part in zip(value, said, strict=False)]
    return said
