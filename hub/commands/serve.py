"""`pos-hub serve`: tills, and whoever else is served beside them."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import click

from hub.account.child import Served, accounts_beside
from hub.account.enrolling import enrol
from hub.build import build_hub, build_programmes
from hub.card_phones.linking import tell_page
from hub.commands.ledger_option import ledger_option
from hub.errands.walk import walking
from hub.messages.posting import letters_behind
from hub.outside.services import NO_SERVICES
from hub.outside.services_file import services_in
from hub.sender.both import Both
from hub.sender.by_url import mailer_of, sender_of
from hub.sender.posting import sending
from hub.sender.sender import MAIL_SECRET_FROM, SECRET_FROM, BadSender, Sender
from sync.connection import listening

DEFAULT_PORT = 8070
ACCOUNT_PORT = 8072


def _address(context: click.Context, option: click.Parameter, text: str | None) -> tuple[str, int] | None:
    if text is None:
        return None
    host, _, port = text.rpartition(":")
    if not host or not (port.isascii() and port.isdecimal()) or int(port) > 65_535:
        raise click.BadParameter("write it like 127.0.0.1:8444")
    return host.strip("[]"), int(port)


def _accounts(context: click.Context, option: click.Parameter, texts: tuple[str, ...]) -> tuple[Any, ...]:
    told = []
    for text in texts:
        programme, _, where = text.partition("=")
        address = _address(context, option, where) if where else None
        if address is None or programme not in build_programmes():
            raise click.BadParameter(f"write it like alenka=127.0.0.1:{ACCOUNT_PORT}")
        told.append((programme, address))
    return tuple(told)


def _account_settings(context: click.Context, option: click.Parameter, texts: tuple[str, ...]) -> dict[str, Path]:
    """By programme; "" is every other."""
    told: dict[str, Path] = {}
    for text in texts:
        programme, sign, file = text.partition("=")
        if not (sign and programme in build_programmes()):
            programme, file = "", text
        if not Path(file).is_file():
            raise click.BadParameter(f"there is no file {file}; write it like alenka=club.toml, or club.toml for all")
        told[programme] = Path(file)
    return told


@click.command(name="serve")
@ledger_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=DEFAULT_PORT,
    show_default=True,
    type=click.IntRange(0, 65_535),
    help="Port to listen on; 0 picks a free one.",
)
@click.option(
    "--host-name",
    "names",
    multiple=True,
    metavar="NAME",
    help="By which tills call the hub, without a port; several times for several. Without it, by any name.",
)
@click.option(
    "--sender",
    "sender_url",
    envvar="POS_HUB_SENDER",
    default="",
    metavar="URL",
    help="Who sends codes: sms+http://…, smtp://…, file:PATH. Its key: POS_HUB_SENDER_SECRET. Without it, nobody does.",
)
@click.option(
    "--mail",
    "mail_url",
    envvar="POS_HUB_MAIL",
    default="",
    metavar="URL",
    help="Who sends letters, where the sender has phones alone: smtp://HOST/?from=ADDRESS. Key: POS_HUB_MAIL_SECRET.",
)
@click.option(
    "--trusted-proxy",
    "proxies",
    multiple=True,
    metavar="ADDRESS",
    help="A proxy before the hub: its X-Forwarded-For is believed, and it may have any number of connections.",
)
@click.option(
    "--office",
    metavar="HOST:PORT",
    callback=_address,
    help="Serve the office's web desk there too; port 0 picks a free one.",
)
@click.option(
    "--office-name",
    "office_names",
    multiple=True,
    metavar="NAME",
    help="By which browsers call that desk, without a port; several times for several.",
)
@click.option(
    "--account",
    "account_ports",
    multiple=True,
    metavar="PROGRAMME=HOST:PORT",
    callback=_accounts,
    help="Serve the members' account of a programme there too, as a process of its own; several times for several.",
)
@click.option(
    "--account-name",
    "account_names",
    multiple=True,
    metavar="NAME",
    help="By which browsers call those accounts, without a port; several times for several.",
)
@click.option(
    "--account-settings",
    "account_settings",
    multiple=True,
    metavar="[PROGRAMME=]FILE",
    callback=_account_settings,
    help="What the shop says in those accounts: hotline, map, links to apps, questions (docs/club.md).",
)
@click.option(
    "--card-page",
    metavar="HOST:PORT",
    callback=_address,
    help="Serve the page that shows members' cards on their phones there; port 0 picks a free one.",
)
@click.option(
    "--card-page-name",
    "card_page_names",
    multiple=True,
    metavar="NAME",
    help="By which phones call that page, without a port; several times for several.",
)
@click.option(
    "--card-page-url",
    metavar="URL",
    help="How links to that page begin: https://card.example.ru. Phones keep keys only for https.",
)
@click.option(
    "--shop",
    "shop_port",
    metavar="HOST:PORT",
    callback=_address,
    help="Serve online shops there (pos-hub shop, docs/club.md); port 0 picks a free one.",
)
@click.option(
    "--shop-name",
    "shop_names",
    multiple=True,
    metavar="NAME",
    help="By which online shops call that, without a port; several times for several.",
)
@click.option(
    "--services",
    "services_file",
    envvar="POS_HUB_SERVICES",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Who is asked outside: partners, payments, fiscal documents (docs/club.md).",
)
def command(
    ledger: Path | str,
    host: str,
    port: int,
    names: tuple[str, ...],
    sender_url: str,
    mail_url: str,
    proxies: tuple[str, ...],
    office: tuple[str, int] | None,
    office_names: tuple[str, ...],
    account_ports: tuple[tuple[str, tuple[str, int]], ...],
    account_names: tuple[str, ...],
    account_settings: dict[str, Path],
    card_page: tuple[str, int] | None,
    card_page_names: tuple[str, ...],
    card_page_url: str | None,
    shop_port: tuple[str, int] | None,
    shop_names: tuple[str, ...],
    services_file: Path | None,
) -> None:
    """Serve tills over HTTP until stopped (Ctrl-C)."""
    from hub.face.serving import serve_tills

    sender = _sender(sender_url, mail_url)
    services = services_in(services_file) if services_file is not None else NO_SERVICES
    services = replace(services, letters=sender if sender is not None and sender.mails else None)
    listener = listening(host, port)
    desk = listening(*office) if office is not None else None
    page = listening(*card_page) if card_page is not None else None
    shops = listening(*shop_port) if shop_port is not None else None
    accounts = [
        Served(programme, listening(*where), account_names, account_settings.get(programme, account_settings.get("")))
        for programme, where in account_ports
    ]
    hub = build_hub(ledger, build_programmes(), serving=True)
    hub.services = services
    address, bound_port = listener.getsockname()[:2]
    ready: dict[str, Any] = {"ready": "hub", "url": f"http://{address}:{bound_port}", "db": hub.store.name}
    if accounts:
        enrol(hub, _account_data(ledger))
        ready["account"] = {one.programme: one.url for one in accounts}
    if desk is not None:
        ready["office"] = "http://{}:{}".format(*desk.getsockname()[:2])
    if page is not None:
        ready["card_page"] = "http://{}:{}".format(*page.getsockname()[:2])
        tell_page(hub, card_page_url or ready["card_page"])
    if shops is not None:
        ready["shop"] = "http://{}:{}".format(*shops.getsockname()[:2])
    click.echo(json.dumps(ready))
    sys.stdout.flush()
    lost = None
    try:
        called = f"http://{'127.0.0.1' if address == '0.0.0.0' else address}:{bound_port}"
        with (
            sending(hub, sender, letters_behind),
            walking(hub, services),
            accounts_beside(called, _account_data(ledger), accounts),
        ):
            lost = serve_tills(
                hub,
                listener,
                names=names,
                proxies=proxies,
                desk=desk,
                desk_names=office_names,
                card_page=page,
                card_page_names=card_page_names,
                shop=shops,
                shop_names=shop_names,
            )
    finally:
        if lost is None:
            hub.close()
    if lost is not None:
        _end_now(lost)


def _account_data(ledger: Path | str) -> Path:
    """Beside a ledger's file; of a database where the hub was started."""
    return ledger.with_name(ledger.name + ".account") if isinstance(ledger, Path) else Path("account-data")


def _sender(url: str, mail_url: str) -> Sender | None:
    if mail_url and not url:
        raise click.UsageError("--mail is beside a --sender.")
    try:
        phones = sender_of(url, os.environ.get(SECRET_FROM, "")) if url else None
        letters = mailer_of(mail_url, os.environ.get(MAIL_SECRET_FROM, "")) if mail_url else None
    except BadSender as error:
        raise click.BadParameter(str(error), param_hint="--sender, --mail") from error
    return Both(phones, letters) if phones is not None and letters is not None else phones


def _end_now(told: str) -> NoReturn:
    """With nothing closed on the way: SQLite would write what is left in its log into whatever lies there now."""
    click.echo(f"pos-hub: {told}", err=True)
    sys.stderr.flush()
    os._exit(1)
