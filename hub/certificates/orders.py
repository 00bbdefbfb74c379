"""What somebody orders for a certificate at the hub: operations of the chain `office`, with who said so and a key.

The same order under the same key is carried out once, and answered again with the same number. Of what leaves the shop
by one person's word (certificates that nobody paid for, money back) a day has so much; more is another's to order.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, NamedTuple

from hub.bearing import Said
from hub.certificates.asking import held_by_others
from hub.certificates.numbers import OFFICE, drawn
from hub.hub import Hub
from hub.people.orders import (
    Done,
    NotDone,
    Order,
    bear,
    check_order,
    check_reason,
    done_before,
    kept_under,
    key_of_its_own,
)
from hub.store.certificate_records import CertificateRow
from hub.store.seam import Reader, Writer
from loyalty.bodies import Body, CertificateBlocked, CertificateRefunded, CertificateReplaced, CertificateSold
from loyalty.certificate_text import PREFIX, CertificateRefused
from loyalty.money import format_kopecks
from loyalty.points_life import end_of
from loyalty.programme import Programme
from loyalty.utc import utc_text

ALONE_DAY_MAX: Final = 1_000_000  # kopecks that one person gives and gives back in a day (UTC)
ALONE: Final = "certificates_alone/"  # settings: the person and the day


class Deed(NamedTuple):
    """What is to be done to the certificate of that number, and how it is told."""

    number: str
    words: str
    bodies: tuple[Body, ...] = ()
    settings: Mapping[str, str] = MappingProxyType({})


def called(hub: Hub, reader: Reader, text: str) -> CertificateRow:
    """By its number, however it is written, or by the text of its QR. Raises NotDone."""
    number = _number(hub, text.strip())
    row = reader.certificates([number]).get(number)
    if row is None:
        known = number in reader.certificate_numbers([number])
        why = "has not been sold, as far as the hub has heard" if known else "is not there"
        raise NotDone(f"Certificate {number} {why}.", code="certificate_not_sold" if known else "certificate_unknown")
    return row


def _number(hub: Hub, text: str) -> str:
    """Raises NotDone."""
    if not text.startswith(PREFIX):
        return "".join(text.split()).replace("-", "")[:100]
    for programme in hub.programmes:
        try:
            return hub.certificate_number(text, programme)
        except CertificateRefused:
            continue
    raise NotDone("That QR is no certificate of this hub. Type its number.", code="certificate_forged")


def give(hub: Hub, programme: str, kopecks: int, order: Order, reason: str) -> Done:
    """One that nobody paid for: it ends by itself."""
    check_reason(reason)
    hub.look_at_programmes()
    rules = hub.programmes.get(programme)
    if rules is None:
        raise NotDone(f"This hub has no programme {programme!r}.", code="unknown_programme")
    most = rules.certificates.face_max_kopecks
    if not 0 < kopecks <= most:
        raise NotDone(f"A certificate holds 0.01 to {format_kopecks(most)}.", code="certificate_sum")

    def decide(writer: Writer) -> Deed:
        (number,) = drawn(writer, rules, OFFICE, 1, secrets.randbelow)
        until = _given_until(rules, hub.now())
        body = CertificateSold(certificate=number, kopecks=kopecks, paid=False, until=utc_text(until), reason=reason)
        words = f"Certificate {number} of {format_kopecks(kopecks)} is given, until {_last_day(rules, until)}."
        return Deed(number, words, (body,), _alone(writer, order, kopecks, hub.now()))

    return _ordered(hub, programme, order, decide)


def block(hub: Hub, text: str, order: Order, reason: str) -> Done:
    """Nobody pays with it any more; its rubles wait for whoever owns it."""
    check_reason(reason)

    def decide(writer: Writer, row: CertificateRow) -> Deed:
        if row.state == "replaced":
            raise NotDone(
                f"Certificate {row.number} was replaced by {row.successor}: nobody pays with it anyway.",
                code="certificate_replaced",
            )
        if row.state == "blocked":
            return Deed(row.number, f"Certificate {row.number} is blocked already.")
        body = CertificateBlocked(certificate=row.number, reason=reason)
        return Deed(row.number, f"Certificate {row.number} is blocked.", (body,))

    return _ordered_for(hub, text, order, decide)


def replace(hub: Hub, text: str, order: Order, reason: str) -> Done:
    """All that is on it goes to a new number, which the answer names."""
    check_reason(reason)

    def decide(writer: Writer, row: CertificateRow) -> Deed:
        if row.state == "replaced":
            raise NotDone(
                f"Certificate {row.number} was replaced by {row.successor} already.", code="certificate_replaced"
            )
        if row.until is not None and row.until <= hub.now():
            raise NotDone(f"Certificate {row.number} was given, and has ended.", code="certificate_ended")
        if not row.left:
            raise NotDone(f"Nothing is on certificate {row.number}.", code="certificate_empty")
        (into,) = drawn(writer, hub.programmes[row.programme], OFFICE, 1, secrets.randbelow)
        words = f"Certificate {row.number} is replaced by {into}, with {format_kopecks(row.left)} on it."
        return Deed(into, words, (CertificateReplaced(certificate=row.number, into=into, reason=reason),))

    return _ordered_for(hub, text, order, decide)


def refund(hub: Hub, text: str, kopecks: int | None, order: Order, reason: str) -> Done:
    """So much of it was given back in money; None: all that is on it. Whoever holds it for a receipt goes before."""
    check_reason(reason)

    def decide(writer: Writer, row: CertificateRow) -> Deed:
        if row.state != "open":
            hint = "Replace it, and refund the new one" if row.state == "blocked" else f"Refund {row.successor}"
            raise NotDone(f"Certificate {row.number} is {row.state}. {hint}.", code=f"certificate_{row.state}")
        if not row.paid:
            raise NotDone(f"Certificate {row.number} was given: nobody had paid for it.", code="certificate_given")
        free = row.left - held_by_others(writer.certificate_holds_of([row.number]), "", hub.now())
        wanted = free if kopecks is None else kopecks
        if not 0 < wanted <= free:
            held = f", and a receipt has {format_kopecks(row.left - free)} of it just now" if free < row.left else ""
            raise NotDone(
                f"On certificate {row.number} are {format_kopecks(row.left)}{held}: not more is given back.",
                code="certificate_more_than_left" if row.left else "certificate_empty",
            )
        body = CertificateRefunded(certificate=row.number, kopecks=wanted, reason=reason)
        words = f"{format_kopecks(wanted)} of certificate {row.number} are given back in money."
        return Deed(row.number, words, (body,), _alone(writer, order, wanted, hub.now()))

    return _ordered_for(hub, text, order, decide)


# the pieces


def _given_until(programme: Programme, now: datetime) -> datetime:
    """Midnight after its last day."""
    return end_of(programme, programme.day(now) + timedelta(days=programme.certificates.given_days))


def _last_day(programme: Programme, until: datetime) -> str:
    return programme.day(until - timedelta(microseconds=1)).isoformat()


def _alone(reader: Reader, order: Order, kopecks: int, now: datetime) -> Mapping[str, str]:
    """What this person has let go today with this order. Raises NotDone."""
    who = order.person or " ".join(order.by.casefold().split())
    name = f"{ALONE}{who}/{now:%Y-%m-%d}"
    sum_ = int(reader.setting(name) or 0) + kopecks
    if sum_ > ALONE_DAY_MAX:
        most = format_kopecks(ALONE_DAY_MAX)
        raise NotDone(
            f"One person alone gives certificates, and money for them, of at most {most} in a day: another one orders"
            " this.",
            code="certificate_alone",
        )
    return {name: str(sum_)}


def _ordered_for(hub: Hub, text: str, order: Order, decide: Callable[[Writer, CertificateRow], Deed]) -> Done:
    """For one that is there. Raises NotDone."""
    hub.look_at_programmes()
    with hub.store.reading() as reader:
        row = called(hub, reader, text)
    if row.programme not in hub.programmes:
        raise NotDone(f"Certificate {row.number} is of {row.programme!r}, which is no programme of this hub.")
    return _ordered(
        hub, row.programme, order, lambda writer: decide(writer, writer.locked_certificates([row.number])[row.number])
    )


def _ordered(hub: Hub, programme: str, order: Order, decide: Callable[[Writer], Deed]) -> Done:
    """Carry an order out, or say what it did before. Raises NotDone."""
    check_order(order)
    done: Done | None = None

    def work(writer: Writer) -> Said:
        nonlocal done
        done = done_before(writer, order)
        if done is not None:
            return Said(())
        deed = decide(writer)
        done = Done(member=deed.number, words=deed.words, changed=bool(deed.bodies))
        settings = {**deed.settings, **kept_under(order, done, hub.now())} if deed.bodies else {}
        return Said(deed.bodies, settings=settings, whole=True)

    bear(hub, programme, work, key_of_its_own(order), order.by, code=lambda reason: reason)
    assert done is not None
    return done
