"""The guest's side over HTTP: who may open it, what he may ask for, what a tablet finds, the camera's view."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import requests

from drivers.scanner.emulator.camera import CameraEmulator
from drivers.scanner.emulator.pictures import card_picture
from pos_agent.guest_turn import PHONE_TRIES_MAX
from pos_agent.listening import WAITING_MAX
from pos_agent.page.faces import cookie_name
from pos_agent.page.guest_words import REFUSALS
from pos_agent.page.pairing import Role, new_link, open_link
from tests.pos_agent.conftest import ANNA, BORIS, PHONES
from tests.pos_agent.guests import JSON, LINES, Browser, Till, free_port, until
from tests.pos_agent.running import TIMEOUT_S, running, with_members
from tests.there import there


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("guest")
    with_members(folder)
    return folder


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("counter")


@pytest.fixture(scope="module")
def a_till(folder: Path, counter: Path) -> Iterator[Till]:
    """With a camera, and an address for tablets."""
    camera = CameraEmulator(counter)
    camera.plug()
    tablet = f"127.0.0.1:{free_port()}"
    more = f'[guest]\nlisten = "{tablet}"\n[[scanners]]\nname = "camera"\nurl = "{camera.url}"\n'
    with running(folder, more=more) as (url, token):
        yield Till(url, token, folder / "data", tablet)
    camera.unplug()


@pytest.fixture
def till(a_till: Till) -> Till:
    """With a receipt of its own in front."""
    a_till.sale += 1
    assert a_till.pos(do="basket", sale=str(a_till.sale), lines=LINES)["ok"]
    return a_till


@pytest.fixture
def guest(till: Till) -> Browser:
    return till.browser("guest")


# who


@pytest.mark.parametrize("role", ["cashier", "guest", "self"])
def test_whoever_was_let_in_opens_it(till: Till, role: Role) -> None:
    browser = till.browser(role)
    page = browser.get("/guest")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert browser.state()["to_pay"] == "300.00"


@pytest.mark.parametrize("path", ["/guest", "/guest/events", "/guest/camera.jpg"])
def test_nobody_else_does(till: Till, path: str) -> None:
    assert requests.get(till.url + path, timeout=TIMEOUT_S).status_code == 401


def test_nobody_else_sends_anything(till: Till) -> None:
    stranger = Browser(requests.Session(), till.url)
    assert stranger.raw({"do": "phone", "turn": "x", "number": PHONES["anna"]}).status_code == 401


@pytest.mark.parametrize("role", ["guest", "self"])
def test_a_guests_browser_opens_nothing_of_the_cashiers(till: Till, role: Role) -> None:
    browser = there(open_link(till.data, new_link(till.data, role, time.time()), time.time()))
    cookies = {cookie_name(each, int(till.url.rpartition(":")[2])): browser.cookie for each in ("cashier", "guest")}
    for path in ("/v1/visit", "/v1/status", "/v1/events", "/"):
        assert requests.get(till.url + path, cookies=cookies, timeout=TIMEOUT_S).status_code == 401
    body = {"do": "cancel"}
    assert requests.post(f"{till.url}/v1/commands", json=body, cookies=cookies, timeout=TIMEOUT_S).status_code == 401


def test_pages_and_pos_share_the_places_of_those_who_wait(guest: Browser) -> None:
    waiting = [guest.get("/guest/events", stream=True) for _ in range(WAITING_MAX)]
    one_more = guest.get("/guest/events", stream=True)
    assert one_more.status_code == 429
    for answer in waiting:
        answer.close()


# what


def test_a_phone_typed_by_the_guest_is_the_receipts_member(till: Till, guest: Browser) -> None:
    answer = guest.send("phone", number=PHONES["anna"])
    assert (answer.status_code, answer.json()) == (200, {"ok": True, "code": "member_found_by_phone"})
    member = {"card": "****0017", "by": "phone", "balance": None, "active": None, "blocked": False}
    assert guest.state()["member"] == member


def test_a_sum_is_tried_and_then_confirmed(till: Till, guest: Browser) -> None:
    till.pos(do="code", text=BORIS)
    would = guest.send("redeem", points=50, preview=True).json()["would_be"]
    assert would == {"points": 50, "amount": "50.00", "to_pay": "250.00", "accrued": 5}
    assert guest.state()["redeemed"] == 0
    assert guest.send("redeem", points=50, quote=guest.state()["quote"]).status_code == 200
    assert (guest.state()["redeemed"], guest.state()["to_pay"]) == (50, "250.00")


def test_a_sum_that_he_has_not_seen_is_refused_in_his_words(till: Till, guest: Browser) -> None:
    till.pos(do="code", text=BORIS)
    answer = guest.send("redeem", points=50)
    assert (answer.status_code, answer.headers["content-type"]) == (409, "application/problem+json")
    assert answer.json()["text"] == REFUSALS["guest_sum_changed"][0]
    assert guest.state()["redeemed"] == 0


@pytest.mark.parametrize(
    "body",
    [
        {"do": "pay", "sale": "1"},
        {"do": "cancel"},
        {"do": "basket", "lines": []},
        {"do": "balance", "phone": PHONES["anna"]},
        {"do": "issue_card", "card": "2600000000116"},
        {"do": "reprint"},
        {"do": "drawer"},
        {"do": "put_aside"},
        {"do": "prepare"},
        {"do": "phone", "number": PHONES["anna"], "sale": "7"},
        {"do": "redeem"},
        {"do": "redeem", "points": None},
        {"do": "redeem", "points": -1},
        {"do": "redeem", "points": "5"},
        {"do": "code", "text": "eyJhbGciOi"},
        {"do": "code", "text": "12345678\n"},
        {"do": "code", "text": ANNA, "scanner": "left"},
        {"do": "phone", "number": "8" * 41},
    ],
    ids=json.dumps,
)
def test_all_else_is_not_for_guests(till: Till, guest: Browser, body: dict[str, Any]) -> None:
    before = guest.state()
    answer = guest.raw(body | {"turn": before["turn"]})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_for_guest")
    assert guest.state() == before


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '{"do": "phone", "number": "1"}', "[" * 900, "x" * 2_000])
def test_what_is_no_command_is_refused(guest: Browser, body: str) -> None:
    assert guest.raw(body).json()["code"] == "not_for_guest"


def test_the_same_key_is_the_same_command(till: Till, guest: Browser) -> None:
    """A tap that got no answer is sent again: it counts once, also among the tries."""
    body = {"do": "phone", "turn": guest.state()["turn"], "number": "8 916 123-99-99"}
    for _ in range(PHONE_TRIES_MAX + 1):
        assert guest.raw(body, **{"Idempotency-Key": f"k{till.sale}"}).json()["code"] == "unknown_phone"
    other = body | {"number": PHONES["anna"]}
    assert guest.raw(other, **{"Idempotency-Key": f"k{till.sale}"}).json()["code"] == "idempotency_key_reused"
    assert guest.raw(other).json()["ok"]


def test_members_cannot_be_looked_up_one_after_another(tmp_path: Path) -> None:
    """At a till of its own: whoever types there has to wait afterwards."""
    with_members(tmp_path)
    with running(tmp_path) as (url, token):
        till = Till(url, token, tmp_path / "data", "")
        assert till.pos(do="basket", sale="1", lines=LINES)["ok"]
        tried_one_after_another(till.browser("guest"))


def tried_one_after_another(guest: Browser) -> None:
    answers = [guest.send("phone", number=f"8 916 123-99-{number}") for number in range(10, 11 + PHONE_TRIES_MAX)]
    assert [answer.json()["code"] for answer in answers] == ["unknown_phone"] * PHONE_TRIES_MAX + ["guest_tries_over"]
    assert answers[-1].status_code == 429
    assert guest.send("phone", number=PHONES["anna"]).json()["code"] == "guest_tries_over", "a member's neither"


def test_no_answer_has_words_of_the_cashiers(till: Till, guest: Browser) -> None:
    """The till's cashier reads English here, its guest Russian."""
    for answer in (guest.send("phone", number="8 916 12"), guest.send("code", text="123456789"), guest.raw("{}")):
        problem = answer.json()
        assert not problem["text"].isascii() and problem["title"] == problem["text"]
        assert set(problem) == {"ok", "code", "text", "type", "title", "status"}


