"""After every command, once it is answered: the audit log, the day's refusals, and what is more than ordinary.

Nothing of it can change the answer, and no disk that is full or broken stops a sale for it.
"""

from __future__ import annotations

import logging
from typing import Final

from pos_agent.answers import Reply
from pos_agent.audited import note_act
from pos_agent.counter import Counter
from pos_agent.protocol import Command, Pay
from pos_agent.replying import FOR_WHO_SELLS
from pos_agent.staff.caller import SignedIn
from pos_agent.watching import watch_sale
from storage.sqlite_file import FileError

RECORDED: Final = "recorded"

log = logging.getLogger(__name__)


def note_done(counter: Counter, command: Command, reply: Reply, before: SignedIn | None) -> None:
    """`before`: who had signed in when the command came."""
    try:
        note_act(counter, command, reply.code, before)
        if not reply.ok and reply.code not in FOR_WHO_SELLS:
            counter.cache.days.note_said(counter.today.isoformat(), counter.by or "", reply.code)
        if isinstance(command, Pay) and reply.ok and reply.code == RECORDED:
            watch_sale(counter)
    except FileError as error:
        log.error("After %s: %s", type(command).__name__, error)
    except Exception:  # our own mistake: what was answered stands
        log.exception("After %s", type(command).__name__)
