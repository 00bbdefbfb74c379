"""What a member orders in his account: a certificate, that its money goes back, another design, that it is sent again.

Nothing outside is asked here: whoever has ordered sees the order, and it goes on by itself (walking.py).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import msgspec

from hub.certificate_orders.designs import checked_picture
from hub.certificate_orders.order import (
    KIND,
    PAY_WITHIN,
    UNPAID,
    CertificateOrder,
    Event,
    changed,
    may,
    order_of,
    rows_of,
    state_of,
    stepped,
    with_order,
)
from hub.certificate_orders.selling import taken_back
from hub.errands.errand import errand_id, errands_of, his_errand
from hub.hub import Hub
from hub.people.orders import NotDone, check_not_erased
from hub.people.who import people
from hub.store.errand_records import ErrandRow, PictureRow
from hub.store.rows import Rows
from hub.store.seam import Writer
from loyalty.basket import BadBasket
from loyalty.certificates import check_face_value
from loyalty.emails import BadEmail, parse_email
from loyalty.possible import is_text
from loyalty.programme import Programme
from loyalty.utc import utc_text
from sync.account.certificates import (
    DAYS_AHEAD_MAX,
    NAME_LETTERS_MAX,
    SHIPPED,
    WORDS_LETTERS_MAX,
    OrderCertificate,
)

BY_MEMBER: Final = "member"
UNPAID_MAX: Final = 5  # of one member at once
RESENT_MAX: Final = 5
OWN: Final = "own"


def order_certificate(hub: Hub, member: str, asked: OrderCertificate, key: str) -> ErrandRow:
    """The same key is the same order. Raises NotDone."""
    with hub.store.reading() as reader:
        programme = people(reader, [member])[0].row.programme
    id, order = errand_id(KIND, member, key), checked(hub, hub.programmes[programme], asked)
    pictures = _pictures(id, order, asked.picture)

    def work(writer: Writer) -> ErrandRow:
        writer.locked_members([member])
        known = writer.locked_errands([id]).get(id)
        if known is not None:
            return known
        check_not_erased(writer, people(writer, [member])[0])
        if sum(state_of(row) in UNPAID for row in errands_of(writer, KIND, member)) >= UNPAID_MAX:
            raise NotDone(f"{UNPAID_MAX} of his are not paid yet.", code="certificate_many")
        now = hub.now()
        row = with_order(ErrandRow(id, KIND, member, "", "new", now, now, ""), order)
        writer.write(Rows(errands=[row], pictures=pictures))
        return row

    return hub.within(work)


def checked(hub: Hub, programme: Programme, asked: OrderCertificate) -> CertificateOrder:
    """As it is kept. Raises NotDone."""
    try:
        check_face_value(programme, asked.kopecks)
    except BadBasket as error:
        raise NotDone(str(error), code="certificate_sum") from error
    if asked.kopecks % 100:
        raise NotDone("A certificate is of whole rubles.", code="certificate_sum")
    now, name, words = hub.now(), " ".join(asked.to_name.split()), " ".join(asked.words.split())
    if not is_text(name, NAME_LETTERS_MAX):
        raise NotDone("For whom is it?", code="certificate_to")
    if words and not is_text(words, WORDS_LETTERS_MAX):
        raise NotDone(f"Words have at most {WORDS_LETTERS_MAX} letters.", code="certificate_words")
    return CertificateOrder(
        programme=programme.id,
        made_at=utc_text(now),
        kopecks=asked.kopecks,
        design=asked.design,
        deliver_at=utc_text(delivery(programme, asked.at, now)),
        to_name=name,
        to_mail=_mail(asked.to_mail, "certificate_to_mail"),
        words=words,
        mail=_mail(asked.mail, "certificate_mail"),
        language=asked.language,
        return_url=asked.back,
        pay_until=utc_text(now + PAY_WITHIN),
    )


def delivery(programme: Programme, at: str, now: datetime) -> datetime:
    """By the clock of the programme's shops; "": now. Raises NotDone."""
    if not at:
        return now
    try:
        then = datetime.fromisoformat(at).replace(tzinfo=programme.timezone).astimezone(now.tzinfo)
    except (ValueError, OverflowError) as error:
        raise NotDone("When is it to go out?", code="certificate_time") from error
    if not now - timedelta(days=1) <= then <= now + timedelta(days=DAYS_AHEAD_MAX):
        raise NotDone(f"It goes out within {DAYS_AHEAD_MAX} days.", code="certificate_time")
    return max(then, now)


