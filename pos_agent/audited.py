"""What of a command goes into the till's audit log: everything that a person does, but plain sales and looks.

It is asked for every command in one place (checkout.py), after its answer: a desk cannot forget it, and a command that
is new stands in the log from its first day, with no word of what was typed.
"""

from __future__ import annotations

from typing import Final

from loyalty.audit import said_in
from pos_agent import protocol as p
from pos_agent.counter import Counter
from pos_agent.protocol_certificates import DropCertificate, LookAtCertificate, UseCertificate
from pos_agent.protocol_day import ShowAudit, ShowDay
from pos_agent.protocol_stickers import DropStickers, ExchangeStickers
from pos_agent.staff.caller import SignedIn
from sync.staff_codes import is_badge

PLAIN: Final[frozenset[type[p.Command]]] = frozenset(
    {
        *(p.Code, p.Phone, p.SetBasket, p.Redeem, p.DropCard, p.DropCoupon, p.Prepare, p.Pay, p.Balance),
        *(UseCertificate, DropCertificate, LookAtCertificate),
        *(p.PutAside, p.TakeUp, p.PointsReport, p.XReport, ShowDay, ShowAudit, ExchangeStickers, DropStickers),
    }
)
SIGN_IN: Final = "sign_in"
KEPT: Final = frozenset(  # fields whose values are nobody's secret
    {"sale", "day", "shift", "number", "card", "new_card", "old_card", "paper", "came_out", "paid", "case", "remedy"}
    | {"points", "status", "member", "person", "into", "tender", "free"}
)


def note_act(counter: Counter, command: p.Command, code: str, before: SignedIn | None) -> None:
    """A row for what somebody did, or tried. `code`: what it was answered; `before`: who had signed in by then."""
    log = counter.house.audit
    badge = isinstance(command, p.Code) and is_badge(command.text.strip())  # it signs in
    if log is None or (type(command) in PLAIN and not badge):
        return
    act = SIGN_IN if badge else str(command.__struct_config__.tag)
    fields = {"badge": "…"} if badge else said_in(command, KEPT)
    second = counter.told_second
    if second is not None:
        fields["second"] = second.person or ("badge" if second.badge is not None else "office")
    if counter.pos:
        fields["pos"] = counter.pos
    log.note(counter.now, _who(counter, _now(counter) if act == SIGN_IN else before), act, code, fields)


def note_ring(counter: Counter, rule: str, count: int, most: int, sale: str) -> None:
    """A rule that rang here: by whose hands stands in it."""
    log = counter.house.audit
    if log is not None:
        fields = {"rule": rule, "count": str(count), "most": str(most), "sale": sale}
        log.note(counter.now, _who(counter, counter.person), "velocity", "rang", fields)


def _now(counter: Counter) -> SignedIn | None:
    """Whoever has just signed in."""
    return counter.staff.asking(counter.caller, counter.now) if counter.staff is not None else None


def _who(counter: Counter, person: SignedIn | None) -> str:
    """His id; a POS's cashier as the POS calls him is no person of the list."""
    if person is None:
        return ""
    return person.id or (f"{counter.pos}:{person.name}" if person.name else "")
