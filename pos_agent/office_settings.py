"""What the office says of this till's settings, and what a person here decided about it: two small files of the data
folder. The agent alone writes the first, `pos-agent settings` the second, so neither undoes the other's."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from config.accepted import FILE as ACCEPTED
from config.accepted import FILE_MAX_BYTES, Accepted, accepted_in
from config.settings import Settings
from loyalty.utc import utc_text
from pos_agent.settings_difference import difference, holds_after_start, is_decided, wanted
from pos_agent.status import OfficeSettingsState
from storage.whole_file import write_over
from sync.proposal import Proposal

PROPOSED: Final = "settings-proposed.json"

log = logging.getLogger(__name__)
_read = msgspec.json.Decoder(Proposal).decode


class OfficeSettings:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def edition(self) -> str:
        return self.proposal.edition

    @property
    def proposal(self) -> Proposal:
        """One that cannot be read is none: the hub tells it again."""
        try:
            with (self._folder / PROPOSED).open("rb") as file:
                return _read(file.read(FILE_MAX_BYTES))
        except FileNotFoundError:
            return Proposal()
        except (OSError, ValueError) as error:
            log.warning("%s cannot be read, and is asked for again: %s.", self._folder / PROPOSED, error)
            return Proposal()

    @property
    def accepted(self) -> Accepted:
        return accepted_in(self._folder)

    def state(self, now: Settings, own: Settings) -> OfficeSettingsState | UnsetType:
        """`now`: what the agent was started with; `own`: what the till's file said alone then. UNSET: nothing is to be
        said of it; people who practise are asked nothing."""
        proposal, accepted = self.proposal, self.accepted
        if now.training:
            return UNSET
        found = difference(now, own, proposal, accepted)
        if not is_decided(proposal, accepted):
            return _state(found.names, tuple(found.aside), restart=holds_after_start(now, own, accepted))
        return _state((), (), restart=holds_after_start(now, own, accepted))

    def keep(self, proposal: Proposal) -> None:
        """Sales do not wait for it: what the disk does not take now is told again."""
        if proposal == self.proposal:
            return
        try:
            write_over(self._folder / PROPOSED, msgspec.json.encode(proposal))
        except OSError as error:
            log.error("%s: what the office says of settings is not kept: %s.", self._folder / PROPOSED, error.strerror)

    def accept(self, proposal: Proposal, at: datetime) -> None:
        """From the next start on it holds. Raises OSError."""
        holds = wanted(proposal, self.accepted)
        self._decide(Accepted(edition=proposal.edition, decided="accepted", at=utc_text(at), holds=holds))

    def refuse(self, proposal: Proposal, at: datetime, *, all_of_it: bool) -> None:
        """What was accepted before stays, or goes too (`all_of_it`). Raises OSError."""
        holds = {} if all_of_it else self.accepted.holds
        self._decide(Accepted(edition=proposal.edition, decided="refused", at=utc_text(at), holds=holds))

    def _decide(self, decided: Accepted) -> None:
        write_over(self._folder / ACCEPTED, msgspec.json.encode(decided))


def _state(waiting: tuple[str, ...], aside: tuple[str, ...], *, restart: bool) -> OfficeSettingsState | UnsetType:
    if not (waiting or aside or restart):
        return UNSET
    return OfficeSettingsState(waiting=waiting, aside=aside, restart=restart)
