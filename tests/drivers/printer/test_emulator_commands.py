"""Every command of Epson's receipt set ends where the manual says: one byte more is text, one less is not enough."""

from __future__ import annotations

import pytest

from drivers.printer.emulator.commands import Command, Printed, Tokenizer

# Written from the reference, command by command; 41 is a letter that would be seen if it printed.
WHOLE = {
    "HT": "09", "LF": "0a", "FF": "0c", "CR": "0d", "CAN": "18",
    "DLE EOT": "10 04 01|10 04 07 01|10 04 08 03|10 04 12 01", "DLE ENQ": "10 05 01",
    "DLE DC4": "10 14 01 00 01|10 14 02 01 08|10 14 03 01 01 01 01 01|10 14 07 01|10 14 08 01 03 14 01 06 02 08",
    "ESC 0C": "1b 0c", "ESC 20": "1b 20 41", "ESC !": "1b 21 41", "ESC $": "1b 24 41 41", "ESC %": "1b 25 41",
    "ESC &": "1b 26 03 41 41 01 41 41 41|1b 26 02 41 42 01 41 41 02 41 41 41 41", "ESC ( A": "1b 28 41 02 00 41 41",
    "ESC ( Y": "1b 28 59 02 00 41 41", "ESC *": "1b 2a 00 02 00 41 41|1b 2a 21 01 00 41 41 41|1b 2a 20 00 00",
    "ESC -": "1b 2d 41", "ESC 2": "1b 32", "ESC 3": "1b 33 41", "ESC <": "1b 3c", "ESC =": "1b 3d 41",
    "ESC ?": "1b 3f 41", "ESC @": "1b 40", "ESC D": "1b 44 00|1b 44 08 10 00", "ESC E": "1b 45 41", "ESC G": "1b 47 41",
    "ESC J": "1b 4a 41", "ESC K": "1b 4b 41", "ESC L": "1b 4c", "ESC M": "1b 4d 41", "ESC R": "1b 52 41",
    "ESC S": "1b 53",
    "ESC T": "1b 54 41", "ESC U": "1b 55 41", "ESC V": "1b 56 41", "ESC W": "1b 57 41 41 41 41 41 41 41 41",
    "ESC \\": "1b 5c 41 41", "ESC a": "1b 61 41", "ESC c 3": "1b 63 33 41", "ESC c 4": "1b 63 34 41",
    "ESC c 5": "1b 63 35 41", "ESC d": "1b 64 41", "ESC e": "1b 65 41", "ESC i": "1b 69", "ESC m": "1b 6d",
    "ESC p": "1b 70 00 41 41", "ESC r": "1b 72 41", "ESC t": "1b 74 41", "ESC u": "1b 75 41", "ESC v": "1b 76",
    "ESC {": "1b 7b 41", "FS !": "1c 21 41", "FS &": "1c 26", "FS ( A": "1c 28 41 02 00 41 41",
    "FS ( C": "1c 28 43 02 00 41 41", "FS ( E": "1c 28 45 06 00 41 41 41 41 41 41", "FS ( L": "1c 28 4c 02 00 41 41",
    "FS ( e": "1c 28 65 02 00 41 41", "FS -": "1c 2d 41", "FS .": "1c 2e", "FS 2": "1c 32 41 41" + " 41" * 72,
    "FS ?": "1c 3f 41 41", "FS C": "1c 43 41", "FS S": "1c 53 41 41", "FS W": "1c 57 41",
    "FS g 1": "1c 67 31 41 41 41 41 41 02 00 41 41", "FS g 2": "1c 67 32 41 41 41 41 41 41 41", "FS p": "1c 70 41 41",
    "FS q": "1c 71 01 01 00 01 00" + " 41" * 8 + "|1c 71 02 01 00 01 00" + " 41" * 8 + "01 00 02 00" + " 41" * 16,
    "GS !": "1d 21 41", "GS #": "1d 23 41", "GS $": "1d 24 41 41", "GS ( A": "1d 28 41 02 00 41 41",
    "GS ( C": "1d 28 43 05 00 41 41 41 41 41", "GS ( D": "1d 28 44 03 00 41 41 41", "GS ( E": "1d 28 45 03 00 41 41 41",
    "GS ( H": "1d 28 48 06 00 30 30 41 41 41 41", "GS ( K": "1d 28 4b 02 00 41 41", "GS ( L": "1d 28 4c 02 00 30 32",
    "GS ( M": "1d 28 4d 02 00 41 41", "GS ( N": "1d 28 4e 02 00 41 41", "GS ( P": "1d 28 50 02 00 41 41",
    "GS ( Q": "1d 28 51 02 00 41 41", "GS ( V": "1d 28 56 02 00 41 41", "GS ( k": "1d 28 6b 04 00 31 41 32 00",
    "GS ( z": "1d 28 7a 02 00 41 41", "GS *": "1d 2a 01 02" + " 41" * 16, "GS /": "1d 2f 41", "GS :": "1d 3a",
    "GS 8 L": "1d 38 4c 03 00 00 00 41 41 41", "GS B": "1d 42 41", "GS C 0": "1d 43 30 41 41",
    "GS C 1": "1d 43 31 41 41 41 41 41 41", "GS C 2": "1d 43 32 41 41",
    "GS C ;": "1d 43 3b 31 3b 39 3b 31 3b 31 3b 31 3b",
    "GS D": "1d 44 30 43 30 41 41 30 31 42 4d 10 00 00 00" + " 41" * 10, "GS E": "1d 45 41", "GS H": "1d 48 41",
    "GS I": "1d 49 41", "GS L": "1d 4c 41 41", "GS P": "1d 50 41 41", "GS Q": "1d 51 30 41 01 00 02 00 41 41",
    "GS T": "1d 54 41", "GS V": "1d 56 00|1d 56 31|1d 56 41 41|1d 56 61 41|1d 56 67 41", "GS W": "1d 57 41 41",
    "GS \\": "1d 5c 41 41", "GS ^": "1d 5e 41 41 41", "GS a": "1d 61 41", "GS b": "1d 62 41", "GS c": "1d 63",
    "GS f": "1d 66 41", "GS g 0": "1d 67 30 41 41 41", "GS g 2": "1d 67 32 41 41 41", "GS h": "1d 68 41",
    "GS j": "1d 6a 41", "GS k": "1d 6b 02 31 32 00|1d 6b 49 03 7b 42 41|1d 6b 41 00", "GS r": "1d 72 41",
    "GS v 0": "1d 76 30 00 02 00 01 00 41 41", "GS w": "1d 77 41", "GS z": "1d 7a 30 41 41",
}  # fmt: skip
CASES = [(name, bytes.fromhex(form)) for name, forms in WHOLE.items() for form in forms.split("|")]


@pytest.mark.parametrize(("name", "data"), CASES, ids=[f"{name}-{len(data)}" for name, data in CASES])
def test_a_command_takes_just_its_bytes(name: str, data: bytes) -> None:
    tokens = Tokenizer()
    for byte in data[:-1]:
        assert tokens.feed(byte) is None
    command = tokens.feed(data[-1])
    assert isinstance(command, Command) and command.name == name and command.known
    assert tokens.feed(0x41) == Printed(0x41)


@pytest.mark.parametrize("data", ["1d 6b 07", "1d 6b 40", "1d 6b 50"])
def test_after_an_impossible_barcode_comes_text_as_the_manual_says(data: str) -> None:
    tokens = Tokenizer()
    assert [tokens.feed(byte) for byte in bytes.fromhex(data)][-1] is not None
    assert tokens.feed(0x41) == Printed(0x41)


def test_a_torn_command_eats_what_comes_next_until_it_is_whole_or_forgotten() -> None:
    tokens = Tokenizer()
    assert [tokens.feed(byte) for byte in b"\x1d(k\x08\x001P0new job"].count(None) == 12
    tokens.feed(0x1D)
    tokens.reset()
    assert tokens.feed(0x41) == Printed(0x41)
