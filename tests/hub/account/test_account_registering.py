"""A5, A8, P17, P29: somebody registers in his account, or comes in; and each phone is one person."""

from __future__ import annotations

from typing import Any

import pytest

from hub.account.programme_acts import NEEDED_HERE
from loyalty.card_numbers import make_number
from tests.hub.account.conftest import CARD, NEW, PHONE, Door
from tests.hub.conftest import PROGRAMMES, Office

BLANK, OLDER = (make_number(PROGRAMMES["alenka"].cards.schemes[0], serial) for serial in (21, 22))
CONSENTS = [
    {"what": one.what, "document": one.version}
    for one in PROGRAMMES["alenka"].consents
    if one.needed or one.what in NEEDED_HERE
]
ANNA: dict[str, Any] = {"name": "Петрова Анна Сергеевна", "birthday": "17.05.1990", "consents": CONSENTS}


def proof(door: Door, phone: str = NEW, **body: str) -> str:
    door.later(61)
    sent = door.act("send_code", purpose="enter", **(body or {"phone": phone}))
    return str(door.act("check_code", id=sent["id"], digits=door.code())["proof"])


def register(door: Door, key: str | None = None, **said: Any) -> dict[str, Any]:
    body = {"phone": NEW} | ANNA | said
    return door.act("register", key=key, **({"proof": proof(door, body["phone"])} | body))


def written(office: Office) -> int:
    """How many operations the account made."""
    return int(office.rows("SELECT count(*) FROM operations WHERE chain = 'account'")[0][0])


def test_p17_a8_who_is_new_has_a_virtual_card_and_is_welcomed_once(door: Door) -> None:
    told = proof(door)
    assert door.act("whose", proof=told, phone=NEW) == {}
    done = door.act("register", key="form", proof=told, phone="8 (916) 555-66-77", **ANNA)
    assert done["granted"] == 150 and len(done["card"]) == 13 and not done.get("was_here")
    assert door.act("register", key="form", proof=told, phone=NEW, **ANNA) == done, "the form was sent twice"
    office = door.office
    assert office.balance(done["member"]) == 150 and office.cards(done["member"]) == {done["card"]: "active"}
    given = office.rows(f"SELECT what, document FROM consents WHERE member = '{done['member']}'")
    assert given == [(one["what"], one["document"]) for one in CONSENTS]
    with office.hub.store.reading() as reader:
        (consent, *_), profile = reader.consents_of([done["member"]]), reader.profiles([done["member"]])[done["member"]]
    assert (consent.source, profile.name, profile.phone) == ("site", "Анна Сергеевна Петрова", NEW)
    again = register(door)
    assert again == {"member": done["member"], "was_here": True}, "a21: not again, and no second one"
    assert office.balance(done["member"]) == 150 and office.verdict().faults == ()
    assert {row[0] for row in office.rows("SELECT DISTINCT chain FROM operations")} == {"account", "hub"}


def test_p17_whose_phone_it_is_comes_in_and_nobody_else(door: Door) -> None:
    told = proof(door, PHONE)
    assert door.act("whose", proof=told, phone=PHONE) == {"people": 1, "registered": True}
    assert door.act("enter", proof=told, phone=NEW)["code"] == "code_not_proved", "the code was of another phone"
    assert door.act("enter", key="k", proof=told, phone=PHONE) == {"member": "anna"}
    assert door.act("enter", key="k", proof=told, phone=PHONE) == {"member": "anna"}
    assert door.act("enter", proof=told, phone=PHONE)["code"] == "code_not_proved", "it is good once"
    assert door.act("enter", proof=proof(door), phone=NEW)["code"] == "nobody_here"
    assert door.act("enter", proof=proof(door, card=CARD)) == {"member": "anna"}, "P21: by the card's number"


def test_a_proof_is_over_in_half_an_hour(door: Door) -> None:
    told = proof(door, PHONE)
    door.later(1_800)
    assert door.act("enter", proof=told, phone=PHONE)["code"] == "code_not_proved"
    assert door.act("register", proof=told, phone=PHONE, **ANNA)["code"] == "code_not_proved"


def test_a5_p29_a_card_in_the_hand_becomes_his_with_what_it_has_earned(door: Door) -> None:
    office = door.office
    office.take(office.issued(OLDER, "fresh"), office.sale("fresh", earned=40))
    done = register(door, card=f"{OLDER[:4]} {OLDER[4:]}")
    assert (done["member"], done["granted"], done["card"]) == ("fresh", 150, OLDER)
    assert office.balance("fresh") == 190 and office.cards("fresh") == {OLDER: "active"}
    assert office.verdict().faults == ()


