"""Reading codes: plain pyzbar, plain zxing-cpp, their union and ours, in one run, on one pinned core.

    python -m benchmarks.decode [--photos PATH]

Two sets: 400 frames of the camera emulator's generator, a fixed seed that no threshold was tuned on, half of them
without a code; and a folder of photographs with `expected.json`, when there is one.

Right: the expected text is among the codes shown. Wrong: a code is shown that is not the expected one, counted by
picture; a photograph may hold a second real code, so each such picture is named. An engine shows all it reads; ours
shows what its own rule shows, and with `--thorough` what is weak and not shown is counted beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, median
from time import process_time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]
    Texts = set[str]
    Read = Callable[[Picture], Texts]

PHOTOS = Path(__file__).parent.parent.parent / "shared" / "photos"
SEED = 20_261_122
FRAMES = 200  # with a code, and as many without
UNION_READS_LEAST = 1.15
TIME_MOST = 0.25
WRONG_MOST = 2
NONE = "none"


@dataclass
class Count:
    """What one method did with the pictures of one symbology."""

    pictures: int = 0
    right: int = 0
    wrong: int = 0
    times_s: list[float] = field(default_factory=list)

    def took(self) -> str:
        if not self.times_s:
            return "–"
        return f"{1e3 * mean(self.times_s):.1f} / {1e3 * median(self.times_s):.1f}"


Table = dict[str, dict[str, Count]]  # method → symbology → count


def methods(*, photos: bool) -> dict[str, Read]:
    from pyzbar import pyzbar
    from zxingcpp import TextMode, read_barcodes

    from drivers.scanner.decode import decode

    def zbar(grey: Picture) -> Texts:
        return {read.data.decode(errors="replace") for read in pyzbar.decode(grey)}

    def zxing(grey: Picture) -> Texts:
        return {read.text for read in read_barcodes(grey, text_mode=TextMode.Plain)}

    every: dict[str, Read] = {
        "pyzbar": zbar,
        "zxing-cpp": zxing,
        "ours, live": lambda grey: {code.text for code in decode(grey, live=True)},
        "ours, still": lambda grey: {code.text for code in decode(grey)},
    }
    if photos:
        every |= {"ours, --thorough": lambda grey: _thorough(grey, weak=False), "its weak ones too": _all_readings}
    return every


def _thorough(grey: Picture, *, weak: bool) -> Texts:
    from drivers.scanner.cascade import Cost, Scene, climb
    from drivers.scanner.vote import shown

    found = climb(Scene(grey), Cost.THOROUGH)
    return {verdict.code.text for verdict in (found if weak else shown(found))}


def _all_readings(grey: Picture) -> Texts:
    return _thorough(grey, weak=True)


def measured(
    pictures: Iterable[tuple[str, str, str | None, Picture]], reads: dict[str, Read]
) -> tuple[Table, list[str]]:
    """Method after method on each picture, so that the machine's moods hit all alike."""
    table: Table = {name: {} for name in (*reads, "union")}
    wrong_ones = []
    for name, symbology, text, grey in pictures:
        expected = _same(text)
        said: dict[str, Texts] = {}
        for method, read in reads.items():
            began_s = process_time()
            texts = read(grey)
            took_s = process_time() - began_s
            said[method] = {_same(each) for each in texts}
            _add(table[method].setdefault(symbology, Count()), said[method], expected, took_s)
        said["union"] = said["pyzbar"] | said["zxing-cpp"]
        _add(table["union"].setdefault(symbology, Count()), said["union"], expected, None)
        wrong_ones += [
            f"{method}: {name}, {sorted(texts - {expected})}"
            for method, texts in said.items()
            if method.startswith("ours") and texts - {expected}
        ]
    return table, wrong_ones


def _add(count: Count, texts: Texts, expected: str, took_s: float | None) -> None:
    count.pictures += 1
    count.right += expected in texts if expected else not texts
    count.wrong += bool(texts - {expected})
    if took_s is not None:
        count.times_s.append(took_s)


def _same(text: str | None) -> str:
    """A UPC-A has 12 digits or 13: one number."""
    text = (text or "").strip()
    return text.rjust(13, "0") if text.isdigit() and len(text) == 12 else text


