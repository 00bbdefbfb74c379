"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from config.settings import Settings

config_option = click.option(
    "--config",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("pos-agent.toml"),
    show_default=True,
    help="The till's settings.",
)


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
