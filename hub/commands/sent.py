"""`pos-hub sent`: what the sender has sent, and what became of it."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from hub.commands.ledger_option import ledger_option
from hub.commands.ledger_there import open_ledger
from hub.sender.file_sender import lines_in
from hub.sender.seen import Sent, seen

SHOWN_MAX = 20


@click.command()
@ledger_option
@click.option(
    "--most", default=SHOWN_MAX, show_default=True, type=click.IntRange(1, 10_000), help="So many, the newest."
)
@click.option("--outbox", type=click.Path(path_type=Path), help="The file of --sender file:PATH: its codes are shown.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, one message a line.")
def sent(ledger: Path | str, most: int, outbox: Path | None, as_json: bool) -> None:
    """Show what was sent: when, to whom (masked), what for, and whether it went out."""
    codes = {line.id: line.code for line in lines_in(outbox)} if outbox is not None else {}
    hub = open_ledger(ledger)
    with hub.store.reading() as reader:
        found = seen(reader, most, codes)
    hub.close()
    for one in found:
        click.echo(msgspec.json.encode(one).decode() if as_json else _line(one))
    if not found and not as_json:
        click.echo("Nothing.")


def _line(one: Sent) -> str:
    words = [f"{one.at[:19]}Z", f"{one.state:8}", f"{one.kind:9}", one.to, one.code, one.why]
    return "  ".join(filter(None, words))
