"""A printer as the doctor sees it: who it is, how it is, what it knows, what to write into the settings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from config.printers import DEFAULT, load_printer, toml_of
from drivers.errors import DeviceError
from drivers.link.link import Link
from drivers.printer.checkup import ANSWER_S, Abilities, Checkup, fitted
from drivers.printer.codepages import ESC_CODE_PAGE, ESC_FEED_LINES, ESC_INITIALIZE, FS_CANCEL_KANJI, SAMPLE
from drivers.printer.link import open_link
from drivers.printer.probe import Probe
from drivers.printer.profile import PrinterProfile
from drivers.printer.status import PrinterStatus
from drivers.printer.stranger import ECHO, quoted
from pos_agent.doctor.away import away
from pos_agent.doctor.sheet import Finding, Mark, bad, good, stopping, unsure

SLOW_MS = 1000  # half of a driver's usual patience (answer_deadline_ms)
FEED_LINES = 4  # so that the trial line stands above the knife
SSH, WEB = re.compile(rb"^SSH-"), re.compile(rb"^HTTP/|<html", re.IGNORECASE)

# What a printer says of itself → the model of ours.
NAMES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"TM-T20", re.IGNORECASE), "epson-tm-t20"),
    (re.compile(r"TM-T88(IV|VI?I?)", re.IGNORECASE), "epson-tm-t88"),
    (re.compile(r"5890", re.IGNORECASE), "pos-5890"),
    (re.compile(r"RP-?3[23]\d", re.IGNORECASE), "rongta-rp326"),
    (re.compile(r"TSP|TUP|SP2\d\d\d", re.IGNORECASE), "star-escpos"),
    (re.compile(r"XP-?58|Xprinter.*58", re.IGNORECASE), "xprinter-58"),
)

Ask = Callable[[str], bool | None]  # a question to whoever sees the paper; None: nobody answers


@dataclass(frozen=True, slots=True, kw_only=True)
class PrinterExam:
    """`model` is what the settings name; None: they do not name this printer. `write`: a profile goes there."""

    url: str
    model: str | None = None
    paper: bool = False
    write: Path | None = None


def examined_printer(exam: PrinterExam, readable: Ask, opened: Callable[[str], Link] = open_link) -> list[Finding]:
    """Never raises for what a device does."""
    try:
        link = opened(exam.url)
    except DeviceError as error:
        return [away("printer", exam.url, error)]
    try:
        found = Checkup(link).look(paper=exam.paper)
        findings = list(judged(exam, found))
        if exam.paper and found.status.prints:
            findings.append(_by_eye(exam, found, link, readable))
    except DeviceError as error:
        findings = [away("printer", exam.url, error)]
    finally:
        link.close()
    return findings


def judged(exam: PrinterExam, found: Abilities) -> Iterator[Finding]:
    if not found.answered:
        yield _no_printer(exam.url, found.greeting)
        return
    yield _name(exam.url, found)
    yield _state(found.status)
    if found.proof is None:
        yield unsure("printer", "printer_not_asked", "printer_not_asked_help")
        return
    yield _known(found)
    yield _drawer(found)
    yield from _settings(exam, found)


def _no_printer(url: str, noise: bytes) -> Finding:
    if not noise:
        return stopping("printer", "printer_silent", "printer_silent_help", url=url)
    came = quoted(noise)
    for pattern, code in ((SSH, "stranger_ssh"), (WEB, "stranger_web")):
        if pattern.search(noise):
            return stopping("printer", code, "stranger_help", url=url, came=came)
    if ECHO in noise:
        return stopping("printer", "stranger_echo", "stranger_help", url=url, came=came)
    return stopping("printer", "stranger", "stranger_help", url=url, came=came)


def _name(url: str, found: Abilities) -> Finding:
    name = " ".join(filter(None, (found.maker, found.model)))
    facts = {"url": url, "name": name, "ms": str(found.answer_ms)}
    if found.answer_ms > SLOW_MS:
        return unsure("printer", "printer_slow", "printer_slow_help", **facts)
    return good("printer", "printer_named", **facts) if name else good("printer", "printer_nameless", **facts)


def _state(status: PrinterStatus) -> Finding:
    if status is PrinterStatus.READY:
        return good("printer", "state_ready")
    if status is PrinterStatus.UNKNOWN:
        return unsure("printer", "state_unknown")
    kind = unsure if status.prints else bad
    return kind("printer", f"state_{status.value}")


def _known(found: Abilities) -> Finding:
    facts = {
        "proof": f"{found.proof}",
        "clear": _sign(found.clear),
        "asb": _sign(found.asb),
        "knife": _sign(found.knife),
    }
    if found.proof == "none":
        return unsure("printer", "knows_no_proof", "knows_no_proof_help", **facts)
    return good("printer", f"knows_{found.proof}", **facts)


def _sign(known: bool | None) -> str:
    return str((Mark.UNSURE if known is None else Mark.GOOD if known else Mark.BAD).value)


def _drawer(found: Abilities) -> Finding:
    return unsure("printer", "drawer_high" if found.drawer_high else "drawer_low", "drawer_help")


# What to write into the settings


def _settings(exam: PrinterExam, found: Abilities) -> Iterator[Finding]:
    name = exam.model or model_called(found.maker, found.model) or DEFAULT
    profile = load_printer(name)
    wanted = fitted(profile, found)
    changed = changes(profile, wanted)
    if exam.write is not None:
        yield _written(exam.write, wanted, name)
    elif not changed and exam.model is not None:
        yield good("printer", "model_fits", model=exam.model)
    elif not changed:
        yield unsure("printer", "model_proposed", "model_proposed_help", url=exam.url, model=name)
    elif exam.model is not None and _promises_more(profile, wanted):
        yield bad("printer", "model_wrong", "model_wrong_help", model=name, changed=changed)
    else:
        yield unsure("printer", "model_other", "model_wrong_help", model=name, changed=changed)


def model_called(maker: str, model: str) -> str | None:
    """Which of our models calls itself so."""
    name = f"{maker} {model}"
    found: str | None = next((ours for pattern, ours in NAMES if pattern.search(name)), None)
    return found


def changes(profile: PrinterProfile, wanted: PrinterProfile) -> str:
    """The lines of a profile's file that differ."""
    before = set(toml_of(profile).splitlines())
    return ", ".join(line for line in toml_of(wanted).splitlines() if line not in before)


