"""What a shared device is and how it is shared, as the till publishes it: one small JSON file in the till's folder.

So whoever finds the process gone can start it again, with the rules as they were, whether or not the till is alive.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TextIO

from drivers.errors import DeviceError


@dataclass(frozen=True, slots=True, kw_only=True)
class SharePlan:
    """`own`: codes that are the till's own, each as (how it begins, the whole as a regular expression)."""

    kind: str  # "scanner" or "printer"
    name: str
    device: str  # its URL
    door: str  # where the POS finds it
    everything: bool = False  # a scanner: the POS gets the till's own codes too
    own: tuple[tuple[str, str], ...] = ()
    habits: dict[str, str] = field(default_factory=dict)  # a scanner's make: what its URL need not say
    identifiers: dict[str, str] = field(default_factory=dict)  # letters that it puts before a code

    @property
    def wiring(self) -> tuple[object, ...]:
        """What cannot be changed under a POS that is connected."""
        return self.device, self.door, self.habits, self.identifiers


@dataclass(frozen=True, slots=True)
class ShareFiles:
    """Where the process of one shared device is found."""

    folder: Path
    name: str

    @classmethod
    def of(cls, folder: Path, kind: str, name: str) -> ShareFiles:
        """A scanner's name may be any text; a file's not."""
        digest = hashlib.sha256(f"{kind} {name}".encode()).hexdigest()[:8]
        return cls(folder, f"share-{kind}-{digest}")

    @property
    def plan(self) -> Path:
        return self.folder / f"{self.name}.json"

    @property
    def socket(self) -> Path:
        """The agent's."""
        return self.folder / f"{self.name}.sock"

    @property
    def data_socket(self) -> Path:
        """Of a printer: the agent's bytes, as to the printer itself."""
        return self.folder / f"{self.name}.data.sock"

    @property
    def log(self) -> Path:
        return self.folder / f"{self.name}.log"

    def publish(self, plan: SharePlan) -> None:
        """Whole or not at all."""
        new = self.plan.with_suffix(".new")
        new.write_text(json.dumps(asdict(plan), ensure_ascii=False), encoding="utf-8")
        os.replace(new, self.plan)

    def published(self) -> SharePlan:
        """Raises DeviceError."""
        try:
            values = json.loads(self.plan.read_text(encoding="utf-8"))
            values["own"] = tuple((str(begins), str(whole)) for begins, whole in values["own"])
            return SharePlan(**values)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise DeviceError(
                tried="reading how the device is shared",
                device=str(self.plan),
                cause=getattr(error, "strerror", None) or str(error),
                hint="The till writes it when it starts: run `pos-agent run`, or `pos-agent share`.",
            ) from None

    def is_held(self) -> bool:
        """Whether a process shares the device now, or is about to."""
        try:
            self.hold().close()
        except DeviceError:
            return True
        return False

    def hold(self) -> TextIO:
        """One process for one device; the system lets go when all who were forked from its holder are dead."""
        file = (self.folder / f"{self.name}.lock").open("w", encoding="ascii")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            raise DeviceError(
                tried="sharing the device",
                device=self.name,
                cause="it is shared already",
                hint="`pos-agent share stop` ends that.",
            ) from None
        return file
