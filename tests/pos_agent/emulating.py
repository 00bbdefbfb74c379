"""A till with all its emulated devices as processes, for tests of its page."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from pos_agent.page.pairing import new_link, open_link
from tests.pos_agent.conftest import ANNA, BORIS
from tests.pos_agent.running import TIMEOUT_S, running, with_members

WALLET = {
    "people": [
        {"name": "Anna", "card": ANNA, "phone": "+7 916 123-45-21", "note": "150 points"},
        {"name": "Boris", "card": BORIS, "note": "5,000 points"},
        {"name": "Vera", "phone": "+7 916 123-45-23", "note": "left her card at home"},
    ],
    "blank_cards": ["2600000000116"],
    "coupons": [{"name": "Ten percent", "text": "PROMO-7"}],
    "baskets": [
        {"name": "Sweets", "lines": [{"id": "1", "name": "Chocolate", "price": "89.90", "category": "chocolate"}]},
        {"name": "A feast", "lines": [{"id": "1", "name": "Gift", "price": "899.00", "category": "gifts"}]},
    ],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EmulatedShop:
    """`controls`: by device, as the settings have them."""

    url: str
    token: str
    folder: Path
    controls: dict[str, str]
    processes: dict[str, subprocess.Popen[str]]

    def call(self, path: str, body: Any = None, **headers: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}"} | headers
        method = "GET" if body is None else "POST"
        return requests.request(method, self.url + path, json=body, headers=headers, timeout=TIMEOUT_S)

    def device(self, name: str) -> dict[str, Any]:
        """How the emulator itself says that it is."""
        found: dict[str, Any] = requests.get(f"{self.controls[name]}state.json", timeout=TIMEOUT_S).json()
        return found["printers"][0]["state"] if name == "printer" else found

    def cookie(self) -> dict[str, Any]:
        """Of a browser that was paired with the cashier's page."""
        browser = open_link(self.folder / "data", new_link(self.folder / "data", "cashier", time.time()), time.time())
        assert browser is not None
        name = f"pos-agent-cashier-{self.url.rpartition(':')[2]}"
        return {"name": name, "value": browser.cookie, "url": self.url}


def emulator(kind: str, *options: str) -> tuple[subprocess.Popen[str], str, str]:
    """The process, the device's URL, and where it takes orders."""
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", "pos_agent", "emulate", kind, *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    ready = json.loads(child.stdout.readline())
    control = json.loads(child.stdout.readline())["url"] if kind == "printer" else ready["control"]
    return child, ready["url"], control


@contextmanager
def emulated_shop(folder: Path, **changes: str) -> Iterator[EmulatedShop]:
    """Its hub is away, at the far end of a cable that is there."""
    with_members(folder)
    (folder / "camera").mkdir()
    wallet = json.dumps(WALLET)
    (folder / "wallet.json").write_text(wallet, encoding="utf-8")
    options = {
        "printer": ("--port", "0", "--web", "0", "--out", str(folder / "papers")),
        "scanner": ("--tcp", "0", "--control", "0"),
        "camera": (str(folder / "camera"), "--control", "0"),
        "network": ("--to", "127.0.0.1:9", "--control", "0"),
    }
    with ExitStack() as stack:
        started = {kind: emulator(kind, *words) for kind, words in options.items()}
        stack.callback(_stop, [child for child, _, _ in started.values()])
        more = f'[printer]\nurl = "{started["printer"][1]}"\n'
        more += "".join(
            f'[[scanners]]\nname = "{name}"\nurl = "{started[name][1]}"\n' for name in ("scanner", "camera")
        )
        more += "[emulator]\n" + "".join(f'{kind} = "{control}"\n' for kind, (_, _, control) in started.items())
        url, token = stack.enter_context(running(folder, more=more + 'wallet = "wallet.json"\n', **changes))
        yield EmulatedShop(
            url=url,
            token=token,
            folder=folder,
            controls={kind: control for kind, (_, _, control) in started.items()},
            processes={kind: child for kind, (child, _, _) in started.items()},
        )


def _stop(children: list[subprocess.Popen[str]]) -> None:
    for child in children:
        child.kill()
        child.communicate(timeout=TIMEOUT_S)


def until(what: str, done: Callable[[], bool]) -> None:
    """Ask again and again; every question goes to another process, so none needs a pause."""
    deadline_s = time.monotonic() + TIMEOUT_S
    while not done():
        assert time.monotonic() < deadline_s, f"never: {what}"
