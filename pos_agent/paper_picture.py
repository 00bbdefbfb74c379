"""A document as a picture of the paper that comes out, without any printer: the driver's bytes on the virtual one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from drivers.printer.document import Document
from drivers.printer.emulator.models import MODELS
from drivers.printer.emulator.paper import Paper
from drivers.printer.emulator.rendering import rendered
from drivers.printer.encode import encode
from drivers.printer.profile import PrinterProfile

if TYPE_CHECKING:
    from PIL import Image

MODEL = "epson"  # the virtual printer that knows most
GAP_PIXELS = 24  # between pieces that a knife has parted


def papers_of(
    document: Document, profile: PrinterProfile, *, mark: str | None = None, void: str | None = None
) -> list[Paper]:
    """The pieces of paper, in the order they are cut."""
    seen = replace(profile, slot=_slot(profile.codepage))
    return rendered(
        encode(document, seen, attempt_id="0000", mark=mark, void=void), columns=profile.columns, model=MODEL
    ).papers


def _slot(codepage: str) -> int:
    """Where the virtual printer has the page: a preview shows what is said, not whether a slot is right."""
    slots = {page: slot for slot, page in MODELS[MODEL].slots.items()}
    if codepage not in slots:
        raise ValueError(f"the virtual printer has no code page {codepage}; --model default can be drawn")
    return slots[codepage]


def picture_of(papers: list[Paper]) -> Image.Image:
    """All pieces one below the other, a grey gap between them."""
    from PIL import Image

    from drivers.printer.emulator.picture import picture

    pieces = [picture(paper) for paper in papers]
    width = max(piece.width for piece in pieces)
    height = sum(piece.height for piece in pieces) + GAP_PIXELS * (len(pieces) - 1)
    whole, y = Image.new("L", (width, height), 160), 0
    for piece in pieces:
        whole.paste(piece, (0, y))
        y += piece.height + GAP_PIXELS
    return whole
