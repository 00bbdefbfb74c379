"""In by a social network (A11); whoever comes by one for the first time shows once which member he is, and the network
is linked to his account, where he sees it, takes it away, and makes his card good (A9)."""

from __future__ import annotations

import logging
from typing import Final

import msgspec
from starlette.responses import RedirectResponse, Response

from account.entering import CAME_BY, entrance_of, let_in
from account.hub_desk import HubSaysNo
from account.network import Begun, Known, Network, NetworkRefused, NetworkSilent
from account.visit import Page, Refused, View, Visit
from loyalty.utc import utc_text
from web.language import Words

WORDS: Final[Words] = {
    "social": ("Вход через соцсети", "Social sign-in"),
    "social_enter": ("Войти через {network}", "Sign in by {network}"),
    "social_first": ("Первый вход через {network}", "First time by {network}"),
    "social_first_how": (
        "{network} подтверждает, что это вы, но не знает, какая карта ваша. Один раз подтвердите телефон или карту:"
        " дальше будете входить сразу.",
        "{network} says that it is you, but does not know which card is yours. Confirm your phone or card once: from"
        " then on you are in at once.",
    ),
    "social_have": ("У меня есть карта или телефон в программе", "I have a card, or a phone, in the programme"),
    "social_new": ("Я ещё не участник", "I am no member yet"),
    "social_ask": (
        "Входить в этот кабинет через {network} ({name})?",
        "Sign in to this account by {network} ({name})?",
    ),
    "social_no_name": ("без имени", "no name"),
    "social_link": ("Да, привязать", "Yes, link it"),
    "social_not": ("Нет, не надо", "No"),
    "social_add": ("Привязать {network}", "Link {network}"),
    "social_linked": ("Привязаны", "Linked"),
    "social_none": ("Пока ни одной: вы входите по телефону или карте.", "None yet: you sign in by phone or card."),
    "social_unlink": ("Отвязать", "Unlink"),
    "social_done": ("Готово: теперь можно входить через {network}.", "Done: you can sign in by {network} now."),
    "social_undone": ("{network} больше не открывает кабинет.", "{network} does not open your account any more."),
    "social_off": ("Вход через соцсети здесь не включён.", "Social sign-in is not switched on here."),
    "social_card": ("Карта", "Card"),
    "social_card_how": (
        "Есть пластиковая карта? Привяжите её: введите номер, и она станет вашей.",
        "Do you have a plastic card? Link it: type its number, and it is yours.",
    ),
    "social_card_number": ("Номер карты", "Card number"),
    "social_card_do": ("Привязать карту", "Link a card"),
    "social_unknown": ("Такой соцсети здесь нет.", "There is no such network here."),
    "social_failed": (
        "{network} не подтвердил вход. Начните ещё раз — или войдите по телефону.",
        "{network} did not confirm it. Begin again, or sign in by phone.",
    ),
    "social_silent": (
        "{network} сейчас не отвечает. Попробуйте позже — или войдите по телефону.",
        "{network} does not answer just now. Try later, or sign in by phone.",
    ),
    "social_other": (
        "Этот {network} уже открывает другой кабинет. Сначала отвяжите его там.",
        "This {network} opens another account already. Unlink it there first.",
    ),
    "social_gone": (
        "Вход устарел. Начните ещё раз.",
        "It took too long. Begin again.",
    ),
}
WAY: Final = "way"  # remembered: the way to a network that was begun, for once

log = logging.getLogger(__name__)


def _begin(visit: Visit) -> Response:
    network = _network(visit)
    try:
        begun = visit.house.networks.begin(network)
    except NetworkSilent as error:
        raise _silent(network, error) from error
    visit.remember(**{WAY: msgspec.json.encode(msgspec.structs.replace(begun, url="")).decode()})
    return RedirectResponse(begun.url, status_code=303)


def _back(visit: Visit) -> Response:
    network, known = _network(visit), _known(visit)
    came_by = msgspec.json.encode(known).decode()
    if visit.member:
        visit.remember(**{CAME_BY: came_by})
        return visit.go("/profile/social")
    member = _member_of(visit, known)
    if member:
        return let_in(visit, member)
    visit.remember(**{CAME_BY: came_by})
    return visit.go(f"/sign-in/with/{network.id}/first")


