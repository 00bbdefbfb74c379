"""`pos-agent emulate printer`: a receipt printer without a printer."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

import click

from drivers.printer.emulator.server import ORDERS, PrinterServer


@click.command("printer", epilog=f"Orders: {', '.join(ORDERS)}; at BYTES ORDER.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=9100, show_default=True, help="0: any free one.")
@click.option("--columns", type=click.IntRange(16, 96), default=42, show_default=True, help="Letters in a line.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("receipts"),
    show_default=True,
    help="Where cut receipts fall, as text and PNG.",
)
@click.option("--kanji", is_flag=True, help="Start with two-byte characters on, as Chinese clones do.")
@click.option("--no-process-id", is_flag=True, help="Do not know GS ( H, as many clones do not.")
@click.option("--paper-out", is_flag=True, help="Start without paper.")
@click.option("--cover-open", is_flag=True, help="Start with the cover open.")
@click.option("--silent", is_flag=True, help="Answer nothing.")
def command(
    host: str,
    port: int,
    columns: int,
    out: Path,
    kanji: bool,
    no_process_id: bool,
    paper_out: bool,
    cover_open: bool,
    silent: bool,
) -> None:
    """An ESC/POS printer on a TCP port that keeps its paper as files, and answers as a real one does.

    Once ready it says so in one line of JSON. Every line of the standard input is an order, answered by a line
    of JSON on the standard output.
    """
    try:
        printer = PrinterServer(out, columns=columns, host=host, port=port, kanji=kanji, process_id=not no_process_id)
    except OSError as error:
        sys.exit(f"pos-agent: cannot start a printer at {host}:{port} with {out}: {error.strerror or error}")
    printer.machine.set(paper_out=paper_out, cover_open=cover_open, silent=silent)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: printer.stop())
    tell({"ready": "printer", "url": printer.url, "out": str(out)})
    printer.serve(control=sys.stdin.buffer, told=lambda line, error: tell({"order": line, "error": error}))


def tell(message: dict[str, str]) -> None:
    try:
        click.echo(json.dumps(message, ensure_ascii=False))
        sys.stdout.flush()
    except BrokenPipeError:  # nobody reads any more; the printer goes on
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
