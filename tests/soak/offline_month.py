"""A till thirty days without its hub, rebooted again and again, then drained: is the ledger what it should be?

`python -m tests.soak.offline_month [OPERATIONS] [--seed N]`: a hundred thousand unless said. Sales of ten lines, each
with a member, a tenth of them brought back. The till is closed, or lies there as a killed process leaves it, and begins
anew from its files. Then it finds its hub, over HTTP that breaks off. The other account is a sum for each member, kept
by nobody who knows the till's file or the hub's.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from msgspec.structs import replace
from starlette.types import Receive, Scope, Send

from config.programmes import load_programme
from hub.face.tills import hub_app
from loyalty.basket import Basket, Line
from loyalty.bodies import Body, ClawedBack, OperationRef, Restored, Return, Sale, SaleNumber
from loyalty.lots import Account, account_of
from loyalty.member import MemberView
from loyalty.operation import Operation
from loyalty.quote import quote
from loyalty.sold import sale_of
from offline_cache.records import Paper
from pos_agent.demo.processes import start
from tests.drills.conftest import NOW, RULES, Chain, Machine, Process
from tests.one_port import Server

OPERATIONS: Final = 100_000
DAYS: Final = 30
BEGINS: Final = NOW - timedelta(days=DAYS)
REBOOTS: Final = 20
VISITS: Final = 20  # of a member, on average
KNOWN_POINTS: Final = 10**9  # nobody runs out of them, so no debt hides a fault
LINES: Final = 10
KINDS: Final = 40  # of sales; each comes again and again, of other members
RETURNED: Final = 0.1
REMEMBERED: Final = 50  # sales that may come back
RECEIPT_BYTES: Final = 3_000
BREAKS_OFF: Final = 0.1  # of the requests: before the hub has heard, or behind its answer
STEPS_MAX: Final = 300  # of the worker, and as many again as operations wait
BETWEEN_S: Final = 1.0  # two requests, by the hub's clock: more would be too many
LOOKS: Final = 50  # at the memory between two starts
WARM: Final = 0.5  # of the looks: a file's cache of pages fills
ALENKA: Final = load_programme("alenka")


class Month(NamedTuple):
    """`wrong`: what the ledger says otherwise than the other account. `recording_kb`: by how much the process grew at
    most between two starts; `draining_kb`: in the end, with the hub in it. `opens_s`, `ready_s`: until the till's file
    is open, and a whole agent says that it is ready."""

    recorded: int
    reboots: int
    wrong: list[str]
    recording_kb: int
    draining_kb: int
    file_bytes: int
    opens_s: float
    ready_s: float | None


class Street:
    """Between till and hub; sometimes a request breaks off, when the hub has heard of it or before."""

    def __init__(self, chain: Chain, server: Server, chance: random.Random) -> None:
        self._hub = hub_app(chain.hub, now_s=lambda: chain.now_s)
        self._chance = chance
        self.is_open = True
        server.app = self

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        how = self._chance.random() if self.is_open else 0.0
        if how < BREAKS_OFF / 2:
            return await _hang_up(send)
        if how < BREAKS_OFF:
            await self._hub(scope, receive, _nowhere)
            return await _hang_up(send)
        return await self._hub(scope, receive, send)


async def _nowhere(message: object) -> None:
    pass


async def _hang_up(send: Send) -> None:
    await send({"type": "http.response.start", "status": 502, "headers": []})
    await send({"type": "http.response.body", "body": b""})


class Life:
    """The till's, and beside it what is known of it otherwise."""

    def __init__(self, machine: Machine, operations: int, reboots: int, chance: random.Random) -> None:
        self.machine = machine
        self._operations = operations
        self._each = -(-operations // (reboots + 1))
        self._chance = chance
        self._sales = list(_sales(chance))
        self._back: list[Operation] = []
        self._members = members_of(operations)
        self.points = dict.fromkeys(self._members, KNOWN_POINTS)
        self.kinds: Counter[str] = Counter()
        self.reboots = 0
        self.process: Process = machine.on()
        self.memory_kb: list[list[int]] = [[]]  # of each start until the next

    def go(self) -> None:
        for number in range(self._operations):
            if number and number % self._each == 0:
                self._reboot()
            self._one(number)
            if number % max(1, self._each // LOOKS) == 0:
                self.memory_kb[-1].append(resident_kb())

    def _one(self, number: int) -> None:
        at = NOW - timedelta(days=DAYS) * (1 - number / self._operations)
        label = SaleNumber(day=f"{at:%Y-%m-%d}", number=str(number + 1))
        if self._back and self._chance.random() < RETURNED:
            body: Body = _return(self._back.pop(self._chance.randrange(len(self._back))), label)
        else:
            member = self._chance.choice(self._members)
            body = replace(self._chance.choice(self._sales), sale=label, member=member)
        paper = Paper(kind="receipt", label=label.number, document=bytes(RECEIPT_BYTES))
        (made,) = self.process.cache.record([body], sale=label, rules=RULES, papers=lambda _: [paper], at=at)
        self._account_for(made)

    def _account_for(self, made: Operation) -> None:
        body = made.body
        if isinstance(body, Sale):
            self.points[str(body.member)] += body.accrued.points - body.redeemed.points
            self._back = [*self._back[1 - REMEMBERED :], made]
        else:
            assert isinstance(body, Return)
            self.points[str(body.member)] += body.restored.points - body.clawed_back.points
        self.kinds[type(body).__name__] += 1

    def _reboot(self) -> None:
        """By turns as one that was ended, and as one that was killed: then the files go on as they lie."""
        self.reboots += 1
        before, process = self.machine, self.process
        if self.reboots % 2:
            self.machine = Machine(before.chain, before.folder.with_name(f"boot{self.reboots}"), "first", before.till)
            before.copy_to(self.machine)
        process.off()
        if self.machine is not before:
            before.lose("data", "data.keys")
        self.process = self.machine.on()
        self.memory_kb.append([])
        self.process.worker.step(0.0)  # nobody answers


def members_of(operations: int) -> tuple[str, ...]:
    return tuple(f"member{number}" for number in range(max(1, operations // VISITS)))


def _sales(chance: random.Random) -> Iterator[Sale]:
    for kind in range(KINDS):
        basket = Basket(lines=tuple(_line(number, chance) for number in range(LINES)))
        view = MemberView(points_active=3_000)
        told = quote(ALENKA, basket, view, at=BEGINS, link="offline", requested_points=kind * 10)
        number = SaleNumber(day="2026-02-01", number="0")
        yield sale_of(ALENKA, basket, view, told, BEGINS, number=number, member="m", account=account_of(()))


def _line(number: int, chance: random.Random) -> Line:
    category = chance.choice(("chocolate", "biscuits", "sweets", "tea"))
    price = chance.randint(1_000, 90_000)
    return Line(id=str(number), name=f"goods {number}", price_kopecks=price, quantity_m=1_000, category=category)


def _return(sold: Operation, number: SaleNumber) -> Return:
    body = sold.body
    assert isinstance(body, Sale)
    return Return(
        sale=number,
        of=OperationRef(chain=sold.chain, generation=sold.generation, sequence=sold.sequence),
        of_sale=body.sale,
        member=body.member,
        sold_at=sold.at,
        lines=(),
        refund_kopecks=body.paid_kopecks,
        restored=Restored(points=body.redeemed.points),
        clawed_back=ClawedBack(points=body.accrued.points),
    )


def month(folder: Path, server: Server, operations: int, seed: int, *, reboots: int, agent: bool) -> Month:
    """`agent`: whether a whole agent is started in the end."""
    chance = random.Random(seed)
    chain = Chain(folder, server)
    chain.now = BEGINS
    chain.members(*members_of(operations), points=KNOWN_POINTS)
    chain.now = NOW
    machine = chain.machine("first")
    machine.join()
    street = Street(chain, server, chance)
    street.is_open = False
    life = Life(machine, operations, reboots, chance)
    life.go()
    street.is_open = True
    draining_kb = list(_drained(life.process))
    wrong = list(_wrong(chain, life))
    life.process.off()
    began = time.perf_counter()
    opened = life.machine.on()
    opens_s = time.perf_counter() - began
    opened.off()
    ready_s = _ready_s(life.machine) if agent else None
    size = life.machine.file.stat().st_size
    chain.stop()
    return Month(
        operations, life.reboots, wrong, max(map(_grown, life.memory_kb)), _grown(draining_kb), size, opens_s, ready_s
    )


def _drained(process: Process) -> Iterator[int]:
    """Looks at the memory meanwhile."""
    for _ in range(STEPS_MAX + process.cache.outbox_length()):
        process.chain.now_s += BETWEEN_S
        pauses = process.worker.step(0.0) > 0.0
        yield resident_kb()
        if pauses and not process.worker.state.failures:
            return
    raise AssertionError(f"they never come to rest: {process.worker.state}")


def _wrong(chain: Chain, life: Life) -> Iterator[str]:
    kept = chain.operations()
    if len(kept) != len(set(kept)) or len(kept) != sum(life.kinds.values()):
        yield f"{len(kept)} operations in the ledger, {sum(life.kinds.values())} were recorded"
    if life.process.cache.outbox_length() or life.process.cache.refused():
        yield f"{life.process.cache.outbox_length()} wait, refused are {life.process.cache.refused()[:3]}"
    for member, points in life.points.items():
        told = life.process.cache.members.member(member)
        here = _all_of(told.standing(ALENKA).account) if told is not None else None
        there = _all_of(chain.hub.account(member, NOW))
        if (there, here) != (points, points):
            yield f"{member} has {there} points at the hub, {here} at the till, and should have {points}"
    if cases := chain.cases():
        yield f"open cases: {Counter(cases)}"
    assert chain.is_right()


def _all_of(account: Account) -> int:
    """Points that are there, and those to come."""
    return sum(lot.points for lot in account.lots) - account.debt


def _ready_s(machine: Machine) -> float:
    began = time.perf_counter()
    config = str(machine.folder / "pos-agent.toml")
    agent = start("agent", ["pos_agent", "run", "--config", config], machine.folder / "agent.log")
    took_s = time.perf_counter() - began
    agent.stop()
    return took_s


def resident_kb() -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0])


def _grown(memory_kb: list[int]) -> int:
    warm = memory_kb[int(len(memory_kb) * WARM) :]
    return int(median(warm[-3:]) - median(warm[:3])) if warm else 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak.offline_month")
    parser.add_argument("operations", nargs="?", type=int, default=OPERATIONS)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**9), help="the same again")
    told = parser.parse_args()
    print(f"seed {told.seed}", flush=True)
    server, began = Server(), time.process_time()
    try:
        with TemporaryDirectory(prefix="month-") as folder:
            found = month(Path(folder), server, told.operations, told.seed, reboots=REBOOTS, agent=True)
    finally:
        server.close()
    print(found._replace(wrong=found.wrong[:10]), f"{time.process_time() - began:.0f} s of the processor")
    return 1 if found.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
