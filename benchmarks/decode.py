"""Reading codes: plain pyzbar, plain zxing-cpp, their union and ours, in one run, on one pinned core.

    python -m benchmarks.decode [--photos PATH] [--seed SEED]

Two sets: 400 frames of the camera emulator's generator, a fixed seed that no threshold was tuned on, half of them
without a code; and a folder of photographs with `expected.json`, when there is one. The photographs are reported in
two halves besides: pictures whose name has a hash that is even were looked at while the reader was made, the others
were not.

Right: the expected text is among the codes shown. Wrong: a code is shown that is not the expected one, counted by
picture; a photograph may hold a second real code, so each such picture is named. An engine shows all it reads; ours
shows what its own rule shows, and with `--thorough` what is weak and not shown is counted beside it. What ours
refuses, for the code doesn't say what text its bytes are, it has not read: the engines guess at it.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
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
SEED = 65_000_000
FRAMES = 200  # with a code, and as many without
UNION_READS_LEAST = 1.2
TIME_MOST = 0.22
STILL_TIME_MOST = 1.2
PHOTOS_LEAST = 560
WRONG_MOST = 4  # all of them second codes that are in the picture
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
Said = dict[str, dict[str, set[str]]]  # picture → method → texts


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
        "ours, live": lambda grey: {code.text for code in decode(grey, live=True) if not code.guessed},
        "ours, still": lambda grey: {code.text for code in decode(grey) if not code.guessed},
    }
    if photos:
        every |= {"ours, --thorough": lambda grey: _thorough(grey, weak=False), "its weak ones too": _all_readings}
    return every


def _thorough(grey: Picture, *, weak: bool) -> Texts:
    from drivers.scanner.cascade import Cost, Scene, climb
    from drivers.scanner.vote import shown

    found = climb(Scene(grey), Cost.THOROUGH)
    if weak:
        return {verdict.code.text for verdict in found}
    return {verdict.code.text for verdict in shown(found) if not verdict.code.guessed}


def _all_readings(grey: Picture) -> Texts:
    return _thorough(grey, weak=True)


def measured(
    pictures: Iterable[tuple[str, str, str | None, Picture]], reads: dict[str, Read]
) -> tuple[Table, list[str], Said]:
    """Method after method on each picture, so that the machine's moods hit all alike."""
    table: Table = {name: {} for name in (*reads, "union")}
    wrong_ones = []
    every: Said = {}
    for name, symbology, text, grey in pictures:
        expected = _same(text)
        said: dict[str, Texts] = {}
        every[name] = said
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
    return table, wrong_ones, every


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


def frames(seed: int) -> Iterator[tuple[str, str, str | None, Picture]]:
    from drivers.scanner.emulator.frames import frame

    for number in range(2 * FRAMES):
        shot = frame(seed + number // 2, empty=number % 2 == 1)
        yield f"frame {number}", shot.symbology, shot.text, shot.picture


def photographs(folder: Path) -> Iterator[tuple[str, str, str | None, Picture]]:
    from drivers.scanner.picture import read_picture

    for each in json.loads((folder / "expected.json").read_text(encoding="utf-8")):
        yield each["file"], each["symbology"], each["text"], read_picture(folder / each["file"])


def looked_at(file: str) -> bool:
    """Whether a photograph is of the half by which the reader was made. One card's pictures are in one half."""
    stem = file.rpartition(".")[0]
    return sha256(f"half {stem}".encode()).digest()[0] % 2 == 0


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
    still, zxing, zbar = (total(table, name) for name in ("ours, still", "zxing-cpp", "pyzbar"))
    time = mean(still.times_s) / mean(zbar.times_s)
    engines = min(total(table, name).wrong + table[name][NONE].wrong for name in ("pyzbar", "zxing-cpp"))
    wrong = thorough.wrong + table["ours, --thorough"][NONE].wrong
    return [
        (f"stills: {still.right}, zxing-cpp {zxing.right} (at least as many)", still.right >= zxing.right),
        (f"stills: time / pyzbar's {time:.2f} (at most {STILL_TIME_MOST})", time <= STILL_TIME_MOST),
        (f"--thorough reads {weak.right}, union {union.right} (at least as many)", weak.right >= union.right),
        (f"--thorough reads {weak.right} (at least {PHOTOS_LEAST})", weak.right >= PHOTOS_LEAST),
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


def told_in_halves(photos: Path, said: Said) -> None:
    listed = json.loads((photos / "expected.json").read_text(encoding="utf-8"))
    for seen, words in ((True, "looked at while the reader was made"), (False, "not looked at")):
        half = [each for each in listed if each["text"] and looked_at(each["file"]) is seen]
        rights = (
            f"{method} {sum(_same(each['text']) in said[each['file']][method] for each in half)}"
            for method in next(iter(said.values()))
        )
        print(f"- {words}, {len(half)} pictures with a code: {', '.join(rights)}")


def main(photos: Path = PHOTOS, seed: int = SEED) -> int:
    import cv2

    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    cv2.setNumThreads(1)
    table, wrong_ones, _ = measured(frames(seed), methods(photos=False))
    good = report(f"Frames of a till's camera, seed {seed}", table, wrong_ones, targets_of_frames(table))
    if not (photos / "expected.json").exists():
        print(f"\nno photographs at {photos}: skipped (--photos PATH)")
        return 0 if good else 1
    table, wrong_ones, said = measured(photographs(photos), methods(photos=True))
    good &= report("Photographs", table, wrong_ones, targets_of_photos(table))
    told_in_halves(photos, said)
    return 0 if good else 1


if __name__ == "__main__":
    options = argparse.ArgumentParser(description="Reading codes: engines against ours.")
    options.add_argument("--photos", type=Path, default=PHOTOS, help="folder with expected.json and pictures")
    options.add_argument("--seed", type=int, default=SEED, help="of the first frame")
    chosen = options.parse_args()
    sys.exit(main(chosen.photos, chosen.seed))
