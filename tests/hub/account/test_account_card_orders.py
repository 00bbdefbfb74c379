"""A3: a plastic card ordered by the form, to the end: by post, in a shop, come back, cancelled, forgotten."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from hub.account.act import AccountAsked
from hub.account.acts import ACCOUNT_ACTS
from hub.card_orders.closing import WAITS_FOR
from hub.card_orders.code import TRIES
from hub.card_orders.order import EVENTS, OPEN, TRANSITIONS, CardOrder, order_of, stepped, with_order
from hub.card_orders.ordering import MANY
from hub.cli import cli
from hub.desk.act import ActRefused, Asked
from hub.desk.acts import ACTS
from hub.jobs.running import Running
from hub.jobs.table import JOBS
from hub.people.cards import merge
from hub.people.orders import NotDone, Order
from hub.people.profile import erase
from hub.store.office_records import CardOrderRow, StoreRow
from hub.store.rows import Rows
from loyalty.card_numbers import make_number
from sync.account.card_orders import OrderTold
from tests.hub.conftest import NOW, PROGRAMMES, Office

HERS, HIS, MADE, OTHER = (make_number(PROGRAMMES["alenka"].cards.schemes[0], serial) for serial in range(31, 35))
ADDRESS = "644000, Омск, улица Ленина, 1"
POST = {"name": "Анна Петрова", "address": ADDRESS}
SHOP = {"name": "Анна Петрова", "store": "omsk-7"}
(JOB,) = (job for job in JOBS if job.name == "card_orders")
CHAIN = Asked("p1", "Олег", "", "", "alenka", "")
IN_SHOP = CHAIN._replace(by="Вера", person="p2", stores=frozenset({"omsk-7"}))
ELSEWHERE = IN_SHOP._replace(stores=frozenset({"omsk-8"}))


class Orders:
    def __init__(self, office: Office) -> None:
        self.office = office
        self.keys = iter(range(10_000))
        office.join("anna", card=HERS, points=500)
        office.join("boris", card=HIS)
        office.hub.within(lambda writer: writer.write(Rows(stores=[StoreRow("omsk-7")])))

    def act(self, act: str, member: str = "anna", key: str = "", **body: Any) -> Any:
        asked = AccountAsked(member, "alenka", key or f"k{next(self.keys)}")
        return ACCOUNT_ACTS[act].do(self.office.hub, asked, msgspec.convert(body, ACCOUNT_ACTS[act].takes))

    def refused(self, act: str, member: str = "anna", **body: Any) -> str:
        with pytest.raises(ActRefused) as refused:
            self.act(act, member, **body)
        return refused.value.code

    def mine(self, member: str = "anna") -> OrderTold:
        """The newest of his."""
        told: OrderTold = self.act("card_orders", member).orders[0]
        return told

    def step(self, id: str, event: str, asked: Asked = CHAIN, *, key: str = "", **more: str) -> Any:
        asked = asked._replace(key=key or f"o{next(self.keys)}")
        body = msgspec.convert({"id": id, "event": event, **more}, ACTS["card_order_step"].takes)
        return ACTS["card_order_step"].do(self.office.hub, asked, body)

    def no_step(self, id: str, event: str, asked: Asked = CHAIN, **more: str) -> tuple[str, int | None]:
        with pytest.raises(ActRefused) as refused:
            self.step(id, event, asked, **more)
        return refused.value.code, refused.value.tries_left

    def listed(self, state: str, asked: Asked = CHAIN) -> list[Any]:
        act = ACTS["card_orders"]
        told: Any = act.do(self.office.hub, asked, msgspec.convert({"state": state}, act.takes))
        return list(told.orders)

    def waiting(self) -> OrderTold:
        """Anna's waits in the shop."""
        id = self.act("card_order", **SHOP).id
        self.step(id, "made", card=MADE)
        self.step(id, "arrived", IN_SHOP)
        return self.mine()


