"""`pos-hub verify` as people and scripts see it: how far it is, the faults, and the balances."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Final

import click

from hub import feed
from hub.audit.verify import Verdict, verify
from hub.batches import batches
from hub.hub import Hub
from hub.store.seam import Reader
from loyalty.lots import balance

GIVEN_WAY: Final = 10  # of 19 steps of niceness: tills on the same machine go before
MEMBERS_AT_ONCE: Final = 500  # whose lots are in memory together


def audit(hub: Hub, *, as_json: bool) -> bool:
    """Verify the ledger and tell of it. Are the books right?"""
    os.nice(GIVEN_WAY)
    with hub.store.reading() as reader:
        operations = reader.counts().operations
    with _progress(operations) as progress:
        verdict = verify(hub.store, hub.zone_of, progress=progress)
    if as_json:
        _tell_as_json(hub, verdict)
    else:
        _tell(verdict)
    return not verdict.faults


@contextmanager
def _progress(operations: int) -> Iterator[Callable[[int], None]]:
    """A bar for whoever looks on."""
    if not sys.stderr.isatty():
        yield lambda read: None
        return
    with click.progressbar(length=operations, label="Verifying", file=sys.stderr) as bar:
        yield bar.update


def _tell(verdict: Verdict) -> None:
    click.echo(
        f"{verdict.operations} operations, {verdict.entries} entries, {verdict.members} members, "
        f"{verdict.coupon_conflicts} coupons honoured twice."
    )
    for fault in verdict.faults:
        click.echo(f"FAULT {fault}")
    click.echo("The books are NOT right." if verdict.faults else "The books are right.")


def _tell_as_json(hub: Hub, verdict: Verdict) -> None:
    """One object, written as it goes: there may be ten million balances."""
    click.echo(json.dumps(asdict(verdict), ensure_ascii=False)[:-1] + ', "balances": {', nl=False)
    with hub.store.reading() as reader:
        for number, programme in enumerate(hub.programmes):
            click.echo((", " if number else "") + json.dumps(programme, ensure_ascii=False) + ": {", nl=False)
            before = ""
            for member, points in _balances(hub, reader, programme):
                click.echo(f"{before}{json.dumps(member, ensure_ascii=False)}: {points}", nl=False)
                before = ", "
            click.echo("}", nl=False)
    click.echo("}}")


def _balances(hub: Hub, reader: Reader, programme: str) -> Iterator[tuple[str, int]]:
    now = hub.now()
    for some in batches(reader.members_of(programme), MEMBERS_AT_ONCE):
        for member, account in feed.accounts(reader, some, now).items():
            yield member, balance(account, now)
