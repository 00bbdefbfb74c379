"""The account's first page on a phone with a slow network: when its largest part is painted, by a browser that was
never there and by one that comes again, against the least that any page could take: ten lines with one style sheet.

    python -m benchmarks.account_paint [--short]

DevTools' "Slow 4G" in a real Chromium, 360×740; the account and its hub are in this process. The last line is one JSON
object.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from hub.hub import Hub
from tests.account.conftest import PHONE, Account, account_over
from tests.account.homely import PROMOTIONS, anna, bought, given, stock
from tests.browser import CHROMIUM, MISSING, chromium
from tests.hub.conftest import Office
from tests.one_port import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser

LOOKS, LOOKS_SHORT = 11, 3
LARGEST_MOST_MS: Final = 2_500.0
SLOW_4G: Final = {  # as DevTools has it: of each request, and bytes a second
    "offline": False,
    "latency": 562.5,
    "downloadThroughput": 1.6 * 1_000_000 / 8 * 0.9,
    "uploadThroughput": 750 * 1_000 / 8 * 0.9,
}
PAINTED: Final = """() => new Promise(done => new PerformanceObserver(list => done(list.getEntries().at(-1).startTime))
  .observe({type: "largest-contentful-paint", buffered: true}))"""
LEAST: Final = (
    b"<!doctype html><meta charset=utf-8><link rel=stylesheet href=/least.css><link rel=icon href=data:,>"
    b"<title>least</title>" + b"<p>1 250 points</p>" * 10
)


async def least(scope: Any, receive: Any, send: Any) -> None:
    is_sheet = scope["path"] == "/least.css"
    kind = b"text/css" if is_sheet else b"text/html"
    headers = [(b"content-type", kind), (b"cache-control", b"max-age=1000" if is_sheet else b"no-store")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"p { margin: 8px }" if is_sheet else LEAST})


@contextmanager
def served(folder: Path) -> Iterator[tuple[Account, Server]]:
    """A member who has something of everything."""
    office, hub, face, other = Office(folder / "hub.db"), Server(), Server(), Server()
    rules = {**office.hub.programmes, "alenka": replace(office.hub.programmes["alenka"], promotions=PROMOTIONS)}
    Hub.programmes = property(lambda self: rules)  # type: ignore[assignment,method-assign]  # of this process alone
    stock(office.hub)
    anna(office)
    bought(office, "anna", "A1", "chocolate")
    given(office, 150, 0, 1)
    other.app = least
    try:
        account = account_over(office, folder, hub, face)
        yield account, other
        account.store.close()
    finally:
        office.hub.close()
        for server in (hub, face, other):
            server.close()


def looked(browser: Browser, url: str, cookie: str, looks: int) -> tuple[list[float], list[float], int]:
    """Milliseconds to the largest paint: the first time and the second; and how many bytes the first look took."""
    cold, warm, weights = [], [], list[int]()
    for _ in range(looks):
        context = browser.new_context(viewport=PHONE, has_touch=True)  # type: ignore[arg-type]
        if cookie:
            context.add_cookies([{"name": "account", "value": cookie, "url": url}])
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", SLOW_4G)
        came = list[int]()
        session.on("Network.loadingFinished", lambda told, came=came: came.append(int(told["encodedDataLength"])))
        page.goto(url, wait_until="load")
        cold.append(float(page.evaluate(PAINTED)))
        weights.append(sum(came))
        page.goto(url, wait_until="load")
        warm.append(float(page.evaluate(PAINTED)))
        context.close()
    return cold, warm, max(weights)


def measured(short: bool) -> dict[str, Any]:
    looks = LOOKS_SHORT if short else LOOKS
    with tempfile.TemporaryDirectory() as folder, chromium() as browser, served(Path(folder)) as (account, other):
        cold, warm, weight = looked(browser, account.url, account.cookie_of("anna"), looks)
        least_cold, least_warm, _ = looked(browser, other.url, "", looks)
    return {
        "looks": looks,
        "largest_cold_ms": round(median(cold)),
        "largest_cold_most_ms": round(max(cold)),
        "largest_warm_ms": round(median(warm)),
        "least_cold_ms": round(median(least_cold)),
        "least_warm_ms": round(median(least_warm)),
        "cold_ratio": round(median(cold) / median(least_cold), 2),
        "warm_ratio": round(median(warm) / median(least_warm), 2),
        "bytes": weight,
    }


def main() -> None:
    if CHROMIUM is None:
        print(f"not measured: {MISSING}")
        return
    short = "--short" in sys.argv
    result = measured(short)
    if not short:
        print("\n".join(f"{name:22}{value}" for name, value in result.items()))
    print(json.dumps(result))
    if result["largest_cold_ms"] > LARGEST_MOST_MS:
        print(f"the largest paint took {result['largest_cold_ms']} ms: busy machine?", file=sys.stderr)


if __name__ == "__main__":
    main()
