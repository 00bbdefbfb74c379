"""The emulated till's calls, against real emulators: passed on within bounds, refused in words, and gone is a state."""

from __future__ import annotations

import base64
import io
import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from PIL import Image

from drivers.printer.emulator.orders import ORDERS
from drivers.printer.emulator.words import BUTTONS
from drivers.scanner.emulator.pictures import drawn_card
from pos_agent.page.emulated import PICTURE_BODY_MAX
from pos_agent.page.emulated_faults import FAULTS
from pos_agent.page.emulated_words import EMULATED_WORDS
from pos_agent.page.wallet import WALLET_BYTES_MAX, WalletError, load_wallet
from tests.pos_agent.conftest import ANNA, BORIS
from tests.pos_agent.emulating import WALLET, EmulatedShop, emulated_shop, until
from tests.pos_agent.running import TIMEOUT_S, running

LATER = "at line 5 paper out"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatedShop]:
    with emulated_shop(tmp_path_factory.mktemp("emulated")) as shop:
        yield shop


def order(shop: EmulatedShop, device: str, line: str) -> tuple[int, str]:
    answer = shop.call("/emulator/order", {"device": device, "line": line})
    return answer.status_code, answer.json()["error"]


def reply(shop: EmulatedShop) -> dict[str, Any]:
    told: dict[str, Any] = shop.call("/v1/visit").json()["reply"] or {}
    return told


def ready(shop: EmulatedShop) -> bool:
    return all(scanner["state"] == "ready" for scanner in shop.call("/v1/status").json()["scanners"])


def test_the_state_of_all_devices_comes_with_what_guests_carry(shop: EmulatedShop) -> None:
    state = shop.call("/emulator/state").json()
    assert set(state["devices"]) == {"printer", "scanner", "camera", "network"}
    assert not any(device["gone"] or device["unplugged"] for device in state["devices"].values())
    assert [guest["name"] for guest in state["wallet"]["people"]] == ["Anna", "Boris", "Vera"]
    assert state["wallet"]["baskets"] == WALLET["baskets"]
    assert state["devices"]["printer"]["text"] == ""
    assert Image.open(io.BytesIO(shop.call("/emulator/paper.png").content)).format == "PNG"
    assert Image.open(io.BytesIO(shop.call("/emulator/seen.jpg").content)).size == (1280, 720)


def test_a_card_that_is_scanned_and_one_that_is_pictured_come_to_the_till(shop: EmulatedShop) -> None:
    until("both scanners are found", lambda: ready(shop))
    assert order(shop, "scanner", ANNA) == (200, "")
    until("Anna is found", lambda: reply(shop).get("code") == "member_found" and "****0017" in reply(shop)["text"])
    shop.call("/v1/commands", {"do": "cancel"})
    file = io.BytesIO()
    Image.fromarray(drawn_card(BORIS, "ean13")[..., ::-1].copy()).save(file, "JPEG")
    put = shop.call("/emulator/picture", {"picture": base64.b64encode(file.getvalue()).decode()})
    assert put.json() == {"error": ""}
    until("Boris is found", lambda: "****0024" in reply(shop)["text"])
    assert order(shop, "camera", "!empty") == (200, "")
    shop.call("/v1/commands", {"do": "cancel"})


def test_what_the_emulator_refuses_is_told_in_the_tills_language(shop: EmulatedShop) -> None:
    status, error = order(shop, "printer", "dance")
    assert status == 409 and "unknown order" in error
    assert "!unplug" in order(shop, "scanner", "!dance")[1]
    assert order(shop, "scanner", "1" * 5_000) == (409, EMULATED_WORDS["code_long"][1])
    assert order(shop, "printer", "paper out " * 30) == (409, EMULATED_WORDS["code_long"][1])
    assert order(shop, "camera", "!show ean13 abc") == (409, EMULATED_WORDS["undrawable"][1])
    order(shop, "scanner", "!unplug")
    assert order(shop, "scanner", ANNA) == (409, EMULATED_WORDS["nobody_listens"][1])
    order(shop, "scanner", "!plug")
    no_picture = shop.call("/emulator/picture", {"picture": base64.b64encode(b"no picture").decode()})
    assert no_picture.status_code == 409 and no_picture.json()["error"] == EMULATED_WORDS["picture_unread"][1]


@pytest.mark.parametrize(
    ("path", "body", "status", "field"),
    [
        ("order", {"device": "hub", "line": "x"}, 400, "device"),
        ("order", {"device": "scanner"}, 400, "line"),
        ("order", {"device": "scanner", "line": 5}, 400, "line"),
        ("order", {"device": "scanner", "line": "x", "more": 1}, 400, "more"),
        ("order", ["scanner"], 400, None),
        ("order", {"device": "scanner", "line": "x" * 30_000}, 413, None),
        ("picture", {"picture": "not base64!"}, 400, "picture"),
        ("picture", {"picture": "A" * PICTURE_BODY_MAX}, 413, None),
    ],
)
def test_what_cannot_be_understood_is_a_problem(
    shop: EmulatedShop, path: str, body: Any, status: int, field: str | None
) -> None:
    refused = shop.call(f"/emulator/{path}", body)
    assert refused.status_code == status and refused.headers["content-type"] == "application/problem+json"
    assert refused.json().get("field") == field


