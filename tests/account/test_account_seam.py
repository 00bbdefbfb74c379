"""The account over its hub: who is let in, what it asks, and whom the hub hears."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import msgspec
import pytest
from click.testing import CliRunner

from account.hub_desk import HubDesk, HubSaysNo, HubSilent
from hub.cli import cli
from hub.face.tills import hub_app
from loyalty.operation import ACCOUNT_CHAIN
from sync.account.asking import ACCOUNT_PATH, AccountRequest
from sync.account.me import Me, MeTold
from sync.identity import Own
from tests.account.conftest import Account
from tests.browser import needs_browser
from tests.hub.conftest import Office
from tests.one_port import Server
from tests.speaking import asking, joined, of_a_hub_away

if TYPE_CHECKING:
    from playwright.sync_api import Page


@needs_browser
def test_who_is_in_sees_his_points_and_after_signing_out_back_shows_nothing(
    account: Account, phone: Callable[..., Page]
) -> None:
    account.office.join("anna", points=1_250)
    page = phone("anna")
    assert "1 250 бонусов" in page.inner_text("main").replace("\xa0", " ")
    page.get_by_role("button", name="Выйти").click()
    page.wait_for_url("**/sign-in*")
    page.go_back()
    page.wait_for_url("**/sign-in*")
    assert "1 250" not in page.content()


def test_nobody_is_led_to_the_door_and_back(account: Account) -> None:
    answer = account.client().get("/?lang=en", allow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/%3Flang%3Den")


def test_a_cookie_that_was_signed_out_is_nobodys(account: Account) -> None:
    account.office.join("anna")
    client = account.client("anna")
    cookie = client.browser.cookies["account"]
    assert client.get("/", allow_redirects=False).status_code == 200
    client.post("/sign-out")
    client.browser.cookies.set("account", cookie)
    assert client.get("/", allow_redirects=False).status_code == 303


def test_another_page_signs_nobody_out(account: Account) -> None:
    account.office.join("anna")
    client = account.client("anna")
    assert client.post("/sign-out", headers={"Origin": "https://evil.example"}).status_code == 403
    assert client.get("/", allow_redirects=False).status_code == 200


def test_whoever_has_gone_into_another_is_that_one(account: Account) -> None:
    account.office.join("anna", points=100)
    with pytest.raises(HubSaysNo) as refused:
        account.desk.ask("me", Me(), MeTold, member="nobody")
    assert refused.value.code == "member_gone"
    assert account.desk.ask("me", Me(), MeTold, member="anna").points == 100


def test_a_hub_that_is_another_is_not_believed(account: Account, office: Office, hub_server: Server) -> None:
    stranger = HubDesk(hub_server.url, Own(of_a_hub_away(ACCOUNT_CHAIN)), "alenka")
    with pytest.raises(HubSilent):
        stranger.ask("me", Me(), MeTold, member="anna")


def test_a_till_asks_nothing_of_the_account_and_the_account_nothing_of_a_till(
    account: Account, office: Office, hub_server: Server
) -> None:
    office.join("anna")
    asking.there(hub_server.url, lambda: office.hub)
    body = msgspec.json.encode(AccountRequest(act="me", key="k", programme="alenka", member="anna"))
    as_till = asking.post(hub_server.url + ACCOUNT_PATH, data=body, till="t1")
    assert (as_till.status_code, as_till.json()["code"]) == (403, "not_yours")
    as_account = asking.get(hub_server.url + "/v3/changes", params={"till": ACCOUNT_CHAIN}, till=ACCOUNT_CHAIN)
    assert (as_account.status_code, as_account.json()["code"]) == (403, "not_yours")


def test_the_same_request_twice_is_heard_once(account: Account, hub_server: Server) -> None:
    """A replay would tell whoever listened all about a member: every request names a nonce of the hub's."""
    account.office.join("anna")
    account.desk.ask("me", Me(), MeTold, member="anna")  # which has brought a nonce of the hub that now goes
    sent: list[dict[str, str]] = []
    app = hub_app(account.hub)

    async def noting(scope: object, receive: object, send: object) -> None:
        sent.append({str(name, "latin-1"): str(value, "latin-1") for name, value in scope["headers"]})  # type: ignore[index]
        await app(scope, receive, send)  # type: ignore[arg-type]

    hub_server.app = noting
    for _ in range(3):
        account.desk.ask("me", Me(), MeTold, member="anna")
    assert len({one["pos-asker"] for one in sent}) == len(sent) == 4


def test_a_second_who_joins_is_the_only_one_heard(account: Account, office: Office, hub_server: Server) -> None:
    office.join("anna")
    newer = HubDesk(hub_server.url, Own(joined(office.hub, ACCOUNT_CHAIN)), "alenka")
    hub_server.app = hub_app(office.hub)
    assert newer.ask("me", Me(), MeTold, member="anna").member == "anna"
    with pytest.raises(HubSaysNo):
        account.desk.ask("me", Me(), MeTold, member="anna")


def test_the_hub_goes_over_to_another_key_and_the_account_believes_it(
    account: Account, office: Office, hub_server: Server
) -> None:
    """`pos-hub key renew`: both sides say what they know, and until then the old key is the hub's."""
    renew = partial(CliRunner().invoke, cli)
    words = ["key", "renew", "--db", str(office.path)]
    assert renew(words).exit_code == 0
    _again(office, hub_server)
    assert (second := account.desk.programme_told().next_hub_key)
    assert renew([*words, "--finish"]).exit_code == 1, "it was told, and may not have heard"
    account.desk.programme_told()
    assert renew([*words, "--finish"]).exit_code == 0
    _again(office, hub_server)
    assert office.hub.keys.public == second and account.desk.programme_told().next_hub_key == ""


def _again(office: Office, hub_server: Server) -> None:
    office.restart()
    hub_server.app = hub_app(office.hub)
