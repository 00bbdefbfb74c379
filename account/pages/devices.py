"""Where somebody is signed in: each of his browsers, one ended, all others ended."""

from __future__ import annotations

from typing import Final, NamedTuple

from starlette.responses import Response

from account.sessions import Session
from account.visit import Page, View, Visit
from web.language import Words

WORDS: Final[Words] = {
    "devices": ("Где выполнен вход", "Where you are signed in"),
    "devices_how": (
        "Не узнаёте какой-то вход? Завершите его и смените пароль, если он есть.",
        "Is one of them not yours? End it, and change your password if you have one.",
    ),
    "devices_this": ("Это устройство", "This device"),
    "devices_since": ("Вход: {at}", "Signed in: {at}"),
    "devices_seen": ("Последний раз: {at}", "Last seen: {at}"),
    "devices_now": ("Последний раз: сейчас", "Last seen: now"),
    "devices_end": ("Завершить", "End it"),
    "devices_end_of": ("Завершить вход: {device}", "End this one: {device}"),
    "devices_others": ("Завершить все, кроме этого", "End all but this one"),
    "devices_ended": ("Вход завершён.", "It is ended."),
    "devices_ended_others": ("Завершено входов: {count}.", "Ended: {count}."),
    "devices_alone": ("Больше нигде вход не выполнен.", "You are signed in nowhere else."),
    "devices_unknown": ("Неизвестное устройство", "An unknown device"),
}
# what a browser says of itself, in this order: each says too that it is one of the older ones
BROWSERS: Final = (
    ("YaBrowser", "Яндекс Браузер"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


class Device(NamedTuple):
    id: str
    name: str
    began_at: str
    seen_at: str
    is_this: bool


def _devices(visit: Visit) -> Response:
    return visit.show("devices.html", title="devices", devices=_own(visit))


def _own(visit: Visit) -> list[Device]:
    """This one first."""
    found = [_device(visit, one) for one in visit.house.sessions.of_member(visit.member)]
    return sorted(found, key=lambda one: not one.is_this)


def _device(visit: Visit, session: Session) -> Device:
    is_this = visit.session is not None and session.id == visit.session.id
    return Device(
        session.id,
        device_name(session.device) or visit.say("devices_unknown"),
        visit.moment_of(session.began_at),
        visit.moment_of(session.seen_at),
        is_this,
    )


def device_name(told: str) -> str:
    """As people call it, of what a browser says of itself; "": it says nothing that is known."""
    browser = next((name for sign, name in BROWSERS if f"{sign}/" in told), "")
    system = next((name for sign, name in SYSTEMS if sign in told), "")
    return ", ".join(filter(None, (browser, system)))


def _end(visit: Visit) -> Response:
    """Of another's it says the same, and does nothing."""
    id = visit.typed.one("session")
    if any(one.id == id for one in _own(visit)):
        visit.house.sessions.end(id)
    if visit.session is not None and id == visit.session.id:
        visit.sign_out()
        return visit.go("/sign-in?out=1")
    return visit.go("/profile/devices", visit.say("devices_ended"))


def _end_others(visit: Visit) -> Response:
    assert visit.session is not None
    count = visit.house.sessions.end_all(visit.member, but=visit.session.id)
    return visit.go("/profile/devices", visit.say("devices_ended_others", count=count))


DEVICES: Final = Page(
    path="/profile/devices",
    title="devices",
    words=WORDS,
    views=(
        View("GET", "/profile/devices", _devices),
        View("POST", "/profile/devices/end", _end),
        View("POST", "/profile/devices/others", _end_others),
    ),
)
