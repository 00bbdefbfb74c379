"""Errands that are due are looked at one by one: each is taken in a transaction before anybody outside is asked, and
what came of it is written after. Whoever took one and died holds it up for a while, and no longer.

Outside, everything is asked under the errand's own key: an answer that never came is asked for again, and what was done
is not done twice.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Final

from hub.errands.due import TAKEN_FOR, again_at
from hub.errands.errand import Errand
from hub.errands.kinds import ERRANDS
from hub.hub import Hub
from hub.outside.known import note_services
from hub.outside.services import NoAnswer, Services
from hub.store.errand_records import ErrandRow
from hub.store.errors import LedgerReplaced, StoreOff
from hub.store.rows import Rows
from hub.store.seam import Writer

AT_ONCE: Final = 20
LOOK_S: Final = 1.0  # another process may have written one

log = logging.getLogger(__name__)


class Walk:
    def __init__(self, hub: Hub, services: Services, kinds: Collection[Errand] = tuple(ERRANDS.values())) -> None:
        self._hub = hub
        self._services = services
        self._kinds = [kind for kind in kinds if kind.step is not None]

    def step(self) -> int:
        """Look at what is due; how many there were. Raises StoreOff."""
        return sum(self._look(kind, id) for kind in self._kinds for id in self._due(kind))

    def _due(self, kind: Errand) -> list[str]:
        with self._hub.store.reading() as reader:
            return [row.id for row in reader.errands_due(kind.name, self._hub.now(), AT_ONCE)]

    def _look(self, kind: Errand, id: str) -> bool:
        row = self._hub.within(lambda writer: self._taken(writer, id))
        if row is None or kind.step is None:
            return False
        try:
            kind.step(self._hub, self._services, row)
        except NoAnswer as error:
            log.info("%s %s: %s", kind.name, id, error)
            self._hub.within(lambda writer: self._later(writer, row))
        except (StoreOff, LedgerReplaced):
            raise
        except Exception:  # our own mistake costs this errand its turn, and the next ones have theirs
            log.exception("%s %s", kind.name, id)
        return True

    def _taken(self, writer: Writer, id: str) -> ErrandRow | None:
        row, now = writer.locked_errands([id]).get(id), self._hub.now()
        if row is None or row.due_at is None or row.due_at > now:
            return None
        taken = row._replace(due_at=now + TAKEN_FOR)
        writer.write(Rows(errands=[taken]))
        return taken

    def _later(self, writer: Writer, taken: ErrandRow) -> None:
        """Unless somebody has done something with it meanwhile."""
        row = writer.locked_errands([taken.id]).get(taken.id)
        if row is not None and (row.state, row.due_at) == (taken.state, taken.due_at):
            writer.write(Rows(errands=[row._replace(due_at=again_at(row, self._hub.now()))]))


@contextmanager
def walking(hub: Hub, services: Services) -> Iterator[None]:
    """Errands are looked at meanwhile, in a thread of their own. Raises StoreOff."""
    hub.within(lambda writer: note_services(writer, services))
    stopped = threading.Event()
    walk = Walk(hub, services)
    thread = threading.Thread(target=_run, args=(walk, stopped), name="errands", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def _run(walk: Walk, stopped: threading.Event) -> None:
    while not stopped.is_set():
        did = 0
        try:
            did = walk.step()
        except LedgerReplaced:  # the server notices too, and says so once
            return
        except StoreOff:  # whoever asks is told
            pass
        except Exception:
            log.exception("errands")
        if not did:
            stopped.wait(LOOK_S)
