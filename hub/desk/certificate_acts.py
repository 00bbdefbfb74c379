"""Acts for gift certificates: what a till asks while its customer waits."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Final

from hub.blanks.virtual import File
from hub.certificates import asking
from hub.certificates.numbers import ahead
from hub.desk.act import Act, ActRefused, Asked
from hub.desk.cards_acts import check_file
from hub.hub import Hub
from hub.store.certificate_records import CertificateHoldRow
from hub.store.seam import Writer
from loyalty.certificate_numbers import is_certificate_number
from loyalty.certificate_text import CertificateRefused
from loyalty.programme import Programme
from loyalty.utc import utc_text
from sync import certificates as said


def numbers(hub: Hub, asked: Asked, body: said.CertificateNumbersAsked) -> said.CertificateNumbersTold:
    """Asked again, it says the same: what nobody has bought yet stays this file's."""
    programme = _of_a_till(hub, asked)
    file = File(asked.till, body.file, asked.store)

    def work(writer: Writer) -> tuple[str, ...]:
        check_file(writer, asked.till, body.file)
        return ahead(writer, programme, file, body.count, secrets.randbelow)

    blanks = (
        said.CertificateBlank(
            number=number, text=hub.certificate_text(number, programme.id), pin=hub.certificate_pins.of(number)
        )
        for number in hub.within(work)
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


CERTIFICATE_ACTS: Final[Mapping[str, Act]] = {
    said.NUMBERS: Act(takes=said.CertificateNumbersAsked, right=None, do=numbers),
    said.LOOK: Act(takes=said.CertificateLookAsked, right=None, do=look),
    said.HOLD: Act(takes=said.CertificateHoldAsked, right=None, do=hold),
    said.FREE: Act(takes=said.CertificateFreeAsked, right=None, do=free),
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
