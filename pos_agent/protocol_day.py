"""Looking at a day, and at who did what: commands and what they are answered."""

from __future__ import annotations

import msgspec

from pos_agent.command import CommandBase


class ShowDay(CommandBase, frozen=True, kw_only=True, tag="day"):
    """What a shop day (YYYY-MM-DD; today if absent) came to at this till; with `store` at all of the shop's, as far as
    the hub was told."""

    day: str | None = None
    store: bool = False


class ShowAudit(CommandBase, frozen=True, kw_only=True, tag="audit"):
    """The newest acts of people at this till, and whether the log is as it was written."""

    most: int = 50


class ToldCount(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the day: what it is called, and how it is written. `name`: for programs."""

    name: str
    label: str
    text: str


class ToldBar(msgspec.Struct, frozen=True, kw_only=True):
    """One of several to be compared: `amount` is as long as the bar."""

    label: str
    amount: int
    text: str


class ToldPart(msgspec.Struct, frozen=True, kw_only=True):
    """What went through somebody's hands, or what one till did."""

    label: str
    sales: int
    paid: str
    earned: int
    spent: int
    returns: int
    offline: int


class ToldDay(msgspec.Struct, frozen=True, kw_only=True):
    """`unsent`: operations of this till that the hub has not answered. `rings`: what was more than ordinary, in words.
    `hours`: money of sales; `refusals`: by reason, the till's own and the hub's; `goods`: that nobody knows."""

    day: str
    store: str | None
    counts: tuple[ToldCount, ...]
    people: tuple[ToldPart, ...]
    tills: tuple[ToldPart, ...]
    hours: tuple[ToldBar, ...]
    refusals: tuple[ToldBar, ...]
    goods: tuple[ToldBar, ...]
    rings: tuple[str, ...]
    unsent: int


class ToldAct(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the log. `text`: to what it was done; `what`, `ended`: the act and its outcome in words; `name`:
    of `who`, as far as the till knows him."""

    number: int
    at: str
    who: str
    act: str
    text: str
    code: str
    what: str
    ended: str
    name: str


class ToldAudit(msgspec.Struct, frozen=True, kw_only=True):
    """`rows`: of the whole log; `faults`: those that are not as they were written, in words."""

    rows: int
    acts: tuple[ToldAct, ...]
    faults: tuple[str, ...]
