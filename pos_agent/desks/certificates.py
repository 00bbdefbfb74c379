"""Gift certificates that pay a receipt: shown, kept for it at the hub, dropped, sure of before the money (P16).

What is on one only the hub knows. Without it the signature alone says that a certificate is ours, and the programme
says how much of one is taken then (`certificates.offline_max`); nothing is known besides of one that this till has sold
and the hub has not heard of.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal, NamedTuple

from msgspec.structs import replace

from drivers.scanner.wedge import Repaired, repair_layout
from loyalty.bodies import Sale
from loyalty.certificate_numbers import is_certificate_number
from loyalty.certificate_text import NUMBER_DIGITS, CertificateRefused, open_certificate
from loyalty.certificates import may_pay, spend
from loyalty.money import format_kopecks
from loyalty.paper.words import PaperWords
from loyalty.scans import SURROUNDING
from loyalty.utc import moment
from offline_cache.certificates import Here
from pos_agent.counter import Counter, Done, Remarks, remark
from pos_agent.desks.typed import ends
from pos_agent.errands import SILENT
from pos_agent.open_receipts import left_of
from pos_agent.priced import pos_lines
from pos_agent.protocol_certificates import DropCertificate, LookAtCertificate, ToldCertificate, UseCertificate
from pos_agent.receipt import masked
from pos_agent.refund_promises import is_being_refunded
from pos_agent.refused import Refused
from pos_agent.telling import Told, find, retell, told_quote
from pos_agent.visit import ShownCertificate, Visit, VisitEvent, VisitState, allow, state_of
from pos_agent.words import as_typed
from sync import certificates as hub

MOST: Final = 10  # on one receipt
SILENT_CODES: Final = (SILENT,)
NOT_SOLD: Final = "certificate_not_sold"
ENDINGS_SHOWN_MAX: Final = 2
PRACTICE: Final = "0000"  # how numbers begin that are sold where people practise


class Known(NamedTuple):
    """What is known of one. `left_kopecks`: as many as may be taken of it now."""

    number: str
    left_kopecks: int
    by: Literal["hub", "here", "offline"]
    told: hub.CertificateTold | None = None


def use(counter: Counter, visit: Visit, command: UseCertificate) -> Done:
    return show(counter, visit, command.text, command.pin)


def show(counter: Counter, visit: Visit, text: str, pin: str = "") -> Done:
    """It pays the receipt from now on, as far as what is on it goes. While there is no receipt it is only looked at."""
    if state_of(visit) is VisitState.IDLE:
        return look(counter, visit, LookAtCertificate(text=text, pin=pin))
    number = number_in(counter, text)
    if any(shown.number == number for shown in visit.certificates):
        raise Refused("certificate_shown")
    if len(visit.certificates) >= MOST:
        raise Refused("certificate_too_many", count=str(MOST))
    if not may_pay(pos_lines(counter, visit)):
        raise Refused("certificate_for_certificate")
    allow(visit, VisitEvent.CERTIFICATE_SHOWN)
    if is_being_refunded(counter, number):
        raise Refused("certificate_held")
    known = known_of(counter, text, pin)
    if known.left_kopecks <= 0:
        raise Refused("certificate_empty")
    moved = counter.cache.certificates.here(number).moved_kopecks
    shown = ShownCertificate(number=number, left_kopecks=known.left_kopecks, known=known.by, moved_kopecks=moved)
    if left_of(counter, visit, shown) <= 0:
        raise Refused("certificate_held")
    changed = replace(visit, certificates=(*visit.certificates, shown))
    fresh, told = retell(counter, changed)
    if known.by == "hub" and told is not None:
        held = _held(counter, shown, needed(fresh, told.sale)[-1])
        if held != shown:
            changed = replace(visit, certificates=(*visit.certificates, held))
            if held.left_kopecks <= 0:
                raise Refused("certificate_held")
            fresh, told = retell(counter, changed)
    return _taken(counter, fresh, told, fresh.certificates[-1])


def _taken(counter: Counter, visit: Visit, told: Told | None, shown: ShownCertificate) -> Done:
    facts = {"number": masked(shown.number), "left": counter.amount(shown.left_kopecks)}
    if told is None:
        return Done(visit=visit, code="certificate_taken", words="certificate_waits", facts=facts)
    takes = taken_of(told.sale, shown.number)
    facts |= {
        "takes": counter.amount(takes),
        "left": counter.amount(shown.left_kopecks - takes),
        "to_pay": counter.amount(told.sale.paid_kopecks),
        "most": counter.amount(counter.programme.certificates.offline_max_kopecks),
    }
    by_rules = "certificate_taken_offline" if shown.known == "offline" else "certificate_taken"
    words = "certificate_taken_here" if shown.known == "here" else by_rules
    return Done(visit=visit, code="certificate_taken", words=words, facts=facts, told=told_quote(told))


def drop(counter: Counter, visit: Visit, command: DropCertificate) -> Done:
    """One by the end of its number, or all of them."""
    allow(visit, VisitEvent.CERTIFICATE_DROPPED)
    ending = command.certificate
    kept = tuple(shown for shown in visit.certificates if ending is not None and not is_named(shown.number, ending))
    if kept == visit.certificates:
        raise Refused("no_such_certificate")
    fresh, told = retell(counter, replace(visit, certificates=kept))
    return Done(visit=fresh, code="certificate_dropped", told=told_quote(told) if told else None)


def is_named(number: str, ending: str) -> bool:
    """By its end, as it is shown or typed."""
    return ends(number, ending.strip().lstrip("*"))


def look(counter: Counter, visit: Visit, command: LookAtCertificate) -> Done:
    """What is on it, for who asks: the receipt in front stays as it is."""
    known = known_of(counter, command.text, command.pin)
    left, told = counter.amount(known.left_kopecks), known.told
    until = moment(told.until) if told is not None else None
    facts = {"number": masked(known.number), "left": left}
    if until is not None:
        words = PaperWords(counter.programme, counter.language, counter.cache.store)
        facts["until"] = words.last_day(until)
    return Done(
        visit=visit,
        code="certificate_told",
        words="certificate_told_until" if until is not None else "certificate_told",
        facts=facts,
        certificate=ToldCertificate(
            certificate=masked(known.number),
            face=format_kopecks(told.face_kopecks) if told is not None else None,
            left=format_kopecks(known.left_kopecks),
            until=told.until if told is not None else None,
        ),
    )


# what is on one


def known_of(counter: Counter, text: str, pin: str = "") -> Known:
    """Raises Errand, and Refused in words."""
    number = number_in(counter, text)
    is_typed = is_number(text)
    here = counter.cache.certificates.here(number)
    if here.replaced:
        raise Refused("certificate_replaced")
    if here.blocked:
        raise Refused("certificate_blocked")
    if counter.cache.training:
        if here.sold_kopecks is None:
            raise Refused("certificate_practice")
        return Known(number, here.left_kopecks, "here")
    if is_typed and not pin:
        raise Refused("certificate_no_pin")
    if counter.link == "offline":
        return _offline(counter, number, here, is_typed=is_typed)
    asked = hub.CertificateLookAsked(number=number, pin=pin) if is_typed else hub.CertificateLookAsked(text=_qr(text))
    try:
        told = counter.ask_hub(hub.LOOK, asked, hub.CertificateTold)
    except Refused as refused:
        if refused.code == NOT_SOLD and here.unheard:
            return _here(number, here, is_typed=is_typed)
        if refused.code == SILENT:
            return _offline(counter, number, here, is_typed=is_typed)
        raise
    return Known(number, max(0, told.left_kopecks + here.unsent_kopecks), "hub", told)


def _offline(counter: Counter, number: str, here: Here, *, is_typed: bool) -> Known:
    """Without the hub's word. One that was sold here, and of which the hub has not heard, is known here alone."""
    if here.unheard:
        return _here(number, here, is_typed=is_typed)
    most = counter.programme.certificates.offline_max_kopecks
    if not most:
        raise Refused("certificate_offline_denied")
    if is_typed:
        raise Refused("certificate_offline_number")
    left = most - max(0, here.used_unsent_kopecks)
    if left <= 0:
        raise Refused("certificate_offline_spent", most=counter.amount(most))
    return Known(number, left, "offline")


