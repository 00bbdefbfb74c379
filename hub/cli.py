"""`pos-hub`: the programme's ledger of points behind all tills, and the office's commands on it.

A command's file is imported only when it is called: each of them would pay for all others.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Final

import click

from storage.discreet import log_discreetly
from storage.private import private_from_now_on

# name → (module of hub/commands, what the command is called in it, one line for the list of commands)
COMMANDS: Final[dict[str, tuple[str, str, str]]] = {
    "database": ("database", "database", "A PostgreSQL server under the ledger, in place of one file."),
    "account": (
        "account",
        "account",
        "The members' account: the program (`pos-account serve`) that members' browsers talk to.",
    ),
    "audit": ("audit", "audit", "The log of acts: who asked what of the desk."),
    "card": ("card", "card", "A member's card on his phone."),
    "cards": ("cards", "cards", "Blank cards: made in batches, received by a store, issued one by one at its tills."),
    "cases": ("cases", "cases", "Receipts, refusals and tills that a person looks at."),
    "certificate": ("certificates", "certificate", "Gift certificates: what is on one, and what happened to it."),
    "holds": ("holds", "holds", "Points that tills have reserved for receipts which are not paid yet."),
    "jobs": ("jobs", "jobs", "What the clock makes due: points that died, birthdays, holds that ran out."),
    "staff": ("staff", "staff", "Who works in the shops and in the office."),
    "store": ("stores", "store", "Stores, and of whom their tills are told."),
    "till": ("till_settings", "till", "The chain's tills: which of them may speak to the hub."),
    "key": ("keys", "key", "The hub's own keys."),
    "exposed": (
        "exposed",
        "exposed_command",
        "Whose data a till held that was lost: for those who must be told of a leak.",
    ),
    "goods": ("goods", "goods", "What the chain sells: tills are told of it."),
    "programme": (
        "programmes",
        "programme",
        "The chain's own programmes: check a file, publish it from a moment on, see what is in force.",
    ),
    "import": (
        "import_file",
        "import_command",
        "Take members from a table, or what else files bring (--as), also while the hub serves tills.",
    ),
    "receipts": ("receipts", "receipts", "Receipts of the system that the shop had before."),
    "export": ("export", "export", "A day or a month for accounting."),
    "report": ("report", "report", "What members are owed, and what legal entities owe each other."),
    "backup": ("backup", "backup", "Copy the ledger to FILE, also while the hub serves tills."),
    "restore": ("backup", "restore", "Put the copy in FILE in the ledger's place, with the hub stopped."),
    "member": ("members", "member", "Find members, look at them, and do what the office decides about them."),
    "register": (
        "register",
        "register",
        "Register a member: the card may redeem from now on, and the welcome grant is given once.",
    ),
    "grant": (
        "grants",
        "grant",
        "Give points to one member or to many; list such gifts, and undo one while it is unspent.",
    ),
    "correct": ("correct", "correct_command", "Put a member's points right by hand."),
    "coupon": ("coupons", "coupon", "QR coupons: made, looked up, revoked."),
    "campaign": ("campaigns", "campaign", "Campaigns of coupons: what was used of them, and what is left."),
    "mailing": (
        "mailings",
        "mailing",
        "Mailings: a text to all members whom some words find, sent to those alone who agreed to it.",
    ),
    "sent": ("sent", "sent", "Show what was sent: when, to whom (masked), what for, and whether it went out."),
    "shop": ("shop", "shop", "Online shops: which may speak to the hub (`serve --shop`), and what their keys may ask."),
    "emulate": (
        "emulate",
        "emulate",
        "Services outside without the services: what `pos-hub serve --services FILE` asks.",
    ),
    "charity": ("charity", "charity_group", "Funds that members give their points to."),
    "serve": ("serve", "command", "Serve tills over HTTP until stopped (Ctrl-C)."),
    "verify": ("verify_command", "command", "Check every chain, hold every table against what the operations say."),
}
# What the world does to a command, said in one line: (module, name).
FAULTS: Final = (
    ("storage.sqlite_file", "FileError"),
    ("hub.store.errors", "StoreOff"),
    ("sync.connection", "CannotListen"),
    ("config.programmes", "ProgrammeError"),
    ("loyalty.phones", "BadPhone"),
    ("hub.members", "UnknownCard"),
    ("hub.outside.services_file", "BadServices"),
)


class LazyGroup(click.Group):
    """A group whose commands are imported when asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, called, _ = COMMANDS[cmd_name]
        command = getattr(import_module(f"hub.commands.{module}"), called)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        most = formatter.width - 6 - max(map(len, COMMANDS))
        with formatter.section("Commands"):
            formatter.write_dl([(name, shortened(line, most)) for name, (_, _, line) in COMMANDS.items()])


def shortened(line: str, most: int) -> str:
    """To one line of the list, as click does it."""
    return line if len(line) <= most else line[: most - 3].rsplit(" ", 1)[0] + "..."


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="pos-agent")
def cli() -> None:
    """The programme's ledger of points, which every till pushes its operations to and pulls changes from.

    Office commands work on the ledger's file or database, also while the hub is serving it.
    """


def main() -> None:
    """Run a command; a fault of the world becomes one clear line and exit code 1, never a traceback."""
    private_from_now_on()
    log_discreetly()
    try:
        cli()
    except Exception as error:
        sys.exit(_told(error))


def _told(error: Exception) -> str:
    """Raises what is our own mistake. What was never imported has not been raised."""
    there = [getattr(sys.modules[module], name) for module, name in FAULTS if module in sys.modules]
    if isinstance(error, tuple(there)):
        return f"pos-hub: {error}"
    members = sys.modules.get("hub.members")
    if members is not None and isinstance(error, members.BadMembers):
        return f"pos-hub: no member was imported:\n{error}"
    raise error
