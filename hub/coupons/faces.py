"""What a coupon, a certificate and a card look like (hub/coupons/drawing.py).

coupon_slip   one coupon, 48 mm wide: so much a receipt printer prints on 58 mm paper
coupon_sheets many of them on A4, to be cut
certificate   A6, across
card_face     as large as a plastic card, its number at the lower left
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final

from hub.coupons.drawing import BLACK, WHITE, Box, Code, Drawing, Mark, Words, lines_of, plain, size_for
from hub.coupons.words import said
from loyalty.programme import CardFace, Language, Offer, Programme
from loyalty.typed_codes import shown_code
from loyalty.wording import amount_text, day_text

GREY: Final = "#555555"
LINE: Final = 1.3  # of its letters' size a line is high

SLIP_MM: Final = 48.0
SLIP_CODE_MM: Final = 46.5  # a token's modules are seven dots of a receipt printer

PAGE: Final = (210.0, 297.0)  # A4
ACROSS, DOWN = 2, 5
CELL: Final = (95.0, 55.0)
CELL_MARGIN: Final = 4.0
CELL_CODE_MM: Final = 44.0
HAIR: Final = 0.15

CERTIFICATE: Final = (148.0, 105.0)  # A6
CERTIFICATE_CODE_MM: Final = 58.0
CARD: Final = (85.6, 53.98)  # ISO/IEC 7810 ID-1
CARD_CODE_MM: Final = 24.0
EDGE: Final = 5.0
NUMBER_GROUP: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCoupon:
    """`text`: of its QR; `code`: typed, "" none; `lines`: what it asks for, one under the other."""

    title: str
    text: str
    code: str = ""
    last_day: date | None = None
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCertificate:
    """`text`: of its QR; `pin`: "" where it is given on its own; `until`: of one that nobody paid for."""

    number: str
    text: str
    face_kopecks: int
    pin: str = ""
    to: str = ""
    wishes: str = ""
    until: date | None = None


def shown_coupon(
    offer: Offer,
    text: str,
    language: Language,
    *,
    code: str = "",
    last_day: date | None = None,
    uses: int = 1,
    personal: bool = False,
) -> ShownCoupon:
    """One of a campaign, with what its file asks for. `personal`: it is one member's."""
    lines = []
    if offer.min_basket_kopecks:
        lines.append(said("from", language, least=amount_text(offer.min_basket_kopecks, language)))
    if offer.most_kopecks is not None:
        lines.append(said("most", language, most=amount_text(offer.most_kopecks, language)))
    if uses > 1:
        lines.append(said("uses", language, uses=str(uses)))
    if personal:
        lines.append(said("member", language))
    title = offer.ru if language == "ru" else offer.en
    return ShownCoupon(title=title, text=text, code=code, last_day=last_day, lines=tuple(lines))


def coupon_slip(coupon: ShownCoupon, programme: Programme, language: Language) -> Drawing:
    marks: list[Mark] = []
    y = _written(marks, programme.name(language), 0, 0, SLIP_MM, 4.0, most=2, bold=True)
    y = _written(marks, coupon.title, 0, y, SLIP_MM, 4.5, most=4, bold=True)
    marks.append(Code((SLIP_MM - SLIP_CODE_MM) / 2, y + 1, SLIP_CODE_MM, coupon.text))
    y += 1 + SLIP_CODE_MM
    for line in _under(coupon, language):
        y = _written(marks, line, 0, y, SLIP_MM, 3.0, most=2)
    if coupon.code:
        y = _written(marks, said("type", language), 0, y, SLIP_MM, 3.0, most=1)
        shown = shown_code(coupon.code)
        y = _written(marks, shown, 0, y, SLIP_MM, size_for(shown, SLIP_MM, 5.2), most=1, bold=True)
    return _drawing(SLIP_MM, y + 1, WHITE, marks)


def coupon_sheets(coupons: Iterable[ShownCoupon], programme: Programme, language: Language) -> Iterator[Drawing]:
    """Ten on a page, with hairlines to cut along."""
    waiting = iter(coupons)
    left, top = ((PAGE[0] - ACROSS * CELL[0]) / 2, (PAGE[1] - DOWN * CELL[1]) / 2)
    while page := list(islice(waiting, ACROSS * DOWN)):
        marks: list[Mark] = [
            Box(left + column * CELL[0], top, HAIR, DOWN * CELL[1], GREY) for column in range(ACROSS + 1)
        ]
        marks += [Box(left, top + row * CELL[1], ACROSS * CELL[0], HAIR, GREY) for row in range(DOWN + 1)]
        for place, coupon in enumerate(page):
            row, column = divmod(place, ACROSS)
            _cell(marks, coupon, programme, language, left + column * CELL[0], top + row * CELL[1])
        yield _drawing(*PAGE, WHITE, marks)


