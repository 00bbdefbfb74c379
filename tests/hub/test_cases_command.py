"""`pos-hub cases`: lists, shows, settles."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from click.testing import CliRunner

from hub.cli import cli
from tests.hub.conftest import Office
from tests.hub.test_cases import overspent


def run(office: Office, *words: str) -> Any:
    return CliRunner().invoke(cli, ["cases", *words, "--db", str(office.path)])


def lines(office: Office, *words: str) -> Sequence[str]:
    found = run(office, "list", *words)
    assert found.exit_code == 0, found.output
    return [line.split()[2] for line in found.output.splitlines() if "/" in line]


def test_the_office_lists_shows_and_settles(office: Office) -> None:
    id = overspent(office)
    office.take(office.sale("nobody", earned=1))
    other = "refused/t1/1/2"
    assert lines(office) == [other, id] and lines(office, "--kind", "debt") == [id]
    assert lines(office, "--member", "anna") == [id] and lines(office, "--till", "t1") == [other]
    shown = run(office, "show", id)
    assert shown.exit_code == 0 and "receipt  2" in shown.output and "cost     400 points" in shown.output
    assert "remedy   wait: the member owes it" in shown.output
    settled = run(office, "settle", id, "--remedy", "wait", "--by", "Olga", "--note", "told her", "--json")
    assert settled.exit_code == 0 and json.loads(settled.output)["settled_by"] == "Olga"
    assert lines(office, "--open") == [other] and sorted(lines(office)) == sorted([id, other])
    assert "settled  2026" in run(office, "show", id).output
    again = run(office, "settle", id, "--remedy", "wait", "--by", "Olga")
    assert again.exit_code == 1 and "settled already" in again.output
    (row,) = map(json.loads, run(office, "list", "--open", "--json").output.splitlines())
    assert (row["id"], row["note"], row["others"]) == (other, "unknown_member", [])


def test_without_a_command_they_are_listed(office: Office) -> None:
    assert run(office, "--open").output == "There are none.\n"
    id = overspent(office)
    assert run(office).output == run(office, "list").output and id in run(office, "--kind", "debt").output
    assert "settle" in CliRunner().invoke(cli, ["cases", "--help"]).output
    assert run(office, "lits").exit_code == 2
