"""A till that has not joined does so by itself at its first start, with the sealed file that was carried to it."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from config.settings import Settings, load_settings
from hub.audit.verify import verify
from hub.face.tills import hub_app
from hub.tills.till import JOIN_TRIES
from offline_cache.cache import Cache
from pos_agent.client import AgentClient
from pos_agent.commands.status import _lines as lines_of
from pos_agent.first_start import file_in
from pos_agent.identity import identity_in
from pos_agent.invited import which
from pos_agent.joining import Begun, begun
from pos_agent.keys import JOINING, keys_of
from pos_agent.own_till import OwnTill
from pos_agent.parts import own_cache
from pos_agent.syncing import worker_of
from sync.worker import SyncState
from tests.one_port import Server
from tests.pos_agent.guests import until
from tests.pos_agent.inviting import Chain, carried
from tests.pos_agent.running import started
from tests.there import there

STEPS_MAX = 20
TIMEOUT_S = 20.0  # for a process on the slowest machine


class Machine:
    """A computer on which the agent of `settings` was started: what of it speaks to the hub."""

    def __init__(self, settings: Settings) -> None:
        settings.kept_in.mkdir(parents=True, exist_ok=True)
        self.settings = settings
        self.cache: Cache = own_cache(settings)
        self.own = OwnTill(settings, self.cache)
        self.worker = worker_of(
            settings, self.cache, self.own, "alenka", jitter=lambda: 0.0, clock=lambda: datetime.now(UTC)
        )

    def step(self) -> SyncState:
        self.worker.step(0.0)
        return self.worker.state

    def rest(self) -> SyncState:
        """Until there is nothing to do at once."""
        for _ in range(STEPS_MAX):
            if self.worker.step(0.0) > 0.0:
                return self.worker.state
        raise AssertionError("it never comes to rest")

    def said(self) -> str:
        return self.own.said.code if self.own.said is not None else ""

    def unproven(self) -> str | None:
        return self.own.unproven(self.worker.state, datetime.now(UTC))

    def close(self) -> None:
        self.cache.close()


@pytest.fixture
def chain(tmp_path: Path, server: Server) -> Iterator[Chain]:
    chain = Chain(tmp_path, server)
    yield chain
    chain.hub.close()


@contextmanager
def on(settings: Settings) -> Iterator[Machine]:
    machine = Machine(settings)
    try:
        yield machine
    finally:
        machine.close()


def with_file(chain: Chain, till: str = "till-1", name: str = "") -> tuple[Settings, Path]:
    """The till's folder, with the file in it that the office made for it."""
    settings = chain.settings(till)
    data = Path(settings.data)
    data.mkdir(exist_ok=True)
    return settings, Path(shutil.copy(carried(chain, till) / f"{till}.join", data / (name or f"{till}.join")))


def has_joined(settings: Settings) -> bool:
    return identity_in(keys_of(settings), settings.till) is not None


def test_a_till_with_its_file_joins_by_itself_and_speaks_from_then_on(chain: Chain) -> None:
    settings, file = with_file(chain)
    with on(settings) as machine:
        assert machine.unproven() == "not_joined"
        assert machine.rest().online and machine.unproven() is None
        assert machine.said() == "till_joined"
    assert not file.exists() and begun(keys_of(settings)) is None, "used up"
    assert (chain.till().state, chain.till().store) == ("joined", "s1")
    with on(settings) as again:
        assert again.rest().online and again.said() == "", "it has joined"


def test_without_a_file_nothing_is_tried(chain: Chain) -> None:
    with on(chain.settings()) as machine:
        assert machine.rest().code == "not_joined" and machine.said() == ""


