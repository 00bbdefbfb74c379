"""The life of a hub: what tills push, what is born there, what tills ask, and how it begins and ends.

`python -m tests.faults.life_of_hub CHANNEL`, see living.py. A till that hears no answer sends the same again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import Final

import msgspec

from hub.books.holds import AskRefused
from hub.build import KEYS_FROM, build_hub, build_programmes
from hub.hub import Hub
from hub.importing import import_members
from hub.jobs.running import Running
from hub.members import NewMember
from hub.store.errors import LedgerReplaced, StoreOff
from loyalty.bodies import (
    Accrued,
    Adjustment,
    Body,
    CardBlocked,
    CardIssued,
    CardLinked,
    CardMadeVirtual,
    CardReissued,
    CardUnblocked,
    CertificateBlocked,
    CertificateEnded,
    CertificateRefunded,
    CertificateReplaced,
    CertificateSold,
    ClawedBack,
    ConsentGiven,
    ConsentWithdrawn,
    CouponMade,
    CouponRevoked,
    CouponUse,
    Expiry,
    Fiscal,
    FiscalAdded,
    Grant,
    HoldVoided,
    MemberJoined,
    MemberMerged,
    MemberRegistered,
    OperationRef,
    ProfileChanged,
    Redeemed,
    Return,
    ReturnCompleted,
    ReturnedLine,
    Sale,
    SaleClaimed,
    SaleNumber,
    TurnoverBrought,
)
from loyalty.kinds import kind_of
from loyalty.operation import (
    FIRST_HASH,
    OWN_CHAINS,
    VERSION,
    Operation,
    hash_operation,
    read_operation,
    utc_text,
    write_operation,
)
from sync.protocol import HoldRequest
from tests.faults.living import SHOP, Deed, Done, Kind, run
from tests.faults.rows import LEDGER

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LATER: Final = timedelta(days=30)  # then points of the shop are dead
JOB_HOURS: Final = 3  # each job runs once an hour at least, and waits no longer for one that died
DAY = "2026-03-02"
TILL = "t1"
PROGRAMMES = build_programmes()


class NotTaken(Exception):
    """The batch was stopped, or not applied."""


class Served:
    """One hub's folder, and its process."""

    refusals = (StoreOff, LedgerReplaced, AskRefused, NotTaken)

    def __init__(self, folder: Path, now: datetime = NOW) -> None:
        self.folder = folder
        self.now = now

    @cached_property
    def hub(self) -> Hub:
        os.environ[KEYS_FROM] = str(self.folder / "hub.db.keys")
        return build_hub(_ledger(self.folder), PROGRAMMES, serving=True, now=lambda: self.now)

    def begin(self) -> Done:
        """What tills know it by is the same for ever."""
        return Done(answer=[self.hub.keys.public, self.hub.ledger, self.hub.epoch])

    def end(self) -> Done:
        self.hub.close()
        del self.hub
        return Done()

    def next_one(self) -> Iterator[Deed]:
        yield pushes(self, "another till's", [sale("99", earned=1, member="boris")], till="t2")


def _ledger(folder: Path) -> Path | str:
    """In a file, or where one beside it says."""
    url = folder / LEDGER
    return url.read_text() if url.exists() else folder / "hub.db"


# what tills push


def sale(number: str, *, member: str = "anna", earned: int = 0, spent: int = 0, coupons: tuple[str, ...] = ()) -> Sale:
    return Sale(
        sale=SaleNumber(day=DAY, number=number),
        member=member,
        card=None,
        link="online",
        lines=(),
        total_kopecks=1_000,
        paid_kopecks=1_000,
        qualifying_kopecks=1_000,
        redeemed=Redeemed(points=spent, kopecks=spent),
        accrued=Accrued(points=earned),
        coupons=tuple(CouponUse(serial=serial, campaign="c", discount_kopecks=1) for serial in coupons),
    )


SOLD = sale("1", earned=20, spent=30)  # of the shop, before all lives
ENDS = CertificateSold(certificate="9100020003000394", kopecks=500, paid=False, until=utc_text(NOW + LATER / 2))


def written(till: str, bodies: Sequence[Body]) -> list[str]:
    """The whole chain of a till, canonical."""
    texts, before = [], FIRST_HASH
    for sequence, body in enumerate(bodies, start=1):
        operation = Operation(
            v=VERSION,
            chain=till,
            generation=1,
            sequence=sequence,
            previous_hash=before,
            at=utc_text(NOW),
            programme="alenka",
            programme_hash="a" * 64,
            body=body,
        )
        texts.append(write_operation(operation))
        before = hash_operation(texts[-1])
    return texts


def pushes(served: Served, asked: str, bodies: Sequence[Body], till: str = TILL) -> Deed:
    chain = written(till, (SOLD, *bodies) if till == TILL else bodies)
    return Deed(asked, partial(_pushed, served, till, chain[-len(bodies) :]))


