"""A9 and A11: in by a social network, against a server of OpenID Connect; what it says is believed for nothing else."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from account.app import account_app
from account.entering import FIRST
from account.network import Begun, Network, NetworkRefused, NetworkSilent
from account.network_settings import BadNetworks, networks_in
from account.networks import Networks
from account.passwords import Passwords
from hub.people.orders import Order
from hub.people.profile import erase
from loyalty.card_numbers import make_number
from tests.account.conftest import Account, Client
from tests.browser import needs_browser
from tests.hub.conftest import PROGRAMMES
from tests.one_port import Server

if TYPE_CHECKING:
    from playwright.sync_api import Page

PHONE = "+79161234567"
BLANK = make_number(PROGRAMMES["alenka"].cards.schemes[0], 31)
GOOD = "синий трамвай у булочной"


@pytest.fixture(scope="session")
def provider() -> Iterator[str]:
    """Its address. Whoever comes is whom he says that he is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from oidc_provider_mock import run_server_in_thread

    with run_server_in_thread(require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def social(account: Account, account_server: Server, provider: str) -> Account:
    """The account, with a network."""
    network = Network(id="vk", title="VK ID", client_id="shop", client_secret="s", issuer=provider)
    networks = Networks(account.url, (network,))
    now = lambda: account.office.now  # noqa: E731
    account_server.app = account_app(account.desk, account.store, now=now, networks=networks)
    return account


def way(client: Client, provider: str, subject: str) -> str:
    """To the network, and the address with which it sends him back; "": it does not."""
    begun = client.get("/sign-in/with/vk", allow_redirects=False)
    assert begun.status_code == 303 and begun.headers["location"].startswith(f"{provider}/oauth2/authorize?")
    answer = client.browser.post(begun.headers["location"], data={"sub": subject}, allow_redirects=False, timeout=20)
    return answer.headers["location"].removeprefix(client.url)


def link(account: Account, member: str, subject: str) -> None:
    with account.store.writing() as book:
        book.do("link_network", network="vk", subject=subject, member=member, shown="Anna", linked_at="2026-03-01")


@needs_browser
def test_a11_the_first_time_he_shows_who_he_is_and_then_he_is_in_at_once(
    social: Account, phone: Callable[..., Page]
) -> None:
    """A9: what was linked stands in his profile, where a card is made good too."""
    social.office.join("anna", points=1_250, phone=PHONE)
    Passwords(social.store, lambda: social.office.now).keep("anna", GOOD)
    page = phone()
    page.goto(f"{social.url}/sign-in/with/vk")
    page.locator("input[name=sub]").fill("vk-anna")
    page.get_by_role("button", name="Authorize").click()
    page.wait_for_url("**/sign-in/with/vk/first")
    assert "не знает, какая карта ваша" in page.inner_text("main")
    page.goto(f"{social.url}/sign-in/password")
    page.get_by_label("Телефон или номер карты").fill(PHONE)
    page.get_by_label("Пароль", exact=True).fill(GOOD)
    page.get_by_role("button", name="Войти", exact=True).click()
    page.wait_for_url("**/profile/social")
    assert "Входить в этот кабинет через VK ID" in page.inner_text("main")
    page.get_by_role("button", name="Да, привязать").click()
    page.wait_for_selector(".done")
    page.get_by_role("button", name="Выйти").click()
    page.goto(f"{social.url}/sign-in/with/vk")
    page.get_by_role("button", name="vk-anna").click()
    page.wait_for_url(f"{social.url}/")
    assert "1 250 бонусов" in page.inner_text("main").replace("\xa0", " ")
    page.goto(f"{social.url}/profile")
    page.get_by_role("link", name="Вход через соцсети").click()
    page.get_by_role("button", name="Отвязать VK ID").click()
    page.wait_for_selector(".done")
    assert "Пока ни одной" in page.inner_text("main")
    page.get_by_label("Номер карты").fill(BLANK)
    page.get_by_role("button", name="Привязать карту").click()
    page.wait_for_url("**/cards*")
    assert BLANK in social.office.cards("anna")


def test_a11_a_way_is_gone_once_and_by_the_browser_that_began_it(social: Account, provider: str) -> None:
    social.office.join("anna")
    link(social, "anna", "vk-anna")
    client, thief = social.client(language="en"), social.client(language="en")
    back = way(client, provider, "vk-anna")
    assert thief.get(back).status_code == 400, "it has begun nothing"
    way(thief, provider, "vk-thief")
    assert thief.get(back).status_code == 403, "and then the state is another's"
    assert thief.get(back).status_code == 400, "and a way is tried once"
    first = client.get(back, allow_redirects=False)
    assert (first.status_code, first.headers["location"]) == (303, FIRST)
    assert client.get(back).status_code == 400, "once"


def test_a11_whoever_came_by_it_is_asked_before_it_is_linked(social: Account, provider: str) -> None:
    """Else somebody who made a browser go there with an account of his own would come in by it for ever."""
    social.office.join("anna")
    social.office.join("boris")
    link(social, "boris", "vk-boris")
    anna = social.client("anna", "en")
    page = anna.get(way(anna, provider, "vk-new"))
    assert "Sign in to this account by VK ID" in page.text
    assert "None yet" in anna.post("/profile/social/not").text
    anna.get(way(anna, provider, "vk-boris"))
    assert "opens another account" in anna.post("/profile/social/link").text
    assert anna.post("/profile/social/link").status_code == 400, "there is nothing to link"


def test_a11_of_whom_nothing_is_left_opens_nothing(social: Account, provider: str) -> None:
    social.office.join("anna")
    link(social, "anna", "vk-anna")
    erase(social.hub, "anna", Order(by="o"), "asked")
    client = social.client(language="en")
    assert client.get(way(client, provider, "vk-anna"), allow_redirects=False).headers["location"].endswith("/first")
    with social.store.reading() as book:
        assert book.one("network_member", network="vk", subject="vk-anna") is None


def test_a11_one_who_says_no_or_a_network_that_is_off(social: Account, provider: str) -> None:
    client = social.client(language="en")
    begun = client.get("/sign-in/with/vk", allow_redirects=False).headers["location"]
    denied = client.browser.post(begun, data={"action": "deny"}, allow_redirects=False, timeout=20).headers["location"]
    state = begun.split("state=")[1].split("&")[0]
    assert "did not confirm" in client.get(f"/sign-in/with/vk/back?error=access_denied&state={state}").text
    assert denied.startswith(f"{social.url}/sign-in/with/vk/back?error=access_denied")
    assert client.get("/sign-in/with/ok").status_code == 404


ISSUER = "https://id.example"
NETWORK = Network(id="vk", title="VK ID", client_id="shop", issuer=ISSUER)
BEGUN = Begun(network="vk", state="s", nonce="n", verifier="v")
KEY, OTHER = RSAKey.generate_key(2048, {"kid": "k"}), RSAKey.generate_key(2048, {"kid": "k"})


class Said(Networks):
    """What a network answers with, without one."""

    def __init__(self, token: str) -> None:
        super().__init__("https://my.example", (NETWORK,))
        self._read = {
            f"{ISSUER}/.well-known/openid-configuration": (
                time.time(),
                {"jwks_uri": f"{ISSUER}/keys", "token_endpoint": f"{ISSUER}/token"},
            ),
            f"{ISSUER}/keys": (time.time(), KeySet([KEY]).as_dict(private=False)),
        }
        self._said = token

    def _token(self, *asked: Any) -> dict[str, str]:
        return {"id_token": self._said}


def token(key: Any = KEY, alg: str = "RS256", **claims: Any) -> str:
    now = int(time.time())
    good = {"iss": ISSUER, "aud": "shop", "sub": "42", "nonce": "n", "iat": now, "exp": now + 300, "name": "Анна"}
    return jwt.encode({"alg": alg, "kid": "k"}, {k: v for k, v in (good | claims).items() if v is not None}, key)


def back(text: str, **told: str) -> Any:
    return Said(text).back(NETWORK, BEGUN, {"state": "s", "code": "c"} | told)


def test_a11_an_id_token_is_looked_at_to_the_last_claim() -> None:
    assert back(token()) == ("vk", "42", "Анна") and back(token(), iss=ISSUER).subject == "42"
    now = int(time.time())
    bad: dict[str, str] = {
        "signed by another": token(OTHER),
        "of another network": token(iss="https://evil.example"),
        "for another": token(aud="another"),
        "for others too": token(aud=["shop", "another"]),
        "given to another": token(azp="another"),
        "of another way": token(nonce="m"),
        "of no way": token(nonce=None),
        "over": token(exp=now - 300),
        "without an end": token(exp=None),
        "an old one": token(iat=now - 3_600),
        "of nobody": token(sub=""),
    }
    for why, text in bad.items():
        with pytest.raises(NetworkRefused):
            back(text)
            pytest.fail(why)
    body = token().split(".")[1]
    with pytest.raises((NetworkRefused, NetworkSilent)):
        back(f"eyJhbGciOiJub25lIn0.{body}.")  # {"alg":"none"}
    for told in ({"state": "t"}, {"code": "c", "iss": "https://evil.example"}):
        with pytest.raises(NetworkRefused):
            back(token(), **told)


def test_a11_settings_name_networks_and_hide_their_secrets(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3\n")
    file = tmp_path / "providers.toml"
    head = 'url = "https://my.example"\n'

    def read(text: str) -> Any:
        file.write_text(text, encoding="utf-8")
        return networks_in(file)

    url, networks = read(
        head
        + '[[network]]\nkind = "vk"\nclient_id = "1"\n'
        + '[[network]]\nkind = "yandex"\nclient_id = "2"\nclient_secret_file = "secret"\n'
        + '[[network]]\nkind = "tid"\nclient_id = "3"\n'
    )
    assert url == "https://my.example" and [one.title for one in networks] == ["VK ID", "Яндекс ID", "T-ID"]
    assert networks[1].client_secret == "s3"
    row = '[[network]]\nclient_id = "1"\nid = "x"\ntitle = "X"\n'
    for wrong in (
        'url = "http://my.example"\n',
        head + row,
        head + row + 'issuer = "http://id.example"\n',
        head + '[[network]]\nkind = "facebook"\nclient_id = "1"\n',
        head + '[[network]]\nkind = "vk"\nclient_id = "1"\nclient_secret = "here"\n',
        head + '[[network]]\nkind = "vk"\nclient_id = "1"\nclient_secret_env = "NO_SUCH"\n',
        head + '[[network]]\nkind = "vk"\nclient_id = "1"\n' * 2,
        head + '[[network]]\nkind = "vk"\nclient_id = "1"\nwhat = 1\n',
    ):
        with pytest.raises(BadNetworks):
            read(wrong)
