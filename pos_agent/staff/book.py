"""Who works here, as the office says: a small file of the data folder, with hashes and no PIN. The pepper stands in it
too, sealed with a key that lies elsewhere (pos_agent/sealing.py)."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

import msgspec

from offline_cache.phone_keys import Seal
from storage.whole_file import write_over
from sync.staff_codes import badge_hash, is_badge
from sync.staff_list import Colleague, StaffList, StaffTold

FILE: Final = "staff.json"

log = logging.getLogger(__name__)


class _Kept(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    list: StaffList
    pepper: str = ""  # sealed, hexadecimal


_read = msgspec.json.Decoder(_Kept).decode


class StaffBook:
    """Any thread may look; the one that hears the hub keeps. `pepper` None: nobody's PIN can be checked here."""

    def __init__(self, folder: Path, seal: Seal | None) -> None:
        self._file = folder / FILE
        self._seal = seal
        kept = self._kept()
        self.list = kept.list
        self.pepper = seal.unseal(bytes.fromhex(kept.pepper)) if kept.pepper and seal is not None else None

    def _kept(self) -> _Kept:
        """One that cannot be read is none: the hub tells it again."""
        try:
            return _read(self._file.read_bytes())
        except FileNotFoundError:
            return _Kept(list=StaffList())
        except (OSError, ValueError) as error:
            log.warning("%s cannot be read, and is asked for again: %s.", self._file, error)
            return _Kept(list=StaffList())

    @property
    def edition(self) -> str:
        """Nothing, where the pepper is not here: then all of it is to be told again."""
        return self.list.edition if self.pepper is not None else ""

    @property
    def has_list(self) -> bool:
        return bool(self.list.edition)

    def keep(self, told: StaffTold) -> None:
        """It holds from now on; what the disk does not take is told again after the next start."""
        self.list, self.pepper = told.list, told.pepper or self.pepper
        if told.list.unread:
            log.warning("Of the staff's list these cannot be read here: %s.", ", ".join(told.list.unread))
        sealed = self._seal.seal(self.pepper).hex() if self._seal is not None and self.pepper else ""
        try:
            write_over(self._file, msgspec.json.encode(_Kept(list=self.list, pepper=sealed)))
        except OSError as error:
            log.error("%s: who works here is not kept: %s.", self._file, error.strerror)

    def find(self, id: str) -> Colleague | None:
        return next((one for one in self.list.people if one.id == id), None)

    def of_badge(self, text: str) -> Colleague | None:
        if self.pepper is None or not is_badge(text.strip()):
            return None
        hashed = badge_hash(self.pepper, text)
        return next((one for one in self.list.people if one.badge == hashed), None)
