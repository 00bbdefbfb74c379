"""A till's file is damaged: the agent starts all the same, and one that runs begins anew without a service's help."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import CliRunner

from config.settings import load_settings
from pos_agent.cli import cli
from storage import engine
from tests.pos_agent.conftest import ANNA
from tests.pos_agent.guests import free_port
from tests.pos_agent.running import TIMEOUT_S, settings, started, with_members
from tests.speaking import as_after_joining

LINES = [{"id": "1", "name": "Tea", "price": "10.00", "quantity": "1"}]


class Agent:
    """A process; `ready` waits until it says so, each time that it begins."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = settings(folder, port=str(free_port()))
        self.child, self.url = started(self.path)

    def ready(self) -> None:
        assert self.child.stdout is not None
        for line in self.child.stdout:
            if line.startswith("{"):
                return
        raise AssertionError(self.child.communicate()[1])

    def ask(self, method: str, path: str, **body: Any) -> requests.Response:
        token = (self.folder / "data" / "api-token").read_text(encoding="ascii")
        headers = {"Authorization": f"Bearer {token}"}
        return requests.request(method, f"{self.url}{path}", json=body or None, headers=headers, timeout=TIMEOUT_S)

    def status(self) -> Any:
        return self.ask("GET", "/v1/status").json()

    def stop(self) -> None:
        self.child.terminate()
        self.child.communicate(timeout=TIMEOUT_S)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    with_members(tmp_path)
    as_after_joining(load_settings(settings(tmp_path)))
    return tmp_path / "data"


@pytest.fixture
def agents() -> Iterator[list[Agent]]:
    running: list[Agent] = []
    yield running
    for agent in running:
        agent.stop()


def pages_of(path: Path, table: str) -> list[int]:
    with closing(engine.connect(path, "ro")) as connection:
        return [page for (page,) in connection.execute("SELECT pageno FROM dbstat WHERE name = ?", (table,))]


def spoil(path: Path, page: int) -> None:
    """As a disk does, under whoever has it open."""
    with path.open("r+b", buffering=0) as file:
        file.seek((page - 1) * engine.PAGE_BYTES + 2_000)
        file.write(b"\x55")


def test_a_file_that_cannot_be_read_does_not_stop_the_start(data: Path, agents: list[Agent]) -> None:
    (data / "till.db").write_bytes(b"no database at all " * 1_000)
    agents.append(agent := Agent(data.parent))
    status = agent.status()
    (damaged,) = status["damaged"]
    assert damaged["taken"] == 0 and (data / damaged["file"]).stat().st_size == 19_000
    assert [one["code"] for one in status["troubles"] if one["of"] == "file"] == ["damaged_file"]
    assert status["hub"]["unproven"] == "not_leased"
    sold = agent.ask("POST", "/v1/basket", sale="1", lines=LINES)
    assert sold.status_code == 200, sold.text
    assert agent.ask("POST", "/v1/pay", sale="1").json()["code"] in ("recorded", "no_member")
    assert agent.status()["outbox"] == 1
    shown = CliRunner().invoke(cli, ["damage", "--config", str(agent.path)], catch_exceptions=False)
    assert damaged["file"] in shown.output and "not a database" in shown.output


def test_a_page_that_is_met_while_it_runs_refuses_that_command_and_the_till_begins_anew(
    data: Path, agents: list[Agent]
) -> None:
    agents.append(agent := Agent(data.parent))
    for page in pages_of(data / "till.db", "cards"):
        spoil(data / "till.db", page)
    refused = agent.ask("POST", "/v1/code", text=ANNA)
    assert (refused.status_code, refused.json()["code"]) == (503, "page_not_read"), refused.text
    agent.ready()
    (damaged,) = agent.status()["damaged"]
    assert (data / damaged["file"]).is_file() and not (data / "till.db.suspected").exists()
    assert agent.child.poll() is None, "it is the same process"


def test_a_receipt_that_is_open_is_ended_before_the_till_begins_anew(data: Path, agents: list[Agent]) -> None:
    agents.append(agent := Agent(data.parent))
    assert agent.ask("POST", "/v1/basket", sale="1", lines=LINES).status_code == 200
    for page in pages_of(data / "till.db", "cards"):
        spoil(data / "till.db", page)
    assert agent.ask("POST", "/v1/code", text=ANNA).json()["code"] == "page_not_read"
    assert not agent.status()["damaged"]
    paid = agent.ask("POST", "/v1/pay", sale="1")
    assert paid.status_code == 200, paid.text
    agent.ready()
    status = agent.status()
    assert status["damaged"][0]["taken"] == status["outbox"] == 1
    again = agent.ask("POST", "/v1/pay", sale="1")
    assert again.json()["code"] == "recorded_before", "told again after the move, it is the same sale"
