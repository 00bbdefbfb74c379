"""Item 7: a receipt of a purchase without a card is brought by a member, once, whoever else tries, and wherever."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from hub.claims.claim import KIND
from hub.desk.act import ActRefused, Asked
from hub.desk.acts import ACTS
from hub.errands.kinds import ERRANDS
from hub.errands.walk import Walk
from hub.jobs.running import Running
from hub.jobs.table import JOBS
from hub.outside.services import NO_SERVICES
from hub.people.cards import merge
from hub.people.claims import looked
from hub.people.orders import Order
from hub.people.profile import erase
from hub.people.receipts import receipts_at
from hub.people.who import people
from hub.store.records import Place
from loyalty.basket import Basket, Line
from loyalty.bodies import Fiscal, FiscalAdded, OperationRef, Sale
from loyalty.operation import Operation, hash_operation, read_operation, write_operation
from loyalty.paper.sale import mark_of
from loyalty.quote import quote
from loyalty.receipt_codes import claim_link
from loyalty.returns import Back, all_left, take_back
from loyalty.sold import return_of, sale_of
from sync.receipts import BroughtHere
from tests.hub.account.conftest import CARD, SILENT, Door
from tests.hub.conftest import NOW, PROGRAMMES, Pen
from tests.there import there

ALENKA = PROGRAMMES["alenka"]
TEA = Line(id="1", name="Чай", price_kopecks=50_000, quantity_m=2_000, category="tea")  # earns 20
GIVEN = 20
FISCAL = "t=20260302T150000&s=1000.00&fn=9281000100000001&i=42&fp=3522207165&n=1"
DOCUMENT = Fiscal(
    device="9281000100000001", document="42", sign="3522207165", at="20260302T150000", kopecks=100_000, kind="1"
)


class Counter:
    """A till that sells tea to whoever comes without a card."""

    def __init__(self, door: Door, till: str = "t1") -> None:
        self.door, self.office = door, door.office
        self.pen = Pen(till, ALENKA.content_hash, store="s1")

    def sold(self, *, comes: bool = True, by: str | None = None, **more: Any) -> Operation:
        """`comes` False: the hub hears of it later."""
        basket = Basket(lines=(TEA,))
        answer = quote(ALENKA, basket, None, at=self.office.now)
        sale = sale_of(ALENKA, basket, None, answer, self.office.now, number=self.office.number())
        text = self.pen.write(msgspec.structs.replace(sale, **more), at=self.office.now, by=by)
        if comes:
            self.come(text)
        return read_operation(text)

    def come(self, *texts: str) -> None:
        taken = self.office.hub.take(self.pen.till, list(texts))
        assert {answer.reason or answer.result for answer in taken.answers} == {"applied"}

    def back(self, sold: Operation) -> None:
        """All of it."""
        assert isinstance(sold.body, Sale)
        step = take_back(ALENKA, sold, Back(), all_left(sold.body, Back()))
        back = return_of(ALENKA, sold, step, self.office.now, before=[], number=self.office.number())
        self.come(self.pen.write(back, at=self.office.now))

    def shown(self, code: str, who: str = CARD, till: str = "t2", key: str = "k") -> dict[str, Any]:
        """At another till, with a member's card in front."""
        try:
            told = ACTS["bring_receipt"].do(
                self.office.hub, Asked("", "Olga", till, "s2", "alenka", key), BroughtHere(who=who, code=code)
            )
        except ActRefused as refused:
            return {"code": refused.code}
        return dict(msgspec.to_builtins(told))


def mark(sold: Operation) -> str:
    return mark_of(sold, hash_operation(write_operation(sold)))


@pytest.fixture
def counter(door: Door) -> Counter:
    return Counter(door)


def walked(door: Door) -> int:
    return Walk(door.office.hub, NO_SERVICES, list(ERRANDS.values())).step()


def checked(door: Door) -> None:
    assert door.office.verdict().faults == ()


def test_a_receipt_is_looked_at_given_once_and_everybody_else_is_told(counter: Counter) -> None:
    door, sold = counter.door, counter.sold()
    code = claim_link("https://club.example.ru", mark(sold))
    look = door.act("receipt_claim_look", "anna", code=code)
    assert (look["state"], look["points"], look["last_day"]) == ("to_give", GIVEN, "2026-04-01")
    assert door.act("receipt_claim", "anna", "form", code=code)["state"] == "given"
    assert door.act("receipt_claim", "anna", "form", code=code)["state"] == "given", "the same form again"
    again = door.act("receipt_claim", "anna", code=code)
    assert (again["state"], again["points"]) == ("given_before", GIVEN)
    other = door.act("receipt_claim", "boris", code=mark(sold))
    assert (other["state"], other["card"], "points" in other) == ("of_another", f"****{CARD[-4:]}", False)
    at_till = counter.shown(mark(sold), "boris")
    assert (at_till["state"], at_till["card"]) == ("of_another", f"****{CARD[-4:]}")
    assert (door.office.balance("anna"), door.office.balance("boris")) == (GIVEN, 0)
    (brought,) = door.act("receipt_claims", "anna")["brought"]
    assert (brought["state"], brought["points"]) == ("given", GIVEN)
    (move, *_) = door.act("moves", "anna")["moves"]
    assert (move["kind"], move["came"], move["receipt"]) == ("sale_claimed", GIVEN, brought["receipt"])
    checked(door)


