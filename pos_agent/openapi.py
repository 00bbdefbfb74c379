"""The till's face as OpenAPI 3.1, made from the table of calls (`routes.py`) and the types of what goes both ways.

Pure: the same table and examples give the same document.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from inspect import cleandoc
from itertools import groupby
from typing import Any, Final, get_args

import msgspec

from pos_agent.answers import Problem, Reply
from pos_agent.codes import words_of
from pos_agent.hints import help_of
from pos_agent.problems import MEDIA_TYPE, status_of
from pos_agent.protocol import Command, XReport
from pos_agent.route import EVERYWHERE, Route
from pos_agent.routes import ROUTES
from pos_agent.status import Look, State, Status

JSON: Final = "application/json"
SCHEMAS: Final = "#/components/schemas/"
ANY_COMMAND: Final = "/v1/commands"
COMMANDS: Final = tuple(kind for kind in get_args(Command) if kind is not XReport)  # that one is a name of before
BEFORE: Final = "XReport"
ABOUT: Final = """
The loyalty programme at this till, for the POS on the same machine. What was done is 200; what was not is a problem
(RFC 9457) with a `code` for programs and a `text` for the cashier. Amounts and quantities are decimal strings.
"""

Examples = Mapping[str, Any]  # by path: {"request": …, "answer": …}, as a real till gave them
Document = dict[str, Any]


def openapi(version: str, examples: Examples) -> Document:
    paths = {route.path: {route.method.lower(): _operation(route, examples.get(route.path, {}))} for route in ROUTES}
    return {
        "openapi": "3.1.0",
        "info": {"title": "pos-agent", "version": version, "description": cleandoc(ABOUT)},
        "servers": [{"url": "http://127.0.0.1:8071"}],
        "security": [{"token": []}],
        "paths": {**paths, ANY_COMMAND: {"post": _any_command()}},
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "What is in `api-token` in the till's data directory, or `pos-agent token NAME`.",
                }
            },
        },
    }


# a call


def _operation(route: Route, example: Mapping[str, Any]) -> Document:
    operation: Document = {"operationId": _name(route), "summary": route.summary}
    if route.takes is not None:
        operation["description"] = " ".join(cleandoc(route.takes.__doc__ or route.summary).split())
        operation["requestBody"] = _body(_without_do(route.takes), example.get("request", route.example))
    if route.query:
        operation["parameters"] = [_parameter(name, what) for name, what in route.query.items()]
    operation["responses"] = {"200": _answer(route, example.get("answer")), **_refusals(route.problems)}
    return operation


def _name(route: Route) -> str:
    return route.does or route.path.removeprefix("/v1/").partition(".")[0]


def _any_command() -> Document:
    """The same commands in one place, told apart by `do`."""
    done = tuple(dict.fromkeys(code for route in ROUTES if route.takes for code in route.done))
    refused = tuple(dict.fromkeys(code for route in ROUTES if route.takes for code in route.refused))
    mapping = {str(kind.__struct_config__.tag): SCHEMAS + kind.__name__ for kind in COMMANDS}
    schema = {
        "oneOf": [{"$ref": ref} for ref in mapping.values()],
        "discriminator": {"propertyName": "do", "mapping": mapping},
    }
    return {
        "operationId": "command",
        "summary": "Any command, named by `do`",
        "requestBody": _body(schema, {"do": "cancel"}),
        "responses": {"200": _done(Reply, done, {}), **_refusals((*refused, *EVERYWHERE))},
    }


def _body(schema: Document, example: Any) -> Document:
    return {"required": True, "content": {JSON: {"schema": schema, "example": example}}}


def _parameter(name: str, what: str) -> Document:
    return {"name": name, "in": "query", "required": False, "description": what, "schema": {"type": "number"}}


def _answer(route: Route, example: Any) -> Document:
    if route.gives is None:
        return {"description": route.summary, "content": {JSON: {"schema": {"type": "object"}}}}
    shown = {} if example is None else {"example": example}
    if not route.done:
        kind = "text/event-stream" if route.stream else JSON
        content = {kind: {"schema": {"$ref": SCHEMAS + route.gives.__name__}, **shown}}
        return {"description": route.summary, "content": content}
    return _done(route.gives, route.done, shown)


def _done(kind: type[msgspec.Struct], codes: tuple[str, ...], shown: Document) -> Document:
    return {"description": _told(codes, 200), "content": {JSON: {"schema": _with_codes(kind, codes), **shown}}}


def _refusals(codes: Iterable[str]) -> Document:
    """One response for each status that the codes have."""
    by_status = groupby(sorted(dict.fromkeys(codes), key=status_of), key=status_of)
    return {str(status): _refusal(status, tuple(group)) for status, group in by_status}


def _refusal(status: int, codes: tuple[str, ...]) -> Document:
    return {
        "description": _told(codes, status),
        "content": {MEDIA_TYPE: {"schema": _with_codes(Problem, codes)}},
    }


def _with_codes(kind: type[msgspec.Struct], codes: tuple[str, ...]) -> Document:
    return {"allOf": [{"$ref": SCHEMAS + kind.__name__}, {"properties": {"code": {"enum": list(codes)}}}]}


def _told(codes: Iterable[str], status: int) -> str:
    return "\n".join(
        f"* `{code}`: {' / '.join(words_of(code, 'en'))} → {help_of(code, status, 'en')}" for code in codes
    )


# the types


@cache
def _schemas() -> Document:
    kinds = (*COMMANDS, Reply, Problem, Look, Status, State)
    _, found = msgspec.json.schema_components(kinds, ref_template=SCHEMAS + "{name}")
    schemas = {name: _tidy(schema) for name, schema in sorted(found.items()) if name != BEFORE}
    line = schemas["BasketLine"]
    del line["properties"]["besides"]  # where fields of the POS's own are kept
    line["additionalProperties"] = True
    return schemas


def _tidy(value: Any) -> Any:
    """Without the line breaks of a docstring, and without the name of before."""
    match value:
        case {"anyOf": choices, **rest}:
            kept = [_tidy(choice) for choice in choices if choice.get("$ref") != SCHEMAS + BEFORE]
            return {"anyOf": kept, **_tidy(rest)}
        case {"mapping": refs, **rest}:
            return {"mapping": {do: ref for do, ref in refs.items() if ref != SCHEMAS + BEFORE}, **rest}
        case dict():
            return {name: _text(inner) if name == "description" else _tidy(inner) for name, inner in value.items()}
        case list():
            return [_tidy(inner) for inner in value]
    return value


def _text(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else _tidy(value)


def _without_do(kind: type[msgspec.Struct]) -> Document:
    """As the path says which command it is, the body need not."""
    schema = dict(_schemas()[kind.__name__])
    schema["required"] = [name for name in schema.get("required", ()) if name != "do"]
    if not schema["required"]:
        del schema["required"]
    return schema
