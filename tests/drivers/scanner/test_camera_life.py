"""The camera loop over a real stream: a card in a moving hand, torn frames, a line that breaks at any moment."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from drivers.life import DeviceState
from drivers.scanner.capture import PackedFrame
from drivers.scanner.emulator.camera import CameraEmulator
from drivers.scanner.emulator.frames import label
from drivers.scanner.emulator.motion import shot_at
from drivers.scanner.emulator.pictures import card_picture, drawn_card
from drivers.scanner.gate import FAST_S, QUIET_AFTER_S, RARE_LOOK_S, SLOW_S, STILL_LOOK_S, Gate
from drivers.scanner.look import Looker
from drivers.scanner.mjpeg import MjpegStream

CARD, OTHER = "4600000000015", "ALENKA-7"


@pytest.fixture
def counter(tmp_path: Path) -> Path:
    folder = tmp_path / "counter"
    folder.mkdir()
    return folder


@pytest.fixture
def camera(counter: Path) -> Iterator[Callable[..., CameraEmulator]]:
    made: list[CameraEmulator] = []

    def camera(seed: int | None = None) -> CameraEmulator:
        made.append(CameraEmulator(counter, seed=seed))
        made[-1].plug()
        return made[-1]

    yield camera
    for emulator in made:
        emulator.unplug()


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(
    ("symbology", "text"), [("ean13", CARD), ("code39", "ALENKA7"), ("qr", "https://shop.example/c/1")]
)
def test_a_card_in_a_moving_hand_is_one_scan_and_no_other(
    camera: Callable[..., CameraEmulator],
    till_at: Callable[[str], Any],
    counter: Path,
    symbology: str,
    text: str,
    seed: int,
) -> None:
    sheet = label(np.random.default_rng(seed), symbology, text)
    emulator = camera(seed)
    cv2.imwrite(str(counter / "card.png"), sheet)
    till = till_at(emulator.url)
    till.step_until("a scan", lambda: bool(till.scans))
    till.step_for(0.5)
    assert set(till.texts) == {text}
    assert till.scans[0].symbology == symbology


def test_the_same_seed_moves_the_same_hand_and_it_stops_to_show() -> None:
    size = (800, 500)
    assert [shot_at(3, number, size) for number in range(60)] == [shot_at(3, number, size) for number in range(60)]
    assert shot_at(3, 0, size) != shot_at(4, 0, size)
    assert shot_at(3, 1, size).x == shot_at(3, 2, size).x != shot_at(3, 15, size).x
    assert shot_at(3, 2, size).motion == 0 < shot_at(3, 15, size).motion


@pytest.mark.parametrize("moment", ["before the first frame", "empty", "a card in view", "in the middle of a frame"])
def test_whenever_the_line_breaks_the_state_changes_once_and_the_camera_comes_back(
    camera: Callable[..., CameraEmulator], till_at: Callable[[str], Any], counter: Path, moment: str
) -> None:
    emulator = camera()
    till = till_at(emulator.url)
    if moment == "before the first frame":
        emulator.hang()
        till.step()
    else:
        till.step_until_state(DeviceState.READY)
    if moment == "a card in view":
        card_picture(CARD, "ean13", counter / "1.png")
        till.step_until_read(CARD)
    if moment == "in the middle of a frame":
        emulator.cut()
        till.step_until_state(DeviceState.FAULTED)
    emulator.unplug()
    emulator.recover()
    till.step_until_state(DeviceState.FAULTED)
    before = [state for state in till.states if state is DeviceState.FAULTED]
    assert len(before) == 1
    assert till.scanner.life.cause
    emulator.plug()
    till.step_until_state(DeviceState.READY)
    card_picture(OTHER, "code128", counter / "2.png")
    till.step_until("the other card", lambda: OTHER in till.texts)
    assert till.texts == ([CARD, OTHER] if moment == "a card in view" else [OTHER])  # no code twice, none half


def test_a_torn_frame_is_left_out_and_the_stream_goes_on(
    camera: Callable[..., CameraEmulator], till_at: Callable[[str], Any], counter: Path
) -> None:
    emulator = camera()
    till = till_at(emulator.url)
    till.step_until_state(DeviceState.READY)
    for number in range(5):
        emulator.tear()
        card_picture(f"CARD-{number}", "code128", counter / f"{number}.png")
        till.step_until("a whole frame", lambda number=number: f"CARD-{number}" in till.texts)
    assert till.texts == [f"CARD-{number}" for number in range(5)]
    assert till.scanner.life.losses == 0


def test_the_stream_gives_whole_pictures_only(camera: Callable[..., CameraEmulator]) -> None:
    emulator = camera()
    emulator.tear()
    stream = MjpegStream(emulator.url.removeprefix("camera:"), 3.0)
    frames = [frame for _, frame in zip(range(3), stream.frames(), strict=False)]
    stream.close()
    assert len(frames) == 3
    assert all(frame.endswith(b"\xff\xd9") for frame in frames)
    assert len({len(frame) for frame in frames}) == 1


def packed(picture: np.ndarray) -> bytes:
    return cv2.imencode(".jpg", picture)[1].tobytes()


@pytest.mark.parametrize("junk", [b"", b"\xff\xd8\xff\xd9", b"GET / HTTP/1.1", b"\xff\xd8" + bytes(500) + b"\xff\xd9"])
def test_what_is_no_picture_is_no_frame_to_look_at(junk: bytes) -> None:
    frame = PackedFrame(junk)
    assert frame.thumbnail() is None
    assert frame.grey() is None


@pytest.mark.parametrize("shape", [(1, 1), (1, 4000), (4000, 1), (8, 8)])
def test_a_picture_of_any_shape_has_a_thumbnail(shape: tuple[int, int]) -> None:
    thumbnail = PackedFrame(packed(np.full(shape, 90, np.uint8))).thumbnail()
    assert thumbnail is not None
    assert thumbnail.shape == (90, 160)


def test_half_of_a_jpeg_never_gives_a_code() -> None:
    whole = packed(drawn_card("4600000000015", "ean13", 3))
    for eighth in range(1, 8):
        grey = PackedFrame(whole[: len(whole) * eighth // 8]).grey()
        found = set() if grey is None else {code.text for code in Looker().look(grey, 1)}
        assert found <= {"4600000000015"}


def test_the_gate_opens_to_motion_at_once_and_seldom_without() -> None:
    gate, still = Gate(), np.full((90, 160), 70, np.uint8)
    moved = still.copy()
    moved[40, 80] += 20
    assert gate.opens(still, 0.0)
    assert not gate.opens(still, STILL_LOOK_S - 0.01)
    assert gate.opens(moved, STILL_LOOK_S - 0.01)
    assert gate.motions == 2
    assert gate.next_s(1.0) == 1.0 + FAST_S
    moved_s = STILL_LOOK_S - 0.01
    quiet_s = moved_s + QUIET_AFTER_S
    assert gate.opens(moved, quiet_s - 0.1)  # nothing moves, but not for long yet
    assert gate.next_s(quiet_s) == quiet_s + SLOW_S
    assert not gate.opens(moved, quiet_s - 0.1 + RARE_LOOK_S - 0.01)
    assert gate.opens(moved, quiet_s - 0.1 + RARE_LOOK_S)
    assert gate.opens(still, quiet_s + RARE_LOOK_S)


def test_slow_changes_add_up_to_a_motion() -> None:
    gate = Gate()
    for level in range(70, 100):
        gate.opens(np.full((90, 160), level, np.uint8), 0.0)
    assert gate.motions == 3


def test_two_codes_in_view_are_both_seen_and_seen_again() -> None:
    def on(text: str) -> np.ndarray:
        return label(np.random.default_rng(1), "ean13", text)[::2, ::2][:200]

    one, other = on("4600000000015"), on("4600000000022")
    frame = np.full((720, 1280), 120, np.uint8)
    frame[100 : 100 + one.shape[0], 100 : 100 + one.shape[1]] = one
    looker = Looker()
    for _ in range(6):
        assert [code.text for code in looker.look(frame, 1)] == ["4600000000015"]
    frame[450 : 450 + other.shape[0], 700 : 700 + other.shape[1]] = other
    seen = [{code.text for code in looker.look(frame, 2)} for _ in range(6)]
    assert seen[-1] == {"4600000000015", "4600000000022"}
    frame[100 : 100 + one.shape[0], 100 : 100 + one.shape[1]] = 120
    assert {code.text for code in looker.look(frame, 3)} == {"4600000000022"}


def test_orders_on_the_standard_input_show_a_code_and_take_it_away(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from pos_agent.cli import main; main()", "emulate", "camera", str(tmp_path)]
    orders = f"!show ean13 {CARD}\n!show tea 1\n!wave\n!tear\n!cut\n"
    shown = subprocess.run(
        [*command, "--seed", "7", "--until-eof"], input=orders, capture_output=True, text=True, timeout=60, check=True
    )
    assert [path.name for path in tmp_path.iterdir()] == ["shown.png"]
    cannot, unknown = shown.stderr.splitlines()
    assert "no 'tea' is drawn here" in cannot
    assert "unknown order '!wave'" in unknown
    subprocess.run([*command, "--until-eof"], input="!empty\n", capture_output=True, text=True, timeout=60, check=True)
    assert list(tmp_path.iterdir()) == []