@pytest.fixture
def orders(office: Office) -> Iterator[Orders]:
    yield Orders(office)


@pytest.mark.parametrize("state", TRANSITIONS)
@pytest.mark.parametrize("event", EVENTS)
def test_the_table_is_followed_and_what_is_missing_changes_nothing(state: Any, event: Any) -> None:
    for store in ("", "s1"):
        order = CardOrder(programme="alenka", made_at="x", name="А", address="" if store else "y", store=store)
        row = with_order(CardOrderRow("o", "anna", state, "", NOW, ""), order)
        after = TRANSITIONS[state].get(event)
        if after is None or event == ("sent" if store else "arrived"):
            with pytest.raises(NotDone):
                stepped(row, event, NOW, "x")
            continue
        now = stepped(row, event, NOW, "x")
        assert now.state == after and order_of(now).happened[-1].event == event
        assert bool(order_of(now).name) is (after in OPEN), "his name and address go with the last step"
        assert order_of(now).address == ("y" if not store and after in OPEN else "")


def test_by_post_it_is_his_when_he_types_its_number(orders: Orders) -> None:
    id = orders.act("card_order", key="f", **POST).id
    assert orders.act("card_order", key="f", **POST).id == id, "the same form is one order"
    assert orders.refused("card_order", **POST) == "card_order_open"
    (listed,) = orders.listed("new")
    assert (listed.address, listed.name, listed.fee_kopecks) == (ADDRESS, "Анна Петрова", 0)
    assert orders.no_step(id, "sent") == ("card_order_step", None)
    orders.step(id, "made", card=MADE)
    assert orders.refused("card_link", card=MADE) == "card_not_found", "it has not left the house"
    orders.step(id, "sent")
    assert (orders.mine().state, orders.mine().ends, orders.mine().code) == ("sent", "2026-05-01", "")
    assert orders.office.cards() == {HERS: "active"}, "only then is it a card"
    assert orders.refused("card_link", "boris", card=MADE) == "card_not_found", "whoever has opened the letter"
    assert orders.act("card_link", card=MADE).changed
    assert orders.office.cards() == {HERS: "active", MADE: "active"}
    assert (orders.mine().state, orders.mine().address, orders.mine().name) == ("handed_over", "", "")
    assert ADDRESS not in str(orders.office.rows("SELECT body FROM card_orders"))
    assert orders.office.verdict().faults == ()


def test_in_a_shop_it_is_handed_over_against_the_code_of_his_account(orders: Orders) -> None:
    told = orders.waiting()
    assert told.state == "waiting" and told.code.isdigit() and len(told.code) == 6
    assert told.code not in str(orders.office.rows("SELECT body FROM card_orders"))
    assert orders.no_step(told.id, "handed_over", IN_SHOP, code="000") == ("card_order_code", TRIES - 1)
    assert orders.no_step(told.id, "handed_over", ELSEWHERE, code=told.code) == ("no_card_order", None)
    spoken = f"{told.code[:3]} {told.code[3:]}"
    assert orders.step(told.id, "handed_over", IN_SHOP, key="h", code=spoken).state == "handed_over"
    assert orders.step(told.id, "handed_over", IN_SHOP, key="h", code=spoken).state == "handed_over"
    assert orders.office.cards() == {HERS: "active", MADE: "active"} and orders.mine().code == ""
    linked = orders.office.rows("SELECT text FROM operations WHERE text LIKE '%card_linked%'")
    assert len(linked) == 1 and '"Вера"' in linked[0][0]


