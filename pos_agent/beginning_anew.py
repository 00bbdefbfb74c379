"""A till whose file is damaged begins anew, in the place of this process.

Every part holds the file; to change it under them would be a second way to start, seldom taken. So the process marks
the file and becomes itself again: the start puts the file aside (offline_cache/damages.py). Receipts that are open and
what was told of them outlive that, as they outlive kill -9. No service is needed for it.
"""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import Final, NoReturn

from offline_cache.damages import suspect
from pos_agent.dead_thread import EXIT_SOFTWARE

TIMES: Final = "POS_AGENT_BEGUN_ANEW"
TIMES_MAX: Final = 3  # a disk that damages each new file is no disk; then a person hears of it

log = logging.getLogger(__name__)


def begin_anew(file: Path, why: str) -> NoReturn:
    """With another file."""
    suspect(file, why)
    times = int(os.environ.get(TIMES) or 0) + 1
    log.critical("%s is damaged: %s The till begins anew with a new file.", file, why)
    if times <= TIMES_MAX:
        os.environ[TIMES] = str(times)
        sys.stdout.flush()
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
    log.critical("That was so %s times since it was started. Is the disk broken? Start it again on another.", times)
    os._exit(EXIT_SOFTWARE)
