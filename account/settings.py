"""`pos-account serve --settings FILE`: what the shop says besides its programme (docs/club.md). Nothing of it is
needed, and what is not said is not shown.

map = "yandex:KEY"
mail = "club@alenka.example"
shop_url = "https://shop.alenka.example"
faq = "faq.toml"                     # beside this file

[hotline]
phones = ["8 800 200-95-55"]
hours = "daily 8:00-22:00"           # by the programme's clock

[apps]
appstore = "https://apps.apple.com/ru/app/…"
google_play = "https://play.google.com/store/apps/details?id=…"
rustore = "https://www.rustore.ru/catalog/app/…"
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import msgspec

from account.network import is_safe
from account.questions import BadFaq, Question, questions_in
from loyalty.emails import BadEmail, parse_email
from loyalty.opening import BadHours, Hours, week_of
from loyalty.phones import BadPhone, parse_phone

HOSTS: Final[Mapping[str, tuple[str, ...]]] = {  # of each store of apps
    "appstore": ("apps.apple.com",),
    "google_play": ("play.google.com",),
    "rustore": ("www.rustore.ru", "rustore.ru", "apps.rustore.ru"),
}
TITLES: Final[Mapping[str, str]] = {"appstore": "App Store", "google_play": "Google Play", "rustore": "RuStore"}
PHONES_MAX: Final = 4
_KEY: Final = re.compile(r"yandex:([0-9A-Za-z-]{8,80})")


class BadSettings(Exception):
    """What is wrong with the file, and where."""


class App(NamedTuple):
    """A link to a store of apps; `title`: what the store is called."""

    title: str
    url: str


class Hotline(NamedTuple):
    """`phones`: E.164."""

    phones: tuple[str, ...]
    hours: Hours


class Settings(NamedTuple):
    """`map_key`: of Yandex's map, "": a drawn plan alone. `questions`: of the shop's own file."""

    map_key: str = ""
    mail: str = ""
    shop_url: str = ""
    hotline: Hotline | None = None
    apps: tuple[App, ...] = ()
    questions: tuple[Question, ...] = ()


NO_SETTINGS: Final = Settings()


class _Hotline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    phones: tuple[str, ...]
    hours: str = ""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    map: str = ""
    mail: str = ""
    shop_url: str = ""
    faq: str = ""
    hotline: _Hotline | None = None
    apps: dict[str, str] = {}


def settings_in(path: Path) -> Settings:
    """Raises BadSettings."""
    try:
        said = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _File)
    except (OSError, ValueError) as error:  # a ValidationError is one
        raise BadSettings(f"{path}: {error}.") from error
    try:
        return Settings(
            map_key=_map_key(said.map),
            mail=parse_email(said.mail) if said.mail else "",
            shop_url=_shop_url(said.shop_url),
            hotline=_hotline(said.hotline) if said.hotline is not None else None,
            apps=tuple(_app(name, url) for name, url in said.apps.items()),
            questions=questions_in(path.parent / said.faq) if said.faq else (),
        )
    except BadEmail as error:
        raise BadSettings(f"{path}: mail {said.mail!r} {error}.") from error
    except (BadHours, BadPhone) as error:
        raise BadSettings(f"{path}: hotline: {error}.") from error
    except (BadFaq, BadSettings) as error:
        raise BadSettings(f"{path}: {error}") from error


def _map_key(text: str) -> str:
    found = _KEY.fullmatch(text)
    if text and found is None:
        raise BadSettings('map = "yandex:KEY", with a key of developer.tech.yandex.ru; or leave it out.')
    return found[1] if found else ""


def _shop_url(text: str) -> str:
    if text and not is_safe(text):
        raise BadSettings("shop_url begins with https://")
    return text.rstrip("/")


def _hotline(said: _Hotline) -> Hotline:
    if not 0 < len(said.phones) <= PHONES_MAX:
        raise BadSettings(f"hotline: from one to {PHONES_MAX} phones stand in it.")
    return Hotline(tuple(map(parse_phone, said.phones)), Hours(week=week_of(said.hours)))


def _app(name: str, url: str) -> App:
    if name not in HOSTS:
        raise BadSettings(f"apps: {name!r} is not one of {', '.join(HOSTS)}.")
    try:
        parts: Any = urlsplit(url)
        is_theirs = parts.scheme == "https" and parts.netloc in HOSTS[name] and url.isprintable() and " " not in url
    except ValueError:
        is_theirs = False
    if not is_theirs:
        raise BadSettings(f"apps: {name} begins with https://{HOSTS[name][0]}/")
    return App(TITLES[name], url)
