"""The point of no return, for every desk: operations and papers in one transaction, or certainly nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial

from loyalty.bodies import Body, SaleNumber
from loyalty.operation import Channel, Operation
from offline_cache.cache import Rules
from offline_cache.records import Paper
from pos_agent.counter import Counter
from pos_agent.refused import Refused
from pos_agent.words import say
from storage.sqlite_file import CommitUnknown, FileError

log = logging.getLogger(__name__)


def _no_papers(operations: tuple[Operation, ...]) -> list[Paper]:
    return []


def sure_of_room(counter: Counter) -> None:
    """Before the money changes hands. Raises Refused where it could not be recorded afterwards."""
    little_mb = counter.house.disk.little_mb() if counter.house.disk is not None else None
    if little_mb is not None:
        raise Refused("disk_full", free=str(little_mb))


def commit(
    counter: Counter,
    bodies: Sequence[Body],
    number: SaleNumber | None,
    papers: Callable[[tuple[Operation, ...]], list[Paper]],
    *,
    is_recorded: Callable[[], bool],
    rules: Rules | None = None,
    by: str | None = None,
    channel: Channel | None = None,
) -> None:
    """Raises Refused when it is certain that nothing happened; `is_recorded` looks up what a commit of unknown outcome
    has left."""
    attempt = partial(write, counter, bodies, number, papers, rules=rules, by=by, channel=channel)
    try:
        _surely(counter, attempt, is_recorded)
    except FileError as error:
        disk = counter.house.disk
        if disk is None or not disk.make_room(error):
            raise _not_recorded(counter, error) from error
        _once_more(counter, attempt, is_recorded)


def write(
    counter: Counter,
    bodies: Sequence[Body],
    number: SaleNumber | None,
    papers: Callable[[tuple[Operation, ...]], list[Paper]] = _no_papers,
    *,
    rules: Rules | None = None,
    by: str | None = None,
    channel: Channel | None = None,
) -> None:
    """`rules`: those of another day, for what is undone under them. `channel`: that of the receipt, else whoever
    asks."""
    counter.made = counter.cache.record(
        bodies,
        sale=number,
        rules=rules or counter.rules,
        papers=papers if counter.house.prints else _no_papers,
        at=counter.now,
        clock_off_s=counter.clock_off_s,
        asked=counter.asked,
        by=by or counter.by,
        channel=channel or counter.channel or "shop",
        zone=counter.programme.timezone,
    )


def _surely(counter: Counter, attempt: Callable[[], None], is_recorded: Callable[[], bool]) -> None:
    """A commit that failed may have happened: reopen, and look it up before saying anything. Raises FileError."""
    try:
        attempt()
    except CommitUnknown:
        counter.cache.reopen()
        if not is_recorded():
            raise


def _once_more(counter: Counter, attempt: Callable[[], None], is_recorded: Callable[[], bool]) -> None:
    """There is room now. What the first attempt has left is looked up before anything is written anew."""
    try:
        counter.cache.reopen()
        if not is_recorded():
            _surely(counter, attempt, is_recorded)
    except FileError as error:
        raise _not_recorded(counter, error) from error


def _not_recorded(counter: Counter, error: FileError) -> Refused:
    """The technician finds the whole of it in the log."""
    log.error("%s", error)
    return Refused("not_recorded", why=say(f"file_{error.trouble}", counter.language))
