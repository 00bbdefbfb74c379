"""A plastic card ordered by the form (A3): to an address, or to wait in a shop against a code."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from account.hub_desk import HubSaysNo
from account.visit import Page, View, Visit
from sync.account.card_orders import (
    ADDRESS_LETTERS_MAX,
    NAME_LETTERS_MAX,
    AskOrders,
    CancelOrder,
    NewOrderCode,
    OrderCard,
    OrderDone,
    OrdersTold,
)
from web.language import Words

WORDS: Final[Words] = {
    "card_orders": ("Заказать карту", "Order a card"),
    "card_orders_why": (
        "Заполните бланк, и мы сделаем пластиковую карту с вашим именем. {Currency} уже на счёте и никуда не денутся.",
        "Fill the form in, and we make a plastic card with your name. Your {currency} stay on your account.",
    ),
    "card_orders_free": ("Карта бесплатна.", "The card is free."),
    "card_orders_fee": ("Карта стоит {fee}: заплатите при получении.", "The card costs {fee}, paid when you get it."),
    "card_orders_name": ("Имя на карте", "Name on the card"),
    "card_orders_name_how": ("До {most} букв, как их напечатать.", "Up to {most} letters, as they are to be printed."),
    "card_orders_how": ("Как получить", "How you get it"),
    "card_orders_by_post": ("Почтой по адресу", "By post, to an address"),
    "card_orders_in_shop": ("В магазине, по коду", "In a shop, with a code"),
    "card_orders_address": ("Адрес с индексом", "Address with its postal code"),
    "card_orders_address_how": (
        "Если почтой. Адрес забудем, когда карта будет у вас.",
        "For the post. We forget the address once you have the card.",
    ),
    "card_orders_store": ("Магазин", "Shop"),
    "card_orders_do": ("Заказать карту", "Order the card"),
    "card_orders_done": (
        "Карта заказана. Здесь видно, где она.",
        "The card is ordered. Here you see where it is.",
    ),
    "card_orders_mine": ("Заказ карты", "Card order"),
    "card_orders_new": ("Принят {day}: карту ещё не сделали.", "Taken {day}: the card is not made yet."),
    "card_orders_made": ("Карта готова, скоро отправим.", "The card is made, and goes out soon."),
    "card_orders_sent": (
        "Отправлена {day} почтой. Получите — наберите её номер ниже, «Привязать карту».",
        "Sent {day} by post. When you have it, type its number below, “Link a card”.",
    ),
    "card_orders_waiting": (
        "Ждёт вас до {ends} в магазине {store}. Покажите там код:",
        "It waits for you until {ends} in shop {store}. Show this code there:",
    ),
    "card_orders_no_code": (
        "Ждёт вас в магазине {store}. Код там назвали неверно слишком много раз: получите новый.",
        "It waits for you in shop {store}. Too many wrong codes were said there: get another.",
    ),
    "card_orders_new_code": ("Получить новый код", "Get another code"),
    "card_orders_handed_over": ("Выдана {day}.", "Handed over {day}."),
    "card_orders_returned": (
        "{day} карта вернулась к нам: её никто не получил. Закажите новую.",
        "{day} the card came back to us: nobody got it. Order another.",
    ),
    "card_orders_cancelled": ("Отменён {day}.", "Cancelled {day}."),
    "card_orders_cancel": ("Отменить заказ", "Cancel the order"),
    "card_orders_cancelled_now": ("Заказ отменён.", "The order is cancelled."),
    "card_orders_open": (
        "Карта уже заказана: посмотрите, где она.",
        "A card is ordered already: see where it is.",
    ),
    "no_card_order_name": (
        "Напишите имя для карты: до 26 букв в одну строку.",
        "Write the name for the card: up to 26 letters on one line.",
    ),
    "no_card_order_address": (
        "Напишите адрес с индексом целиком или выберите магазин.",
        "Write the whole address with its postal code, or choose a shop.",
    ),
    "no_card_order_store": (
        "Такого магазина нет: выберите из списка.",
        "There is no such shop: choose one of the list.",
    ),
    "no_card_order_open": (
        "Карта уже заказана. Посмотрите, где она, в разделе «Карты».",
        "A card is ordered already. See where it is under “Cards”.",
    ),
    "no_card_order_many": (
        "За год заказано слишком много карт. Добавьте виртуальную: она бесплатна.",
        "Too many cards were ordered within a year. Add a virtual one: it is free.",
    ),
    "no_not_registered": (
        "Сначала заполните анкету: карту делают на имя участника.",
        "Fill your form in first: a card is made in a member's name.",
    ),
    "no_no_card_order": ("У вас нет такого заказа. Откройте список карт.", "You have no such order. Open the cards."),
    "no_card_order_step": (
        "Заказ уже в другом состоянии. Откройте список карт.",
        "The order is in another state by now. Open the cards.",
    ),
    "no_member_erased": ("Этот счёт удалён.", "This account was deleted."),
}
AGAIN: Final = frozenset(("card_order_name", "card_order_address", "card_order_store"))  # said beside the form


def _form(visit: Visit, refused: str = "") -> Response:
    told = visit.ask("card_orders", AskOrders(), OrdersTold)
    typed = visit.typed
    return visit.show(
        "card_orders.html",
        title="card_orders",
        status=409 if refused else 200,
        refused=refused,
        orders=told,
        name=typed.one("name") or told.name[:NAME_LETTERS_MAX],
        address=typed.one("address"),
        store=typed.one("store"),
        way=typed.one("way") or "post",
        name_most=NAME_LETTERS_MAX,
        address_most=ADDRESS_LETTERS_MAX,
    )


def _order(visit: Visit) -> Response:
    """What he has filled in for the other way is left where it is."""
    in_shop = visit.typed.one("way") == "shop"
    body = OrderCard(
        name=visit.typed.one("name")[:200],
        address="" if in_shop else visit.typed.one("address")[:1_000],
        store=(visit.typed.one("store")[:60] or "-") if in_shop else "",
    )
    try:
        visit.ask("card_order", body, OrderDone)
    except HubSaysNo as refused:
        if refused.code not in AGAIN:
            raise
        return _form(visit, visit.say(f"no_{refused.code}"))
    return visit.go("/cards", visit.say("card_orders_done"))


def _cancel(visit: Visit) -> Response:
    visit.ask("card_order_cancel", CancelOrder(id=_id(visit)), OrderDone)
    return visit.go("/cards", visit.say("card_orders_cancelled_now"))


def _new_code(visit: Visit) -> Response:
    visit.ask("card_order_code", NewOrderCode(id=_id(visit)), OrderDone)
    return visit.go("/cards")


def _id(visit: Visit) -> str:
    return visit.typed.one("id")[:64] or "-"


CARD_ORDERS: Final = Page(
    path="/cards/order",
    title="card_orders",
    words=WORDS,
    views=(
        View("GET", "/cards/order", _form),
        View("POST", "/cards/order", _order),
        View("POST", "/cards/order/cancel", _cancel),
        View("POST", "/cards/order/code", _new_code),
    ),
)
