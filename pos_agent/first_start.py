"""A till that has not joined does so by itself, with a sealed file that was carried to it (docs/security.md).

The worker asks at each step, so that a hub that is away is tried again, and a better file is found without a restart.
What came of it is told; until it has joined the till sells as one that has not.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal, NamedTuple

from config.settings import Settings
from offline_cache.cache import Cache
from pos_agent.invited import Invited, JoinFailed, by_file, content_of, which
from pos_agent.joining import begun, joined, shop_cache
from pos_agent.keys import JOINING, keys_of
from sync.hub_port import HubRefused, HubUnreachable
from sync.identity import Own
from sync.protocol import BUSY, TOO_MANY
from sync.sealed import SUFFIX

COSTS_A_TRY: Final = "wrong_code"  # of those that the hub grants to a newer file
WAITS: Final = (BUSY, TOO_MANY)  # the hub is there, and hears of it again

log = logging.getLogger(__name__)


class HubJoinFailed(HubUnreachable):
    """There is a file to join with, and the till has not joined by it: why, and what helps, in the cashier's words."""

    code = "join_failed"


Outcome = Literal["till_joined", "till_joined_file_stays", "till_not_joined"]


class Said(NamedTuple):
    """What came of it, in words of `device_words.py`."""

    ok: bool
    code: Outcome
    facts: dict[str, str]


class FirstStart:
    """`own`: as whom all connections of this process speak. `here`: which machine this is."""

    def __init__(self, settings: Settings, cache: Cache, own: Own, here: str) -> None:
        self._settings = settings
        self._cache = cache
        self._own = own
        self._here = here
        self._keys = keys_of(settings)
        self._given_up: tuple[str, JoinFailed] | None = None  # a file that must not be tried again
        self.said: Said | None = None
        if own.has_joined:
            self._clear_up()

    def join(self) -> bool:
        """False: there is no file. Raises HubUnreachable, HubRefused."""
        file = file_in(self._settings)
        if file is None:
            return False
        try:
            self._join(by_file(self._settings, file))
        except JoinFailed as failed:
            raise self._why(failed) from failed
        stays = _removed(file)
        self._keys.drop(JOINING)
        code: Outcome = "till_joined_file_stays" if stays else "till_joined"
        self.said = Said(True, code, {"url": self._settings.hub.url, "file": str(file), "why": stays})
        log.info("The till has joined the hub at %s by %s.", self._settings.hub.url, file)
        return True

    def _join(self, invited: Invited) -> None:
        if self._given_up is not None and self._given_up[0] == invited.by:
            raise self._given_up[1]
        try:
            with self._shop_cache() as cache:
                joined(self._settings, cache, invited, self._here, self._own.is_now)
        except JoinFailed as failed:
            if isinstance(failed.__cause__, HubRefused) and failed.__cause__.code == COSTS_A_TRY:
                self._given_up = invited.by, failed
            raise

    @contextmanager
    def _shop_cache(self) -> Iterator[Cache]:
        """It is the shop's file that joins, also where people practise on another."""
        if not self._cache.training:
            yield self._cache
            return
        cache = shop_cache(self._settings)
        try:
            yield cache
        finally:
            cache.close()

    def _why(self, failed: JoinFailed) -> HubUnreachable | HubRefused:
        """A hub that is away or busy is no fault of the file's."""
        cause = failed.__cause__
        if isinstance(cause, HubUnreachable) or (isinstance(cause, HubRefused) and cause.code in WAITS):
            return cause
        why = failed.text(self._settings.language)
        if self.said is None or self.said.facts["why"] != why:
            log.warning("%s", failed.text("en"))
        self.said = Said(False, "till_not_joined", {"why": why})
        return HubJoinFailed(why)

    def _clear_up(self) -> None:
        """Of a till that has joined: the file by which it did goes, if the power was faster; another one is told of."""
        file = file_in(self._settings)
        try:
            if file is not None and file.exists():
                self._left_over(file)
            self._keys.drop(JOINING)
        except OSError as error:
            log.warning("%s cannot be looked into or removed: %s.", file or self._keys.where, error)

    def _left_over(self, file: Path) -> None:
        """Raises OSError."""
        known = begun(self._keys)
        if known is not None and known.by == which(content_of(file)):
            file.unlink()
            return
        log.warning("%s is not used: this till has joined. `pos-agent join` with it joins anew; else delete it.", file)


def file_in(settings: Settings) -> Path | None:
    """That the settings name; or in the data's folder, the one that is called as the till first."""
    if settings.join is not None:
        return Path(settings.join)
    found = Path(settings.data).glob(f"*{SUFFIX}")
    return min(found, key=lambda file: (file.stem != settings.till, file.name), default=None)


def _removed(file: Path) -> str:
    """Why it was not; "": it was."""
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        log.warning("%s is used up and cannot be removed: %s.", file, error.strerror)
        return error.strerror or str(error)
    return ""