def frames() -> Iterator[tuple[str, str, str | None, Picture]]:
    from drivers.scanner.emulator.frames import frame

    for number in range(2 * FRAMES):
        shot = frame(SEED + number // 2, empty=number % 2 == 1)
        yield f"frame {number}", shot.symbology, shot.text, shot.picture


def photographs(folder: Path) -> Iterator[tuple[str, str, str | None, Picture]]:
    from drivers.scanner.picture import read_picture

    for each in json.loads((folder / "expected.json").read_text(encoding="utf-8")):
        yield each["file"], each["symbology"], each["text"], read_picture(folder / each["file"])


def told(title: str, table: Table) -> None:
    print(f"\n### {title}\n")
    symbologies = sorted({symbology for counts in table.values() for symbology in counts} - {NONE})
    for symbology in (*symbologies, NONE):
        print(f"{symbology}, {table['union'][symbology].pictures} pictures\n")
        print("| | right | wrong | ms, mean / median |\n|---|---|---|---|")
        for method, counts in table.items():
            count = counts[symbology]
            print(f"| {method} | {count.right} | {count.wrong} | {count.took()} |")
        print()
    print("All with a code; and without\n")
    print("| | right | pictures with a wrong code | ms, mean / median | × pyzbar | empty, ms | × pyzbar |")
    print("|---|---|---|---|---|---|---|")
    for method in table:
        whole, empty = total(table, method), table[method][NONE]
        ratios = [
            f"{mean(ours.times_s) / mean(theirs.times_s):.2f}" if ours.times_s else "–"
            for ours, theirs in ((whole, total(table, "pyzbar")), (empty, table["pyzbar"][NONE]))
        ]
        wrong = whole.wrong + empty.wrong
        row = (method, whole.right, wrong, whole.took(), ratios[0], empty.took(), ratios[1])
        print("| " + " | ".join(map(str, row)) + " |")


def total(table: Table, method: str) -> Count:
    whole = Count()
    for symbology, count in table[method].items():
        if symbology != NONE:
            whole.pictures += count.pictures
            whole.right += count.right
            whole.wrong += count.wrong
            whole.times_s += count.times_s
    return whole


def targets_of_frames(table: Table) -> list[tuple[str, bool]]:
    ours, union, zbar = (total(table, name) for name in ("ours, live", "union", "pyzbar"))
    reads = ours.right / union.right
    time = mean(ours.times_s) / mean(zbar.times_s)
    empty = mean(table["ours, live"][NONE].times_s) / mean(table["pyzbar"][NONE].times_s)
    wrong = ours.wrong + table["ours, live"][NONE].wrong
    return [
        (f"reads / union's: {reads:.3f} (at least {UNION_READS_LEAST})", reads >= UNION_READS_LEAST),
        (f"time / pyzbar's: {time:.2f} (at most {TIME_MOST})", time <= TIME_MOST),
        (f"empty frame / pyzbar's: {empty:.2f} (at most {TIME_MOST})", empty <= TIME_MOST),
        (f"frames with a wrong code: {wrong} (none)", wrong == 0),
    ]


def targets_of_photos(table: Table) -> list[tuple[str, bool]]:
    thorough, weak, union = (total(table, name) for name in ("ours, --thorough", "its weak ones too", "union"))
    engines = min(total(table, name).wrong + table[name][NONE].wrong for name in ("pyzbar", "zxing-cpp"))
    wrong = thorough.wrong + table["ours, --thorough"][NONE].wrong
    return [
        (f"--thorough reads {weak.right}, union {union.right} (at least as many)", weak.right >= union.right),
        (f"shown without a mark: {thorough.right} right, {wrong} wrong (at most {WRONG_MOST})", wrong <= WRONG_MOST),
        (f"wrong {wrong}, the better engine {engines} (fewer)", wrong < engines),
    ]


def report(title: str, table: Table, wrong_ones: list[str], targets: list[tuple[str, bool]]) -> bool:
    told(title, table)
    print("\nPictures of ours with a code that was not expected:")
    for one in wrong_ones or ["none"]:
        print(f"- {one}")
    print()
    for words, met in targets:
        print(f"- {'good' if met else 'MISSED'}: {words}")
    return all(met for _, met in targets)


def main(photos: Path = PHOTOS) -> int:
    import cv2

    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    cv2.setNumThreads(1)
    table, wrong_ones = measured(frames(), methods(photos=False))
    good = report("Frames of a till's camera", table, wrong_ones, targets_of_frames(table))
    if not (photos / "expected.json").exists():
        print(f"\nno photographs at {photos}: skipped (--photos PATH)")
        return 0 if good else 1
    table, wrong_ones = measured(photographs(photos), methods(photos=True))
    good &= report("Photographs", table, wrong_ones, targets_of_photos(table))
    return 0 if good else 1


if __name__ == "__main__":
    options = argparse.ArgumentParser(description="Reading codes: engines against ours.")
    options.add_argument("--photos", type=Path, default=PHOTOS, help="folder with expected.json and pictures")
    sys.exit(main(options.parse_args().photos))
