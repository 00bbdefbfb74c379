"""The QR of a certificate, for the office's page and for a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

QUIET: Final = 4  # modules of white around it
SCALE: Final = 8  # pixels of a module in a file: it is read from a screen, and from paper of 58 mm


def _modules(text: str) -> Any:
    """Rows of black ones, without the white around."""
    import numpy as np
    import zxingcpp

    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    return np.asarray(zxingcpp.write_barcode_to_image(code, scale=1, add_quiet_zones=False)) < 128


def qr_path(text: str) -> tuple[int, str]:
    """How wide it is with the white around, and its black modules as an SVG path."""
    modules = _modules(text)
    black = [f"M{x + QUIET} {y + QUIET}h1v1h-1z" for y, row in enumerate(modules) for x, one in enumerate(row) if one]
    return len(modules) + 2 * QUIET, "".join(black)


def write_png(text: str, path: Path) -> None:
    """Raises OSError."""
    import numpy as np
    from PIL import Image

    white = np.pad(~_modules(text), QUIET, constant_values=True)
    pixels = np.kron(white, np.ones((SCALE, SCALE), dtype=bool))
    Image.fromarray((pixels * 255).astype("uint8")).save(path, format="PNG")
