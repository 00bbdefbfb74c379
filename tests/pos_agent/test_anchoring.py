"""A till tells its hub, over HTTP, how far its audit log is; one that is written anew is found there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hub.build import build_hub, build_programmes
from hub.desk.anchors import Anchor, anchor_of
from hub.face.tills import hub_app
from hub.hub import Hub
from loyalty.audit import Head
from offline_cache.audit import AuditLog
from pos_agent.anchoring import EVERY_S, Anchoring
from sync.client import HubClient
from sync.identity import Speaker
from tests.one_port import Server
from tests.speaking import joined, speaking

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Till:
    """Its log, and a hub that hears it. `online`: whether it believes so."""

    def __init__(self, folder: Path, hub: Hub, server: Server, speaker: Speaker) -> None:
        self.hub, self.server, self.speaker = hub, server, speaker
        self.log = AuditLog(folder / "audit")
        self.online = True
        self.start()

    def start(self) -> None:
        self.anchoring = Anchoring(
            self.log, lambda: HubClient(self.server.url, self.speaker), "t1", "alenka", lambda: self.online
        )

    def write(self, rows: int, who: str = "p1") -> Head:
        for _ in range(rows):
            assert self.log.note(NOW, who, "drawer", "drawer_opens", {}) is not None
        return self.log.head()

    def anchored(self) -> Anchor:
        assert self.anchoring.step(7.0) == 7.0 + EVERY_S
        with self.hub.store.reading() as reader:
            return anchor_of(reader, "t1")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def till(tmp_path: Path, server: Server) -> Iterator[Till]:
    hub = build_hub(tmp_path / "hub.db", build_programmes(), serving=False, now=lambda: NOW)
    server.app = hub_app(hub)
    yield Till(tmp_path, hub, server, speaking(joined(hub, "t1")))
    hub.close()


def test_the_head_is_kept_as_it_goes_on_and_after_a_restart_too(till: Till) -> None:
    head = till.write(2)
    till.online = False
    assert till.anchored().number == 0
    till.online = True
    kept = till.anchored()
    assert (kept.number, kept.hash, kept.fault) == (*head, "")
    till.start()
    head = till.write(1)
    kept = till.anchored()
    assert (kept.number, kept.hash, kept.fault) == (*head, "")
    assert till.log.faults(Head(kept.number, kept.hash)) == []


@pytest.mark.parametrize(("rows", "fault"), [(1, "shorter"), (3, "other"), (5, "other")])
def test_a_log_that_was_written_anew_is_found_though_its_own_chain_holds(till: Till, rows: int, fault: str) -> None:
    head = till.write(3)
    till.anchored()
    for path in till.log.folder.glob("*.ndjson"):
        path.unlink()
    till.write(rows, who="p9")
    assert till.log.faults() == []
    kept = till.anchored()
    assert (kept.number, kept.hash, kept.fault) == (*head, fault), "of a till without operations the anchor says it"


def test_a_hub_that_is_away_is_told_later(till: Till) -> None:
    head, app = till.write(1), till.server.app
    till.server.app = None
    assert till.anchored().number == 0
    till.server.app = app
    assert till.anchored().number == head.number
