"""The account as an app of the phone: what is shown without a network, and that nothing of anybody is left behind; how
heavy a first page is, and what a browser keeps of it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from tests.account.conftest import Account, account_over
from tests.account.homely import PROMOTIONS, anna, in_force, stock
from tests.browser import needs_browser
from tests.hub.conftest import Office
from tests.one_port import Server

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

FIRST_PAGE_BYTES_MAX = 100_000
FIRST_PAGE_REQUESTS_MAX = 6
CONTROLLED = "navigator.serviceWorker.controller"
KEEPS = "(await caches.match('{path}', {{cacheName: 'kept'}}))"
FIRST_KEPT, NO_NETWORK_KEPT = KEEPS.format(path="/"), KEEPS.format(path="/no-network")
TEXTS = """caches.keys().then(names => Promise.all(names.map(async name => {
  const cache = await caches.open(name);
  const answers = await Promise.all((await cache.keys()).map(one => cache.match(one)));
  return (await Promise.all(answers.map(one => one.text()))).join("\\n");
}))).then(texts => texts.join("\\n"))"""


def with_worker(page: Page) -> None:
    """The worker has the page, and has kept it."""
    until(page, CONTROLLED)
    page.reload()
    until(page, f"{FIRST_KEPT} && {NO_NETWORK_KEPT}")


def until(page: Page, so: str) -> None:
    """It is so in the page, soon. Playwright's own way asks for `unsafe-eval`."""
    tries = f"for (let at = 0; at < 400 && !({so}); at++) await new Promise(then => setTimeout(then, 20));"
    assert page.evaluate(f"(async () => {{ {tries} return !!({so}); }})()"), so


