"""Two members who have something of everything; and one of them, who asks for all that is the other's.

What is asked is derived: pages from account/menu.py with the fields that they read, calls of programs from
account/api/calls.py with their types, ids from whatever the two databases hold of the other.
"""

from __future__ import annotations

import html
import importlib
import inspect
import random
import re
import secrets
from collections.abc import Iterator, Sequence, Set
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote, quote_plus

import msgspec
import requests

from account.api.call import Call
from account.api.calls import CALLS
from account.api.described import PREFIX
from account.menu import PAGES
from account.visit import Page, View
from hub.store.rows import Rows
from loyalty.bodies import SoldLine
from loyalty.card_numbers import make_number, scheme_of
from storage import engine
from sync.account.card_orders import OrderCard, OrderDone
from sync.account.codes import CodeSent, SendCode
from tests.account.conftest import Account
from tests.hub.conftest import NOW

THIEF, VICTIM = "m-anna-of-the-thieves", "m-boris-the-victim"
CANARY: Final = "Канарейка"
PHONES: Final = {THIEF: "+79161234567", VICTIM: "+79161112233"}
EMAILS: Final = {THIEF: "anna@example.ru", VICTIM: "kanareika@example.ru"}
SERIALS: Final = {THIEF: 4_001, VICTIM: 4_002}
NOBODY_S: Final = {"phone": "+79160000001", "email": "nobodysit@example.ru"}
SECRET: Final = (CANARY, "Канареечная", "KANAREIKA", "kanareika", "111-22-33", "9161112233")  # of his, in no request

FIELDS: Final = re.compile(r"""(?:typed\.(?:one|get)|_typed)\((?:visit, )?"(\w+)\"""")
HELD: Final = re.compile(r"[\w.:@+/-]{3,100}")  # an id, and no text
# anew each time: keys, tokens, tries left
DRAWN: Final = re.compile(r"\b[0-9a-f]{12,64}\b|(?<=nonce\W)[\w-]+|(?<=token\W{3})[\w-]+|\b\d{1,3}\b")
SPACED: Final = re.compile(r"(?<=\d)[\s\u00a0\u202f-]+(?=\d)")
TALLIED: Final = {
    "codes",
    "messages",
    "settings",
    "outbox",
    "tills",
}  # tries and codes are counted there, of whoever asks
ENDS: Final = {("POST", "/sign-out"), ("DELETE", PREFIX + "/session")}
USUAL: Final = {  # what a field says that is not tried
    "name": "ANNA PETROVA",
    "address": "101000, Москва, ул. Ленина, 1",
    "way": "post",
    "code": "0000",
    "digits": "0000",
    "language": "ru",
    "form": "png",
    "purpose": "enter",
}


class Ask(NamedTuple):
    """One request; `id`: the one of the other's in it; `open`: nobody has to be signed in."""

    method: str
    path: str
    how: str  # query, form, json
    sent: dict[str, Any]
    id: str
    open: bool = False


def with_everything(account: Account) -> None:
    account.hub.within(lambda writer: writer.write(Rows(settings={"sender": "file"})))
    for member in (THIEF, VICTIM):
        _lives(account, member)


def _lives(account: Account, member: str) -> None:
    office, name = account.office, "Анна" if member == THIEF else CANARY
    card = card_of(account, SERIALS[member])
    known = {"phone": PHONES[member], "email": EMAILS[member], "birthday": "1990-05-17"}
    office.join(member, card=card, points=500 + SERIALS[member], name=f"{name} Петрова", **known)
    line = SoldLine(
        id="1",
        name=f"Товар {name}",
        unit="pc",
        price_kopecks=8_990,
        quantity_m=1_000,
        net_before_kopecks=8_990,
        discount_kopecks=0,
        net_kopecks=8_990,
        category="chocolate",
        article="A1",
    )
    sums: dict[str, Any] = {"total_kopecks": 8_990, "paid_kopecks": 8_990, "qualifying_kopecks": 8_990}
    assert office.take(office.sale(member, earned=15, card=card, lines=(line,), **sums)) == ["applied"]
    office.grant(50, member, days=30)
    street = "Канареечная улица, 7" if member == VICTIM else "Ленина, 1"
    ordered = OrderCard(name="KANAREIKA" if member == VICTIM else "ANNA", address=f"101000, Москва, {street}")
    account.desk.ask("card_order", ordered, OrderDone, member=member)
    office.now = NOW - timedelta(hours=2)  # so that no limit is there from it
    account.desk.ask("send_code", SendCode(purpose="confirm"), CodeSent, member=member)
    office.now = NOW
    account.cookie_of(member)