def test_a_self_checkout_confirms_a_changed_sum_and_is_of_its_channel(till: Till) -> None:
    alone = till.browser("self")
    assert '"alone": true' in alone.get("/guest").text
    assert alone.send("prepare", quote=alone.state()["quote"]).json()["code"] == "prepared"
    assert alone.state()["moment"] == "pay"
    assert "сотрудника" in alone.raw("{}").json()["text"]


# a tablet in the shop's network


def test_a_tablet_has_the_guests_side_at_its_own_address(till: Till) -> None:
    tablet = till.browser("guest", f"http://{till.tablet}")
    assert tablet.get("/guest").status_code == 200
    assert tablet.get("/page/guest.js").status_code == 200
    assert tablet.send("phone", number=PHONES["anna"]).json()["ok"]
    assert tablet.state()["member"]["by"] == "phone"


@pytest.mark.parametrize("path", ["/", "/v1/visit", "/v1/status", "/v1/events", "/v1/openapi.json", "/nothing"])
def test_nothing_else_is_there(till: Till, path: str) -> None:
    headers = {"Authorization": f"Bearer {till.token}"}
    for method in ("GET", "POST"):
        how = {"headers": headers | JSON, "data": "{}" if method == "POST" else None, "timeout": TIMEOUT_S}
        assert requests.request(method, f"http://{till.tablet}{path}", **how).status_code == 404  # type: ignore[arg-type]


