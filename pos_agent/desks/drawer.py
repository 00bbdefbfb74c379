"""The cash drawer, which hangs on the printer. It opens now or not at all: one that opens by itself later, beside
nobody or the next customer, is worse than one that stays closed."""

from __future__ import annotations

from drivers.printer.document import Document, Drawer, to_json
from offline_cache.records import Paper
from pos_agent.counter import Counter, Done
from pos_agent.protocol import OpenDrawer
from pos_agent.refused import Refused
from pos_agent.visit import Visit

KICK = to_json(Document((Drawer(),)))


def open_drawer(counter: Counter, visit: Visit, command: OpenDrawer) -> Done:
    drawer = counter.house.drawer
    if drawer is None:
        raise Refused("drawer_without_printer")
    if not drawer.is_there:
        raise Refused("no_drawer")
    if (why := drawer.why_not(counter.language)) is not None:
        raise Refused("drawer_not_now", why=why)
    if counter.cache.print_jobs.waiting("drawer", "") is None:  # pressed twice, it opens once
        counter.cache.print_jobs.add(Paper(kind="drawer", label="", document=KICK), counter.now)
    return Done(visit=visit, code="drawer_opens")
