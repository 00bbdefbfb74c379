"""What would become of a till's settings by what the office says: pure, from what its file says, what was accepted
before and what is proposed now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from config.accepted import Accepted
from config.from_afar import MAY, Checked, Value, checked
from config.settings import Settings
from sync.proposal import UNREAD, Proposal
from sync.protocol import ToldSetting


class Change(NamedTuple):
    """`said`: by whom and when; None: the office says nothing of it any more, and the till's own file counts again."""

    name: str
    now: Value
    then: Value
    said: ToldSetting | None


class Difference(NamedTuple):
    """`aside`: what this version of the till cannot take, by name, and why; "": it cannot even be read."""

    changes: tuple[Change, ...]
    aside: Mapping[str, str]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(change.name for change in self.changes)


def difference(now: Settings, own: Settings, proposal: Proposal, accepted: Accepted) -> Difference:
    """`now`: what holds; `own`: what the till's own file says alone."""
    said = {one.name: one for one in proposal.settings}
    changes = tuple(
        Change(name, before, after, said.get(name))
        for name, before, after in _others(now, over(own, wanted(proposal, accepted)))
    )
    return Difference(changes, dict.fromkeys(proposal.unread, "") | _checked(proposal).bad)


def wanted(proposal: Proposal, accepted: Accepted) -> dict[str, Value]:
    """What holds once this is accepted. Of what cannot be read or taken here, what was accepted before stays."""
    found = _checked(proposal)
    aside = {*proposal.unread, *found.bad}
    kept = {name: value for name, value in accepted.holds.items() if name in aside or UNREAD in aside}
    return kept | found.good


def over(own: Settings, holds: Mapping[str, Value]) -> Settings:
    """The till's own settings with what was accepted."""
    good: dict[str, Value] = checked(holds, Settings).good
    return msgspec.structs.replace(own, **good)


def is_decided(proposal: Proposal, accepted: Accepted) -> bool:
    """Has a person here said yes or no to just this? What cannot be read as a whole has no edition."""
    is_read = bool(proposal.edition or not proposal.unread)
    return is_read and accepted.decided != "nothing" and accepted.edition == proposal.edition


def holds_after_start(now: Settings, own: Settings, accepted: Accepted) -> bool:
    """Does something that was decided since the start hold only after the next one?"""
    return bool(_others(now, over(own, accepted.holds)))


def _checked(proposal: Proposal) -> Checked:
    return checked({one.name: one.value for one in proposal.settings}, Settings)


def _others(now: Settings, then: Settings) -> list[tuple[str, Value, Value]]:
    pairs = [(name, getattr(now, name), getattr(then, name)) for name in MAY]
    return [pair for pair in pairs if pair[1] != pair[2]]
