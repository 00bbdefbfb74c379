"""Draws what a till's camera sees: a counter-top, and a plastic card with a code on it.

The same seed draws the same picture. OpenCV, numpy and the barcode writer are imported when first needed.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drivers.errors import DeviceError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]

WIDTH, HEIGHT = 1280, 720
CARD_WIDTH, CARD_HEIGHT = 686, 432  # 85.6 × 54 mm, as all plastic cards, at 8 dots per millimetre
CORNER = 24
MARGIN = 40
COUNTER_LEVEL = 70  # dim
TILT_DEGREES_MAX = 8.0
SHIFT_MAX = 60  # the hand never puts it in the middle

# Ours → the writer's name, and how large the code is at most on the card.
WRITERS = {
    "ean13": ("EAN13", 520, 230),
    "ean8": ("EAN8", 420, 230),
    "upca": ("UPCA", 520, 230),
    "code128": ("Code128", 610, 230),
    "code39": ("Code39", 610, 230),
    "itf": ("ITF", 610, 230),
    "qr": ("QRCode", 300, 300),
    "datamatrix": ("DataMatrix", 300, 300),
    "pdf417": ("PDF417", 610, 230),
}


def counter_top(seed: int = 0) -> Picture:
    """An empty, dimly and unevenly lit counter."""
    import numpy as np

    random = np.random.default_rng(seed)
    light = np.linspace(-18, 18, WIDTH)[None, :, None] + np.linspace(12, -12, HEIGHT)[:, None, None]
    grain = random.normal(0, 3, (HEIGHT, WIDTH, 1))
    colour = np.array([0, 4, 9])  # brownish, in OpenCV's order of blue, green, red
    drawn: Picture = np.clip(COUNTER_LEVEL + light + grain + colour, 0, 255).astype(np.uint8)
    return drawn


def card_picture(text: str, symbology: str, path: str | os.PathLike[str], seed: int = 0) -> None:
    """Write the picture of a card with this code to `path`."""
    import cv2

    done, encoded = cv2.imencode(Path(path).suffix or ".png", drawn_card(text, symbology, seed))
    assert done
    lay(encoded.tobytes(), Path(path))


def lay(picture: bytes, path: Path) -> None:
    """Into a folder that is watched: whoever watches it sees the picture whole."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.write_bytes(picture)
    unfinished.replace(path)


def drawn_card(text: str, symbology: str, seed: int = 0) -> Picture:
    """A card on the counter, a little turned, blurred and noisy, but readable."""
    import cv2
    import numpy as np

    random = np.random.default_rng(seed)
    across, down = (WIDTH - CARD_WIDTH) / 2, (HEIGHT - CARD_HEIGHT) / 2
    tilt = random.uniform(-TILT_DEGREES_MAX, TILT_DEGREES_MAX)
    turn = np.array(cv2.getRotationMatrix2D((CARD_WIDTH / 2, CARD_HEIGHT / 2), tilt, 1.0), dtype=np.float64)
    turn[:, 2] += np.array([across, down]) + random.uniform(-SHIFT_MAX, SHIFT_MAX, 2)
    card, outline = _card(text, symbology, random)
    size = (WIDTH, HEIGHT)
    cover = np.array(cv2.warpAffine(outline, turn, size))[..., None] / 255.0
    sharp = cover * np.array(cv2.warpAffine(card, turn, size)) + (1 - cover) * counter_top(seed)
    seen = np.array(cv2.GaussianBlur(sharp.astype(np.float32), (0, 0), random.uniform(0.4, 0.9)))
    seen += random.normal(0, random.uniform(1, 4), seen.shape).astype(np.float32)
    drawn: Picture = np.clip(seen, 0, 255).astype(np.uint8)
    return drawn


def _card(text: str, symbology: str, random: np.random.Generator) -> tuple[Picture, Picture]:
    """The card flat, and its outline with round corners."""
    import cv2
    import numpy as np

    colour = tuple(int(level) for level in random.integers(150, 236, 3))
    card = np.full((CARD_HEIGHT, CARD_WIDTH, 3), colour, np.uint8)
    code = label_of(text, symbology)
    height, width = code.shape
    top, left = CARD_HEIGHT - height - MARGIN, (CARD_WIDTH - width) // 2
    card[top : top + height, left : left + width] = code[..., None]
    words = text if text.isascii() and len(text) <= 30 else symbology
    cv2.putText(card, words, (MARGIN, MARGIN + 24), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (60, 60, 60), 2)
    outline = np.zeros((CARD_HEIGHT, CARD_WIDTH), np.uint8)
    cv2.rectangle(outline, (CORNER, 0), (CARD_WIDTH - CORNER, CARD_HEIGHT), 255, -1)
    cv2.rectangle(outline, (0, CORNER), (CARD_WIDTH, CARD_HEIGHT - CORNER), 255, -1)
    for x in (CORNER, CARD_WIDTH - CORNER - 1):
        for y in (CORNER, CARD_HEIGHT - CORNER - 1):
            cv2.circle(outline, (x, y), CORNER, 255, -1)
    return card, outline


def label_of(text: str, symbology: str) -> Picture:
    """The code on its white label, as large as the card allows in whole dots per module."""
    import numpy as np
    import zxingcpp

    barcode = _written(text, symbology)
    _, width_max, height_max = WRITERS[symbology]
    small: Picture = np.array(zxingcpp.write_barcode_to_image(barcode, scale=1))
    scale = min(width_max // small.shape[1], height_max // small.shape[0])
    if scale < 2:
        raise _undrawable(symbology, "the text is too long for a card", "Give a shorter text.")
    label: Picture = np.array(zxingcpp.write_barcode_to_image(barcode, scale=scale))
    return label


def modules(text: str, symbology: str) -> Picture:
    """The code alone, one dot per module, no margin."""
    import numpy as np
    import zxingcpp

    barcode = _written(text, symbology)
    drawn: Picture = np.array(zxingcpp.write_barcode_to_image(barcode, scale=1, add_quiet_zones=False))
    return drawn


def _written(text: str, symbology: str) -> Any:
    import zxingcpp

    if symbology not in WRITERS:
        raise _undrawable(symbology, f"no {symbology!r} is drawn here", "Choose: " + ", ".join(WRITERS))
    # Unasked, the writer puts Russian into a QR as Shift JIS, and readers then have to guess.
    options = {} if text.isascii() else {"eci": "UTF-8"}
    try:
        return zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, WRITERS[symbology][0]), **options)
    except (ValueError, RuntimeError) as error:
        raise _undrawable(symbology, str(error), "Check the length and the check digit.") from error


def _undrawable(symbology: str, cause: str, hint: str) -> DeviceError:
    return DeviceError(tried=f"drawing a {symbology}", device="a card", cause=cause, hint=hint)
