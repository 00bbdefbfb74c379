"""The account in a programme's colours: whatever they are, what is written can be read."""

from __future__ import annotations

import random

import pytest

from account.look import contrast, dark_colours, light_colours, look_of, readable
from sync.account.programme import Face

TEXT = 4.5  # WCAG 2.2, 1.4.3
PAIRS = (
    ("ink", "ground"),
    ("ink", "paper"),
    ("quiet", "ground"),
    ("quiet", "paper"),
    ("brand", "ground"),
    ("brand", "paper"),
    ("on-brand", "brand"),
    ("on-soft", "soft"),
)
CHANCE = random.Random(23)
COLOURS = ["#8c1d40", "#1d5c36", "#000000", "#ffffff", "#777777", "#ffff00", "#0000ff"] + [
    f"#{CHANCE.randrange(1 << 24):06x}" for _ in range(300)
]


def test_every_colour_of_a_card_makes_two_readable_themes() -> None:
    for colour in COLOURS:
        for theme in (light_colours(colour), dark_colours(colour)):
            poor = {pair: contrast(theme[pair[0]], theme[pair[1]]) for pair in PAIRS}
            assert min(poor.values()) >= TEXT, (colour, poor)


def test_letters_on_a_card_are_readable_whatever_the_file_says() -> None:
    assert readable("#ffffff", "#8c1d40") == "#ffffff"
    for colour in COLOURS:
        assert contrast(readable(CHANCE.choice(COLOURS), colour), colour) >= TEXT


@pytest.mark.parametrize(("one", "other", "ratio"), [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48)])
def test_contrast_is_as_the_standard_counts_it(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)


def test_another_face_is_another_edition() -> None:
    red, green = (look_of(Face(colour=colour, ink="#ffffff", line=("", ""))) for colour in ("#8c1d40", "#1d5c36"))
    assert red.edition != green.edition and "--face: #8c1d40" in red.sheet and "--face: #1d5c36" in green.sheet
