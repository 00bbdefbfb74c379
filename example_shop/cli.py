"""`pos-example-shop`: a small online shop, to see how one works with the loyalty programme, and to copy from."""

from __future__ import annotations

import json
import signal
import socket
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from example_shop.book import Book
from example_shop.hub_api import HubApi
from example_shop.signing import BACK
from example_shop.visit import House

DEFAULT_PORT: Final = 8075
WAITING_MAX: Final = 128


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="pos-agent")
def cli() -> None:
    """An example of an online shop: it knows of the programme what the hub's face for shops says, and nothing else.

    \b
    pos-hub shop add example --store online-1 --programme alenka --back http://127.0.0.1:8075/in
    pos-hub shop key example --scopes quote,order,return,members,catalogue > shop.key
    pos-example-shop serve --hub-shop http://127.0.0.1:8074 --account http://127.0.0.1:8072 --key-file shop.key
    """


def _zone(context: click.Context, option: click.Parameter, text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise click.BadParameter("write a zone like Europe/Moscow") from error


@cli.command()
@click.option("--hub-shop", required=True, metavar="URL", help="The hub's face for shops (`pos-hub serve --shop`).")
@click.option("--account", required=True, metavar="URL", help="The members' account, as browsers reach it.")
@click.option(
    "--key-file",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="What `pos-hub shop key` printed.",
)
@click.option(
    "--data", type=click.Path(path_type=Path, dir_okay=False), default=Path("example-shop.db"), show_default=True
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=DEFAULT_PORT, show_default=True, type=click.IntRange(0, 65_535), help="0: a free one.")
@click.option("--url", metavar="URL", help="Where browsers find it.  [default: the address that it listens on]")
@click.option("--host-name", "names", multiple=True, metavar="NAME", help="By which browsers call it, without a port.")
@click.option("--title", default="", help="What it is called.")
@click.option("--zone", default="Europe/Moscow", show_default=True, callback=_zone, help="By whose clock it delivers.")
def serve(
    hub_shop: str,
    account: str,
    key_file: Path,
    data: Path,
    host: str,
    port: int,
    url: str | None,
    names: tuple[str, ...],
    title: str,
    zone: ZoneInfo,
) -> None:
    """Serve browsers until stopped (Ctrl-C)."""
    from example_shop.app import shop_app
    from web.serving import desk_served

    hub = HubApi(hub_shop, key_file.read_text(encoding="ascii").strip())
    if not hub.name:
        raise click.ClickException(f"{key_file} is no key of a shop: `pos-hub shop key` prints one.")
    listener = socket.create_server((host, port), backlog=WAITING_MAX)
    here = url.rstrip("/") if url else f"http://{host}:{listener.getsockname()[1]}"
    house = House(hub, Book(data), account.rstrip("/"), here, zone, lambda: datetime.now(UTC), title)
    click.echo(json.dumps({"ready": "example shop", "url": here, "back": here + BACK}))
    sys.stdout.flush()
    with desk_served(shop_app(house, names), listener):
        _wait()


def _wait() -> None:
    """Until it is told to stop."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *told: stopped.set())
    stopped.wait()


def main() -> None:
    cli()
