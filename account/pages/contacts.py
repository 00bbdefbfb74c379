"""A phone or an e-mail address, added or changed: only by a code that comes to the new one (P9)."""

from __future__ import annotations

from typing import Final, Literal

from starlette.responses import Response

from account import confirming
from account.entering import stay_in
from account.hub_desk import HubSaysNo
from account.visit import Page, Refused, View, Visit
from sync.account.codes import SendCode
from sync.account.profile import AskProfile, Changed, ChangeEmail, ChangePhone, ProfileHere
from web.language import Words

What = Literal["phone", "email"]
TYPED_MAX: Final = {"phone": 60, "email": 300}
CODE: Final = "contacts"  # what the code is for
TO, WHAT = "contacts_to", "contacts_what"  # remembered: which one it is, until it is confirmed


def _contacts(visit: Visit, refused: str = "") -> Response:
    what = _what(visit)
    waits = confirming.is_sent(visit, CODE) and visit.remembered(WHAT) == what
    return visit.show(
        "contacts.html",
        title=f"contacts_{what}",
        status=409 if refused else 200,
        refused=refused,
        what=what,
        known=visit.ask("profile", AskProfile(), ProfileHere),
        waits=waits,
        to=visit.remembered(TO) if waits else "",
    )


def _what(visit: Visit) -> What:
    return "email" if visit.typed.one("what") == "email" else "phone"


def _here(what: What) -> str:
    return f"/profile/contacts?what={what}"


def _send(visit: Visit) -> Response:
    what = _what(visit)
    to = visit.typed.one("to")[: TYPED_MAX[what]]
    if not to:
        raise Refused(f"contacts_{what}_empty")
    asked = SendCode(purpose="contact", email=to) if what == "email" else SendCode(purpose="contact", phone=to)
    shown = confirming.send(visit, CODE, asked)
    visit.remember(**{TO: to, WHAT: what})
    return visit.go(_here(what), visit.say("contacts_sent", to=shown))


def _change(visit: Visit) -> Response:
    what = _what(visit)
    if visit.remembered(WHAT) != what:
        return visit.go(_here(what))  # it is done, or was asked for elsewhere: the page says how it stands
    try:
        done = _changed(visit, what, visit.remembered(TO), confirming.proof(visit, CODE))
    except HubSaysNo as refused:
        if not refused.code.startswith("code_"):
            raise
        return _contacts(visit, visit.say(f"no_{refused.code}", tries_left=refused.tries_left or 0))
    confirming.over(visit, CODE)
    visit.remember(**{TO: "", WHAT: ""})
    if what == "phone" and done.changed and visit.session is not None:
        stay_in(visit)
        for member in {visit.member, visit.me().member}:  # whoever came in by the old number is out
            visit.house.sessions.end_all(member, but=visit.session.id)
    return visit.go("/profile", visit.say(f"contacts_{what}_done"))


def _changed(visit: Visit, what: What, to: str, proof: str) -> Changed:
    if what == "email":
        return visit.ask("profile_email", ChangeEmail(email=to, proof=proof), Changed)
    return visit.ask("profile_phone", ChangePhone(phone=to, proof=proof), Changed)


def _drop(visit: Visit) -> Response:
    done = visit.ask("profile_email", ChangeEmail(), Changed)
    return visit.go("/profile", visit.say("contacts_email_dropped") if done.changed else "")


WORDS: Final[Words] = {
    "contacts_phone": ("Телефон", "Phone"),
    "contacts_email": ("Эл. почта", "E-mail"),
    "contacts_now": ("Сейчас", "Now"),
    "contacts_none": ("не указано", "not given"),
    "contacts_phone_new": ("Новый номер", "New number"),
    "contacts_email_new": ("Новый адрес", "New address"),
    "contacts_phone_how": (
        "На новый номер придёт код. На прежний — сообщение о том, что его сменили. На других устройствах вы выйдете.",
        "A code comes to the new number, and word of the change to the old one. You are signed out elsewhere.",
    ),
    "contacts_email_how": (
        "На новый адрес придёт письмо с кодом. На прежний — письмо о том, что его сменили.",
        "A letter with a code comes to the new address, and word of the change to the old one.",
    ),
    "contacts_email_off": (
        "Писем программа сейчас не шлёт. Адрес можно указать в магазине.",
        "The programme sends no letters just now. A shop can note your address.",
    ),
    "contacts_send": ("Прислать код", "Send a code"),
    "contacts_sent": ("Код отправлен: {to}.", "A code was sent: {to}."),
    "contacts_code": ("Код", "Code"),
    "contacts_code_to": ("Отправлен сюда: {to}", "Sent to {to}"),
    "contacts_other": (
        "Другой номер или адрес, или прислать код ещё раз",
        "Another number or address, or another code",
    ),
    "contacts_never": (
        "Код не пришёл? Проверьте, нет ли ошибки, и через минуту запросите новый. Не приходит совсем — сменит магазин.",
        "No code? See that nothing is mistyped, and ask again in a minute. If none comes at all, a shop changes it.",
    ),
    "contacts_phone_empty": ("Напишите номер телефона.", "Write a phone number."),
    "contacts_email_empty": ("Напишите адрес.", "Write an address."),
    "contacts_phone_done": ("Номер изменён.", "The number is changed."),
    "contacts_email_done": ("Адрес записан.", "The address is noted."),
    "contacts_email_drop": ("Убрать адрес", "Take the address away"),
    "contacts_email_dropped": ("Адреса больше нет.", "The address is gone."),
    "no_bad_email": ("Это не адрес почты. Напишите его так: anna@mail.ru.", "Write an address like anna@mail.ru."),
    "no_phone_taken": (
        "У этого номера уже есть другой счёт. Если оба ваши, их соединит магазин или горячая линия.",
        "This number has another account already. If both are yours, a shop or the hotline joins them.",
    ),
    **confirming.WORDS,
    "no_code_not_proved": ("Код больше не подходит. Запросите новый.", "The code is good no more. Ask for another."),
}

CONTACTS: Final = Page(
    path="/profile/contacts",
    title="contacts_phone",
    words=WORDS,
    views=(
        View("GET", "/profile/contacts", _contacts),
        View("POST", "/profile/contacts/code", _send),
        View("POST", "/profile/contacts", _change),
        View("POST", "/profile/contacts/drop", _drop),
    ),
)
