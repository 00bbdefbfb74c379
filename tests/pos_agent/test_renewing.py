"""A till's key is renewed while it runs: wherever that is cut off, the till is heard, and in the end by the new key
alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub.build import build_hub, build_programmes
from hub.face.tills import hub_app
from hub.tills.joining import want_key
from hub.tills.till import Till
from offline_cache.cache import Cache
from pos_agent.identity import IdentityError, identity_in, keep_identity, own_in, speaker_of
from pos_agent.key_folder import KeyFolder
from pos_agent.keys import IDENTITY
from pos_agent.renewing import renewed
from sync.client import HubClient
from sync.hub_port import HubRefused, HubUnreachable
from sync.identity import Identity, Own, OwnFile
from sync.renewing import NewKey, new_key
from sync.worker import SyncWorker
from tests.one_port import Server
from tests.speaking import joined

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Chain:
    def __init__(self, folder: Path, server: Server) -> None:
        self.keys = KeyFolder(folder / "keys")
        self.hub = build_hub(folder / "hub.db", build_programmes(), serving=True, now=lambda: NOW)
        self._server = server
        self.restart()
        self.url = server.url
        self.cache = Cache(folder / "till.db", "t1")
        self.first = joined(self.hub, "t1", self.cache.file_id)
        keep_identity(self.keys, self.first)
        self._clients: list[HubClient] = []

    def restart(self) -> None:
        """The hub's process: what it remembered of tills for two seconds is gone."""
        self._server.app = hub_app(self.hub)

    @property
    def till(self) -> Till:
        found = self.hub.tills.find("t1")
        assert found is not None
        return found

    @property
    def kept(self) -> Identity:
        found = identity_in(self.keys, "t1")
        assert found is not None
        return found

    def rotate(self) -> None:
        assert self.hub.within(lambda writer: want_key(writer, "t1")) is not None

    def worker(self, lose: str = "") -> SyncWorker:
        """Of a process that starts now, with what is on the disk. `lose`: of the telling of the key."""
        own = Own(self.kept, partial(keep_identity, self.keys))
        speaker = speaker_of(own, lambda: OwnFile(self.cache.file_id, self.cache.generation))
        client = HubClient(self.url, speaker())
        self._clients.append(client)

        def tell(asked: NewKey) -> None:
            if lose == "the question":
                raise HubUnreachable("lost")
            client.new_key(asked)
            if lose == "the answer":
                raise HubUnreachable("lost")

        return SyncWorker(
            self.cache,
            client,
            programme="alenka",
            jitter=lambda: 0.0,
            clock=lambda: NOW,
            renew=lambda: renewed(own, tell),
            learn=own.learn,
        )

    def close(self) -> None:
        for client in self._clients:
            client.close()
        self.cache.close()
        self.hub.close()


@pytest.fixture
def chain(tmp_path: Path, server: Server) -> Iterator[Chain]:
    chain = Chain(tmp_path, server)
    yield chain
    chain.close()


def public(key: str) -> str:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(key)).public_key().public_bytes_raw().hex()


def heard(worker: SyncWorker) -> bool:
    for _ in range(5):
        worker.step(0.0)
    return worker.state.online


def gone_over(chain: Chain) -> None:
    """To the new key, on both sides, and the old one is nobody's."""
    now = chain.kept
    assert now.key != chain.first.key and now.next_key is None
    assert (chain.till.key, chain.till.next_key, chain.till.new_key_wanted) == (public(now.key), None, False)
    keep_identity(chain.keys, chain.first)
    worker = chain.worker()
    assert not heard(worker) and worker.state.code == "not_signed"


def test_a_till_that_runs_goes_over_to_a_new_key_by_itself(chain: Chain) -> None:
    worker = chain.worker()
    assert heard(worker) and chain.kept == chain.first, "nobody asked for one"
    chain.rotate()
    chain.restart()
    assert heard(worker) and heard(worker)
    gone_over(chain)


@pytest.mark.parametrize("lost", ["the question", "the answer"])
def test_a_telling_that_was_lost_is_told_again_with_the_same_key(chain: Chain, lost: str) -> None:
    chain.rotate()
    worker = chain.worker(lose=lost)
    assert not heard(worker)
    told = chain.kept.next_key
    assert told is not None and chain.kept.key == chain.first.key
    assert chain.till.next_key == (public(told) if lost == "the answer" else None)
    chain.restart()
    assert heard(chain.worker())
    assert chain.kept.key == told
    gone_over(chain)


def test_a_till_that_died_before_it_heard_the_answer_goes_on_with_either_key(chain: Chain) -> None:
    chain.rotate()
    heard(chain.worker(lose="the answer"))
    with_old = msgspec.structs.replace(chain.kept, next_key=None)
    with_new = msgspec.structs.replace(with_old, key=chain.kept.next_key or "")
    for identity in (with_old, with_new):
        chain.restart()  # each is a process of its own, and the hub has forgotten the one of before
        speaker = speaker_of(Own(identity), lambda: OwnFile(chain.cache.file_id, 1))()
        client = HubClient(chain.url, speaker)
        client.changes(till="t1", generation=1, programme="alenka", after="", limit=1)
        client.close()


def test_a_key_that_nobody_asked_for_or_that_does_not_prove_itself_is_not_taken(chain: Chain) -> None:
    client = HubClient(chain.url, speaker_of(Own(chain.first), lambda: OwnFile(chain.cache.file_id, 1))())
    other = new_key("t1", Ed25519PrivateKey.generate())
    with pytest.raises(HubRefused) as unasked:
        client.new_key(other)
    assert unasked.value.code == "no_key_wanted" and chain.till.next_key is None
    chain.rotate()
    for bad in (
        msgspec.structs.replace(other, key="a" * 64),
        msgspec.structs.replace(other, proof=other.proof[:-2] + ("00" if other.proof[-2:] != "00" else "11")),
        new_key("t2", Ed25519PrivateKey.generate()),
    ):
        with pytest.raises(HubRefused):
            client.new_key(bad)
    assert chain.till.next_key is None
    client.close()


def test_a_till_without_a_key_has_nothing_to_renew(tmp_path: Path) -> None:
    from config.settings import load_settings

    path = tmp_path / "pos-agent.toml"
    path.write_text('till = "t1"\nprogramme = "alenka"\ndata = "d"\n[hub]\nurl = "http://127.0.0.1:9"\n', "utf-8")
    assert not own_in(load_settings(path)).has_joined
    (tmp_path / "d.keys").mkdir()
    (tmp_path / "d.keys" / IDENTITY).write_text("garbage", "utf-8")
    with pytest.raises(IdentityError, match=r"identity\.json cannot be read as this till's key"):
        own_in(load_settings(path))
