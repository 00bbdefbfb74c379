"""The life of a till: every kind of operation that it makes, by the desks that make them, and what its file hears.

`python -m tests.faults.life_of_till CHANNEL`, see living.py. The shop is always the same, and so is the moment.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from config.programmes import load_programme
from loyalty.bodies import (
    Body,
    CardBlocked,
    CardMadeVirtual,
    CardUnblocked,
    CertificateBlocked,
    CertificateRefunded,
    CertificateReplaced,
    CertificateSold,
    FiscalAdded,
    HoldVoided,
    SaleNumber,
)
from loyalty.operation import Key, Operation, read_operation, utc_text
from loyalty.snapshot import CardSnapshot, LotSnapshot, MemberSnapshot
from offline_cache.cache import Cache, FileError
from offline_cache.lease import Bond, Lease
from offline_cache.print_jobs import PaperEvent
from offline_cache.records import Answer, Page, PrintJob
from offline_cache.told_quotes import ToldQuotes
from pos_agent.checkout import Checkout
from pos_agent.counter import Counter
from pos_agent.disk import TillDisk
from pos_agent.protocol import (
    BasketLine,
    Code,
    Command,
    FiscalDocument,
    IssueCard,
    Pay,
    Redeem,
    ReissueCard,
    ReturnedGoods,
    ReturnGoods,
    SetBasket,
    SoldReceipt,
)
from pos_agent.protocol_cards import BlockCard, MakeVirtual
from pos_agent.recording import commit
from pos_agent.refused import Refused
from storage.sqlite_file import CommitUnknown
from tests.faults.living import SHOP, Deed, Done, Kind, run

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DAY = "2026-03-02"
ANNA, BORIS, FRESH, BLANK, BLANK_2 = (f"2600000000{end}" for end in ("017", "024", "048", "116", "123"))
CERTIFICATE, ANOTHER = "9100020003000407", "9100020003000410"
ALENKA = load_programme("alenka")
RESERVE_MB = 1  # enough for what a life writes, and soon copied
UNANSWERED_MAX = 100  # operations in the outbox; a life has a handful
TEA = BasketLine(id="1", name="Чай", price="400.00", quantity="3", category="tea")


class NotDone(Exception):
    """The desk said no."""


class Till:
    """One till's folder, and its process."""

    refusals = (FileError, Refused, NotDone)

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def cache(self) -> Cache:
        return Cache(self._folder / "till.db", "t1")

    @cached_property
    def told(self) -> ToldQuotes:
        return ToldQuotes(self._folder / "told.db")

    @cached_property
    def checkout(self) -> Checkout:
        disk = TillDisk(self._folder, RESERVE_MB)
        checkout = Checkout(
            self.cache,
            ALENKA,
            language="en",
            receipt_language="ru",
            is_online=lambda: True,
            told=self.told,
            disk=disk,
        )
        checkout.begin(NOW)
        return checkout

    def begin(self) -> Done:
        _ = self.checkout
        return Done()

    def end(self) -> Done:
        self.told.close()
        self.cache.close()
        del self.cache, self.checkout, self.told
        return Done()

    def next_one(self) -> Iterator[Deed]:
        yield sale(self, "99", BORIS, points=7)

    def commands(self, *commands: Command) -> None:
        """The last one counts. Raises NotDone."""
        for command in commands:
            reply = self.checkout.handle(command, NOW)
        if not reply.ok:
            raise NotDone(f"{reply.code}: {reply.text}")

    def unsent(self, is_meant: Callable[[Operation], bool]) -> tuple[str, ...]:
        """The hashes of those in the outbox that are meant."""
        texts = [text for _, text in self.cache.outbox(UNANSWERED_MAX)]
        return tuple(_hash(text) for text in texts if is_meant(read_operation(text)))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def fiscal(document: str) -> FiscalDocument:
    return FiscalDocument(device="9999", document=document, sign="77", at="2026-03-02T12:00:00+03:00", sum="1200.00")


# what is sold


def sale(till: Till, number: str, card: str, *more: Command, points: int = 0) -> Deed:
    """All of a receipt, as a POS tells it that has heard nothing yet."""
    commands: list[Command] = [SetBasket(sale=number, lines=(TEA,)), Code(sale=number, text=card), *more]
    if points:
        commands.append(Redeem(sale=number, points=points))

    def paid() -> Done:
        till.commands(*commands, Pay(sale=number, day=DAY, fiscal=(fiscal(number),)))
        return Done(_of_sale(till, number))

    return Deed(f"sale {number}", paid)


def _of_sale(till: Till, number: str) -> tuple[str, ...]:
    stored = till.cache.sale(SaleNumber(day=DAY, number=number))
    keys = [operation.key for operation in stored.operations] if stored else []
    return tuple(filter(None, map(till.cache.operation_hash, keys)))


def sells(till: Till) -> Iterator[Deed]:
    yield sale(till, "7", BORIS, points=100)