def certificate(shown: ShownCertificate, programme: Programme, language: Language) -> Drawing:
    face = programme.cards.face
    width, height = CERTIFICATE
    text_width = width - CERTIFICATE_CODE_MM - 3 * EDGE
    marks: list[Mark] = [Code(width - EDGE - CERTIFICATE_CODE_MM, EDGE, CERTIFICATE_CODE_MM, shown.text)]
    y = _written(marks, programme.name(language), EDGE, EDGE, text_width, 6.0, most=1, bold=True, ink=face.ink)
    y = _written(marks, said("certificate", language), EDGE, y + 2, text_width, 5.0, most=2, ink=face.ink)
    sum_ = amount_text(shown.face_kopecks, language)
    size = size_for(plain(sum_), text_width, 12.0)
    y = _written(marks, sum_, EDGE, y + 2, text_width, size, most=1, bold=True, ink=face.ink)
    if shown.to:
        y = _written(marks, said("to", language, name=shown.to), EDGE, y + 2, text_width, 4.0, most=2, ink=face.ink)
    y = max(y, EDGE + CERTIFICATE_CODE_MM)
    _written(marks, shown.wishes, EDGE, y + 2, width - 2 * EDGE, 4.0, most=3, ink=face.ink)
    y = height - EDGE - 5.0 * LINE - 2 * 3.5 * LINE
    ends = said("no_end", language) if shown.until is None else _until(shown.until, language)
    y = _written(marks, ends, EDGE, y, width - 2 * EDGE, 3.5, most=1, ink=face.ink)
    named = f"{said('number', language)}" + (f" / {said('pin', language)}" if shown.pin else "")
    y = _written(marks, named, EDGE, y, width - 2 * EDGE, 3.5, most=1, ink=face.ink)
    number = in_groups(shown.number) + (f" / {shown.pin}" if shown.pin else "")
    _written(marks, number, EDGE, y, width - 2 * EDGE, 5.0, most=1, bold=True, ink=face.ink)
    return _drawing(width, height, face.colour, marks)


def card_face(number: str, programme: Programme, language: Language, name: str = "") -> Drawing:
    """The programme's picture, a QR of the number, and the number at the lower left (A4, A31). `name`: whose it is."""
    face: CardFace = programme.cards.face
    width, height = CARD
    text_width = width - CARD_CODE_MM - 3 * EDGE
    marks: list[Mark] = [Code(width - EDGE - CARD_CODE_MM, height - EDGE - CARD_CODE_MM, CARD_CODE_MM, number)]
    title = programme.name(language)
    size = size_for(title, width - 2 * EDGE, 8.0)
    y = _written(marks, title, EDGE, EDGE, width - 2 * EDGE, size, most=1, bold=True, ink=face.ink)
    _written(marks, face.text(language), EDGE, y + 1, text_width, 3.2, most=3, ink=face.ink)
    shown = plain(number)
    size = size_for(shown, text_width, 5.0)
    below = height - EDGE
    marks.append(Words(EDGE, below, size, shown, face.ink, True))
    if name:
        line = lines_of(name, text_width, 3.2, 1)
        marks += [Words(EDGE, below - size * LINE, 3.2, one, face.ink) for one in line]
    return _drawing(width, height, face.colour, marks)


def in_groups(number: str) -> str:
    """As people read it out: 1234 5678 …"""
    return " ".join(number[at : at + NUMBER_GROUP] for at in range(0, len(number), NUMBER_GROUP))


def _cell(
    marks: list[Mark], coupon: ShownCoupon, programme: Programme, language: Language, left: float, top: float
) -> None:
    marks.append(Code(left + CELL[0] - CELL_MARGIN - CELL_CODE_MM, top + CELL_MARGIN, CELL_CODE_MM, coupon.text))
    x, width = left + CELL_MARGIN, CELL[0] - CELL_CODE_MM - 3 * CELL_MARGIN
    y = _written(marks, programme.name(language), x, top + CELL_MARGIN, width, 3.2, most=2, bold=True)
    y = _written(marks, coupon.title, x, y + 1, width, 3.2, most=5, bold=True)
    for line in _under(coupon, language):
        y = _written(marks, line, x, y, width, 2.4, most=2, ink=GREY)
    if coupon.code:
        shown = shown_code(coupon.code)
        size = size_for(shown, width, 5.0)
        marks.append(Words(x, top + CELL[1] - CELL_MARGIN, size, shown, BLACK, True))


def _under(coupon: ShownCoupon, language: Language) -> Iterator[str]:
    if coupon.last_day is not None:
        yield _until(coupon.last_day, language)
    yield from coupon.lines


def _until(day: date, language: Language) -> str:
    return said("until", language, day=day_text(day, language))


def _written(
    marks: list[Mark],
    text: str,
    x: float,
    y: float,
    width: float,
    size: float,
    *,
    most: int,
    bold: bool = False,
    ink: str = BLACK,
) -> float:
    """Lines of text from `y` down; where they end."""
    for line in lines_of(text, width, size, most):
        y += size * LINE
        marks.append(Words(x, y - size * (LINE - 1), size, line, ink, bold))
    return y


def _drawing(width: float, height: float, ground: str, marks: list[Mark]) -> Drawing:
    """On its ground."""
    return Drawing(width, height, (Box(0, 0, width, height, ground), *marks))
