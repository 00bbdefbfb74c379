"""Short words on a display of two lines of 40 characters."""

from __future__ import annotations

from collections.abc import Iterable

LINES_MAX = 2
LINE_MAX = 40  # characters: customer displays have 2×20 or 2×40, and 20 hold no sum with its noun
CUT = "…"


def laid_out(sentences: Iterable[str]) -> tuple[str, ...]:
    """The first, and of the others those that still fit. Only a name that somebody made up can be cut, between its
    words where it has some: sums are short, and are one word."""
    lines: tuple[str, ...] = ()
    for sentence in sentences:
        parts = tuple(line for part in sentence.split("\n") for line in _wrapped(part))
        if len(parts) > LINES_MAX:
            parts = tuple(_wrapped(sentence.replace("\n", " ")))
        if not lines:
            lines = parts if len(parts) <= LINES_MAX else (*parts[: LINES_MAX - 1], _cut(parts[LINES_MAX - 1]))
        elif len(lines) + len(parts) <= LINES_MAX:
            lines += parts
    return lines


def _wrapped(text: str) -> list[str]:
    """Between words; a no-break space holds a sum together. A word longer than a line goes on in the next."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and len(lines[-1]) + 1 + len(word) <= LINE_MAX:
            lines[-1] += f" {word}"
        else:
            lines += [word[at : at + LINE_MAX] for at in range(0, len(word), LINE_MAX)]
    return lines


def _cut(line: str) -> str:
    """A line after which more was to come."""
    if len(line) < LINE_MAX:
        return line + CUT
    whole, blank, _ = line.rpartition(" ")
    return (whole if blank else line[: LINE_MAX - 1]) + CUT