class Network:
    """Pulled out, and put in again."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._app = server.app

    def off(self) -> None:
        async def gone(scope: Any, receive: Any, send: Any) -> None:
            raise ConnectionError  # the worker sees a broken answer, as from a proxy whose network is away

        self._server.app = gone

    def on(self) -> None:
        self._server.app = self._app


@needs_browser
def test_a12_without_a_network_card_and_balance_are_there_and_after_signing_out_nothing_is(
    account: Account, phone: Callable[..., Page], account_server: Server
) -> None:
    anna(account.office)
    account.office.join("boris", points=77, card="cardboris", name="Борис")
    page = phone("anna")
    with_worker(page)
    context = page.context
    assert not page.locator(".kept").is_visible()

    context.set_offline(True)
    page.goto(account.url)
    assert "Нет связи. Здесь то, что было известно 02.03.2026 15:00" in page.inner_text(".kept")
    assert "1 390 бонусов" in page.inner_text(".home-card").replace("\xa0", " ")
    assert page.locator(".home-card .qr svg").is_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.home-card')).backgroundColor") != "rgba(0, 0, 0, 0)"
    page.goto(f"{account.url}/cards")
    assert "Нет сети" in page.inner_text("h1") and "1 390" not in page.content()
    page.get_by_role("link", name="Карта и баланс").click()
    page.get_by_text("Нет связи.").wait_for()
    page.get_by_role("button", name="Выйти").click()  # cannot be told to anybody
    page.get_by_role("heading", name="Нет сети").wait_for()
    context.set_offline(False)

    network = Network(account_server)
    network.off()  # the account itself is away, the network is not
    page.goto(account.url)
    page.get_by_text("Нет связи.").wait_for()
    network.on()

    another_signs_in(context, account, "boris")
    page.goto(f"{account.url}/no-such-page")
    until(page, f"!{FIRST_KEPT}")
    page.goto(account.url)
    until(page, FIRST_KEPT)
    context.set_offline(True)
    page.goto(account.url)
    assert "Борис" in page.inner_text("h1") and "1 390" not in page.content()
    context.set_offline(False)

    page.goto(account.url)
    page.get_by_role("button", name="Выйти").click()
    page.wait_for_url("**/sign-in*")
    until(page, f"!{FIRST_KEPT}")
    texts = page.evaluate(TEXTS)
    assert not re.search(r"Борис|Анна|cardboris|77\s", texts)
    context.set_offline(True)
    page.goto(account.url)
    assert "Нет сети" in page.inner_text("h1")
    context.set_offline(False)


def another_signs_in(context: BrowserContext, account: Account, member: str) -> None:
    context.clear_cookies()
    context.add_cookies([{"name": "account", "value": account.cookie_of(member), "url": account.url}])


@needs_browser
def test_a_first_page_is_light_and_its_files_are_asked_for_once(
    account: Account, phone: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    in_force(monkeypatch, account.hub, promotions=PROMOTIONS)
    stock(account.hub)
    anna(account.office)
    page = phone()
    page.context.add_cookies([{"name": "account", "value": account.cookie_of("anna"), "url": account.url}])
    page.goto("about:blank")
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setBypassServiceWorker", {"bypass": True})
    session.send("Network.clearBrowserCache")
    asked: list[str] = []
    bytes_: list[int] = []
    session.on("Network.requestWillBeSent", lambda told: asked.append(told["request"]["url"]))
    session.on("Network.loadingFinished", lambda told: bytes_.append(told["encodedDataLength"]))
    page.goto(account.url)
    page.wait_for_load_state("networkidle")
    of_page = [url for url in asked if not url.endswith("/worker.js")]
    assert 3 <= len(of_page) <= FIRST_PAGE_REQUESTS_MAX, of_page
    assert all(url.startswith(account.url) for url in asked)
    assert 5_000 < sum(bytes_) <= FIRST_PAGE_BYTES_MAX
    before = len(asked)
    page.goto(account.url)
    page.wait_for_load_state("networkidle")
    again = [url.removeprefix(account.url) for url in asked[before:]]
    assert not [path for path in again if path.startswith(("/static/", "/look/")) and path in fresh(account, again)]


def fresh(account: Account, paths: list[str]) -> list[str]:
    """Those that a browser may not keep for ever."""
    client = account.client()
    return [path for path in paths if "immutable" not in client.get(path).headers.get("Cache-Control", "")]


def test_files_are_kept_for_ever_by_their_edition_and_never_by_their_name(account: Account) -> None:
    client = account.client()
    page = client.get("/sign-in").text
    look, script = (re.findall(rf'"({what}[^"#]*)', page)[0] for what in ("/look/", "/static/"))
    for path in (look, script):
        assert "immutable" in client.get(path).headers["Cache-Control"]
    assert client.get("/look/000000000000.css").headers["Cache-Control"] == "no-cache"
    name = script.rsplit("/", 1)[-1]
    assert client.get(f"/static/{name}").headers["Cache-Control"] == "no-cache"
    assert client.get(f"/static/@000000000000/{name}").headers["Cache-Control"] == "no-cache"
    assert client.get("/static/@000000000000/../app.py").status_code == 404


@pytest.mark.parametrize(
    ("programme", "name", "colour"), [("alenka", "Алёнка", "#8c1d40"), ("perekrestok", "Клуб Перекрёсток", "#1d5c36")]
)
def test_each_programme_is_an_app_of_its_own(
    office: Office, tmp_path: Any, hub_server: Server, account_server: Server, programme: str, name: str, colour: str
) -> None:
    made = account_over(office, tmp_path, hub_server, account_server, programme)
    client = made.client()
    told = client.get("/manifest.webmanifest?lang=ru").json()
    assert (told["short_name"], told["theme_color"], told["display"]) == (name, colour, "standalone")
    assert (told["start_url"], told["scope"], told["lang"]) == ("/", "/", "ru")
    assert client.get("/manifest.webmanifest?lang=en").json()["lang"] == "en"
    sizes = set()
    for picture in told["icons"]:
        answer = client.get(picture["src"])
        assert answer.headers["Content-Type"].startswith(picture["type"])
        if picture["type"] == "image/png":
            with Image.open(io.BytesIO(answer.content)) as opened:
                assert f"{opened.width}x{opened.height}" == picture["sizes"]
                corner = opened.convert("RGB").getpixel((0, 0))
                assert corner == tuple(bytes.fromhex(colour[1:]))
            sizes.add(picture["sizes"])
    assert sizes == {"192x192", "512x512"}
    assert client.get("/icon-7.png").status_code == 404
    made.store.close()


def test_the_worker_is_another_where_a_file_is_another(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    client = account.client()
    first = client.get("/worker.js")
    assert first.headers["Cache-Control"] == "no-cache" and "EDITION" not in first.text and "FILES;" not in first.text
    for path in re.findall(r'"(/[^"]+\.(?:css|js|svg))"', first.text):
        assert client.get(path).status_code == 200, path
    monkeypatch.setattr("account.pages.installed.KEPT_FILES", ("icons.svg",))
    assert client.get("/worker.js").text != first.text


def test_what_a_browser_may_keep_names_the_session_and_nobody(account: Account) -> None:
    """`Whose`: by it the worker knows that what it kept is another's."""
    account.office.join("anna")
    one, other = account.client("anna"), account.client("anna")
    whose = [client.get("/").headers["Whose"] for client in (one, one, other)]
    assert whose[0] == whose[1] != whose[2] and re.fullmatch("[0-9a-f]{16}", whose[0])
    assert one.browser.cookies["account"] not in whose[0]
    assert "Whose" not in account.client().get("/sign-in").headers
    assert one.get("/").headers["Cache-Control"] == "no-store"
