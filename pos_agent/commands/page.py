"""`pos-agent page`: a one-time link to the till's page."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pos_agent.commands.options import config_option

if TYPE_CHECKING:
    from loyalty.programme import Language
    from pos_agent.page.pairing import Role

AGENT_TRY_S = 0.5
AGENT_TRIES_MAX = 120  # a minute; then the browser says what it finds
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "yandex-browser")


@click.command(name="page")
@config_option
@click.option("--guest", is_flag=True, help="The guest's side, for a second display.")
@click.option("--self", "alone", is_flag=True, help="With --guest: of a self-checkout, where nobody else stands.")
@click.option("--kiosk", is_flag=True, help="Open it full screen in Chromium, with a profile of its own.")
@click.option("--forget", is_flag=True, help="Close the pages to every browser that was let in before.")
def command(path: Path, guest: bool, alone: bool, kiosk: bool, forget: bool) -> None:
    """Print a one-time link that opens the till's page in a browser of this machine.

    Whoever opens the link first is let in, and stays in: through reloads, restarts of the agent and of the browser.
    The link lives 15 minutes. The agent need not run yet, nor have a terminal: the link is made in the till's data
    directory, by whoever may read it (for a service: sudo -u USER pos-agent page).

    With `[guest] listen` in the settings, --guest prints the same link for a tablet too. What a tablet sends crosses
    the shop's network unencrypted: phone numbers that are typed there can be read by whoever listens in it.

    \b
      pos-agent page                  # the cashier's page
      pos-agent page --kiosk          # full screen, as an autostart of the till's desktop would
      pos-agent page --guest --kiosk  # on the second display
      pos-agent page --guest --self   # of a self-checkout: it guides, and asks what a cashier would
      pos-agent page --forget         # a machine was sold: nobody is let in any more
    """
    from config.settings import load_settings
    from pos_agent.office_words import say_office
    from pos_agent.page.pairing import forget_all, new_link

    settings = load_settings(path)
    data, language = Path(settings.data), settings.language
    if forget:
        click.echo(say_office("pages_forgotten", language, count=str(forget_all(data))))
        return
    if alone and not guest:
        raise click.UsageError("--self is a kind of guest's side: pos-agent page --guest --self")
    role: Role = "self" if alone else "guest" if guest else "cashier"
    try:
        key = new_link(data, role, time.time())
    except OSError as error:
        why = error.strerror or str(error)
        sys.exit(f"pos-agent: {say_office('link_not_made', language, folder=str(data), why=why)}")
    link = link_of(settings.api.port, key)
    if kiosk:
        _wait_for(settings.api.port)
        spoken = settings.receipt_language if guest else language  # dates in fields are the browser's own
        _open(link, data / f"browser-{role}", spoken, say_office("no_browser", language, link=link))
        return
    click.echo(link)
    click.echo(say_office("link_lies", language), err=True)
    if guest and settings.guest.listen is not None:
        click.echo(_link_at(settings.guest.listen, key))
        click.echo(say_office("link_of_tablet", language), err=True)


def link_of(port: int, key: str) -> str:
    """For a browser of this machine."""
    return _link_at(f"127.0.0.1:{port}", key)


def _link_at(address: str, key: str) -> str:
    """The key stands behind the #: no log sees it."""
    return f"http://{address}/pair#{key}"


def _wait_for(port: int) -> None:
    """At the start of a desktop the agent may still be starting; a browser that comes too early shows its own fault."""
    for _ in range(AGENT_TRIES_MAX):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=AGENT_TRY_S):
            return
        time.sleep(AGENT_TRY_S)


def _open(link: str, profile: Path, language: Language, none: str) -> None:
    """Until the browser is closed."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.exit(f"pos-agent: {none}")
    flags = ["--kiosk", "--no-first-run", "--noerrdialogs", "--disable-translate"]
    own = [f"--lang={language}", f"--user-data-dir={profile}"]
    sys.exit(subprocess.run([browser, *flags, *own, link], check=False).returncode)
