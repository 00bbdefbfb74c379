"""One bit of a till's files is another than it was written, anywhere: is it said, or is nothing of it believed?

A till's files lie as a killed process leaves them, half of what happened in the log; or as one that ended, all of it
in the main file. A bit is turned, the till starts, and everything that a decision about points rests on is asked for.
Each answer is what was written, or none is given; and what is gone is named.
"""

from __future__ import annotations

import random
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

from config.programmes import load_programme
from loyalty.bodies import Accrued, CouponUse, Redeemed, Sale, SaleNumber
from loyalty.lots import balance
from loyalty.operation import Key, hash_operation, utc_text, write_operation
from loyalty.snapshot import CardSnapshot, LotSnapshot, MemberSnapshot
from offline_cache.cache import Cache, Rules
from offline_cache.opening import opened
from offline_cache.records import Answer, Page, Paper
from offline_cache.told_quotes import ToldQuotes
from storage.sqlite_file import FileError

NOW: Final = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DAY: Final = "2026-03-02"
TILL: Final = "t1"
ALENKA: Final = load_programme("alenka")
RULES: Final = Rules(programme="alenka", programme_hash=ALENKA.content_hash)
MEMBERS: Final = 120  # more than a page of them
SALES: Final = 60  # half of them in the log alone
ANSWERED: Final = 20
BATCH: Final = 50  # of each shop that is built
OTHERS_COUPON: Final = "used elsewhere"
FILES: Final = ("till.db", "till.db-wal", "told.db", "told.db-wal")
WEIGHTS: Final = dict(zip(FILES, (3, 12, 1, 1), strict=True))
OWN: Final = FILES[:2]

Facts = Mapping[str, Any]  # by what is asked for
Ask = Callable[[], Any]


class Flip(NamedTuple):
    file: str
    bit: int


class Outcome(NamedTuple):
    """`said`: harmless, or where the damage was met: at the start ("aside"), by the second file ("older"), by what
    asked for the page ("met"). `faults`: what was believed and is not so, or is gone without a word."""

    flip: Flip
    said: str
    faults: tuple[str, ...]


class Table(NamedTuple):
    seed: int
    outcomes: tuple[Outcome, ...]

    @property
    def faults(self) -> list[str]:
        return [f"{one.flip.file}, bit {one.flip.bit}: {fault}" for one in self.outcomes for fault in one.faults]

    def lines(self) -> Iterator[str]:
        yield f"seed {self.seed}: {len(self.outcomes)} bits, {len(self.faults)} believed or gone without a word"
        for file in FILES:
            said = Counter(one.said for one in self.outcomes if one.flip.file == file)
            yield f"{file:12}" + "".join(f"  {what} {count}" for what, count in sorted(said.items()))
        yield from self.faults


def flips(count: int, seed: int) -> Table:
    chance = random.Random(f"{seed}/flips")
    with TemporaryDirectory(prefix="flips-") as folder:
        ended, killed, there = (Path(folder) / name for name in ("ended", "killed", "there"))
        facts = _shop(ended, killed)
        outcomes = []
        for _ in range(count):
            shop = chance.choice((ended, killed))
            flip = _flip(shop, chance)
            shutil.copytree(shop, there)
            _turn(there / flip.file, flip.bit)
            outcomes.append(_judged(there, flip, facts))
            shutil.rmtree(there)
    return Table(seed, tuple(outcomes))


def main(seed: int, seconds: float) -> bool:
    """As many as there is time for; says what became of them."""
    until, tables = time.monotonic() + seconds, [flips(BATCH, seed)]
    while time.monotonic() < until:
        tables.append(flips(BATCH, seed + len(tables)))
    table = Table(seed, tuple(outcome for one in tables for outcome in one.outcomes))
    print(*table.lines(), sep="\n")
    return not table.faults


def _flip(shop: Path, chance: random.Random) -> Flip:
    """In the log, where there is one; in the second file now and then."""
    files = [file for file in FILES if (shop / file).exists() and (shop / file).stat().st_size]
    file = chance.choices(files, weights=[WEIGHTS[file] for file in files])[0]
    return Flip(file, chance.randrange((shop / file).stat().st_size * 8))


