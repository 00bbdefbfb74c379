"""Acts for phones that show a card: a link for one, which there are, and that one does not any more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Final

import msgspec

from hub.card_phones.linking import Link, make_link, page_at
from hub.card_phones.revoking import phones_of, revoke
from hub.codes.code import shown_phone
from hub.desk.act import Act, ActRefused, Asked
from hub.hub import Hub
from hub.people.orders import NotDone
from hub.sender.message import Message, message_row
from hub.sender.sender import sends
from hub.store.rows import Rows
from hub.store.seam import Writer
from loyalty.utc import utc_text
from sync.card_phones import (
    LINK,
    LIST,
    REVOKE,
    CardPhoneTold,
    LinkAsked,
    LinkMade,
    PhonesAsked,
    PhonesTold,
    RevokeAsked,
    Revoked,
)

TEXT: Final = "Ваша карта в телефоне, {programme}: {url} Ссылка на час и на один телефон. Никому её не пересылайте."


def _or_refused(do: Callable[[Hub, Asked, Any], msgspec.Struct]) -> Callable[[Hub, Asked, Any], msgspec.Struct]:
    @wraps(do)
    def refusing(hub: Hub, asked: Asked, body: Any) -> msgspec.Struct:
        try:
            return do(hub, asked, body)
        except NotDone as why:
            raise ActRefused(why.code, str(why)) from why

    return refusing


@_or_refused
def _link(hub: Hub, asked: Asked, body: LinkAsked) -> LinkMade:
    with hub.store.reading() as reader:
        page = page_at(reader)
    link = make_link(hub, body.card, key=asked.key, by=asked.by)
    ends_s = max(0, round((link.ends_at - hub.now()).total_seconds()))
    if not body.send:
        return LinkMade(card=link.card, url=link.at(page), to="", ends_s=ends_s)
    to = hub.within(lambda writer: _sent(hub, writer, link, page))
    hub.bell.set()
    return LinkMade(card=link.card, url="", to=to, ends_s=ends_s)


def _sent(hub: Hub, writer: Writer, link: Link, page: str) -> str:
    """To the member's own phone alone. Asked again, it goes out once. Raises ActRefused."""
    phone = link.person.profile.phone
    if phone is None:
        raise ActRefused("code_no_phone", "the member has no phone to send a link to")
    if not sends(writer):
        raise ActRefused("second_factor_unavailable", "this hub has no sender: pos-hub serve --sender URL")
    if not writer.messages([link.id]):
        url, programme = link.at(page), hub.programmes[link.person.row.programme].name("ru")
        message = Message(
            kind="card_phone",
            to=phone,
            shown=shown_phone(phone),
            text=TEXT.format(programme=programme, url=url),
            code=url,
            ends_at=utc_text(link.ends_at),
        )
        writer.write(Rows(messages=[message_row(hub.codes, link.id, hub.now(), message)]))
    return shown_phone(phone)


def _list(hub: Hub, asked: Asked, body: PhonesAsked) -> PhonesTold:
    with hub.store.reading() as reader:
        found = phones_of(reader, body.card)
    return PhonesTold(
        phones=tuple(
            CardPhoneTold(
                id=row.id,
                phone=phone.phone,
                name=phone.name,
                took_at=phone.took_at,
                until=phone.until,
                revoked_at=phone.revoked_at,
            )
            for row, phone in found
        )
    )


@_or_refused
def _revoke(hub: Hub, asked: Asked, body: RevokeAsked) -> Revoked:
    return Revoked(before=not revoke(hub, body.card, body.phone, asked.by))


CARD_PHONE_ACTS: Final[Mapping[str, Act]] = {
    LINK: Act(takes=LinkAsked, right="give_cards", do=_link),
    LIST: Act(takes=PhonesAsked, right="give_cards", do=_list),
    REVOKE: Act(takes=RevokeAsked, right="block_cards", do=_revoke),
}
