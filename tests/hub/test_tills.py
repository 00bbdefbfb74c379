"""`pos-hub till …`: tills are invited, listed, shown and sent away."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from click.testing import CliRunner

from hub.cli import cli
from hub.face.tills import hub_app
from sync.joining import typed
from tests.hub.conftest import NOW, Office
from tests.one_port import Server
from tests.pos_agent.emulating import until
from tests.speaking import asking, joined


def run(office: Office, *words: str) -> Any:
    return CliRunner().invoke(cli, ["till", *words, "--db", str(office.path)])


def listed(office: Office) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run(office, "list", "--json").output.splitlines()]


def test_a_till_is_invited_with_a_code_that_can_be_typed(office: Office) -> None:
    told = json.loads(run(office, "add", "till-1", "--store", "s1", "--json").output)
    assert typed(told["code"]) is not None and told["minutes"] == 15
    (row,) = listed(office)
    assert (row["till"], row["state"], row["store"], row["joined_at"]) == ("till-1", "invited", "s1", None)
    again = json.loads(run(office, "add", "till-1", "--json").output)
    assert again["code"] != told["code"] and listed(office)[0]["store"] == "s1", "what is not said stays"
    assert "No store s1 is listed" in run(office, "add", "till-1", "--store", "s1").output


@pytest.mark.parametrize("name", ["hub", "office", "account", "Till", "a b", "a" * 33, "-a", "касса"])
def test_no_till_is_called_like_that(office: Office, name: str) -> None:
    assert run(office, "add", "--", name).exit_code == 2 and listed(office) == []


def test_who_is_heard_is_listed_and_who_is_sent_away_is_not_heard(office: Office, url: str) -> None:
    assert asking.get(url + "/v3/changes", params={"programme": "alenka"}).status_code == 200
    while (row := json.loads(run(office, "show", "t1", "--json").output))["heard_at"] is None:
        pass  # it is written after the answer
    assert row["state"] == "joined" and row["heard_at"] == "2026-03-02T12:00:00.000000+00:00"
    assert "key" not in row and "secret" not in json.dumps(row)
    assert run(office, "revoke", "t1").exit_code == 2, "why is to be said"
    assert "is heard any more" in run(office, "revoke", "t1", "--why", "stolen", "--by", "Olga").output
    assert listed(office)[0]["state"] == "revoked" and "why: stolen" in run(office, "show", "t1").output
    assert run(office, "revoke", "t9", "--why", "x").exit_code == 1 == run(office, "show", "t9").exit_code


def was_heard(office: Office, at: str) -> bool:
    return (listed(office)[0]["heard_at"] or "")[11:16] == at


def test_that_a_till_is_there_is_written_again_though_the_hub_knew_it_before(office: Office, server: Server) -> None:
    passed = timedelta()
    server.app = hub_app(office.hub, now_s=lambda: passed.total_seconds())
    asking.there(server.url, lambda: office.hub)
    for at in ("12:00", "12:11", "12:22"):
        assert asking.get(server.url + "/v3/changes", params={"programme": "alenka"}).status_code == 200
        until(f"written at {at}, after the answer", partial(was_heard, office, at))
        passed += timedelta(minutes=11)
        office.now = NOW + passed


def test_that_a_till_is_there_is_written_now_and_then(office: Office) -> None:
    joined(office.hub, "t1")
    heard = []
    for minutes in (0, 9, 10, 15, 21):
        office.now = NOW + timedelta(minutes=minutes)
        till = office.hub.tills.find("t1")
        assert till is not None
        office.hub.tills.hear(till)
        heard.append(listed(office)[0]["heard_at"][14:16])
    assert heard == ["00", "00", "10", "10", "21"]


def test_a_ledger_without_tills_says_what_to_do(office: Office) -> None:
    assert "`pos-hub till add` invites one" in run(office, "list").output