def _here(number: str, here: Here, *, is_typed: bool) -> Known:
    """Its PIN the hub alone can tell from another."""
    if is_typed:
        raise Refused("certificate_offline_number")
    return Known(number, here.left_kopecks, "here")


def number_in(counter: Counter, text: str) -> str:
    """Of its QR, whose signature says that it is ours; or as it was typed. Raises Refused."""
    if is_number(text):
        number = _digits(text)
        is_practised = counter.cache.training and number.startswith(PRACTICE)
        if not is_practised and not is_certificate_number(number):
            raise Refused("bad_certificate", words="certificate_misspelt")
        return number
    qr = _qr(text)
    if not qr.startswith(counter.programme.scans.certificates):
        raise Refused("bad_certificate", number=as_typed(text))
    if counter.cache.training and (practised := _practised(qr)) is not None:
        return practised
    try:
        return open_certificate(qr, counter.cache.changes.coupon_keys(), counter.programme.id)
    except CertificateRefused as refused:
        raise Refused(f"certificate_{refused.reason}") from None


def is_number(text: str) -> bool:
    digits = _digits(text)
    return len(digits) == NUMBER_DIGITS and digits.isascii() and digits.isdigit()


def _digits(text: str) -> str:
    return "".join(text.split()).replace("-", "")


