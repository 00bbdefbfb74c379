"""The OpenAPI document of this version, with the examples that a real till gave (`make api-docs` asks one)."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from pathlib import Path

import msgspec

from pos_agent.openapi import Document, openapi

EXAMPLES = Path(__file__).with_name("api_examples.json")


@cache
def description() -> Document:
    return openapi(version("pos-agent"), msgspec.json.decode(EXAMPLES.read_bytes()))
