"""Several tills of one hub behind a bad link: sales, points spent, goods brought back, new cards, through the product's
own code; and then the link is good again, and everybody must know the same.

    python -m tests.faults.link_story [SECONDS] [SEED]
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, Final

from config.programmes import load_programme, load_source
from hub.audit.verify import verify
from hub.build import build_hub, build_programmes
from hub.face.tills import hub_app
from hub.importing import import_members
from hub.jobs.running import Running
from hub.jobs.table import JOBS
from hub.members import NewMember
from loyalty.lots import balance
from offline_cache.cache import Cache
from pos_agent.agent import Agent
from pos_agent.answers import Reply
from pos_agent.checkout import Checkout
from pos_agent.hub_holds import HubHolds
from pos_agent.parts import hash_of_source
from pos_agent.protocol import (
    BasketLine,
    Cancel,
    Code,
    Command,
    IssueCard,
    Pay,
    Redeem,
    ReturnGoods,
    SetBasket,
    SoldReceipt,
)
from sync.client import HubClient, Patience
from sync.worker import SyncWorker
from tests.faults.link import BadLink, Drawn
from tests.faults.link_model import Kept, kept_in, points_of
from tests.one_port import Server
from tests.speaking import speaking_as

ALENKA: Final = load_programme("alenka")
NOW: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY: Final = "2026-03-02"
TILLS: Final = ("t1", "t2", "t3")
MEMBERS: Final = 5
POINTS: Final = 1_000
DEEDS: Final = 100  # of a short story
BADNESS: Final = 0.6
PATIENCE: Final = Patience(connect_s=2.0, read_s=1.0, total_s=2.0)
STEPS_MAX: Final = 200
SYNC_STEPS: Final = 3  # of a till between two customers
RETELL: Final = [job for job in JOBS if job.name == "retell"]


def ean13(body: str) -> str:
    total = sum(int(digit) * (1 if place % 2 == 0 else 3) for place, digit in enumerate(body))
    return body + str(-total % 10)


class StoryTill:
    def __init__(self, story: Story, name: str) -> None:
        self.story, self.name = story, name
        self.file = story.folder / f"{name}.db"
        self.cache = Cache(self.file, name)
        self.cache.programmes.keep(ALENKA.content_hash, load_source("alenka"))
        self.sold: list[str] = []
        self._numbers = count(1)
        speaker = speaking_as(story.hub, self.cache)
        connect = partial(HubClient, story.link.url, speaker, PATIENCE)
        self._client = connect()
        self.worker = SyncWorker(
            self.cache,
            self._client,
            programme="alenka",
            jitter=lambda: 0.0,
            clock=lambda: story.now,
            hash_of_source=hash_of_source,
        )
        checkout = Checkout(
            self.cache,
            ALENKA,
            language="en",
            receipt_language="ru",
            is_online=lambda: self.worker.state.online,
            reserves_at=lambda: "hub" if self.worker.state.online else None,
            new_id=lambda: f"{story.chance.getrandbits(48):012x}",
        )
        holds = HubHolds(connect, PATIENCE.total_s)
        self.agent = Agent(checkout, ALENKA, "en", None, reserve={"hub": holds.ask})

    def do(self, command: Command) -> Reply:
        """Whoever it waits for, with its answer."""
        answered = self.agent.asked(command)
        while not answered.done():
            event = self.agent.take()
            if event is not None:
                self.agent.step(event, self.story.now)
        return answered.result()

    def sell(self, card: str, rubles: int, *, redeem: int = 0, blank: str = "") -> None:
        number = str(next(self._numbers))
        line = BasketLine(id="1", name="Чайник", price=f"{rubles}.00", quantity="2", category="chocolate")
        self.do(SetBasket(lines=(line,), sale=number, day=DAY))
        self.do(IssueCard(card=blank, sale=number, day=DAY) if blank else Code(text=card, sale=number, day=DAY))
        if redeem:
            self.do(Redeem(points=redeem, sale=number, day=DAY))
        if self.do(Pay(sale=number, day=DAY)).ok:
            self.sold.append(number)
        else:
            self.do(Cancel(sale=number, day=DAY))

    def take_back(self, number: str) -> None:
        """All of it."""
        of = SoldReceipt(sale=number, day=DAY)
        told = self.do(ReturnGoods(of=of, whole=True)).returned
        if told is not None:
            back = self.do(ReturnGoods(quote=told.quote, paid=True, sale=f"R{number}", day=DAY))
            assert back.ok, back

    def sync(self, steps: int) -> bool:
        """Whether it came to rest."""
        return any(self.worker.step(0.0) > 0.0 for _ in range(steps))

    def close(self) -> None:
        self._client.close()
        self.cache.close()


class Story:
    def __init__(self, folder: Path, seed: int, deeds: int = DEEDS) -> None:
        self.folder, self.deeds = folder, deeds
        self.chance = random.Random(seed)
        self.now = NOW
        self.counts: Counter[str] = Counter()
        self._server = Server()
        self.hub = build_hub(folder / "hub.db", build_programmes(), serving=True, now=lambda: self.now)
        self._server.app = hub_app(self.hub)
        self.link = BadLink(int(self._server.url.rpartition(":")[2]))
        self._plan = Drawn(seed, BADNESS)
        self.cards = [ean13(f"2600{number:08}") for number in range(MEMBERS)]
        self._blanks = (ean13(f"2600{number:08}") for number in count(500))
        self._join()
        self.tills = [StoryTill(self, name) for name in TILLS]

    def _join(self) -> None:
        rows = [
            NewMember(
                line=line,
                programme="alenka",
                card=card,
                phone=None,
                points=POINTS,
                registered=True,
                birthday=None,
                favourites=(),
                member=f"m{line}",
            )
            for line, card in enumerate(self.cards)
        ]
        assert len(list(import_members(self.hub, rows))) == MEMBERS

    # what happens

    def run(self) -> None:
        for till in self.tills:
            assert till.sync(STEPS_MAX)
        self.link.plan = self._plan
        for _ in range(self.deeds):
            self.now += timedelta(seconds=self.chance.choice((1, 5, 20)))
            self._one(self.chance.choice(self.tills))
            self.chance.choice(self.tills).sync(SYNC_STEPS)
        self.link.calm()
        self._come_to_rest()

    def _one(self, till: StoryTill) -> None:
        luck = self.chance.random()
        card, rubles = self.chance.choice(self.cards), self.chance.choice((100, 700, 2_000))
        if luck < 0.1:
            blank = next(self._blanks)
            till.sell("", rubles, blank=blank)
            self.cards.append(blank)
        elif luck < 0.3 and till.sold:
            till.take_back(till.sold.pop(self.chance.randrange(len(till.sold))))
        else:
            till.sell(card, rubles, redeem=self.chance.choice((0, 0, 50, 400)))

    def _come_to_rest(self) -> None:
        """Twice: what one till says is news to the others."""
        for till in self.tills * 2:
            running, now = Running(self.hub, jobs=RETELL), self.hub.now()
            while running.step(now) <= now:
                pass
            assert till.sync(STEPS_MAX) and till.worker.state.online, till.worker.state

    # what must hold

    def check(self) -> None:
        recorded = {till.name: kept_in(till.file) for till in self.tills}
        assert verify(self.hub.store, self.hub.zone_of).faults == ()
        for till in self.tills:
            assert till.cache.outbox_length() == 0
            assert self._at_hub(till.name) == recorded[till.name], "each once, in order, with the same answer"
        model = points_of(
            {f"m{number}": POINTS for number in range(MEMBERS)}, (kept for rows in recorded.values() for kept in rows)
        )
        assert self._points(list(model)) == model
        for till in self.tills:
            for member in model:
                self._same_view(till, member)
        self.counts["operations"] += sum(map(len, recorded.values()))

    def _at_hub(self, chain: str) -> list[Kept]:
        with self.hub.store.reading() as reader:
            kept = [one for one in reader.all_operations() if one.chain == chain]
        return [
            Kept(one.text, "applied" if one.reason is None else "refused", one.reason)
            for one in sorted(kept, key=lambda one: (one.generation, one.sequence))
        ]

    def _points(self, members: list[str]) -> Counter[str]:
        with self.hub.store.reading() as reader:
            rows, lots = reader.members(members), list(reader.lots_of(members))
        points: Counter[str] = Counter({member: -row.debt for member, row in rows.items()})
        for lot in lots:
            points[lot.member] += lot.remaining
        return points

    def _same_view(self, till: StoryTill, member: str) -> None:
        record, told = till.cache.members.member(member), self.hub.snapshot(member)
        assert record is not None and told is not None and record.own == ()
        account, books = record.standing(ALENKA).account, self.hub.account(member, self.now)
        assert (balance(account, self.now), account.debt) == (balance(books, self.now), books.debt), member
        here = {card.number: card.status for card in till.cache.members.cards(member)}
        assert here == {card.number: card.status for card in told.cards}, member

    def close(self) -> None:
        self.link.close()
        for till in self.tills:
            till.close()
        self._server.close()
        self.hub.close()


def lived(seed: int, deeds: int = DEEDS) -> dict[str, Any]:
    """One story, checked; what the link did in it."""
    with tempfile.TemporaryDirectory() as folder:
        story = Story(Path(folder), seed, deeds)
        try:
            story.run()
            story.check()
        finally:
            story.close()
        return {**story.link.done, **story.counts}


def main(seed: int, seconds: float) -> bool:
    """Story after story, for so long; each says its seed. Whether all ended well."""
    chance, until_s, seen = random.Random(seed), time.monotonic() + seconds, Counter[str]()
    while time.monotonic() < until_s:
        print(f"POS_TEST_SEED={seed}", flush=True)
        try:
            seen += Counter(lived(seed))
        except AssertionError:
            traceback.print_exc()
            return False
        seen["stories"] += 1
        seed = chance.randrange(10**9)
    print(dict(seen))
    return True


if __name__ == "__main__":
    os.umask(0o077)
    how_long_s, *seeds = map(float, sys.argv[1:] or ["60"])
    sys.exit(not main(int(seeds[0]) if seeds else random.SystemRandom().randrange(10**9), how_long_s))
