"""An online shop asks to know who he is (P33): he sees which, and what it asks for, and agrees; and which he has
connected."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode, urlsplit

from starlette.responses import RedirectResponse, Response

from account.visit import Page, Refused, View, Visit
from sync.account.connect import (
    AskConnected,
    ConnectAgree,
    ConnectAsk,
    ConnectAsked,
    ConnectedTold,
    Connecting,
    Disconnect,
    Disconnected,
)
from web.guard import CSP
from web.language import Words

WORDS: Final[Words] = {
    "connect": ("Вход в магазин", "Sign in to a shop"),
    "connect_who": (
        "{title} просит разрешить вход через ваш кабинет.",
        "{title} asks to sign you in by your account.",
    ),
    "connect_gets": ("Магазин сможет:", "The shop will be able to:"),
    "connect_sees": (
        "видеть ваше имя, последние цифры карты и сколько у вас {of_currency}",
        "see your name, the last figures of your card, and how many {currency} you have",
    ),
    "connect_orders": (
        "начислять {currency} за ваши заказы, а списывать их — когда вы нажмёте «Списать»",
        "give you {currency} for your orders, and spend them when you press “Spend”",
    ),
    "connect_not": (
        "Телефона, покупок и профиля магазин не увидит.",
        "It does not see your phone, your purchases or your profile.",
    ),
    "connect_days": (
        "Разрешение действует {days} дней. Отозвать его можно в профиле, раздел «Магазины с входом».",
        "This holds {days} days. You end it in your profile, under “Shops you sign in to”.",
    ),
    "connect_yes": ("Разрешить", "Allow"),
    "connect_no": ("Не разрешать", "Do not allow"),
    "connect_shops": ("Магазины с входом", "Shops you sign in to"),
    "connect_none": (
        "Пока ни одного. Магазин появится здесь, когда вы войдёте в него через кабинет.",
        "None yet. A shop stands here once you have signed in to it by your account.",
    ),
    "connect_since": ("С {since}, до {until}", "Since {since}, until {until}"),
    "connect_end": ("Отозвать", "End it"),
    "connect_end_of": ("Отозвать вход: {title}", "End it: {title}"),
    "connect_ended": ("{title} вас больше не знает.", "{title} does not know you any more."),
    "no_connect_unknown": (
        "Такого магазина здесь нет. Вернитесь в магазин и сообщите ему об этом.",
        "There is no such shop here. Go back to the shop and tell them.",
    ),
    "no_connect_back": (
        "Магазин указал чужой адрес возврата, поэтому вход остановлен. Сообщите об этом магазину.",
        "The shop named an address that is not its own, so this was stopped. Tell the shop.",
    ),
    "no_connect_done": (
        "Это разрешение уже дано. Вернитесь в магазин и войдите ещё раз.",
        "You have allowed this already. Go back to the shop and sign in again.",
    ),
    "no_no_shop_link": (
        "Этот вход уже отозван. Обновите страницу.",
        "This one has ended already. Load the page again.",
    ),
}
LETTERS_MAX: Final = 300
STATE_LETTERS_MAX: Final = 200
OWN: Final = "/profile/shops"


def _connect(visit: Visit) -> Response:
    """The address is asked about before anything leads there."""
    shop, back = visit.typed.one("shop")[:LETTERS_MAX], visit.typed.one("back")[:LETTERS_MAX]
    if not shop or not back:
        raise Refused("no_connect_unknown", status=400)
    asked = visit.ask("connect_ask", ConnectAsk(shop=shop, back=back), ConnectAsked)
    answer = visit.show(
        "connect.html",
        title="connect",
        shop=shop,
        asked=asked,
        back=back,
        state=visit.typed.one("state")[:STATE_LETTERS_MAX],
    )
    answer.headers["Content-Security-Policy"] = _leading_to(back)
    return answer


def _leading_to(back: str) -> str:
    """The form's answer leads the browser to this shop: to this one alone."""
    parts = urlsplit(back)
    return CSP.replace("form-action 'self'", f"form-action 'self' {parts.scheme}://{parts.netloc}")


def _agree(visit: Visit) -> Response:
    shop, back = visit.typed.one("shop")[:LETTERS_MAX] or "-", visit.typed.one("back")[:LETTERS_MAX] or "-"
    code = visit.ask("connect_agree", ConnectAgree(shop=shop, back=back), Connecting).code
    return _to_shop(visit, back, code=code)


def _refuse(visit: Visit) -> Response:
    """The shop is told so: `error=access_denied`."""
    shop, back = visit.typed.one("shop")[:LETTERS_MAX] or "-", visit.typed.one("back")[:LETTERS_MAX] or "-"
    visit.ask("connect_ask", ConnectAsk(shop=shop, back=back), ConnectAsked)
    return _to_shop(visit, back, error="access_denied")


def _to_shop(visit: Visit, back: str, **told: str) -> Response:
    """Only to an address that the hub has just said is the shop's."""
    told["state"] = visit.typed.one("state")[:STATE_LETTERS_MAX]
    to = f"{back}{'&' if urlsplit(back).query else '?'}{urlencode(told)}"
    return RedirectResponse(to, status_code=303, headers={"Referrer-Policy": "no-referrer"})


def _shops(visit: Visit) -> Response:
    told = visit.ask("connected", AskConnected(), ConnectedTold)
    return visit.show("connect_shops.html", title="connect_shops", shops=told.shops)


def _end(visit: Visit) -> Response:
    link = visit.typed.one("link")[:40] or "-"
    title = visit.ask("disconnect", Disconnect(link=link), Disconnected).title
    return visit.go(OWN, visit.say("connect_ended", title=title))


CONNECT: Final = Page(
    path="/connect",
    title="connect",
    words=WORDS,
    views=(
        View("GET", "/connect", _connect),
        View("POST", "/connect", _agree),
        View("POST", "/connect/no", _refuse),
    ),
)
CONNECTED: Final = Page(
    path=OWN,
    title="connect_shops",
    words={},
    views=(View("GET", OWN, _shops), View("POST", f"{OWN}/end", _end)),
)
