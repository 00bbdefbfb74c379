"""A command that changes nothing, and why."""

from __future__ import annotations

from pos_agent.inquiry import Inquiry


class Refused(Exception):
    """The event changes nothing; the cashier is told why. `code` is for programs; `words` names the sentence where one
    code has several. `field`: where in the command it is. `more_kopecks`: with so much more on the receipt it would be
    done. `inquiry`: the hub may know better."""

    def __init__(
        self,
        code: str,
        *,
        words: str | None = None,
        field: str | None = None,
        more_kopecks: int = 0,
        inquiry: Inquiry | None = None,
        **facts: str,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.words = words or code
        self.facts = facts
        self.field = field
        self.more_kopecks = more_kopecks
        self.inquiry = inquiry