def issues(till: Till) -> Iterator[Deed]:
    yield sale(till, "7", BLANK, IssueCard(sale="7", card=BLANK))


def reissues(till: Till) -> Iterator[Deed]:
    paid = sale(till, "7", FRESH, ReissueCard(sale="7", new_card=BLANK))
    yield Deed(paid.asked, lambda: paid.do()._replace(claims=(_one_card("fresh"),)))


def _one_card(member: str) -> tuple[str, Any]:
    """R32: however often it was struck meanwhile, one of his cards lives."""
    return f"SELECT count(*) FROM cards WHERE member = '{member}' AND status <> 'replaced'", [[1]]


def at_desk(asked: str, command: Command, kind: type[Body]) -> Callable[[Till], Iterator[Deed]]:
    """Of a card of Anna's, without a purchase."""

    def done(till: Till) -> Done:
        def meant(one: Operation) -> bool:
            return isinstance(one.body, kind)

        if not till.unsent(meant):
            till.commands(command)
        return Done(till.unsent(meant), claims=(_one_card("anna"),))

    return lambda till: iter([Deed(asked, partial(done, till))])


def adds_fiscal(till: Till) -> Iterator[Deed]:
    def told() -> Done:
        till.commands(Pay(sale="1", day=DAY, fiscal=(fiscal("500"),)))
        return Done(till.unsent(lambda one: isinstance(one.body, FiscalAdded)))

    yield Deed("fiscal 500", told)


def takes_back(till: Till) -> Iterator[Deed]:
    """In two steps, as the cashier does."""
    of, number = SoldReceipt(sale="1", day=DAY), SaleNumber(day=DAY, number="R1")
    told = ReturnGoods(of=of, lines=(ReturnedGoods(id="1", quantity="1"),), sale="R1", day=DAY)

    def returned() -> Done:
        till.commands(told, ReturnGoods(of=of, lines=told.lines, sale="R1", day=DAY, paid=True))
        operation = till.cache.return_numbered(number)
        return Done(() if operation is None else till.unsent(lambda one: one.key == operation.key))

    yield Deed("return R1", returned)


# what has no desk of its own


def by_hand(asked: str, body: Body) -> Callable[[Till], Iterator[Deed]]:
    """Recorded as a desk records: looked up first, and again where the commit's outcome is unknown."""

    def deeds(till: Till) -> Iterator[Deed]:
        yield Deed(asked, partial(_recorded, till, body))

    return deeds


def _recorded(till: Till, body: Body) -> Done:
    def meant(one: Operation) -> bool:
        return one.body == body

    def is_recorded() -> bool:
        return bool(till.unsent(meant))

    if not is_recorded():
        commit(Counter(till.checkout.house, NOW), [body], None, lambda made: [], is_recorded=is_recorded)
    return Done(till.unsent(meant))


# what the till's file hears


def hears_answers(till: Till) -> Iterator[Deed]:
    """One is applied, one refused."""
    results = ("applied", "refused")

    def answered() -> Done:
        waiting = till.cache.outbox(len(results)) if till.cache.outbox_length() > 1 else []
        answers = [
            Answer(key=key, hash=_hash(text), result=result, reason="why")
            for (key, text), result in zip(waiting, results, strict=False)
            if key.sequence <= len(results)
        ]
        _surely(till, lambda: till.cache.answered(answers))
        said = "SELECT sequence, result FROM operations WHERE sequence <= 2 ORDER BY sequence"
        return Done(claims=((said, [[1, "applied"], [2, "refused"]]),))

    yield Deed("answers 1, 2", answered)


def hears_a_page(till: Till) -> Iterator[Deed]:
    def applied() -> Done:
        _surely(till, lambda: till.cache.changes.apply(page("6", member("boris", 4_000, BORIS, "active"))))
        cursor = "SELECT value FROM settings WHERE name = 'cursor'"
        boris = "SELECT json_extract(told, '$.lots[0].points') FROM members WHERE member = 'boris'"
        return Done(claims=((cursor, [["6"]]), (boris, [[4_000]])))

    yield Deed("page 6", applied)


def is_leased(till: Till) -> Iterator[Deed]:
    lease = Lease(generation=2, bond=Bond(ledger="l", key="k", machine="m"))

    def kept() -> Done:
        if till.cache.generation != lease.generation:
            _surely(till, lambda: till.cache.leases.keep(lease, asked=till.cache.generation))
        return Done(claims=(("SELECT value FROM settings WHERE name = 'generation'", [["2"]]),))

    yield Deed("lease 2", kept)


def forgets(till: Till) -> Iterator[Deed]:
    """The office has sent the till away: all members go, and the file is written anew."""

    def forgotten() -> Done:
        if till.cache.forgetting.forgotten() is None:
            _surely(till, lambda: till.cache.forgetting.begin("revoked", NOW))
        while till.cache.forgetting.more():
            pass
        return Done(claims=(("SELECT count(*) FROM members", [[0]]), ("SELECT count(*) FROM cards", [[0]])))

    yield Deed("forget all", forgotten)


