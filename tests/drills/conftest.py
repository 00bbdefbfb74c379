"""A hub behind HTTP, and machines with a till's folders that can be copied, lost and put back."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from config.settings import Settings, load_settings
from hub.audit.verify import verify
from hub.build import build_hub, build_programmes
from hub.cli import cli
from hub.face.tills import hub_app
from hub.hub import Hub
from hub.importing import import_members
from hub.members import NewMember
from loyalty.bodies import Accrued, ClawedBack, OperationRef, Redeemed, Restored, Return, Sale, SaleNumber
from loyalty.lots import balance
from loyalty.operation import Operation
from offline_cache.cache import Cache, Rules
from offline_cache.told_quotes import ToldQuotes
from pos_agent.identity import bond_of, own_in, speaker_of
from pos_agent.joining import join
from pos_agent.parts import till_file
from pos_agent.proof import facts_of, unproven
from sync.client import HubClient
from sync.identity import OwnFile
from sync.worker import SyncWorker
from tests.one_port import Server

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DAY = "2026-03-02"
SILENT_S = 11.0  # after so long the hub lets another process of a till in
STEPS_MAX = 60
RULES = Rules(programme="alenka", programme_hash=build_programmes()["alenka"].content_hash)


class Chain:
    """The hub, and the office's commands. `now`: by its clock; `now_s`: by the one that only goes on."""

    now = NOW

    def __init__(self, folder: Path, server: Server) -> None:
        self.folder = folder
        self.now_s = 0.0
        self.numbers = itertools.count(1)
        self._server = server
        self.start()

    @property
    def ledger(self) -> Path:
        return self.folder / "hub.db"

    @property
    def url(self) -> str:
        return self._server.url

    def start(self) -> None:
        self.hub = build_hub(self.ledger, build_programmes(), serving=True, now=lambda: self.now)
        self._server.app = hub_app(self.hub, now_s=lambda: self.now_s)

    def stop(self) -> None:
        self.hub.close()

    def command(self, *words: str) -> str:
        """`pos-hub …`; what it prints."""
        done = CliRunner().invoke(cli, [*words[:2], "--db", str(self.ledger), *words[2:]], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    def code(self, till: str) -> str:
        return self.command("till", "add", till, "--by", "olga").strip().rpartition(" ")[2]

    def members(self, *members: str, points: int = 100) -> None:
        import_all(self.hub, members, points=points)

    def points(self, member: str = "anna") -> int:
        return balance(self.hub.account(member, NOW), NOW)

    def is_right(self) -> bool:
        verdict = verify(self.hub.store, self.hub.zone_of)
        assert not verdict.faults, verdict.faults
        return True

    def operations(self, till: str = "t1") -> list[tuple[int, int]]:
        with self.hub.store.reading() as reader:
            return [(kept.generation, kept.sequence) for kept in reader.all_operations() if kept.chain == till]

    def cases(self) -> list[str]:
        with self.hub.store.reading() as reader:
            return [case.kind for case in reader.all_open_cases()]

    def machine(self, name: str, till: str = "t1") -> Machine:
        return Machine(self, self.folder / name, name, till)


class Machine:
    """A computer with the folders of a till; `name` is what it is known by. A process on it runs from `on` to `off`."""

    def __init__(self, chain: Chain, folder: Path, name: str, till: str) -> None:
        self.chain, self.folder, self.name, self.till = chain, folder, name, till
        folder.mkdir()
        self.point_at(chain.url)

    def point_at(self, url: str) -> None:
        text = f'till = "{self.till}"\nprogramme = "alenka"\ndata = "data"\n[hub]\nurl = "{url}"\n'
        (self.folder / "pos-agent.toml").write_text(text, encoding="utf-8")

    @property
    def settings(self) -> Settings:
        return load_settings(self.folder / "pos-agent.toml")

    def join(self) -> None:
        """`pos-agent join`, with a code of the office."""
        join(self.settings, self.chain.code(self.till), self.name)

    @property
    def file(self) -> Path:
        return self.settings.kept_in / "till.db"

    def copy_to(self, other: Machine, *, keys: bool = True) -> None:
        """The data's folder, with the keys or without."""
        for name in ("data", "data.keys") if keys else ("data",):
            shutil.rmtree(other.folder / name, ignore_errors=True)
            shutil.copytree(self.folder / name, other.folder / name)

    def lose(self, *names: str) -> None:
        for name in names:
            shutil.rmtree(self.folder / name)

    def on(self) -> Process:
        return Process(self)

    def sold(self, *, earned: int = 0, spent: int = 0) -> Operation:
        """It was on, sold once, told the hub of it, and is off again."""
        process = self.on()
        sold = process.sell(earned=earned, spent=spent)
        assert process.drain() == ""
        process.off()
        return sold


class Process:
    def __init__(self, machine: Machine) -> None:
        self.chain, settings = machine.chain, machine.settings
        settings.kept_in.mkdir(parents=True, exist_ok=True)
        self.told = ToldQuotes(settings.kept_in / "told.db")
        self.cache = till_file(settings, self.told, NOW)
        own = own_in(settings)
        self.bond = bond_of(own.identity, machine.name) if own.has_joined else None
        self._client = HubClient(settings.hub.url, speaker_of(own, self._file)())
        self.worker = SyncWorker(
            self.cache, self._client, programme="alenka", jitter=lambda: 0.0, clock=lambda: NOW, bond=lambda: self.bond
        )

    def _file(self) -> OwnFile:
        return OwnFile(self.cache.file_id, self.cache.generation)

    def off(self) -> None:
        """And the hub has not heard of it for long enough."""
        self._client.close()
        self.cache.close()
        self.told.close()
        self.chain.now_s += SILENT_S

    def why_unproven(self) -> str | None:
        older = self.cache.losses.older
        return unproven(facts_of(self.bond, self.cache.leases, self.worker.state.elsewhere_at, older=older), NOW)

    def drain(self) -> str:
        """Until both have nothing more to say; how it is then, in the hub's word: "" where all is well."""
        for _ in range(STEPS_MAX):
            if self.worker.step(0.0) > 0.0 and (not self.worker.state.failures or self.worker.state.failures > 3):
                return self.worker.state.code
        raise AssertionError(f"they never come to rest: {self.worker.state}")

    def sell(self, member: str = "anna", *, earned: int = 0, spent: int = 0, number: str = "") -> Operation:
        return record(self.cache, member, number or str(next(self.chain.numbers)), earned=earned, spent=spent)

    def take_back(self, sold: Operation) -> Operation:
        of = OperationRef(chain=sold.chain, generation=sold.generation, sequence=sold.sequence)
        assert isinstance(sold.body, Sale)
        number = SaleNumber(day=DAY, number=str(next(self.chain.numbers)))
        back = Return(
            sale=number,
            of=of,
            of_sale=sold.body.sale,
            member=sold.body.member,
            sold_at=sold.at,
            lines=(),
            refund_kopecks=1_000,
            restored=Restored(points=sold.body.redeemed.points),
            clawed_back=ClawedBack(points=sold.body.accrued.points),
        )
        return recorded(self.cache, back, number)

    def points(self, member: str = "anna") -> int:
        found = self.cache.members.member(member)
        assert found is not None
        return balance(found.standing(build_programmes()["alenka"]).account, NOW)


def number_of(sold: Operation) -> SaleNumber:
    assert isinstance(sold.body, Sale)
    return sold.body.sale


def import_all(hub: Hub, members: Sequence[str], points: int = 1_000) -> None:
    rows = [
        NewMember(
            line=line,
            programme="alenka",
            card=f"card{member}",
            phone=None,
            points=points,
            registered=True,
            birthday=None,
            favourites=(),
            member=member,
        )
        for line, member in enumerate(members, start=2)
    ]
    assert len(list(import_members(hub, rows))) == len(members)


def record(cache: Cache, member: str, number: str, *, earned: int = 0, spent: int = 0) -> Operation:
    """A sale at the till of this file."""
    sale = SaleNumber(day=DAY, number=number)
    body = Sale(
        sale=sale,
        member=member,
        card=None,
        link="offline",
        lines=(),
        total_kopecks=1_000,
        paid_kopecks=1_000,
        redeemed=Redeemed(points=spent, kopecks=spent),
        accrued=Accrued(points=earned),
    )
    return recorded(cache, body, sale)


def recorded(cache: Cache, body: Sale | Return, number: SaleNumber) -> Operation:
    (made,) = cache.record([body], sale=number, rules=RULES, papers=lambda made: [], at=NOW)
    return made


@pytest.fixture
def chain(tmp_path: Path, server: Server) -> Iterator[Chain]:
    chain = Chain(tmp_path, server)
    chain.members("anna", "boris")
    yield chain
    chain.stop()


@pytest.fixture
def till(chain: Chain) -> Machine:
    """It has joined."""
    machine = chain.machine("first")
    machine.join()
    return machine
