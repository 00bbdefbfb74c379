"""A group of commands with one that needs not be named."""

from __future__ import annotations

from typing import Any

import click


class Unnamed(click.Group):
    """`unnamed`: the command where no other is named; `alone`: also where nothing is said at all, which else is a call
    for help."""

    def __init__(self, *args: Any, unnamed: str, alone: bool = False, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self._unnamed = unnamed
        self._alone = alone

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        named = args[0] in self.commands or args[0] in ctx.help_option_names if args else not self._alone
        return super().parse_args(ctx, args if named else [self._unnamed, *args])