def prints(till: Till) -> Iterator[Deed]:
    """Each step is on disk before the next one is taken; what was on its way when the till died is in question."""
    for event, states in (
        (PaperEvent.BEGUN, ("sending", "sent", "printed", "unknown")),
        (PaperEvent.SENT, ("sent", "printed", "unknown")),
        (PaperEvent.PROVED, ("printed",)),
    ):
        yield Deed(f"paper {event.value}", partial(_moved, till, event, states))


def _moved(till: Till, event: PaperEvent, states: tuple[str, ...]) -> Done:
    job = _receipt(till)
    if job.state == "unknown":  # the till died meanwhile; somebody has the paper in hand
        event = PaperEvent.SEEN
    _surely(till, lambda: till.cache.print_jobs.happened(job, event, proof="process_id"))
    if (now := _receipt(till).state) not in states:
        raise NotDone(f"{event.value}: the paper is {now}")
    among = ", ".join(f"'{state}'" for state in states)
    return Done(claims=((f"SELECT count(*) FROM print_jobs WHERE job = {job.job} AND state IN ({among})", [[1]]),))


def _receipt(till: Till) -> PrintJob:
    job = till.cache.print_jobs.receipt_of(Key(1, 1))
    assert job is not None, "the receipt of the first sale is there"
    return job


def _surely(till: Till, work: Callable[[], object]) -> None:
    """As the threads of the till do: what may have happened is looked at anew, and reported as not done."""
    try:
        work()
    except CommitUnknown:
        till.cache.reopen()
        raise


# how it begins and ends


def begins(till: Till) -> Iterator[Deed]:
    yield Deed("begin", till.begin)


def ends(till: Till) -> Iterator[Deed]:
    """What it did lately goes from the log into the file."""
    yield sale(till, "7", BORIS)
    yield Deed("end", till.end)


def opens_shop(till: Till) -> Iterator[Deed]:
    """What all other lives begin with: members, two sales that the hub has not heard of, papers that wait."""
    till.cache.changes.apply(
        page(
            "5",
            member("anna", 150, ANNA, "active"),
            member("boris", 5_000, BORIS, "active"),
            member("fresh", 200, FRESH, "issued"),
        )
    )
    till.cache.card_numbers.keep((BLANK_2,), None, NOW)
    yield sale(till, "1", ANNA, points=50)
    yield sale(till, "2", BORIS)
    yield Deed("end", till.end)


def member(name: str, points: int, card: str, status: str) -> MemberSnapshot:
    begun = utc_text(NOW - timedelta(days=1))
    lots = (LotSnapshot(id=f"told/{name}", points=points, active_from=begun),)
    return MemberSnapshot(member=name, lots=lots, debt=0, cards=(CardSnapshot(number=card, status=status),))


def page(cursor: str, *members: MemberSnapshot) -> Page:
    return Page(
        members=members,
        used_coupons=(),
        coupon_keys={1: bytes(32)},
        phone_hash_key=bytes(range(32)),
        watermark=Key(1, 0),
        cursor=cursor,
        pulled_at=NOW,
    )


KINDS = {
    "sale": Kind(sells),
    "card_issued": Kind(issues),
    "card_reissued": Kind(reissues),
    "return": Kind(takes_back),
    "fiscal_added": Kind(adds_fiscal),
    "card_blocked": Kind(at_desk("block", BlockCard(card=ANNA), CardBlocked)),
    "card_unblocked": Kind(by_hand("unblock", CardUnblocked(member="anna", card=ANNA))),
    "card_made_virtual": Kind(at_desk("virtual", MakeVirtual(card=ANNA), CardMadeVirtual)),
    "hold_voided": Kind(by_hand("void", HoldVoided(member="anna", holds=("t1/1",), reason="cancelled"))),
    "certificate_sold": Kind(by_hand("certificate", CertificateSold(certificate=CERTIFICATE, kopecks=100_000))),
    "certificate_refunded": Kind(by_hand("refund", CertificateRefunded(certificate=CERTIFICATE, kopecks=100))),
    "certificate_blocked": Kind(by_hand("stop", CertificateBlocked(certificate=CERTIFICATE, reason="stolen"))),
    "certificate_replaced": Kind(by_hand("replace", CertificateReplaced(certificate=CERTIFICATE, into=ANOTHER))),
    "answers": Kind(hears_answers),
    "page": Kind(hears_a_page),
    "lease": Kind(is_leased),
    "forgetting": Kind(forgets),
    "print_job": Kind(prints),
    "begin": Kind(begins, begun=False),
    "end": Kind(ends),
    SHOP: Kind(opens_shop, goes_on=False),
}

if __name__ == "__main__":
    run(Till, KINDS)
