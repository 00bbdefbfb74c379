"""A receipt's bytes: time and length against plain python-escpos, in the same run.

    python -m benchmarks.paper

Thirty lines, 939 characters, Russian with «» × №, a QR of 72 characters and an EAN-13, on 42 columns. The opponent is
what one writes first with python-escpos and its profile of a TM-T88V, with a new `Dummy` for each receipt and with one
that is kept; as the printer's own codes and as pictures. Both must print the same text, but for the spelling of what
CP866 lacks, before anything is timed. Our bytes also carry the proof of printing and the switch for automatic status.
"""

from __future__ import annotations

import contextlib
import io
import resource
import subprocess
import sys
import timeit
from collections.abc import Callable
from statistics import median
from time import process_time
from typing import Any

from config.printers import load_printer
from drivers.printer.document import QR, Barcode, Block, Columns, Cut, Document, Rule, Text, to_json
from drivers.printer.encode import encode
from drivers.printer.preview import render

TIME_RATIO_MOST = 1 / 2
START_RATIO_MOST = 1 / 2
BYTES_MOST = 1_200
COLUMNS = 42
CHARACTERS = 939
QR_TEXT = "t=20261122T1402&s=4917.30&fn=9999078900001234&i=12345&fp=1234567890&n=11"
EAN = "4607012345677"
GOODS = (
    ("Молоко «Домик» 3,2%", "1 × 89,90", "89,90"),
    ("Хлеб «Бородинский»", "2 × 45,50", "91,00"),
    ("Шоколад «Алёнка» № 5", "3 × 99,99", "299,97"),
    ("Сыр «Российский»", "0,356 × 899,00", "320,04"),
    ("Кофе «Жокей» 250 г", "1 × 349,00", "349,00"),
    ("Яйцо куриное № 1", "1 × 119,00", "119,00"),
    ("Масло «Вологодское»", "2 × 219,90", "439,80"),
    ("Чай «Беседа» 26 пак.", "1 × 129,00", "129,00"),
)
TOTAL = "1837,71"

HEADER = ("«АЛЁНКА»", "ООО «Ромашка», магазин № 17")
META = (("Чек № 1234", "Касса № 2"), ("Кассир: Ёлкина А.", "22.11.26 14:02"))
SUMS = (("ИТОГО", TOTAL), ("Карта ****4321", ""), ("Начислено баллов", "18"), ("Баланс", "1 204"))
FOOTER = ("Спасибо за покупку!", "Ждём Вас ежедневно с 08 до 23", "Справки: 8 800 000-00-00")


def document() -> Document:
    blocks: list[Block] = [
        Text(HEADER[0], align="center", bold=True),
        Text(HEADER[1], align="center"),
        Rule(),
        *(Columns(*pair) for pair in META),
        Rule(),
    ]
    for name, sum_of, amount in GOODS:
        blocks += [Text(name), Columns("  " + sum_of, amount)]
    blocks += [Rule(), *(Columns(*pair) for pair in SUMS), *(Text(line, align="center") for line in FOOTER)]
    return Document((*blocks, QR(QR_TEXT, size=5), Barcode(EAN), Cut()))


def plain_lines() -> list[tuple[str, bool, str]]:
    """The same lines as one formats them by hand: alignment, bold, text."""
    rule = ("left", False, "-" * COLUMNS)

    def pair(left: str, right: str) -> tuple[str, bool, str]:
        return "left", False, (left + right.rjust(COLUMNS - len(left))).rstrip()

    lines = [("center", True, HEADER[0]), ("center", False, HEADER[1]), rule, *(pair(*two) for two in META), rule]
    for name, sum_of, amount in GOODS:
        lines += [("left", False, name), pair("  " + sum_of, amount)]
    return [*lines, rule, *(pair(*two) for two in SUMS), *(("center", False, line) for line in FOOTER)]


def plain(printer: Any, *, native: bool) -> None:
    """A receipt with python-escpos, by one who changes the style only where it changes."""
    style = ("left", False)
    for align, bold, text in plain_lines():
        if (align, bold) != style:
            printer.set(align=align, bold=bold)
            style = (align, bold)
        printer.text(text + "\n")
    printer.qr(QR_TEXT, ec=1, size=5, native=native)
    printer.barcode(EAN, "EAN13", 64, 2, "BELOW", "A", force_software=not native)
    printer.cut()


