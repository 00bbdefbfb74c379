"""The ledger that an office command works on, when it is there."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from hub.build import build_hub, build_programmes
from hub.commands.database import check_there
from hub.hub import Hub
from loyalty.programme import Programme


def open_ledger(ledger: Path | str, programmes: dict[str, Programme] | None = None) -> Hub:
    """The ledger that is there: a mistyped name must not make an empty one."""
    if isinstance(ledger, str):
        check_there(ledger)
    elif not ledger.exists():
        raise click.ClickException(f"There is no ledger at {ledger}. `pos-hub serve` or `pos-hub import` makes one.")
    elif ledger.stat().st_size == 0:
        raise click.ClickException(f"{ledger} is an empty file, no ledger.")
    return build_hub(ledger, programmes or build_programmes(), serving=False)


def programme_called(hub: Hub, id: str) -> Programme:
    """As it is in force now. Raises click.ClickException."""
    check_programme(id, hub.programmes)
    return hub.programmes[id]


def check_programme(id: str, there: Iterable[str]) -> None:
    """Raises click.ClickException."""
    known = list(there)
    if id not in known:
        raise click.ClickException(f"There is no programme {id!r}; there are: {', '.join(known)}.")
