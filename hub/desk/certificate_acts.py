"""Acts for gift certificates: what a till asks while its customer waits, and what people order for one."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Final

import msgspec

from hub.blanks.virtual import File
from hub.certificates import asking, orders
from hub.certificates.numbers import ahead
from hub.certificates.view import CertificateView, viewed
from hub.desk.act import Act, ActRefused, Asked
from hub.desk.cards_acts import check_file
from hub.desk.member_acts import order_of
from hub.hub import Hub
from hub.people.orders import Done, NotDone
from hub.store.certificate_records import CertificateHoldRow
from hub.store.seam import Writer
from loyalty.bodies import Positive
from loyalty.certificate_numbers import is_certificate_number
from loyalty.certificate_text import CertificateRefused
from loyalty.programme import Programme
from loyalty.utc import utc_text
from sync import certificates as said

Named = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


def numbers(hub: Hub, asked: Asked, body: said.CertificateNumbersAsked) -> said.CertificateNumbersTold:
    """Asked again, it says the same: what nobody has bought yet stays this file's."""
    programme = _of_a_till(hub, asked)
    file = File(asked.till, body.file, asked.store, body.machine)

    def work(writer: Writer) -> tuple[str, ...]:
        check_file(writer, file)
        return ahead(writer, programme, file, body.count, secrets.randbelow)

    found, signer, pins = hub.within(work), hub.coupon_signer(), hub.certificate_pins
    blanks = (
        said.CertificateBlank(number=number, text=signer.certificate(number, programme.id), pin=pins.of(number))
        for number in found
    )
    return said.CertificateNumbersTold(blanks=tuple(blanks))


def look(hub: Hub, asked: Asked, body: said.CertificateLookAsked) -> said.CertificateTold:
    """What is on it, for whoever has its QR, or knows its PIN; nothing is kept for anybody."""
    programme = _of_a_till(hub, asked)
    known = _looked(hub, asked, body, programme)
    if isinstance(known, asking.NotSo):
        raise _refused(known)
    row = known.row
    return said.CertificateTold(
        number=row.number,
        left_kopecks=known.free,
        face_kopecks=row.face,
        paid=row.paid,
        until=utc_text(row.until) if row.until is not None else None,
    )


def _looked(
    hub: Hub, asked: Asked, body: said.CertificateLookAsked, programme: Programme
) -> asking.Known | asking.NotSo:
    if (body.text is None) == (body.number is None):
        raise ActRefused("bad_request", "say the text of its QR, or its number and PIN")
    if body.text is not None:
        try:
            number = hub.certificate_number(body.text, programme.id)
        except CertificateRefused as error:
            raise ActRefused("certificate_unknown", f"that is no certificate of {programme.id}: {error}") from error
        with hub.store.reading() as reader:
            return asking.by_text(reader, number, programme.id, asked.till, hub.now())
    typed, pins, now = body.number or "", hub.certificate_pins, hub.now()
    if not is_certificate_number(typed):
        return asking.NotSo("certificate_unknown", "a digit is wrong: no certificate has such a number")
    return hub.within(
        lambda writer: asking.by_number(writer, typed, body.pin, pins, programme, asked.till, now), first=True
    )


def hold(hub: Hub, asked: Asked, body: said.CertificateHoldAsked) -> said.CertificateHeld:
    programme = _of_a_till(hub, asked)

    def work(writer: Writer) -> CertificateHoldRow | asking.NotSo:
        return asking.hold(writer, body.number, body.hold, body.kopecks, programme.id, asked.till, hub.now())

    held = hub.within(work, first=True)
    if isinstance(held, asking.NotSo):
        raise _refused(held)
    return said.CertificateHeld(kopecks=held.kopecks, until=utc_text(held.until))


def free(hub: Hub, asked: Asked, body: said.CertificateFreeAsked) -> said.CertificateFreed:
    _of_a_till(hub, asked)
    hub.within(lambda writer: asking.free(writer, body.hold, asked.till), first=True)
    return said.CertificateFreed()


# people


class CertificateNamed(msgspec.Struct, frozen=True, kw_only=True):
    """`certificate`: its number, or the text of its QR."""

    certificate: Named


class CertificateOrdered(msgspec.Struct, frozen=True, kw_only=True):
    certificate: Named
    reason: Reason


