"""`pos-account`: the members' account, a web application over the hub."""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from account.hub_desk import HubDesk, HubSaysNo, HubSilent
from account.joining import NotJoined, join, own_in
from account.network_settings import BadNetworks, networks_in
from account.settings import NO_SETTINGS, BadSettings, settings_in
from account.store.seam import StoreOff
from account.stores import store_at
from storage.discreet import log_discreetly, note_discreetly
from storage.private import private_from_now_on
from sync.connection import CannotListen, listening

DEFAULT_PORT: Final = 8072
DATA: Final = Path("account-data")
data_option = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=DATA,
    show_default=True,
    help="Where its key and its database are kept.",
)
hub_option = click.option("--hub", "url", required=True, metavar="URL", help="The hub, as tills reach it.")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="pos-agent")
def cli() -> None:
    """The members' account: who I am, what I have, my cards. It has no points of its own: it asks the hub.

    \b
    pos-hub account invite                              at the hub: prints a code
    pos-account join CODE --hub http://hub:8070         here, once
    pos-account serve --hub http://hub:8070 --programme alenka
    """


@cli.command("join")
@click.argument("code")
@hub_option
@data_option
def join_command(code: str, url: str, data: Path) -> None:
    """Join the hub with a code that `pos-hub account invite` printed."""
    join(data, url, code)
    click.echo(f"Joined the hub at {url}. Its key is in {data}: keep that folder as keys are kept.")


@cli.command()
@hub_option
@data_option
@click.option("--programme", required=True, help="Whose members come here: alenka, perekrestok.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=DEFAULT_PORT, show_default=True, type=click.IntRange(0, 65_535), help="0: a free one.")
@click.option("--host-name", "names", multiple=True, metavar="NAME", help="By which browsers call it, without a port.")
@click.option("--trusted-proxy", "proxies", multiple=True, metavar="ADDRESS", help="Whose X-Forwarded-For is believed.")
@click.option(
    "--providers",
    "providers",
    envvar="POS_ACCOUNT_PROVIDERS",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Social networks by which members come in: VK ID, Yandex ID, T-ID.",
)
@click.option(
    "--settings",
    "settings_file",
    envvar="POS_ACCOUNT_SETTINGS",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Hotline, map, links to apps, questions: what the shop says besides its programme (docs/club.md).",
)
@click.option("--listener", type=int, hidden=True, help="A port that is open already: the hub's, who starts this.")
@click.option("--beside", is_flag=True, hidden=True, help="It ends when nobody holds the other end of its input.")
@click.option("--log-security", is_flag=True, help="Write who comes in, and what is refused, to the error stream.")
@click.option("--database", metavar="URL", envvar="POS_ACCOUNT_DATABASE", help="postgresql://… in the place of a file.")
def serve(
    url: str,
    data: Path,
    programme: str,
    host: str,
    port: int,
    names: tuple[str, ...],
    proxies: tuple[str, ...],
    providers: Path | None,
    settings_file: Path | None,
    log_security: bool,
    database: str | None,
    listener: int | None,
    beside: bool,
) -> None:
    """Serve members' browsers until stopped (Ctrl-C). Phones need https: put it behind the shop's proxy."""
    from account.app import account_app
    from account.forgetting import Forgetting, forget_for_ever
    from account.networks import NO_NETWORKS, Networks
    from account.serving import serve_browsers

    networks = Networks(*networks_in(providers)) if providers is not None else NO_NETWORKS
    settings = settings_in(settings_file) if settings_file is not None else NO_SETTINGS
    desk = HubDesk(url, own_in(data), programme)
    store = store_at(database or data / f"account-{programme}.db")
    open_port = listening(host, port) if listener is None else socket.socket(fileno=listener)
    address, bound = open_port.getsockname()[:2]
    click.echo(json.dumps({"ready": "account", "url": f"http://{address}:{bound}"}))
    sys.stdout.flush()
    if log_security:
        note_discreetly(logging.getLogger("account.security"))
    if beside:
        threading.Thread(target=_end_with_the_hub, daemon=True).start()
    threading.Thread(target=forget_for_ever, args=(Forgetting(desk, store),), name="forgetting", daemon=True).start()
    try:
        app = account_app(
            desk,
            store,
            now=lambda: datetime.now(UTC),
            names=names,
            now_s=time.monotonic,
            networks=networks,
            settings=settings,
        )
        serve_browsers(app, open_port, proxies)
    finally:
        store.close()


def _end_with_the_hub() -> None:
    """As if somebody had stopped it: whoever is being answered gets his answer."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    """A fault of the world becomes one clear line and exit code 1, never a traceback."""
    private_from_now_on()
    log_discreetly()
    try:
        cli()
    except (NotJoined, StoreOff, CannotListen, BadNetworks, BadSettings, HubSilent, HubSaysNo) as error:
        sys.exit(f"pos-account: {error}")
