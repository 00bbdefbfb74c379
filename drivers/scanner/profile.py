"""The orders that one make of scanners takes. The values come from config/scanners/*.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from drivers.scanner.notation import read_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannerProfile:
    """Bytes stand as drivers/scanner/notation.py writes them: `<SYN>T<CR>`."""

    name: str
    orders: Mapping[str, str]
    taken: str  # what the scanner's answer has in it when it obeys
    refused: tuple[str, ...]  # … and when it doesn't
    silent: tuple[str, ...] = field(default=())  # orders that are never answered
    flow: str = "none"  # what the URL's `flow` has to be

    def __post_init__(self) -> None:
        for written in (self.taken, *self.refused, *self.orders.values()):
            if not read_bytes(written):
                raise ValueError("an order or answer is empty")
        if unknown := set(self.silent) - set(self.orders):
            raise ValueError(f"silent: there is no order {min(unknown)!r}")
