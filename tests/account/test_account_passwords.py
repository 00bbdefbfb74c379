"""A10: in by a login and a password; who guesses waits, and learns nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from account import passwords as passwords_here
from account.entering import FIRST
from account.passwords import WAITING_MAX, Busy, Passwords, weakness
from account.store.sqlite import SqliteStore
from account.tries import Guessed, Tries
from hub.store.rows import Rows
from loyalty.utc import utc_text
from tests.account.conftest import Account, Client
from tests.browser import needs_browser
from tests.hub.conftest import NOW

if TYPE_CHECKING:
    from playwright.sync_api import Page

PHONE = "+79161234567"
GOOD = "синий трамвай у булочной"
OTHER = "four lamps under the bridge"


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with closing(SqliteStore(tmp_path / "account.db")) as store:
        yield store


def with_password(account: Account, member: str = "anna", password: str = GOOD) -> None:
    Passwords(account.store, lambda: account.office.now).keep(member, password)


def enter(client: Client, login: str, password: str, **more: str) -> tuple[int, str]:
    answer = client.post("/sign-in/password", {"login": login, "password": password} | more, allow_redirects=False)
    return answer.status_code, answer.headers.get("location", "") or answer.text


@needs_browser
def test_a10_in_by_login_and_password(account: Account, phone: Callable[..., Page]) -> None:
    """Set after a code of a moment ago, and used by phone and by card; out in the other browser."""
    account.office.join("anna", points=1_250, phone=PHONE)
    other = account.client("anna")
    page = phone("anna")
    session = account.sessions.of_member("anna")[0]
    account.sessions.keep(session)
    for one in account.sessions.of_member("anna"):
        one.state["proved"] = utc_text(account.office.now)
        account.sessions.keep(one)
    page.goto(f"{account.url}/profile/password")
    for new, again in (("qwertyui", "qwertyui"), (GOOD, OTHER), (GOOD, GOOD)):
        page.get_by_label("Новый пароль", exact=True).fill(new)
        page.get_by_label("Новый пароль ещё раз").fill(again)
        page.get_by_role("button", name="Сохранить").click()
        page.wait_for_selector(".refused, .done")
    assert "Пароль сохранён" in page.inner_text("main")
    assert other.get("/", allow_redirects=False).status_code == 303, "the other browser is out"
    page.get_by_role("button", name="Выйти").click()
    for login in ("8 (916) 123-45-67", "cardanna"):
        page.goto(f"{account.url}/sign-in/password?next=/profile/password")
        page.get_by_label("Телефон или номер карты").fill(login)
        page.get_by_label("Пароль", exact=True).fill(GOOD)
        page.get_by_role("button", name="Войти", exact=True).click()
        page.wait_for_url("**/profile/password")
        assert "Пароль задан" in page.inner_text("main")


def test_a10_a_wrong_one_and_nobodys_are_answered_alike(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """And after as much work: each is one slow hash."""
    hashed: list[str] = []
    slowly = passwords_here._is

    def noting(kept: str, password: str) -> bool:
        hashed.append(kept)
        return slowly(kept, password)

    monkeypatch.setattr(passwords_here, "_is", noting)
    account.office.join("anna", phone=PHONE)
    account.office.join("boris", phone="+79167654321")
    with_password(account)
    client = account.client(language="en")
    told = {
        enter(client, login, "wrong horse")[1].replace(login, "") for login in (PHONE, "+79167654321", "+79160000000")
    }
    assert len(told) == 1 and "is another" in told.pop()
    assert len(hashed) == 3 and len({kept[:40] for kept in hashed}) == 2, "hers, and nobody's twice"
    assert enter(client, PHONE, GOOD) == (303, FIRST)


def test_a10_two_on_one_phone_come_in_by_their_cards(account: Account) -> None:
    account.office.join("anna", phone=PHONE)
    account.office.join("boris")
    with account.hub.store.writing() as writer:
        profile = writer.profiles(["anna"])["anna"]
        writer.write(Rows(profiles=[profile._replace(member="boris")]))
    with_password(account)
    client = account.client()
    assert enter(client, PHONE, GOOD)[0] == 403
    assert enter(client, "cardanna", GOOD)[0] == 303


def test_a10_the_way_back_is_a_page_of_ours(account: Account) -> None:
    account.office.join("anna")
    with_password(account)
    for evil in ("https://evil.example/", "//evil.example/", "/\\evil.example"):
        assert enter(account.client(), "cardanna", GOOD, next=evil) in ((303, FIRST), (303, "/"))


def test_a10_who_guesses_waits_and_a_start_forgets_nothing(store: SqliteStore) -> None:
    clock = Clock()
    tries = Tries(store, clock)
    login, address = Guessed("login", "anna", 5), Guessed("address", "10.0.0.1", 30)
    assert [tries.begin(login, address) for _ in range(6)] == [0, 0, 0, 0, 0, 30]
    tries = Tries(store, clock)
    assert tries.begin(Guessed("login", "boris", 5), address) == 0, "another is heard from there"
    clock.now += timedelta(seconds=29)
    assert tries.begin(login) == 1
    clock.now += timedelta(seconds=1)
    assert (tries.begin(login), tries.begin(login)) == (0, 60), "twice as long each time"
    clock.now += timedelta(seconds=60)
    assert tries.begin(login) == 0
    tries.was_right(login)
    assert [tries.begin(login) for _ in range(5)] == [0] * 5
    clock.now += timedelta(days=2)
    assert tries.begin(address) == 0 and tries.begin(login) == 0, "what is old is swept"


def test_a10_what_is_tried_first_is_no_password() -> None:
    known = ["Анна", "Петрова", "79161234567", "4012345678"]
    hints = {
        "qwe123": "short",
        "x" * 129: "long",
        "password1": "common",
        "пароль123": "common",
        "йцукенгш": "common",
        "aaaaaaaaaa": "repeat",
        "Петрова79161234567": "yours",
        "17.05.1990": "date",
        "dfghjkl;'": "keys",
    }
    assert {password: weakness(password, known) for password in hints} == hints
    assert weakness(GOOD, known) is None and weakness(OTHER, known) is None and weakness("Ж" * 3 + OTHER * 4) is None


def test_a10_a_hash_is_slow_and_says_nothing(store: SqliteStore) -> None:
    passwords = Passwords(store, Clock())
    passwords.keep("anna", "ё" + GOOD)
    with store.reading() as book:
        row = book.one("password_of", member="anna")
    assert row is not None and row[0].startswith("$argon2id$v=19$m=19456,t=2,p=1$") and GOOD not in row[0]
    assert passwords.fits("anna", "е\u0308" + GOOD), "however a keyboard puts the letter together"
    assert not passwords.fits("anna", GOOD) and not passwords.fits("", "nobody's")


def test_a10_the_old_one_or_a_code_sets_a_new_one(account: Account) -> None:
    account.office.join("anna", phone=PHONE)
    with_password(account)
    client = account.client("anna", "en")
    new = {"new": OTHER, "again": OTHER}
    assert "Type the present password" in client.post("/profile/password", new).text
    assert client.post("/profile/password", new | {"old": "wrong horse"}).status_code == 403
    before = client.browser.cookies["account"]
    assert "is saved" in client.post("/profile/password", new | {"old": GOOD}).text
    assert client.browser.cookies["account"] != before, "and the cookie is another"
    assert "no password" in client.post("/profile/password/drop", {"old": OTHER}).text
    assert enter(account.client(), "cardanna", OTHER)[0] == 403


def test_a10_many_at_once_are_told_to_try_again(store: SqliteStore) -> None:
    """Each takes 19 MiB: whoever sends thousands fills no memory, and keeps no other page waiting."""
    passwords = Passwords(store, Clock())
    for _ in range(WAITING_MAX):
        passwords._waiting.acquire()
    with pytest.raises(Busy):
        passwords.fits("anna", GOOD)
