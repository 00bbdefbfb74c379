"""R32: the office blocks, unblocks, links and merges; every order is an operation with who gave it."""

from __future__ import annotations

from typing import Any

import pytest

from hub.people.cards import block, link, merge, unblock
from hub.people.orders import NotDone, Order
from hub.people.profile import erase
from hub.people.who import NotFound, person_called
from loyalty.operation import read_operation
from tests.hub.conftest import Office
from tests.hub.people.conftest import P1, P2

OLGA = Order(by="Olga")


def orders(office: Office) -> list[Any]:
    texts = office.rows("SELECT text FROM operations WHERE chain = 'office' ORDER BY sequence")
    return [read_operation(text) for (text,) in texts]


def test_a_card_is_blocked_and_unblocked_with_who_and_why(people: Office) -> None:
    assert block(people.hub, "cardanna", OLGA, "lost").changed
    assert people.cards() == {"cardanna": "blocked"}
    again = block(people.hub, "cardanna", OLGA, "lost")
    assert (again.changed, again.words) == (False, "Card cardanna is blocked already.")
    assert unblock(people.hub, "cardanna", OLGA, "found").changed and people.cards() == {"cardanna": "active"}
    assert not unblock(people.hub, "cardanna", OLGA, "found").changed
    told = [(one.by, one.body.reason, bool(one.asked)) for one in orders(people)]
    assert told == [("Olga", "lost", True), ("Olga", "found", True)] and people.verdict().faults == ()


def test_an_order_under_a_key_is_carried_out_once(people: Office) -> None:
    order = Order(by="Olga", key="k1")
    assert block(people.hub, "cardanna", order, "lost").changed
    unblock(people.hub, "cardanna", OLGA, "found")
    again = block(people.hub, "cardanna", order, "lost")
    assert (again.changed, again.before) == (False, "2026-03-02 12:00 UTC by Olga")
    assert people.cards() == {"cardanna": "active"} and len(orders(people)) == 2


@pytest.mark.parametrize(
    ("order", "why"), [(Order(by=""), "--by NAME"), (Order(by="O\n"), "--by"), (Order(by="O", key="k\n"), "--asked")]
)
def test_an_order_says_who_gives_it(people: Office, order: Order, why: str) -> None:
    with pytest.raises(NotDone, match=why):
        block(people.hub, "cardanna", order, "lost")
    assert orders(people) == []


def test_a_replaced_card_is_neither_blocked_nor_unblocked(people: Office) -> None:
    people.take(people.reissued("cardanna", "cardnew"))
    for order in (block, unblock):
        with pytest.raises(NotDone, match="replaced by cardnew"):
            order(people.hub, "cardanna", OLGA, "why")
    with pytest.raises(NotFound, match="Nobody has"):
        block(people.hub, "nobodys", OLGA, "why")
    with pytest.raises(NotDone, match="is no card"):
        block(people.hub, P1, OLGA, "why")


@pytest.mark.parametrize(("member", "status"), [("anna", "active"), ("vera", "issued")])
def test_a_card_that_nobody_has_is_linked(people: Office, member: str, status: str) -> None:
    assert link(people.hub, "2600000000017", member, OLGA).changed
    assert people.cards(member)["2600000000017"] == status
    assert not link(people.hub, "2600000000017", member, OLGA).changed
    with pytest.raises(NotDone, match=rf"is member {member}'s.*member merge 2600000000017 --into boris"):
        link(people.hub, "2600000000017", P2, OLGA)
    with pytest.raises(NotDone, match="wrong check digit: the last one would be 4"):
        link(people.hub, "2600000000025", member, OLGA)
    assert people.verdict().faults == ()


def test_two_members_who_are_one_person_become_one(people: Office) -> None:
    done = merge(people.hub, "boris", "anna", OLGA)
    assert done.words == "Member boris has gone into anna, with all that he had. The phone and name of anna is kept."
    assert people.balance() == 190 and people.cards() == {"cardanna": "active", "cardboris": "active"}
    with people.hub.store.reading() as reader:
        assert person_called(reader, people.hub.programmes, "boris").member == "anna"
        assert [row.member for row in reader.all_profiles()] == ["anna"], "nothing is known under the old id"
        assert reader.with_phone("alenka", P2) == []
    assert not merge(people.hub, "cardboris", P1, OLGA).changed, "they are one already"
    assert people.verdict().faults == ()


def test_what_is_not_known_of_the_one_is_the_others(people: Office) -> None:
    merge(people.hub, "anna", "vera", OLGA)
    vera = people.snapshot("vera")
    assert (vera.birthday, vera.favourites, vera.name) == ("1990-05-17", ("чай",), "Анна П.") and vera.phone_key
    assert people.cards("vera") == {"cardanna": "active", "cardvera": "active"}, "registered, for anna was"
    assert people.verdict().faults == ()


def test_a_card_that_was_only_issued_is_good_once_its_member_is_registered(people: Office) -> None:
    merge(people.hub, "vera", "anna", OLGA)
    assert people.cards()["cardvera"] == "active" and people.verdict().faults == ()


def test_members_of_two_programmes_and_erased_ones_stay_two(people: Office) -> None:
    people.join("petr", programme="perekrestok")
    with pytest.raises(NotDone, match="two programmes"):
        merge(people.hub, "petr", "anna", OLGA)
    erase(people.hub, "boris", OLGA, "asked")
    for one, other in (("boris", "anna"), ("anna", "boris")):
        with pytest.raises(NotDone, match="was erased"):
            merge(people.hub, one, other, OLGA)
    with pytest.raises(NotDone, match="was erased"):
        unblock(people.hub, "cardboris", OLGA, "found")
    with pytest.raises(NotDone, match="was erased"):
        link(people.hub, "2600000000017", "boris", OLGA)
