"""A camera as the doctor sees it."""

from __future__ import annotations

from collections.abc import Iterator

from drivers.errors import DeviceError
from drivers.scanner.showing import CodeSeen, Shown, Watch
from drivers.scanner.trial import MATRIX
from pos_agent.doctor.away import away
from pos_agent.doctor.scanners import ScannerExam, ShowCode
from pos_agent.doctor.sheet import Finding, bad, good, stopping, unsure

PER_SECOND_MIN = 8.0  # a card moved past the lens is there for half a second
WIDTH_MIN = 1000  # at 640 an EAN has too few dots for each bar
SHARP_MIN = 60.0  # below, bars of a card run into each other; an empty counter in focus has some hundred
LIGHT_MIN, LIGHT_MAX = 30.0, 225.0
SHARE_LEAST = 0.1  # of the width: a QR of 21 modules in a 1280 picture still has six dots a module


def examined_camera(exam: ScannerExam, show: ShowCode) -> list[Finding]:
    """Never raises for what a device does."""
    try:
        watch = Watch(exam.url)
    except DeviceError as error:
        return [stopping("camera", "bad_url", url=exam.url, why=error.cause)]
    findings: list[Finding] = []
    try:
        findings += shown_well(exam.url, watch.look())
        if exam.scans:
            show(MATRIX, 1)
            findings.append(read_from(watch.find(MATRIX.texts, exam.wait_s), exam.wait_s))
        else:
            findings.append(unsure("camera", "scanner_not_tried", "scanner_not_tried_help"))
    except DeviceError as error:
        findings.append(away("camera", exam.url, error))
    finally:
        watch.close()
    return findings


def shown_well(url: str, shown: Shown) -> Iterator[Finding]:
    facts = {"url": url, "size": f"{shown.width}×{shown.height}", "rate": f"{shown.per_second:.0f}"}
    if shown.per_second < PER_SECOND_MIN:
        yield unsure("camera", "camera_slow", "camera_slow_help", **facts)
    elif shown.width < WIDTH_MIN:
        yield unsure("camera", "camera_small", "camera_small_help", **facts)
    else:
        yield good("camera", "camera_shows", **facts)
    if not LIGHT_MIN <= shown.light <= LIGHT_MAX:
        code = "camera_dark" if shown.light < LIGHT_MIN else "camera_bright"
        yield unsure("camera", code, f"{code}_help", light=f"{shown.light:.0f}")
    if shown.sharp < SHARP_MIN:
        yield unsure("camera", "camera_soft", "camera_soft_help", sharp=f"{shown.sharp:.0f}")
    else:
        yield good("camera", "camera_sharp", sharp=f"{shown.sharp:.0f}")


def read_from(seen: CodeSeen | None, wait_s: float) -> Finding:
    """How far it could be: the code may grow smaller until it is a tenth of the picture."""
    if seen is None:
        return bad("camera", "camera_blind", "camera_blind_help", seconds=f"{wait_s:.0f}")
    facts = {"seconds": f"{seen.after_s:.1f}", "share": f"{seen.share * 100:.0f}"}
    if seen.share <= SHARE_LEAST:
        return good("camera", "camera_reads_far", **facts)
    return good("camera", "camera_reads", farther=f"{seen.share / SHARE_LEAST:.1f}", **facts)
