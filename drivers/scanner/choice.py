"""What a scanner's setting may be besides our words: characters of the shop's own."""

from __future__ import annotations

import re
from dataclasses import dataclass

from drivers.link.address import Choice, perhaps
from drivers.scanner.notation import read_bytes

A_WORD = re.compile(r"[a-z][a-z0-9-]*")  # what looks like one of ours is one of ours, or a slip
OWN_BYTES_MAX = 64  # the longest that a scanner's own table has room for: Microscan's words for «nothing read»


@dataclass(frozen=True, slots=True)
class OwnChoice(Choice):
    """One of our words, or characters of the shop's own, of which `own` shows an example."""

    own: str

    def wrong_with(self, value: str) -> str | None:
        if value in self.words or (not A_WORD.fullmatch(value) and own_bytes(value)):
            return None
        own = f", or characters of your own like {self.own}"
        return f"it is one of {', '.join(self.words)}{own}{perhaps(value, self.words)}"


def own_bytes(value: str) -> bytes | None:
    """`<FS>`, `##` or `'abc'` → bytes; None when they are none, or too many."""
    quoted = len(value) > 2 and value[0] == value[-1] == "'"
    try:
        data = read_bytes(value[1:-1] if quoted else value)
    except ValueError:
        return None
    return data if 0 < len(data) <= OWN_BYTES_MAX else None
