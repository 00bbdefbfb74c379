"""Gift certificates at the desk, without a purchase: what is left on one is refunded on demand, a stolen one is
blocked, and another takes its place. A manager's, or somebody's whom he answers for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from drivers.printer.document import Document, to_json
from loyalty.bodies import Body, CertificateBlocked, CertificateRefunded
from loyalty.money import format_kopecks
from loyalty.operation import Operation
from loyalty.paper.words import PaperWords
from loyalty.utc import utc_text
from offline_cache.certificates import Blank
from offline_cache.records import Paper
from pos_agent.certificate_papers import certificate_paper, refund_paper
from pos_agent.counter import Counter, Done
from pos_agent.desks.certificates import SILENT_CODES, Known, hold_id, known_of, number_in
from pos_agent.desks.typed import REASON_LETTERS_MAX, reason_in
from pos_agent.protocol_certificates import BlockCertificate, RefundCertificate, ReplaceCertificate, ToldCertificate
from pos_agent.receipt import masked
from pos_agent.recording import commit, sure_of_room
from pos_agent.refund_promises import RefundPromise, promise, promised
from pos_agent.refused import Refused
from pos_agent.staff.caller import Step
from pos_agent.visit import Visit
from sync import certificates as hub

LASTS: Final = timedelta(minutes=15)  # of one that this till alone knows of; as long as the hub keeps another


def refund(counter: Counter, visit: Visit, command: RefundCertificate) -> Done:
    """`visit`: the receipt in front, which stays as it is."""
    number = number_in(counter, command.text)
    told = promised(counter, number)
    if not command.paid:
        return _told(counter, visit, command, number)
    if told is None:
        raise Refused("certificate_refund_first")
    if not told.done:
        body = CertificateRefunded(certificate=number, kopecks=told.kopecks, reason=reason_in(command.reason))
        _recorded(counter, body, number, refund_paper)
        promise(counter, number, RefundPromise(kopecks=told.kopecks, done=True))
    return _refunded(counter, visit, number, told.kopecks)


def _told(counter: Counter, visit: Visit, command: RefundCertificate, number: str) -> Done:
    """How much that is; nobody pays with it until it is given back, or a quarter of an hour is over."""
    reason_in(command.reason)
    sure_of_room(counter)
    known = known_of(counter, command.text, command.pin)
    if known.by == "offline":
        raise Refused("certificate_needs_hub")
    if known.told is not None and not known.told.paid:
        raise Refused("certificate_given")
    if known.left_kopecks <= 0:
        raise Refused("certificate_empty")
    kopecks, until = _kept(counter, known)
    counter.second_over("refund_certificates", Step("refund_certificate", kopecks, of=masked(number)))
    promise(counter, number, RefundPromise(kopecks=kopecks, until=until))
    facts = {"number": masked(number), "left": counter.amount(kopecks)}
    told = ToldCertificate(certificate=masked(number), left=format_kopecks(kopecks))
    return Done(visit=visit, code="certificate_refund_told", facts=facts, certificate=told)


def _kept(counter: Counter, known: Known) -> tuple[int, str]:
    """How much, and until when."""
    if known.by == "here":
        return known.left_kopecks, utc_text(counter.now + LASTS)
    name = hold_id(counter, known.number)
    asked = hub.CertificateHoldAsked(number=known.number, hold=name, kopecks=known.left_kopecks)
    try:
        held = counter.ask_hub(hub.HOLD, asked, hub.CertificateHeld, of=asked.number)
    except Refused as refused:
        raise Refused("certificate_needs_hub") if refused.code in SILENT_CODES else refused from None
    return min(known.left_kopecks, held.kopecks), held.until


def _refunded(counter: Counter, visit: Visit, number: str, kopecks: int) -> Done:
    facts = {"number": masked(number), "left": counter.amount(kopecks)}
    told = ToldCertificate(certificate=masked(number), left="0.00")
    return Done(visit=visit, code="certificate_is_refunded", facts=facts, certificate=told)


# stolen


def block(counter: Counter, visit: Visit, command: BlockCertificate) -> Done:
    """Here at once, with the hub or without; elsewhere as soon as it has heard."""
    number = _alive(counter, command.text, blocked_too=False)
    body = CertificateBlocked(certificate=number, reason=reason_in(command.reason))
    _recorded(counter, body, number, None)
    told = ToldCertificate(certificate=masked(number))
    return Done(visit=visit, code="certificate_is_blocked", facts={"number": masked(number)}, certificate=told)


def replace(counter: Counter, visit: Visit, command: ReplaceCertificate) -> Done:
    """The hub alone knows what is on it, and gives the number that takes its place; here that comes out on paper."""
    number = _alive(counter, command.text, blocked_too=True)
    reason = reason_in(command.reason)
    if not reason:
        raise Refused("bad_reason", field="reason", most=str(REASON_LETTERS_MAX))
    if not counter.has_said(hub.REPLACE, "") and counter.cache.certificates.here(number).unsent_kopecks < 0:
        raise Refused("certificate_unsent")  # the hub would give the next one rubles that are spent
    seen = counter.ask_hub(hub.HISTORY, hub.CertificateNamed(certificate=number), hub.CertificateSeen)
    ordered = hub.CertificateOrdered(certificate=number, reason=reason)
    made = counter.ask_hub(hub.REPLACE, ordered, hub.CertificateInstead)
    _print(counter, made, number, seen.left_kopecks)
    left = counter.amount(seen.left_kopecks)
    facts = {"number": masked(number), "into": masked(made.number), "left": left}
    told = ToldCertificate(certificate=masked(made.number), left=format_kopecks(seen.left_kopecks))
    words = "certificate_is_replaced" if counter.house.prints else "certificate_is_replaced_by"
    return Done(visit=visit, code="certificate_is_replaced", words=words, facts=facts, certificate=told)


def _print(counter: Counter, made: hub.CertificateInstead, instead: str, kopecks: int) -> None:
    if not counter.house.prints:
        return
    words = PaperWords(counter.programme, counter.house.receipt_language, counter.cache.store)
    blank = Blank(made.number, made.text, made.pin)
    document = certificate_paper(
        blank, words, kopecks=kopecks, at=counter.now, till=counter.cache.till, instead=instead
    )
    paper = Paper(kind="certificate", label=masked(made.number), document=to_json(document))
    counter.cache.print_jobs.add(paper, counter.now)


def _alive(counter: Counter, text: str, *, blocked_too: bool) -> str:
    """One that was not replaced, as far as this till knows. Raises Refused."""
    number = number_in(counter, text)
    here = counter.cache.certificates.here(number)
    if here.replaced:
        raise Refused("certificate_replaced")
    if here.blocked and not blocked_too:
        raise Refused("certificate_blocked")
    return number


# the pieces


def _recorded(
    counter: Counter,
    body: Body,
    number: str,
    paper: Callable[[Operation, PaperWords], Document] | None,
) -> None:
    """Record it, with its paper where there is one. Raises Refused."""
    sure_of_room(counter)
    before = len(counter.cache.certificates.moves(number))
    words = PaperWords(counter.programme, counter.house.receipt_language, counter.cache.store)

    def papers(operations: tuple[Operation, ...]) -> list[Paper]:
        if paper is None:
            return []
        document = to_json(paper(operations[0], words))
        return [Paper(kind="certificate", label=masked(number), document=document)]

    def is_recorded() -> bool:
        return len(counter.cache.certificates.moves(number)) > before

    commit(counter, [body], None, papers, is_recorded=is_recorded)
