"""A phone before the emulated camera: its screen shows what it is given, and is no paper."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from drivers.scanner.decode import decode, read_picture
from drivers.scanner.emulator.camera import CameraEmulator
from drivers.scanner.emulator.camera_orders import CameraOrders
from drivers.scanner.emulator.phone import DOTS_A_MM, PHONE_MM, phone
from drivers.scanner.emulator.pictures import label_of

CARD = "2600000000017"


def test_the_order_puts_a_phone_with_a_code_before_the_camera(tmp_path: Path) -> None:
    emulator = CameraEmulator(tmp_path)
    assert CameraOrders(emulator).obey(f"!phone qr {CARD}") == ""
    (tmp_path / "seen.jpg").write_bytes(emulator.seen())
    assert [code.text for code in decode(read_picture(tmp_path / "seen.jpg"))] == [CARD]
    assert "no 'runes' is drawn here" in CameraOrders(emulator).obey(f"!phone runes {CARD}")


def test_a_screen_is_no_paper(seed: int = 3) -> None:
    """It has a grid, its black shines, and its light differs from row to row and where a lamp is mirrored."""
    white = phone(np.full((100, 100), 255, np.uint8), seed)[..., 1].astype(float)
    assert white.shape == tuple(side * DOTS_A_MM for side in reversed(PHONE_MM))
    middle = white[400:700, 100:450]
    assert np.abs(np.diff(middle, axis=1)).mean() > 1 and middle.std() > 3
    black = phone(np.zeros((100, 100), np.uint8), seed)[..., 1]
    assert black[400:700, 100:450].min() > 0
    assert middle.mean() > 2 * black[400:700, 100:450].mean()


def test_a_broad_picture_is_shown_on_a_turned_phone_and_the_same_seed_is_the_same_phone() -> None:
    broad = np.concatenate([label_of(CARD, "qr")] * 2, axis=1)
    shown = phone(broad, 1)
    assert (shown == phone(np.rot90(broad), 1)).all() and (shown != phone(broad, 2)).any()
