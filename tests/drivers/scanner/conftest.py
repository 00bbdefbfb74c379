"""Steps a scanner by hand, and waits for conditions instead of sleeping."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from drivers.life import DeviceState
from drivers.scanner.scan import Scan
from drivers.scanner.scanner import Scanner, open_scanner

DEADLINE_S = 20.0


class Till:
    """Owns one scanner and keeps all that it ever delivered."""

    def __init__(self, scanner: Scanner) -> None:
        self.scanner = scanner
        self.scans: list[Scan] = []
        self.states: list[DeviceState] = []

    @property
    def texts(self) -> list[str]:
        return [scan.text for scan in self.scans]

    def step(self) -> None:
        scans, next_s = self.scanner.step(time.monotonic(), datetime.now(UTC))
        self.scans += scans
        if self.states[-1:] != [self.scanner.life.state]:
            self.states.append(self.scanner.life.state)
        time.sleep(min(0.02, max(0.0, next_s - time.monotonic())))

    def step_until(self, what: str, condition: Callable[[], bool]) -> None:
        deadline_s = time.monotonic() + DEADLINE_S
        while not condition():
            assert time.monotonic() < deadline_s, f"never: {what}; {self.scanner.life.cause}; {self.texts}"
            self.step()

    def step_until_state(self, *states: DeviceState) -> None:
        self.step_until(f"state in {states}", lambda: self.scanner.life.state in states)

    def step_until_read(self, *texts: str) -> None:
        self.step_until(f"read {texts}", lambda: self.texts == list(texts))

    def step_for(self, seconds: float) -> None:
        """Keep stepping for so long: to see that nothing more comes."""
        end_s = time.monotonic() + seconds
        while time.monotonic() < end_s:
            self.step()


@pytest.fixture
def till_at() -> Iterator[Callable[[str], Till]]:
    tills: list[Till] = []

    def at(url: str) -> Till:
        tills.append(Till(open_scanner(url, name="left")))
        return tills[-1]

    yield at
    for till in tills:
        till.scanner.close()
