"""A picture → the codes in it, each with how surely it was read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from drivers.scanner.cascade import Cost, Scene, climb
from drivers.scanner.picture import grey_of
from drivers.scanner.picture import read_picture as read_picture
from drivers.scanner.symbology import SHIPPED, WEAK
from drivers.scanner.symbology import Code as Code
from drivers.scanner.vote import shown

if TYPE_CHECKING:
    from drivers.scanner.picture import Picture as Picture


def decode(image: Picture, *, live: bool = False, wanted: frozenset[str] = SHIPPED) -> tuple[Code, ...]:
    """The codes in a grey or BGR picture that are believed, each once. `live`: with what a frame may cost only,
    for a camera sees the card again in a moment."""
    found = climb(Scene(grey_of(image), wanted), Cost.LIVE if live else Cost.STILL)
    return tuple(verdict.code for verdict in shown(found))


def decode_thoroughly(image: Picture, *, wanted: frozenset[str] = SHIPPED) -> tuple[Code, ...]:
    """All codes that were read in any way, without a budget; the weak ones are marked so, and what was only guessed."""
    found = climb(Scene(grey_of(image), wanted), Cost.THOROUGH)
    codes = (verdict.code for verdict in sorted(found, key=lambda verdict: not verdict.strong))
    return tuple(replace(code, confidence=WEAK) if code.guessed else code for code in codes)
