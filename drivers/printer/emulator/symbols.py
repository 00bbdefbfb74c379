"""The 2D codes that GS ( k stores piece by piece and then prints."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.printer.emulator.codes import CODES_2D, QR_LEVELS, Modules, code_2d_modules

MODULE_DOTS = 3  # after ESC @
PDF417_ROW_MODULES = 3
SET_MODULE, SET_ROW_HEIGHT, SET_LEVEL, STORE, PRINT = 67, 68, 69, 80, 81


@dataclass(frozen=True, slots=True)
class Symbol:
    """A code ready for the paper."""

    kind: str
    data: bytes
    modules: Modules
    module_dots: tuple[int, int]


class Symbols:
    def __init__(self, qr_max_bytes: int) -> None:
        self._qr_max_bytes = qr_max_bytes
        self.reset()

    def reset(self) -> None:
        self._data: dict[int, bytes] = {}
        self._settings: dict[tuple[int, int], int] = {}

    def obey(self, code: int, function: int, rest: bytes) -> Symbol | None:
        """The code if it is to be printed now. ValueError for what cannot be drawn."""
        if code not in CODES_2D:
            raise ValueError(f"code {code} is not drawn")
        if function == STORE:
            self._data[code] = rest[1:]
        elif function == PRINT:
            return self._symbol(code)
        elif rest:
            self._settings[code, function] = rest[0]
        return None

    def _symbol(self, code: int) -> Symbol | None:
        kind, data = CODES_2D[code], self._data.get(code, b"")
        if not data:
            return None
        if kind == "QR" and len(data) > self._qr_max_bytes:
            raise ValueError(f"this model draws no QR of more than {self._qr_max_bytes} bytes")
        level = QR_LEVELS.get(self._settings.get((code, SET_LEVEL), 48), "L") if kind == "QR" else ""
        width = self._settings.get((code, SET_MODULE)) or MODULE_DOTS
        rows = self._settings.get((code, SET_ROW_HEIGHT)) or PDF417_ROW_MODULES
        height = width * rows if kind == "PDF417" else width
        return Symbol(kind, data, code_2d_modules(kind, data, level), (width, height))