def _known(visit: Visit) -> Known:
    network, way = _network(visit), visit.remembered(WAY)
    if not way:
        raise Refused("social_gone", status=400)
    visit.remember(**{WAY: ""})
    told = {name: values[-1] for name, values in visit.typed.items() if values}
    try:
        return visit.house.networks.back(network, msgspec.json.decode(way, type=Begun), told)
    except NetworkRefused as error:
        log.warning("%s", error)
        raise Refused("social_failed", status=403, network=network.title) from error
    except NetworkSilent as error:
        raise _silent(network, error) from error


def _member_of(visit: Visit, known: Known) -> str:
    """Whose account it opens; "": nobody's. Who is nobody any more has left no key to it."""
    with visit.house.store.reading() as book:
        row = book.one("network_member", network=known.network, subject=known.subject)
    if row is None:
        return ""
    try:
        return entrance_of(visit, str(row[0])).member
    except HubSaysNo as refused:
        if refused.code != "member_gone":
            raise
    with visit.house.store.writing() as book:
        book.do("unlink_subject", network=known.network, subject=known.subject)
    return ""


def _first(visit: Visit) -> Response:
    network = _network(visit)
    if visit.member or not visit.remembered(CAME_BY):
        return visit.go("/profile/social" if visit.member else "/sign-in")
    return visit.show(
        "social_first.html", title=visit.say("social_first", network=network.title), network=network.title
    )


def _own(visit: Visit) -> Response:
    networks, known = visit.house.networks, _came_by(visit)
    with visit.house.store.reading() as book:
        linked = book.all("networks_of", member=visit.me().member)
    titles = {one.id: one.title for one in networks.all}
    asked = networks.called(known.network) if known is not None else None
    return visit.show(
        "social.html",
        title="social",
        asked=asked.title if asked is not None else "",
        name=(known.name if known is not None else "") or visit.say("social_no_name"),
        linked=[(network, titles.get(network, network), name) for network, name, _ in linked],
        others=[one for one in networks.all if one.id not in {network for network, _, _ in linked}],
        is_off=not networks.all,
    )


def _link(visit: Visit) -> Response:
    known = _came_by(visit)
    network = visit.house.networks.called(known.network) if known is not None else None
    visit.remember(**{CAME_BY: ""})
    if known is None or network is None:
        raise Refused("social_gone", status=400)
    member = visit.me().member
    if _member_of(visit, known) not in ("", member):
        raise Refused("social_other", network=network.title)
    with visit.house.store.writing() as book:
        book.do(
            "link_network",
            network=known.network,
            subject=known.subject,
            member=member,
            shown=known.name,
            linked_at=utc_text(visit.house.now()),
        )
    return visit.go("/profile/social", visit.say("social_done", network=network.title))


def _not(visit: Visit) -> Response:
    visit.remember(**{CAME_BY: ""})
    return visit.go("/profile/social")


def _unlink(visit: Visit) -> Response:
    id = visit.typed.one("network")
    network = visit.house.networks.called(id)
    member = visit.me().member
    with visit.house.store.writing() as book:
        book.do("unlink_network", network=id, member=member)
    return visit.go("/profile/social", visit.say("social_undone", network=network.title if network else id))


def _came_by(visit: Visit) -> Known | None:
    text = visit.remembered(CAME_BY)
    return msgspec.json.decode(text, type=Known) if text else None


def _network(visit: Visit) -> Network:
    network = visit.house.networks.called(visit.path["network"])
    if network is None:
        raise Refused("social_unknown", status=404)
    return network


def _silent(network: Network, error: Exception) -> Refused:
    log.warning("%s", error)
    return Refused("social_silent", status=503, network=network.title)


SOCIAL: Final = Page(
    path="/profile/social",
    title="social",
    words=WORDS,
    views=(
        View("GET", "/sign-in/with/{network}", _begin, open=True),
        View("GET", "/sign-in/with/{network}/back", _back, open=True),
        View("GET", "/sign-in/with/{network}/first", _first, open=True),
        View("GET", "/profile/social", _own),
        View("POST", "/profile/social/link", _link),
        View("POST", "/profile/social/not", _not),
        View("POST", "/profile/social/unlink", _unlink),
    ),
)
