"""What the member was written (P9), which of it is new, and how advertising is stopped: here, or by the link in a
message, which asks nobody to sign in."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from starlette.responses import Response

from account.visit import Page, Refused, View, Visit
from loyalty.utc import utc_text
from sync.account.messages import AskMessages, Channel, MessagesTold, StopLink, StopMailing, StopTold

CHANNELS: Final[dict[str, Channel]] = {"sms": "sms", "mail": "mail"}


def _list(visit: Visit) -> Response:
    told = visit.ask("messages", AskMessages(seen=visit.seen()), MessagesTold)
    if told.new:
        _keep_seen(visit, max(one.at for one in told.messages))
    return visit.show(
        "messages.html",
        title="messages",
        told_messages=told,
        text=lambda one: one.text[0 if visit.language == "ru" else 1],
        zone=ZoneInfo(visit.house.programme().timezone),
        since=lambda at: datetime.fromisoformat(at),
    )


def _keep_seen(visit: Visit, until: str) -> None:
    with visit.house.store.writing() as book:
        book.do("see_messages", member=visit.member, until=until, at=utc_text(visit.house.now()))


def _stop(visit: Visit) -> Response:
    channel = CHANNELS.get(visit.typed.one("channel"))
    if channel is None:
        raise Refused("no_no_such_channel")
    visit.ask("stop_mailing", StopMailing(channel=channel), StopTold)
    return visit.go("/messages", visit.say(f"messages_stopped_{channel}"))


def _link(visit: Visit) -> Response:
    """Looking at it changes nothing: whoever reads mail for others follows its links."""
    found = visit.ask("stop_link", StopLink(token=visit.path["token"][:64]), StopTold)
    return visit.show("messages_stop.html", title="messages_stop", found=found, token=visit.path["token"])


def _link_used(visit: Visit) -> Response:
    visit.ask("stop_by_link", StopLink(token=visit.path["token"][:64]), StopTold)
    return visit.go(f"/stop/{visit.path['token']}")


MESSAGES: Final = Page(
    path="/messages",
    title="messages",
    icon="messages",
    words={
        "messages": ("Сообщения", "Messages"),
        "messages_new": ("Новых: {new}", "New: {new}"),
        "messages_unread": ("новых: {new}", "new: {new}"),
        "messages_new_one": ("новое", "new"),
        "messages_none": ("Сообщений пока нет.", "There are no messages yet."),
        "messages_sms": ("SMS", "SMS"),
        "messages_mail": ("e-mail", "e-mail"),
        "messages_inbox": ("в кабинете", "in the account"),
        "messages_ad": ("реклама", "advertising"),
        "messages_failed": ("могло не дойти", "it may not have come"),
        "messages_ads": ("Реклама", "Advertising"),
        "messages_ads_how": (
            "Рекламу мы присылаем только тем, кто согласился. Отказ действует сразу; карта и {currency} остаются.",
            "We send advertising to those alone who agreed. To stop it works at once; card and {currency} stay.",
        ),
        "messages_on": ("Согласие с {day}", "Agreed on {day}"),
        "messages_off": ("Не присылаем", "We send none"),
        "messages_stop_sms": ("Не присылать рекламу по SMS", "Send no advertising by SMS"),
        "messages_stop_mail": ("Не присылать рекламу по e-mail", "Send no advertising by e-mail"),
        "messages_stopped_sms": ("Рекламы по SMS больше не будет.", "There will be no more advertising by SMS."),
        "messages_stopped_mail": ("Рекламы по e-mail больше не будет.", "There will be no more advertising by e-mail."),
        "messages_stop": ("Отказ от рассылки", "Stop advertising"),
        "messages_stop_ask": (
            "Нажмите, и рекламы больше не будет. Входить в кабинет не нужно.",
            "Press, and there will be no more advertising. You need not sign in.",
        ),
        "messages_again": (
            "Передумаете — согласиться снова можно в профиле, в личном кабинете.",
            "If you change your mind, you can agree again in your account's profile.",
        ),
        "no_stop_unknown": (
            "Эта ссылка не действует. Отказаться от рекламы можно в личном кабинете: «Сообщения».",
            "This link leads nowhere. Advertising can be stopped in the account: Messages.",
        ),
        "no_no_such_channel": (
            "Такой рассылки нет. Обновите страницу.",
            "There is no such mailing. Open the page again.",
        ),
    },
    views=(
        View("GET", "/messages", _list),
        View("POST", "/messages/stop", _stop),
        View("GET", "/stop/{token}", _link, open=True),
        View("POST", "/stop/{token}", _link_used, open=True),
    ),
)