def test_at_a_till_it_is_given_to_the_member_in_front_and_then_not_in_the_account(counter: Counter) -> None:
    sold = counter.sold()
    told = counter.shown(mark(sold))
    assert (told["state"], told["points"], told["last_day"]) == ("given", GIVEN, "2026-04-01")
    assert counter.shown(mark(sold))["state"] == "given", "asked again under its key"
    assert counter.shown(mark(sold), key="2")["state"] == "given_before"
    assert counter.door.act("receipt_claim", "boris", code=mark(sold))["state"] == "of_another"
    assert counter.shown("2600000000017", key="3") == {"code": "unknown_receipt"}
    assert counter.shown(mark(sold), "nobody", key="4") == {"code": "nobody_called_so"}
    checked(counter.door)


def test_a_receipt_by_its_fiscal_code(counter: Counter) -> None:
    """With its own sum alone, of a sale alone, and also where the POS told of it later."""
    door, sold = counter.door, counter.sold()
    assert isinstance(sold.body, Sale)
    of = OperationRef(chain=sold.chain, generation=sold.generation, sequence=sold.sequence)
    counter.come(counter.pen.write(FiscalAdded(of=of, of_sale=sold.body.sale, fiscal=(DOCUMENT,))))
    counter.office.now = NOW + timedelta(days=5)
    for right, wrong in (("s=1000.00", "s=1000.01"), ("fp=3522207165", "fp=3522207166")):
        code = FISCAL.replace(right, wrong)
        assert door.act("receipt_claim_look", "anna", code=code)["code"] == "unknown_receipt"
    assert door.act("receipt_claim", "anna", code=FISCAL.replace("n=1", "n=2"))["code"] == "no_receipt_code"
    assert door.act("receipt_claim", "anna", code=FISCAL)["state"] == "given"
    assert door.act("receipt_claim", "anna", code=mark(sold))["state"] == "given_before"


def test_the_books_give_a_receipt_once_whoever_orders_it(counter: Counter) -> None:
    """Two who looked at the same moment: the second one's order is refused by the books themselves."""
    door, sold = counter.door, counter.sold()
    with door.office.hub.store.reading() as reader:
        (person, other), found = people(reader, ["anna", "boris"]), receipts_at(reader, [Place("t1", 1, 1)])
        bodies = [looked(door.office.hub, reader, one, found[0]).body for one in (person, other)]
    chains = ("account", "office")
    told = [door.office.born(there(body), chain) for body, chain in zip(bodies, chains, strict=True)]
    assert told == ["applied", "claimed_before"]
    assert (door.office.balance("anna"), door.office.balance("boris")) == (GIVEN, 0)
    assert door.act("receipt_claim", "boris", code=mark(sold))["state"] == "of_another"
    checked(door)


def test_why_nothing_is_given(counter: Counter) -> None:
    door = counter.door
    returned, old, his = counter.sold(), counter.sold(), counter.sold(member="boris", card=None)
    counter.back(returned)
    assert door.act("receipt_claim", "anna", code=mark(returned))["state"] == "came_back"
    assert door.act("receipt_claim", "anna", code=mark(his))["state"] == "of_another"
    assert door.act("receipt_claim", "boris", code=mark(his))["state"] == "had_member"
    wrong = mark(old)[:-16] + "0" * 16
    assert door.act("receipt_claim_look", "anna", code=wrong)["code"] == "unknown_receipt", "numbers can be guessed"
    assert door.act("receipt_claim", "anna", code="no code")["code"] == "no_receipt_code"
    door.later(timedelta(days=30).total_seconds())
    assert door.act("receipt_claim_look", "anna", code=mark(old))["state"] == "to_give", "to the last day"
    door.later(1)
    assert door.act("receipt_claim", "anna", code=mark(old))["state"] == "too_old"
    assert door.office.balance("anna") == 0
    checked(door)


def test_goods_that_come_back_take_their_points_along(counter: Counter) -> None:
    door, sold = counter.door, counter.sold()
    door.act("receipt_claim", "anna", code=mark(sold))
    counter.back(sold)
    (returns,) = [job for job in JOBS if job.name == "returns"]
    door.later(600)
    sum(Running(door.office.hub, page=2).run(returns, door.office.now))
    assert door.office.balance("anna") == 0
    assert door.act("receipt_claim", "boris", code=mark(sold))["state"] == "of_another"
    checked(door)