def _pushed(served: Served, till: str, texts: list[str]) -> Done:
    """The answers are as they go to the till."""
    taken = served.hub.take(till, texts)
    if taken.stopped is not None or any(answer.result != "applied" for answer in taken.answers):
        raise NotTaken(str(taken))
    return Done(tuple(answer.hash for answer in taken.answers), answer=msgspec.to_builtins(taken.answers))


def pushed(*bodies: Body) -> Kind:
    def deeds(served: Served) -> Iterator[Deed]:
        yield pushes(served, "push", bodies)

    return Kind(deeds)


# what is born here


def born(body: Body, before: Sequence[Body] = ()) -> Kind:
    """`before`: what must be there, likewise born. Whoever has heard no answer looks first."""

    def deeds(served: Served) -> Iterator[Deed]:
        for one in (*before, body):
            yield Deed(type(one).__name__, partial(_born, served, one))

    return Kind(deeds)


def _born(served: Served, body: Body) -> Done:
    if not _hashes(served, lambda there: there == body):
        chain = "office" if "office" in kind_of(body).makers else "hub"
        (answer,) = served.hub.bear("alenka", body, chain=chain)
        if answer.result != "applied":
            raise NotTaken(str(answer))
    return Done(_hashes(served, lambda there: there == body))


def _hashes(served: Served, is_meant: Callable[[Body], bool]) -> tuple[str, ...]:
    """Of operations that were born here."""
    texts = [one.text for chain in OWN_CHAINS for one in served.hub.tills.own(chain, 1, 0).operations]
    return tuple(hash_operation(text) for text in texts if is_meant(read_operation(text).body))


def imports(served: Served) -> Iterator[Deed]:
    """The same file again brings nobody twice."""

    def imported() -> Done:
        list(import_members(served.hub, [new_member(f"new{number}", points=10) for number in range(3)]))
        joined = _hashes(served, lambda body: getattr(body, "member", "").startswith("new"))
        return Done(joined, claims=(("SELECT count(*) FROM members WHERE member LIKE 'new%'", [[3]]),))

    yield Deed("import", imported)


def new_member(name: str, points: int) -> NewMember:
    return NewMember(
        line=2,
        programme="alenka",
        card=f"card{name}",
        phone=None,
        points=points,
        registered=True,
        birthday=None,
        favourites=(),
        member=name,
    )


def runs_jobs(served: Served) -> Iterator[Deed]:
    """A month later points have died, and a certificate that was given has ended: by two jobs, each whole or not at
    all. Whoever died at one had it for some time; then another does it."""

    def points() -> Done:
        running = Running(served.hub)
        for hour in range(JOB_HOURS):
            served.now = NOW + LATER + timedelta(hours=hour)
            while running.step(served.now) <= served.now:
                pass
        died = ("SELECT sum(expired) FROM lots WHERE member = 'boris'", [[40]])
        expiries = _hashes(served, lambda body: isinstance(body, Expiry))
        return Done(_there(expiries, "nothing has expired"), claims=(died,))

    def certificates() -> Done:
        left = (f"SELECT remaining FROM certificates WHERE number = '{ENDS.certificate}'", [[0]])
        ends = _hashes(served, lambda body: isinstance(body, CertificateEnded))
        return Done(_there(ends, "no certificate has ended"), claims=(left,))

    yield Deed("jobs", points)
    yield Deed("jobs, certificates", certificates)


def _there(hashes: tuple[str, ...], otherwise: str) -> tuple[str, ...]:
    """Raises NotTaken."""
    if not hashes:
        raise NotTaken(otherwise)
    return hashes


# what tills ask


def holds(served: Served) -> Iterator[Deed]:
    until = utc_text(NOW + timedelta(minutes=20))
    request = HoldRequest(till=TILL, programme="alenka", member="anna", hold="t1/1", points=50, until=until)

    def held() -> Done:
        reply = served.hub.hold(request)
        return Done(claims=(("SELECT hold, points FROM holds", [["t1/1", 50]]),), answer=reply.points)

    yield Deed("hold t1/1", held)


# how it begins and ends


def begins(served: Served) -> Iterator[Deed]:
    yield Deed("begin", served.begin)


def begins_first(served: Served) -> Iterator[Deed]:
    """Where there was no hub: the file, its schema, the keys."""
    yield Deed("first begin", Served(served.folder / "new").begin)


def ends(served: Served) -> Iterator[Deed]:
    yield pushes(served, "push", [sale("7", earned=1)])
    yield Deed("end", served.end)


def opens_shop(served: Served) -> Iterator[Deed]:
    """What all other lives begin with."""
    list(import_members(served.hub, [new_member("anna", 500), new_member("boris", 100)]))
    dies = Grant(
        member="boris", points=40, reason="gift", active_from=utc_text(NOW), expires_at=utc_text(NOW + LATER / 2)
    )
    yield Deed("grant", partial(_born, served, dies))
    yield Deed("gift", partial(_born, served, ENDS))
    yield Deed("sold", partial(_pushed, served, TILL, written(TILL, [SOLD])))
    yield Deed("end", served.end)


