"""`pos-agent printer`: for whoever sets a printer up. Its state, a test page, its code page, any paper."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pos_agent.commands.options import config_option, settings_if_any

if TYPE_CHECKING:
    from drivers.printer.document import Document
    from drivers.printer.printer import PrintOutcome
    from drivers.printer.probe import Findings
    from drivers.printer.profile import PrinterProfile

FILE_MAX_BYTES = 200_000  # 3 m of paper are 30 KB
LINES_MAX = 600  # about 2 m of paper: more is a wrong file
HELD = (
    "A printer serves one program at a time: if the agent of this till is running, it holds the printer. "
    "Stop it first (`pos-agent status` shows what it knows of the printer)."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The printer a command is about."""

    url: str
    profile: PrinterProfile
    settings: Path | None  # where its line in the settings stands

    @property
    def answer_deadline_s(self) -> float:
        return self.profile.answer_deadline_ms / 1000


def target_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--url and --model, or --config."""
    for option in (
        config_option,
        click.option("--model", help="A printer model or a .toml file; the settings' own, or default."),
        click.option("--url", help="The printer; the settings' own if left out."),
    ):
        command = option(command)
    return command


def target(url: str | None, model: str | None, path: Path) -> Target:
    from config.printers import DEFAULT, load_printer
    from config.settings import load_settings

    settings = settings_if_any(path) if url is not None else load_settings(path)
    own = settings.printer if settings is not None else None
    if url is None and own is None:
        sys.exit(f"pos-agent: {path} has no [printer]. Give --url.")
    try:
        profile = load_printer(model or (own.model if own is not None and url in (None, own.url) else DEFAULT))
    except ValueError as error:
        sys.exit(f"pos-agent: {error}")
    return Target(url=url or (own.url if own else ""), profile=profile, settings=path if own else None)


@click.group("printer")
def command() -> None:
    """Set a printer up: look at its state, print a test page, find its code page, print any paper.

    \b
      pos-agent printer status --url tcp://192.168.0.20:9100
      pos-agent printer test --url serial:///dev/ttyUSB0?baud=9600 --model xprinter-58
    """


@command.command("status")
@target_options
@click.option("--bytes", "with_bytes", is_flag=True, help="What was asked and answered, in hexadecimal.")
def status(url: str | None, model: str | None, path: Path, with_bytes: bool) -> None:
    """Ask the printer how it is and who it is. Nothing is printed.

    \b
      pos-agent printer status --url tcp://192.168.0.20:9100 --bytes
    """
    from drivers.printer.probe import probing
    from drivers.printer.status import PrinterStatus

    printer = target(url, model, path)
    with probing(printer.url, printer.answer_deadline_s) as probe:
        found = probe.look()
    click.echo(f"{printer.url}: {found.status.line('en')}")
    if found.maker or found.model:
        click.echo(f"It says that it is: {' '.join(filter(None, (found.maker, found.model)))}")
    if with_bytes:
        _show_bytes(found)
    if found.status is PrinterStatus.NOT_A_PRINTER:
        sys.exit(f"pos-agent: {strangers(found.stranger, printer.url)}")
    if found.late_s is not None:
        sys.exit(f"pos-agent: {late(found.late_s, printer.profile)}")
    if found.status is PrinterStatus.SILENT:
        sys.exit(f"pos-agent: not one answer. {HELD}")
    sys.exit(0 if found.status.prints else 1)


def _show_bytes(found: Findings) -> None:
    for asked in found.asked:
        click.echo(f"{asked.name:<26} {asked.sent.hex(' '):<9} → {asked.answered.hex(' ') or 'nothing'}")


@command.command("test")
@target_options
@click.option("--drawer", is_flag=True, help="Also open the cash drawer.")
def test(url: str | None, model: str | None, path: Path, drawer: bool) -> None:
    """Print a test page: width, letters, styles, codes, knife. Say whether the printer proved it.

    \b
      pos-agent printer test --config pos-agent.toml
    """
    from pos_agent.trial_page import trial_page

    printer = target(url, model, path)
    _print(printer, trial_page(printer.profile, drawer=drawer))


@command.command("print")
@click.argument("file", metavar="FILE")
@target_options
def print_file(file: str, url: str | None, model: str | None, path: Path) -> None:
    """Print FILE: a document as JSON (docs/examples/receipt.json), or plain text in UTF-8. - is standard input.

    \b
      echo 'Перерыв до 14:00' | pos-agent printer print - --config pos-agent.toml
    """
    _print(target(url, model, path), _document(file))


def strangers(words: str, url: str) -> str:
    """What is no printer: how it is known, and what helps."""
    help = "Check the address and the port; most printers listen on port 9100."
    if url.removeprefix("spy+").startswith("serial:"):
        help = "Check the device, and the speed (baud=N in the URL): of another one only noise is heard."
    held = f" {HELD}" if "busy" in words.lower() else ""
    return f"what answers here is no printer: {words}. {help}{held}"


def late(late_s: float, profile: PrinterProfile) -> str:
    """It answers, but later than its profile allows."""
    wanted_ms = max(round(late_s * 2000), 1)  # twice as long, for its slower moments
    return (
        f"it does answer, but after {late_s:.1f} s; {profile.name} gives it {profile.answer_deadline_ms / 1000:.1f} s. "
        f"A print server between? Set answer_deadline_ms = {wanted_ms} in a profile of your own."
    )


def not_sent(outcome: PrintOutcome, url: str, words: str) -> str:
    """Why, and what helps: who else may hold a printer matters only when that printer says nothing."""
    from drivers.printer.status import PrinterStatus

    line = outcome.status.line("en")
    if outcome.status is PrinterStatus.NOT_A_PRINTER:
        return strangers(words, url)
    if outcome.status is PrinterStatus.SILENT:
        return f"{line} {HELD}"
    away = outcome.status in (PrinterStatus.UNPLUGGED, PrinterStatus.HELD)
    return f"{line} {outcome.cause}" if away else line


def not_proved(outcome: PrintOutcome, profile: PrinterProfile) -> str:
    """Why the page may not be whole, and what helps. That a printer does not know its proof is thought of last: only
    where it says that it is well."""
    from drivers.printer.attempt import PrintResult
    from drivers.printer.status import PrinterStatus

    line = outcome.status.line("en")
    if outcome.result is PrintResult.INTERRUPTED:
        return f"the printer stopped in the middle, and the rest will not come out. {line} Then print it again."
    if outcome.status is PrinterStatus.UNPLUGGED:
        return f"the connection broke in the middle: {outcome.cause} Look at the paper."
    if outcome.status is PrinterStatus.SILENT:
        return (
            f"the printer fell silent in the middle ({outcome.cause}). Look at the paper, then at its cable and power."
        )
    if not outcome.status.prints:
        return f"the printer stopped in the middle. {line} It may print the rest then: look at the paper."
    return (
        f"not proved ({outcome.cause}). Look at the paper; if it is whole, this printer may not know "
        f'{profile.proof}: try proof = "gs_r", then "none", in a profile of your own.'
    )


def _print(printer: Target, document: Document) -> None:
    from drivers.printer.attempt import PrintResult
    from drivers.printer.by_hand import print_out
    from drivers.printer.printer import Printer

    driver = Printer(printer.url, printer.profile)
    try:
        outcome = print_out(driver, document, "TEST")
    finally:
        driver.close()
    if outcome.result is PrintResult.PRINTED:
        click.echo(f"Printed; the printer has proved it ({printer.profile.proof}).")
    elif outcome.result is PrintResult.NOT_SENT:
        sys.exit(f"pos-agent: nothing was sent: {not_sent(outcome, printer.url, driver.stranger)}")
    elif printer.profile.proof == "none":
        click.echo("Sent. This model proves nothing: look at the paper.")
    else:
        sys.exit(f"pos-agent: {not_proved(outcome, printer.profile)}")


def _document(file: str) -> Document:
    from drivers.printer.document import from_json

    try:
        with click.open_file(file, "rb") as stream:
            data: bytes = stream.read(FILE_MAX_BYTES + 1)
    except OSError as error:
        sys.exit(f"pos-agent: {file} cannot be read: {error.strerror}.")
    if len(data) > FILE_MAX_BYTES:
        sys.exit(f"pos-agent: {file} is longer than {FILE_MAX_BYTES} bytes: that is no paper.")
    try:
        text = data.decode("utf-8-sig")
        return from_json(text.encode()) if file.endswith(".json") or text.startswith("{") else _plain(text)
    except UnicodeDecodeError:
        sys.exit(f"pos-agent: {file} is not text in UTF-8.")
    except ValueError as error:
        sys.exit(f"pos-agent: {file} is no document: {error}.")


def _plain(text: str) -> Document:
    """Plain text, a line a line, and a cut."""
    from drivers.printer.document import Cut, Document, Feed, Text

    lines = text.splitlines()
    if not any(line.strip() for line in lines):
        raise ValueError("it is empty")
    if len(lines) > LINES_MAX:
        raise ValueError(f"it has {len(lines)} lines, more than {LINES_MAX}")
    return Document((*(Text(line) if line.strip() else Feed() for line in lines), Cut()))


def _slots(_context: click.Context, _option: click.Parameter, text: str) -> range:
    """A range like 0-75, or one number."""
    from drivers.printer.codepages import SLOT_MAX

    first, _, last = text.partition("-")
    try:
        slots = range(int(first), int(last or first) + 1)
    except ValueError:
        raise click.BadParameter(f"{text!r}: write it like 0-75") from None
    if not slots or slots[0] < 0 or slots[-1] > SLOT_MAX:
        raise click.BadParameter(f"{text!r}: slots are 0 to {SLOT_MAX}")
    return slots


@command.command("codepages")
@target_options
@click.option("--slots", callback=_slots, default="0-75", show_default=True, help="Which slots to print.")
@click.option("--slot", type=click.IntRange(0, 255), help="The slot that was readable: print nothing, store it.")
@click.option("--codepage", help="The column in which it was readable, such as cp866.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The profile to write; printer.toml in the till's data folder if left out, without settings here.",
)
def codepages(
    url: str | None,
    model: str | None,
    path: Path,
    slots: range,
    slot: int | None,
    codepage: str | None,
    out: Path | None,
) -> None:
    """Find the code page by eye: print a table of slots, say which line is readable, get a profile for the settings.

    The profile is a copy of the model with the slot and the code page changed. Most printers have cp866 in slot 17.

    \b
      pos-agent printer codepages --config pos-agent.toml
      pos-agent printer codepages --config pos-agent.toml --slot 59 --codepage cp866    # known already
    """
    printer = target(url, model, path)
    if (slot is None) != (codepage is None):
        raise click.UsageError("--slot and --codepage belong together")
    if slot is None:
        _print_table(printer, slots)
        slot, codepage = _ask_which(printer)
    _store(printer, slot, str(codepage), out)


def _print_table(printer: Target, slots: range) -> None:
    from drivers.printer.codepages import columns_shown, slots_table
    from drivers.printer.probe import probing
    from drivers.printer.status import PrinterStatus

    with probing(printer.url, printer.answer_deadline_s) as probe:
        found = probe.look(late_max_s=0)
        if found.status is PrinterStatus.NOT_A_PRINTER:
            sys.exit(f"pos-agent: {strangers(found.stranger, printer.url)}")
        if found.status is PrinterStatus.SILENT and printer.profile.proof != "none":
            sys.exit(f"pos-agent: {printer.url} does not answer, nothing was sent. {HELD}")
        if not found.status.prints and found.status not in (PrinterStatus.SILENT, PrinterStatus.UNKNOWN):
            sys.exit(f"pos-agent: {found.status.line('en')}")
        done = probe.print_bytes(slots_table(slots, columns_shown(printer.profile.columns)))
    click.echo("Printed." if done else "Sent; the printer does not say whether it is done. Look at the paper.")


def _ask_which(printer: Target) -> tuple[int, str]:
    from drivers.printer.codepages import SAMPLE, columns_shown

    if not sys.stdin.isatty():
        click.echo(f"Where «{SAMPLE}» is readable, say so with --slot N --codepage NAME.")
        sys.exit(0)
    slot: int = click.prompt(f"On which line is «{SAMPLE}» readable", type=click.IntRange(0, 255))
    codepage: str = click.prompt("In which column", type=click.Choice(columns_shown(printer.profile.columns)))
    return slot, codepage


def _store(printer: Target, slot: int, codepage: str, out: Path | None) -> None:
    from config.printers import toml_of

    out = out or _beside(printer)
    if out.suffix != ".toml":
        sys.exit(f"pos-agent: {out} must end in .toml, or the settings would take it for a model's name.")
    try:
        profile = replace(printer.profile, slot=slot, codepage=codepage)
        out.parent.mkdir(parents=True, exist_ok=True)
        head = f"# {printer.profile.name}, with the code page found on this very printer.\n"
        out.write_text(head + toml_of(profile), encoding="utf-8")
    except (OSError, ValueError) as error:
        sys.exit(f"pos-agent: {out} was not written: {error}")
    folder = printer.settings.parent if printer.settings else Path()
    click.echo(f"{out} is written. In the settings, under [printer]:")
    click.echo(f'model = "{Path(os.path.relpath(out, folder)).as_posix()}"')


def _beside(printer: Target) -> Path:
    """In the till's data folder, which is the till's own."""
    from config.settings import load_settings

    return Path(load_settings(printer.settings).data if printer.settings else "") / "printer.toml"