# The same as a script of its own, from the interpreter's start to the receipt's bytes.
PLAIN_SCRIPT = """
import contextlib, io
from escpos.printer import Dummy
printer = Dummy(profile="TM-T88V")
style = ("left", False)
for align, bold, text in {lines!r}:
    if (align, bold) != style:
        printer.set(align=align, bold=bold)
        style = (align, bold)
    printer.text(text + "\\n")
printer.qr({qr!r}, ec=1, size=5, native=True)
with contextlib.redirect_stdout(io.StringIO()):
    printer.barcode({ean!r}, "EAN13", 64, 2, "BELOW", "A")
printer.cut()
assert len(printer.output) > 1000
"""
OUR_SCRIPT = """
from config.printers import load_printer
from drivers.printer.document import from_json
from drivers.printer.encode import encode
assert len(encode(from_json({json!r}), load_printer("epson-tm-t88"), attempt_id="B001")) > 1000
"""


def same_text(lines: list[tuple[str, bool, str]]) -> bool:
    """Whether our paper has the plain lines, spelt as CP866 can."""
    spelt = [text.translate(str.maketrans("«»×", '""x')).strip() for _, _, text in lines]
    return spelt == [line.strip() for line in render(document(), load_printer("epson-tm-t88"))[: len(lines)]]


def measure(repeats: int = 9, calls: int = 20) -> dict[str, tuple[float, int]]:
    """Milliseconds and bytes of each way; medians of turns taken in alternation, processor time."""
    from escpos.printer import Dummy

    profile, blocks, kept = load_printer("epson-tm-t88"), document(), Dummy(profile="TM-T88V")
    lengths: dict[str, int] = {}

    def ours() -> None:
        lengths["ours"] = len(encode(blocks, profile, attempt_id="B001"))

    def fresh(native: bool) -> None:
        printer = Dummy(profile="TM-T88V")
        plain(printer, native=native)
        lengths["native" if native else "image"] = len(printer.output)

    def reused() -> None:
        kept.clear()
        plain(kept, native=True)
        lengths["reused"] = len(kept.output)

    ways: dict[str, Callable[[], None]] = {
        "ours": ours,
        "native": lambda: fresh(True),
        "reused": reused,
        "image": lambda: fresh(False),
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():  # what is loaded once
        way()
    for _ in range(repeats):
        for name, way in ways.items():
            times[name].append(timeit.timeit(way, timer=process_time, number=calls) / calls * 1e3)
    return {name: (median(took), lengths[name]) for name, took in times.items()}


def measure_start(repeats: int = 7) -> tuple[float, float]:
    """Seconds of processor time from a process' start to the first receipt's bytes and its end, ours and plain."""
    ours = OUR_SCRIPT.format(json=to_json(document()))
    opponent = PLAIN_SCRIPT.format(lines=plain_lines(), qr=QR_TEXT, ean=EAN)
    times: dict[str, list[float]] = {ours: [], opponent: []}
    for _ in range(repeats):
        for script, took in times.items():
            before = children_s()
            subprocess.run([sys.executable, "-c", script], check=True)
            took.append(children_s() - before)
    return median(times[ours]), median(times[opponent])


def children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> int:
    lines = plain_lines()
    assert (len(lines), sum(len(text) for _, _, text in lines), len(QR_TEXT)) == (30, CHARACTERS, 72)
    assert same_text(lines), "the two do not print the same"
    with contextlib.redirect_stdout(io.StringIO()):  # python-escpos tells of each barcode
        found = measure()
    ours_s, plain_s = measure_start()
    ours_ms, ours_bytes = found["ours"]
    for name, (took_ms, length) in found.items():
        print(f"{WAYS[name]:<52} {took_ms:7.2f} ms {length:6} bytes {ours_ms / took_ms:5.2f}")
    print(f"from process start to the bytes: ours {ours_s:.2f} s, plain {plain_s:.2f} s, ratio {ours_s / plain_s:.2f}")
    good = (
        ours_ms <= found["reused"][0] * TIME_RATIO_MOST
        and ours_bytes <= BYTES_MOST
        and ours_s <= plain_s * START_RATIO_MOST
    )
    verdict = "good" if good else "MISSED"
    print(
        f"targets: {TIME_RATIO_MOST} of the kept Dummy, {BYTES_MOST} bytes, {START_RATIO_MOST} of the start: {verdict}"
    )
    return 0 if good else 1


WAYS = {
    "ours": "ours",
    "native": "python-escpos, new Dummy, the printer's own codes",
    "reused": "python-escpos, kept Dummy, the printer's own codes",
    "image": "python-escpos, new Dummy, codes as pictures",
}

if __name__ == "__main__":
    sys.exit(main())
