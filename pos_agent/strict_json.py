"""JSON that means one thing, whoever reads it: what two readers would understand differently is no command.

A field that is there twice (which one counts?), a number that a reader of floats would change, nesting that only an
attacker writes. What msgspec refuses by itself (NaN, Infinity, lone surrogates, no UTF-8) is left to it.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, Final

from pos_agent.bad_command import BadCommand
from pos_agent.words import as_typed

DEPTH_MAX: Final = 16  # a sale told anew has five
WHOLE_MAX: Final = 2**53 - 1  # past it JavaScript and 1C keep another number than was written
DIGITS_MAX: Final = 16  # of WHOLE_MAX; longer ones need not be read to be refused
TOKEN: Final = re.compile(rb'"(?:[^"\\]|\\.)*"|[][{}]')


def refuse_unclear(body: bytes) -> None:
    """Raises BadCommand. A body that is no JSON at all passes: whoever decodes it has the words for that."""
    if depth(body) > DEPTH_MAX:
        raise BadCommand("bad_command_nested")
    try:
        json.loads(body, object_pairs_hook=_once, parse_int=_whole, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        if isinstance(error, BadCommand):
            raise


def depth(body: bytes) -> int:
    """How deep its brackets are nested."""
    most = now = 0
    for token in TOKEN.findall(body):
        now += (token in b"[{") - (token in b"]}")
        most = max(most, now)
    return most


def _once(pairs: list[tuple[str, Any]]) -> None:
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise BadCommand("bad_command_twice", field=as_typed(twice))


def _whole(digits: str) -> None:
    if len(digits) > DIGITS_MAX + 1 or abs(int(digits)) > WHOLE_MAX:
        raise BadCommand("bad_command_number", most=str(WHOLE_MAX))


def _finite(text: str) -> None:
    if not math.isfinite(float(text)):
        raise BadCommand("bad_command_number", most=str(WHOLE_MAX))
