"""The account's face for programs as OpenAPI 3.1, made from the table of calls and the types of what goes both ways.

Pure: the same table gives the same document.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from inspect import cleandoc
from itertools import groupby
from typing import Any, Final

import msgspec

from account.api.call import Call
from account.api.problems import EVERY_CALL, MEDIA_TYPE, REFUSED, STATUS, TITLES, ProblemTold

JSON: Final = "application/json"
SCHEMAS: Final = "#/components/schemas/"
PREFIX: Final = "/api/v1"
KEY_HEADER: Final = "Idempotency-Key"
KEY_PATTERN: Final = "^[!-~]{1,60}$"
ABOUT: Final = """
A member's account, for his own program. What was done is 200; what was not is a problem (RFC 9457) with a `code` for
programs and a `text` for people, in Russian or English as `Accept-Language` says. Points are whole, money is kopecks,
times are UTC. The same `Idempotency-Key` again is the same order: it is done once, and answered again.
"""

Document = dict[str, Any]
Refs = Mapping[type[msgspec.Struct], Document]


def openapi(version: str, calls: Sequence[Call]) -> Document:
    refs, schemas = _schemas(calls)
    paths: Document = {}
    for call in calls:
        paths.setdefault(PREFIX + call.path, {})[call.method.lower()] = _operation(call, refs)
    return {
        "openapi": "3.1.0",
        "info": {"title": "pos-account", "version": version, "description": cleandoc(ABOUT)},
        "servers": [{"url": "http://127.0.0.1:8072"}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "Of a session."}},
        },
    }


def _operation(call: Call, refs: Refs) -> Document:
    operation: Document = {"operationId": call.name, "summary": call.summary}
    operation["security"] = [{"token": []}] if call.signed_in else []
    parameters = _key() if call.method == "POST" else _query(call)
    if parameters:
        operation["parameters"] = parameters
    if call.method == "POST":
        content = {"schema": refs[call.takes], "example": dict(call.example)}
        operation["requestBody"] = {"required": True, "content": {JSON: content}}
    operation["responses"] = {"200": _given(call, refs), **_refusals(call, refs)}
    return operation


def _key() -> list[Document]:
    schema = {"type": "string", "pattern": KEY_PATTERN}
    return [{"name": KEY_HEADER, "in": "header", "required": False, "schema": schema}]


def _query(call: Call) -> list[Document]:
    """Of what a look takes: each field by its name."""
    fields = msgspec.json.schema(call.takes)["$defs"][call.takes.__name__]
    required = fields.get("required", ())
    return [
        {"name": name, "in": "query", "required": name in required, "schema": schema, **_shown(call.example, name)}
        for name, schema in fields.get("properties", {}).items()
    ]


def _shown(example: Mapping[str, Any], name: str) -> Document:
    return {"example": example[name]} if name in example else {}


def _given(call: Call, refs: Refs) -> Document:
    return {"description": call.summary, "content": {JSON: {"schema": refs[call.gives]}}}


def _refusals(call: Call, refs: Refs) -> Document:
    """One response for each status that its codes have."""
    codes = [*EVERY_CALL, *call.refused, *(("wrong_token",) if call.signed_in else ())]
    codes += ["too_large", "wrong_content_type"] if call.method == "POST" else []
    told = sorted({(STATUS.get(code, REFUSED), code) for code in codes} | {(REFUSED, "")})
    return {
        str(status): _refusal(status, [code for _, code in group], refs) for status, group in groupby(told, _status)
    }


def _status(told: tuple[int, str]) -> int:
    return told[0]


def _refusal(status: int, codes: Iterable[str], refs: Refs) -> Document:
    named = ", ".join(f"`{code}`" for code in codes if code)
    return {
        "description": f"{TITLES[status]}{': ' if named else ''}{named}",
        "content": {MEDIA_TYPE: {"schema": refs[ProblemTold]}},
    }


def _schemas(calls: Sequence[Call]) -> tuple[Refs, Document]:
    """Where each type's stands, and all of them: two types may have one name."""
    kinds: list[type[msgspec.Struct]] = [ProblemTold]
    for call in calls:
        kinds += [call.takes, call.gives]
    refs, found = msgspec.json.schema_components(kinds, ref_template=SCHEMAS + "{name}")
    return dict(zip(kinds, refs, strict=True)), {name: _tidy(schema) for name, schema in sorted(found.items())}


def _tidy(value: Any) -> Any:
    """Without the line breaks of a docstring."""
    match value:
        case dict():
            return {name: _text(inner) if name == "description" else _tidy(inner) for name, inner in value.items()}
        case list():
            return [_tidy(inner) for inner in value]
    return value


def _text(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else _tidy(value)
