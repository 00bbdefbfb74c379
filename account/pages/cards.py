"""My cards (A5, A12, A29–A31): what each one is and does now, one more linked, one blocked as lost, one that becomes
virtual, and the card as a picture and on a phone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from starlette.responses import Response

from account.hub_desk import HubSaysNo
from account.pages.cards_words import WORDS
from account.visit import Page, Refused, View, Visit
from loyalty.wording import points_text
from sync.account.card_orders import AskOrders, OrdersTold, OrderTold
from sync.account.cards import (
    AskCards,
    AskFace,
    BlockCard,
    CardDone,
    CardsTold,
    FaceForm,
    FaceTold,
    LinkCard,
    MakeVirtual,
    PhoneLink,
    PutOnPhone,
    TakeOffPhone,
)
from sync.account.codes import CheckCode, CodeProved, CodeSent, SendCode
from web.qr import qr_path

FORMS: Final[dict[str, tuple[FaceForm, str]]] = {
    "png": ("png", "image/png"),
    "pdf": ("pdf", "application/pdf"),
}
CARD_LETTERS_MAX: Final = 60
OVER: Final = ("handed_over", "returned", "cancelled")
SHOWN_FOR: Final = timedelta(days=30)


def _list(visit: Visit, refused: str = "") -> Response:
    told = visit.ask("cards", AskCards(), CardsTold)
    good = [one for one in told.cards if one.status not in ("blocked", "replaced")]
    old = [one for one in told.cards if one not in good]
    return visit.show(
        "cards.html",
        title="cards",
        status=409 if refused else 200,
        refused=refused,
        typed=visit.typed.one("number") if refused else "",
        good=good,
        old=old,
        instead_of=None if good else next((one for one in old if one.status == "blocked"), None),
        orders=(orders := visit.ask("card_orders", AskOrders(), OrdersTold)),
        order=_shown_order(visit, orders),
        zone=zone_of(visit),
        told_cards=told,
    )


def _shown_order(visit: Visit, told: OrdersTold) -> OrderTold | None:
    """The newest, while it goes on and a little longer."""
    order = told.orders[0] if told.orders else None
    if order is None or (order.state in OVER and datetime.fromisoformat(order.at) < visit.house.now() - SHOWN_FOR):
        return None
    return order


def zone_of(visit: Visit) -> ZoneInfo:
    return ZoneInfo(visit.house.programme().timezone)


def _one(visit: Visit) -> Response:
    return visit.show("cards_one.html", title="cards_one", **_about(visit))


def _lost(visit: Visit) -> Response:
    return visit.show("cards_lost.html", title="cards_lost", **_about(visit))


def _about(visit: Visit) -> dict[str, Any]:
    """The card in the address, with what pages of one card say besides. Raises Refused."""
    number, told = _number(visit), visit.ask("cards", AskCards(), CardsTold)
    card = next((one for one in told.cards if one.number == number), None)
    if card is None:
        raise Refused("no_no_card", status=404)
    return {"card": card, "told_cards": told, "zone": zone_of(visit), "qr": qr_path(number)}


def _number(visit: Visit) -> str:
    number = visit.typed.one("card")[:CARD_LETTERS_MAX]
    if not number:
        raise Refused("no_no_card", status=404)
    return number


def _face(visit: Visit) -> Response:
    form, media_type = FORMS.get(visit.path["form"], FORMS["png"])
    told = visit.ask("card_face", AskFace(card=_number(visit), form=form, language=visit.language), FaceTold)
    return Response(told.picture, media_type=media_type)


# what he does


def _link(visit: Visit) -> Response:
    number = visit.typed.one("number")[:CARD_LETTERS_MAX]
    if not number:
        return _list(visit, visit.say("cards_link_empty"))
    try:
        done = visit.ask("card_link", LinkCard(card=number), CardDone)
    except HubSaysNo as refused:
        if refused.code != "card_not_found":
            raise
        return _list(visit, visit.say("no_card_not_found", tries_left=refused.tries_left or 0))
    told = visit.say("cards_linked", card=done.card)
    return visit.go("/cards", told + (f" {_came(visit, done.points)}" if done.points else ""))


def _came(visit: Visit, points: int) -> str:
    currency = visit.house.programme().currency
    return visit.say("cards_linked_points", points=points_text(points, currency, visit.language))


def _block(visit: Visit) -> Response:
    done = visit.ask("card_block", BlockCard(card=_number(visit)), CardDone)
    return visit.go("/cards", visit.say("cards_blocked" if done.changed else "cards_blocked_before", card=done.card))


def _virtual(visit: Visit, refused: str = "") -> Response:
    about = _about(visit)
    return visit.show(
        "cards_virtual.html",
        title="cards_virtual",
        status=409 if refused else 200,
        refused=refused,
        code_sent=visit.remembered("cards_code_for") == about["card"].number,
        **about,
    )


def _send_code(visit: Visit) -> Response:
    number = _number(visit)
    sent = visit.ask("send_code", SendCode(purpose="confirm", doing="card", language=visit.language), CodeSent)
    here = f"/cards/virtual?card={quote(number)}"
    if sent.why:
        return visit.go(here, visit.say("cards_code_wait", wait=sent.again_s))
    visit.remember(cards_code=sent.id, cards_code_for=number)
    return visit.go(here, visit.say("cards_code_sent"))


def _make_virtual(visit: Visit) -> Response:
    number = _number(visit)
    try:
        done = visit.ask("card_virtual", MakeVirtual(card=number, proof=_proof(visit, number)), CardDone)
    except HubSaysNo as refused:
        if not refused.code.startswith(("code_", "phone_")):
            raise
        word = "cards_code_wrong" if refused.code == "code_wrong" else "no_phone_not_proven"
        return _virtual(visit, visit.say(word, tries_left=refused.tries_left or 0))
    visit.remember(cards_code="", cards_code_for="")
    return visit.go("/cards", visit.say("cards_virtual_done", old=number, card=done.card))


def _proof(visit: Visit, number: str) -> str:
    """ "": he has told no code here; the same form sent again needs none."""
    if visit.remembered("cards_code_for") != number:
        return ""
    told = CheckCode(id=visit.remembered("cards_code"), digits=visit.typed.one("code")[:20] or "0")
    return visit.ask("check_code", told, CodeProved).proof


def _on_phone(visit: Visit) -> Response:
    """Shown at once: the link is nobody's to find later. The same form is the same link."""
    link = visit.ask("card_on_phone", PutOnPhone(card=_number(visit)), PhoneLink)
    return visit.show("cards_phone.html", title="cards_phone", link=link, **(_about(visit) | {"qr": qr_path(link.url)}))


def _off_phone(visit: Visit) -> Response:
    number = _number(visit)
    phone = visit.typed.one("phone")[:64] or "-"
    visit.ask("card_off_phone", TakeOffPhone(card=number, phone=phone), CardDone)
    return visit.go(f"/cards/one?card={quote(number)}", visit.say("cards_phone_off"))


CARDS: Final = Page(
    path="/cards",
    title="cards",
    icon="cards",
    words=WORDS,
    views=(
        View("GET", "/cards", _list),
        View("GET", "/cards/one", _one),
        View("GET", "/cards/face.{form}", _face),
        View("POST", "/cards/link", _link),
        View("GET", "/cards/lost", _lost),
        View("POST", "/cards/block", _block),
        View("GET", "/cards/virtual", _virtual),
        View("POST", "/cards/virtual/code", _send_code),
        View("POST", "/cards/virtual", _make_virtual),
        View("POST", "/cards/phone", _on_phone),
        View("POST", "/cards/phone/off", _off_phone),
    ),
)
