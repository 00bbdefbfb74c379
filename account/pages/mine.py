"""All that is kept of me, to take along (152-FZ, article 14): a page to read and a file for programs, after a code."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from starlette.responses import Response

from account import confirming, forgetting
from account.hub_desk import HubSaysNo
from account.visit import Page, Refused, View, Visit
from loyalty.consents import CONSENTS
from loyalty.consents import WORDS as AGREED
from loyalty.utc import utc_text
from sync.account.codes import SendCode
from sync.account.mine import ActMine, ActsMine, AskActs, AskLeaving, AskMine, Leaving, Mine
from sync.account.profile import Changed, Prove
from web.language import Words

CODE: Final = "mine"
UNTIL: Final = "mine_until"  # remembered: so long he may load it down
OPEN_FOR: Final = timedelta(minutes=15)
PARTS_MAX: Final = 100  # of a thousand operations each


def _mine(visit: Visit, refused: str = "") -> Response:
    return visit.show(
        "mine.html",
        title="mine",
        status=409 if refused else 200,
        refused=refused,
        has_phone=visit.ask("leaving", AskLeaving(), Leaving).has_phone,
        is_open=_is_open(visit),
        is_sent=confirming.is_sent(visit, CODE),
        to=confirming.sent_to(visit, CODE),
    )


def _send(visit: Visit) -> Response:
    to = confirming.send(visit, CODE, SendCode(purpose="confirm", doing="data"))
    return visit.go("/profile/data", visit.say("mine_sent", to=to))


def _open(visit: Visit) -> Response:
    if _is_open(visit):
        return visit.go("/profile/data")
    try:
        visit.ask("prove", Prove(proof=confirming.proof(visit, CODE)), Changed)
    except HubSaysNo as refused:
        if not refused.code.startswith("code_"):
            raise
        return _mine(visit, visit.say(f"no_{refused.code}", tries_left=refused.tries_left or 0))
    confirming.over(visit, CODE)
    visit.remember(**{UNTIL: utc_text(visit.house.now() + OPEN_FOR)})
    return visit.go("/profile/data", visit.say("mine_opened"))


def _is_open(visit: Visit) -> bool:
    until = visit.remembered(UNTIL)
    return bool(until) and visit.house.now() < datetime.fromisoformat(until)


def _file(visit: Visit) -> Response:
    form = visit.path["form"]
    if form not in ("json", "html"):
        raise Refused("not_found", status=404)
    if not _is_open(visit):
        raise Refused("mine_code_first", status=403)
    whole = _whole(visit)
    headers = {"Content-Disposition": f'attachment; filename="my-data.{form}"'}
    if form == "json":
        return Response(msgspec.json.format(msgspec.json.encode(whole)), media_type="application/json", headers=headers)
    page = visit.show("mine_file.html", title="mine_title", **whole, agreed=AGREED if CONSENTS else {})
    page.headers.update(headers)
    return page


def _whole(visit: Visit) -> dict[str, Any]:
    mine = visit.ask("mine", AskMine(), Mine)
    here: dict[str, list[dict[str, Any]]] = {}
    for member in {visit.member, mine.member}:  # where he has gone into another, under both
        for table, rows in forgetting.told(visit.house.store, member).items():
            here[table] = here.get(table, []) + rows
    return {"mine": _as_seen(mine, here["messages_seen"]), "account": here, "operations": _operations(visit)}


def _as_seen(mine: Mine, seen: list[dict[str, Any]]) -> Mine:
    """Which messages are new only the account knows: it keeps until when he has read them."""
    until = max((row["until"] for row in seen), default="")
    messages = tuple(msgspec.structs.replace(one, new=one.new and one.at > until) for one in mine.messages)
    return msgspec.structs.replace(mine, messages=messages)


def _operations(visit: Visit) -> list[ActMine]:
    """In steps: there may be years of them."""
    found: list[ActMine] = []
    for _ in range(PARTS_MAX):
        part = visit.ask("mine_acts", AskActs(after=len(found), language=visit.language), ActsMine)
        found += part.acts
        if not part.more:
            break
    return found


WORDS: Final[Words] = {
    "mine": ("Мои данные", "My data"),
    "mine_how": (
        "Всё, что о вас хранится: профиль, карты, {currency}, согласия, покупки и чеки, входы в кабинет.",
        "All that is kept of you: profile, cards, {currency}, consents, purchases and receipts, signed-in devices.",
    ),
    "mine_code_how": (
        "Чтобы скачать, нужен код с вашего телефона.",
        "To download it a code from your phone is needed.",
    ),
    "mine_no_phone": (
        "В профиле нет телефона, и код прислать некуда. Добавьте телефон или спросите в магазине.",
        "Your profile has no phone to send a code to. Add one, or ask in a shop.",
    ),
    "mine_add_phone": ("Добавить телефон", "Add a phone"),
    "mine_send": ("Прислать код", "Send a code"),
    "mine_send_again": ("Прислать ещё раз", "Send another"),
    "mine_sent": ("Код отправлен: {to}.", "A code was sent: {to}."),
    "mine_code": ("Код", "Code"),
    "mine_opened": ("Можно скачивать, 15 минут.", "You may download it, for 15 minutes."),
    "mine_html": ("Скачать, чтобы читать", "Download to read"),
    "mine_json": ("Скачать для программ (JSON)", "Download for programs (JSON)"),
    "mine_keep": (
        "В файле ваши покупки и телефон: не пересылайте его чужим.",
        "The file has your purchases and your phone number: send it to nobody you do not know.",
    ),
    "mine_code_first": (
        "Сначала подтвердите телефон кодом: страница «Мои данные».",
        "Confirm your phone with a code first: the page «My data».",
    ),
    "mine_title": ("Всё, что о вас хранится", "All that is kept of you"),
    "mine_at": ("На {at}", "As of {at}"),
    "mine_profile": ("Профиль", "Profile"),
    "mine_number": ("Номер участника", "Member"),
    "mine_name": ("Имя", "Name"),
    "mine_phone": ("Телефон", "Phone"),
    "mine_email": ("Эл. почта", "E-mail"),
    "mine_birthday": ("День рождения", "Birthday"),
    "mine_favourites": ("Любимые категории", "Favourite categories"),
    "mine_points": ("На счёте", "On the account"),
    "mine_debt": ("Долг, {of_currency}", "{Currency} owed"),
    "mine_stickers": ("Наклейки", "Stickers"),
    "mine_cards": ("Карты", "Cards"),
    "mine_card_active": ("действует", "good"),
    "mine_card_issued": ("выдана", "handed over"),
    "mine_card_pending": ("анкета проверяется", "the form is being confirmed"),
    "mine_card_blocked": ("заблокирована", "blocked"),
    "mine_card_replaced": ("заменена", "replaced"),
    "mine_lots": ("Полученные {currency}", "{Currency} received"),
    "mine_granted": ("Получено", "Received"),
    "mine_left": ("Осталось", "Left"),
    "mine_from": ("Действуют с", "Good from"),
    "mine_until": ("Последний день", "Last day"),
    "mine_endless": ("бессрочно", "never"),
    "mine_consents": ("Согласия", "Consents"),
    "mine_what": ("Что", "What"),
    "mine_document": ("Документ", "Document"),
    "mine_given": ("Дано", "Given"),
    "mine_withdrawn": ("Отозвано", "Withdrawn"),
    "mine_codes": ("Коды за последние сутки", "Codes of the last day"),
    "mine_messages": ("Сообщения вам", "Messages to you"),
    "mine_orders": ("Заказы карт", "Cards ordered"),
    "mine_tickets": ("Обращения", "Requests"),
    "mine_here": ("Входы в кабинет", "Devices that are signed in"),
    "mine_device": ("Устройство", "Device"),
    "mine_seen": ("Был", "Seen"),
    "mine_password": ("Пароль задан", "A password was set"),
    "mine_networks": ("Привязанные сети", "Networks that are linked"),
    "mine_acts": ("Операции", "Operations"),
    "mine_when": ("Когда", "When"),
    "mine_sum": ("Сумма", "Sum"),
    "mine_moved": ("{Currency}", "{Currency}"),
    "mine_note": (
        "Подробности каждой операции, с товарами в чеках, есть в файле для программ (JSON).",
        "The details of each operation, with the goods on receipts, are in the file for programs (JSON).",
    ),
}

MINE: Final = Page(
    path="/profile/data",
    title="mine",
    words=WORDS,
    views=(
        View("GET", "/profile/data", _mine),
        View("POST", "/profile/data/code", _send),
        View("POST", "/profile/data", _open),
        View("GET", "/profile/data/mine.{form}", _file),
    ),
)
