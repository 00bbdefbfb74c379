"""Models: what one printer knows and another does not, and which letters stand in which slot of ESC t.

The slots are from the makers' lists, written down here anew: a driver that takes the wrong slot must see
the wrong letters. Every model starts in slot 0 and returns there on ESC @.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

NO_GLYPH = "▒"  # a byte that its page has no letter for
NO_CODEC = ""  # a slot that is there, with letters that we cannot draw
KATAKANA = "katakana"  # no codec of Python has this one; till programs draw table borders with it
OWN_PAGES = {
    KATAKANA: "▁▂▃▄▅▆▇█▏▎▍▌▋▊▉┼┴┬┤├▔─│▕┌┐└┘╭╮╰╯ ｡｢｣､･ｦｧｨｩｪｫｬｭｮｯｰｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝﾞﾟ"
    "═╞╪╡◢◣◥◤♠♥♦♣●○╱╲╳円年月日時分秒〒市区町村人▒ ",
}

SOFT_HYPHEN = "\xad"  # a place to break a word on a screen; on paper its byte is a hyphen
# Python's codecs are Microsoft's tables. IBM's later ones, which printers have, put the euro where those have nothing:
# 857 of the Db2 reference ("Code page 857": D5h = 20ACh), 864 as of its CCSID 17248. All other letters of all our pages
# were compared with glibc's and Java's tables, and are the same.
EURO_PLACES: Mapping[str, int] = MappingProxyType({"cp857": 0xD5, "cp864": 0xA7})

# ESC t n → the character table, as Epson numbers them (the Python codec of the same letters).
EPSON_SLOTS: Mapping[int, str] = MappingProxyType({
    0: "cp437", 1: KATAKANA, 2: "cp850", 3: "cp860", 4: "cp863", 5: "cp865", 11: KATAKANA, 12: NO_CODEC,
    13: "cp857", 14: "cp737", 15: "iso8859_7", 16: "cp1252", 17: "cp866", 18: "cp852", 19: "cp858",
    20: NO_CODEC, 21: KATAKANA, 26: NO_CODEC, 30: NO_CODEC, 31: KATAKANA, 32: "cp720", 33: "cp775",
    34: "cp855", 35: "cp861", 36: "cp862", 37: "cp864", 38: "cp869", 39: "iso8859_2", 40: "iso8859_15",
    41: KATAKANA, 42: NO_CODEC, 43: NO_CODEC, 44: "cp1125", 45: "cp1250", 46: "cp1251", 47: "cp1253",
    48: "cp1254", 49: "cp1255", 50: "cp1256", 51: "cp1257", 52: "cp1258", 53: "kz1048",
})  # fmt: skip

# A 58 mm clone: a second set of pages from 50 on repeats the first one, CP866 too (17 and 59).
POS_5890_SLOTS: Mapping[int, str] = MappingProxyType({
    0: "cp437", 1: KATAKANA, 2: "cp850", 3: "cp860", 4: "cp863", 5: "cp865", 16: "cp1252", 17: "cp866",
    18: "cp852", 19: "cp858", 25: "cp1257", 27: "cp1258", 28: "cp864", 32: "cp1255", 50: "cp437", 52: "cp437",
    53: "cp858", 54: "cp852", 55: "cp860", 56: "cp861", 57: "cp863", 58: "cp865", 59: "cp866", 60: "cp855",
    61: "cp857", 62: "cp862", 63: "cp864", 64: "cp737", 66: "cp869", 71: "cp1252", 72: "cp1250", 73: "cp1251",
    90: "cp1253", 91: "cp1254", 92: "cp1256", 93: "cp720", 94: "cp1258", 95: "cp775",
})  # fmt: skip

# Rongta: the numbers that others give to Cyrillic mean Greek and more here.
RP326_SLOTS: Mapping[int, str] = MappingProxyType({
    0: "cp437", 1: KATAKANA, 2: "cp850", 3: "cp860", 4: "cp863", 5: "cp865", 6: "cp1251", 7: "cp866",
    15: "cp862", 16: "cp1252", 17: "cp1253", 18: "cp852", 19: "cp858", 23: "latin_1", 24: "cp737", 25: "cp1257",
    27: "cp720", 28: "cp855", 29: "cp857", 30: "cp1250", 31: "cp775", 32: "cp1254", 33: "cp1255", 34: "cp1256",
    35: "cp1258", 36: "iso8859_2", 37: "iso8859_3", 38: "iso8859_4", 39: "iso8859_5", 40: "iso8859_6",
    41: "iso8859_7", 42: "iso8859_8", 43: "iso8859_9", 44: "iso8859_15", 46: "cp856", 47: "cp874",
})  # fmt: skip


CLONE_QR_BYTES = 251  # of longer data clones draw nothing (EscPosEncoder's issues 6 and 41)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What this printer knows. What it does not know it skips by the right length, without an answer."""

    name: str
    slots: Mapping[int, str]
    process_id: bool = True  # GS ( H
    clear_buffer: bool = True  # DLE DC4 8
    transmit_status: bool = True  # GS r
    auto_status: bool = True  # GS a
    cutter: bool = True
    kanji: bool = False  # two-byte characters are on from the start, as on Chinese clones
    font_resets_page: bool = False  # ESC M returns to slot 0, as NT-5890K does
    qr_max_bytes: int = 7089  # of the data that GS ( k stores; Epson's manual: 7089 digits


MODELS: Mapping[str, Model] = MappingProxyType(
    {
        model.name: model
        for model in (
            Model(name="epson", slots=EPSON_SLOTS),
            Model(name="epson-old", slots=EPSON_SLOTS, process_id=False, clear_buffer=False),
            Model(
                name="pos-5890",
                slots=POS_5890_SLOTS,
                process_id=False,
                clear_buffer=False,
                cutter=False,
                qr_max_bytes=CLONE_QR_BYTES,
            ),
            Model(
                name="nt-5890k",
                slots=POS_5890_SLOTS,
                process_id=False,
                clear_buffer=False,
                auto_status=False,
                cutter=False,
                kanji=True,
                font_resets_page=True,
                qr_max_bytes=CLONE_QR_BYTES,
            ),
            Model(
                name="rp326",
                slots=RP326_SLOTS,
                process_id=False,
                clear_buffer=False,
                qr_max_bytes=CLONE_QR_BYTES,
            ),
        )
    }
)
DEFAULT_MODEL = "epson"


@lru_cache(maxsize=64)
def letters(page: str) -> str:
    """The letters of the bytes 80h-FFh."""
    return OWN_PAGES.get(page) or "".join(letter(byte, page) for byte in range(0x80, 0x100))


def letter(byte: int, page: str) -> str:
    if EURO_PLACES.get(page) == byte:
        return "€"
    try:
        char = bytes([byte]).decode(page) if page else NO_GLYPH
    except UnicodeDecodeError:
        return NO_GLYPH
    shown = {"\xa0": " ", SOFT_HYPHEN: "-"}.get(char, char)
    return shown if shown.isprintable() else NO_GLYPH