def _turn(file: Path, bit: int) -> None:
    content = bytearray(file.read_bytes())
    content[bit // 8] ^= 1 << bit % 8
    file.write_bytes(content)


# the till's life


def _shop(ended: Path, killed: Path) -> Facts:
    """Lays a till's files there, as a process leaves them that ended or was killed; gives what stands in them."""
    ended.mkdir()
    killed.mkdir()
    told = ToldQuotes(ended / "told.db")
    with closing(told), closing(Cache(ended / "till.db", TILL)) as cache:
        cache.hold_against(told)
        _page(cache, "1", range(MEMBERS))
        _sell(cache, range(SALES // 2))
        for key, text in cache.outbox(ANSWERED):
            cache.answered([Answer(key=key, hash=hash_operation(text), result="applied")])
        cache.file.scrub()  # all of it stands in the main file
        _sell(cache, range(SALES // 2, SALES))
        _page(cache, "2", range(0, MEMBERS, 3))
        for file in FILES:
            shutil.copyfile(ended / file, killed / file)
        return {name: ask() for name, ask in _asked(cache).items()}


def _page(cache: Cache, cursor: str, members: range) -> None:
    cache.changes.apply(
        Page(
            members=[_member(number, int(cursor)) for number in members],
            used_coupons=[f"{OTHERS_COUPON} {cursor}"],
            coupon_keys={1: bytes(32)},
            phone_hash_key=bytes(range(32)),
            watermark=Key(1, 0),
            cursor=cursor,
            pulled_at=NOW + timedelta(minutes=int(cursor)),
        )
    )
    cache.heard()


def _member(number: int, times: int) -> MemberSnapshot:
    begun = utc_text(NOW - timedelta(days=1))
    return MemberSnapshot(
        member=f"m{number}",
        lots=(LotSnapshot(id=f"told/{number}", points=1_000 * times + number, active_from=begun),),
        cards=(CardSnapshot(number=f"26{number:011}", status="active"),),
        phone_key=f"{number:064x}",
    )


def _sell(cache: Cache, numbers: range) -> None:
    for number in numbers:
        sale = SaleNumber(day=DAY, number=str(number))
        body = Sale(
            sale=sale,
            member=f"m{number % MEMBERS}",
            card=None,
            link="offline",
            lines=(),
            total_kopecks=1_000,
            paid_kopecks=1_000,
            redeemed=Redeemed(points=number, kopecks=number),
            accrued=Accrued(points=1),
            coupons=(CouponUse(serial=_serial(number), campaign="c", discount_kopecks=1),),
        )
        papers = [Paper(kind="receipt", label=str(number), document=b"paper")]
        cache.record([body], sale=sale, rules=RULES, papers=partial(_same, papers), at=NOW)


def _same(papers: list[Paper], made: object) -> list[Paper]:
    return papers


def _serial(number: int) -> str:
    return f"{number:032x}"


# what a decision rests on


def _asked(cache: Cache) -> dict[str, Ask]:
    members = {f"member m{number}": lambda n=number: _of_member(cache, f"m{n}") for number in range(MEMBERS)}
    cards = {f"card {number}": lambda n=number: cache.members.card(f"26{n:011}") for number in range(MEMBERS)}
    serials = [*map(_serial, range(SALES + 1)), *(f"{OTHERS_COUPON} {cursor}" for cursor in (1, 2, 3))]
    coupons = {f"coupon {serial}": lambda s=serial: cache.coupon_used(s) for serial in serials}
    sales = {f"sale {number}": lambda n=number: _of_sale(cache, n) for number in range(SALES)}
    return {**members, **cards, **coupons, **sales, **_whole(cache)}


def _whole(cache: Cache) -> dict[str, Ask]:
    return {
        "operations": lambda: _operations(cache),
        "outbox": lambda: [key for key, _ in cache.outbox(SALES)],
        "feed": lambda: cache.changes.feed(),
    }


def _of_member(cache: Cache, member: str) -> Any:
    found = cache.members.member(member)
    return found and (balance(found.standing(ALENKA).account, NOW), found.told)


def _of_sale(cache: Cache, number: int) -> Any:
    found = cache.sale(SaleNumber(day=DAY, number=str(number)))
    return found and [write_operation(operation) for operation in found.operations]


def _operations(cache: Cache) -> dict[Key, str]:
    found = {}
    for end in cache.own_chain.ends():
        for sequence in range(1, end.sequence + 1):
            operation = cache.operation(Key(end.generation, sequence))
            if operation is not None:
                found[operation.key] = write_operation(operation)
    return found


# the judgement


def _judged(there: Path, flip: Flip, facts: Facts) -> Outcome:
    told = ToldQuotes(there / "told.db")
    with closing(told):
        try:
            cache = opened(there / "till.db", lambda: Cache(there / "till.db", TILL, generation=0), told, NOW)
        except FileError as error:
            return Outcome(flip, "stopped", (f"the till does not start: {error}",))
        with closing(cache):
            if cache.damages.all():
                return Outcome(flip, "aside", tuple(_faults_of_rest(cache, facts)))
            if cache.losses.older:
                return Outcome(flip, "older", tuple(_faults_of_rest(cache, facts)))
            return _asked_for(cache, flip, facts)


def _asked_for(cache: Cache, flip: Flip, facts: Facts) -> Outcome:
    met, faults = False, []
    for name, ask in _asked(cache).items():
        try:
            answer = ask()
        except FileError as error:
            assert error.trouble == "damaged", error
            met = True
            continue
        if not _is_so(name, answer, facts):
            faults.append(f"{name}: {answer!r}, and it was {facts[name]!r}")
    assert met == cache.file.damaged, "whoever meets it says so to the till"
    return Outcome(flip, "met" if met else "harmless", tuple(faults))


def _is_so(name: str, answer: Any, facts: Facts) -> bool:
    """What was answered and waits again is sent again, and is answered as before."""
    if name != "outbox":
        return bool(answer == facts[name])
    return set(answer) >= set(facts[name]) and set(answer) <= set(facts["operations"])


def _faults_of_rest(cache: Cache, facts: Facts) -> Iterator[str]:
    """A till that says that it has lost something, and redeems nothing: each operation is what it was, or is named."""
    there: dict[Key, str] = {}
    with suppress(FileError):
        there = _operations(cache)
    yield from (f"{key} is another" for key, text in there.items() if facts["operations"].get(key) != text)
    if cache.file.damaged:
        return
    named = {Key(*key) for damage in cache.damages.all() for key in damage.unread}
    for loss in cache.losses.all():
        named |= {Key(loss.generation, sequence) for sequence in range(loss.first, loss.last + 1)}
    yield from (f"{key} is gone without a word" for key in facts["operations"] if key not in there and key not in named)
