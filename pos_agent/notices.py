"""How the devices are, told to the cashier once for each change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import UnsetType
from msgspec.structs import replace

from drivers.life import DeviceState
from drivers.printer.status import PrinterStatus
from loyalty.operation import Key
from loyalty.programme import Language
from pos_agent.answers import Ask, Reply
from pos_agent.damage_state import Damage, fresh
from pos_agent.first_start import Said
from pos_agent.guard_words import day_of
from pos_agent.refusal_words import why_refused
from pos_agent.replying import plain_reply
from pos_agent.short_words import PRINTER_WORDS
from pos_agent.status import DiskState, DiskStatus, HubStatus
from pos_agent.two_lines import laid_out
from sync.protocol import KNOWS_ANOTHER, NOT_HEARD

SCANNERS = {DeviceState.READY: "scanner_ready", DeviceState.ABSENT: "scanner_away", DeviceState.FAULTED: "scanner_away"}
DISKS: Mapping[DiskState, str] = {"low": "disk_low", "full": "disk_full"}
WHY_AWAY = {
    "not_joined": "link_not_joined",
    "no_key": "link_no_key",
    "strange_hub": "link_strange",
    **dict.fromkeys(KNOWS_ANOTHER, "link_stopped"),
    **dict.fromkeys(NOT_HEARD, "link_not_heard"),
}
# told of besides, by words of their own; the third after every start, and where it lasts, the page tells
NOT_SAID = ("not_asked", "disk", "runs_elsewhere", "join_failed")
REFUSED_TOLD_MAX = 3  # the newest; `pos-agent status` has them all


class Notices:
    """Remembers what was said last of each device; on the way from one state to another nothing is said, but at the
    beginning."""

    def __init__(self, language: Language) -> None:
        self._language: Language = language
        self._said: dict[str, str] = {}
        self._disk: DiskState | None = None  # None: there is room

    def printer(self, status: PrinterStatus) -> list[Reply]:
        if status is PrinterStatus.UNKNOWN:
            return []
        said = PRINTER_WORDS[status][0 if self._language == "ru" else 1]
        return self._once("printer", status.prints, "device", status.line(self._language), laid_out([said]))

    def question(self, text: str | None, ask: Ask | None = None) -> list[Reply]:
        """Whether a paper came out; answered, it may come again for another."""
        if text is None:
            self._said.pop("question", None)
            return []
        said = laid_out([ask.text if ask is not None else text])
        return [replace(told, ask=ask) for told in self._once("question", False, "paper_question", text, said)]

    def scanner(self, name: str, state: DeviceState) -> list[Reply]:
        first = f"scanner {name}" not in self._said
        code = "scanner_connecting" if first and state is DeviceState.CONNECTING else SCANNERS.get(state)
        if code is None:
            return []
        return self._plain(f"scanner {name}", code != "scanner_away", code, name=name)

    def unread(self, name: str, unread: bool) -> list[Reply]:
        """A camera sees a code that it can't read; that it was read, or is gone, is no news."""
        if not unread:
            self._said.pop(f"unread {name}", None)
            return []
        return self._plain(f"unread {name}", False, "scanner_unread", name=name)

    def link(self, online: bool, code: str, url: str) -> list[Reply]:
        """Away, and back again; a hub that nobody has asked yet is neither."""
        if online:
            return self._plain("link", True, "link_back") if "link" in self._said else []
        if code in NOT_SAID:
            return []
        return self._plain("link", False, WHY_AWAY.get(code, "link_away"), url=url)

    def joining(self, said: Said | None) -> list[Reply]:
        """What came of joining by itself."""
        return self._plain("joining", said.ok, said.code, **said.facts) if said is not None else []

    def disk(self, disk: DiskStatus | UnsetType) -> list[Reply]:
        """Nearly full, full, and that there is room again; told once, and not for each megabyte."""
        now = disk.state if isinstance(disk, DiskStatus) else None
        before, self._disk = self._disk, now
        if before == now:
            return []
        if not isinstance(disk, DiskStatus):
            return self._plain("disk", True, "disk_good")
        return self._plain("disk", False, DISKS[disk.state], free=str(disk.free_mb))

    def members(self, hub: HubStatus) -> list[Reply]:
        """That they will be forgotten soon, and that they were."""
        if isinstance(hub.forgotten, str):
            return self._plain("members", False, f"forgotten_{hub.forgotten}")
        if isinstance(hub.lease_ends_at, str):
            return self._plain("members", False, "lease_ends", at=day_of(hub.lease_ends_at))
        self._said.pop("members", None)
        return []

    def clock(self, off_s: int, tolerance_s: int) -> list[Reply]:
        """This machine's clock is far from the hub's, and is corrected; told once, and anew when it is right again."""
        if abs(off_s) <= tolerance_s:
            self._said.pop("clock", None)
            return []
        if "clock" in self._said:
            return []
        minutes = str(round(abs(off_s) / 60))
        code = "clock_slow" if off_s > 0 else "clock_fast"
        return self._plain("clock", False, code, minutes=minutes)

    def refused(self, refused: Sequence[tuple[Key, str]]) -> list[Reply]:
        """The hub refused something of ours: each is told once, those of before the start too, for a person must settle
        them."""
        told = []
        for key, reason in refused[-REFUSED_TOLD_MAX:]:
            why = why_refused(reason, self._language)
            told += self._plain(f"refused {key}", False, "hub_refused", operation=str(key.sequence), reason=why)
        return told

    def file(self, damage: Damage, now: datetime) -> list[Reply]:
        """What was damaged and what is lost of late, each once after a start."""
        told = []
        damaged, lost = fresh(**damage, now=now)
        for one in damaged:
            facts = {"file": one.file, "at": day_of(one.at), "taken": str(one.taken), "unread": str(len(one.unread))}
            told += self._plain(f"file {one.file}", False, "damaged_file", **facts)
        for gone in lost:
            facts = {"count": str(gone.count), "at": day_of(gone.at)}
            told += self._plain(f"lost {gone.generation}.{gone.last}", False, "operations_lost", **facts)
        return told

    def _plain(self, device: str, ok: bool, code: str, **facts: str) -> list[Reply]:
        told = plain_reply(ok, code, self._language, **facts)
        return self._once(device, ok, code, told.text, told.say)

    def _once(self, device: str, ok: bool, code: str, text: str, said: tuple[str, ...]) -> list[Reply]:
        before, self._said[device] = self._said.get(device), text
        return [] if before == text else [Reply(ok=ok, code=code, text=text, say=said)]
