"""The point of no return, for every desk: operations and papers in one transaction, or certainly nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

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
    try:
        write(counter, bodies, number, papers, rules=rules, by=by, channel=channel)
    except CommitUnknown as error:
        _look_again(counter, is_recorded, error)
    except FileError as error:
        raise _not_recorded(counter, error) from error


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
    counter.cache.record(
        bodies,
        sale=number,
        rules=rules or counter.rules,
        papers=papers if counter.house.prints else _no_papers,
        at=counter.now,
        clock_off_s=counter.clock_off_s,
        by=by,
        channel=channel or counter.channel or "shop",
    )


def _look_again(counter: Counter, is_recorded: Callable[[], bool], error: CommitUnknown) -> None:
    """A commit that failed may have happened: reopen, and look it up before saying anything."""
    try:
        counter.cache.reopen()
        if is_recorded():
            return
    except FileError as reopening:
        raise _not_recorded(counter, reopening) from reopening
    raise _not_recorded(counter, error) from error


def _not_recorded(counter: Counter, error: FileError) -> Refused:
    """The technician finds the whole of it in the log."""
    log.error("%s", error)
    return Refused("not_recorded", why=say(f"file_{error.trouble}", counter.language))
