"""`pos-hub exposed`: whose data a lost till held."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import StringIO
from pathlib import Path
from typing import Final

import click

from hub.batches import batches
from hub.commands.export import write
from hub.commands.ledger_option import ledger_option
from hub.commands.tills import name_argument, opened, unknown_till
from hub.files.cell import text_cell
from hub.store.seam import Reader
from hub.tills.joining import found
from hub.tills.telling import Exposed, exposed
from sync.protocol import CHAIN

COLUMNS: Final = ("member", "phone", "name", "told")
PAGE_MEMBERS: Final = 1_000


@click.command(name="exposed")
@ledger_option
@name_argument
@click.option("--csv", "out", metavar="FILE", help="Who they are, with phone and name; - writes to the terminal.")
def exposed_command(ledger: Path | str, name: str, out: str | None) -> None:
    """Whose data a till held that was lost: for those who must be told of a leak.

    Told `yes`: the till had surely heard of the member. `perhaps`: the member changed after the till's place in the
    feed was last written down, which is every ten minutes; the till may have heard of it if it was still in use then.
    """
    with opened(ledger) as hub, hub.store.reading() as reader:
        till = found(reader, name)
        if till is None:
            raise unknown_till(name)
        if till.told is None:
            raise click.ClickException(f"Till {name} was told of nobody.")
        whose = list(exposed(reader, till.told))
        if out is not None:
            write(out, _lines(reader, whose))
    certain = sum(one.certain for one in whose)
    told, whom = till.told, "the chain" if till.told.scope == CHAIN else till.told.scope
    click.echo(
        f"Till {name} was told of {certain} members of {told.programme} ({whom}), from {told.since[:16]} to"
        f" {told.until[:16]} UTC, page {told.cursor or '-'}; perhaps of {len(whose) - certain} more.",
        err=out == "-",
    )
    if till.state != "revoked":
        click.echo(f"It is heard still: `pos-hub till revoke {name}`.", err=True)


def _lines(reader: Reader, whose: Iterable[Exposed]) -> Iterator[str]:
    yield _line(COLUMNS)
    for page in batches(whose, PAGE_MEMBERS):
        profiles = reader.profiles([one.member for one in page])
        for one in page:
            known = profiles.get(one.member)
            phone, name = (known.phone, known.name) if known else (None, None)
            yield _line((one.member, phone or "", name or "", "yes" if one.certain else "perhaps"))


def _line(cells: Iterable[str]) -> str:
    written = StringIO()
    csv.writer(written, lineterminator="\n").writerow(map(text_cell, cells))
    return written.getvalue()
