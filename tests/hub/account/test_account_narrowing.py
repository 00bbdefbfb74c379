"""A phone is not yet a person: two on one phone, a number that changed hands, a form on paper, who may not come in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.build import build_hub
from hub.people.cards import block
from hub.people.orders import Order
from hub.people.profile import erase
from hub.store.office_records import ConfirmedRow
from hub.store.rows import Rows
from tests.hub.account.conftest import CARD, NEW, PHONE, Door
from tests.hub.account.test_account_registering import ANNA, proof
from tests.hub.conftest import PROGRAMMES, Office
from tests.hub.desk.conftest import P3
from tests.hub.desk.conftest import Desk as Acts

ALENKA = PROGRAMMES["alenka"]
ASKS = replace(
    ALENKA,
    redemption=replace(ALENKA.redemption, phone_recheck_months=12),
    cards=replace(ALENKA.cards, form_days=20),
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Its programme asks for a phone again after 12 months, and lets a form on paper wait for 20 days."""
    office = Office(tmp_path / "hub.db")
    office.hub.close()
    hub = build_hub(office.path, {**PROGRAMMES, "alenka": ASKS}, serving=False, now=lambda: office.now)
    office.hub = hub
    yield office
    hub.close()


@pytest.fixture
def silent(door: Door) -> Iterator[Door]:
    """Anna has confirmed her phone 13 months ago."""
    confirm(door.office, "anna", PHONE, timedelta(days=400))
    door.office.tamper("UPDATE members SET birthday = '1990-05-17' WHERE member = 'anna'")
    yield door


def confirm(office: Office, member: str, phone: str, ago: timedelta) -> None:
    row = ConfirmedRow(member, office.hub.codes.phone(phone), office.now - ago)
    office.hub.within(lambda writer: writer.write(Rows(phones_confirmed=[row])))


def test_two_on_one_phone_say_by_a_card_or_a_birthday_which_of_them_it_is(door: Door) -> None:
    door.office.join("vera", phone=NEW, birthday="1985-03-01")
    door.office.join("vova", phone=None)
    door.office.tamper(f"UPDATE members SET phone = '{NEW}' WHERE member = 'vova'")
    told = proof(door)
    assert door.act("enter", proof=told, phone=NEW)["code"] == "several_here"
    assert door.act("enter", proof=told, phone=NEW, known_by=CARD)["code"] == "not_known_by", (
        "another's, who has it not"
    )
    assert door.act("enter", proof=told, phone=NEW, known_by="1.3.1985") == {"member": "vera"}
    assert door.act("enter", proof=proof(door), phone=NEW, known_by="cardvova") == {"member": "vova"}
    told = proof(door)
    for _ in range(2):
        assert door.act("enter", proof=told, phone=NEW, known_by="2.3.1985")["code"] == "not_known_by"
    assert door.act("enter", proof=told, phone=NEW, known_by="1.3.1985")["code"] == "card_tries", "five a day"


def test_a_number_that_changed_hands_opens_nothing_by_itself(silent: Door) -> None:
    told = proof(silent, PHONE)
    assert silent.act("enter", proof=told, phone=PHONE)["code"] == "phone_silent"
    assert silent.act("register", proof=told, phone=PHONE, **ANNA | {"birthday": "1.1.2000"})["code"] == "phone_silent"
    assert silent.act("enter", proof=told, phone=PHONE, known_by="17.05.1990") == {"member": "anna"}
    assert silent.act("enter", proof=proof(silent, PHONE), phone=PHONE) == {"member": "anna"}, "she has it: it is known"


def test_who_has_the_card_needs_nothing_besides(silent: Door) -> None:
    assert silent.act("enter", proof=proof(silent, card=CARD)) == {"member": "anna"}


def test_it_is_not_me_frees_the_number_for_who_has_it_now(silent: Door) -> None:
    told = proof(silent, PHONE)
    assert silent.act("not_me", proof="no", phone=PHONE)["code"] == "code_not_proved"
    assert silent.act("not_me", proof=told, phone=PHONE) == {}
    assert silent.office.rows("SELECT phone FROM members WHERE member = 'anna'") == [(None,)]
    done = silent.act("register", proof=told, phone=PHONE, **ANNA)
    assert done["member"] != "anna" and done["granted"] == 150
    assert silent.office.cards() == {CARD: "active"} and silent.office.verdict().faults == ()


def test_who_has_confirmed_it_lately_is_not_freed(silent: Door) -> None:
    confirm(silent.office, "anna", PHONE, timedelta(days=30))
    assert silent.act("not_me", proof=proof(silent, PHONE), phone=PHONE)["code"] == "not_freed"


def paper(office: Office, card: str = "white", member: str = "zoya") -> None:
    office.take(office.issued(card, member))
    Acts(office).ask("take_form", **Acts(office).form(card, P3, proven=False))
    assert office.cards(member) == {card: "pending"}


def test_p19_who_comes_in_by_a_code_to_the_phone_of_his_form_waits_no_more(door: Door) -> None:
    paper(door.office)
    assert door.act("entrance", "zoya")["waits_until"] == "2026-03-22T12:00:00.000000+00:00"
    assert door.act("enter", proof=proof(door, P3), phone=P3) == {"member": "zoya", "form": True}
    assert door.office.cards("zoya") == {"white": "active"} and door.office.verdict().faults == ()
    assert door.act("enter", proof=proof(door, P3), phone=P3) == {"member": "zoya"}


def test_p19_who_came_in_otherwise_confirms_his_phone_inside(door: Door) -> None:
    paper(door.office)
    door.later(61)
    sent = door.act("send_code", "zoya", purpose="confirm")
    told: Any = door.act("check_code", "zoya", id=sent["id"], digits=door.code())["proof"]
    assert door.act("confirm_phone", "anna", proof=told)["code"] == "code_not_proved", "it is hers"
    assert door.act("confirm_phone", "zoya", proof=told) == {"form": True}
    assert door.office.cards("zoya") == {"white": "active"}


def test_who_is_no_member_any_more_or_under_14_has_no_account(door: Door) -> None:
    office = door.office
    office.join("kolya", phone=NEW, birthday="2013-01-01")
    assert door.act("enter", proof=proof(door), phone=NEW)["code"] == "too_young"
    assert door.act("entrance", "kolya")["code"] == "too_young"
    erase(office.hub, "anna", Order(by="o"), "asked")
    assert door.act("entrance", "anna")["code"] == "member_gone"
    assert door.act("whose_login", login=CARD) == {} and door.act("whose_login", login="cardkolya")["member"] == "kolya"


def test_whose_cards_are_all_blocked_comes_in_and_is_told(door: Door) -> None:
    block(door.office.hub, CARD, Order(by="o"), "lost")
    told = door.act("entrance", "anna")
    assert (told["member"], told["all_blocked"]) == ("anna", True)
