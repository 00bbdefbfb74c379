"""Sixteen tills at once on a handful of members, and a server that is killed again and again.

A till is a thread that speaks HTTP to a real `pos-hub serve`: it writes chained operations, sends them in batches,
the same again until they are answered, asks for old answers once more, and sometimes sends one batch twice at the same
moment. All that it was ever answered is kept as bytes: what stood in those answers is all that the checker
(tests/hub/storm_checker.py) knows besides the ledger's tables.
"""

from __future__ import annotations

import itertools
import random
import select
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
import requests

from loyalty.bodies import (
    Accrued,
    Body,
    CardIssued,
    CardReissued,
    ClawedBack,
    CouponUse,
    OperationRef,
    Redeemed,
    Restored,
    Return,
    Sale,
    SaleNumber,
)
from loyalty.operation import FIRST_HASH, VERSION, Operation, hash_operation, utc_text, write_operation
from tests.speaking import asking

PROGRAMME: Final = "alenka"
MEMBERS: Final = tuple(f"m{number}" for number in range(5))
CARDS: Final = tuple(f"c{number}" for number in range(5))  # each member's first
POINTS: Final = 500  # each member begins with so many
AT: Final = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)  # all of it happens in one moment
BATCH_MAX: Final = 6
WANTED_AT_ONCE: Final = 3  # operations that wait at a till, before it makes new ones
ANSWER_S: Final = 20.0
PAUSE_S: Final = 0.05  # when nobody is there: a server starts in a second
CONTENDED: Final = 40  # numbers that several tills give to cards at once
COUPONS: Final = 300
OLD_SALES: Final = 60  # of the newest: a return of one of them is likely to meet another's


class Street:
    """What all tills share: where servers are, what sales were answered, which cards there are."""

    def __init__(self, chance: random.Random) -> None:
        self.urls: list[str] = []
        self.over = threading.Event()  # no new operations from here on
        self.stopped = threading.Event()
        self.numbers = itertools.count(1)
        self.coupons = [f"{chance.getrandbits(128):032x}" for _ in range(COUPONS)]
        self.sales: list[tuple[OperationRef, Sale]] = []  # answered: applied
        self.cards = list(zip(CARDS, MEMBERS, strict=True))  # answered: applied
        self.faults: list[str] = []


class _Reply(msgspec.Struct):
    answers: tuple[msgspec.Raw, ...]
    stopped: msgspec.Raw | None = None


class Answer(msgspec.Struct):
    sequence: int
    hash: str
    result: str
    reason: str | None = None
    generation: int = 1


