"""A drawing as a file, in the form that its name says."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Final

from hub.coupons.as_pdf import write_pdf
from hub.coupons.as_png import png
from hub.coupons.as_svg import svg
from hub.coupons.drawing import Drawing
from hub.files.whole import unfinished
from hub.people.orders import NotDone


def write_drawing(drawing: Drawing, path: Path) -> None:
    """Whole or not at all. Raises NotDone."""
    form = path.suffix.lower()
    if form not in FORMS:
        raise NotDone(f"{path} is no picture's name: it ends in {', '.join(FORMS)}.")
    content = FORMS[form](drawing)
    try:
        with unfinished(path) as half:
            half.write_bytes(content)
    except OSError as error:
        raise NotDone(f"Cannot write {path}: {error.strerror or error}. The same order again says the same.") from error


def _pdf(drawing: Drawing) -> bytes:
    written = BytesIO()
    write_pdf([drawing], written)
    return written.getvalue()


FORMS: Final[dict[str, Callable[[Drawing], bytes]]] = {
    ".png": png,
    ".pdf": _pdf,
    ".svg": lambda drawing: svg(drawing).encode(),
}