def _mail(text: str, code: str) -> str:
    try:
        return parse_email(text)
    except BadEmail as error:
        raise NotDone(str(error), code=code) from error


def _pictures(id: str, order: CertificateOrder, picture: str) -> list[PictureRow]:
    """Raises NotDone."""
    if order.design != OWN:
        return []
    return [PictureRow(f"{id}-{order.asks.get(OWN, 0)}", id, checked_picture(picture))]


# what becomes of it


def look(hub: Hub, member: str, id: str) -> None:
    """It is asked at once whether it is paid. Raises NotDone."""

    def work(writer: Writer, row: ErrandRow) -> None:
        if state_of(row) in UNPAID and row.due_at is not None:
            writer.write(Rows(errands=[row._replace(due_at=min(row.due_at, hub.now()))]))

    _his(hub, member, id, work)


def cancel(hub: Hub, member: str, id: str) -> None:
    """What was paid goes back; again is as once. Raises NotDone."""
    with hub.store.reading() as reader:
        row = reader.errands([id]).get(id)
    if row is not None and row.about:
        taken_back(hub, id, lambda writer: his_errand(writer, KIND, member, id), BY_MEMBER)
        return

    def work(writer: Writer, row: ErrandRow) -> None:
        if row.about:
            raise NotDone("It was sold meanwhile. Once more.", code="certificate_order_step")
        if state_of(row) in ("ending", "unpaid", "refunding", "unreceipted", "refunded"):
            return
        if state_of(row) == "odd":
            raise NotDone("People look at it.", code="certificate_order_step")
        event: Event = "back" if may(row, "back") else "cancelled"
        writer.write(rows_of(writer, stepped(row, event, hub.now(), BY_MEMBER, due=hub.now())))

    _his(hub, member, id, work)


def choose(hub: Hub, member: str, id: str, design: str, picture: str) -> None:
    """Another design, for a picture that does not go. Raises NotDone."""
    if design not in (*SHIPPED, OWN):
        raise NotDone(f"There is no design {design}.", code="certificate_design")

    def work(writer: Writer, row: ErrandRow) -> None:
        if state_of(row) != "redraw":
            raise NotDone(f"Order {id} is {row.state}.", code="certificate_order_step")
        order = order_of(row)
        order = msgspec.structs.replace(
            order, design=design, declined="", asks={**order.asks, OWN: order.asks.get(OWN, 0) + 1}
        )
        old, pictures = [one for one, _ in writer.pictures_of([id])], _pictures(id, order, picture)
        row = stepped(with_order(row, order), "chosen", hub.now(), BY_MEMBER, due=hub.now())
        writer.write(Rows(errands=[row], pictures=pictures, gone_pictures=old))

    _his(hub, member, id, work)


def resend(hub: Hub, member: str, id: str, to_mail: str) -> None:
    """The same certificate, once more. To another address alone where nobody has got it. Raises NotDone."""

    def work(writer: Writer, row: ErrandRow) -> None:
        order = order_of(row)
        if not order.to_mail:
            raise NotDone("To whom it went is forgotten.", code="certificate_order_step")
        if order.resent >= RESENT_MAX:
            raise NotDone(f"It was sent again {RESENT_MAX} times.", code="certificate_resent")
        fresh = _mail(to_mail, "certificate_to_mail") if to_mail else order.to_mail
        if fresh != order.to_mail and state_of(row) != "undelivered":
            raise NotDone("Somebody has it by now.", code="certificate_order_step")
        row = changed(row, to_mail=fresh, resent=order.resent + 1)
        writer.write(Rows(errands=[stepped(row, "again", hub.now(), BY_MEMBER, due=hub.now())]))

    _his(hub, member, id, work)


def _his(hub: Hub, member: str, id: str, work: Callable[[Writer, ErrandRow], None]) -> None:
    hub.within(lambda writer: work(writer, his_errand(writer, KIND, member, id)))
