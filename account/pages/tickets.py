"""Questions to the people of the programme (P28, P34): opened with a reason, a mailbox, photos and a shop, by members
and by whoever has come by; and the conversation that follows. Whoever is not signed in has a link of his own."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Final

from starlette.responses import Response

from account.brought import brought
from account.codes import place_of
from account.hub_desk import HubSaysNo
from account.pages.tickets_words import WORDS
from account.pictures import BYTES_MAX, PICTURES_MAX
from account.tries import Guessed
from account.visit import Page, Refused, View, Visit
from sync.account.tickets import (
    TEXT_LETTERS_MAX,
    AskPicture,
    AskTicket,
    AskTicketForm,
    AskTickets,
    CloseTicket,
    OpenTicket,
    Pair,
    PictureByLink,
    PictureTold,
    TicketByLink,
    TicketForm,
    TicketOpened,
    TicketsTold,
    TicketTold,
    WriteByLink,
    WriteTicket,
)

HERE: Final = "/help/tickets"
BY_LINK: Final = "/help/t"
FROM_ADDRESS: Final = 30  # in a day, before each one more waits: a whole town may be behind one address
FROM_BROWSER: Final = 8
AGAIN: Final = frozenset(("ticket_reason", "ticket_text", "ticket_email", "ticket_store"))  # said beside the form
OF_PICTURES: Final = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Content-Disposition": 'inline; filename="photo.jpg"',
}


# which there are


def _list(visit: Visit) -> Response:
    told = visit.ask("tickets", AskTickets(), TicketsTold) if visit.member else TicketsTold(tickets=())
    return visit.show(
        "tickets.html",
        title="tickets",
        me=visit.me() if visit.member else None,
        told_tickets=told,
        in_words=lambda pair: _in_words(visit, pair),
    )


def _in_words(visit: Visit, pair: Pair) -> str:
    return pair[0 if visit.language == "ru" else 1]


# a new one


def _form(visit: Visit, refused: str = "", status: int = 409) -> Response:
    form = visit.ask("ticket_form", AskTicketForm(), TicketForm)
    typed = visit.typed
    return visit.show(
        "tickets_new.html",
        title="tickets_new",
        status=status if refused else 200,
        refused=refused,
        form=form,
        reason=typed.one("reason"),
        text=typed.one("text"),
        email=typed.one("email", form.email),
        store=typed.one("store"),
        in_words=lambda pair: _in_words(visit, pair),
        **_bounds(),
    )


def _bounds() -> dict[str, int]:
    return {"text_most": TEXT_LETTERS_MAX, "pictures_most": PICTURES_MAX, "bytes_most": BYTES_MAX}


def _open(visit: Visit) -> Response:
    """What is wrong is said beside the form, which keeps what was typed."""
    typed = visit.typed
    try:
        if not visit.member:
            limit_visitor(visit)
        asked = OpenTicket(
            reason=typed.one("reason")[:60],
            text=typed.one("text")[:TEXT_LETTERS_MAX],
            email=typed.one("email")[:300],
            store=typed.one("store")[:60],
            pictures=brought(visit),
            language=visit.language,
        )
        opened = visit.ask("open_ticket", asked, TicketOpened)
    except Refused as refused:
        return _form(visit, visit.say(refused.word, **refused.facts), refused.status)
    except HubSaysNo as no:
        if no.code not in AGAIN:
            raise
        return _form(visit, visit.say(f"no_{no.code}"))
    to = f"{BY_LINK}/{opened.token}" if opened.token else f"{HERE}/{opened.id}"
    return visit.go(to, visit.say("tickets_opened_link" if opened.token else "tickets_opened"))


def limit_visitor(visit: Visit) -> None:
    """Of who is not signed in: by his address and his browser. Raises Refused."""
    guessed = (
        Guessed("tickets from address", place_of(visit.address), FROM_ADDRESS),
        Guessed("tickets from browser", visit.browser_id(), FROM_BROWSER),
    )
    if wait_s := visit.house.tries.begin(*guessed):
        raise Refused("tickets_from_here", status=429, wait_s=wait_s)


# one of them, of a member or behind a link


def _one(visit: Visit) -> Response:
    told = visit.ask("ticket", AskTicket(id=_id(visit)), TicketTold)
    return _shown(visit, told, f"{HERE}/{told.id}", "/pictures")


def _by_link(visit: Visit) -> Response:
    token = visit.path["token"][:64]
    told = visit.ask("ticket_by_link", TicketByLink(token=token), TicketTold)
    return _shown(visit, told, f"{BY_LINK}/{token}", f"{BY_LINK}/{token}/pictures")


def _shown(visit: Visit, told: TicketTold, here: str, pictures: str, refused: str = "", status: int = 409) -> Response:
    return visit.show(
        "tickets_one.html",
        title=visit.say("tickets_one", number=told.number),
        me=visit.me() if visit.member else None,
        status=status if refused else 200,
        refused=refused,
        ticket=told,
        path=here,
        pictures=pictures,
        by_link=here.startswith(f"{BY_LINK}/"),
        text=visit.typed.one("text") if refused else "",
        in_words=lambda pair: _in_words(visit, pair),
        **_bounds(),
    )


def _write(visit: Visit) -> Response:
    id = _id(visit)

    def send(text: str, pictures: tuple[str, ...]) -> None:
        visit.ask("write_ticket", WriteTicket(id=id, text=text, pictures=pictures), TicketTold)

    return _written(visit, send, _one_again, f"{HERE}/{id}")


def _one_again(visit: Visit, refused: str, status: int) -> Response:
    told = visit.ask("ticket", AskTicket(id=_id(visit)), TicketTold)
    return _shown(visit, told, f"{HERE}/{told.id}", "/pictures", refused, status)


def _write_by_link(visit: Visit) -> Response:
    token = visit.path["token"][:64]

    def send(text: str, pictures: tuple[str, ...]) -> None:
        limit_visitor(visit)
        visit.ask("write_by_link", WriteByLink(token=token, text=text, pictures=pictures), TicketTold)

    return _written(visit, send, _link_again, f"{BY_LINK}/{token}")


def _link_again(visit: Visit, refused: str, status: int) -> Response:
    token = visit.path["token"][:64]
    told = visit.ask("ticket_by_link", TicketByLink(token=token), TicketTold)
    return _shown(visit, told, f"{BY_LINK}/{token}", f"{BY_LINK}/{token}/pictures", refused, status)


def _written(
    visit: Visit,
    send: Callable[[str, tuple[str, ...]], None],
    again: Callable[[Visit, str, int], Response],
    here: str,
) -> Response:
    """What is wrong is said beside the form, which keeps what was typed."""
    try:
        send(visit.typed.one("text")[:TEXT_LETTERS_MAX], brought(visit))
    except Refused as refused:
        return again(visit, visit.say(refused.word, **refused.facts), refused.status)
    except HubSaysNo as no:
        if no.code not in ("ticket_text", "ticket_long", "picture_broken"):
            raise
        return again(visit, visit.say(f"no_{no.code}"), 409)
    return visit.go(here, visit.say("tickets_sent"))


def _close(visit: Visit) -> Response:
    visit.ask("close_ticket", CloseTicket(id=_id(visit)), TicketTold)
    return visit.go(f"{HERE}/{_id(visit)}", visit.say("tickets_closed_now"))


def _id(visit: Visit) -> str:
    return visit.path["id"][:64]


# its pictures


def _picture(visit: Visit) -> Response:
    return _jpeg(visit.ask("picture", AskPicture(id=_id(visit)), PictureTold))


def _picture_by_link(visit: Visit) -> Response:
    asked = PictureByLink(token=visit.path["token"][:64], id=_id(visit))
    return _jpeg(visit.ask("picture_by_link", asked, PictureTold))


def _jpeg(told: PictureTold) -> Response:
    """Nothing but a picture, whatever a browser may find in it."""
    return Response(base64.b64decode(told.body), media_type="image/jpeg", headers=OF_PICTURES)


TICKETS: Final = Page(
    path=HERE,
    title="tickets",
    words=WORDS,
    views=(
        View("GET", HERE, _list, open=True),
        View("GET", f"{HERE}/new", _form, open=True),
        View("POST", f"{HERE}/new", _open, open=True, pictures=True),
        View("GET", f"{HERE}/{{id}}", _one),
        View("POST", f"{HERE}/{{id}}", _write, pictures=True),
        View("POST", f"{HERE}/{{id}}/close", _close),
        View("GET", f"{BY_LINK}/{{token}}", _by_link, open=True),
        View("POST", f"{BY_LINK}/{{token}}", _write_by_link, open=True, pictures=True),
        View("GET", f"{BY_LINK}/{{token}}/pictures/{{id}}", _picture_by_link, open=True),
        View("GET", "/pictures/{id}", _picture),
    ),
)
