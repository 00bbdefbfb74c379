"""The page of the virtual printer, asked over HTTP as a browser would, and as a foreign page would."""

from __future__ import annotations

import io
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from PIL import Image

from drivers.printer.emulator.orders import ORDERS
from drivers.printer.emulator.server import PrinterServer
from drivers.printer.emulator.web import PAGE, WebPage
from drivers.printer.emulator.words import BUTTONS

TIMEOUT_S = 20


@pytest.fixture
def printers(tmp_path: Path) -> Iterator[list[PrinterServer]]:
    with PrinterServer(tmp_path / "1") as first, PrinterServer(tmp_path / "2") as second:
        yield [first, second]


@pytest.fixture
def page(printers: list[PrinterServer]) -> Iterator[WebPage]:
    page = WebPage(printers, 0)
    page.start()
    yield page
    page.stop()


def get(page: WebPage, path: str, **headers: str) -> requests.Response:
    return requests.get(page.url + path, headers=headers, timeout=TIMEOUT_S)


def press(page: WebPage, number: int, order: str, **headers: str) -> requests.Response:
    return requests.post(f"{page.url}printers/{number}/order", data=order.encode(), headers=headers, timeout=TIMEOUT_S)


def state(page: WebPage, number: int) -> dict[str, Any]:
    found: dict[str, Any] = get(page, "state.json").json()["printers"][number - 1]
    return found


def printed(printer: PrinterServer, data: bytes) -> None:
    """Back when the printer has answered that all of it was processed."""
    parts = urlsplit(printer.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=TIMEOUT_S) as client:
        client.sendall(data + b"\x1dr\x02")
        assert client.recv(1) == b"\x00"


def test_the_page_grows_with_the_paper(page: WebPage, printers: list[PrinterServer]) -> None:
    before = state(page, 1)["version"]
    printed(printers[0], b"\x1b@\x1bt\x11" + "Чек\n".encode("cp866"))
    now = state(page, 1)
    assert now["version"] != before and now["text"] == "Чек" and now["ledger"] == []
    short = Image.open(io.BytesIO(get(page, "printers/1/paper.png").content))
    printed(printers[0], b"two\nthree\n")
    long = Image.open(io.BytesIO(get(page, "printers/1/paper.png").content))
    assert long.width == short.width and long.height > short.height
    printed(printers[0], b"\x1dV\x00")
    cut = state(page, 1)
    assert cut["text"] == "Чек\ntwo\nthree"  # the receipt that fell stays in sight
    assert [piece["state"] for piece in cut["ledger"]] == ["complete"]
    assert state(page, 2)["text"] == ""


def test_a_button_is_an_order_to_its_printer(page: WebPage, printers: list[PrinterServer]) -> None:
    assert press(page, 2, "paper out").json() == {"error": ""}
    assert [printer.machine.paper_out for printer in printers] == [False, True]
    assert state(page, 2)["state"]["paper_out"] is True and state(page, 2)["state"]["offline"] is True
    wrong = press(page, 1, "dance")
    assert wrong.status_code == 400 and "unknown order" in wrong.json()["error"]
    assert press(page, 3, "tear").status_code == 404
    assert press(page, 1, "x" * 1000).status_code == 413
    assert get(page, "printers/1/order").status_code == 405


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Host": "evil.example"},
        {"Host": "evil.example:{port}"},
        {"Origin": "http://localhost:{port}"},  # not the name that was asked
    ],
)
def test_a_foreign_page_presses_no_button_and_sees_nothing(
    page: WebPage, printers: list[PrinterServer], headers: dict[str, str]
) -> None:
    sent = {name: value.format(port=page.port) for name, value in headers.items()}
    assert press(page, 1, "paper out", **sent).status_code == 403
    assert get(page, "state.json", **sent).status_code == 403
    assert not printers[0].machine.paper_out


def test_its_own_page_may(page: WebPage) -> None:
    assert press(page, 1, "paper out", Origin=page.url.rstrip("/")).status_code == 200
    local = f"localhost:{page.port}"
    assert press(page, 1, "paper in", Host=local, Origin=f"http://{local}").status_code == 200


def test_every_button_is_an_order_with_words_in_both_languages(page: WebPage) -> None:
    html = get(page, "").text
    for order, (russian, english) in BUTTONS.items():
        assert order in ORDERS
        assert html.count(f'data-order="{order}"') == 2
        assert f'<span lang="ru">{russian}</span>' in html and f'<span lang="en">{english}</span>' in html
    assert "http://" not in html and "https://" not in html


def test_the_page_needs_nothing_from_elsewhere(page: WebPage) -> None:
    for name in ("page.js", "page.css"):
        served = get(page, name)
        assert served.text == (PAGE / name).read_text("utf-8")
        assert "//" not in served.text.replace("// Asks", "")
    policy = get(page, "").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy


def test_the_ledger_is_told_in_both_languages(page: WebPage, printers: list[PrinterServer]) -> None:
    printed(printers[0], b"\x1b@one\n\x1b@two\n\x1dV\x00three\n")
    press(page, 1, "tear")
    printed(printers[0], b"\x1b@four\n")
    press(page, 1, "power cycle kept")
    press(page, 1, "power cycle")
    pieces = state(page, 1)["ledger"]
    words = {piece[name] for piece in pieces for name in ("state", "cause") if piece[name] is not None}
    assert words == {"complete", "torn", "next ESC @", "tear", "power"}
    html = get(page, "").text
    for word in words | {"cleared", "too long", "uncut at end"}:
        assert f'<template data-word="{word}"><span lang="ru">' in html, word
    assert "template[data-word=" in (PAGE / "page.js").read_text("utf-8")


def test_the_page_shows_whether_the_cable_is_in(page: WebPage) -> None:
    assert state(page, 1)["state"]["unplugged"] is False
    press(page, 1, "unplug")
    assert [state(page, number)["state"]["unplugged"] for number in (1, 2)] == [True, False]
    press(page, 1, "plug")
    assert state(page, 1)["state"]["unplugged"] is False


def test_a_refused_order_has_a_place_on_the_page(page: WebPage, printers: list[PrinterServer]) -> None:
    """The way a button comes to be refused: somebody else took the port while the cable was out."""
    port = printers[0].port
    press(page, 1, "unplug")
    with socket.create_server(("127.0.0.1", port)):
        refused = press(page, 1, "plug")
    assert refused.status_code == 400 and "in use" in refused.json()["error"]
    assert get(page, "").text.count('class="bad refused" role="alert"') == 2
    script = (PAGE / "page.js").read_text("utf-8")
    assert 'querySelector(".refused")' in script and "answer.ok" in script


def test_what_the_script_reads_is_what_the_state_has(page: WebPage) -> None:
    printer = state(page, 1)
    html = get(page, "").text
    for name in printer["state"]:
        assert html.count(f'data-state="{name}"') == 2, name
    script = (PAGE / "page.js").read_text("utf-8")
    assert all(f"printer.{name}" in script for name in printer)
    assert json.dumps(printer)
