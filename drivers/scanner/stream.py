"""One scanner's scans on their way to the one consumer: what a bouncing trigger repeats is dropped, all is counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from drivers.scanner.scan import REFUSED, Scan

# A bouncing trigger reads one code twice within some 300 ms; a person needs longer to show the next of equal goods.
REPEAT_S = 0.35


@dataclass(slots=True)
class ScanCounts:
    """Every scan that came is in exactly one of these."""

    scans: int = 0  # whole and certain
    flagged: int = 0  # delivered, and not to be believed
    refused: int = 0  # no text for a till; told, without the text
    duplicates: int = 0  # dropped: the same again at once
    lost: int = 0  # nobody took them: the agent's queue was full


class ScanStream:
    """`deliver` says whether the scan was taken."""

    def __init__(self, deliver: Callable[[Scan], bool]) -> None:
        self.counts = ScanCounts()
        self._deliver = deliver
        self._last: Scan | None = None
        self._last_at_s = 0.0

    def take(self, scan: Scan, now_s: float) -> None:
        """A scan came to its end at this monotonic moment."""
        if self._repeats(scan, now_s):
            self.counts.duplicates += 1
        elif not self._deliver(scan):
            self.counts.lost += 1
        elif REFUSED in scan.flags:
            self.counts.refused += 1
        elif scan.flags:
            self.counts.flagged += 1
        else:
            self.counts.scans += 1

    def _repeats(self, scan: Scan, now_s: float) -> bool:
        """Counted from the last one whether or not it was dropped: a code held before the scanner is one scan. What
        was flagged and comes again whole is no repeat."""
        last, self._last = self._last, scan
        soon, self._last_at_s = now_s - self._last_at_s < REPEAT_S, now_s
        return last is not None and soon and (last.text, last.flags) == (scan.text, scan.flags)