def test_a_code_is_not_guessed_and_the_member_gets_another(orders: Orders) -> None:
    first = orders.waiting()
    wrong = f"{(int(first.code) + 1) % 10**6:06}"
    for left in reversed(range(1, TRIES)):
        assert orders.no_step(first.id, "handed_over", IN_SHOP, code=wrong) == ("card_order_code", left)
    assert orders.no_step(first.id, "handed_over", IN_SHOP, code=wrong) == ("card_order_tries", 0)
    assert orders.no_step(first.id, "handed_over", IN_SHOP, code=first.code) == ("card_order_tries", 0)
    assert orders.mine().code == ""
    assert orders.refused("card_order_code", "boris", id=first.id) == "no_card_order"
    orders.act("card_order_code", id=first.id)
    second = orders.mine().code
    assert second and second != first.code
    assert orders.no_step(first.id, "handed_over", IN_SHOP, code=first.code)[0] == "card_order_code"
    assert orders.step(first.id, "handed_over", IN_SHOP, code=second).state == "handed_over"


def test_an_order_of_another_s_is_as_one_that_is_not_there(orders: Orders) -> None:
    id = orders.act("card_order", **POST).id
    for one in (id, "0" * 16):
        assert orders.refused("card_order_cancel", "boris", id=one) == "no_card_order"
        assert orders.refused("card_order_code", "boris", id=one) == "no_card_order"
    assert orders.act("card_orders", "boris").orders == () and orders.mine().state == "new"


def test_what_a_form_lacks_is_said(orders: Orders) -> None:
    for form, code in (
        ({**POST, "name": ""}, "card_order_name"),
        ({**POST, "name": "Я" * 27}, "card_order_name"),
        ({**POST, "address": "Омск"}, "card_order_address"),
        ({**SHOP, "store": "nowhere"}, "card_order_store"),
    ):
        assert orders.refused("card_order", **form) == code
    orders.office.join("vera", card=OTHER, registered=False)
    assert orders.refused("card_order", "vera", **POST) == "not_registered"
    assert not orders.act("card_orders", "vera").may_order


def test_cancelled_before_it_goes_out_and_its_blank_is_nobodys(orders: Orders) -> None:
    from hub.blanks.batches import make

    draws = iter((41, 51))
    with_batch = orders.office.hub.within(
        lambda writer: make(writer, PROGRAMMES["alenka"], 2, id="b1", draw=lambda room: next(draws), now=NOW, by="x")
    )
    id = orders.act("card_order", **POST).id
    assert orders.no_step(id, "made", card=MADE) == ("card_not_blank", None), "of no batch"
    assert orders.no_step(id, "made", card=HIS) == ("card_not_blank", None)
    orders.step(id, "made", card=with_batch[0])
    orders.act("card_order_cancel", id=id)
    orders.act("card_order_cancel", id=id)
    assert orders.mine().state == "cancelled"
    assert orders.refused("card_link", card=with_batch[0]) == "card_not_found", "a name stands on it"
    again = orders.act("card_order", **POST).id
    assert orders.no_step(again, "made", card=with_batch[0]) == ("card_not_blank", None)
    orders.step(again, "made", card=with_batch[1])
    orders.step(again, "sent")
    assert orders.refused("card_order_cancel", id=again) == "card_order_step"


def test_so_many_in_a_year_are_enough(orders: Orders) -> None:
    for _ in range(MANY):
        orders.act("card_order_cancel", id=orders.act("card_order", **POST).id)
    assert orders.refused("card_order", **POST) == "card_order_many"
    orders.office.now += timedelta(days=366)
    orders.act("card_order", **POST)


def test_one_blank_is_of_one_order(orders: Orders) -> None:
    one, other = orders.act("card_order", **POST).id, orders.act("card_order", "boris", **POST).id
    orders.step(one, "made", card=MADE)
    assert orders.step(one, "made", card=MADE).state == "made", "said twice"
    assert orders.no_step(other, "made", card=MADE) == ("card_not_blank", None)


