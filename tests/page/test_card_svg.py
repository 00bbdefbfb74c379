"""A card's face as an SVG, in a browser: its code reads, and its number stands at the lower left."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser

from config.programmes import load_programme
from drivers.scanner.decode import decode
from hub.coupons.as_svg import svg
from hub.coupons.faces import card_face
from tests.browser import needs_browser

NUMBER = "2600000000017"


@needs_browser
@pytest.mark.parametrize("name", ["", "Анна <b>Петровна</b> & Ко"])
def test_a_cards_face_reads_in_a_browser(browser: Browser, name: str) -> None:
    page = browser.new_page(viewport={"width": 700, "height": 500})
    page.set_content(f"<body style='margin:0'>{svg(card_face(NUMBER, load_programme('alenka'), 'ru', name))}</body>")
    drawn = Image.open(io.BytesIO(page.locator("svg").screenshot()))
    assert [code.text for code in decode(np.asarray(drawn.convert("L")))] == [NUMBER]
    whole, number = page.locator("svg").bounding_box(), page.get_by_text(NUMBER).bounding_box()
    assert whole is not None and number is not None
    assert number["x"] < whole["width"] / 4 and number["y"] > whole["height"] * 3 / 4
    assert page.locator("svg b").count() == 0, "a name is text"
    page.close()
