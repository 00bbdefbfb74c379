"""A process on a simulated machine: it dies of what befalls it, and whoever supervises it starts it again."""

from __future__ import annotations

from abc import ABC, abstractmethod
from random import Random
from typing import Final

from simulator.disk import Disk
from simulator.moments import Moments

ANEW_S: Final = (1.0, 60.0)  # so soon whoever supervises it starts a process that died


class Process(ABC):
    """`drive`: its machine's disk, which alone knows whether it lives."""

    def __init__(self, moments: Moments, drive: Disk, chance: Random) -> None:
        self._moments = moments
        self.drive = drive
        self._anew = chance
        self._run = 0  # how often it was started, or ended
        self._runs = False  # be it only since it began to start

    @abstractmethod
    def start(self) -> None:
        """From its files. One that runs goes on; one whose files cannot be opened is started again after a while."""

    @abstractmethod
    def kill(self) -> None:
        """Between two of the things that it does, or in the middle of one."""

    def _dies(self) -> None:
        """Of something that befell it; it is started again, unless somebody else sees to that."""
        self.kill()
        run = self._run

        def anew() -> None:
            if run == self._run:
                self.start()

        self._moments.after(self._anew.uniform(*ANEW_S), anew)

    def _died(self) -> None:
        """Of its disk, in the middle of something."""
        self.drive.dies()
        if self._runs:
            self._dies()
