"""Pictures altered so that an engine sees more in them: in another light, another size, without a lens's blur."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drivers.scanner.capture import opencv
from drivers.scanner.strip import evened_around, restored

if TYPE_CHECKING:
    from drivers.scanner.picture import Picture

SMALL_DOTS = 1000  # a picture's longer side: up to it an enlarged copy may show more, from it on a smaller one
SOOTHED_DOTS = 2.0  # sigma


def enlarged(patch: Picture) -> Picture:
    import numpy as np

    cv2 = opencv()
    large = cv2.resize(patch, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    return np.asarray(cv2.addWeighted(large, 2.5, cv2.GaussianBlur(large, (0, 0), 3.0), -1.5, 0), dtype=np.uint8)


def levelled(grey: Picture) -> Picture:
    cv2 = opencv()
    levelled: Picture = cv2.createCLAHE(clipLimit=3.0, tileGridSize=(8, 8)).apply(grey)
    return levelled


def larger(grey: Picture) -> Picture | None:
    cv2 = opencv()
    if max(grey.shape) > SMALL_DOTS:
        return None
    larger: Picture = cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    return larger


def smaller(grey: Picture) -> Picture | None:
    cv2 = opencv()
    if max(grey.shape) < SMALL_DOTS or min(grey.shape) < 2:
        return None
    smaller: Picture = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return smaller


def soothed(grey: Picture) -> Picture:
    """Without what is finer than a module: a screen's own dots, a print's raster."""
    soothed: Picture = opencv().GaussianBlur(grey, (0, 0), SOOTHED_DOTS)
    return soothed


def restored_whole(grey: Picture, *, sigma: float) -> Picture | None:
    """The strips' own remedy on the whole picture, for codes whose bars nobody found."""
    import numpy as np

    if max(grey.shape) > SMALL_DOTS:
        return None
    return np.asarray(restored(evened_around(grey), sigma), dtype=np.uint8)


def restored_larger(grey: Picture, *, sigma: float) -> Picture | None:
    picture = larger(grey)
    return restored_whole(picture, sigma=sigma) if picture is not None else None
