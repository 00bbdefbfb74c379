"""A card on a member's phone: a link for one as a QR or to his own number, which phones show it, and one taken off."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote

from starlette.responses import Response

from hub.office.pages.cases import zone_of
from hub.office.visit import View, Visit, Words
from sync.card_phones import LinkMade, PhonesTold

WORDS: Final[Words] = {
    "phones": ("Карта {card} в телефоне", "Card {card} on a phone"),
    "phones_of_card": ("В телефоне", "On a phone"),
    "phones_make": ("Дать ссылку", "Make a link"),
    "phones_show": ("Показать QR", "Show its QR"),
    "phones_send": ("Отправить участнику", "Send it to the member"),
    "phones_link": ("Ссылка для телефона", "The link for the phone"),
    "phones_link_how": (
        "Пусть участник наведёт камеру своего телефона. Ссылка действует час и для одного телефона; у кого ссылка, у "
        "того и карта.",
        "Let the member point his phone's camera at it. The link is good for an hour and for one phone; whoever has it "
        "has the card.",
    ),
    "phones_sent": ("Ссылка отправлена на {to}.", "The link goes to {to}."),
    "phones_none": ("Карты нет ни в одном телефоне.", "No phone shows this card."),
    "phones_phone": ("Телефон", "Phone"),
    "phones_since": ("С какого дня", "Since"),
    "phones_until": ("Код действует до", "Its code is good until"),
    "phones_no_code": ("только номер", "the number alone"),
    "phones_revoked": ("отключён {day}", "taken off {day}"),
    "phones_revoke": ("Отключить", "Take off"),
    "phones_gone": ("Телефон отключён: кассы узнают при связи.", "The phone is taken off: tills hear of it online."),
    "no_card_page_missing": (
        "Страницы карт у этого хаба нет: pos-hub serve --card-page.",
        "This hub serves no page of cards: pos-hub serve --card-page.",
    ),
    "no_card_phones_full": (
        "Карта уже в пяти телефонах: отключите лишний.",
        "Five phones show this card already: take one off.",
    ),
    "no_card_links_full": (
        "Ссылки на эту карту уже ждут телефона: откройте одну из них.",
        "Links of this card wait for a phone already: use one of them.",
    ),
    "no_card_no_room": ("Такой номер в код не помещается.", "A code has no room for such a number."),
    "no_no_such_phone": ("Такого телефона у карты нет.", "The card has no such phone."),
    "no_unknown_card": ("Такой карты нет.", "There is no such card."),
    "no_card_blocked": ("Карта заблокирована.", "The card is blocked."),
    "no_code_no_phone": ("У участника нет телефона.", "The member has no phone."),
    "no_second_factor_unavailable": (
        "Отправлять некому: pos-hub serve --sender URL.",
        "Nobody sends: pos-hub serve --sender URL.",
    ),
}


def _shown(visit: Visit) -> Response:
    return _page(visit)


def _link(visit: Visit) -> Response:
    send = bool(visit.typed.one("send"))
    made: LinkMade = visit.do("card_phone_link", {"card": visit.path["card"], "send": send})
    if made.url:
        return _page(visit, url=made.url)
    return visit.go(_here(visit), visit.say("phones_sent", to=made.to))


def _revoke(visit: Visit) -> Response:
    visit.do("card_phone_revoke", {"card": visit.path["card"], "phone": visit.typed.one("phone")})
    return visit.go(_here(visit), visit.say("phones_gone"))


def _page(visit: Visit, url: str = "") -> Response:
    card = visit.path["card"]
    told: PhonesTold = visit.do("card_phones", {"card": card})
    size, path = _modules(url) if url else (0, "")
    return visit.show(
        "phones.html",
        title=visit.say("phones", card=card),
        card=card,
        member=visit.path["member"],
        here=_here(visit),
        phones=told.phones,
        url=url,
        size=size,
        modules=path,
        zone=zone_of(visit, ""),
    )


def _modules(text: str) -> tuple[int, str]:
    """A QR as the path of a drawing, with its quiet zone."""
    import qrcode  # type: ignore[import-untyped]  # the picture alone needs it

    code = qrcode.QRCode(border=4, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    rows: list[list[Any]] = code.get_matrix()
    dark = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, black in enumerate(row) if black)
    return len(rows), "".join(dark)


def _here(visit: Visit) -> str:
    return address(visit.path["member"], visit.path["card"])


def address(member: str, card: str) -> str:
    return f"/members/{quote(member)}/phones/{quote(card, safe='')}"


PHONE_VIEWS: Final = (
    View("GET", "/members/{member}/phones/{card}", _shown, "give_cards"),
    View("POST", "/members/{member}/phones/{card}/link", _link, "give_cards"),
    View("POST", "/members/{member}/phones/{card}/revoke", _revoke, "block_cards"),
)
