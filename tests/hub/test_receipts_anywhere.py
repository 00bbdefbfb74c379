"""Goods that come back at any till, and purchases that are added afterwards: the ledger as the judge (R26)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace as with_
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from hub.desk.act import ActRefused, Asked
from hub.desk.acts import ACTS
from hub.jobs.running import Running
from hub.jobs.table import JOBS
from hub.store.office_records import StoreRow
from hub.store.rows import Rows
from loyalty.basket import Basket, Line
from loyalty.bodies import Fiscal, FiscalAdded, OperationRef, Return, Sale, SaleClaimed, Tender
from loyalty.claims import as_claimed
from loyalty.member import MemberView
from loyalty.operation import Operation, read_operation
from loyalty.quote import quote
from loyalty.returns import LineReturn, came_back, still_out, take_back
from loyalty.sold import return_of, sale_of
from sync.receipts import SoughtClaim, SoughtMember, SoughtReceipt, ToldClaim
from tests.hub.conftest import NOW, PROGRAMMES, Office, Pen

ALENKA = PROGRAMMES["alenka"]
(RETURNS,) = [job for job in JOBS if job.name == "returns"]
TEA = Line(id="1", name="Чай", price_kopecks=33_333, quantity_m=3_000, category="tea")
SWEETS = Line(id="2", name="Конфеты", price_kopecks=64_901, quantity_m=2_000, category="sweets")
DOCUMENT = Fiscal(device="9281000100000001", document="00042", sign="123456", at="20260302T150000", kopecks=1, kind="1")


class Chain:
    """A ledger, three tills of it that sell and take back by one programme, and what the books say."""

    def __init__(self, office: Office) -> None:
        self.office = office
        office.join(points=500)
        self.pens = [Pen(f"t{n}", ALENKA.content_hash, store=f"s{n}") for n in (1, 2, 3)]

    def sell(self, spent: int = 0, *, member: bool = True, **more: Any) -> Operation:
        """At the first till."""
        basket = Basket(lines=(TEA, SWEETS))
        view = MemberView(points_active=500) if member else None
        answer = quote(ALENKA, basket, view, at=NOW, requested_points=spent)
        sale = sale_of(
            ALENKA, basket, view, answer, NOW, number=self.office.number(), member="anna" if member else None
        )
        return self.written(0, replace(sale, **more))

    def written(self, till: int, body: Any, reason: str = "applied") -> Operation:
        pen = self.pens[till]
        text = pen.write(body, at=self.office.now)
        taken = self.office.hub.take(pen.till, [text])
        assert [answer.reason or answer.result for answer in taken.answers] == [reason]
        return read_operation(text)

    def taken_back(
        self, sold: Operation, known: list[Return], *lines: tuple[str, int], **of_sale: Any
    ) -> Return | None:
        """What a till would record that knows of these returns alone. None: nothing of it is out as far as it knows."""
        assert isinstance(sold.body, Sale)
        back = came_back(sold.body, known)
        goods = still_out(sold.body, back, [LineReturn(id=id, quantity_m=pieces * 1000) for id, pieces in lines])
        if not goods:
            return None
        step = take_back(ALENKA, sold, back, goods)
        return return_of(ALENKA, sold, step, self.office.now, before=known, number=self.office.number())

    def square(self) -> int:
        self.office.now += timedelta(minutes=10)
        return sum(Running(self.office.hub, page=2).run(RETURNS, self.office.now))

    def asked(self, act: str, body: Any, *, till: int = 1, key: str = "k") -> Any:
        pen = self.pens[till]
        assert pen.store is not None
        return ACTS[act].do(self.office.hub, Asked("", "Olga", pen.till, pen.store.id, "alenka", key), body)

    def refused(self, act: str, body: Any, **how: Any) -> str:
        with pytest.raises(ActRefused) as caught:
            self.asked(act, body, **how)
        return caught.value.code

    def cases(self, kind: str) -> list[Any]:
        with self.office.hub.store.reading() as reader:
            return [case for case in reader.all_cases() if case.kind == kind]

    def spent(self) -> int:
        """What counts for tiers."""
        return sum(kopecks for (kopecks,) in self.office.rows("SELECT spent_kopecks FROM days WHERE member = 'anna'"))


@pytest.fixture
def chain(office: Office) -> Chain:
    return Chain(office)


@contextmanager
def fresh() -> Iterator[Chain]:
    with TemporaryDirectory() as folder:
        office = Office(Path(folder) / "hub.db")
        try:
            yield Chain(office)
        finally:
            office.hub.close()


def place(of: Operation) -> SoughtReceipt:
    return SoughtReceipt(chain=of.chain, generation=of.generation, sequence=of.sequence)


def ref(of: Operation) -> OperationRef:
    return OperationRef(chain=of.chain, generation=of.generation, sequence=of.sequence)


# found


def test_a_receipt_is_found_by_all_that_a_customer_has_in_hand(chain: Chain) -> None:
    sold = chain.sell(fiscal=(DOCUMENT,))
    assert isinstance(sold.body, Sale)
    number = sold.body.sale
    later = chain.sell()
    added = replace(DOCUMENT, document="43")
    assert isinstance(later.body, Sale)
    chain.written(0, FiscalAdded(of=ref(later), of_sale=later.body.sale, fiscal=(added,)))
    for sought, found in (
        (SoughtReceipt(document="42", sign="0123456"), sold),
        (SoughtReceipt(document="43", sign="123456"), later),
        (SoughtReceipt(number=number.number, day=number.day, store="s1"), sold),
        (SoughtReceipt(number=number.number, day=number.day, store="s1", till="t1"), sold),
        (place(sold), sold),
    ):
        told = chain.asked("find_sale", sought)
        assert read_operation(told.text) == found and told.returns == ()
    for sought in (
        SoughtReceipt(document="42", sign="7"),
        SoughtReceipt(number=number.number, day=number.day),  # in the shop that asks
        SoughtReceipt(number=number.number, day=number.day, store="s1", till="t9"),
        replace(place(sold), digest="0000"),
        SoughtReceipt(),
    ):
        assert chain.refused("find_sale", sought) == "unknown_receipt"
    chain.written(1, replace(sold.body, fiscal=(DOCUMENT,)))
    assert chain.refused("find_sale", SoughtReceipt(document="42", sign="123456")) == "several_receipts"
    assert chain.office.verdict().faults == ()


def test_another_entitys_receipt_is_refused_for_the_law_says_that_the_seller_takes_back(chain: Chain) -> None:
    sold = chain.sell()
    shops = [("s1", "ООО Ромашка"), ("s2", "ООО Ромашка"), ("s3", "ИП Иванов")]
    with chain.office.hub.store.writing() as writer:
        writer.write(Rows(stores=[StoreRow(store, entity=entity) for store, entity in shops]))
    assert chain.asked("find_sale", place(sold), till=1).text
    assert chain.refused("find_sale", place(sold), till=2) == "other_entity"


def test_without_a_receipt_a_purchase_is_found_in_the_history_with_what_is_still_out(chain: Chain) -> None:
    sold = chain.sell()
    back = chain.taken_back(sold, [], ("1", 3), ("2", 1))
    chain.written(0, back)
    told = chain.asked("member_sales", SoughtMember(who="cardanna"))
    ((sale,),) = (told.sales,)
    assert (sale.id, [(line.name, line.left_m, line.kopecks) for line in sale.lines]) == (
        "t1/1/1",
        [("Конфеты", 1_000, 64_901)],
    )
    assert chain.asked("member_sales", SoughtMember(who="cardanna", kopecks=5)).sales == ()
    assert chain.refused("member_sales", SoughtMember(who="nobody")) == "nobody_called_so"


# taken back at several tills


def test_a_return_elsewhere_is_booked_against_its_sale_and_told_to_the_next_till(chain: Chain) -> None:
    sold = chain.sell(300)
    back = chain.taken_back(sold, [], ("1", 1))
    assert back is not None
    chain.written(1, back)
    told = chain.asked("find_sale", place(sold), till=2)
    assert [read_operation(text).body for text in told.returns] == [back]
    assert (told.moved.restored, told.moved.clawed_back) == (back.restored.points, back.clawed_back.points)
    assert chain.square() == 0 and chain.office.verdict().faults == ()


def test_goods_that_come_back_at_two_tills_at_once_move_points_once_and_are_a_case_with_the_cost(chain: Chain) -> None:
    """Neither till knew of the other. The books take the second for too much, or not; either way it is put right."""
    sold, before = chain.sell(300), 500
    first, second = (chain.taken_back(sold, [], ("1", 3), ("2", 2)) for _ in range(2))
    assert first is not None and second is not None
    chain.written(1, first)
    chain.written(2, second, "more_than_was_redeemed")
    assert chain.office.balance() == before
    assert chain.square() == 0 and chain.office.balance() == before
    (case,) = chain.cases("came_back_twice")
    assert (case.id, case.cost_kopecks) == ("came_back_twice/t3/1/1", second.refund_kopecks)
    assert chain.square() == 0 and len(chain.cases("came_back_twice")) == 1
    assert chain.office.verdict().faults == ()


def test_goods_that_a_certificate_paid_come_back_at_two_tills_at_once_and_points_are_put_right(chain: Chain) -> None:
    """The books take the second for too much; its goods came back all the same, and earn nothing."""
    tender = Tender(kind="certificate", kopecks=100_000, id="9000000000000001")
    sold = chain.sell(tenders=(tender,), paid_kopecks=3 * 33_333 + 2 * 64_901 - 100_000)
    first, second = (chain.taken_back(sold, [], ("1", 3)), chain.taken_back(sold, [], ("1", 3), ("2", 2)))
    assert first is not None and second is not None
    chain.written(1, first)
    chain.written(2, second, "more_than_was_used")
    assert chain.office.balance() > 500
    assert chain.square() == 1 and chain.office.balance() == 500
    (case,) = chain.cases("came_back_twice")
    assert case.id == "came_back_twice/t3/1/1"
    assert chain.square() == 0 and chain.office.verdict().faults == ()


def test_what_was_given_twice_is_not_kept_from_the_refund_of_other_goods(chain: Chain) -> None:
    """Seed 120 of the simulated chain: the sweets came back at two tills that did not know of each other, and whoever
    brought the tea was told that 0.00 is given back, for a discount was kept."""
    sold = chain.sell(300)
    assert isinstance(sold.body, Sale)
    first, second = (chain.taken_back(sold, [], ("2", 2)) for _ in range(2))
    assert first is not None and second is not None
    for till, back in ((1, first), (2, second)):
        chain.written(till, back, "applied" if back is first else "more_than_was_redeemed")
    chain.square()
    said = [body for text in chain.asked("find_sale", place(sold)).returns if (body := returned(text)) is not None]
    rest = chain.taken_back(sold, said, ("1", 3))
    assert rest is not None
    assert (rest.refund_kopecks, rest.withheld_kopecks) == (sold.body.total_kopecks - first.refund_kopecks, 0)
    (case,) = chain.cases("came_back_twice")
    assert case.cost_kopecks == second.refund_kopecks


def returned(text: str) -> Return | None:
    body = read_operation(text).body
    return body if isinstance(body, Return) else None


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    spent=st.integers(0, 500),
    steps=st.lists(
        st.tuples(
            st.integers(0, 2),  # the till
            st.sampled_from([("1", 1), ("1", 2), ("2", 1)]),
            st.sets(st.integers(0, 5)),  # which of the returns before it has heard of
            st.booleans(),  # the job runs before it
        ),
        max_size=5,
    ),
)
def test_any_order_of_returns_at_several_tills_gives_back_what_was_taken(
    spent: int, steps: list[tuple[int, tuple[str, int], set[int], bool]]
) -> None:
    """Whatever each till knew of the others; the last one asks the hub, and takes back all that is out."""
    with fresh() as chain:
        sold = chain.sell(spent)
        assert isinstance(sold.body, Sale)
        made: list[Return] = []
        for till, goods, heard, squares in steps:
            if squares:
                chain.square()
            known = [body for number, body in enumerate(made) if number in heard]
            back = chain.taken_back(sold, known, goods)
            if back is None:
                continue
            pen = chain.pens[till]
            chain.office.now += timedelta(seconds=1)
            chain.office.hub.take(pen.till, [pen.write(back, at=chain.office.now)])
            made.append(back)
        chain.square()
        told = chain.asked("find_sale", place(sold))
        said = [body for text in told.returns if isinstance(body := read_operation(text).body, Return)]
        rest = chain.taken_back(sold, said, ("1", 3), ("2", 2))
        if rest is not None:
            chain.written(2, rest)
            chain.square()
        assert chain.office.balance() == 500, "all that was spent is back, and nothing that was earned"
        assert chain.office.verdict().faults == ()
        assert chain.spent() == 0


# claimed


def claimed(chain: Chain, sold: Operation, **how: Any) -> ToldClaim:
    sought = SoughtClaim(who="cardanna", receipt=place(sold), reason="forgot the card")
    told: ToldClaim = chain.asked("claim_sale", sought, **how)
    return told


def test_a_purchase_without_a_card_is_given_once_as_it_would_have_earned(chain: Chain) -> None:
    theirs, his = chain.sell(member=False), chain.sell()
    assert isinstance(his.body, Sale)
    look = chain.asked("look_at_claim", SoughtClaim(who="cardanna", receipt=place(theirs)))
    assert (look.state, look.why, look.points) == ("to_give", "no_card", his.body.accrued.points)
    before, spent = chain.office.balance(), chain.spent()
    assert claimed(chain, theirs).state == "given"
    assert claimed(chain, theirs).state == "given", "the same order again"
    assert claimed(chain, theirs, key="another").state == "given_before"
    assert chain.office.balance() - before == his.body.accrued.points
    assert chain.spent() - spent == his.body.qualifying_kopecks
    lots = chain.office.rows("SELECT DISTINCT active_from, expires_at FROM lots WHERE lot NOT LIKE 'hub%'")
    assert len(lots) == 1, "it begins and ends as that of the day"
    assert chain.office.hub.store is not None and chain.office.verdict().faults == ()


def test_why_a_purchase_is_not_given(chain: Chain) -> None:
    chain.office.join("boris")
    his, spends = chain.sell(), chain.sell(100, member=False, card="of-nobody")
    assert claimed(chain, his).state == "had_member"
    other = chain.asked("look_at_claim", SoughtClaim(who="cardboris", receipt=place(his)))
    assert other.state == "of_another"
    undone = chain.sell(member=False)
    chain.written(0, chain.taken_back(undone, [], ("1", 3), ("2", 2)))
    assert claimed(chain, undone, key="2").state == "came_back"
    assert isinstance(spends.body, Sale) and spends.body.redeemed.points == 0
    assert chain.asked("look_at_claim", SoughtClaim(who="cardanna", receipt=place(spends))).why == "card_of_nobody"
    old = chain.sell(member=False)
    chain.office.now += timedelta(days=31)
    assert claimed(chain, old, key="3").state == "too_old"
    assert chain.refused("claim_sale", SoughtClaim(who="cardanna", reason="r")) == "which_purchase"


@pytest.mark.parametrize("hears", [False, True], ids=["the till knows nothing", "the till has asked"])
@pytest.mark.parametrize("first", [0, 1], ids=["whole", "a part was back before"])
def test_goods_of_a_claimed_purchase_take_their_points_along(chain: Chain, hears: bool, first: int) -> None:
    """The join of the two: a till that sold without a member may not have heard of the claim."""
    sold, before = chain.sell(member=False), chain.office.balance()
    known = []
    if first:
        back = chain.taken_back(sold, [], ("2", 1))
        assert back is not None
        known.append(back)
        chain.written(0, back)
    given = claimed(chain, sold).points
    assert given > 0 and chain.office.balance() == before + given
    told, sale = chain.asked("find_sale", place(sold)), sold.body
    claim = read_operation(told.claim).body
    assert isinstance(claim, SaleClaimed) and isinstance(sale, Sale)
    his, before_it = as_claimed(sold, claim) if hears else sold, came_back(sale, known)
    if hears:
        moved = told.moved
        before_it = with_(before_it, points_clawed_back=moved.clawed_back, qualifying_kopecks=moved.qualifying_kopecks)
    goods = [LineReturn(id="1", quantity_m=3_000), LineReturn(id="2", quantity_m=2_000)]
    step = take_back(ALENKA, his, before_it, still_out(sale, before_it, goods))
    rest = return_of(ALENKA, his, step, NOW, before=known, number=chain.office.number())
    assert rest.clawed_back.points == (given if hears else 0)
    chain.written(0, rest)
    assert chain.square() == (0 if hears else 1)
    assert (chain.office.balance(), chain.spent()) == (before, 0)
    assert chain.square() == 0 and chain.office.verdict().faults == ()
