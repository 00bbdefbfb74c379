"""`pos-agent`: the commands of the till, one file each in pos_agent/commands/.

A command's file is imported only when it is called, so that `--help` and short commands never pay for OpenCV.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib import import_module
from typing import Any, NoReturn

import click

from config.programmes import ProgrammeError
from config.settings import SettingsError
from drivers.errors import DeviceError
from storage.discreet import log_discreetly
from storage.private import private_from_now_on
from storage.sqlite_file import FileError

# name → (module, one line for the list of commands). Each module has a click command called `command`.
COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("pos_agent.commands.demo", "A day at the till on emulated devices, told on the terminal."),
    "run": ("pos_agent.commands.run", "Run the till's agent."),
    "join": ("pos_agent.commands.join", "Join the hub, with a code from the office."),
    "page": ("pos_agent.commands.page", "A one-time link to the cashier's page, or to the guest's side."),
    "status": ("pos_agent.commands.status", "What a running agent believes of its devices, the hub and its papers."),
    "damage": ("pos_agent.commands.damage", "Files of the till that were damaged, and operations that are lost."),
    "audit": ("pos_agent.commands.audit", "Who did what at this till, and is the log as it was written?"),
    "members": ("pos_agent.commands.members", "Wait, with a bar, while members come from the hub."),
    "settings": ("pos_agent.commands.settings", "Settings that the office proposes: the difference; take or leave it."),
    "openapi": ("pos_agent.commands.openapi", "The till's HTTP face as OpenAPI 3.1."),
    "conformance": ("pos_agent.commands.conformance", "Does what answers there behave as a till's face must?"),
    "token": ("pos_agent.commands.token", "A token for a POS with a name of its own."),
    "devices": ("pos_agent.commands.devices", "What is plugged in, with the URLs for the settings."),
    "doctor": ("pos_agent.commands.doctor", "Try what is plugged in: what it is, what it does, what to set."),
    "share": ("pos_agent.commands.share", "Devices that the till shares with the shop's POS."),
    "scan": ("pos_agent.commands.scan", "Show live what a scanner delivers; send it settings."),
    "record": ("pos_agent.commands.record", "Record what a device says; the emulators play it again."),
    "reprint": ("pos_agent.commands.reprint", "A copy of a receipt: of the last one, or of any sale."),
    "report": ("pos_agent.commands.report", "The points report of a shop day, on paper or on the terminal."),
    "printer": ("pos_agent.commands.printer", "For the fitter: state, test page, code page, any paper."),
    "preview": ("pos_agent.commands.preview", "A paper on the terminal or as PNG, without any printer."),
    "decode": ("pos_agent.commands.decode", "Read the barcodes in pictures."),
    "quote": ("pos_agent.commands.quote", "Work receipts out: limit, discounts, accrual. JSON in, JSON out."),
    "reverse": ("pos_agent.commands.reverse", "Undo sales in parts: returns, exact to the kopeck and point."),
    "programme": ("pos_agent.commands.programme", "Check programme files and show programmes."),
    "emulate": ("pos_agent.commands.emulate", "A scanner, a camera or a printer without the device."),
    "render": ("pos_agent.commands.render", "What a printer would make of a file of ESC/POS bytes."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(COMMANDS[cmd_name][0]).command
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except OSError as error:  # click would end without a word where the reader of a pipe is gone
            end(error)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="pos-agent")
def cli() -> None:
    """The loyalty programme at the till: scanner, receipt printer, points, with or without a network.

    Start with `pos-agent demo`: a hub, a till and emulated devices play a day at the till.
    """


def main() -> None:
    """Run a command; a fault of the world becomes one clear line and exit code 1, never a traceback."""
    open_closed_streams()
    private_from_now_on()
    log_discreetly()
    try:
        try:
            cli()
        finally:
            sys.stdout.flush()  # while somebody can still tell that the disk is full
    except (DeviceError, FileError, ProgrammeError, SettingsError) as error:
        sys.exit(f"pos-agent: {error}")
    except OSError as error:
        end(error)


def open_closed_streams() -> None:
    """A stream that the caller closed is None; it becomes the null device.

    In this order each takes its own number again, which otherwise the next file to be opened would get: a ledger
    with the number of the standard output would receive all that is said there.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115


def end(error: OSError) -> NoReturn:
    """What could not be written stays unwritten: the interpreter would try once more at the end, and complain."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    where = f"{error.filename}: " if error.filename else ""
    sys.exit(f"pos-agent: {where}{error.strerror or error}")
