"""A ledger on disk with a clock of its own, tills that write chained operations, and the hub's port."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import requests

from hub.audit.verify import Verdict, verify
from hub.build import build_hub, build_programmes
from hub.face.tills import hub_app
from hub.importing import import_members
from hub.members import NewMember
from loyalty.bodies import Accrued, Body, CardIssued, CardReissued, CouponUse, Grant, Redeemed, Sale, SaleNumber
from loyalty.operation import FIRST_HASH, VERSION, Operation, Store, hash_operation, utc_text, write_operation
from storage import engine
from tests.one_port import Server
from tests.speaking import asking

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DAY = "2026-03-02"
PROGRAMMES = build_programmes()
AA, BB = "aa" * 16, "bb" * 16  # serials of coupons


class Pen:
    """A till as the hub sees it: operations with their identity, one after the other. `store`: where it stands, if it
    says so."""

    def __init__(
        self, till: str = "t1", rules: str = "a" * 64, *, store: str | None = None, timezone: str | None = None
    ) -> None:
        self.till = till
        self.store = Store(id=store, timezone=timezone) if store is not None else None
        self.rules = rules
        self.sequence = 0
        self.last_hash = FIRST_HASH

    def write(
        self, body: Body, *, programme: str = "alenka", at: datetime = NOW, by: str | None = None, **changes: Any
    ) -> str:
        operation = Operation(
            v=VERSION,
            chain=self.till,
            generation=1,
            sequence=self.sequence + 1,
            previous_hash=self.last_hash,
            at=utc_text(at),
            store=self.store,
            programme=programme,
            programme_hash=self.rules,
            by=by,
            body=body,
        )
        if changes:  # a letter that the till never sent: the chain does not go on from it
            return write_operation(msgspec.structs.replace(operation, **changes))
        text = write_operation(operation)
        self.sequence, self.last_hash = operation.sequence, hash_operation(text)
        return text


class Office:
    """The hub with what a test needs to say and see."""

    NOW = NOW

    def __init__(self, path: Path) -> None:
        self.path = path
        self.now = NOW
        self.pen = Pen()
        self.numbers = itertools.count(1)
        self.chain = self.pen.till
        self.open()

    def open(self) -> None:
        self.hub = build_hub(self.path, PROGRAMMES, serving=False, now=lambda: self.now)

    def restart(self) -> None:
        self.hub.close()
        self.open()

    # what happens

    def join(self, member: str = "anna", *, points: int = 0, programme: str = "alenka", **more: Any) -> None:
        fields: dict[str, Any] = {"line": 2, "phone": None, "registered": True, "birthday": None, "favourites": ()}
        fields |= {"member": member, "card": f"card{member}", "points": points, "programme": programme}
        assert list(import_members(self.hub, [NewMember(**fields | more)])) == [1]

    def grant(self, points: int, member: str = "anna", *, start: int = 0, days: int | None = None) -> None:
        """Points that live from `start` days after now, for so many days."""
        begin = NOW + timedelta(days=start)
        end = None if days is None else utc_text(begin + timedelta(days=days))
        grant = Grant(member=member, points=points, reason="gift", active_from=utc_text(begin), expires_at=end)
        assert self.born(grant) == "applied"

    def born(self, body: Body, chain: str = "hub", programme: str = "alenka") -> str:
        """An operation of the hub's own; its result, or why it was refused."""
        self.chain = chain
        (answer,) = self.hub.bear(programme, body, chain=chain)
        return answer.reason or answer.result

    def number(self) -> SaleNumber:
        return SaleNumber(day=DAY, number=str(next(self.numbers)))

    def sale(
        self,
        member: str | None = "anna",
        *,
        earned: int = 0,
        spent: int = 0,
        coupons: tuple[str, ...] = (),
        **more: Any,
    ) -> Sale:
        accrued = {key.removeprefix("accrued_"): more.pop(key) for key in list(more) if key.startswith("accrued_")}
        fields: dict[str, Any] = {
            "sale": self.number(),
            "member": member,
            "card": None,
            "link": "online",
            "lines": (),
            "total_kopecks": 1_000,
            "paid_kopecks": 1_000,
            "qualifying_kopecks": 1_000,
            "redeemed": Redeemed(points=spent, kopecks=spent),
            "accrued": Accrued(points=earned, **accrued),
            "coupons": tuple(CouponUse(serial=serial, campaign="c", discount_kopecks=1) for serial in coupons),
        }
        return Sale(**fields | more)

    def issued(self, card: str, member: str) -> CardIssued:
        return CardIssued(sale=self.number(), member=member, card=card)

    def reissued(self, old: str, new: str, member: str = "anna") -> CardReissued:
        return CardReissued(sale=self.number(), member=member, old_card=old, new_card=new, fee_kopecks=5_000)

    def take(self, *bodies: Body, pen: Pen | None = None, **how: Any) -> list[str]:
        """Operations of one till come; their results, or why they were refused."""
        pen = pen or self.pen
        self.chain = pen.till
        taken = self.hub.take(pen.till, [pen.write(body, **how) for body in bodies])
        assert taken.stopped is None
        return [answer.reason or answer.result for answer in taken.answers]

    def snapshot(self, member: str = "anna") -> Any:
        return self.hub.snapshot(member)

    # what is so

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with closing(engine.connect(self.path)) as connection:
            return connection.execute(query).fetchall()

    def postings(self) -> list[tuple[Any, ...]]:
        """The entries of the newest operation that has any, in the chain that was written last."""
        return self.rows(
            "SELECT account, CASE WHEN account IN ('member', 'debt') THEN member ELSE programme END, points"
            f" FROM entries JOIN members USING (member) WHERE chain = '{self.chain}' AND sequence ="
            f" (SELECT max(sequence) FROM entries WHERE chain = '{self.chain}') ORDER BY number"
        )

    def lots(self, member: str = "anna") -> list[tuple[int, int]]:
        """What was granted and what remains of it, oldest first."""
        return self.rows(f"SELECT granted, remaining FROM lots WHERE member = '{member}' ORDER BY lot")

    def cards(self, member: str = "anna") -> dict[str, str]:
        return dict(self.rows(f"SELECT number, status FROM cards WHERE member = '{member}' ORDER BY number"))

    def balance(self, member: str = "anna") -> int:
        return dict(self.hub.balances("alenka"))[member]

    def verdict(self) -> Verdict:
        return verify(self.hub.store, self.hub.zone_of)

    def tamper(self, *statements: str) -> None:
        """Somebody with sqlite3 and a wish."""
        connection = engine.connect(self.path)
        connection.execute("PRAGMA writable_schema = ON")
        for statement in statements:
            assert connection.execute(statement).rowcount > 0, statement
        connection.close()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path / "hub.db")
    yield office
    office.hub.close()