def test_nobody_comes_for_it_and_it_has_come_back(orders: Orders) -> None:
    told = orders.waiting()
    by_post = orders.act("card_order", "boris", **POST).id
    orders.step(by_post, "made", card=OTHER)
    orders.step(by_post, "sent")
    for _ in Running(orders.office.hub).run(JOB, NOW + WAITS_FOR - timedelta(seconds=1)):
        raise AssertionError("not yet")
    assert sum(Running(orders.office.hub).run(JOB, NOW + WAITS_FOR)) == 2
    assert (orders.mine().state, orders.mine("boris").state) == ("returned", "returned")
    assert "Ленина" not in str(orders.office.rows("SELECT body FROM card_orders"))
    assert orders.no_step(told.id, "handed_over", IN_SHOP, code=told.code) == ("card_order_step", None)
    orders.act("card_order", **SHOP)


def test_ordered_and_the_old_card_blocked_meanwhile(orders: Orders) -> None:
    told = orders.waiting()
    orders.act("card_block", card=HERS)
    orders.step(told.id, "handed_over", IN_SHOP, code=told.code)
    assert orders.office.cards() == {HERS: "blocked", MADE: "active"} and orders.office.balance() == 500


def test_whoever_is_erased_gets_none_and_his_address_is_forgotten(orders: Orders) -> None:
    id = orders.act("card_order", **POST).id
    orders.step(id, "made", card=MADE)
    erase(orders.office.hub, "anna", Order(by="x"), "asked")
    ((state, body),) = orders.office.rows("SELECT state, body FROM card_orders")
    assert state == "cancelled" and "Ленина" not in body and "Анна" not in body
    assert orders.no_step(id, "sent") == ("card_order_step", None)


def test_the_order_of_whoever_has_gone_into_another_is_that_one_s(orders: Orders) -> None:
    told = orders.waiting()
    merge(orders.office.hub, "anna", "boris", Order(by="x"))
    assert orders.mine("boris").code == told.code == orders.mine("anna").code
    orders.step(told.id, "handed_over", IN_SHOP, code=told.code)
    assert orders.office.cards("boris")[MADE] == "active"


def test_who_sees_one_shop_sees_what_waits_there_and_no_address(orders: Orders) -> None:
    by_post = orders.act("card_order", "boris", **POST).id
    in_shop = orders.act("card_order", **SHOP).id
    assert [one.id for one in orders.listed("new", IN_SHOP)] == [in_shop] and not orders.listed("new", ELSEWHERE)
    assert {one.id for one in orders.listed("new")} == {by_post, in_shop}
    assert orders.no_step(by_post, "cancelled", IN_SHOP) == ("no_card_order", None)
    at_till = CHAIN._replace(till="t1", store="omsk-7")
    assert [one.id for one in orders.listed("new", at_till)] == [in_shop]


def test_the_log_of_acts_has_the_steps_and_no_code(orders: Orders) -> None:
    told = orders.waiting()
    orders.step(told.id, "handed_over", IN_SHOP, code=told.code)
    acts = str(orders.office.rows("SELECT body FROM acted"))
    assert "card_order_step" in acts and "handed_over" in acts and told.code not in acts and MADE in acts


def test_by_the_command_line(orders: Orders) -> None:
    told = orders.waiting()
    orders.office.hub.close()

    def hub(*words: str, status: int = 0) -> str:
        done = CliRunner().invoke(cli, [*words, "--db", str(orders.office.path)])
        assert done.exit_code == status, done.output
        return done.output

    assert told.id in hub("card", "orders") and "wait in store omsk-7" in hub("card", "orders", "--state", "waiting")
    assert hub("card", "orders", "--state", "new") == "There are none.\n"
    assert json.loads(hub("card", "orders", "--json"))["number"] == MADE
    assert "tries are left" in hub("card", "order", told.id, "handed_over", "--code", "1", status=1)
    assert "cannot be cancelled" in hub("card", "order", told.id, "cancelled", status=1)
    assert "There is no order" in hub("card", "order", "7", "sent", status=1)
    assert "handed_over" in hub("card", "order", told.id, "handed_over", "--code", told.code, "--by", "Олег")
    orders.office.open()
    assert orders.mine().state == "handed_over"
