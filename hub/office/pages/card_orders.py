"""Plastic cards that members have ordered on the site (A3): new, made, on their way or waiting, and each step."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from hub.card_orders.order import TRANSITIONS
from hub.desk.act import ActRefused
from hub.desk.card_order_acts import CardOrdersTold, CardOrderTold
from hub.office.pages.cases import zone_of
from hub.office.visit import Page, View, Visit, Words

WORDS: Final[Words] = {
    "card_orders": ("Заказы карт", "Card orders"),
    "card_orders_new": ("новые", "new"),
    "card_orders_made": ("изготовлены", "made"),
    "card_orders_sent": ("отправлены", "sent"),
    "card_orders_waiting": ("ждут в магазине", "waiting in a shop"),
    "card_orders_handed_over": ("выданы", "handed over"),
    "card_orders_returned": ("вернулись", "come back"),
    "card_orders_cancelled": ("отменены", "cancelled"),
    "card_orders_none": ("Таких заказов нет.", "There are none."),
    "card_orders_more": ("Показаны первые; остальные — после них.", "These are the first; there are more."),
    "card_orders_order": ("Заказ", "Order"),
    "card_orders_member": ("Участник", "Member"),
    "card_orders_name": ("Имя на карте", "Name on the card"),
    "card_orders_where": ("Куда", "Where to"),
    "card_orders_store": ("магазин {store}", "shop {store}"),
    "card_orders_since": ("С какого времени", "Since"),
    "card_orders_fee": ("Взять {fee}", "Take {fee}"),
    "card_orders_step": ("Дальше", "Next"),
    "card_orders_card": ("Номер бланка", "The blank's number"),
    "card_orders_code": ("Код из кабинета", "The code of his account"),
    "card_orders_do_made": ("Изготовлена", "It is made"),
    "card_orders_do_sent": ("Отправлена", "It is sent"),
    "card_orders_do_arrived": ("В магазине", "It is in the shop"),
    "card_orders_do_handed_over": ("Выдать", "Hand it over"),
    "card_orders_do_returned": ("Вернулась", "It has come back"),
    "card_orders_do_cancelled": ("Отменить", "Cancel"),
    "card_orders_by_post": (
        "Участник активирует сам: наберёт номер карты в кабинете.",
        "The member activates it: he types its number in his account.",
    ),
    "card_orders_done": ("Заказ {id}: {state}.", "Order {id}: {state}."),
    "no_no_card_order": ("Такого заказа нет.", "There is no such order."),
    "no_card_order_step": (
        "Заказ уже в другом состоянии: откройте страницу заново.",
        "The order is in another state by now: open the page anew.",
    ),
    "no_card_not_blank": (
        "Это не свободный бланк этой программы: проверьте номер.",
        "That is no free blank of this programme: look at its number.",
    ),
    "no_card_order_code": (
        "Код другой: пусть участник покажет его в своём кабинете.",
        "The code is another: let the member show it in his account.",
    ),
    "no_card_order_tries": (
        "Слишком много неверных кодов. Новый участник получит в своём кабинете.",
        "Too many wrong codes. The member gets another in his account.",
    ),
}


def _list(visit: Visit, refused: str = "") -> Response:
    state = visit.typed.one("state")
    state = state if state in TRANSITIONS else "new"
    told: CardOrdersTold = visit.do("card_orders", {"state": state})
    return visit.show(
        "card_orders.html",
        title="card_orders",
        status=409 if refused else 200,
        state=state,
        states=tuple(TRANSITIONS),
        told_orders=told,
        steps=steps_of,
        zone=zone_of(visit, ""),
        refused=refused,
    )


def steps_of(order: CardOrderTold) -> tuple[str, ...]:
    """That people say of one in this state; what goes by post its member activates himself."""
    left_out = "sent" if order.store else "arrived"
    by_post = order.state == "sent"
    events = TRANSITIONS[order.state]
    return tuple(one for one in events if one != left_out and not (by_post and one == "handed_over"))


def _step(visit: Visit) -> Response:
    body = {name: visit.typed.one(name) for name in ("id", "event", "card", "code") if visit.typed.one(name)}
    try:
        told: CardOrderTold = visit.do("card_order_step", body)
    except ActRefused as refused:
        if f"no_{refused.code}" not in WORDS:
            raise
        return _list(visit, visit.say(f"no_{refused.code}"))
    said = visit.say("card_orders_done", id=told.id, state=visit.say(f"card_orders_{told.state}"))
    return visit.go(f"/card-orders?state={told.state}", said)


CARD_ORDERS: Final = Page(
    path="/card-orders",
    title="card_orders",
    right="give_cards",
    words=WORDS,
    views=(View("GET", "/card-orders", _list), View("POST", "/card-orders/step", _step)),
)
