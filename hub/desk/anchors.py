"""How far each till's audit log was, as the hub keeps it: whoever writes a till's log anew cannot write this.

A till says the head of its log, and the hash that its log has where the hub saw it last. Where that is another, or the
log is shorter, somebody looks at it (a case `audit`), and the anchor stays where it was until the case is settled.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from hub.cases.opening import case_of, told_of
from hub.cases.telling import key_of
from hub.desk.act import Act, ActRefused, Asked
from hub.hub import Hub
from hub.store.records import CaseRow, Place
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from loyalty.audit import FIRST, AnchorAudit, AuditAnchored
from loyalty.utc import utc_text

ANCHOR: Final = "audit/"  # settings: and the till


class Anchor(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`fault`: the case of what came after it."""

    number: int = 0
    hash: str = FIRST
    at: str = ""
    fault: str = ""


def anchor_of(reader: Reader, till: str) -> Anchor:
    return _read(reader.setting(ANCHOR + till))


def anchors(reader: Reader) -> Iterator[tuple[str, Anchor]]:
    """By tills."""
    for name, value in sorted(reader.all_settings().items()):
        if name.startswith(ANCHOR):
            yield name.removeprefix(ANCHOR), _read(value)


def _read(setting: str | None) -> Anchor:
    return msgspec.json.decode(setting, type=Anchor) if setting else Anchor()


def anchor(hub: Hub, asked: Asked, told: AnchorAudit) -> AuditAnchored:
    if not asked.till:
        raise ActRefused("of_a_till", "a till says how far its own log is: nobody else does")

    def work(writer: Writer) -> AuditAnchored:
        before = anchor_of(writer, asked.till)
        if told.known != before.number:
            return AuditAnchored(known=before.number, kept=False)
        fault = _fault(before, told)
        if fault and before.fault and not _is_settled(writer, before.fault):
            return AuditAnchored(known=before.number, kept=False, fault=fault)
        if fault and not before.fault:
            return _tell(hub, writer, asked, before, fault)
        now = Anchor(number=told.number, hash=told.hash, at=utc_text(hub.now()))
        _keep(writer, asked.till, now)
        return AuditAnchored(known=now.number, kept=True)

    return hub.within(work)


def _fault(before: Anchor, told: AnchorAudit) -> str:
    if told.number < before.number or not told.known_hash:
        return "shorter"
    return "other" if told.known_hash != before.hash else ""


def _is_settled(reader: Reader, fault: str) -> bool:
    """Somebody has looked: from then on the log is what the till says."""
    key = key_of(fault)
    case = reader.cases([key]).get(key) if key is not None else None
    return case is None or case.state == "settled"


def _tell(hub: Hub, writer: Writer, asked: Asked, before: Anchor, fault: str) -> AuditAnchored:
    """A till of which no operation is known has no case, and its anchor says so alone."""
    till = asked.till
    end = writer.newest_ends([till]).get(till)
    case: CaseRow | None = None
    if end is not None:
        place = Place(end.chain, end.generation, end.sequence)
        case = case_of(place, "audit", hub.now(), None, note=f"{fault}:{before.number}")
        case = case._replace(programme=asked.programme if asked.programme in hub.programmes else None)
        if not writer.cases([case.key]):
            writer.write(Rows(new_cases=[case], changes=told_of(case)))
    _keep(writer, till, msgspec.structs.replace(before, fault=case.id if case is not None else fault))
    return AuditAnchored(known=before.number, kept=False, fault=fault)


def _keep(writer: Writer, till: str, anchor: Anchor) -> None:
    writer.write(Rows(settings={ANCHOR + till: msgspec.json.encode(anchor).decode()}))


ANCHOR_AUDIT: Final = Act(takes=AnchorAudit, right=None, do=anchor)
