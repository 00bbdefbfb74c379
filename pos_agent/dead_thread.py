"""What becomes of the till when one of its threads dies."""

from __future__ import annotations

import logging
import os
import threading
from typing import Final

EXIT_SOFTWARE: Final = 70  # sysexits.h: internal software error

log = logging.getLogger(__name__)


def stop_at_once(failed: threading.ExceptHookArgs) -> None:
    """A thread died of our own mistake: a till without its printer or hub thread would look alive and not be.
    Everything that happened is on disk, so ending the process is safe; whoever supervises it starts it again."""
    log.critical("%s has died", getattr(failed.thread, "name", "a thread"), exc_info=failed.exc_value)
    os._exit(EXIT_SOFTWARE)
