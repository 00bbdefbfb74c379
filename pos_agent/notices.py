"""How the devices are, told to the cashier once for each change."""

from __future__ import annotations

from collections.abc import Sequence

from drivers.life import DeviceState
from drivers.printer.status import PrinterStatus
from loyalty.operation import Key
from loyalty.programme import Language
from pos_agent.answers import Reply
from pos_agent.words import say

SCANNERS = {DeviceState.READY: "scanner_ready", DeviceState.ABSENT: "scanner_away", DeviceState.FAULTED: "scanner_away"}
REFUSED_TOLD_MAX = 3  # the newest; `pos-agent status` has them all


class Notices:
    """Remembers what was said last of each device; on the way from one state to another nothing is said, but at the
    beginning."""

    def __init__(self, language: Language) -> None:
        self._language: Language = language
        self._said: dict[str, str] = {}

    def printer(self, status: PrinterStatus) -> list[Reply]:
        if status is PrinterStatus.UNKNOWN:
            return []
        return self._once("printer", status.prints, "device", status.line(self._language))

    def question(self, text: str | None) -> list[Reply]:
        """Whether a paper came out; answered, it may come again for another."""
        if text is None:
            self._said.pop("question", None)
            return []
        return self._once("question", False, "paper_question", text)

    def scanner(self, name: str, state: DeviceState) -> list[Reply]:
        first = f"scanner {name}" not in self._said
        code = "scanner_connecting" if first and state is DeviceState.CONNECTING else SCANNERS.get(state)
        if code is None:
            return []
        return self._once(f"scanner {name}", code != "scanner_away", code, say(code, self._language, name=name))

    def clock(self, off_s: int, tolerance_s: int) -> list[Reply]:
        """This machine's clock is far from the hub's, and is corrected; told once, and anew when it is right again."""
        if abs(off_s) <= tolerance_s:
            self._said.pop("clock", None)
            return []
        if "clock" in self._said:
            return []
        minutes = str(round(abs(off_s) / 60))
        code = "clock_slow" if off_s > 0 else "clock_fast"
        return self._once("clock", False, code, say(code, self._language, minutes=minutes))

    def refused(self, refused: Sequence[tuple[Key, str]]) -> list[Reply]:
        """The hub refused something of ours: each is told once, those of before the start too, for a person must settle
        them."""
        told = []
        for key, reason in refused[-REFUSED_TOLD_MAX:]:
            text = say("hub_refused", self._language, operation=str(key.sequence), reason=reason)
            told += self._once(f"refused {key}", False, "hub_refused", text)
        return told

    def _once(self, device: str, ok: bool, code: str, text: str) -> list[Reply]:
        before, self._said[device] = self._said.get(device), text
        return [] if before == text else [Reply(ok=ok, code=code, text=text)]
