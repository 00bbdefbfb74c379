"""A command that changes nothing, and why."""

from __future__ import annotations


class Refused(Exception):
    """The event changes nothing; the cashier is told why. `code` is for programs; `words` names the sentence where one
    code has several."""

    def __init__(self, code: str, *, words: str | None = None, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.words = words or code
        self.facts = facts
