"""R13, N3: one phone is one person, and a person is welcomed once."""

from __future__ import annotations

from typing import Any

import pytest

from config.programmes import load_programme
from hub.people.orders import NotDone, Order
from hub.people.profile import erase
from hub.people.registering import Form, register_member
from tests.hub.conftest import Office
from tests.hub.people.conftest import P1, P2

ALENKA = load_programme("alenka")


def register(office: Office, card: str, **form: Any) -> Any:
    return register_member(office.hub, card, ALENKA, form=Form(**form), by="Olga")


def test_n3_a_card_with_a_phone_that_somebody_has_becomes_one_of_his_cards(people: Office) -> None:
    people.take(people.issued("new", "stranger"), people.sale("stranger", earned=12))
    done = register(people, "new", phone=P1)
    assert (done.member, done.granted, done.linked) == ("anna", None, "anna")
    assert people.cards() == {"cardanna": "active", "new": "active"} and people.balance() == 162
    assert people.rows("SELECT count(*) FROM lots WHERE granted = 150 AND member = 'anna'") == [(1,)], "no welcome"
    with people.hub.store.reading() as reader:
        assert reader.with_phone("alenka", P1) == ["anna"]
    assert people.verdict().faults == ()


def test_who_was_never_registered_is_welcomed_with_the_card_that_brings_the_form(people: Office) -> None:
    people.join("gleb", registered=False, phone="+79160000001")
    people.take(people.issued("new", "stranger"))
    done = register(people, "new", phone="+79160000001", name="Глеб Сомов")
    assert (done.member, done.granted, done.linked) == ("gleb", 150, "gleb")
    assert people.cards("gleb") == {"cardgleb": "active", "new": "active"} and people.balance("gleb") == 150
    assert people.snapshot("gleb").name == "Глеб С."
    assert register(people, "cardgleb").granted is None and people.balance("gleb") == 150
    assert people.verdict().faults == ()


def test_n3_two_who_are_registered_are_not_joined_by_a_phone_alone(people: Office) -> None:
    with pytest.raises(NotDone, match="member merge cardboris --into anna"):
        register(people, "cardboris", phone=P1)
    assert people.balance("boris") == 40 and people.verdict().faults == ()


def test_a_form_says_who_it_is(people: Office) -> None:
    done = register(people, "cardvera", phone="+79160000001", name="Вера Орлова", birthday="1991-02-03")
    assert (done.member, done.granted, done.linked) == ("vera", 150, None)
    told = people.snapshot("vera")
    assert (told.name, told.birthday, bool(told.phone_key)) == ("Вера О.", "1991-02-03", True)
    (row,) = people.rows("SELECT text FROM operations WHERE text LIKE '%profile_changed%'")
    assert '"changed":["phone","birthday","name"]' in row[0] and '"by":"Olga"' in row[0]


def test_n3_two_who_share_a_phone_since_long_ago_are_told(people: Office) -> None:
    people.tamper(f"UPDATE members SET phone = '{P2}' WHERE member = 'anna'")
    with pytest.raises(NotDone, match="is member anna's already"):
        register(people, "cardvera", phone=P2)


def test_the_card_of_an_erased_member_is_not_registered(people: Office) -> None:
    erase(people.hub, "vera", Order(by="Olga"), "asked")
    with pytest.raises(NotDone, match="was erased: take another card"):
        register(people, "cardvera", phone=P1)