def test_a5_a_blank_that_nobody_has_becomes_his_first_card(door: Door) -> None:
    done = register(door, card=BLANK)
    assert door.office.cards(done["member"]) == {BLANK: "active"}


def test_a5_who_is_here_already_gets_the_card_too_and_no_second_welcome(door: Door) -> None:
    office = door.office
    office.take(office.issued(OLDER, "fresh"), office.sale("fresh", earned=40))
    done = register(door, phone=PHONE, card=OLDER)
    assert (done["member"], done["was_here"], done.get("granted", 0)) == ("anna", True, 0)
    assert office.cards("anna") == {CARD: "active", OLDER: "active"} and office.balance("anna") == 40
    assert register(door, phone=PHONE, card=BLANK)["member"] == "anna"
    assert office.cards("anna")[BLANK] == "active" and office.verdict().faults == ()


@pytest.mark.parametrize("registered", [True, False])
def test_a5_anothers_card_is_refused_as_one_that_is_none(door: Door, registered: bool) -> None:
    door.office.join("vera", phone="+79160000001", card=OLDER, registered=registered)
    told = proof(door)
    refused = door.act("register", proof=told, phone=NEW, card=OLDER, **ANNA)
    assert refused["code"] == "card_not_found"
    unknown = door.act("register", proof=told, phone=NEW, card="4" * 12, **ANNA)["code"]
    assert unknown == "card_not_found"
    assert door.act("register", proof=told, phone=NEW, **ANNA)["granted"] == 150, "without it he is welcome"


def test_a5_numbers_are_not_tried_one_after_another(door: Door) -> None:
    door.office.join("vera", phone="+79160000001", card=OLDER)
    told = proof(door)
    said = [door.act("register", proof=told, phone=NEW, card=OLDER, **ANNA) for _ in range(6)]
    assert [one["code"] for one in said] == ["card_not_found"] * 5 + ["card_tries"]
    assert [one["tries_left"] for one in said] == [4, 3, 2, 1, 0, 0]
    assert register(door, card=BLANK)["code"] == "card_tries", "with another code of the same phone"


def test_a5_a9_numbers_are_counted_on_when_he_is_registered(door: Door) -> None:
    door.office.join("vera", phone="+79160000001", card=OLDER)
    told = proof(door)
    for _ in range(2):
        door.act("register", proof=told, phone=NEW, card=OLDER, **ANNA)
    member = door.act("register", proof=told, phone=NEW, **ANNA)["member"]
    assert door.act("card_link", member, card=OLDER)["tries_left"] == 2


def test_whoever_was_only_known_by_his_phone_is_registered_and_not_doubled(door: Door) -> None:
    door.office.join("vera", phone=NEW, registered=False, card=OLDER, points=5)
    done = register(door)
    assert (done["member"], done["granted"]) == ("vera", 150)
    assert door.office.balance("vera") == 155 and door.office.cards("vera") == {OLDER: "active"}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"birthday": "03.03.2012"}, "too_young"),
        ({"birthday": ""}, "birthday_missing"),
        ({"birthday": "31.02.1990"}, "bad_birthday"),
        ({"name": " "}, "bad_name"),
        ({"consents": []}, "consent_needed"),
        ({"consents": [*CONSENTS, {"what": "mailing_sms", "document": "of nobody"}]}, "consent_unknown"),
        ({"phone": "12"}, "bad_phone_told"),
        ({"proof": "none"}, "code_not_proved"),
    ],
)
def test_a8_nothing_is_written_of_a_form_that_is_not_right(door: Door, said: dict[str, Any], code: str) -> None:
    told = proof(door)
    body = {"proof": told, "phone": NEW} | ANNA | said
    assert door.act("register", **body)["code"] == code
    assert written(door.office) == 0


def test_who_is_fourteen_today_may(door: Door) -> None:
    assert register(door, birthday="02.03.2012")["granted"] == 150


def test_a_form_that_was_begun_twice_makes_one_member(door: Door) -> None:
    one, two = proof(door), proof(door)
    first = door.act("register", proof=one, phone=NEW, **ANNA)
    assert door.act("register", proof=two, phone=NEW, **ANNA) == {"member": first["member"], "was_here": True}
