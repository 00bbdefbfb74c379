"""Who may open the page: a link once and in its time, its cookie, nobody else; the kiosk."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests
from playwright.sync_api import expect

from pos_agent.page.pairing import LINK_LIFE_S, forget_all, new_link
from tests.page.shop import WAIT_S, Shop
from tests.page.till import SHOWN_MS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.page.till import Till

TAKEN = "The link has been used, or is too old. Take a new one."


def agent(shop: Shop, *words: str, **how: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "pos_agent", *words, "--config", str(shop.folder / "pos-agent.toml")]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=WAIT_S, **how)


def test_a_link_works_once_and_no_longer_than_its_time(shop: Shop, browser: Browser) -> None:
    link = agent(shop, "page").stdout.strip()
    assert re.fullmatch(rf"{shop.url}/pair#[\w-]{{43}}", link)
    first = browser.new_context().new_page()
    first.goto(link)
    expect(first.locator("#bar button").first).to_be_visible(timeout=SHOWN_MS)
    assert first.url == f"{shop.url}/"
    old = f"{shop.url}/pair#{new_link(shop.data, 'cashier', time.time() - LINK_LIFE_S - 1)}"
    for used in (link, old):
        page = browser.new_context().new_page()
        page.goto(used)
        expect(page.get_by_role("alert")).to_have_text(TAKEN, timeout=SHOWN_MS)
        assert page.context.cookies() == [] and "#" not in page.url
    for context in browser.contexts:
        context.close()


def test_a_used_link_opens_the_page_to_whoever_is_let_in_already(shop: Shop, browser: Browser) -> None:
    for options, page in ((), "/"), (("--guest",), "/guest"):
        link = agent(shop, "page", *options).stdout.strip()
        context = browser.new_context()
        for _ in range(2):
            opened = context.new_page()
            opened.goto(link)
            opened.wait_for_url(shop.url + page, timeout=SHOWN_MS)
        context.close()


def test_the_cookie_is_for_this_site_alone_and_no_script_reads_it(till: Till) -> None:
    (cookie,) = till.page.context.cookies()
    assert cookie["httpOnly"] and cookie["sameSite"] == "Strict" and cookie["expires"] > time.time() + 86_400
    assert till.page.evaluate("() => document.cookie") == ""


def test_forgotten_browsers_are_let_in_no_more(shop: Shop, till: Till) -> None:
    assert "pos-agent" not in agent(shop, "page", "--forget").stderr
    till.page.reload()
    till.sees("one-time link")
    assert requests.get(shop.url, timeout=WAIT_S).status_code == 401


@pytest.mark.parametrize("secret", ["A" * 43, "../api-token", "", "\r\nX: y", "é" * 40])
def test_a_wrong_cookie_opens_nothing(shop: Shop, secret: str) -> None:
    name = f"pos-agent-cashier-{shop.url.rpartition(':')[2]}"
    headers = {"Cookie": f"{name}={secret}".encode().replace(b"\r\n", b" ")}
    page = requests.get(shop.url, headers=headers, timeout=WAIT_S)
    assert page.status_code == 401 and "pos-agent page" in page.text
    assert requests.get(f"{shop.url}/v1/status", headers=headers, timeout=WAIT_S).status_code == 401


def opened(shop: Shop, key: str, **headers: str) -> requests.Response:
    return requests.post(f"{shop.url}/pair/open", json={"key": key}, headers=headers, timeout=WAIT_S)


def test_the_guests_cookie_opens_neither_the_page_nor_the_api(shop: Shop) -> None:
    answer = opened(shop, new_link(shop.data, "guest", time.time()))
    cookie = answer.headers["set-cookie"].partition(";")[0]
    assert answer.ok and "Path=/guest" in answer.headers["set-cookie"]
    for path in ("/", "/v1/status", "/v1/visit", "/v1/events"):
        assert requests.get(shop.url + path, headers={"Cookie": cookie}, timeout=WAIT_S).status_code == 401, path
    command = {"do": "cancel"}
    assert (
        requests.post(f"{shop.url}/v1/commands", json=command, headers={"Cookie": cookie}, timeout=WAIT_S).status_code
        == 401
    )


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1"])
def test_a_page_of_another_site_pairs_nobody(shop: Shop, origin: str) -> None:
    key = new_link(shop.data, "cashier", time.time())
    assert opened(shop, key, Origin=origin).status_code == 403
    assert opened(shop, key, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert opened(shop, key, Origin=shop.url).ok  # it was not used up


def test_the_kiosk_is_a_browser_with_a_profile_of_its_own(shop: Shop, tmp_path: Path) -> None:
    fake = tmp_path / "chromium"
    fake.write_text('#!/bin/sh\nfor word in "$@"; do echo "$word"; done\nexit 7\n', encoding="ascii")
    fake.chmod(0o755)
    done = agent(shop, "page", "--kiosk", env={**os.environ, "PATH": f"{tmp_path}:/usr/bin:/bin"})
    *flags, link = done.stdout.split()
    assert done.returncode == 7  # the browser's own
    assert "--kiosk" in flags and f"--user-data-dir={shop.data / 'browser-cashier'}" in flags
    assert link.startswith(f"{shop.url}/pair#")
    none = agent(shop, "page", "--kiosk", env={**os.environ, "PATH": str(tmp_path / "empty")})
    assert none.returncode == 1 and "/pair#" in none.stderr


def test_a_page_that_is_forgotten_while_it_is_open_closes(shop: Shop, till: Till) -> None:
    till.shows("work", "Scan the card")
    forget_all(shop.data)
    expect(till.page.locator("body.pair")).to_be_visible(timeout=SHOWN_MS)