@pytest.fixture(scope="session")
def open_office() -> Iterator[Callable[[Path], Office]]:
    opened: list[Office] = []

    def make(path: Path) -> Office:
        opened.append(Office(path))
        return opened[-1]

    yield make
    for office in opened:
        office.hub.close()


@pytest.fixture(scope="session")
def new_pen() -> type[Pen]:
    return Pen


@pytest.fixture
def url(office: Office, server: Server) -> str:
    """Where the office's hub answers."""
    server.app = hub_app(office.hub)
    asking.there(server.url, lambda: office.hub)
    return server.url


@pytest.fixture
def push() -> Callable[..., requests.Response]:
    def send(url: str, till: str, *texts: str) -> requests.Response:
        body = json.dumps({"till": till, "operations": texts}).encode()
        return asking.post(f"{url}/v3/operations", data=body)

    return send


class Served:
    """`pos-hub serve` as a process of its own, ready: on a file, or on a database (postgresql://…)."""

    def __init__(self, ledger: Path | str, log: Path, *options: str) -> None:
        where = ["--db" if isinstance(ledger, Path) else "--database", str(ledger)]
        command = [sys.executable, "-m", "hub", "serve", *where, "--port", "0", *options]
        self._log = log
        with log.open("ab") as errors:
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
        assert self.process.stdout is not None
        self.ready = json.loads(self.process.stdout.readline())
        self.url: str = self.ready["url"]
        asking.there(self.url, ledger)

    def log(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def stop(self) -> int:
        self.process.terminate()
        self.process.communicate(timeout=30)
        return self.process.returncode

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=30)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Start the hub on a ledger; the port is open when this returns."""
    started: list[Served] = []

    def make(ledger: Path | str, *options: str) -> Served:
        started.append(Served(ledger, tmp_path / "hub.log", *options))
        return started[-1]

    yield make
    for served in started:
        served.kill()


@pytest.fixture
def pos_hub(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """An office command; in the folder of the test."""

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "hub", *words]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=tmp_path)

    return run
