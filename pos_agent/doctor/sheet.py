"""The doctor's page: a line for each thing that was looked at, with what helps. Its words: doctor_words.py."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal

from drivers.scanner.notation import shown
from loyalty.programme import Language
from pos_agent.doctor_words import say_doctor

LINES_MAX = 60  # one page of a terminal or of paper
INDENT = "              "

About = Literal["till", "agent", "hub", "neighbours", "clock", "disk", "page", "printer", "scanner", "camera"]


class Mark(Enum):
    GOOD = "✓"
    BAD = "✗"
    UNSURE = "?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`code` and `help` are codes of words, `facts` what stands in both. `stops`: a till cannot work so."""

    about: About
    mark: Mark
    code: str
    facts: Mapping[str, str] = field(default_factory=dict)
    help: str | None = None
    stops: bool = False


def good(about: About, code: str, help: str | None = None, **facts: str) -> Finding:
    return Finding(about=about, mark=Mark.GOOD, code=code, facts=facts, help=help)


def unsure(about: About, code: str, help: str | None = None, **facts: str) -> Finding:
    return Finding(about=about, mark=Mark.UNSURE, code=code, facts=facts, help=help)


def bad(about: About, code: str, help: str | None = None, **facts: str) -> Finding:
    return Finding(about=about, mark=Mark.BAD, code=code, facts=facts, help=help)


def stopping(about: About, code: str, help: str | None = None, **facts: str) -> Finding:
    """Bad, and no till can work so."""
    return Finding(about=about, mark=Mark.BAD, code=code, facts=facts, help=help, stops=True)


def text_of(finding: Finding, language: Language) -> str:
    return say_doctor(finding.code, language, **finding.facts)


def help_of(finding: Finding, language: Language) -> str:
    return say_doctor(finding.help, language, **finding.facts) if finding.help is not None else ""


def page(findings: list[Finding], language: Language) -> Iterator[str]:
    """At most LINES_MAX lines; what is good is left out first, and how much of it is told."""
    lines = list(_lines(findings, language))
    if len(lines) > LINES_MAX:
        needed = [finding for finding in findings if finding.mark is not Mark.GOOD]
        left_out = len(findings) - len(needed)
        lines = [*_lines(needed, language)][: LINES_MAX - 2]
        lines.append(say_doctor("left_out", language, count=str(left_out)))
    yield from lines
    yield say_doctor(verdict(findings), language)


def _lines(findings: list[Finding], language: Language) -> Iterator[str]:
    before: About | None = None
    for finding in findings:
        about = "" if finding.about == before else say_doctor(f"about_{finding.about}", language)
        before = finding.about
        first, *more = text_of(finding, language).split("\n")
        yield f"{finding.mark.value} {about:<10}  {shown(first)}"
        if helps := help_of(finding, language):
            more += [f"→ {line}" if place == 0 else f"  {line}" for place, line in enumerate(helps.split("\n"))]
        yield from (INDENT + shown(line) for line in more)


STOPPED = "stopped"  # somebody broke it off: what was not looked at may be anything


def verdict(findings: list[Finding]) -> str:
    if any(finding.stops for finding in findings):
        return "till_stops"
    return "till_unknown" if any(finding.code == STOPPED for finding in findings) else "till_works"


def stops(findings: list[Finding]) -> bool:
    return verdict(findings) != "till_works"


def for_programs(findings: list[Finding], language: Language) -> dict[str, Any]:
    return {
        "works": not stops(findings),
        "findings": [
            {
                "about": finding.about,
                "mark": finding.mark.name.lower(),
                "code": finding.code,
                "stops": finding.stops,
                "text": text_of(finding, language),
                "help": help_of(finding, language),
                "facts": dict(finding.facts),
            }
            for finding in findings
        ],
    }
