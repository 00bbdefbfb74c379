"""The test codes where a scanner can read them: as blocks on the terminal, or in a picture for a telephone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from drivers.scanner.trial import TrialCode

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Modules = NDArray[np.bool_]  # True is black

FORMATS = {"code128": "Code128", "qr": "QRCode"}
LINEAR_ROWS = 20  # modules high in the picture; a hand holds a scanner no straighter
LINEAR_LINES = 5  # on the terminal
QUIET = 4  # modules of paper around a code; less and it is not seen
PICTURE_DOTS = 6  # of a picture, for each module
BLACK_ON_WHITE, AS_BEFORE = "\x1b[30;107m", "\x1b[0m"
UPPER_LOWER, LEFT_RIGHT = " ▀▄█", " ▌▐█"  # none, the first, the second, both


def modules_of(code: TrialCode) -> Modules:
    """With its quiet zone."""
    import numpy as np
    import zxingcpp

    kind = getattr(zxingcpp.BarcodeFormat, FORMATS[code.symbology])
    content: Any = code.text.encode() if code.symbology == "qr" else code.text  # as bytes, or letters become Japanese
    drawn = np.array(zxingcpp.create_barcode(content, kind).to_image(scale=1, add_quiet_zones=False)) < 128
    if code.symbology != "qr":
        drawn = np.tile(drawn[:1], (LINEAR_ROWS, 1))
    found: Modules = np.pad(drawn, QUIET)
    return found


def blocks(code: TrialCode, *, colour: bool) -> list[str]:
    """Two modules are one character, a bar code's side by side; black on white whatever the terminal's own colours."""
    rows = _upright(modules_of(code)) if code.symbology == "qr" else _across(modules_of(code))
    return [f"{BLACK_ON_WHITE}{row}{AS_BEFORE}" if colour else row for row in rows]


def _upright(modules: Modules) -> list[str]:
    import numpy as np

    even = np.pad(modules, ((0, len(modules) % 2), (0, 0)))
    return [_joined(UPPER_LOWER, *pair) for pair in zip(even[::2], even[1::2], strict=True)]


def _across(modules: Modules) -> list[str]:
    """A character is twice as high as wide: so a few lines make high bars, and the code fits 80 columns."""
    import numpy as np

    even = np.pad(modules, ((0, 0), (0, modules.shape[1] % 2)))
    return [_joined(LEFT_RIGHT, row[::2], row[1::2]) for row in even[:: LINEAR_ROWS // LINEAR_LINES]]


def _joined(signs: str, first: Modules, second: Modules) -> str:
    return "".join(signs[int(one) + 2 * int(other)] for one, other in zip(first, second, strict=True))


def write_picture(code: TrialCode, path: Path) -> None:
    """OSError where it cannot be written."""
    import numpy as np
    from PIL import Image

    dots = np.kron(~modules_of(code), np.ones((PICTURE_DOTS, PICTURE_DOTS), dtype=bool))
    Image.fromarray(dots.astype(np.uint8) * 255).save(path, format="PNG")
