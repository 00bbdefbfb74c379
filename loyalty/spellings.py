"""One spelling for what people and devices write in several ways: barcodes, articles, kinds and categories of goods.

A POS that writes «Водка» means vodka, and a marked pack of cigarettes carries its number inside a longer code. What is
not understood is taken for goods that nobody knows, or for strong alcohol: closed, and never open.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from stdnum import ean

from loyalty.card_numbers import is_digits

BARCODE_MAX = 48  # characters of what is looked for; a prefix is never longer
READ_MAX = 300  # characters of a code that are looked at; a marked one has about ninety

# what a scanner puts before a code: the symbology as AIM names it, and FNC1
SCANNER_MARKS = re.compile(r"(\][A-Za-z][0-9A-Za-z])?[\x1d\xe8]?")
IN_GS1 = re.compile(r"\(?01\)?([0-9]{14})(.*)", re.DOTALL)  # the number, then the piece's own serial
IN_TOBACCO = re.compile(r"([0-9]{14})(.{7,})", re.DOTALL)  # a pack's mark: the number and a serial, without any sign

EAN8, EAN13, GTIN14 = 8, 13, 14  # digits

_KINDS: Final = {
    "vodka": ("водка",),
    "brandy": ("бренди",),
    "rum": ("ром",),
    "calvados": ("кальвадос",),
    "cognac": ("коньяк",),
    "whisky": ("whiskey", "виски", "bourbon", "бурбон", "scotch", "скотч"),
    "sparkling_wine": (
        *("sparkling", "champagne", "prosecco", "cava"),
        *("игристое", "игристое вино", "шампанское", "просекко", "кава"),
    ),
}
# drinks for which the law sets no least price
_WEAK: Final = ("beer", "пиво", "wine", "вино", "cider", "сидр", "mead", "медовуха", "perry", "пуаре")

_CATEGORIES: Final = {
    "tobacco": ("табак", "табачные изделия", "сигареты", "сигары", "cigarettes", "cigars", "tobacco products"),
    "nicotine": ("никотин", "вейп", "вейпы", "vape", "vapes"),
    "lottery": ("лотерея", "лотереи", "лотерейный билет", "lotteries"),
    "gift_certificate": (
        *("сертификат", "сертификаты", "подарочный сертификат", "подарочная карта"),
        *("certificate", "certificates", "gift_card", "gift_certificates"),
    ),
    "card_fee": ("карта",),
    "charity": ("пожертвование", "благотворительность", "donation"),
    "deposit": ("залог", "залоговая тара"),
    "excise": ("подакцизный товар", "подакцизные товары", "excise_goods"),
    "alcohol_strong": (
        *("крепкий алкоголь", "алкоголь", "алкогольная продукция"),
        *("strong_alcohol", "alcohol", "spirits"),
    ),
    "sparkling_wine": ("игристое вино", "игристое", "шампанское", "sparkling", "champagne"),
}


def folded(text: str) -> str:
    """Without what is not meant: the case, blanks around it and dashes for `_`, letters of full width, ё."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    return re.sub(r"[\s_-]+", "_", plain).strip("_")


def _by_name(names: dict[str, tuple[str, ...]]) -> MappingProxyType[str, str]:
    return MappingProxyType({folded(name): id for id, others in names.items() for name in (id, *others)})


_KIND_OF: Final = _by_name(_KINDS)
_CATEGORY_OF: Final = _by_name(_CATEGORIES)
_WEAK_FOLDED: Final = frozenset(map(folded, _WEAK))


def kind_key(kind: str | None) -> str | None:
    """A kind as the tables of least prices write it; nothing but blanks is none."""
    if kind is None or not (key := folded(kind)):
        return None
    return _KIND_OF.get(key, key)


def is_weak(kind: str) -> bool:
    """A drink (as `kind_key` spells it) for which the law has no least price."""
    return kind in _WEAK_FOLDED


def category_key(name: str) -> str:
    """A category as programmes write it; the categories that every programme has by their names too."""
    key = folded(name)
    return _CATEGORY_OF.get(key, key)


# what goods are known by


def article_keys(article: str) -> tuple[str, ...]:
    """As it stands, and of digits alone without zeros before: a spreadsheet eats them."""
    text = article.strip()
    bare = text.lstrip("0") if is_digits(text) else ""
    return (text, bare) if bare and bare != text else (text,) if text else ()


def barcode_key(barcode: str) -> str:
    """One spelling for a barcode: EAN-8, UPC-A, EAN-13 and GTIN-14 with zeros before are the same number, alone or in
    the code of a marked piece."""
    code = _number_in(barcode)
    if not is_digits(code) or len(code) > GTIN14:
        return code
    bare = code.lstrip("0")
    return bare.zfill(EAN8 if len(bare) <= EAN8 else EAN13)


def beginnings_of(barcode: str) -> tuple[str, ...]:
    """The spellings that a beginning is looked for in: as it was read, as one number, and as UPC-A is printed."""
    code, key = _number_in(barcode), barcode_key(barcode)
    printed = key[1:] if is_digits(key) and len(key) == EAN13 and key.startswith("0") else key
    return tuple(dict.fromkeys((code, key, printed)))


def _number_in(barcode: str) -> str:
    """The code without what scanners put before it and people between its digits; of a marked piece its number."""
    if is_digits(barcode) and len(barcode) <= GTIN14:  # as nearly all are
        return barcode
    text = unicodedata.normalize("NFKC", barcode[:READ_MAX]).strip()
    marks = SCANNER_MARKS.match(text)
    text = text[marks.end() if marks else 0 :].strip()
    for number, serial in _split(text):
        if ean.is_valid(number) and (serial or len(text) > GTIN14):
            return number
    digits = "".join(char for char in text if unicodedata.category(char) not in ("Zs", "Pd", "Cc"))
    return digits if is_digits(digits) else text


def _split(text: str) -> Iterator[tuple[str, str]]:
    for pattern in (IN_GS1, IN_TOBACCO):
        if found := pattern.fullmatch(text):
            yield found[1], found[2]