OF_SOLD = OperationRef(chain=TILL, generation=1, sequence=1)
BACK = Return(
    of=OF_SOLD,
    sold_at=utc_text(NOW),
    member="anna",
    lines=(ReturnedLine(id="1", quantity_m=1000, refund_kopecks=100),),
    refund_kopecks=100,
    clawed_back=ClawedBack(points=5),
)
CLAIMED = SaleClaimed(
    of=OF_SOLD,
    of_sale=SOLD.sale,
    sold_at=utc_text(NOW),
    member="anna",
    accrued=Accrued(points=7),
    earned_points=7,
)
PAPER = Fiscal(device="9", document="1", sign="7", at=utc_text(NOW), kopecks=1_000, kind="sale")
BLOCKED = CardBlocked(member="anna", card="cardanna")
GIVEN = ConsentGiven(member="anna", what="personal_data", given_at=utc_text(NOW))
JOINED = MemberJoined(member="new", card="c9", registered=False)
CERTIFICATE = CertificateSold(certificate="9100020003000407", kopecks=100_000)
MADE = CouponMade(
    serial="ab" * 16, campaign="ten-percent", valid_from=utc_text(NOW), valid_to=utc_text(NOW + LATER), member="anna"
)
PUSHED: dict[str, tuple[Body, ...]] = {
    "sale": (sale("7", earned=5, spent=9, coupons=("aa" * 16,)),),
    "card_issued": (
        CardIssued(sale=SaleNumber(day=DAY, number="7"), member="vera", card="c7"),
        sale("7", member="vera"),
    ),
    "card_reissued": (
        CardReissued(
            sale=SaleNumber(day=DAY, number="7"), member="anna", old_card="cardanna", new_card="c8", fee_kopecks=5_000
        ),
        sale("7", spent=1),
    ),
    "return": (BACK,),
    "fiscal_added": (FiscalAdded(of=OF_SOLD, of_sale=SOLD.sale, fiscal=(PAPER,)),),
    "card_blocked": (BLOCKED,),
    "card_unblocked": (BLOCKED, CardUnblocked(member="anna", card="cardanna")),
    "card_made_virtual": (CardMadeVirtual(member="anna", old_card="cardanna", new_card="v1"),),
    "hold_voided": (HoldVoided(member="anna", holds=("t1/9",), reason="cancelled"),),
    "certificate_sold": (CERTIFICATE,),
    "certificate_refunded": (CERTIFICATE, CertificateRefunded(certificate=CERTIFICATE.certificate, kopecks=100)),
    "certificate_blocked": (CERTIFICATE, CertificateBlocked(certificate=CERTIFICATE.certificate)),
    "certificate_replaced": (
        CERTIFICATE,
        CertificateReplaced(certificate=CERTIFICATE.certificate, into="9100020003000410"),
    ),
    "batch": tuple(sale(str(number), earned=number, spent=number // 2) for number in range(7, 27)),
}
KINDS = {
    **{name: pushed(*bodies) for name, bodies in PUSHED.items()},
    "member_joined": born(JOINED),
    "member_registered": born(MemberRegistered(member="new"), [JOINED]),
    "profile_changed": born(ProfileChanged(member="anna", changed=("birthday",))),
    "consent_given": born(GIVEN),
    "consent_withdrawn": born(
        ConsentWithdrawn(
            member="anna",
            what="personal_data",
            given_at=GIVEN.given_at,
            withdrawn_at=utc_text(NOW + timedelta(hours=1)),
        ),
        [GIVEN],
    ),
    "sale_claimed": born(CLAIMED),
    "return_completed": born(ReturnCompleted(of=OF_SOLD, of_sale=SOLD.sale, day=DAY, member="anna", redeemed=5)),
    "coupon_made": born(msgspec.structs.replace(MADE, points=10)),
    "coupon_revoked": born(CouponRevoked(serial=MADE.serial), [MADE]),
    "turnover_brought": born(TurnoverBrought(member="anna", kopecks=5_000, until=DAY)),
    "card_linked": born(CardLinked(member="anna", card="c9")),
    "grant": born(Grant(member="anna", points=70, reason="gift", active_from=utc_text(NOW))),
    "adjustment": born(Adjustment(member="anna", points=-10, reason="mistake")),
    "member_merged": born(MemberMerged(member="boris", into="anna")),
    "hold": Kind(holds),
    "import": Kind(imports),
    "jobs": Kind(runs_jobs),
    "begin": Kind(begins, begun=False),
    "first_begin": Kind(begins_first, begun=False),
    "end": Kind(ends),
    SHOP: Kind(opens_shop, goes_on=False),
}

if __name__ == "__main__":
    run(Served, KINDS)
