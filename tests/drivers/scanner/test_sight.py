"""What a camera sees, for people: made when somebody looks and not before, with a frame around a code that was read."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from drivers.scanner.capture import Frame, PackedFrame
from drivers.scanner.emulator.camera import CameraEmulator
from drivers.scanner.emulator.pictures import card_picture
from drivers.scanner.scanner import open_scanner
from drivers.scanner.sight import EVERY_S, MARK_BGR, MARKED_S, WIDTH_MAX, Mark, Seeing, Seen, Sight, corners_of
from tests.drivers.scanner.conftest import Till
from tests.there import there

CARD = "4600000000015"
MARK = Mark(x=0.5, y=0.25, length=0.4, height=0.1, turn=0.0)


class Camera:
    """A scanner's seam, with a frame that can be looked at."""

    def __init__(self, seen: Seen | None) -> None:
        self.here = seen
        self.asked = 0

    def seen(self) -> Seen | None:
        self.asked += 1
        return self.here


def picture(jpeg: bytes) -> Any:
    from drivers.scanner.capture import opencv

    cv2 = opencv()
    return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)


def marked(jpeg: bytes) -> Any:
    """Where the frame's colour is."""
    return np.abs(picture(jpeg).astype(int) - MARK_BGR).max(axis=2) < 60


def grey(width: int = 1280, height: int = 720) -> Frame:
    return Frame(np.full((height, width), 90, np.uint8))


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    emulator = CameraEmulator(tmp_path)
    emulator.plug()
    yield tmp_path, emulator.url
    emulator.unplug()


@pytest.mark.parametrize(("text", "symbology"), [(CARD, "ean13"), ("https://shop.example/c/1", "qr")])
def test_a_frame_stands_around_the_code_that_was_read(
    counter: tuple[Path, str], till_at: Callable[[str], Till], text: str, symbology: str
) -> None:
    folder, url = counter
    till = till_at(url)
    assert isinstance(till.scanner, Seeing)
    card_picture(text, symbology, folder / "card.png", seed=3)
    till.step_until_read(text)
    seen = there(till.scanner.seen())
    at_s = seen.read_at_s
    jpeg = there(Sight(till.scanner, lambda: at_s).jpeg())
    assert picture(jpeg).shape == (360, WIDTH_MAX, 3)
    rows, columns = np.nonzero(marked(jpeg))
    (mark,) = seen.marks
    corners = np.array(corners_of(mark, WIDTH_MAX))
    for found, expected in ((columns, corners[:, 0]), (rows, corners[:, 1])):
        assert abs(found.min() - expected.min()) <= 6 and abs(found.max() - expected.max()) <= 6
    inside = picture(jpeg)[round(mark.y * WIDTH_MAX), round(mark.x * WIDTH_MAX)]
    assert inside.max() - inside.min() < 40  # its bars, and not our colour
    assert not marked(there(Sight(till.scanner, lambda: at_s + MARKED_S).jpeg())).any()


def test_a_camera_that_is_gone_shows_nothing_old(counter: tuple[Path, str], till_at: Callable[[str], Till]) -> None:
    till = till_at(counter[1])
    assert isinstance(till.scanner, Seeing)
    camera = till.scanner
    till.step_until("a frame", lambda: camera.seen() is not None)
    till.scanner.close()
    assert Sight(camera, lambda: 0.0).jpeg() is None


def test_other_scanners_see_nothing() -> None:
    scanner = open_scanner("tcp://127.0.0.1:9", name="counter")
    assert not isinstance(scanner, Seeing)
    scanner.close()


def test_however_many_look_it_is_made_eight_times_a_second() -> None:
    camera, now_s = Camera(Seen(grey())), [100.0]
    sight = Sight(camera, lambda: now_s[0])
    assert len({sight.jpeg() for _ in range(50)}) == 1
    assert camera.asked == 1
    now_s[0] += EVERY_S - 0.01
    sight.jpeg()
    assert camera.asked == 1
    now_s[0] += 0.01
    sight.jpeg()
    assert camera.asked == 2


def test_nothing_is_made_while_nobody_looks(counter: tuple[Path, str], till_at: Callable[[str], Till]) -> None:
    """The scanning loop keeps the frame as it came."""
    folder, url = counter
    till = till_at(url)
    card_picture(CARD, "ean13", folder / "card.png", seed=3)
    looks = 0

    def counted(self: Frame, width: int) -> None:
        nonlocal looks
        looks += 1

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("drivers.scanner.capture.PackedFrame.for_people", counted)
        till.step_until_read(CARD)
        assert looks == 0
        assert isinstance(till.scanner, Seeing)
        assert Sight(till.scanner, lambda: 0.0).jpeg() is None
        assert looks == 1


def test_the_frame_that_shows_the_code_is_shown_and_not_one_that_it_has_left() -> None:
    read, later = grey(), grey()
    seen = Seen(later, marked=read, marks=(MARK,), read_at_s=10.0)
    assert seen.shown(10.0 + MARKED_S - 0.1) == (read, (MARK,))
    assert seen.shown(10.0 + MARKED_S) == (later, ())


@pytest.mark.parametrize(("width", "height", "shown"), [(1280, 720, (360, 640)), (320, 240, (240, 320))])
def test_no_wider_than_people_need(width: int, height: int, shown: tuple[int, int]) -> None:
    assert picture(there(Sight(Camera(Seen(grey(width, height))), lambda: 0.0).jpeg())).shape[:2] == shown


@pytest.mark.parametrize("width", [1920, 1280, 640, 320])
def test_of_a_packed_frame_no_dot_is_lost_that_people_could_see(width: int) -> None:
    from drivers.scanner.capture import opencv

    packed = bytes(opencv().imencode(".jpg", np.full((width // 2, width), 90, np.uint8))[1])
    shown = picture(there(Sight(Camera(Seen(PackedFrame(packed))), lambda: 0.0).jpeg()))
    assert shown.shape[1] == min(width, WIDTH_MAX)


def test_a_turned_code_has_a_turned_frame() -> None:
    corners = corners_of(MARK._replace(turn=math.pi / 2), 1000)
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    assert max(ys) - min(ys) > 3 * (max(xs) - min(xs)) / 2
    assert (min(xs) + max(xs), min(ys) + max(ys)) == (1000, 500)