def test_nobody_who_may_not_orders_or_sees_anything(shop: EmulatedShop) -> None:
    for path in ("state", "paper.png", "seen.jpg"):
        assert requests.get(f"{shop.url}/emulator/{path}", timeout=TIMEOUT_S).status_code == 401
    body = {"device": "printer", "line": "paper out"}
    assert requests.post(f"{shop.url}/emulator/order", json=body, timeout=TIMEOUT_S).status_code == 401
    assert requests.get(f"{shop.url}/emulator", timeout=TIMEOUT_S).status_code == 401
    for headers in ({"Origin": "http://evil.example"}, {"Host": "evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert shop.call("/emulator/order", body, **headers).status_code in (403, 421)
    assert shop.device("printer")["paper_out"] is False


def test_a_wallet_that_is_broken_meanwhile_is_told_and_the_devices_go_on(shop: EmulatedShop) -> None:
    wallet = shop.folder / "wallet.json"
    for text, told in (("{", "wallet.json"), ('{"people": [{"nane": "Anna"}]}', "nane")):
        wallet.write_text(text, encoding="utf-8")
        state = shop.call("/emulator/state").json()
        assert told in state["wallet"]["error"] and state["devices"]["printer"]["gone"] is False
    wallet.write_text(json.dumps(WALLET), encoding="utf-8")
    assert "error" not in shop.call("/emulator/state").json()["wallet"]


def test_an_emulator_that_is_stopped_is_shown_so_and_holds_nobody_up(shop: EmulatedShop) -> None:
    """Stopped, it takes connections and says nothing; killed, it takes none."""
    child = shop.processes["network"]
    child.send_signal(signal.SIGSTOP)
    devices = shop.call("/emulator/state").json()["devices"]
    assert devices["network"] == {"gone": True} and devices["printer"]["gone"] is False
    child.send_signal(signal.SIGCONT)
    until("it is back", lambda: not shop.call("/emulator/state").json()["devices"]["network"]["gone"])
    child.kill()
    child.wait()
    assert shop.call("/emulator/state").json()["devices"]["network"] == {"gone": True}
    status, error = order(shop, "network", "cut")
    assert status == 409 and "does not answer" in error


def test_a_till_without_emulators_has_no_such_page(tmp_path: Path) -> None:
    with running(tmp_path) as (url, token):
        headers = {"Authorization": f"Bearer {token}"}
        for path in ("", "/state", "/paper.png", "/seen.jpg"):
            assert requests.get(f"{url}/emulator{path}", headers=headers, timeout=TIMEOUT_S).status_code == 404
        for path in ("order", "picture"):
            answer = requests.post(f"{url}/emulator/{path}", json={}, headers=headers, timeout=TIMEOUT_S)
            assert answer.status_code == 404


def test_every_button_of_the_printers_own_page_is_a_fault_or_its_remedy() -> None:
    of_printer = {line for fault in FAULTS["printer"] for line in (fault.order, fault.remedy) if line}
    assert of_printer - {LATER} == set(BUTTONS) and of_printer - {LATER} <= set(ORDERS)
    for device, faults in FAULTS.items():
        for fault in faults:
            words = [f"{device} {fault.order}"]
            words += [f"{device} {fault.remedy}", f"{device} is {fault.shown_by}"] if fault.remedy else []
            assert all(word in EMULATED_WORDS for word in words), words


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[]", "Expected `object`"),
        ('{"people": [{"card": "1"}]}', "name"),
        ('{"coupons": [{"name": "x", "text": ""}]}', "text"),
        ('{"baskets": [{"name": "x", "lines": [{"id": "1", "name": "x", "price": 5}]}]}', "price"),
        ('{"people": "' + "x" * WALLET_BYTES_MAX + '"}', str(WALLET_BYTES_MAX)),
        ("\udcff", "wallet.json"),
    ],
)
def test_a_wallet_that_is_none_is_told_with_its_file(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "wallet.json"
    path.write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(WalletError, match=r"wallet\.json") as error:
        load_wallet(path)
    assert told in str(error.value)
    with pytest.raises(WalletError, match="No such file"):
        load_wallet(tmp_path / "none.json")


def test_the_example_of_a_wallet_has_all_that_one_may_have() -> None:
    wallet = load_wallet(Path(__file__).parents[2] / "docs" / "examples" / "wallet.json")
    assert all(getattr(wallet, name) for name in wallet.__struct_fields__)
