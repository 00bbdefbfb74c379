"""Frames of a till's camera, by seed: half a benchmark's with one code, half with everything but a code.

How hard a frame is is drawn at random, each fault by itself; nothing here knows how codes are read. The same seed
draws the same frame.
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from typing import TYPE_CHECKING

from drivers.scanner.emulator.pictures import HEIGHT, WIDTH, modules
from drivers.scanner.emulator.shots import any_shot, exposed, laid

if TYPE_CHECKING:
    from drivers.scanner.emulator.pictures import Picture
    from drivers.scanner.emulator.shots import Chance, Levels

SYMBOLOGIES = ("ean13", "ean8", "upca", "code128", "code39", "itf", "qr", "datamatrix", "pdf417")
TALL = frozenset({"qr", "datamatrix", "pdf417"})  # their modules are drawn as they are; the others are bars
BAR_HEIGHT = (25, 60)  # in modules
LABEL_DOTS = 6  # per module, before the camera: more than any shot shows
LABEL_MARGIN = 10  # modules of white around a code: a quiet zone as the standards ask
PAPER_SIZE = (400, 300)  # what of a sheet must be in view
MODULE_DOTS_BARS = (1.2, 4.0)  # a card that fills half of the frame's width shows an EAN with 3
MODULE_DOTS_SQUARE = (1.8, 6.0)


@dataclass(frozen=True, slots=True)
class Frame:
    """One grey frame and what is on it; no text when there is no code."""

    picture: Picture
    symbology: str
    text: str | None


def frame(seed: int, *, empty: bool) -> Frame:
    """A till camera's frame: with one code, or with everything but a code."""
    import numpy as np

    chance = np.random.default_rng(seed)
    shown = surroundings(chance)
    if empty:
        shot = any_shot(chance, 2.0 / LABEL_DOTS, PAPER_SIZE)
        return Frame(exposed(laid(shown, paper(chance), shot), shot, chance), "none", None)
    symbology = SYMBOLOGIES[seed % len(SYMBOLOGIES)]
    text = any_text(chance, symbology)
    low, high = MODULE_DOTS_SQUARE if symbology in ("qr", "datamatrix") else MODULE_DOTS_BARS
    module = chance.uniform(low, high)
    drawn = label(chance, symbology, text)
    shot = any_shot(chance, module / LABEL_DOTS, (drawn.shape[1], drawn.shape[0]))
    return Frame(exposed(laid(shown, drawn, shot), shot, chance), symbology, text)


def label(chance: Chance, symbology: str, text: str) -> Picture:
    """A code on white paper, with the words that labels have around them."""
    import cv2
    import numpy as np

    drawn = modules(text, symbology)
    if symbology not in TALL:
        drawn = np.repeat(drawn[:1], int(chance.integers(*BAR_HEIGHT)), axis=0)
    dots = np.kron(drawn, np.ones((LABEL_DOTS, LABEL_DOTS), np.uint8)).astype(np.uint8)
    margin = LABEL_MARGIN * LABEL_DOTS
    words = int(chance.integers(0, 4)) * 70
    sheet: Picture = np.full((dots.shape[0] + 2 * margin + words, dots.shape[1] + 2 * margin), 255, np.uint8)
    sheet[margin : margin + dots.shape[0], margin : margin + dots.shape[1]] = dots
    for row in range(margin + dots.shape[0] + 60, sheet.shape[0] - 20, 70):
        cv2.putText(sheet, text[:20], (margin, row), cv2.FONT_HERSHEY_SIMPLEX, 1.8, 0, 4)
    return sheet


def paper(chance: Chance) -> Picture:
    """Something printed that is no code: words, a table, a picture of stripes."""
    import cv2
    import numpy as np

    sheet: Picture = np.full((int(chance.integers(300, 1200)), int(chance.integers(500, 1800))), 255, np.uint8)
    for row in range(70, sheet.shape[0] - 20, int(chance.integers(45, 110))):
        words = "".join(chance.choice(list(string.ascii_letters + string.digits + "    "), 60))
        size = chance.uniform(0.8, 2.4)
        cv2.putText(sheet, words, (30, row), cv2.FONT_HERSHEY_DUPLEX, size, 0, int(1 + size * 1.5))
    if chance.random() < 0.4:  # a table, or the grating of a ventilator
        step = int(chance.integers(12, 60))
        sheet[:, ::step] = sheet[:, 1::step] = sheet[:, 2::step] = 0
        if chance.random() < 0.5:
            sheet[::step] = sheet[1::step] = 0
    return sheet


def surroundings(chance: Chance) -> Levels:
    """What lies about: a counter with a grain, a receipt, boxes, folds, a belt's stripes."""
    import cv2
    import numpy as np

    scene = np.full((HEIGHT, WIDTH), chance.uniform(40, 150), np.float32)
    coarse = chance.normal(0, 1, (int(chance.integers(4, 90)), int(chance.integers(4, 160)))).astype(np.float32)
    scene += chance.uniform(2, 20) * cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    for _ in range(int(chance.integers(0, 7))):
        corners = cv2.boxPoints(
            (
                (chance.uniform(0, WIDTH), chance.uniform(0, HEIGHT)),
                (chance.uniform(40, 700), chance.uniform(40, 500)),
                chance.uniform(0, 90),
            )
        )
        cv2.fillPoly(scene, [corners.astype(np.int32)], chance.uniform(20, 230))
    if chance.random() < 0.6:
        sheet = paper(chance)
        shot = any_shot(chance, chance.uniform(1.0, 4.0) / LABEL_DOTS, PAPER_SIZE)
        scene = laid(np.clip(scene, 0, 255), sheet, shot)
    if chance.random() < 0.2:
        across = np.arange(WIDTH) * chance.uniform(0.05, 1.2)
        scene = scene + chance.uniform(4, 40) * np.sin(across)[None, :]
    return np.clip(scene, 0, 255).astype(np.float32)


def any_text(chance: Chance, symbology: str) -> str:
    """What such codes hold at a till."""
    digits = "".join(chance.choice(list(string.digits), 30))
    letters = "".join(chance.choice(list(string.ascii_uppercase + string.digits), 40))
    texts = {
        "ean13": _checked("46" + digits[:10]),
        "ean8": _checked(digits[:7]),
        "upca": _checked("0" + digits[:11]),
        "code128": f"ALENKA-{digits[:7]}" if chance.random() < 0.5 else digits[: int(chance.choice([12, 16, 20]))],
        "code39": letters[: int(chance.integers(5, 10))],
        "itf": _checked(digits[:13]),
        "qr": "https://shop.example/c/" + letters[: int(chance.integers(4, 40))],
        "datamatrix": f"01046{_checked(digits[:10])}21{letters[: int(chance.integers(6, 14))]}\x1d93{letters[:4]}",
        "pdf417": letters[: int(chance.integers(10, 40))],
    }
    return texts[symbology]


def _checked(digits: str) -> str:
    odd, even = sum(map(int, digits[-1::-2])), sum(map(int, digits[-2::-2]))
    return f"{digits}{-(3 * odd + even) % 10}"