def _promises_more(profile: PrinterProfile, wanted: PrinterProfile) -> bool:
    """A word that never comes holds every paper up; one that is not used costs nothing."""
    order = ("none", "gs_r", "process_id")
    return order.index(profile.proof) > order.index(wanted.proof)


def _written(file: Path, profile: PrinterProfile, name: str) -> Finding:
    if file.suffix != ".toml":
        return bad("printer", "profile_no_toml", file=str(file))
    try:
        file.write_text(f"# {name}, as this very printer answered.\n{toml_of(profile)}", encoding="utf-8")
    except OSError as error:
        return bad("printer", "profile_not_written", file=str(file), why=error.strerror or str(error))
    return good("printer", "profile_written", "profile_written_help", file=str(file), name=file.name)


# With paper


def _by_eye(exam: PrinterExam, found: Abilities, link: Link, readable: Ask) -> Finding:
    """One line in the model's code page, and the paper's width: only a person can say whether it is right."""
    profile = load_printer(exam.model or model_called(found.maker, found.model) or DEFAULT)
    Probe(link, ANSWER_S).print_bytes(trial_line(profile))
    answer = readable(SAMPLE)
    facts = {"sample": SAMPLE, "codepage": profile.codepage, "slot": str(profile.slot), "url": exam.url}
    if answer is None:
        return unsure("printer", "page_printed", "page_wrong_help", **facts)
    if answer:
        return good("printer", "page_right", **facts)
    return bad("printer", "page_wrong", "page_wrong_help", **facts)


def trial_line(profile: PrinterProfile) -> bytes:
    """The sample between two bars as far apart as the profile believes the paper to be wide."""
    text = f"|{SAMPLE} {profile.codepage} {profile.slot}".ljust(profile.columns - 1) + "|"
    start = ESC_INITIALIZE + FS_CANCEL_KANJI + ESC_CODE_PAGE + bytes([profile.slot])
    line = text[: profile.columns].encode(profile.codepage, "replace") + b"\n"
    return start + line + ESC_FEED_LINES + bytes([FEED_LINES]) + ESC_INITIALIZE
