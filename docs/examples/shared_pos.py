"""A POS that sells by DataMatrix and shares its scanner with the till. It knows nothing of cards: whatever is no goods,
it says so, and goes on.

python shared_pos.py /tmp/pos-scanner
"""

import re
import sys

import serial

MARKED = re.compile(r"(?:\]d2)?01(?P<gtin>[0-9]{14})21(?P<piece>[^\x1d]+)(?:\x1d.*)?", re.DOTALL)
PLAIN = re.compile(r"[0-9]{8,14}")


def what(code):
    """A marked piece by its GTIN and its own serial, plain goods by their number."""
    if marked := MARKED.fullmatch(code):
        return f"sold {marked['gtin']} piece {marked['piece']}"
    return f"sold {code}" if PLAIN.fullmatch(code) else f"unknown {code!r}"


def main(path):
    with serial.Serial(path, timeout=0.2) as scanner:
        print("ready", flush=True)
        held = b""
        while True:
            held += scanner.read(max(scanner.in_waiting, 1))
            *codes, held = held.split(b"\r")
            for code in codes:
                print(what(code.decode()), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
