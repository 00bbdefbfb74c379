"""A card's picture from the command, in each form, and what is no picture's name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
from click.testing import CliRunner

from drivers.scanner.decode import decode, read_picture
from hub.cli import cli
from hub.coupons.drawing import Code, Drawing, Words, lines_of, size_for
from hub.coupons.faces import ShownCertificate, ShownCoupon, card_face, certificate, coupon_sheets, coupon_slip
from loyalty.certificate_text import seal_certificate
from loyalty.typed_codes import make_code
from tests.hub.conftest import PROGRAMMES, Office

NUMBER = "2600000000017"
ALENKA = PROGRAMMES["alenka"]


def run(office: Office, *words: str) -> Any:
    return CliRunner().invoke(cli, ["card", "picture", *words, "--db", str(office.path)])


def test_a_cards_picture_is_drawn_in_each_form(office: Office, tmp_path: Path) -> None:
    office.join("anna", card=NUMBER)
    for name in ("card.png", "card.PDF", "card.svg"):
        done = run(office, NUMBER, str(tmp_path / name), "--name", "Анна", "--language", "en")
        assert (done.exit_code, done.output) == (0, f"{tmp_path / name} is drawn.\n")
    assert [code.text for code in decode(read_picture(tmp_path / "card.png"))] == [NUMBER]
    (page,) = pypdfium2.PdfDocument((tmp_path / "card.PDF").read_bytes())
    assert [code.text for code in decode(np.asarray(page.render(scale=2).to_pil().convert("L")))] == [NUMBER]
    drawn = (tmp_path / "card.svg").read_text("utf-8")
    assert all(word in drawn for word in (NUMBER, "Анна", ALENKA.name_en, "Customer card", ALENKA.cards.face.colour))
    assert sorted(path.name for path in tmp_path.glob("card*")) == ["card.PDF", "card.png", "card.svg"]


def test_what_cannot_be_drawn_is_said(office: Office, tmp_path: Path) -> None:
    office.join("anna", card=NUMBER)
    assert "Nobody has a card 46" in run(office, "46", str(tmp_path / "card.png")).output
    assert "it ends in .png, .pdf, .svg" in run(office, NUMBER, str(tmp_path / "card.jpg")).output
    assert "Cannot write" in run(office, NUMBER, str(tmp_path / "nowhere" / "card.png")).output


# everything fits, whatever it is called


LONG = "Оченьдлинноеслово " * 40
AWFUL = "\x1b[31m<b>&\u202e\n\t\x00" + LONG
TEXT = seal_certificate("1" * 16, "alenka", 1, lambda signed: bytes(64))


def drawings(text: str) -> dict[str, Drawing]:
    coupon = ShownCoupon(title=text, text=TEXT, code=make_code(7), lines=(text,))
    shown = ShownCertificate(number="1" * 16, text=TEXT, face_kopecks=99_999_999_999, pin="1" * 6, to=text, wishes=text)
    return {
        "slip": coupon_slip(coupon, ALENKA, "ru"),
        "sheet": next(coupon_sheets([coupon] * 10, ALENKA, "ru")),
        "certificate": certificate(shown, ALENKA, "en"),
        "card": card_face("2" * 32, ALENKA, "ru", text),
    }


@pytest.mark.parametrize("text", ["", "x", LONG, AWFUL], ids=["", "x", "long", "awful"])
def test_no_letter_stands_beside_the_picture_or_on_its_code(text: str) -> None:
    for name, drawing in drawings(text).items():
        for mark in drawing.marks:
            if isinstance(mark, Words):
                assert mark.text.isprintable(), name
                assert mark.x >= 0 and mark.x + len(mark.text) * mark.size * 0.6 <= drawing.width + 0.01, (name, mark)
                assert mark.size <= mark.y <= drawing.height, (name, mark)
                assert not any(covers(mark, other) for other in drawing.marks if isinstance(other, Code)), (name, mark)


def covers(words: Words, code: Code) -> bool:
    beside = words.x + len(words.text) * words.size * 0.6 <= code.x + 0.01 or words.x >= code.x + code.side
    return not beside and code.y < words.y + words.size / 4 and words.y - words.size < code.y + code.side - 0.01


def test_the_number_of_a_card_is_at_the_lower_left() -> None:
    drawing = card_face(NUMBER, ALENKA, "ru", "Анна")
    (number,) = [mark for mark in drawing.marks if isinstance(mark, Words) and mark.text == NUMBER]
    others = [mark for mark in drawing.marks if isinstance(mark, Words) and mark is not number]
    assert number.x == min(mark.x for mark in others) and all(mark.y < number.y for mark in others)
    assert number.x < drawing.width / 10 and number.y > drawing.height * 0.9


def test_lines_are_broken_between_words_and_end_in_dots() -> None:
    assert lines_of("ab cd ef", 5 * 0.6, 1, 2) == ["ab cd", "ef"]
    assert lines_of("ab cd ef", 5 * 0.6, 1, 1) == ["ab c…"]
    assert lines_of("abcdefgh", 5 * 0.6, 1, 3) == ["abcde", "fgh"]
    assert lines_of("", 5, 1, 3) == [] and size_for("", 5, 3) == 3
