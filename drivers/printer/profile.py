"""What one printer model can do. The values come from config/printers/*.toml."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from drivers.printer.document import QR_MAX_BYTES

Proof = Literal["process_id", "gs_r", "none"]
Pictures = Literal["raster", "graphics"]

COLUMNS_MIN = 16  # narrower than any receipt printer; a receipt would not be readable
COLUMNS_MAX = 96
ANSWER_DEADLINE_MAX_MS = 30_000  # a cashier who waits longer has gone to look


@dataclass(frozen=True, slots=True, kw_only=True)
class PrinterProfile:
    """`slot` is the number that ESC t takes for `codepage` on this very model: databases disagree about clones,
    so it is stored per device and never guessed.

    `proof` is how the printer tells that it has printed: "process_id" (GS ( H, Epson and good clones),
    "gs_r" (GS r: the data was processed, a weaker word: some printers say it with the last line still in the
    head, and a job must not be called printed on it when the printer has just been switched off) or "none"
    (every receipt stays unproved).
    """

    name: str
    columns: int = 42
    width_dots: int = 512
    codepage: str = "cp866"
    slot: int = 17
    qr: bool = True  # GS ( k; otherwise the QR is sent as a picture
    barcode: bool = True  # GS k; otherwise the barcode is sent as a picture
    image: Pictures = "raster"  # GS v 0, which nearly all know; "graphics" is GS ( L, for those that dropped it
    cutter: bool = True
    drawer: bool = True  # a socket for a cash drawer, ESC p
    buzzer: bool = False  # ESC B, known to clones; Epson's own printers would print its arguments
    proof: Proof = "process_id"
    clear: bool = True  # DLE DC4 8: forgets its buffer at once, and says that it did
    asb: bool = True  # GS a: tells by itself when the cover is opened or the paper ends
    answer_deadline_ms: int = 2000  # for a status: a printer answers in milliseconds, a slow print server in a second
    qr_max_bytes: int = 251  # a longer QR is sent as a picture: clones print nothing of it, and prove it all the same

    def __post_init__(self) -> None:
        if not COLUMNS_MIN <= self.columns <= COLUMNS_MAX:
            raise ValueError(f"columns is {COLUMNS_MIN} to {COLUMNS_MAX}, not {self.columns}")
        if not 0 <= self.slot <= 255:
            raise ValueError(f"slot is 0 to 255, not {self.slot}")
        if self.proof not in ("process_id", "gs_r", "none"):
            raise ValueError(f'proof is "process_id", "gs_r" or "none", not {self.proof!r}')
        if self.image not in ("raster", "graphics"):
            raise ValueError(f'image is "raster" or "graphics", not {self.image!r}')
        if not 1 <= self.answer_deadline_ms <= ANSWER_DEADLINE_MAX_MS:
            raise ValueError(f"answer_deadline_ms is 1 to {ANSWER_DEADLINE_MAX_MS}, not {self.answer_deadline_ms}")
        if not 0 <= self.qr_max_bytes <= QR_MAX_BYTES:
            raise ValueError(f"qr_max_bytes is 0 to {QR_MAX_BYTES}, not {self.qr_max_bytes}")
        if self.width_dots < self.columns * 8:
            raise ValueError(f"{self.width_dots} dots are too few for {self.columns} columns")
        try:
            if len("Жя".encode(self.codepage)) != 2:
                raise LookupError(self.codepage)  # printers know pages of one byte a letter
        except (LookupError, UnicodeError):
            raise ValueError(f"codepage {self.codepage!r} is unknown here or has no Cyrillic") from None
