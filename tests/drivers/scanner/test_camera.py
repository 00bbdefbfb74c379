"""The camera driver against the emulated camera: MJPEG over a real socket, decoded by the real engines."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from drivers.errors import DeviceError
from drivers.life import DeviceState
from drivers.scanner.emulator.camera import CameraEmulator
from drivers.scanner.emulator.pictures import card_picture, counter_top, drawn_card
from drivers.scanner.scanner import open_scanner
from drivers.scanner.view import GONE_S
from tests.drivers.scanner.conftest import Till

GONE = (DeviceState.FAULTED, DeviceState.ABSENT)
CARD = "4600000000015"


@pytest.fixture
def counter(tmp_path: Path) -> Path:
    folder = tmp_path / "counter"
    folder.mkdir()
    return folder


@pytest.fixture
def emulator(counter: Path) -> Iterator[CameraEmulator]:
    emulator = CameraEmulator(counter)
    emulator.plug()
    yield emulator
    emulator.unplug()


@pytest.fixture
def till(emulator: CameraEmulator, till_at: Callable[[str], Any]) -> Any:
    till = till_at(emulator.url)
    till.step_until_state(DeviceState.READY)
    return till


@pytest.mark.parametrize(
    ("text", "symbology"),
    [
        (CARD, "ean13"),
        ("12345670", "ean8"),
        ("ALENKA-0012345", "code128"),
        ("https://shop.example/coupon/Ж?sig=0123456789abcdef", "qr"),
        ("0104600439931256\x1d21abc", "datamatrix"),
    ],
)
def test_a_card_put_before_the_camera_is_one_scan(till: Till, counter: Path, text: str, symbology: str) -> None:
    card_picture(text, symbology, counter / "card.png", seed=3)
    till.step_until_read(text)
    till.step_for(GONE_S + 0.5)
    (scan,) = till.scans
    assert (scan.symbology, scan.scanner, scan.raw, scan.flags) == (
        symbology,
        "left",
        text.encode(),
        frozenset(),
    )


def test_a_card_taken_away_and_shown_again_is_a_second_scan(till: Till, counter: Path) -> None:
    card_picture(CARD, "ean13", counter / "card.png")
    till.step_until_read(CARD)
    (counter / "card.png").unlink()
    till.step_for(2 * GONE_S)
    card_picture(CARD, "ean13", counter / "card.png", seed=1)
    till.step_until_read(CARD, CARD)


def test_another_card_in_its_place_is_read_at_once(till: Till, counter: Path) -> None:
    card_picture(CARD, "ean13", counter / "1.png")
    till.step_until_read(CARD)
    card_picture("ALENKA-7", "code128", counter / "2.png")
    till.step_until_read(CARD, "ALENKA-7")


def test_an_empty_counter_reads_nothing_and_stays_ready(till: Till) -> None:
    till.step_for(1.5)
    assert till.scans == []
    assert till.states == [DeviceState.ABSENT, DeviceState.CONNECTING, DeviceState.READY][-len(till.states) :]


def test_a_camera_that_is_unplugged_faults_and_comes_back_without_a_restart(
    till: Till, emulator: CameraEmulator, counter: Path
) -> None:
    card_picture(CARD, "ean13", counter / "1.png")
    till.step_until_read(CARD)
    emulator.unplug()
    till.step_until_state(*GONE)
    assert "failed" in till.scanner.life.cause
    emulator.plug()
    till.step_until_state(DeviceState.READY)
    card_picture("ALENKA-7", "code128", counter / "2.png")
    till.step_until_read(CARD, "ALENKA-7")  # the card that lay there all the time was not scanned again


def test_a_camera_that_hangs_faults_and_recovers(till: Till, emulator: CameraEmulator, counter: Path) -> None:
    emulator.hang()
    till.step_until_state(*GONE)
    emulator.recover()
    till.step_until_state(DeviceState.READY)
    card_picture(CARD, "ean13", counter / "card.png")
    till.step_until_read(CARD)


def test_a_camera_that_accepts_and_says_nothing_is_not_ready(
    emulator: CameraEmulator, till_at: Callable[[str], Any]
) -> None:
    emulator.hang()
    till = till_at(emulator.url)
    till.step_until_state(DeviceState.FAULTED)
    assert DeviceState.READY not in till.states


def test_a_camera_that_is_not_there_faults_and_is_read_when_it_comes(
    emulator: CameraEmulator, till_at: Callable[[str], Any]
) -> None:
    url = emulator.url
    emulator.unplug()
    till = till_at(url)
    till.step_until_state(DeviceState.FAULTED)
    assert "Is the address right" in till.scanner.life.cause
    emulator.plug()
    till.step_until_state(DeviceState.READY)


def test_a_camera_number_without_a_camera_is_absent(till_at: Callable[[str], Any]) -> None:
    till = till_at("camera:97")
    till.step_until("a first attempt", lambda: till.scanner.life.failures > 0)
    assert till.scanner.life.state is DeviceState.ABSENT
    assert "ls /dev/video*" in till.scanner.life.cause


def test_a_row_of_pictures_is_looked_at_one_by_one_to_its_end(tmp_path: Path, till_at: Callable[[str], Any]) -> None:
    import cv2

    for number, code in enumerate(["4600000000015", "4600000000022", "4600000000039"]):
        cv2.imwrite(str(tmp_path / f"{number:03d}.png"), drawn_card(code, "ean13", number))
    till = till_at(f"camera:file:{tmp_path}/%03d.png")
    till.step_until_state(DeviceState.FAULTED)
    assert till.texts == ["4600000000015", "4600000000022", "4600000000039"]
    assert "no more frames come" in till.scanner.life.cause


@pytest.mark.parametrize("url", ["camera:", "camera:front", "camera:ftp://x/y", "camera:file:", "camera:-1"])
def test_a_wrong_camera_address_is_told_at_once(url: str) -> None:
    with pytest.raises(DeviceError, match="names no camera"):
        open_scanner(url, name="left")


def test_hostile_text_in_a_code_is_refused_and_counted(till: Till, counter: Path) -> None:
    card_picture("4607\x1b[2J", "qr", counter / "card.png")
    till.step_until("a refusal", lambda: till.scanner.refused.total() > 0)
    till.step_for(0.5)
    assert till.scanner.refused == {"it holds a control character: <ESC>": 1}
    assert till.scans == []


def test_half_a_picture_in_the_folder_leaves_what_was_seen(till: Till, counter: Path) -> None:
    card_picture(CARD, "ean13", counter / "1.png")
    till.step_until_read(CARD)
    (counter / "2.png").write_bytes((counter / "1.png").read_bytes()[:5000])
    till.step_for(0.5)
    card_picture("ALENKA-7", "code128", counter / "3.png")
    till.step_until_read(CARD, "ALENKA-7")


def test_an_emulator_says_what_it_lacks(tmp_path: Path, emulator: CameraEmulator) -> None:
    with pytest.raises(DeviceError, match="there is no such folder"):
        CameraEmulator(tmp_path / "nowhere")
    with pytest.raises(DeviceError, match="in use"):
        CameraEmulator(tmp_path, int(emulator.url.split(":")[3].split("/")[0])).plug()


@pytest.mark.parametrize(("text", "symbology"), [("4600000000010", "ean13"), ("x" * 90, "code128"), ("1", "tea")])
def test_a_card_that_cannot_be_drawn_is_told(tmp_path: Path, text: str, symbology: str) -> None:
    with pytest.raises(DeviceError):
        card_picture(text, symbology, tmp_path / "card.png")
    assert list(tmp_path.iterdir()) == []


def test_the_same_seed_draws_the_same_picture() -> None:
    assert (drawn_card(CARD, "ean13", 5) == drawn_card(CARD, "ean13", 5)).all()
    assert (drawn_card(CARD, "ean13", 5) != drawn_card(CARD, "ean13", 6)).any()
    assert counter_top().shape == (720, 1280, 3)


def test_a_till_without_a_camera_loads_no_opencv_and_no_numpy() -> None:
    program = (
        "import sys; from drivers.scanner.scanner import open_scanner\n"
        "from datetime import UTC, datetime\n"
        "for url in ('tcp://127.0.0.1:1', 'serial:///dev/nothing'):\n"
        "    open_scanner(url, name='left').step(0.0, datetime.now(UTC))\n"
        "open_scanner('camera:0', name='left')\n"
        "loaded = {'cv2', 'numpy', 'zxingcpp', 'pyzbar', 'PIL'} & sys.modules.keys()\n"
        "sys.exit(f'loaded: {loaded}' if loaded else 0)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
