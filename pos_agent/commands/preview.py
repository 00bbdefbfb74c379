"""`pos-agent preview`: a paper on the terminal or as a picture, without any printer."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pos_agent.commands.options import config_option, settings_if_any

if TYPE_CHECKING:
    from drivers.printer.document import Document
    from drivers.printer.profile import PrinterProfile

DOCUMENT_MAX_BYTES = 4_000_000  # a receipt of a thousand lines is a tenth of that


@click.command(name="preview")
@click.argument("file", required=False, metavar="[FILE|-]")
@click.option("--sale", help="The stored receipt of this sale, of the till of these settings.")
@click.option("--day", metavar="YYYY-MM-DD", help="The sale's shop day; today if left out.")
@click.option("--png", type=click.Path(path_type=Path, dir_okay=False), metavar="OUT", help="Draw it into this file.")
@click.option("--model", default=None, help="A printer model or a .toml file; the settings' own, or default.")
@config_option
def command(
    file: str | None, sale: str | None, day: str | None, png: Path | None, model: str | None, path: Path
) -> None:
    """Show a paper as it would come out: a document as JSON (FILE, or - for standard input), or a stored receipt.

    \b
      pos-agent preview docs/examples/receipt.json --model xprinter-58
      pos-agent preview --sale 1042 --day 2026-03-02 --png receipt.png
    """
    if (file is None) == (sale is None):
        raise click.UsageError("give a FILE with a document, or --sale")
    document = _read(file) if file is not None else _stored(path, str(sale), day)
    profile = _profile(model, path)
    if png is None:
        _show(document, profile)
    else:
        _draw(document, profile, png)


def _read(file: str) -> Document:
    from drivers.printer.document import from_json

    try:
        with click.open_file(file, "rb") as stream:
            data = stream.read(DOCUMENT_MAX_BYTES + 1)
    except OSError as error:
        sys.exit(f"pos-agent: {file} cannot be read: {error.strerror}.")
    if len(data) > DOCUMENT_MAX_BYTES:
        sys.exit(f"pos-agent: {file} is longer than {DOCUMENT_MAX_BYTES} bytes: no receipt is.")
    try:
        return from_json(data)
    except ValueError as error:
        sys.exit(f"pos-agent: {file} is no document: {error}. docs/examples/receipt.json is one.")


def _stored(path: Path, sale: str, day: str | None) -> Document:
    from config.programmes import load_programme
    from config.settings import load_settings
    from drivers.printer.document import Document, Text, from_json
    from loyalty.operation import zone_of
    from loyalty.paper.words import TRAINING
    from offline_cache.stored_receipt import NoReceipt, stored_receipt
    from pos_agent.parts import store_of

    settings = load_settings(path)
    zone = zone_of(store_of(settings), load_programme(settings.programme).timezone)
    day = day or datetime.now(zone).date().isoformat()
    try:
        stored = from_json(stored_receipt(settings.kept_in / "till.db", day, sale))
    except NoReceipt as none:
        sys.exit(f"pos-agent: till {settings.till} has {none}.")
    heading = (Text(TRAINING[settings.receipt_language], align="center", bold=True),) if settings.training else ()
    return Document((*heading, *stored.blocks))


def _profile(model: str | None, path: Path) -> PrinterProfile:
    from config.printers import load_printer

    settings = settings_if_any(path) if model is None else None
    if settings is not None and settings.printer is not None:
        model = settings.printer.model
    try:
        return load_printer(model) if model else load_printer()
    except ValueError as error:
        sys.exit(f"pos-agent: {error}")


def _show(document: Document, profile: PrinterProfile) -> None:
    from drivers.printer.preview import render

    click.echo("\n".join(render(document, profile)))


def _draw(document: Document, profile: PrinterProfile, png: Path) -> None:
    from pos_agent.paper_picture import papers_of, picture_of

    try:
        papers = papers_of(document, profile)
        if not papers:
            sys.exit("pos-agent: the document has nothing to print.")
        picture_of(papers).save(png, format="PNG")
    except (OSError, ValueError) as error:
        sys.exit(f"pos-agent: {png} was not drawn: {error}")
    click.echo(str(png))
