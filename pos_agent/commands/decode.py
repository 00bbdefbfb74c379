"""`pos-agent decode`: read the barcodes in picture files."""

from __future__ import annotations

import json
import sys

import click

from drivers.errors import DeviceError
from drivers.scanner.decode import Code, decode, read_picture


@click.command("decode")
@click.argument("images", nargs=-1, required=True, metavar="IMAGE...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per picture and line.")
def command(images: tuple[str, ...], as_json: bool) -> None:
    """Read the barcodes in pictures (PNG, JPEG, WebP).

    A picture that can't be read is told on the standard error; the others are read all the same, and the exit
    code is 1.
    """
    unreadable = False
    for image in images:
        try:
            codes = decode(read_picture(image))
        except DeviceError as error:
            unreadable = True
            click.echo(f"pos-agent: {_plain(str(error))}", err=True)
        else:
            click.echo(_json_line(image, codes) if as_json else _words(image, codes))
    sys.exit(1 if unreadable else 0)


def _json_line(image: str, codes: tuple[Code, ...]) -> str:
    found = [{"text": code.text, "symbology": code.symbology} for code in codes]
    return json.dumps({"image": image, "codes": found})


def _words(image: str, codes: tuple[Code, ...]) -> str:
    found = ", ".join(f"{code.symbology} {_plain(code.text)}" for code in codes)
    return f"{_plain(image)}: {found or 'no code'}"


def _plain(text: str) -> str:
    """Whatever a code or a file name holds, nothing of it may steer the terminal."""
    return "".join(char if char.isprintable() else f"<{ord(char):02X}>" for char in text)
