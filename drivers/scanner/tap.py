"""What a scanner's line brings, told to whoever records it, while the scanner goes on reading as at the till."""

from __future__ import annotations

from collections.abc import Callable

from drivers.link.link import Link
from drivers.link.spy import RecordedLink, Told
from drivers.scanner.keymap import EVENT
from drivers.scanner.line import LineScanner


class RecordedKeys(RecordedLink):
    """Its bytes are records of a keyboard."""

    _torn = b""

    def _tell(self, data: bytes) -> None:
        """A named pipe may cut a record; a device never does."""
        data = self._torn + data
        whole = len(data) - len(data) % EVENT.size
        self._torn = data[whole:]
        events = tuple((kind, code, value) for _, _, kind, code, value in EVENT.iter_unpack(data[:whole]))
        if events:
            self._told("keys", events=events)


def tap(scanner: LineScanner, told: Told) -> None:
    """From its next opening on, all that comes over the scanner's line is told."""
    opened: Callable[[], Link] = scanner.open_link
    around = RecordedKeys if scanner.url.startswith("hid:") else RecordedLink
    scanner.open_link = lambda: around(opened(), told)
