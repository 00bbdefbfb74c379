"""Who comes in at the office's desk: name and PIN, cookie, idle end, roles; and from where a browser may ask."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock

import pytest

from hub.office.app import office_app
from hub.office.door import FORGOTTEN_S, KNOWN_MAX, PAUSE_MAX_S, Clerk, Tries, pause_after
from hub.office.sessions import IDLE_S
from tests.hub.conftest import Office
from tests.hub.office.conftest import Clock
from tests.hub.office.desk import ANTON, PIN, VERA, Desk, KnownDoor
from tests.one_port import Server
from web.guard import CSP

Open = Callable[[], Desk]


def test_whoever_is_in_sees_his_pages_and_others_the_door(desk: Open) -> None:
    stranger, vera = desk(), desk()
    assert "ПИН-код" in stranger.get("/tills").text
    assert "Вера, управляющий" in vera.sign_in(VERA, next="/tills").text
    cookie = next(iter(vera.browser.cookies))
    assert cookie.has_nonstandard_attr("HttpOnly") and cookie.get_nonstandard_attr("SameSite") == "strict"
    assert "Вера" in vera.get("/tills").text
    vera.post("/sign-out")
    assert "ПИН-код" in vera.get("/tills").text


def test_five_wrong_pins_and_each_has_to_wait_longer(desk: Open, clock: Clock) -> None:
    vera = desk()
    wrong = [vera.sign_in(VERA, pin="000000").status_code for _ in range(5)]
    assert wrong == [403, 403, 403, 403, 429]
    assert "Подождите 30 с" in vera.sign_in(VERA).text, "not even the right one"
    clock.now_s = 30
    assert "Подождите 60 с" in vera.sign_in(VERA, pin="000000").text
    clock.now_s = 90
    assert "Вера, управляющий" in vera.sign_in(VERA).text
    assert [pause_after(count) for count in (1, 4, 5, 6, 99)] == [0, 0, 30, 60, PAUSE_MAX_S]


def test_many_wrong_pins_at_once_are_no_more_tries_than_five(office: Office, clock: Clock, desk_server: Server) -> None:
    door = CrowdedDoor(12)
    desk_server.app = office_app(office.hub, door, now_s=clock)
    with ThreadPoolExecutor(door.crowd) as threads:
        names = [VERA.id, VERA.name] * (door.crowd // 2)
        answers = threads.map(lambda name: Desk(desk_server.url).post("/sign-in", name=name, pin="000000"), names)
        assert sorted(answer.status_code for answer in answers) == [403] * 4 + [429] * 8
    assert door.looked == 5


class CrowdedDoor(KnownDoor):
    """It looks at no PIN before all have come who try."""

    def __init__(self, crowd: int) -> None:
        super().__init__()
        self.crowd, self.came, self.looked = crowd, 0, 0
        self.lock, self.all_came = Lock(), Event()

    def called(self, name: str) -> str:
        with self.lock:
            self.came += 1
        if self.came == self.crowd:
            self.all_came.set()
        return super().called(name)

    def by_pin(self, name: str, pin: str) -> Clerk | None:
        assert self.all_came.wait(30)
        self.looked += 1
        return super().by_pin(name, pin)


def test_made_up_names_take_no_room_for_ever() -> None:
    tries = Tries()
    for number in range(KNOWN_MAX + 10):
        tries.begins(f"nobody-{number}", 0)
    assert tries.wait_s("vera", 0) > 0, "counted with all others"
    assert tries.begins("oleg", FORGOTTEN_S + PAUSE_MAX_S) == 0
    assert tries.wait_s("vera", FORGOTTEN_S + PAUSE_MAX_S) == 0


def test_a_quiet_session_ends_and_a_busy_one_goes_on(desk: Open, clock: Clock) -> None:
    vera = desk()
    vera.sign_in(VERA)
    for _ in range(3):
        clock.now_s += IDLE_S - 1
        assert "Вера" in vera.get("/tills").text
    clock.now_s += IDLE_S
    assert "ПИН-код" in vera.get("/tills").text


def test_who_was_revoked_is_out_at_the_next_page(desk: Open, door: KnownDoor) -> None:
    vera = desk()
    vera.sign_in(VERA)
    door.gone.add(VERA.id)
    assert "ПИН-код" in vera.get("/tills").text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://evil.example", "Host": "evil.example"}, 421),
        ({"Origin": "http://desk.example", "Host": "desk.example"}, 303),
    ],
)
def test_a_form_of_another_page_is_not_looked_at(desk: Open, headers: dict[str, str], status: int) -> None:
    told = desk()
    typed = {"name": VERA.name, "pin": PIN}
    answer = told.browser.post(told.url + "/sign-in", data=typed, headers=headers, allow_redirects=False)
    assert answer.status_code == status


def test_another_name_of_somebody_elses_leads_to_no_page(desk: Open) -> None:
    assert desk().get("/sign-in", headers={"Host": "rebound.example"}).status_code == 421


def test_the_browser_is_told_what_a_page_may_do(desk: Open) -> None:
    vera = desk()
    vera.sign_in(VERA)
    for answer in (vera.get("/tills"), vera.get("/static/office.css"), desk().get("/sign-in"), vera.get("/nowhere")):
        assert answer.headers["Content-Security-Policy"] == CSP and "unsafe" not in CSP
    assert vera.get("/tills").headers["Cache-Control"] == "no-store"
    assert vera.get("/nowhere").status_code == 404


@pytest.mark.parametrize("next", ["//evil.example", "http://evil.example", "/\\evil.example"])
def test_nobody_is_sent_elsewhere_by_signing_in(desk: Open, next: str) -> None:
    told = desk()
    answer = told.browser.post(
        told.url + "/sign-in",
        data={"name": VERA.name, "pin": PIN, "next": next},
        headers={"Origin": told.url},
        allow_redirects=False,
    )
    assert answer.headers["Location"] == "/"


def test_a_body_has_an_end(desk: Open) -> None:
    vera = desk()
    assert vera.post("/sign-in", name="x" * 100_000).status_code == 413


def test_another_language_keeps_what_was_looked_for(desk: Open) -> None:
    vera = desk()
    vera.sign_in(VERA)
    page = vera.get("/cases?state=settled&kind=debt&lang=ru").text
    assert 'href="/cases?state=settled&amp;kind=debt&amp;lang=en"' in page
    assert 'href="/evil.example/x?lang=en"' in vera.get("//evil.example/x").text


def test_a_language_is_chosen_and_kept(desk: Open) -> None:
    anton = desk()
    anton.browser.headers["Accept-Language"] = "en-GB,ru;q=0.5"
    anton.sign_in(ANTON)
    assert "auditor" in anton.get("/tills").text
    assert "ревизор" in anton.get("/tills?lang=ru").text and "ревизор" in anton.get("/tills").text
