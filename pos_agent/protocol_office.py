"""What the office has, asked for at the till: cases of this shop, members, corrections. The hub does all of it."""

from __future__ import annotations

from typing import Annotated

import msgspec

from pos_agent.command import CommandBase
from pos_agent.protocol_staff import Second

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Note = Annotated[str, msgspec.Meta(max_length=200)]
Points = Annotated[int, msgspec.Meta(ge=-1_000_000_000, le=1_000_000_000)]


class ListCases(CommandBase, frozen=True, kw_only=True, tag="cases"):
    """Open cases of this shop, the oldest first. `kind`: only of this one; `after`: behind this one."""

    kind: str = ""
    after: str = ""


class ShowCase(CommandBase, frozen=True, kw_only=True, tag="case"):
    """One case with what helps to decide, and its remedies."""

    id: Text


class SettleCase(CommandBase, frozen=True, kw_only=True, tag="settle_case"):
    """A case is settled by one of its remedies. `points`: how many it books, where the case does not say it, or others;
    `member`: whose (a card, a phone, an id), where the case names nobody; `operation`: that recorded it again."""

    id: Text
    remedy: Text
    note: Note = ""
    points: Points = 0
    member: str | None = None
    operation: str | None = None


class FindMember(CommandBase, frozen=True, kw_only=True, tag="find_member"):
    """Members by a card, a phone, an id, or the beginnings of a name."""

    text: Text


class ShowMember(CommandBase, frozen=True, kw_only=True, tag="member"):
    """A member's account: points, cards, what happened. `who`: a card, a phone, an id."""

    who: Text


class Correct(CommandBase, frozen=True, kw_only=True, tag="correct"):
    """Points of a member put right: so many more, or less with a minus. `into_debt`: also what he does not have.
    `second`: who answers for it besides, where that is asked for."""

    who: Text
    points: Points
    reason: Text
    into_debt: bool = False
    second: Second | None = None


Office = ListCases | ShowCase | SettleCase | FindMember | ShowMember | Correct