def test_c1_a_hub_that_is_away_is_tried_again_until_it_is_there(chain: Chain) -> None:
    settings, file = with_file(chain)

    async def away(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("nobody is here", 502)(scope, receive, send)

    there_again, chain.server.app = chain.server.app, away
    with on(settings) as machine:
        for _ in range(3):
            assert machine.step().code == "unclear" and machine.said() == "", "no fault of the file's"
        assert file.exists() and chain.till().state == "invited"
        chain.server.app = there_again
        assert machine.rest().online


@pytest.mark.parametrize("then", ["the same process", "the next one"])
def test_c2_an_answer_that_was_lost_is_given_again_to_the_same_till(chain: Chain, then: str) -> None:
    """The hub has used the code up; the till knows nothing of it, and its key is on its disk."""
    settings, file = with_file(chain)
    hub, answers = hub_app(chain.hub), itertools.count()

    async def loses_the_first(scope: Scope, receive: Receive, send: Send) -> None:
        lost = next(answers) == 0

        async def say(message: Message) -> None:
            if not lost:
                await send(message)

        await hub(scope, receive, say)
        if lost:
            await PlainTextResponse("the line broke", 502)(scope, receive, send)

    chain.server.app = loses_the_first
    with on(settings) as machine:
        assert machine.step().code == "unclear" and chain.till().state == "joined"
        known = chain.till().key
        assert file.exists() and not has_joined(settings)
        if then == "the same process":
            assert machine.rest().online
    if then == "the next one":
        with on(settings) as machine:
            assert machine.rest().online
    assert chain.till().key == known and there(chain.till().lease).generation == 1 and not file.exists()


def test_what_it_joined_by_is_forgotten_when_it_is_heard(chain: Chain) -> None:
    settings, _ = with_file(chain)
    with on(settings) as machine:
        machine.step()
        assert chain.till().joined_by is not None
        assert machine.rest().online
    until("the hub has written it, after its answer", lambda: chain.till().joined_by is None)


def test_b1_of_two_machines_with_one_file_the_second_is_refused_and_says_so(chain: Chain) -> None:
    settings, file = with_file(chain)
    second = msgspec.structs.replace(settings, data=f"{settings.data}.2", keys=f"{settings.data}.2.keys")
    Path(second.data).mkdir()
    copied = Path(shutil.copy(file, Path(second.data)))
    with on(settings) as machine:
        assert machine.rest().online
    with on(second) as machine:
        state = machine.step()
        assert state.code == "join_failed" and "pos-hub till revoke till-1" in state.cause
        assert machine.said() == "till_not_joined" and machine.unproven() == "not_joined"
    assert copied.exists() and not has_joined(second)
    with on(settings) as machine:
        assert machine.rest().online, "the first is who it was"


@pytest.mark.parametrize("off", ["expired", "of another till", "of another hub", "changed", "no file", "too long"])
def test_a_file_that_is_none_is_told_with_what_helps_and_the_till_sells_on(chain: Chain, off: str) -> None:
    settings, file = with_file(chain)
    if off == "expired":
        chain.now += timedelta(days=8)
    elif off == "of another till":
        shutil.copy(carried(chain, "till-2") / "till-2.join", file)
    elif off == "of another hub":
        settings = chain.settings(url=chain.url.replace("127.0.0.1", "localhost"))
    elif off == "changed":
        file.write_bytes(file.read_bytes().replace(b'"store": "s1"', b'"store": "s2"'))
    elif off == "too long":
        file.write_bytes(b" " * 20_000 + file.read_bytes())
    else:
        file.write_bytes(b"")
    helps = {
        "expired": "pos-hub till add --csv",
        "of another till": "is of till till-2",
        "of another hub": "Write the same address",
    }
    with on(settings) as machine:
        state = machine.step()
        assert state.code == "join_failed" and helps.get(off, "The office makes a new one") in state.cause
        assert machine.unproven() == "not_joined" and machine.cache.outbox_length() == 0
    assert file.exists() and not has_joined(settings), "a person looks into it"


def test_an_older_file_costs_the_newer_one_a_single_try_and_a_better_file_is_found_at_once(chain: Chain) -> None:
    settings, file = with_file(chain)
    newer = carried(chain, "till-1") / "till-1.join"
    with on(settings) as machine:
        for _ in range(JOIN_TRIES + 1):
            assert machine.step().code == "join_failed"
        assert there(chain.till().invitation).tries_left == JOIN_TRIES - 1
        shutil.copy(newer, file)
        assert machine.rest().online


def test_a_file_that_cannot_be_removed_is_told(chain: Chain) -> None:
    settings, file = with_file(chain)
    with file.open("rb") as open_file:
        nobody_removes = f"/proc/self/fd/{open_file.fileno()}"
        with on(msgspec.structs.replace(settings, join=nobody_removes)) as machine:
            assert machine.rest().online
            said = there(machine.own.said)
    assert said.code == "till_joined_file_stays" and said.facts["file"] == nobody_removes and said.facts["why"]


def test_of_a_till_that_has_joined_only_the_file_by_which_it_did_is_removed(chain: Chain) -> None:
    """The power went between the two; a file that came later is a person's."""
    settings, file = with_file(chain)
    content = file.read_bytes()
    with on(settings) as machine:
        machine.rest()
    keys, identity = keys_of(settings), there(identity_in(keys_of(settings), "till-1"))
    file.write_bytes(content)
    keys.keep(JOINING, msgspec.json.encode(Begun(key=identity.key, by=which(b"another"))))
    with on(settings):
        assert file.exists(), "nobody knows whether it is used"
    keys.keep(JOINING, msgspec.json.encode(Begun(key=identity.key, by=which(content))))
    with on(settings):
        assert not file.exists() and keys.read(JOINING) is None


def test_the_settings_may_name_the_file_and_else_the_one_of_this_name_comes_first(chain: Chain) -> None:
    settings, file = with_file(chain)
    other = Path(shutil.copy(file, Path(settings.data) / "a.join"))
    assert file_in(settings) == file
    file.unlink()
    assert file_in(settings) == other
    path = chain.folder / "till-1.toml"
    path.write_text(f'join = "usb/till-1.join"\n{path.read_text("utf-8")}', "utf-8")
    named = load_settings(path)
    assert file_in(named) == chain.folder / "usb" / "till-1.join"
    with on(named) as machine:
        assert machine.rest().online
    assert other.exists() and not there(file_in(named)).exists()


def test_where_people_practise_it_is_the_shop_s_file_that_joins(chain: Chain) -> None:
    settings, _ = with_file(chain)
    training = msgspec.structs.replace(settings, training=True)
    with on(training) as machine:
        assert machine.rest().online and machine.cache.training
    with on(settings) as machine:
        assert machine.rest().online and machine.cache.file_id == there(chain.till().lease).file


def test_a_whole_agent_joins_tells_it_and_its_status_says_why_where_it_cannot(chain: Chain) -> None:
    settings, file = with_file(chain)
    content = file.read_bytes()
    file.write_bytes(b"{}")
    child, url = started(chain.folder / "till-1.toml")
    client = AgentClient(url, (Path(settings.data) / "api-token").read_text("ascii"))
    try:
        until("it says why", lambda: client.status().hub.code == "join_failed")
        told = client.status()
        assert any("is no file to join with" in line for line in lines_of(told, "en"))
        assert {"unproven", "till_not_joined"} <= {trouble.code for trouble in told.troubles}
        file.write_bytes(content)
        until("it has joined", lambda: client.status().hub.online)
        assert not file.exists()
        told_lines = list(itertools.takewhile(lambda line: "is used up" not in line, there(child.stdout)))
    finally:
        child.terminate()
        child.communicate(timeout=TIMEOUT_S)
    assert sum("The till has not joined" in line for line in told_lines) == 1, "told once"
    assert not verify(chain.hub.store, chain.hub.zone_of).faults
