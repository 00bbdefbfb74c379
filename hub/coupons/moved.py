"""A drawing lower on a larger sheet."""

from __future__ import annotations

from dataclasses import replace

from hub.coupons.drawing import Drawing


def moved_down(drawing: Drawing, by_mm: float) -> Drawing:
    marks = tuple(replace(mark, y=mark.y + by_mm) for mark in drawing.marks)
    return Drawing(drawing.width, drawing.height + by_mm, marks)