class RefundAsked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`kopecks` None: all that is on it."""

    certificate: Named
    reason: Reason
    kopecks: Positive | None = None


class GiveAsked(msgspec.Struct, frozen=True, kw_only=True):
    kopecks: Positive
    reason: Reason


class CertificatePaper(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What came of an order: a certificate for whoever is to have it. `text`: of its QR; `before`: who gave the same
    order when."""

    number: str
    text: str
    pin: str
    words: str
    changed: bool
    before: str | None = None


class CertificateDone(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    number: str
    words: str
    changed: bool
    before: str | None = None


def history(hub: Hub, asked: Asked, body: CertificateNamed) -> CertificateView:
    with _refusing(), hub.store.reading() as reader:
        row = orders.called(hub, reader, body.certificate)
        if asked.programme not in ("", row.programme):
            raise ActRefused("certificate_unknown", f"certificate {row.number} is of {row.programme}")
        return viewed(reader, row, hub.now())


def give(hub: Hub, asked: Asked, body: GiveAsked) -> CertificatePaper:
    """At the office alone: a till that was taken would give them to itself."""
    if asked.till:
        raise ActRefused("from_the_office", "certificates are given at the office's desk, by no till")
    with _refusing():
        programme = asked.programme or _only_programme(hub)
        return _paper(hub, orders.give(hub, programme, body.kopecks, order_of(asked), body.reason))


def block(hub: Hub, asked: Asked, body: CertificateOrdered) -> CertificateDone:
    with _refusing():
        return _told(orders.block(hub, body.certificate, order_of(asked), body.reason))


def replace(hub: Hub, asked: Asked, body: CertificateOrdered) -> CertificatePaper:
    with _refusing():
        return _paper(hub, orders.replace(hub, body.certificate, order_of(asked), body.reason))


def refund(hub: Hub, asked: Asked, body: RefundAsked) -> CertificateDone:
    with _refusing():
        return _told(orders.refund(hub, body.certificate, body.kopecks, order_of(asked), body.reason))


CERTIFICATE_ACTS: Final[Mapping[str, Act]] = {
    said.NUMBERS: Act(takes=said.CertificateNumbersAsked, right=None, do=numbers),
    said.LOOK: Act(takes=said.CertificateLookAsked, right=None, do=look),
    said.HOLD: Act(takes=said.CertificateHoldAsked, right=None, do=hold),
    said.FREE: Act(takes=said.CertificateFreeAsked, right=None, do=free),
    said.HISTORY: Act(takes=CertificateNamed, right="see_certificates", do=history),
    said.GIVE: Act(takes=GiveAsked, right="give_certificates", do=give),
    said.BLOCK: Act(takes=CertificateOrdered, right="block_certificates", do=block),
    said.REPLACE: Act(takes=CertificateOrdered, right="replace_certificates", do=replace),
    said.REFUND: Act(takes=RefundAsked, right="refund_certificates", do=refund),
}


# the pieces


def _of_a_till(hub: Hub, asked: Asked) -> Programme:
    """Raises ActRefused."""
    if not asked.till:
        raise ActRefused("of_a_till", "a till asks this for the customer before it; the office looks a certificate up")
    hub.look_at_programmes()
    programme = hub.programmes.get(asked.programme)
    if programme is None:
        raise ActRefused("unknown_programme", f"this hub has no programme {asked.programme}")
    return programme


def _refused(why: asking.NotSo) -> ActRefused:
    return ActRefused(why.code, why.message, tries_left=why.tries_left)


@contextmanager
def _refusing() -> Iterator[None]:
    """What an order refuses, as the desk says it."""
    try:
        yield
    except NotDone as error:
        raise ActRefused(error.code, str(error)) from error


def _only_programme(hub: Hub) -> str:
    """Raises NotDone."""
    if len(hub.programmes) != 1:
        raise NotDone(f"Say of which programme: {', '.join(hub.programmes)}.", code="which_programme")
    return next(iter(hub.programmes))


def _told(done: Done) -> CertificateDone:
    return CertificateDone(number=done.member, words=done.words, changed=done.changed, before=done.before)


def _paper(hub: Hub, done: Done) -> CertificatePaper:
    """Told again as often as the order is given again: a paper may be spoiled."""
    with hub.store.reading() as reader:
        row = reader.certificates([done.member])[done.member]
    return CertificatePaper(
        number=row.number,
        text=hub.certificate_text(row.number, row.programme),
        pin=hub.certificate_pins.of(row.number),
        words=done.words,
        changed=done.changed,
        before=done.before,
    )