def card_of(account: Account, serial: int) -> str:
    return make_number(account.hub.programmes["alenka"].cards.schemes[0], serial)


# what he has


def rows_of(path: Path, needles: Sequence[str]) -> set[tuple[str, tuple[str, ...]]]:
    """Of every table, rows in which one of these stands."""
    with closing(engine.connect(path)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            (table, tuple(map(str, row)))
            for table in tables
            for row in connection.execute(f'SELECT * FROM "{table}"')
            if any(needle in str(value) for needle in needles for value in row)
        }


def ids_of(account: Account, member: str) -> list[str]:
    """Whatever names something of his: in columns, and operations by chain, generation and sequence."""
    card = card_of(account, SERIALS[member])
    found = {member, card, PHONES[member], EMAILS[member]}
    for path in (account.office.path, Path(account.store.name)):
        for table, row in rows_of(path, [member, card]):
            if table in TALLIED:  # ids of codes are drawn for one browser, which keeps them
                continue
            found |= {value for value in row if HELD.fullmatch(value) and not value.isdigit()}
            threes = [row[at : at + 3] for at in range(len(row) - 2)]
            found |= {"/".join(three) for three in threes if three[1].isdigit() and three[2].isdigit()}
    drawn = {id for (id,) in account.office.rows("SELECT id FROM codes")}  # in his messages too
    return sorted(one for one in found - drawn if HELD.fullmatch(one) and not re.match(r"\d+/", one))


def loot(account: Account) -> list[str]:
    """Ids of the victim's alone."""
    his, own = ids_of(account, VICTIM), {*ids_of(account, THIEF)}
    return [one for one in his if one not in own and not one.startswith(("2026-", "2027-"))]


def unknown_like(account: Account, id: str) -> str:
    """Of the same shape, and nobody's."""
    if id.isdigit() and scheme_of(id, account.hub.programmes["alenka"].cards.schemes):
        return card_of(account, 987_654)
    if id.startswith("+7"):
        return NOBODY_S["phone"]
    if "@" in id:
        return NOBODY_S["email"]
    if "/" in id:
        before, _, number = id.rpartition("/")
        return f"{before}/{'9' * len(number)}"
    return "".join(_other(letter) for letter in id)


def _other(letter: str) -> str:
    """Of the same kind."""
    row = next((row for row in ("0123456789", "abcdef") if letter in row), letter)
    return row[(row.index(letter) + 3) % len(row)]


# what is asked


def asks(ids: Sequence[str]) -> list[Ask]:
    found = [ask for page in PAGES for view in page.views for id in ids for ask in _of_view(page, view, id)]
    found += [ask for call in CALLS for id in ids for ask in _of_call(call, id)]
    return [ask for ask in found if (ask.method, ask.path) not in ENDS and "q" not in _tried(ask)]


def _tried(ask: Ask) -> set[str]:
    """By what the id is said. What is looked for (`q`) names nothing: each word finds other questions and shops."""
    return {name for name, value in ask.sent.items() if value == ask.id}


def _of_view(page: Page, view: View, id: str) -> Iterator[Ask]:
    how = "query" if view.method == "GET" else "form"
    names = sorted(fields_of(view) - {"key"})
    for place in re.findall(r"\{(\w+)(?::\w+)?\}", view.path):
        path = re.sub(rf"\{{{place}(:\w+)?\}}", quote(id, safe="/"), view.path)
        yield Ask(view.method, re.sub(r"\{\w+(:\w+)?\}", "x", path), how, _usual(names), id, view.open)
    path = re.sub(r"\{\w+(:\w+)?\}", "png", view.path)
    for name in names:
        yield Ask(view.method, path, how, _usual(names) | {name: id}, id, view.open)


