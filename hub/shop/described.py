"""The online shops' face as OpenAPI 3.1, made from the table of calls and the types of what goes both ways.

Pure: the same table gives the same document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from inspect import cleandoc
from itertools import groupby
from typing import Any, Final

import msgspec

from hub.shop.call import Call
from hub.shop.problems import EVERY_CALL, MEDIA_TYPE, REFUSED, STATUS, TITLES
from sync.shop.orders import OrderNumber
from sync.shop.quotes import ProblemTold

JSON: Final = "application/json"
SCHEMAS: Final = "#/components/schemas/"
PREFIX: Final = "/shop/v1"
KEY_HEADER: Final = "Idempotency-Key"
KEY_PATTERN: Final = "^[!-~]{1,60}$"
MEMBER_HEADER: Final = "Member-Token"
TOKEN_CHARS_MAX: Final = 200  # of it; ours are much shorter
OF_POST: Final = ("too_large", "wrong_content_type", "key_missing")
ABOUT: Final = """
The loyalty programme for an online shop's server: what a basket costs and earns, orders, returns, who a member is, what
may be shown. What was done is 200; what was not is a problem (RFC 9457) with a `code` for programs and a `text` for
people, in Russian and English. Money is kopecks, quantities are thousandths of a piece or kilogram, points are whole,
times are UTC. Every POST says an `Idempotency-Key`: the same again is the same order, done once and answered again.
"""

Document = dict[str, Any]
Refs = Mapping[type[msgspec.Struct], Document]


def openapi(version: str, calls: Sequence[Call]) -> Document:
    refs, schemas = _schemas(calls)
    paths: Document = {}
    for call in calls:
        paths.setdefault(PREFIX + call.path, {})[call.method.lower()] = _operation(call, refs)
    bearer = {"type": "http", "scheme": "bearer", "description": "The shop's key: `pos-hub shop key`."}
    return {
        "openapi": "3.1.0",
        "info": {"title": "pos-hub, online shops", "version": version, "description": cleandoc(ABOUT)},
        "servers": [{"url": "http://127.0.0.1:8074"}],
        "security": [{"key": []}],
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": {"key": bearer}},
    }


def _operation(call: Call, refs: Refs) -> Document:
    operation: Document = {
        "operationId": call.name,
        "summary": call.summary,
        "description": f"Scope `{call.scope}`.",
        "parameters": [*_path(call), *_headers(call), *(_query(call) if call.method == "GET" else [])],
    }
    if call.method == "POST":
        content = {"schema": refs[call.takes], "example": dict(call.example)}
        operation["requestBody"] = {"required": True, "content": {JSON: content}}
    given = {"description": call.summary, "content": {JSON: {"schema": refs[call.gives]}}}
    operation["responses"] = {"200": given, **_refusals(call, refs)}
    return operation


def _path(call: Call) -> list[Document]:
    schema = msgspec.json.schema(OrderNumber)
    return [
        {"name": name, "in": "path", "required": True, "schema": schema, "example": "A-1001"}
        for name in re.findall(r"{(\w+)}", call.path)
    ]


def _headers(call: Call) -> list[Document]:
    found: list[Document] = []
    if call.method == "POST":
        found.append(
            {
                "name": KEY_HEADER,
                "in": "header",
                "required": True,
                "schema": {"type": "string", "pattern": KEY_PATTERN},
                "example": "order-1001",
            }
        )
    if call.member != "none":
        schema: Document = {"type": "string", "maxLength": TOKEN_CHARS_MAX}
        about = "Whose it is, as POST /links gave it."
        required = call.member == "must"
        header = {"name": MEMBER_HEADER, "in": "header", "required": required, "schema": schema, "description": about}
        found.append(header)
    return found


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


def _refusals(call: Call, refs: Refs) -> Document:
    """One response for each status that its codes have."""
    codes = {*EVERY_CALL, *call.refused, *(OF_POST if call.method == "POST" else ())}
    codes |= {"member_token"} if call.member != "none" else set()
    told = sorted((STATUS.get(code, REFUSED), code) for code in codes)
    return {
        str(status): _refusal(status, [code for _, code in group], refs)
        for status, group in groupby(told, lambda each: each[0])
    }


def _refusal(status: int, codes: Iterable[str], refs: Refs) -> Document:
    named = ", ".join(f"`{code}`" for code in codes)
    return {"description": f"{TITLES[status]}: {named}", "content": {MEDIA_TYPE: {"schema": refs[ProblemTold]}}}


def _schemas(calls: Sequence[Call]) -> tuple[Refs, Document]:
    """Where each type's stands, and all of them."""
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