def _qr(text: str) -> str:
    """As it was meant, also where a keyboard's layout made other letters of it."""
    text = text.strip(SURROUNDING)
    repaired = repair_layout(text)
    return repaired.text if isinstance(repaired, Repaired) else text


def _practised(qr: str) -> str | None:
    number = qr.partition(":")[2].rstrip(".")
    return number if is_number(number) and number.startswith(PRACTICE) else None


def practice_text(number: str, prefix: str) -> str:
    """What stands in the QR of one that was sold where people practise: no till takes it for one."""
    return f"{prefix}{number}."


# kept for a receipt


def taken_of(sale: Sale, number: str) -> int:
    return sum(tender.kopecks for tender in sale.tenders if tender.id == number)


def needed(visit: Visit, sale: Sale) -> tuple[int, ...]:
    """Of each, what the receipt would take of it if no points were spent: they may turn out fewer."""
    whole = sale.total_kopecks + sale.redeemed.kopecks if may_take(sale) else 0
    return spend([shown.left_kopecks for shown in visit.certificates], whole)


def may_take(sale: Sale) -> bool:
    return may_pay((*sale.lines, *sale.extras))


def hold_id(counter: Counter, number: str) -> str:
    """The same each time that one command comes again, and no other's."""
    return hashlib.sha256(f"{counter.cache.till}\n{counter.desk_key}\n{number}".encode()).hexdigest()[:32]


def _held(counter: Counter, shown: ShownCertificate, kopecks: int) -> ShownCertificate:
    """With so much of it kept at the hub. Raises Errand, and Refused where the hub says why not; where it says nothing
    the receipt goes on with what was told of it."""
    if kopecks <= 0:
        return shown
    name = shown.hold or hold_id(counter, shown.number)
    unheard = -min(0, counter.cache.certificates.here(shown.number).unsent_kopecks)  # spent, and the hub counts on it
    asked = hub.CertificateHoldAsked(number=shown.number, hold=name, kopecks=kopecks + unheard)
    try:
        held = counter.ask_hub(hub.HOLD, asked, hub.CertificateHeld, of=f"{shown.number}/{asked.kopecks}")
    except Refused as refused:
        if refused.code == SILENT:
            return shown
        raise
    ours = max(0, held.kopecks - unheard)
    left = shown.left_kopecks if ours >= kopecks else ours
    return replace(shown, hold=name, held_kopecks=ours, until=held.until, left_kopecks=left, known="hub")


