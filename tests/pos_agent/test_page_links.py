"""`pos-agent page`: links for the cashier's page, for the guest's display, for a self-checkout and for a tablet."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from config.settings import SettingsError
from pos_agent.commands.page import command
from pos_agent.listeners import listen_for_guests
from pos_agent.page.pairing import open_link
from tests.pos_agent.running import settings
from tests.there import there

TABLET = '[guest]\nlisten = "192.168.0.20:8072"\n'


def run(path: Path, *options: str) -> Result:
    return CliRunner().invoke(command, ["--config", str(path), *options])


@pytest.mark.parametrize(
    ("options", "role"), [((), "cashier"), (("--guest",), "guest"), (("--guest", "--self"), "self")], ids=str
)
def test_a_link_is_of_the_page_that_was_asked_for(tmp_path: Path, options: tuple[str, ...], role: str) -> None:
    path = settings(tmp_path, port="8071")
    link = run(path, *options).stdout.strip()
    assert link.startswith("http://127.0.0.1:8071/pair#")
    assert there(open_link(tmp_path / "data", link.partition("#")[2], time.time())).role == role


def test_a_tablet_gets_the_same_link_at_its_own_address(tmp_path: Path) -> None:
    path = settings(tmp_path, port="8071", more=TABLET)
    done = run(path, "--guest")
    here, tablet = done.stdout.split()
    assert tablet.startswith("http://192.168.0.20:8072/pair#")
    assert here.partition("#")[2] == tablet.partition("#")[2]
    assert "encrypted" in done.stderr


def test_the_cashiers_page_is_never_at_that_address(tmp_path: Path) -> None:
    assert "192.168.0.20" not in run(settings(tmp_path, more=TABLET)).output


def test_self_alone_is_no_page(tmp_path: Path) -> None:
    done = run(settings(tmp_path), "--self")
    assert done.exit_code == 2 and "--guest --self" in done.output


@pytest.mark.parametrize("host", ["127.0.0.1", "203.0.113.7"], ids=["taken", "of another machine"])
def test_an_address_that_cannot_be_listened_to_stops_the_start_in_words(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(SettingsError) as error:
        listen_for_guests((host, taken.getsockname()[1]))
    told = str(error.value)
    assert told.startswith(f"guest.listen: cannot listen on {host}:") and "an address of this machine" in told
