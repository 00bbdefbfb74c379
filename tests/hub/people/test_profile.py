"""What is known of a person: changed and forgotten by order; no operation, no setting and no till holds it."""

from __future__ import annotations

import pytest

from hub.people.cards import merge
from hub.people.orders import NotDone, Order
from hub.people.profile import change_birthday, change_email, change_name, change_phone, erase
from hub.people.who import found_by
from hub.store.records import ProfileRow
from loyalty.bodies import CardUnblocked, MemberMerged
from tests.hub.conftest import Office
from tests.hub.people.conftest import P1, P2

OLGA = Order(by="Olga", key="k")
NOTHING = (None, None, (), None, None)


def profile(office: Office, member: str = "anna") -> ProfileRow:
    with office.hub.store.reading() as reader:
        return reader.profiles([member])[member]


def last(office: Office) -> str:
    ((text,),) = office.rows("SELECT text FROM operations WHERE chain = 'office' ORDER BY sequence DESC LIMIT 1")
    return str(text)


def everything(office: Office) -> str:
    """All that the ledger's file says, but for what is known of people."""
    tables = [f"SELECT * FROM {table}" for table in ("operations", "settings", "changes", "once", "cases")]
    return "\n".join(str(row) for query in tables for row in office.rows(query))


def test_phone_birthday_and_name_are_changed_and_tills_are_told(people: Office) -> None:
    cursor = people.hub.changes(till="t", programme="alenka", after="", limit=100).cursor
    assert change_phone(people.hub, "anna", "8 916 000-00-01", Order(by="Olga")).changed
    assert change_birthday(people.hub, "anna", "1.2.1988", Order(by="Olga")).changed
    assert change_name(people.hub, "anna", "Орлова Анна Сергеевна", Order(by="Olga")).changed
    assert profile(people) == ProfileRow("anna", "+79160000001", "1988-02-01", ("чай",), "Анна Сергеевна Орлова")
    (anna,) = people.hub.changes(till="t", programme="alenka", after=cursor, limit=100).members
    assert (anna.birthday, anna.name) == ("1988-02-01", "Анна О.")
    assert '"changed":["name"]' in last(people) and '"by":"Olga"' in last(people)
    for secret in ("Орлова", "79160000001", "1988-02-01"):
        assert secret not in everything(people)
    assert people.verdict().faults == ()


def test_an_address_is_changed_kept_with_a_merge_and_forgotten_and_no_operation_says_it(people: Office) -> None:
    assert change_email(people.hub, "boris", "Boris@Почта.РФ", Order(by="Olga")).changed
    assert profile(people, "boris").email == "Boris@xn--80a1acny.xn--p1ai"
    assert '"changed":["email"]' in last(people) and "boris@" not in everything(people).lower()
    assert not change_email(people.hub, "boris", "Boris@почта.рф", Order(by="Olga")).changed
    for wrong in ("boris", "boris@", "@mail.ru", "boris@mail", "b o@mail.ru", "b@mail.ru\nBcc: x@y.ru", "b@127.0.0.1"):
        with pytest.raises(NotDone, match="no e-mail address"):
            change_email(people.hub, "boris", wrong, Order(by="Olga"))
    merge(people.hub, "boris", "anna", Order(by="Olga"))
    assert profile(people).email == "Boris@xn--80a1acny.xn--p1ai"
    assert erase(people.hub, "anna", OLGA, "asked").changed and profile(people).email is None
    assert people.verdict().faults == ()


def test_what_is_so_already_writes_nothing(people: Office) -> None:
    before = everything(people)
    for done in (
        change_phone(people.hub, "anna", P1, OLGA),
        change_birthday(people.hub, "anna", "17.05.1990", OLGA),
        change_name(people.hub, "anna", "Анна Петрова", OLGA),
        change_birthday(people.hub, "boris", "", OLGA),
    ):
        assert not done.changed
    assert everything(people) == before


def test_each_of_them_may_be_forgotten(people: Office) -> None:
    for change in (change_phone, change_birthday, change_name):
        assert change(people.hub, "cardanna", "", Order(by="Olga")).changed
    assert profile(people) == ProfileRow("anna", None, None, ("чай",))
    assert people.snapshot().phone_key is None


def test_n3_a_phone_that_another_has_is_told_and_nothing_changes(people: Office) -> None:
    with pytest.raises(NotDone, match=r"Phone \+79167654321 is member boris's.*member merge anna --into boris"):
        change_phone(people.hub, "anna", P2, OLGA)
    assert profile(people).phone == P1


@pytest.mark.parametrize("text", ["8 916", "no phone"])
def test_a_phone_that_is_none_is_told(people: Office, text: str) -> None:
    with pytest.raises(NotDone, match=r"^Phone "):
        change_phone(people.hub, "anna", text, OLGA)


@pytest.mark.parametrize("text", ["31.02.1990", "2090-01-01", "yesterday"])
def test_a_birthday_that_is_none_is_told(people: Office, text: str) -> None:
    with pytest.raises(NotDone, match=r"^Birthday"):
        change_birthday(people.hub, "anna", text, OLGA)


@pytest.mark.parametrize("text", ["А" * 201, "Анна\u202e Петрова", "Анна\x00"])
def test_a_name_that_is_none_is_told(people: Office, text: str) -> None:
    with pytest.raises(NotDone, match="one line"):
        change_name(people.hub, "anna", text, OLGA)


def test_r32_who_is_erased_is_forgotten_and_the_ledger_stays(people: Office) -> None:
    people.take(people.sale(earned=7, card="cardanna"))
    merge(people.hub, "boris", "anna", Order(by="Olga"))
    done = erase(people.hub, "anna", OLGA, "asked by letter")
    assert done.changed and "nothing is known" in done.words
    assert profile(people)[1:] == NOTHING and profile(people, "boris")[1:] == NOTHING
    assert people.cards() == {"cardanna": "blocked", "cardboris": "blocked"} and people.balance() == 197
    told = people.snapshot()
    assert (told.name, told.birthday, told.phone_key, told.favourites) == (None, None, None, ())
    assert '"forgotten":true,"reason":"asked by letter"' in last(people)
    with people.hub.store.reading() as reader:
        for name in ("Петрова", "Ильин"):
            assert found_by(reader, people.hub.programmes, name=name) == []
    assert not erase(people.hub, "anna", Order(by="Olga"), "again").changed
    for change, value in ((change_phone, P1), (change_birthday, "1990-05-17"), (change_name, "Анна")):
        with pytest.raises(NotDone, match="was erased"):
            change(people.hub, "anna", value, Order(by="Olga"))
    assert people.verdict().faults == ()


def test_who_went_into_another_before_profiles_went_along_is_forgotten_with_him(people: Office) -> None:
    assert people.born(MemberMerged(member="boris", into="anna")) == "applied"
    assert profile(people, "boris").name == "Борис Ильин"
    erase(people.hub, "anna", OLGA, "asked")
    assert profile(people, "boris")[1:] == NOTHING


def test_no_till_brings_the_cards_of_an_erased_member_back(people: Office) -> None:
    erase(people.hub, "anna", OLGA, "asked")
    unblocked = CardUnblocked(member="anna", card="cardanna")
    assert people.take(unblocked, people.reissued("cardanna", "cardnew")) == ["member_erased", "member_erased"]
    assert people.cards() == {"cardanna": "blocked"} and people.verdict().faults == ()
