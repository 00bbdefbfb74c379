"""`pos-hub verify`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from hub.commands.ledger_option import ledger_option
from hub.commands.ledger_there import open_ledger
from hub.commands.verify import audit


@click.command(name="verify")
@ledger_option
@click.option("--json", "as_json", is_flag=True, help="Balances as JSON instead of words.")
def command(ledger: Path | str, as_json: bool) -> None:
    """Check every chain, hold every table against what the operations say, and every balance against its entries; exit
    code 1 when anything is off. Tills are served meanwhile."""
    hub = open_ledger(ledger)
    right = audit(hub, as_json=as_json)
    hub.close()
    sys.exit(0 if right else 1)
