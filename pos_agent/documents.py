"""Many JSON documents in, one answer per document out, in order: what makes 10,000 baskets one call.

A single document may span many lines; more than one are NDJSON, one per line. A document that cannot be answered
gives `{"error": {"field", "message"}}` in its place and never stops the others.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from typing import BinaryIO

from config.strict_table import BadKey, Table, has_control
from loyalty.basket import BadBasket

BLANKS = " \t\r\n"  # JSON's own; Python strips more, and an answer would go missing
WHOLE = "document"  # the field of a complaint about all of it

Answer = Callable[[Table], object]


def answer_stream(source: BinaryIO, answer: Answer, write: Callable[[bytes], object]) -> bool:
    """Answer every document of the source, a line each. True when none was bad."""
    all_good = True
    for text in split(source.read().decode("utf-8-sig", "surrogateescape")):
        reply, good = answer_one(text, answer)
        all_good &= good
        write(json.dumps(reply, ensure_ascii=False).encode() + b"\n")
    return all_good


def split(text: str) -> Iterator[str]:
    """The documents of a text: the whole of it, or its lines."""
    lines = [line for line in text.split("\n") if line.strip(BLANKS)]
    if len(lines) < 2 or _is_one_document(text) or _is_broken_document(lines):
        yield text
    else:
        yield from lines


def _is_one_document(text: str) -> bool:
    start = len(text) - len(text.lstrip(BLANKS))
    try:
        _, end = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError):
        return False
    return not text[end:].strip(BLANKS)


def _is_broken_document(lines: list[str]) -> bool:
    """Whether this is one document over many lines with an error in it: no line but the first begins one."""
    return lines[0].rstrip(BLANKS)[-1] in "{[,:" and not any(
        line.startswith("{") or _is_one_document(line) for line in lines[1:]
    )


def answer_one(text: str, answer: Answer) -> tuple[object, bool]:
    """The answer to one document, or its error; and whether it was good."""
    try:
        return answer(Table(parse(text))), True
    except BadKey as error:
        return _error(error.key, f"{error.problem}; {error.remedy}"), False
    except BadBasket as error:
        return _error(error.field, error.message), False


def parse(text: str) -> object:
    """One JSON text, each key once. Raises BadBasket. NaN and 1e400 are left for their own field to refuse."""
    if not text.strip():
        raise BadBasket(WHOLE, "is empty; write one JSON object")
    try:
        return json.loads(text, object_pairs_hook=_each_key_once)
    except RecursionError:
        raise BadBasket(WHOLE, "is nested too deep") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise BadBasket(WHOLE, f"is not JSON: {error.msg} at {where}") from None
    except BadBasket:
        raise
    except ValueError:
        raise BadBasket(WHOLE, f"has a number of more than {sys.get_int_max_str_digits()} digits") from None


def _each_key_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    table = dict(pairs)
    if len(table) < len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise BadBasket(repr(twice[:60]) if has_control(twice) else twice[:60], "stands twice in one object")
    return table


def _error(field: str, message: str) -> object:
    return {"error": {"field": field or WHOLE, "message": message}}
