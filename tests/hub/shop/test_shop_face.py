"""What online shops may show, and the face against its own description."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from hub.goods import NewGoods, Price, take
from hub.shop.app import shop_app
from hub.shop.call import Shop
from hub.shop.catalogue import catalogue_of
from hub.shop.described import PREFIX
from hub.shop.door import KeyDoor
from hub.shop.problems import MEDIA_TYPE, WORDS
from hub.shop.routes import CALLS
from loyalty.programme import Offer
from tests.hub.conftest import PROGRAMMES, Office
from tests.hub.shop.online import Online

SECONDS: Final = os.environ.get("FACE_SECONDS", "5")
FAULTS: Final = """[checks]
not_a_server_error.expected-statuses = ["2xx", "3xx", "4xx", "503"]
negative_data_rejection.expected-statuses = ["4xx", "503"]
"""
SHOWN: Final = {"choco", "tea", "sweets"}
NEVER: Final = ("Коньяк", "Сигареты", "Конфеты с ромом", "Нечто", "Без цены")


def articles(told: dict[str, Any]) -> list[str]:
    return [one["article"] for one in told["goods"]]


def test_a14_the_catalogue_has_what_may_be_shown_by_name_and_category(online: Online) -> None:
    answer = online.raw("GET", "/catalogue")
    assert set(articles(answer.json())) == SHOWN and not [name for name in NEVER if name in answer.text]
    told = answer.json()
    assert [one["name"] for one in told["goods"]] == sorted(one["name"] for one in told["goods"])
    assert {(one["id"], one["goods"]) for one in told["categories"]} >= {("tea", 1), ("chocolate", 1), ("sweets", 1)}
    assert articles(online.get("/catalogue?category=tea")) == ["tea"]
    assert articles(online.get("/catalogue?q=АЛЁНКА%20шок")) == ["choco"]
    assert articles(online.get("/catalogue?q=алёнка%20чай")) == []
    for hidden in ("category=tobacco", "category=alcohol_strong", "q=коньяк", "articles=brandy,smoke,odd,free"):
        assert articles(online.get(f"/catalogue?{hidden}")) == []
    assert articles(online.get("/catalogue?articles=tea,brandy,choco")) == ["tea", "choco"]


def test_a14_what_came_lately_is_new_for_so_many_days(online: Online) -> None:
    assert set(articles(online.get("/catalogue?only=new"))) == SHOWN
    online.office.now += timedelta(days=PROGRAMMES["alenka"].new_days + 1)
    assert articles(online.get("/catalogue?only=new")) == []


def test_what_costs_less_today_says_both_prices_and_until_when(online: Online, monkeypatch: Any) -> None:
    offer = Offer(
        id="tea-week",
        ru="Неделя чая",
        en="Tea week",
        kind="percent_off",
        percent_bp=1_000,
        categories=("tea",),
        last_day=date(2026, 3, 7),
        members_only=True,
    )
    of_all = replace(offer, id="all", categories=("tea", "tobacco"), percent_bp=5_000)
    told = replace(PROGRAMMES["alenka"], promotions=(offer, of_all), content_hash="other")
    monkeypatch.setattr(type(online.office.hub), "programmes", {"alenka": told})
    (tea,) = online.get("/catalogue?only=offers")["goods"]
    assert (tea["article"], tea["kopecks"], tea["offer"]["kopecks"]) == ("tea", 33_333, 30_000)
    assert (tea["offer"]["last_day"], tea["offer"]["members_only"]) == ("2026-03-07", True)


def test_a_catalogue_is_leafed_through_in_pages(online: Online) -> None:
    many = {f"n{n:03}": {"name": f"Конфета {n:03}", "category": "sweets", "kopecks": 100} for n in range(120)}
    online.stock(many)
    seen, after = list[str](), ""
    for _ in range(3):
        told = online.get(f"/catalogue?category=sweets&after={after}")
        seen, after = seen + articles(told), told["next"]
    assert (len(seen), len(set(seen)), after) == (121, 121, "")


def test_a_store_has_its_own_prices_and_another_shop_the_chains(online: Online) -> None:
    price = Price("store:sweets-1", "2026-01-01", 9_000)
    online.office.hub.within(lambda writer: take(writer, [NewGoods("choco", {}, (price,))], date(2026, 3, 2)))
    assert online.get("/catalogue?articles=choco")["goods"][0]["kopecks"] == 9_000
    other = catalogue_of(online.office.hub, "alenka", "toys-1")
    assert other.goods[other.places["choco"]].kopecks == 10_000


@pytest.mark.parametrize("token", ["anna", ""])
def test_every_call_answers_its_example_as_it_is_described(online: Online, token: str) -> None:
    paths = online.raw("GET", "/openapi.json").json()["paths"]
    for call in CALLS:
        body = dict(call.example) if call.method == "POST" else None
        path = call.path.replace("{number}", "A-1001")
        answer = online.raw(call.method, path, body, token if call.member != "none" else "", f"once-{call.name}")
        described = paths[PREFIX + call.path][call.method.lower()]["responses"]
        assert str(answer.status_code) in described and answer.status_code != 500, (call.name, answer.text)
        assert answer.headers["content-type"] in described[str(answer.status_code)]["content"], call.name
        refused = answer.json().get("code", "") if answer.headers["content-type"] == MEDIA_TYPE else ""
        assert refused in described[str(answer.status_code)]["description"] or not refused, (call.name, answer.text)


def test_calls_have_words_for_what_they_are_refused_with() -> None:
    assert not {code for call in CALLS for code in call.refused if code not in WORDS}


def test_nothing_is_answered_without_a_key_that_may(online: Online) -> None:
    """A2: whoever asks is told which scope his key has not."""
    online.key, own = online.new_key("catalogue"), online.key
    for call in CALLS:
        path = call.path.replace("{number}", "A-1001")
        answer = online.raw(call.method, path, dict(call.example) if call.method == "POST" else None)
        told = (answer.status_code, answer.json().get("scope", ""))
        assert told == ((200, "") if call.scope == "catalogue" else (403, call.scope)), call.name
    for key in ("", "ps1.sweets.wrong", own[:-1]):
        online.key = key
        assert {online.raw("GET", "/catalogue").status_code, online.raw("POST", "/orders", {}).status_code} == {401}


def test_a_shop_that_asks_too_often_waits(online: Online) -> None:
    online.server.app = shop_app(online.office.hub, KeyDoor(online.office.hub), now_s=lambda: 0.0)
    codes = [online.raw("GET", "/catalogue?articles=tea").status_code for _ in range(62)]
    assert codes.count(200) == 60 and codes[-1] == 429


class OneDoor(KeyDoor):
    """Whatever token is sent, it is of a member: descriptions know no tokens."""

    def member_of(self, shop: Shop, token: str) -> str | None:
        return "anna"


def test_a_token_longer_than_described_is_nobodys(online: Online, office: Office) -> None:
    online.server.app = shop_app(office.hub, OneDoor(office.hub), now_s=lambda: float(next(online.keys)))
    answers = [online.raw("GET", "/members/me", Member_Token="t" * length) for length in (200, 201)]
    assert [answer.status_code for answer in answers] == [200, 401]


def test_the_face_is_what_it_says_of_itself(online: Online, office: Office, tmp_path: Path) -> None:
    """schemathesis makes requests from the document, and looks whether every answer is as the document says: at some
    calls, others each time."""
    online.server.app = shop_app(office.hub, OneDoor(office.hub), now_s=lambda: float(next(online.keys)))
    names = random.sample([call.name for call in CALLS], max(3, min(len(CALLS), int(SECONDS) // 4)))
    (tmp_path / "schemathesis.toml").write_text(FAULTS, encoding="utf-8")
    ran = subprocess.run(
        [
            *(str(Path(sys.executable).with_name("schemathesis")), "run", f"{online.server.url}{PREFIX}/openapi.json"),
            *("--url", online.server.url, "--header", f"Authorization: Bearer {online.key}"),
            *("--max-time", SECONDS, "--phases", "examples,fuzzing", "--workers", "2", "--continue-on-failure"),
            *("--max-examples", "5", "--exclude-checks", "positive_data_acceptance", "--warnings", "off"),
            *("--generation-database", "none", "--no-color"),
            *(word for name in names for word in ("--include-operation-id", name)),
        ],
        capture_output=True,
        text=True,
        cwd=tmp_path,  # it keeps a cache where it runs
    )
    assert ran.returncode == 0, ran.stdout  # which names the seed and a curl for each failure
    assert re.search(r"Tested: [1-9]", ran.stdout), ran.stdout
