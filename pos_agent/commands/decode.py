"""`pos-agent decode`: read the barcodes in picture files."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from functools import partial

import click

from drivers.errors import DeviceError
from drivers.scanner.decode import Code, decode, decode_thoroughly, read_picture
from drivers.scanner.scan import NOT_UTF8
from drivers.scanner.symbology import WEAK
from drivers.scanner.wanted import USUAL, listed

PROGRESS_FROM = 5  # pictures; fewer are done before one looks


@click.command("decode")
@click.argument("images", nargs=-1, required=True, metavar="IMAGE...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per picture and line.")
@click.option("--thorough", is_flag=True, help="Look for every code, however long it takes; show weak readings too.")
@click.option("--symbologies", default=USUAL, show_default=True, help="Which, with commas: usual,upce,databar.")
def command(images: tuple[str, ...], as_json: bool, thorough: bool, symbologies: str) -> None:
    """Read the barcodes in pictures (PNG, JPEG, WebP).

    Each code is "strong" (checked against the picture, or correcting its own errors) or "weak". A weak one is
    shown only where nothing strong was found and two readings agree, or with --thorough. Reading stops at what
    is found first; --thorough goes on to the end.

    A code whose bytes are no UTF-8, and which doesn't say what else they are, is refused, as at the till;
    --thorough guesses at them, and marks that as weak.

    A picture that can't be read is told on the standard error; the others are read all the same, and the exit
    code is 1.

    Example: pos-agent decode --json --thorough photo.jpg
    """
    unreadable = False
    read = partial(decode_thoroughly if thorough else decode, wanted=_wanted(symbologies))
    for image in _with_progress(images):
        try:
            codes = read(read_picture(image))
        except DeviceError as error:
            unreadable = True
            click.echo(f"pos-agent: {_plain(str(error))}", err=True)
        else:
            click.echo(_json_line(image, codes) if as_json else _words(image, codes))
    sys.exit(1 if unreadable else 0)


def _wanted(symbologies: str) -> frozenset[str]:
    try:
        return listed(symbologies)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _with_progress(images: tuple[str, ...]) -> Iterable[str]:
    """A bar on the standard error, when somebody is there to see it and the answers go elsewhere."""
    if len(images) < PROGRESS_FROM or not sys.stderr.isatty() or sys.stdout.isatty():
        return images
    from rich.console import Console
    from rich.progress import track

    return track(images, description="Reading", console=Console(stderr=True), transient=True)


def _json_line(image: str, codes: tuple[Code, ...]) -> str:
    return json.dumps({"image": image, "codes": [_facts(code) for code in codes]})


def _facts(code: Code) -> dict[str, str]:
    facts = {"text": code.text, "symbology": code.symbology, "confidence": code.confidence}
    if code.addon:
        facts["addon"] = code.addon
    if code.guessed and code.confidence != WEAK:
        facts |= {"text": "", "refused": NOT_UTF8, "hex": code.raw.hex()}
    return facts


def _words(image: str, codes: tuple[Code, ...]) -> str:
    return f"{_plain(image)}: {', '.join(map(_code, codes)) or 'no code'}"


def _code(code: Code) -> str:
    if code.guessed and code.confidence != WEAK:
        return f"{code.symbology} refused: {NOT_UTF8} (its bytes: {code.raw.hex(' ')})"
    addon = f" + {code.addon}" if code.addon else ""
    return f"{code.symbology} {_plain(code.text)}{addon}" + (" (weak)" if code.confidence == WEAK else "")


def _plain(text: str) -> str:
    """Whatever a code or a file name holds, nothing of it may steer the terminal."""
    return "".join(char if char.isprintable() else f"<{ord(char):02X}>" for char in text)