def fields_of(view: View) -> set[str]:
    """Names that the view's module reads of what is typed."""
    module = inspect.getmodule(inspect.unwrap(getattr(view.show, "func", view.show)))
    source = inspect.getsource(module or importlib.import_module("account.visit"))
    return set(FIELDS.findall(source))


def _usual(names: Sequence[str]) -> dict[str, Any]:
    return {name: USUAL.get(name, "") for name in names}


def _of_call(call: Call, id: str) -> Iterator[Ask]:
    how = "json" if call.method == "POST" else "query"
    for field in msgspec.structs.fields(call.takes):
        yield Ask(call.method, PREFIX + call.path, how, {**call.example, field.encode_name: id}, id, not call.signed_in)


# and how it is answered


class Browser:
    """The thief's, and his program. `member` "": he is not signed in."""

    def __init__(self, account: Account, member: str) -> None:
        self._account = account
        self._member = member
        self._http = requests.Session()
        self._http.trust_env = False
        self._http.headers["Connection"] = "close"  # the server of a test lets idle ones go while they are written to
        self._renew()

    def _renew(self) -> None:
        if self._member:
            cookie = self._account.cookie_of(self._member)
            self._http.cookies.set("account", cookie)
            self._http.headers["Authorization"] = f"Bearer {cookie}"

    def ask(self, ask: Ask) -> requests.Response:
        if not self._member:
            self._http.cookies.clear()  # what he has typed before is remembered of a browser
        answer = self._sent(ask)
        if self._member and (answer.status_code == 401 or answer.headers.get("location", "").startswith("/sign-in")):
            self._renew()  # what he asked for was his own end
            answer = self._sent(ask)
        return answer

    def _sent(self, ask: Ask) -> requests.Response:
        url, key = self._account.url + ask.path, {"key": secrets.token_hex(8)}
        headers = {"Origin": self._account.url, "Accept-Language": "ru"}
        what: dict[str, Any] = {"query": {"params": ask.sent}, "form": {"data": ask.sent | key}}.get(
            ask.how, {"json": ask.sent}
        )
        return self._http.request(ask.method, url, headers=headers, timeout=20, allow_redirects=False, **what)


def leaks_in(answer: requests.Response, said: Set[str], ids: Sequence[str]) -> list[str]:
    """What of the victim stands in it that the thief has not said himself, in this request or before."""
    text = f"{dict(answer.headers)} {answer.text}"
    told = [word for word in (*SECRET, *ids) if len(word) > 6 and word in text]
    return [word for word in told if not any(word in one or one in word for one in said)]


def shape(answer: requests.Response, id: str) -> tuple[int, str]:
    """Without what is drawn anew each time, and without the id that was asked for."""
    location = answer.headers.get("location", "")
    text = SPACED.sub("", f"{location}\n{answer.text}")
    for spelled in sorted({id, html.escape(id), quote(id), quote_plus(id), SPACED.sub("", id)}, key=len, reverse=True):
        text = text.replace(spelled, "ID")
    return answer.status_code, DRAWN.sub("DRAWN", text)


NAMING: Final = {
    "id",
    "card",
    "member",
    "phone",
    "number",
    "receipt",
    "lot",
    "order",
    "proof",
    "token",
    "login",
    "after",
}


def sample(asked: Sequence[Ask], most: int, seed: int) -> list[Ask]:
    """So many of them, in an order of this seed: first each path with each field that names something."""
    shuffled = list(asked)
    random.Random(seed).shuffle(shuffled)
    first = {_way(ask): ask for ask in shuffled if _names_something(ask)}
    chosen = {*map(id, first.values())}
    return [*first.values(), *(ask for ask in shuffled if id(ask) not in chosen)][:most]


def _names_something(ask: Ask) -> bool:
    tried = {name for name, value in ask.sent.items() if value == ask.id}
    return not tried or bool(tried & NAMING)


def _way(ask: Ask) -> tuple[str, ...]:
    tried = (name for name, value in ask.sent.items() if value == ask.id)
    return (ask.method, ask.path.replace(quote(ask.id, safe="/"), "ID"), *tried)
