"""`pos-agent render`: what a printer would make of a file of ESC/POS bytes."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from drivers.printer.emulator.models import DEFAULT_MODEL, MODELS
from drivers.printer.emulator.paper import Paper
from drivers.printer.emulator.rendering import Rendering, rendered

FILE_MAX_BYTES = 64 << 20  # a day of receipts; more is a wrong file
CUT = "- - 8< - -"


@click.command("render", epilog="Example: pos-agent render receipt.bin --columns 48 --png receipt.png --text")
@click.argument("file", metavar="FILE")
@click.option("--png", type=click.Path(path_type=Path, dir_okay=False), metavar="OUT", help="Draw it: OUT, OUT-2 ...")
@click.option("--text", is_flag=True, help="Show it as a column grid; what you get without any other option.")
@click.option("--commands", is_flag=True, help="List the commands with their offsets, and all that was odd.")
@click.option("--columns", type=click.IntRange(16, 96), default=42, show_default=True, help="32, 42, 48: real papers.")
@click.option(
    "--codepage-slot-table",
    "--model",
    "model",
    type=click.Choice(list(MODELS)),
    default=DEFAULT_MODEL,
    show_default=True,
    help="The printer's model: whose slots ESC t selects.",
)
def command(file: str, png: Path | None, text: bool, commands: bool, columns: int, model: str) -> None:
    """Print a file of ESC/POS bytes on virtual paper. FILE may be - for the standard input.

    A line that no line feed ended is not on the paper, as with a real printer; that is told on the standard error.
    """
    done = rendered(bytes_of(file), columns=columns, model=model)
    if commands:
        click.echo("".join(line + "\n" for line in done.commands), nl=False)
    if text or not (commands or png):
        click.echo(text_of(done), nl=False)
    if png is not None:
        draw(done.papers, png)
    if done.waiting:
        click.echo(f"pos-agent: not on the paper: {done.waiting}", err=True)


def bytes_of(file: str) -> bytes:
    try:
        with click.open_file(file, "rb") as stream:
            data: bytes = stream.read(FILE_MAX_BYTES + 1)
    except OSError as error:
        sys.exit(f"pos-agent: cannot read {file}: {error.strerror or error}")
    if len(data) > FILE_MAX_BYTES:
        sys.exit(f"pos-agent: {file} is larger than {FILE_MAX_BYTES >> 20} MB")
    return data


def text_of(done: Rendering) -> str:
    return f"{CUT}\n".join("".join(line + "\n" for line in paper.lines()) for paper in done.papers)


def draw(papers: list[Paper], png: Path) -> None:
    from drivers.printer.emulator.picture import picture

    if not papers:
        sys.exit(f"pos-agent: nothing was printed, {png} is not written")
    for number, paper in enumerate(papers, 1):
        path = png if number == 1 else png.with_stem(f"{png.stem}-{number}")
        try:
            picture(paper).save(path, format="PNG")
        except OSError as error:
            sys.exit(f"pos-agent: cannot write {path}: {error.strerror or error}")
