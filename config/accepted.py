"""What a person at this till decided about the settings that the office says, in a file beside the till's own.

What was accepted holds over the till's settings file: somebody there looked at both and said so, later than the file
was written.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final, Literal

import msgspec

from config.from_afar import Value

FILE: Final = "settings-accepted.json"
FILE_MAX_BYTES: Final = 100_000  # a dozen settings are one thousand

log = logging.getLogger(__name__)


class Accepted(msgspec.Struct, frozen=True, kw_only=True):
    """`edition`: of the office's word that was decided on last, and how; `holds`: what was accepted then, or before."""

    edition: str = ""
    decided: Literal["nothing", "accepted", "refused"] = "nothing"
    at: str = ""  # UTC
    holds: dict[str, Value] = {}


NOTHING: Final = Accepted()
_read = msgspec.json.Decoder(Accepted).decode


def accepted_in(folder: Path) -> Accepted:
    """Of a till's data folder. A file that cannot be read decides nothing: the office's word waits anew."""
    try:
        with (folder / FILE).open("rb") as file:
            return _read(file.read(FILE_MAX_BYTES))
    except FileNotFoundError:
        return NOTHING
    except (OSError, ValueError) as error:
        log.error("%s cannot be read, and what was accepted does not hold: %s.", folder / FILE, error)
        return NOTHING
