"""The control of an emulated device, asked over HTTP as the till's page asks it, and as a foreign page would."""

from __future__ import annotations

import io
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from PIL import Image

from drivers.control import ORDER_BYTES_MAX, PICTURE_BYTES_MAX, Control
from drivers.scanner.decode import decode, read_picture
from drivers.scanner.emulator.camera import CameraEmulator
from drivers.scanner.emulator.camera_orders import PIXELS_MAX, CameraOrders
from drivers.scanner.emulator.hand import Hand, HandAtAPage
from drivers.scanner.emulator.pictures import drawn_card
from drivers.scanner.emulator.serial import ScannerEmulator, TcpLine

CARD = "2600000000017"
TIMEOUT_S = 20


@pytest.fixture(scope="module")
def line() -> Iterator[TcpLine]:
    line = TcpLine()
    yield line
    line.unplug()


@pytest.fixture(scope="module")
def scanner(line: TcpLine) -> Iterator[Control]:
    emulator = ScannerEmulator(line)
    emulator.plug()
    control = Control(HandAtAPage(Hand(emulator), emulator), 0)
    control.start()
    yield control
    control.stop()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("camera")


@pytest.fixture(scope="module")
def camera(folder: Path) -> Iterator[Control]:
    emulator = CameraEmulator(folder)
    emulator.plug()
    orders = CameraOrders(emulator)
    control = Control(orders, 0, lens=orders)
    control.start()
    yield control
    control.stop()
    emulator.unplug()


def state(control: Control) -> dict[str, Any]:
    found: dict[str, Any] = requests.get(control.url + "state.json", timeout=TIMEOUT_S).json()
    return found


def order(control: Control, line: str | bytes, **headers: str) -> requests.Response:
    data = line if isinstance(line, bytes) else line.encode()
    return requests.post(control.url + "order", data=data, headers=headers, timeout=TIMEOUT_S)


def put(control: Control, picture: bytes) -> requests.Response:
    return requests.post(control.url + "picture", data=picture, timeout=TIMEOUT_S)


def seen(control: Control, tmp_path: Path) -> list[str]:
    """The codes that are before the lens."""
    (tmp_path / ".seen.jpg").write_bytes(requests.get(control.url + "seen.jpg", timeout=TIMEOUT_S).content)
    return [code.text for code in decode(read_picture(tmp_path / ".seen.jpg"))]


def drawn(size: tuple[int, int] | None = None) -> bytes:
    file = io.BytesIO()
    picture = Image.new("1", size) if size else Image.fromarray(drawn_card(CARD, "ean13")[..., ::-1].copy())
    picture.save(file, "PNG" if size else "JPEG")
    return file.getvalue()


def test_an_order_is_a_line_as_on_the_standard_input(scanner: Control, line: TcpLine) -> None:
    assert order(scanner, CARD).json() == {"error": f"nobody listens: '{CARD}' is lost"}
    with socket.create_connection(("127.0.0.1", int(line.url.rpartition(":")[2]))) as host:
        assert line.wait_for_host(TIMEOUT_S)
        assert order(scanner, CARD + "\n!unplug").json() == {"error": ""}
        assert host.makefile("rb").read(14) == CARD.encode() + b"\r"
    assert state(scanner) == {"url": line.url, "unplugged": False}
    assert order(scanner, "!unplug").status_code == 200 and state(scanner)["unplugged"] is True
    assert order(scanner, "!plug").status_code == 200 and state(scanner)["unplugged"] is False


@pytest.mark.parametrize(
    ("line_of_order", "status", "told"),
    [
        ("!dance", 400, "unknown order '!dance'"),
        ("!raw zz", 400, "hexadecimal"),
        ("!play /etc/hostname", 400, "opens a file"),
        ("!keys /etc/hostname", 400, "opens a file"),
        ("1" * (ORDER_BYTES_MAX + 1), 413, str(ORDER_BYTES_MAX)),
        (b"\xff\xfe", 400, "nobody listens"),
    ],
)
def test_a_wrong_order_is_told(scanner: Control, line_of_order: str | bytes, status: int, told: str) -> None:
    refused = order(scanner, line_of_order)
    assert refused.status_code == status and told in refused.text and "hostname:" not in refused.text


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
def test_a_foreign_page_orders_and_sees_nothing(scanner: Control, headers: dict[str, str]) -> None:
    sent = {name: value.format(port=scanner.port) for name, value in headers.items()}
    assert order(scanner, "!unplug", **sent).status_code == 403
    assert requests.get(scanner.url + "state.json", headers=sent, timeout=TIMEOUT_S).status_code == 403
    assert state(scanner)["unplugged"] is False


def test_a_card_and_a_picture_are_put_before_the_lens_and_taken_away(camera: Control, tmp_path: Path) -> None:
    empty = state(camera)
    assert empty["shows"] is False and seen(camera, tmp_path) == []
    assert order(camera, "!show qr PROMO-7").status_code == 200
    first = state(camera)["version"]
    assert seen(camera, tmp_path) == ["PROMO-7"] and first != empty["version"]
    assert put(camera, drawn()).json() == {"error": ""}
    assert seen(camera, tmp_path) == [CARD] and state(camera)["version"] not in ("", first)
    assert order(camera, "!empty").status_code == 200
    assert state(camera)["shows"] is False and seen(camera, tmp_path) == []
    assert "Check the length" in order(camera, "!show ean13 abc").json()["error"]
    assert "!show" in order(camera, "dance").json()["error"]


def test_faults_of_the_camera_are_seen_in_its_state(camera: Control) -> None:
    for line, name, value in [
        *[("!hang", "hung", True), ("!recover", "hung", False), ("!tear", "torn", True), ("!cut", "cut", True)],
        *[("!unplug", "unplugged", True), ("!plug", "unplugged", False)],
    ]:
        assert order(camera, line).status_code == 200 and state(camera)[name] is value, line


@pytest.mark.parametrize("picture", [b"", b"GIF89a", b"<svg/>", drawn()[:400], b"\x89PNG\r\n\x1a\n" + b"\0" * 99])
def test_what_is_no_picture_is_not_put(camera: Control, picture: bytes) -> None:
    refused = put(camera, picture)
    assert refused.status_code == 400 and "PNG, JPEG and WebP" in refused.json()["error"]
    assert state(camera)["shows"] is False


def test_pictures_are_bounded(camera: Control, folder: Path) -> None:
    bomb = drawn((PIXELS_MAX // 1000 + 1, 1000))
    assert len(bomb) < PICTURE_BYTES_MAX
    assert "send a smaller one" in put(camera, bomb).json()["error"]
    assert put(camera, b"x" * (PICTURE_BYTES_MAX + 1)).status_code == 413
    assert list(folder.iterdir()) == []
