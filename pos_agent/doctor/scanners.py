"""A scanner as the doctor sees it: does it read the test codes, what does it write around them, what URL reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from config.scanners import load_scanner, make_of, scanner_models
from drivers.errors import DeviceError
from drivers.recording import signs_of
from drivers.scanner.line import LineScanner
from drivers.scanner.listening import Listener
from drivers.scanner.scanner import Scanner, open_scanner
from drivers.scanner.trial import (
    GS,
    LETTERS,
    LINEAR,
    MATRIX,
    Burst,
    Reading,
    TrialCode,
    Trials,
    around,
    encoding_of,
    with_settings,
)
from pos_agent.doctor.away import away
from pos_agent.doctor.sheet import Finding, bad, good, stopping, unsure

SHOWN_BYTES = 60  # of what came instead of the code
LONG_PAUSE_MS = 80  # near the gap (idle_ms=100) that ends a code

ShowCode = Callable[[TrialCode, int], None]  # to the person: how often it shall be scanned
Counted = Callable[[int], None]  # so many came


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannerExam:
    """`scans`: how often each code is asked for; 0: only whether the line opens. `wait_s`: for the first of each."""

    url: str
    model: str | None = None  # as the settings name it
    scans: int = 3
    wait_s: float = 30.0

    def opened(self, url: str) -> Scanner:
        return open_scanner(url, name="scanner", profile=make_of(self.model))

    @property
    def trials(self) -> Trials:
        return Trials(self.opened)


def examined_scanner(exam: ScannerExam, show: ShowCode, counted: Counted = lambda count: None) -> list[Finding]:
    """Never raises for what a device does."""
    try:
        scanner = exam.opened(exam.url)
    except DeviceError as error:
        return [stopping("scanner", "bad_url", url=exam.url, why=error.cause)]
    assert isinstance(scanner, LineScanner), "cameras are looked at elsewhere"
    try:
        listener = Listener(scanner)
    except DeviceError as error:
        return [away("scanner", exam.url, error)]
    findings = [good("scanner", "scanner_there", url=exam.url)]
    came: dict[str, list[Burst]] = {}
    try:
        for code in (LINEAR, MATRIX) if exam.scans else ():
            show(code, exam.scans)
            came[code.name] = heard(listener, exam, counted)
    except DeviceError as error:
        findings.append(away("scanner", exam.url, error))
    finally:
        listener.close()
    if not exam.scans:
        return [*findings, unsure("scanner", "scanner_not_tried", "scanner_not_tried_help")]
    return [*findings, *told(exam, came.get(LINEAR.name, []), came.get(MATRIX.name, []))]


def told(exam: ScannerExam, bars: list[Burst], matrix: list[Burst]) -> Iterator[Finding]:
    """Of all that came: a scanner may read the one code and not the other."""
    seconds = f"{exam.wait_s:.0f}"
    early = [burst for burst in bars if _is_matrix(exam, burst)]  # a hand that scanned the second code too soon
    bars, matrix = [burst for burst in bars if burst not in early], [*early, *matrix]
    if not bars and not matrix:
        yield stopping("scanner", "scanner_quiet", "scanner_quiet_help", seconds=seconds)
        return
    for code, bursts in ((LINEAR, bars), (MATRIX, matrix)):
        if bursts:
            yield from judged(exam, code, bursts)
        else:
            yield unsure("scanner", f"{code.name}_quiet", f"{code.name}_quiet_help", seconds=seconds)
    yield from address(exam, bars, matrix)


def heard(listener: Listener, exam: ScannerExam, counted: Counted) -> list[Burst]:
    """Until all came, or nothing more does."""
    bursts: list[Burst] = []
    while len(bursts) < exam.scans and (burst := listener.next_burst(exam.wait_s)) is not None:
        bursts.append(burst)
        counted(len(bursts))
    return bursts


def _is_matrix(exam: ScannerExam, burst: Burst) -> bool:
    more = [text for text in MATRIX.texts if text != LINEAR.text]
    return any(scan.text in more for scan in exam.trials.played(exam.url, burst))


def judged(exam: ScannerExam, code: TrialCode, bursts: list[Burst]) -> Iterator[Finding]:
    reading = exam.trials.best_reading(exam.url, bursts, code)
    if reading.text is None:
        yield from _unread(exam, bursts)
        return
    yield _read(exam, code, bursts)
    if code is LINEAR:
        yield from _manners(exam, reading, bursts)
    else:
        yield _separator(exam, reading)
        yield _letters(exam, reading, bursts)


def _unread(exam: ScannerExam, bursts: list[Burst]) -> Iterator[Finding]:
    came = signs_of(bursts[0].data[:SHOWN_BYTES])
    scans = exam.trials.played(exam.url, bursts[0])
    if scans and not exam.url.startswith("hid"):
        yield bad("scanner", "other_code", "other_code_help", url=exam.url, came=came)
    elif scans:
        yield bad("scanner", "other_code", "other_code_help", url=exam.url, came=scans[0].text)
    else:
        yield stopping("scanner", "no_code", "no_code_help", url=exam.url, came=came)


def _read(exam: ScannerExam, code: TrialCode, bursts: list[Burst]) -> Finding:
    slowest_ms = max(burst.lasted_ms for burst in bursts)
    facts = {"count": str(len(bursts)), "of": str(max(exam.scans, len(bursts))), "ms": str(slowest_ms)}
    if len(bursts) < exam.scans:
        return unsure("scanner", f"read_seldom_{code.name}", "read_seldom_help", **facts)
    return good("scanner", f"read_{code.name}", **facts)


# What it writes around a code, and how


def _manners(exam: ScannerExam, reading: Reading, bursts: list[Burst]) -> Iterator[Finding]:
    if reading.doubtful:
        yield unsure("scanner", "no_suffix", "no_suffix_help")
    found = None if exam.url.startswith("hid") else around(bursts[0].data)
    if found is not None:
        yield _ends(found)
    named = next((scan.symbology for scan in reading.scans if scan.text == reading.text), None)
    if named is None:
        yield unsure("scanner", "no_identifier", "no_identifier_help")
    else:
        yield good("scanner", "identifier", symbology=named)
    if reading.repeats:
        yield unsure("scanner", "repeats", "repeats_help", count=str(reading.repeats))
    pause_ms = max(piece.pause_ms for burst in bursts for piece in burst.pieces[:1] + burst.pieces[1:])
    if pause_ms >= LONG_PAUSE_MS:
        yield unsure("scanner", "long_pauses", "long_pauses_help", ms=str(pause_ms))


def _ends(found: tuple[bytes, bytes, bool]) -> Finding:
    before, after, turned = found
    facts = {"before": signs_of(before) or "—", "after": signs_of(after) or "—"}
    if turned:
        return unsure("scanner", "case_turned", "case_turned_help", **facts)
    return good("scanner", "around", **facts)


def _separator(exam: ScannerExam, reading: Reading) -> Finding:
    assert reading.text is not None
    if GS in reading.text:
        return good("scanner", "gs_kept")
    return bad("scanner", "gs_lost", "gs_lost_help")


def _letters(exam: ScannerExam, reading: Reading, bursts: list[Burst]) -> Finding:
    assert reading.text is not None
    encoding = encoding_of(bursts[0].data)
    if LETTERS not in reading.text:
        return unsure("scanner", "letters_lost", "letters_lost_help", encoding=encoding or "?")
    return good("scanner", "letters_kept", encoding=encoding or "—")


def address(exam: ScannerExam, bars: list[Burst], matrix: list[Burst]) -> list[Finding]:
    """The URL to write: the second code has more in it, but what reads that must read the first as well."""
    if (made := _maker(exam, bars, matrix)) is not None:
        return [made]
    both = ((matrix, MATRIX, bars), (bars, LINEAR, matrix))
    for bursts, code, others in both:
        reading = exam.trials.best_reading(exam.url, bursts, code, others) if bursts else None
        if reading is None or reading.text is None or not _reads(exam.trials, reading.url, [(bars, LINEAR)]):
            continue
        if reading.url == exam.url:
            return [good("scanner", "url_right", url=exam.url)]
        return [unsure("scanner", "url_other", "url_other_help", url=reading.url)]
    return []


def _maker(exam: ScannerExam, bars: list[Burst], matrix: list[Burst]) -> Finding | None:
    """A make that writes such letters before such codes, if with its table all is read."""
    came = [(bursts, code) for bursts, code in ((bars, LINEAR), (matrix, MATRIX)) if bursts]
    letters = {code.symbology: exam.trials.letters_before(exam.url, bursts) for bursts, code in came}
    if not all(letters.values()):
        return None
    url = with_settings(exam.url, ["identifier=maker"])
    models = [name for name in scanner_models() if _writes(name, letters) and _reads(_trials_of(name), url, came)]
    if not models:
        return None
    return unsure("scanner", "maker", "maker_help", models=", ".join(models), model=models[0], url=url)


def _writes(model: str, letters: dict[str, str | None]) -> bool:
    identifiers = load_scanner(model).identifiers
    return all(identifiers.get(before or "") == symbology for symbology, before in letters.items())


def _trials_of(model: str) -> Trials:
    return Trials(ScannerExam(url="", model=model).opened)


def _reads(trials: Trials, url: str, came: list[tuple[list[Burst], TrialCode]]) -> bool:
    return all(trials.read_under(url, bursts, code).text is not None for bursts, code in came if bursts)