def test_a_receipt_that_has_not_come_waits_and_is_given_to_whoever_was_first(counter: Counter) -> None:
    """The till was without a connection: both brought it before it came, and a third person's code is made up."""
    door, _ = counter.door, counter.sold()
    late = counter.sold(comes=False)
    assert door.act("receipt_claim_look", "anna", code=mark(late))["state"] == "waiting"
    told = door.act("receipt_claim", "anna", code=mark(late))
    assert (told["state"], told["last_day"]) == ("waiting", "2026-03-05")
    assert door.act("receipt_claim", "anna", code=mark(late))["state"] == "waiting", "once is enough"
    assert counter.shown(mark(late), "boris")["state"] == "waiting"
    made_up = mark(late)[:-16] + "f" * 16
    assert door.act("receipt_claim", "boris", code=made_up)["state"] == "waiting", "nobody knows it yet"
    door.later(10)
    assert walked(door) == 3 and door.office.balance("anna") == 0
    counter.come(write_operation(late))
    door.later(7200)
    walked(door)
    assert (door.office.balance("anna"), door.office.balance("boris")) == (GIVEN, 0)
    assert [one["state"] for one in door.act("receipt_claims", "anna")["brought"]] == ["given"]
    door.later(timedelta(days=3).total_seconds())
    walked(door)
    assert sorted(one["why"] for one in door.act("receipt_claims", "boris")["brought"]) == ["never_came", "of_another"]
    assert walked(door) == 0
    checked(door)


def test_how_many_a_member_may_bring(counter: Counter) -> None:
    door = counter.door
    codes = [mark(counter.sold()) for _ in range(ALENKA.claims.a_month + 2)]
    done = []
    for code in codes:
        state = door.act("receipt_claim", "anna", code=code)
        if state.get("code") == "claims_day":
            assert counter.shown(code, key=code) == {"code": "claims_day"}, "at a till neither"
            door.later(timedelta(days=1).total_seconds())
            state = door.act("receipt_claim", "anna", code=code)
        done.append(state.get("state") or state["code"])
    assert done == ["given"] * ALENKA.claims.a_month + ["claims_month"] * 2
    assert door.act("receipt_claim", "boris", code=codes[-1])["state"] == "given"


def test_guesses_are_counted(counter: Counter) -> None:
    door, sold = counter.door, counter.sold()
    wrong = mark(sold)[:-16]
    told = [door.act("receipt_claim_look", "anna", code=f"{wrong}{n:016x}")["code"] for n in range(22)]
    assert told == ["unknown_receipt"] * 20 + ["claims_guesses"] * 2
    assert door.act("receipt_claim", "anna", code=mark(sold))["state"] == "given", "a right one is none"


def test_whoever_collects_the_receipts_of_one_cashier_rings(counter: Counter) -> None:
    """A cashier brings to her own card what guests leave: at two tills, in her hands."""
    door, beside = counter.door, Counter(counter.door, "t5")
    (watch,) = [job for job in JOBS if job.name == "watch"]
    most = ALENKA.velocity.claims_month
    assert most is not None
    for n in range(most + 1):
        sold = (counter, beside)[n % 2].sold(by="zoya")
        door.later(timedelta(days=1, hours=1).total_seconds())
        assert counter.shown(mark(sold), key=f"k{n}")["state"] == "given"
    sum(Running(door.office.hub, page=10).run(watch, door.office.now + timedelta(minutes=10)))
    with door.office.hub.store.reading() as reader:
        (case,) = [case for case in reader.all_cases() if case.kind == "velocity"]
    assert case.note is not None and case.note.startswith(f"claims_month:{most + 1}:{most}")
    assert case.member == "anna"


def test_whoever_goes_into_another_is_waited_for_there(counter: Counter) -> None:
    door, _ = counter.door, counter.sold()
    late = counter.sold(comes=False)
    door.act("receipt_claim", "boris", code=mark(late))
    merge(door.office.hub, SILENT, "anna", Order(by="Olga", key="m"))
    assert [one["state"] for one in door.act("receipt_claims", "anna")["brought"]] == ["waiting"]
    counter.come(write_operation(late))
    door.later(60)
    assert (walked(door), walked(door)) == (1, 0)
    assert door.office.balance("anna") == GIVEN
    assert [one["state"] for one in door.act("receipt_claims", "anna")["brought"]] == ["given"]
    checked(door)


def test_whoever_is_erased_leaves_no_code(counter: Counter) -> None:
    door, sold, late = counter.door, counter.sold(), counter.sold(comes=False)
    door.act("receipt_claim", "anna", code=mark(sold))
    door.act("receipt_claim", "anna", code=mark(late))
    erase(door.office.hub, "anna", Order(by="Olga", key="e"), "asked for it")
    with door.office.hub.store.reading() as reader:
        rows = reader.errands_of(KIND, ["anna"])
    assert len(rows) == 2 and not any(mark(one)[-16:] in row.body for row in rows for one in (sold, late))
    assert not any(row.about or row.due_at for row in rows) and walked(door) == 0
