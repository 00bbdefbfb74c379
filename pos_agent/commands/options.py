"""Options that several commands share."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from config.settings import Settings
    from drivers.control import Controlled, Lens

config_option = click.option(
    "--config",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("pos-agent.toml"),
    show_default=True,
    help="The till's settings.",
)

control_option = click.option(
    "--control",
    type=click.IntRange(0, 65535),
    metavar="PORT",
    help="Take the orders over HTTP too, on this machine alone; 0: any free port, told when ready.",
)


def controlled(device: Controlled, port: int | None, lens: Lens | None = None) -> dict[str, str]:
    """Open the control of an emulated device, if it is wanted; gives what is told of it in the line of readiness."""
    if port is None:
        return {}
    from drivers.control import Control

    try:
        control = Control(device, port, lens=lens)
    except OSError as error:
        sys.exit(f"pos-agent: cannot take orders at port {port}: {error.strerror or error}. Choose another --control.")
    control.start()
    return {"control": control.url}


def settings_if_any(path: Path) -> Settings | None:
    """For a command that does without them. A file that is there and cannot be read is told, not passed over."""
    from config.settings import load_settings

    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError):  # a folder that may not be looked into, say: load_settings tells it
        pass
    return load_settings(path)
