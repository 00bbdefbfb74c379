"""A picture: grey pixels, from a file or a frame."""

from __future__ import annotations

import os
import struct
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from drivers.errors import DeviceError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

    Picture = NDArray[np.uint8]

BLUE, GREEN, RED = 0.114, 0.587, 0.299  # ITU-R BT.601, as everybody's grey


def grey_of(image: Picture) -> Picture:
    """A grey or BGR picture in grey."""
    import numpy as np

    if image.ndim == 2:
        return np.ascontiguousarray(image)
    weighted: Picture = (image[..., :3] @ np.array([BLUE, GREEN, RED], dtype=np.float32)).astype(np.uint8)
    return weighted


def read_picture(path: str | os.PathLike[str]) -> Picture:
    """A picture file as grey pixels; what is transparent is white paper."""
    import numpy as np
    from PIL import Image

    with warnings.catch_warnings():
        # A picture past Pillow's limit is a mistake or an attack, not a photograph of a card.
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(path) as file:
                return np.asarray(_greyscale(file), dtype=np.uint8)
        except FileNotFoundError as error:
            raise _unreadable(path, "there is no such file", "Check the name.") from error
        except OSError as error:
            cause = error.strerror or "it is no picture, or a broken one"
            raise _unreadable(path, cause, "PNG, JPEG and WebP are read.") from error
        except (
            SyntaxError,
            ValueError,
            EOFError,
            struct.error,
            Image.DecompressionBombWarning,
            Image.DecompressionBombError,
        ) as error:
            raise _unreadable(path, str(error), "PNG, JPEG and WebP are read.") from error


def _greyscale(image: Image.Image) -> Image.Image:
    from PIL import Image

    if image.has_transparency_data:
        seen = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen)
    return image.convert("L")


def _unreadable(path: str | os.PathLike[str], cause: str, hint: str) -> DeviceError:
    return DeviceError(tried="reading the picture", device=str(Path(path)), cause=cause, hint=hint)
