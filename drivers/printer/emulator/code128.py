"""Code 128 as GS k 73 wants it: the host picks the code sets, {A {B {C, and the printer draws just those."""

from __future__ import annotations

from collections.abc import Iterator

CODE_A, CODE_B, CODE_C, SHIFT, STOP_WIDTHS = 101, 100, 99, 98, "2331112"
STARTS = {"A": 103, "B": 104, "C": 105}
SWITCHES = {"A": CODE_A, "B": CODE_B, "C": CODE_C}
FUNCTIONS = {"1": 102, "2": 97, "3": 96}
FNC4 = {"A": 101, "B": 100}
OTHER = {"A": "B", "B": "A"}  # what a shift leads to, for one character
BRACE = ord("{")

# The bars and spaces of each of the 106 characters, in modules.
_WIDTHS = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 "
    "113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 "
    "212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 "
    "113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 "
    "314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 "
    "241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 "
    "214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 211214 "
    "211232"
)
WIDTHS = tuple(_WIDTHS.split())


def code128_modules(data: bytes) -> tuple[tuple[bool, ...], str]:
    """The modules, and the text as a reader shows it. ValueError for what the code sets do not hold."""
    values, text = code128_values(data)
    check = (values[0] + sum(place * value for place, value in enumerate(values))) % 103
    widths = "".join(WIDTHS[value] for value in [*values, check]) + STOP_WIDTHS
    return tuple(place % 2 == 0 for place, width in enumerate(widths) for _ in range(int(width))), text


def code128_values(data: bytes) -> tuple[list[int], str]:
    start = chr(data[1]) if len(data) > 1 and data[0] == BRACE else ""
    if start not in STARTS:
        raise ValueError("the data does not begin with a code set, {A {B or {C")
    values, text, code_set, next_set = [STARTS[start]], "", start, start
    units = units_of(data[2:])
    for order, byte in units:
        if order in SWITCHES:
            values += [SWITCHES[order]] if order != code_set else []
            code_set = next_set = order
        elif order == "S" and code_set in OTHER:
            values.append(SHIFT)
            next_set = OTHER[code_set]
        elif order:
            values.append(function(order, code_set))
        else:
            values.append(value_of(byte, next_set))
            text += f"{byte:02d}" if next_set == "C" else chr(byte)
            next_set = code_set
    if len(values) < 2:
        raise ValueError("there is nothing in it")
    return values, text


def units_of(data: bytes) -> Iterator[tuple[str, int]]:
    """(order, 0) for {x, ("", byte) for a character; {{ is a brace."""
    place = 0
    while place < len(data):
        if data[place] != BRACE:
            yield "", data[place]
            place += 1
            continue
        if place + 1 == len(data):
            raise ValueError("it ends in a brace")
        yield ("", BRACE) if data[place + 1] == BRACE else (chr(data[place + 1]), 0)
        place += 2


def function(order: str, code_set: str) -> int:
    if order == "4" and code_set in FNC4:
        return FNC4[code_set]
    if order == "1" or (order in FUNCTIONS and code_set != "C"):
        return FUNCTIONS[order]
    raise ValueError(f"{{{order} means nothing in code set {code_set}")


def value_of(byte: int, code_set: str) -> int:
    if code_set == "C" and byte < 100:
        return byte
    if code_set == "A" and byte < 0x60:
        return byte - 0x20 if byte >= 0x20 else byte + 0x40
    if code_set == "B" and 0x20 <= byte < 0x80:
        return byte - 0x20
    raise ValueError(f"byte {byte:02X}h is not in code set {code_set}")
