"""A link by which a member's phone gets his card: made at a desk, good for an hour and once."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final, NamedTuple

from hub.card_phones.keys import secret_of
from hub.card_phones.phone import LINK_FOR, LINKS_MAX, PHONES_MAX, CardPhone, phone_of, with_phone
from hub.hub import Hub
from hub.people.orders import NotDone
from hub.people.who import Person, is_erased, people
from hub.store.office_records import CardPhoneRow
from hub.store.records import CardRow
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from loyalty.rotating_code import can_be_certified
from loyalty.utc import utc_text

PAGE_AT: Final = "card_page"  # a setting: by which address members' phones reach the page
PATH: Final = "/card/"


class Link(NamedTuple):
    """`id` and `secret` stand behind the address's `#`, which no server is ever told."""

    id: str
    secret: str
    card: str
    ends_at: datetime
    person: Person

    def at(self, page: str) -> str:
        return f"{page.rstrip('/')}{PATH}#{self.id}{self.secret}"


def page_at(reader: Reader) -> str:
    """Raises NotDone."""
    page = reader.setting(PAGE_AT)
    if not page:
        raise NotDone(
            "No page for members' phones is served: pos-hub serve --card-page HOST:PORT --card-page-url https://…",
            code="card_page_missing",
        )
    return page


def tell_page(hub: Hub, page: str) -> None:
    """Links are made by other processes too."""

    def work(writer: Writer) -> None:
        if writer.setting(PAGE_AT) != page:
            writer.write(Rows(settings={PAGE_AT: page}))

    hub.within(work)


def make_link(hub: Hub, number: str, *, key: str, by: str) -> Link:
    """The same order (by its key) is the same link. Raises NotDone."""
    now, id = hub.now(), hashlib.sha256(f"card phone\n{key}".encode()).hexdigest()[:16]

    def work(writer: Writer) -> Link:
        card, person = card_in_hand(writer, number)
        known = writer.card_phones([id]).get(id)
        if known is not None:
            ends_at = datetime.fromisoformat(phone_of(known).ends_at)
            return Link(id, secret_of(hub.keys.phones, id), known.card, ends_at, person)
        writer.locked_members([person.member])
        gone = _check_room(writer, card.number, now)
        ends_at = now + LINK_FOR
        made = CardPhone(made_at=utc_text(now), by=by, ends_at=utc_text(ends_at))
        row = with_phone(CardPhoneRow(id, card.number, ""), made)
        writer.write(Rows(card_phones=[row], gone_card_phones=gone))
        return Link(id, secret_of(hub.keys.phones, id), card.number, ends_at, person)

    return hub.within(work)


def card_in_hand(reader: Reader, number: str) -> tuple[CardRow, Person]:
    """A card that a phone may show, and whose it is. Raises NotDone."""
    card = reader.cards([number]).get(number)
    if card is None:
        raise NotDone(f"Nobody has card {number}.", code="unknown_card")
    if card.status in ("blocked", "replaced"):
        raise NotDone(f"Card {number} is {card.status}: no phone shows it.", code=f"card_{card.status}")
    if is_erased(reader, card.member):
        raise NotDone(f"The member of card {number} was erased.", code="member_erased")
    if not can_be_certified(number):
        raise NotDone(f"Card {number} has a number that no phone's code has room for.", code="card_no_room")
    return card, people(reader, [card.member])[0]


def _check_room(reader: Reader, card: str, now: datetime) -> list[str]:
    """Which rows of the card are over and go. Raises NotDone."""
    rows = [(row, phone_of(row)) for row in reader.phones_of_cards([card])]
    if sum(phone.shows(now) and not phone.revoked_at for _, phone in rows) >= PHONES_MAX:
        raise NotDone(
            f"{PHONES_MAX} phones show card {card} already: pos-hub card phones {card}, then forget-phone.",
            code="card_phones_full",
        )
    if sum(phone.waits(now) for _, phone in rows) >= LINKS_MAX:
        raise NotDone(f"{LINKS_MAX} links of card {card} wait for a phone: use one.", code="card_links_full")
    return [row.id for row, phone in rows if not (phone.waits(now) or phone.shows(now) or phone.may_be_taken(now))]
