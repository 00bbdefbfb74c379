"""`pos-agent token`: a token for a POS with a name of its own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pos_agent.commands.options import config_option

if TYPE_CHECKING:
    from loyalty.operation import Channel
    from loyalty.staff import Role

CHANNELS = ("shop", "self", "online")
ROLES = ("cashier", "manager", "office", "auditor")


@click.command(name="token")
@config_option
@click.argument("pos")
@click.option(
    "--channel",
    type=click.Choice(CHANNELS),
    help="Where it sells: in the shop (as shipped), without a cashier, online.",
)
@click.option(
    "--role",
    type=click.Choice(ROLES),
    help="What it may have done, as whose cashiers have signed in at it: a cashier's (as shipped), a manager's.",
)
def command(path: Path, pos: str, channel: Channel | None, role: Role | None) -> None:
    """Make a token for the POS called POS, or show the one that it has.

    A till with one POS needs none: the token in its data directory will do. Where two POS talk to one till, each gets
    its own, and may use the same sale numbers as the other. A self-checkout's (--channel self) may not do what needs
    a person of the shop. A POS that signs its people in itself may say --role manager, and name whoever
    sells in the header Pos-Cashier. To take a token away, delete its file.
    """
    from config.settings import load_settings
    from pos_agent.office_words import say_office
    from pos_agent.tokens import BadPosName, make_token, pos_token_in
    from pos_agent.words import as_typed

    settings = load_settings(path)
    language = settings.language
    try:
        file = pos_token_in(Path(settings.data), pos)
    except BadPosName:
        sys.exit(f"pos-agent: {say_office('bad_pos_name', language, name=as_typed(pos))}")
    try:
        click.echo(make_token(file, channel=channel, role=role))
    except OSError:
        sys.exit(f"pos-agent: {say_office('token_not_made', language, file=str(file))}")
    click.echo(say_office("token_lies", language, file=str(file)), err=True)
