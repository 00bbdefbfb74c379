"""`pos-hub jobs …`: what the clock makes due, done now or looked at."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from hub.commands.ledger_option import ledger_option
from hub.commands.ledger_there import open_ledger
from hub.hub import Hub
from hub.jobs.last_run import LastRun, last_run
from hub.jobs.running import JobHeld, Running, due_at
from hub.jobs.table import JOBS, Job
from hub.store.records import JobRow
from loyalty.utc import utc_text


@click.group()
def jobs() -> None:
    """What the clock makes due: points that died, birthdays, holds that ran out. `pos-hub serve` does it by itself."""


@jobs.command(name="list")
@ledger_option
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of words.")
def list_jobs(ledger: Path | str, as_json: bool) -> None:
    """Show when each job was done, what it did, and who is at it now."""
    hub = open_ledger(ledger)
    with hub.store.reading() as reader:
        kept = reader.jobs()
        rows = [kept.get(job.name, JobRow(job.name)) for job in JOBS]
        last = [last_run(reader, row) for row in rows]
    now = hub.now()
    hub.close()
    told = zip(JOBS, rows, last, strict=True)
    if as_json:
        click.echo(json.dumps([_told(*one, now) for one in told], ensure_ascii=False))
        return
    for job, row, run in told:
        click.echo(f"{job.name:<9} {job.does}: {_words(job, row, run, now)}")


def _told(job: Job, row: JobRow, last: LastRun | None, now: datetime) -> dict[str, Any]:
    return {
        "job": job.name,
        "does": job.does,
        "every_s": job.every.total_seconds(),
        "done_until": utc_text(row.done_until) if row.done_until else None,
        "did": row.did,
        "last_did": last.did if last else 0,
        "last_did_at": last.at if last else None,
        "due": utc_text(due_at(job, row, now)),
        "holder": row.holder if _is_held(row, now) else None,
    }


def _words(job: Job, row: JobRow, last: LastRun | None, now: datetime) -> str:
    if row.done_until is None:
        done = "never done yet"
    else:
        done = f"done up to {_at(row.done_until)}, {_last_words(job, row.done_until, last)}"
    if _is_held(row, now):
        return f"{done}; {row.holder} is at it"
    due = due_at(job, row, now)
    return f"{done}; {'due now' if due <= now else f'due at {_at(due)}'}"


def _last_words(job: Job, done_until: datetime, last: LastRun | None) -> str:
    """Mostly nothing is due, and that says little."""
    if last is None:
        return "nothing was due"
    at = datetime.fromisoformat(last.at)
    return f"then for {job.counted(last.did)}" if at == done_until else f"last for {job.counted(last.did)} at {_at(at)}"


def _is_held(row: JobRow, now: datetime) -> bool:
    return row.holder is not None and row.held_until is not None and row.held_until > now


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


@jobs.command()
@ledger_option
@click.argument("name", required=False, type=click.Choice([job.name for job in JOBS]))
def run(ledger: Path | str, name: str | None) -> None:
    """Do a job now, or all of them, due or not; also while the hub serves. Nothing is done twice. It may be stopped
    (Ctrl-C): the same command, or the hub, goes on with the rest."""
    hub = open_ledger(ledger)
    try:
        free = [_run(hub, job) for job in JOBS if name in (None, job.name)]
    finally:
        hub.close()
    sys.exit(0 if all(free) else 1)


def _run(hub: Hub, job: Job) -> bool:
    """Whether it was free."""
    now, done = hub.now(), 0
    try:
        with (
            closing(Running(hub).run(job, now, hub.now)) as run,
            click.progressbar(iterable=run, label=job.does, file=sys.stderr) as pages,
        ):
            for page in pages:
                done += page
    except JobHeld as held:
        click.echo(f"{job.name}: {held} is at it just now.", err=True)
        return False
    for_whom = f"for {job.counted(done)}" if done else "nothing was due"
    click.echo(f"{job.name}: {job.does}. Done up to {_at(now)}, {for_whom}.")
    return True
