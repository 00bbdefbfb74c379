"""What is logged is read by whoever repairs a machine: no phone, no card, no name, no secret in it.

Whoever logs says which operation, and never whose. This is the edge behind that: an error's own text, a traceback,
another library may still have a number in it, and here it loses all but its end.
"""

from __future__ import annotations

import logging
import re
import sys
import time
from types import TracebackType
from typing import Final

# a phone as people write it, or as many digits in a row as a phone or a card has; within a hash or a path it is none
NUMBER: Final = re.compile(
    r"(?<![0-9A-Za-z_./-])(?:\+?[78][ -]?\(?\d{3}\)?[ -]?\d{3}[ -]?\d{2}[ -]?\d{2}|\+?\d{10,})(?![0-9A-Za-z])"
)
SECRET: Final = re.compile(r"(?i)(\bbearer\s+|\btoken[=:]\s*|\bauthorization[=:]\s*|#)[A-Za-z0-9_-]{16,}")
SHOWN: Final = 4  # its last digits: enough to find it again, for who may


def discreet(text: str) -> str:
    return SECRET.sub(r"\1***", NUMBER.sub(lambda found: "***" + _end(found.group()), text))


def _end(number: str) -> str:
    return "".join(filter(str.isdigit, number))[-SHOWN:]


class Discreet(logging.Filter):
    """Of a handler: whatever is written by it."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = discreet(record.getMessage()), None
        if record.exc_info:  # another handler may have written it down in full, and left it in the record
            record.exc_text = discreet(_formatter.formatException(record.exc_info))
        return True


_formatter = logging.Formatter("%(message)s")


def log_discreetly() -> None:
    """From now on, all that this process logs, and what it says when it dies."""
    handler = logging.StreamHandler()
    handler.setFormatter(_formatter)
    handler.setLevel(logging.WARNING)
    handler.addFilter(Discreet())
    logging.getLogger().addHandler(handler)
    sys.excepthook = _last_words


def note_discreetly(log: logging.Logger) -> None:
    """From now on also what this one notes without a warning, with the moment (UTC)."""
    handler, lines = (
        logging.StreamHandler(),
        logging.Formatter("%(asctime)s.%(msecs)03dZ %(message)s", "%Y-%m-%dT%H:%M:%S"),
    )
    lines.converter = time.gmtime
    handler.setFormatter(lines)
    handler.addFilter(Discreet())
    log.addHandler(handler)
    log.setLevel(logging.INFO)


def _last_words(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    sys.stderr.write(discreet(_formatter.formatException((kind, error, trace))) + "\n")
