"""What the office orders for members does the same on every database."""

from __future__ import annotations

from typing import Any

import pytest

from hub.audit.verify import verify
from hub.build import build_programmes
from hub.hub import Hub
from hub.importing import import_members
from hub.members import NewMember
from hub.people.cards import block, link, merge
from hub.people.consents import give_consent, withdraw_consent
from hub.people.gifts import gifts_of
from hub.people.grants import Terms, give
from hub.people.history import gone_into, history
from hub.people.orders import Order
from hub.people.points import correct
from hub.people.profile import change_name, change_phone, erase
from hub.people.registering import Form, register_member
from hub.people.second import refuse
from hub.people.undoing import undo
from hub.people.view import viewed
from hub.people.where import parse_where
from hub.people.who import found_by, person_called
from hub.people.whom import Found, Gift, Named
from hub.store.records import ProfileRow
from hub.store.seam import Store
from tests.hub.conftest import NOW

OLGA = Order(by="Olga")
P1 = "+79161234567"


@pytest.fixture
def hub(store: Store) -> Hub:
    hub = Hub(store, now=lambda: NOW, programmes=build_programmes())
    fields: dict[str, Any] = {"line": 2, "birthday": None, "favourites": (), "programme": "alenka"}
    people = [("anna", P1, "Анна Петрова", True), ("boris", None, "Борис Ильин", True), ("vera", None, None, False)]
    for name, phone, called, registered in people:
        row = NewMember(
            member=name, card=f"card{name}", phone=phone, points=100, name=called, registered=registered, **fields
        )
        assert list(import_members(hub, [row])) == [1]
    return hub


def test_a_day_of_the_office(hub: Hub, store: Store) -> None:
    alenka = hub.programmes["alenka"]
    assert register_member(hub, "cardvera", alenka, form=Form(P1), by="Olga").linked == "anna"
    assert block(hub, "cardboris", OLGA, "lost").changed and link(hub, "2600000000017", "boris", OLGA).changed
    assert change_phone(hub, "boris", "+79160000001", OLGA).changed and change_name(hub, "anna", "Анна", OLGA).changed
    order = Order(by="Olga", key="gift")
    given = give(hub, Named([Gift("cardanna", 10), Gift("cardboris", 20)]), Terms(reason="why"), order)
    assert (
        given.changed
        and not give(hub, Named([Gift("cardanna", 10), Gift("cardboris", 20)]), Terms(reason="why"), order).changed
    )
    waits = give(hub, Found("alenka", "registered", [parse_where("registered")], 501), Terms(reason="why"), OLGA)
    assert waits.members == 2 and refuse(hub, waits.id, "too much", Order(by="Ivan")).refused_by == "Ivan"
    assert correct(hub, "boris", -30, OLGA, "slip").changed
    assert undo(hub, give(hub, Named([Gift("cardanna", 7)]), Terms(reason="why"), OLGA).id, OLGA).points == 7
    assert merge(hub, "boris", "anna", OLGA).changed
    with store.reading() as reader:
        (anna,) = found_by(reader, hub.programmes, "анн")
        assert anna == person_called(reader, hub.programmes, "+79161234567") and anna.member == "anna"
        assert sorted(gone_into(reader, "anna")) == ["boris", "vera"]
        told = history(reader, "anna", [card.number for card in anna.cards])
        assert len(gifts_of(reader)) == 3
    view = viewed(hub, anna)
    assert view.points == sum(act.points for act in told) == 100 + 100 + 100 + 10 + 20 - 30
    assert [card.status for card in view.cards] == ["active", "active", "blocked", "active"]
    assert erase(hub, "anna", OLGA, "asked").changed
    with store.reading() as reader:
        assert reader.profiles(["anna"])["anna"] == ProfileRow("anna", None, None, ())
        assert list(reader.all_profiles()) == []
    assert verify(store, hub.zone_of).faults == ()


def test_what_members_agree_to_goes_where_they_go(hub: Hub, store: Store) -> None:
    for who in ("anna", "boris"):
        assert give_consent(hub, who, "personal_data", OLGA, document=f"of {who}").changed
    assert give_consent(hub, "boris", "profiling", OLGA, source="site").changed
    assert withdraw_consent(hub, "boris", "personal_data", OLGA).changed
    assert merge(hub, "boris", "anna", OLGA).changed
    with store.reading() as reader:
        told = [(row.what, row.document, row.withdrawn_at) for row in reader.consents_of(["anna"])]
        assert told == [("personal_data", "of boris", NOW), ("profiling", "", None)]
        assert [row.document for row in reader.consents_of(["boris"])] == ["of anna"]
    assert verify(store, hub.zone_of).faults == ()
    assert erase(hub, "anna", OLGA, "asked").changed
    with store.reading() as reader:
        assert all(row.withdrawn_at == NOW for row in reader.consents_of(["anna"]))
    assert verify(store, hub.zone_of).faults == ()
