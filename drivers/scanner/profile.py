"""What is particular to one make of scanners: the orders it takes, its letters for kinds of codes, its habits. The
values come from config/scanners/*.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from drivers.scanner.habits import HABITS as HABITS
from drivers.scanner.habits import wrong_habit, wrong_identifiers
from drivers.scanner.notation import read_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannerProfile:
    """Bytes stand as drivers/scanner/notation.py writes them: `<SYN>T<CR>`."""

    name: str
    orders: Mapping[str, str] = field(default_factory=dict)
    taken: str = ""  # what the scanner's answer has in it when it obeys
    refused: tuple[str, ...] = ()  # … and when it doesn't
    silent: tuple[str, ...] = field(default=())  # orders that are never answered
    flow: str = "none"  # what the URL's `flow` has to be
    identifiers: Mapping[str, str] = field(default_factory=dict)  # letters before a code → symbology
    habits: Mapping[str, str] = field(default_factory=dict)  # what a URL need not say

    def __post_init__(self) -> None:
        for written in (self.taken, *self.refused, *self.orders.values()) if self.orders else ():
            if not read_bytes(written):
                raise ValueError("an order or answer is empty")
        if unknown := set(self.silent) - set(self.orders):
            raise ValueError(f"silent: there is no order {min(unknown)!r}")
        if (wrong := wrong_identifiers(self.identifiers)) is not None:
            raise ValueError(f"identifiers: {wrong}")
        for name, value in self.habits.items():
            if (wrong := wrong_habit(name, value)) is not None:
                raise ValueError(f"habits: {name} = {value!r} is not possible; {wrong}")


NO_PROFILE = ScannerProfile(name="")
