"""`pos-hub` imports a command when it is called: a table says which there are, in the commands' own words."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest

from hub.cli import COMMANDS, FAULTS, cli


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_there_and_its_line_is_the_beginning_of_what_it_says_itself(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None and command.name == name
    said = " ".join((command.help or "").split()).replace("\b", "")
    assert said.startswith(COMMANDS[name][2].rstrip(".")), said


def test_what_the_world_does_to_a_command_is_known_by_its_name() -> None:
    for module, name in FAULTS:
        assert issubclass(getattr(__import__(module, fromlist=[name]), name), Exception)


def test_help_pays_for_no_command() -> None:
    script = (
        "import sys; from hub.cli import cli; cli(['--help'], standalone_mode=False); print('hub.hub' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("False") and "verify" in done.stdout