class Sure(NamedTuple):
    """`changed`: a certificate gives less than was told, or nothing."""

    visit: Visit
    changed: bool


def sure(counter: Counter, visit: Visit) -> Sure:
    """Before the money: each is kept at the hub for as much as it pays, or by the rules of without. Raises Errand."""
    told = find(counter, visit.quote)
    if not visit.certificates or told is None or counter.answer is not None or counter.cache.training:
        return Sure(visit, changed=False)
    kept: list[ShownCertificate] = []
    for shown, kopecks in zip(visit.certificates, needed(visit, told.sale), strict=True):
        one = _sure(counter, shown, kopecks)
        if one is not None:
            kept.append(one)
    fresh = replace(visit, certificates=tuple(kept))
    gives = {shown.number: shown.left_kopecks for shown in kept}
    takes = [(tender.id or "", tender.kopecks) for tender in told.sale.tenders]
    return Sure(fresh, changed=any(gives.get(number, 0) < kopecks for number, kopecks in takes))


def _sure(counter: Counter, shown: ShownCertificate, kopecks: int) -> ShownCertificate | None:
    """None: it pays nothing any more. Another receipt of this very till may have been paid with it since, or whose it
    is may have come for his money."""
    here = counter.cache.certificates.here(shown.number)
    if here.blocked or here.replaced or is_being_refunded(counter, shown.number):
        return None
    left = shown.left_kopecks - max(0, shown.moved_kopecks - here.moved_kopecks)
    if left <= 0 < kopecks:
        return None
    shown, kopecks = replace(shown, left_kopecks=left, moved_kopecks=here.moved_kopecks), min(left, kopecks)
    if not kopecks or (shown.known == "here" and here.unheard):
        return shown
    is_held = shown.held_kopecks >= kopecks and not _is_over(shown, counter.now)
    if is_held:
        return shown
    if counter.link == "online" and counter.desk_key:
        try:
            held = _held(counter, shown, kopecks)
        except Refused:
            return None
        if held.held_kopecks and not _is_over(held, counter.now):
            return held if held.left_kopecks else None
    if shown.known == "offline":
        return shown
    try:
        known = _offline(counter, shown.number, here, is_typed=False)
    except Refused:
        return None
    return replace(shown, left_kopecks=min(shown.left_kopecks, known.left_kopecks), known="offline", hold="", until="")


def _is_over(shown: ShownCertificate, at: datetime) -> bool:
    until = moment(shown.until or None)
    return until is None or at >= until


# what is said of it


def not_for_certificate(visit: Visit, sale: Sale) -> Remarks:
    """Those that were shown pay nothing where a certificate is sold."""
    if not visit.certificates or may_take(sale):
        return ()
    return (remark("certificate_not_for_certificate"),)


def left_after(visit: Visit, sale: Sale) -> dict[str, int]:
    """Of those that paid, what is on them then, as far as that is known."""
    return {
        shown.number: shown.left_kopecks - taken_of(sale, shown.number)
        for shown in visit.certificates
        if shown.known != "offline"
    }


def used_remarks(counter: Counter, visit: Visit, sale: Sale) -> Remarks:
    left = left_after(visit, sale)
    return tuple(_used(counter, tender.id, tender.kopecks, left.get(tender.id)) for tender in sale.tenders if tender.id)


def _used(counter: Counter, number: str, kopecks: int, left: int | None) -> tuple[str, dict[str, str]]:
    facts = {"number": masked(number), "takes": counter.amount(kopecks)}
    if left is None:
        return remark("certificate_used_offline", **facts)
    return remark("certificate_used", **facts, left=counter.amount(left))


def endings(numbers: Sequence[str]) -> str:
    """As many as a display has room for, and how many more there are."""
    shown, more = ", ".join(map(masked, numbers[:ENDINGS_SHOWN_MAX])), len(numbers) - ENDINGS_SHOWN_MAX
    return f"{shown} +{more}" if more > 0 else shown
