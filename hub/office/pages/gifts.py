"""Gifts that are too much for one person: a second one approves them or lets nobody have them."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from hub.desk.correct_acts import GiftLine, GiftsListed
from hub.office.pages.cases import zone_of
from hub.office.visit import Page, Refused, View, Visit, Words

WORDS: Final[Words] = {
    "gifts": ("Ждут второго", "Wait for a second"),
    "gifts_none": ("Подарков, которые ждут второго человека, нет.", "No gift waits for a second person."),
    "gifts_what": ("Подарок", "Gift"),
    "gifts_members": ("Кому", "To"),
    "gifts_members_count": ("участников: {count}", "members: {count}"),
    "gifts_points": ("Баллов всего", "Points in all"),
    "gifts_by": ("Заказал", "Ordered by"),
    "gifts_until": ("Ждёт до", "Waits until"),
    "gifts_approve": ("Одобрить и выдать", "Approve and give"),
    "gifts_refuse": ("Отказать", "Refuse"),
    "gifts_mine": ("Вы заказали сами: одобрит другой", "You ordered it: another person approves"),
    "gifts_approved": ("Подарок {id} выдан: {points} баллов.", "Gift {id} is given: {points} points."),
    "gifts_refused": ("Подарок {id} отклонён, никто ничего не получил.", "Gift {id} is refused; nobody got any."),
    "no_gift_yours": ("Вы заказали сами: одобрит другой.", "You ordered it: another person approves."),
    "no_gift_waits_no_more": ("Этот подарок второго уже не ждёт.", "This gift does not wait any more."),
    "no_no_such_gift": ("Такого подарка нет.", "There is no such gift."),
    "gifts_why": ("Напишите, почему.", "Say why."),
}


def _list(visit: Visit) -> Response:
    found: GiftsListed = visit.do("gifts", {})
    return visit.show("gifts.html", title="gifts", gifts=found.gifts, zone=zone_of(visit, ""))


def _approve(visit: Visit) -> Response:
    done: GiftLine = visit.do("approve_gift", {"id": visit.path["id"]})
    return visit.go("/gifts", visit.say("gifts_approved", id=done.id, points=done.points))


def _refuse(visit: Visit) -> Response:
    why = visit.typed.one("why")
    if not why:
        raise Refused("gifts_why")
    done: GiftLine = visit.do("refuse_gift", {"id": visit.path["id"], "why": why})
    return visit.go("/gifts", visit.say("gifts_refused", id=done.id))


GIFTS: Final = Page(
    path="/gifts",
    title="gifts",
    right="approve_gifts",
    words=WORDS,
    views=(
        View("GET", "/gifts", _list),
        View("POST", "/gifts/{id}/approve", _approve),
        View("POST", "/gifts/{id}/refuse", _refuse),
    ),
)