class StormTill(threading.Thread):
    def __init__(self, name: str, street: Street, chance: random.Random) -> None:
        super().__init__(name=name, daemon=True)
        self.till = name
        self.texts: list[str] = []  # all that it ever wrote; the n-th has sequence n + 1
        self.bodies: list[Body] = []
        self.told: dict[int, list[bytes]] = {}  # by sequence: each answer as it came
        self.answered = 0
        self.again = 0  # answers that came once more
        self.unanswered = 0  # requests
        self._street = street
        self._chance = chance
        self._last_hash = FIRST_HASH
        self._twice = ThreadPoolExecutor(1)
        self._sessions = (requests.Session(), requests.Session())

    def run(self) -> None:
        try:
            while not self._street.stopped.is_set():
                if not self._step():
                    break
        except Exception as error:
            self._street.faults.append(f"{self.till} ended: {error!r}")
        self._twice.shutdown()

    def _step(self) -> bool:
        """One request; False when all is answered and nothing more comes."""
        waiting = len(self.texts) - self.answered
        if waiting < WANTED_AT_ONCE and not self._street.over.is_set():
            for _ in range(self._chance.randrange(1, BATCH_MAX)):
                self._write(self._next_body())
        elif not waiting:
            return False
        if self.answered and self._chance.random() < 0.1:
            first = self._chance.randrange(self.answered)
            self._send(first, first + self._chance.randrange(1, BATCH_MAX))
        first = self.answered
        upto = min(len(self.texts), first + self._chance.randrange(1, BATCH_MAX))
        if self._chance.random() < 0.06:
            other = self._twice.submit(self._send, first, upto, 1)
            self._send(first, upto)
            came = other.result()
        else:
            came = self._send(first, upto)
        if came and self._chance.random() < 0.92:  # else the answer was lost on the way
            self._count(first + came)
        return True

    def _count(self, upto: int) -> None:
        """What is answered is done with; others hear of it."""
        for sequence in range(self.answered + 1, upto + 1):
            body = self.bodies[sequence - 1]
            if msgspec.json.decode(self.told[sequence][0], type=Answer).result != "applied":
                continue
            if isinstance(body, Sale) and body.member in MEMBERS:
                self._street.sales.append((OperationRef(chain=self.till, generation=1, sequence=sequence), body))
            elif isinstance(body, CardIssued):
                self._street.cards.append((body.card, body.member))
            elif isinstance(body, CardReissued):
                self._street.cards.append((body.new_card, body.member))
        self.answered = upto

    def _send(self, first: int, upto: int, session: int = 0) -> int:
        """How many of them were answered; 0 when nobody answered."""
        url = self._chance.choice(self._street.urls)
        body = msgspec.json.encode({"till": self.till, "operations": self.texts[first:upto]})
        try:
            auth = asking.signature(url, self.till)
            response = self._sessions[session].post(url + "/v3/operations", data=body, auth=auth, timeout=ANSWER_S)
            content = response.content
        except requests.RequestException:
            self.unanswered += 1
            self._street.stopped.wait(PAUSE_S)
            return 0
        if response.status_code == 503:
            self.unanswered += 1
            self._street.stopped.wait(PAUSE_S)
            return 0
        if response.status_code != 200:
            self._street.faults.append(f"{self.till} {first + 1}…{upto}: {response.status_code} {content[:300]!r}")
            self._street.stopped.set()
            return 0
        return self._heard(content, first, upto)

    def _heard(self, content: bytes, first: int, upto: int) -> int:
        reply = msgspec.json.decode(content, type=_Reply)
        if reply.stopped is not None or len(reply.answers) != len(self.texts[first:upto]):
            self._street.faults.append(f"{self.till} {first + 1}…{upto}: stopped, {content[-300:]!r}")
            self._street.stopped.set()
            return 0
        for sequence, raw in enumerate(reply.answers, start=first + 1):
            heard = self.told.setdefault(sequence, [])
            self.again += bool(heard)
            heard.append(bytes(raw))
        return len(reply.answers)

    # what it writes

    def _write(self, body: Body) -> None:
        operation = Operation(
            v=VERSION,
            chain=self.till,
            generation=1,
            sequence=len(self.texts) + 1,
            previous_hash=self._last_hash,
            at=utc_text(AT),
            programme=PROGRAMME,
            programme_hash="a" * 64,
            body=body,
        )
        text = write_operation(operation)
        self._last_hash = hash_operation(text)
        self.texts.append(text)
        self.bodies.append(body)

    def _next_body(self) -> Body:
        kinds: tuple[Callable[[], Body], ...] = (
            self._sale,
            self._return,
            self._sale_with_coupons,
            self._sale_by_card,
            self._card_issued,
            self._card_reissued,
            self._sale_to_nobody,
        )
        (kind,) = self._chance.choices(kinds, (40, 22, 12, 8, 8, 8, 2))
        return kind()

    def _number(self) -> SaleNumber:
        return SaleNumber(day=AT.date().isoformat(), number=str(next(self._street.numbers)), pos=self.till)

    def _sale(self, **more: Any) -> Sale:
        spent, earned = self._chance.choice((0, 0, 7, 30, 90)), self._chance.randrange(40)
        fields: dict[str, Any] = {"member": self._chance.choice(MEMBERS), "card": None}
        return Sale(
            **fields | more,
            sale=self._number(),
            lines=(),
            link=self._chance.choice(("online", "offline")),
            total_kopecks=100_000,
            paid_kopecks=100_000,
            qualifying_kopecks=self._chance.randrange(100_000),
            redeemed=Redeemed(points=spent, kopecks=spent),
            accrued=Accrued(points=earned),
        )

    def _sale_with_coupons(self) -> Sale:
        serials = self._chance.sample(self._street.coupons, self._chance.randrange(1, 3))
        return self._sale(coupons=tuple(CouponUse(serial=one, campaign="c", discount_kopecks=1) for one in serials))

    def _sale_by_card(self) -> Sale:
        """Only the hub knows whose it is."""
        return self._sale(member=None, card=self._chance.choice(CARDS))

    def _sale_to_nobody(self) -> Sale:
        return self._sale(member="nobody")

    def _return(self) -> Body:
        """Of any till's sale: often two give the same points back, and one of them comes too late."""
        if not self._street.sales:
            return self._sale()
        of, sold = self._chance.choice(self._street.sales[-OLD_SALES:])
        back = self._chance.choice((sold.redeemed.points, sold.redeemed.points, sold.redeemed.points // 2))
        return Return(
            sale=self._number(),
            of=of,
            sold_at=utc_text(AT),
            sold_offline=sold.link == "offline",
            member=sold.member,
            lines=(),
            refund_kopecks=1,
            qualifying_kopecks=self._chance.randrange(100),
            restored=Restored(points=back),
            clawed_back=ClawedBack(points=self._chance.randrange(sold.accrued.points + 1)),
        )

    def _new_card(self) -> str:
        if self._chance.random() < 0.5:
            return f"n{self._chance.randrange(CONTENDED)}"
        return f"{self.till}-{len(self.texts)}"

    def _card_issued(self) -> CardIssued:
        return CardIssued(sale=self._number(), member=f"of-{self.till}-{len(self.texts)}", card=self._new_card())

    def _card_reissued(self) -> CardReissued:
        card, member = self._chance.choice(self._street.cards)
        return CardReissued(
            sale=self._number(), member=member, old_card=card, new_card=self._new_card(), fee_kopecks=5_000
        )


class FeedReader(threading.Thread):
    """Follows the feed by its cursor alone, from whichever server answers, as a till's cache does."""

    def __init__(self, street: Street, chance: random.Random) -> None:
        super().__init__(name="reader", daemon=True)
        self.members: dict[str, dict[str, Any]] = {}
        self.used: set[str] = set()
        self.pages = 0
        self._street = street
        self._chance = chance
        self._cursor = ""
        self._session = requests.Session()

    def run(self) -> None:
        while not self._street.stopped.is_set():
            if not self.read():
                self._street.stopped.wait(PAUSE_S)

    def read_to_the_end(self) -> None:
        while self.read():
            pass

    def read(self) -> bool:
        """A page; whether there is more behind it."""
        asked: dict[str, str | int] = {
            "programme": PROGRAMME,
            "after": self._cursor,
            "limit": self._chance.randrange(1, 30),
        }
        url = self._chance.choice(self._street.urls)
        try:
            auth = asking.signature(url, "reader")
            response = self._session.get(url + "/v3/changes", params=asked, auth=auth, timeout=ANSWER_S)
            page = response.json()
        except (requests.RequestException, ValueError):
            return False
        if response.status_code == 429:  # too many in a second: it comes again when it is told to, as a till does
            select.select([], [], [], float(response.headers["Retry-After"]))
            return True
        if response.status_code != 200:
            if response.status_code != 503:
                self._street.faults.append(f"the feed: {response.status_code} {response.text[:300]}")
            return False
        self.members |= {member["member"]: member for member in page["members"]}
        self.used |= set(page["used_coupons"])
        if page.get("set_aside"):
            self._street.faults.append(f"the feed sets aside {page['set_aside']}")
        self._cursor = page["cursor"]
        self.pages += 1
        return bool(page["more"])
