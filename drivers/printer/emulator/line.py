"""The line in the print buffer: letters and bit images at their places, until something prints them."""

from __future__ import annotations

from drivers.printer.emulator.paper import CELL_WIDTH_DOTS, LINE_SPACING_DOTS, Cell, Dots, TextRow

TABS_EVERY = 8  # letters of font A, after ESC @


class Line:
    """`x_dots` counts from the left margin, as ESC $ does."""

    def __init__(self, paper_dots: int) -> None:
        self._paper_dots = paper_dots
        self.reset()

    def reset(self) -> None:
        self.cells: list[Cell | Dots] = []
        self.x_dots = 0
        self._left_dots, self._area_dots = 0, self._paper_dots
        self.width_dots = self._paper_dots  # what can be printed between the margins
        self.align = "left"
        self.spacing_dots = LINE_SPACING_DOTS
        self.tabs_dots = tuple(range(TABS_EVERY * CELL_WIDTH_DOTS, self._paper_dots, TABS_EVERY * CELL_WIDTH_DOTS))

    def set_margins(self, *, left_dots: int | None = None, area_dots: int | None = None) -> None:
        self._left_dots = self._left_dots if left_dots is None else left_dots
        self._area_dots = self._area_dots if area_dots is None else area_dots
        self.width_dots = max(min(self._area_dots, self._paper_dots - self._left_dots), 0)

    def has_room_for(self, width_dots: int) -> bool:
        return self.x_dots + width_dots <= self.width_dots

    def put(self, cell: Cell | Dots, gap_dots: int = 0) -> None:
        """`cell` was made for this place."""
        self.cells.append(cell)
        self.x_dots += cell.width_dots + gap_dots

    def move_to(self, x_dots: int) -> bool:
        """ESC $ and ESC \\ past the margins have no effect."""
        if not 0 <= x_dots <= self.width_dots:
            return False
        self.x_dots = x_dots
        return True

    def tab(self) -> None:
        """To the next stop; beyond the last one the next letter begins a new line."""
        beyond = [stop for stop in self.tabs_dots if stop > self.x_dots]
        self.x_dots = min(beyond[0], self.width_dots) if beyond else self.x_dots

    def indent_dots(self, width_dots: int) -> int:
        """Where something of this width begins on the paper."""
        room = max(self.width_dots - width_dots, 0)
        return self._left_dots + {"left": 0, "center": room // 2, "right": room}[self.align]

    def take(self, spacing_dots: int | None = None) -> TextRow:
        """The row as it goes on the paper; the line is empty then."""
        right = max((cell.x_dots + cell.width_dots for cell in self.cells), default=0)
        shift = self.indent_dots(right)
        cells = tuple(cell._replace(x_dots=cell.x_dots + shift) if shift else cell for cell in self.cells)
        self.clear()
        return TextRow(cells=cells, spacing_dots=self.spacing_dots if spacing_dots is None else spacing_dots)

    def clear(self) -> None:
        self.cells.clear()
        self.x_dots = 0
