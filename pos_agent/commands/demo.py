"""`pos-agent demo`: a day at the till on emulated devices, told on the terminal."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from storage.lock import hold

if TYPE_CHECKING:
    from loyalty.programme import Language

OURS = ".pos-agent-demo"  # marks a folder that an earlier demo made, and that this one may empty


@click.command(name="demo")
@click.option("--headless", is_flag=True, help="Do not wait for keys (what happens by itself without a terminal).")
@click.option(
    "--programme",
    type=click.Choice(["alenka", "perekrestok", "both"]),
    default="both",
    show_default=True,
    help="Whose day.",
)
@click.option(
    "--photo", type=click.Path(path_type=Path), help="A picture of a barcode: its code becomes a member's card."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("demo-out"),
    show_default=True,
    help="Where receipts (PNG and text), databases and logs go.",
)
@click.option("--language", type=click.Choice(["en", "ru"]), default="en", show_default=True, help="Of the story.")
def command(headless: bool, programme: str, photo: Path | None, out: Path, language: Language) -> None:
    """Play a day at the till: hub, agent and emulated devices run as real processes on this machine.

    A card is read from a picture by the camera, points are earned and redeemed, a coupon comes twice, a card is issued,
    registered, lost and reissued, the network is cut, the agent is killed. At the end the balances at the till, at the
    hub and on paper must agree: only then the exit code is 0.

    On a terminal everything keeps running then, with links to the pages of each till, until Ctrl-C.

    Pull a device while it plays: `kill -9` a number from processes.json in the output folder.
    """
    from rich.console import Console

    from pos_agent.demo.playing import play
    from pos_agent.demo.teller import Teller

    code = _photo_code(photo) if photo else None
    lock = _empty_folder(out)
    console = Console(highlight=False)
    ask = not headless and sys.stdin.isatty() and sys.stdout.isatty()
    wait = (lambda: _wait_for_key(console, language)) if ask else (lambda: None)
    teller = Teller(console, out / "story.txt", language, wait)
    chosen = ["alenka", "perekrestok"] if programme == "both" else [programme]
    try:
        right = play(chosen, out, teller, photo, code, stay=ask)
    finally:
        teller.close()
        lock.close()
    sys.exit(0 if right else 1)


def _photo_code(photo: Path) -> str:
    """The code on the picture; anything else ends the demo in one line."""
    from drivers.scanner.decode import decode, read_picture

    codes = decode(read_picture(photo))
    if not codes:
        sys.exit(f"pos-agent: no barcode was found in {photo}. Try a sharper or larger picture.")
    return codes[0].text


def _empty_folder(out: Path) -> TextIO:
    """A fresh folder; one that is not ours is never emptied."""
    if out.exists() and any(out.iterdir()) and not (out / OURS).exists():
        sys.exit(f"pos-agent: {out} has files that the demo did not make. Choose another folder with --out.")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        sys.exit(f"pos-agent: {out} cannot be made: {error.strerror}. Choose another folder with --out.")
    lock = hold(out / OURS, "demo")
    for old in out.iterdir():
        if old.name != OURS:
            shutil.rmtree(old) if old.is_dir() and not old.is_symlink() else old.unlink()
    return lock


def _wait_for_key(console: object, language: str) -> None:
    click.echo("   Press a key for the next scene …" if language == "en" else "   Дальше — любая клавиша …")
    if click.getchar() in ("\x03", "\x04"):  # some terminals give Ctrl-C and Ctrl-D as characters
        raise KeyboardInterrupt
