"""`pos-agent demo`: a day at the till on emulated devices, told on the terminal."""

from __future__ import annotations

import shutil
import sys
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from storage.lock import hold

if TYPE_CHECKING:
    from loyalty.programme import Language
    from pos_agent.demo.office import Office
    from pos_agent.demo.shop import Shop
    from pos_agent.demo.teller import Teller

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

    from pos_agent.demo.teller import Teller

    code = _photo_code(photo) if photo else None
    lock = _empty_folder(out)
    console = Console(highlight=False)
    ask = not headless and sys.stdin.isatty() and sys.stdout.isatty()
    wait = (lambda: _wait_for_key(console, language)) if ask else (lambda: None)
    teller = Teller(console, out / "story.txt", language, wait)
    chosen = ["alenka", "perekrestok"] if programme == "both" else [programme]
    try:
        right = _play(chosen, out, teller, photo, code, stay=ask)
    finally:
        teller.close()
        lock.close()
    sys.exit(0 if right else 1)


def _play(programmes: list[str], out: Path, teller: Teller, photo: Path | None, code: str | None, stay: bool) -> bool:
    """All stories over one hub, each with its table; then, where somebody is there to see it, the shops stay open."""
    from pos_agent.demo.office import Office, StoryFailed
    from pos_agent.demo.processes import ProcessFailed

    with ExitStack() as running:
        try:
            office = Office(out)
            running.callback(office.close)
            # The picture's card is one number, so it can be a member's in one programme only: the first.
            days = [_one(programmes[0], out, office, teller, photo, code, stay, running)]
            days += [_one(programme, out, office, teller, None, None, stay, running) for programme in programmes[1:]]
            if stay:
                _stay_open([shop for shop, _ in days], teller)
            return all(agree for _, agree in days)
        except (ProcessFailed, StoryFailed) as error:
            teller.trouble(f"The story broke: {error}", f"История прервалась: {error}")
            return False


def _stay_open(shops: list[Shop], teller: Teller) -> None:
    """Until Ctrl-C: what is killed comes back."""
    from pos_agent.demo.shop import POLL_S

    try:
        for shop in shops:
            _tell_addresses(shop, teller)
        teller.line("All of it keeps running. Ctrl-C ends it.", "Всё это работает и дальше. Закончить — Ctrl-C.")
        while True:
            for shop in shops:
                shop.mend()
            time.sleep(POLL_S)
    except KeyboardInterrupt:
        teller.line("Closing.", "Закрываемся.")


def _tell_addresses(shop: Shop, teller: Teller) -> None:
    teller.console.print()
    teller.line(f"The pages of till {shop.programme}-1:", f"Страницы кассы {shop.programme}-1:")
    teller.address("The emulated till", "Эмулируемая касса", shop.link("cashier", emulator=True))
    teller.address("The cashier's page", "Страница кассира", shop.link("cashier"))
    teller.address("The guest's display", "Экран гостя", shop.link("guest"))
    more = f"pos-agent page --config {shop.settings}"
    teller.line(f"Each link opens once; for another: {more}", f"Каждая ссылка — на один раз; ещё одна: {more}")


def _one(
    id: str,
    out: Path,
    office: Office,
    teller: Teller,
    photo: Path | None,
    code: str | None,
    stay: bool,
    running: ExitStack,
) -> tuple[Shop, bool]:
    """A day of one shop, and whether its balances agree. The shop is closed with `running`, or at once."""
    from config.programmes import load_programme
    from pos_agent.demo.carried import carried, minted
    from pos_agent.demo.cashier import Cashier
    from pos_agent.demo.cast import Cast
    from pos_agent.demo.shop import Shop
    from pos_agent.demo.story import Story
    from pos_agent.demo.table import balances, drawn

    programme = load_programme(id)
    shop, cast = Shop(id, out / id, office, teller), Cast(programme, code)
    with ExitStack() as at_once:
        (running if stay else at_once).callback(shop.close)
        shop.hand_out(carried(programme, cast, teller.language))
        story = Story(shop, Cashier(shop, programme.day(datetime.now(UTC)).isoformat()), programme, cast, photo)
        story.play()
        status = shop.wait("the end", lambda _: True)
        rows = balances(story)
        books = office.ask("verify")
        if stay:
            shop.hand_out(carried(programme, cast, teller.language, minted(programme, office, teller.language)))
    teller.console.print()
    teller.console.print(drawn(rows, programme.name(teller.language), teller.language))
    teller.line(
        f"pos-hub verify: {books['operations']} operations, {books['entries']} entries. The books are right.",
        f"pos-hub verify: операций {books['operations']}, проводок {books['entries']}. Книги верны.",
    )
    teller.line(f"Receipts as PNG and text: {shop.papers}", f"Чеки в PNG и тексте: {shop.papers}")
    for refused in status.refused:
        teller.trouble(
            f"The hub refused operation {refused.sequence}: {refused.reason}",
            f"Хаб отклонил операцию {refused.sequence}: {refused.reason}",
        )
    agree = all(row.agrees for row in rows)
    return shop, agree and not status.refused and status.outbox == 0


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
