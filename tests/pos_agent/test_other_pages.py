"""A page of another site in a real browser at the till: whatever it tries, nothing happens and nothing is read.

It even knows the till's address and token, which no page should: what stops it is where it comes from.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
import requests
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

from tests.browser import chromium, needs_browser
from tests.pos_agent.running import TIMEOUT_S, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.one_port import Server

EVIL = "evil.example"
pytestmark = needs_browser

# each says what it learned; "nothing" where the browser or the till gave it nothing
PAGE = """<!doctype html><title>waits</title><body><script>
const till = TILL, token = TOKEN, command = '{"do": "pay", "sale": "1"}'
const auth = {"Authorization": "Bearer " + token}
const post = (type, how) => {
  const headers = type ? {...auth, "Content-Type": type} : {}
  return {method: "POST", body: command, headers, ...how}
}
const blob = new Blob([command], {type: "application/json"})
const blind = {mode: "no-cors"}
const read = async (path, how) => {
  const answer = await fetch(till + path, how)
  return await answer.text() || "nothing"
}
const once = (target, good, bad) => new Promise(done => {
  target.addEventListener(good, event => done(String(event.data || "loaded")))
  target.addEventListener(bad, () => done("nothing"))
})
const form = (type, name) => new Promise(done => {
  const frame = document.createElement("iframe"), form = document.createElement("form")
  frame.name = name
  document.body.append(frame)
  frame.onload = () => {  // whose document we may not look into is another site's
    try { done(frame.contentDocument.body.innerText || "nothing") } catch { done("nothing") }
  }
  Object.assign(form, {method: "POST", action: till + "/v1/commands", enctype: type, target: name})
  const field = document.createElement("input"); field.name = '{"do": "pay", "sale": "1", "x": "'; field.value = '"}'
  form.append(field); document.body.append(form); form.submit()
})
const element = (tag, path) => {
  const one = document.createElement(tag); const came = once(one, "load", "error")
  one.src = till + path; document.body.append(one); return came
}
const tries = {
  "fetch": () => read("/v1/visit"),
  "fetch with the token": () => read("/v1/visit", {headers: auth}),
  "post json": () => read("/v1/commands", post("application/json")),
  "post text": () => read("/v1/commands", post()),
  "post text, blind": () => read("/v1/commands", post("", blind)),
  "post json, blind": () => read("/v1/commands", post("application/json", blind)),
  "post a blob": () => read("/v1/commands", post("", {...blind, body: blob})),
  "beacon": async () => { navigator.sendBeacon(till + "/v1/commands", command); return "nothing" },
  "form": () => form("text/plain", "a"),
  "form of fields": () => form("application/x-www-form-urlencoded", "b"),
  "picture": () => element("img", "/v1/visit"),
  "script": () => element("script", "/v1/visit"),
  "events": () => once(new EventSource(till + "/v1/events"), "state", "error"),
  "websocket": () => once(new WebSocket(till.replace("http", "ws") + "/v1/events"), "message", "error"),
}
const learned = {}
Promise.all(Object.entries(tries).map(async ([name, attempt]) => {
  try { learned[name] = await attempt() } catch { learned[name] = "nothing" }
})).then(() => { window.learned = learned; document.title = "done" })
</script>"""


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    with running(tmp_path_factory.mktemp("pages")) as (url, token):
        line = {"id": "1", "name": "Tea", "price": "1.00"}
        assert asked(url, token, "/v1/basket", {"sale": "1", "lines": [line]})["ok"]
        yield url, token


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium(f"--host-resolver-rules=MAP {EVIL} 127.0.0.1") as browser:
        yield browser


def asked(url: str, token: str, path: str, body: Any = None) -> Any:
    headers = {"Authorization": f"Bearer {token}"}
    return requests.request("POST" if body else "GET", url + path, json=body, headers=headers, timeout=TIMEOUT_S).json()


@pytest.mark.parametrize("framed", [False, True], ids=["page", "sandboxed frame"])
@pytest.mark.parametrize(
    ("page_at", "till_at"),
    [("127.0.0.1", "127.0.0.1"), ("localhost", "127.0.0.1"), (EVIL, "127.0.0.1"), (EVIL, "localhost"), (EVIL, EVIL)],
)
def test_a_page_of_another_site_does_and_learns_nothing(
    agent: tuple[str, str], browser: Browser, server: Server, page_at: str, till_at: str, framed: bool
) -> None:
    """On another port of this machine; on a name of its own, which it lets mean this machine; in a frame whose origin
    is `null`."""
    url, token = agent
    text = PAGE.replace("TILL", json.dumps(url.replace("127.0.0.1", till_at))).replace("TOKEN", json.dumps(token))
    frame = '<iframe sandbox="allow-scripts allow-forms" src="/page"></iframe>'
    routes = [Route("/page", lambda _: HTMLResponse(text)), Route("/frame", lambda _: HTMLResponse(frame))]
    server.app = Starlette(routes=routes)
    before = asked(url, token, "/v1/visit"), asked(url, token, "/v1/status")["outbox"]
    page = browser.new_page()
    page.goto(server.url.replace("127.0.0.1", page_at) + ("/frame" if framed else "/page"))
    theirs = next(each for each in page.frames if each.url.endswith("/page"))
    theirs.wait_for_function("document.title === 'done'", timeout=TIMEOUT_S * 1_000)
    learned = theirs.evaluate("window.learned")
    page.close()
    assert len(learned) == 14 and set(learned.values()) == {"nothing"}, learned
    assert (asked(url, token, "/v1/visit"), asked(url, token, "/v1/status")["outbox"]) == before
