"""An emulated serial scanner of some make: hears orders, answers as the make does, and does what it was told."""

from __future__ import annotations

import threading
from dataclasses import replace

from drivers.scanner.emulator.models import Answer, Deed, Model
from drivers.scanner.emulator.serial import Line, ScannerEmulator, Wording

LISTEN_EVERY_S = 0.01
EAN_LENGTHS = {13: "]E0", 12: "]E0", 8: "]E4"}


class ObedientScanner(ScannerEmulator):
    """`in_view` is the code before its lens: a trigger order reads it."""

    def __init__(self, line: Line, wording: Wording, model: Model, in_view: str = "") -> None:
        super().__init__(line, wording)
        self.in_view = in_view
        self._model = model
        self._wording = wording
        self._names_aim = False
        self._plugged = threading.RLock()  # a line that is being pulled out is not listened to
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="emulated scanner", daemon=True)
        self._thread.start()

    def scan(self, code: str, aim: str = "") -> bool:
        if self._names_aim and not aim:
            aim = EAN_LENGTHS.get(len(code), "]C0") if code.isdecimal() else "]C0"
        return super().scan(code, aim)

    def plug(self) -> None:
        with self._plugged:
            super().plug()

    def unplug(self) -> None:
        with self._plugged:
            super().unplug()

    def close(self) -> None:
        """Unplug for good."""
        self._stop.set()
        self._thread.join()
        self.unplug()

    def _listen(self) -> None:
        while not self._stop.wait(LISTEN_EVERY_S):
            with self._plugged:
                for answer in self._model.hear(self.line.hear()):
                    self._give(answer)

    def _give(self, answer: Answer) -> None:
        if answer.said:
            self.line.send(answer.said)
        self._do(answer.deed)

    def _do(self, deed: Deed) -> None:
        what, _, how = deed.partition(" ")
        if what == "suffix":
            self.wording = self._wording = replace(self._wording, suffix=how)
        elif what == "aim":
            self._names_aim = how == "on"
        elif deed == "trigger on" and self.in_view:
            self.scan(self.in_view)