def test_no_command_of_the_pos_is_taken_there(till: Till) -> None:
    headers = {"Authorization": f"Bearer {till.token}"}
    answer = requests.post(
        f"http://{till.tablet}/v1/commands", json={"do": "cancel"}, headers=headers, timeout=TIMEOUT_S
    )
    assert answer.status_code == 404
    assert till.pos(do="prepare", sale=str(till.sale))["ok"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "localhost:PORT"}, 421),
        ({"Host": "127.0.0.1"}, 421),
        ({"Host": "127.0.0.1:TILL"}, 421),
        ({"Host": "evil.example:PORT"}, 421),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://127.0.0.1:TILL"}, 403),
        ({"Origin": "http://localhost:PORT"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:PORT"}, 200),
    ],
    ids=str,
)
def test_host_and_origin_are_that_address_whole(till: Till, headers: dict[str, str], status: int) -> None:
    ports = {"PORT": till.tablet.rpartition(":")[2], "TILL": till.url.rpartition(":")[2]}
    for name, port in ports.items():
        headers = {key: value.replace(name, port) for key, value in headers.items()}
    assert requests.get(f"http://{till.tablet}/pair", headers=headers, timeout=TIMEOUT_S).status_code == status


def test_a_cashiers_link_opens_nothing_there_and_is_not_used_up(till: Till) -> None:
    link = new_link(till.data, "cashier", time.time())
    there_ = requests.post(f"http://{till.tablet}/pair/open", json={"key": link}, timeout=TIMEOUT_S)
    assert (there_.status_code, there_.cookies.get_dict()) == (403, {})
    here = requests.post(f"{till.url}/pair/open", json={"key": link}, timeout=TIMEOUT_S)
    assert (here.status_code, len(here.cookies)) == (200, 1)


# the camera


def looked(guest: Browser) -> Any:
    from PIL import Image

    answer = guest.get("/guest/camera.jpg")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    return Image.open(BytesIO(answer.content)).convert("RGB")


def marked(picture: Any) -> int:
    """How many dots have the colour of the frame around a code."""
    import numpy as np

    red, green, blue = np.moveaxis(np.asarray(picture), 2, 0)
    return int(((green > 150) & (red < 110) & (blue < 120)).sum())


def test_he_sees_what_the_camera_sees_and_a_frame_at_a_read(till: Till, guest: Browser, counter: Path) -> None:
    until("the camera is ready", lambda: guest.state()["camera"])
    picture = looked(guest)
    assert picture.size == (640, 360) and marked(picture) == 0
    card_picture(ANNA, "ean13", counter / "card.png")
    until("a frame around the code", lambda: marked(looked(guest)) > 1_000)
    until("the card was read", lambda: guest.state()["member"])
    until("the frame is gone", lambda: marked(looked(guest)) == 0)
