"""A till whose file is damaged begins anew, in the place of this process.

Every part holds the file; to change it under them would be a second way to start, seldom taken. So the process marks
the file and becomes itself again: the start puts the file aside (offline_cache/opening.py). Receipts that are open and
what was told of them outlive that, as they outlive kill -9. No service is needed for it.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final, NoReturn

from loyalty.programme import Language
from offline_cache.opening import suspect
from pos_agent.answers import Reply
from pos_agent.dead_thread import EXIT_SOFTWARE, stop_at_once
from pos_agent.replying import plain_reply
from pos_agent.visit import Visit, is_empty
from storage.sqlite_file import SqliteFile

MET: Final = "A page of it was met that is not as it was written."
TIMES: Final = "POS_AGENT_BEGUN_ANEW"
LAST_ANSWER_S: Final = 0.5  # for the answer before it to reach the POS, and these words the terminal
TIMES_MAX: Final = 3  # a disk that damages each new file is no disk; then a person hears of it

log = logging.getLogger(__name__)


def begin_anew_in_time(
    file: SqliteFile, visit: Visit, reply: Reply | None, told: Callable[[Reply], None], language: Language
) -> None:
    """After a reply. Until it is time, what needs the damaged page is refused, and all else goes on."""
    if is_time(file, visit, reply):
        told(plain_reply(False, "damaged_begins_anew", language))
        time.sleep(LAST_ANSWER_S)
        begin_without(file.path, MET)


def is_time(file: SqliteFile, visit: Visit, reply: Reply | None) -> bool:
    """Of a damaged file: nobody stands at the till, or his receipt could not be recorded."""
    return file.damaged and (is_empty(visit) or (reply is not None and reply.code == "not_recorded"))


def thread_died(file: SqliteFile, failed: threading.ExceptHookArgs) -> None:
    """Of the damage, or of our own mistake."""
    if file.damaged:
        begin_without(file.path, MET)
    stop_at_once(failed)


def begin_without(path: Path, why: str) -> NoReturn:
    """The till's file is another from now on."""
    with suppress(OSError):  # then the next start meets the page again
        suspect(path, why)
    times = int(os.environ.get(TIMES) or 0) + 1
    log.critical("%s is damaged: %s The till begins anew with a new file.", path, why)
    if times <= TIMES_MAX:
        os.environ[TIMES] = str(times)
        sys.stdout.flush()
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
    log.critical("That was so %s times since it was started. Is the disk broken? Start it again on another.", times)
    os._exit(EXIT_SOFTWARE)
