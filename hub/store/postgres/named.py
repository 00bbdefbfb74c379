"""The named statements of queries.sql."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

ROOM: Final = Path(__file__).parent
_NAME: Final = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)


def read_named(text: str) -> dict[str, str]:
    """Statements by name, without their remarks and the semicolon at the end."""
    parts = _NAME.split(text)[1:]
    named = dict(zip(parts[::2], (_bare(part) for part in parts[1::2]), strict=True))
    assert len(named) == len(parts) // 2, "a name stands twice"
    return named


def _bare(statement: str) -> str:
    lines = (line for line in statement.splitlines() if not line.startswith("--"))
    return "\n".join(lines).strip().removesuffix(";")


NAMED: Final[Mapping[str, str]] = read_named((ROOM / "queries.sql").read_text(encoding="utf-8"))
SQL: Final[Mapping[str, bytes]] = {name: text.encode() for name, text in NAMED.items()}
