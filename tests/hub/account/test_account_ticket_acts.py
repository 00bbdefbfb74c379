"""P28, P34 at the hub: how many one may ask, what is read, who is gone, who has gone into another."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import msgspec
import pytest

from hub.desk.act import ActRefused, Asked
from hub.desk.acts import ACTS
from hub.people.cards import merge
from hub.people.orders import NotDone, Order
from hub.people.profile import erase
from hub.store.errand_records import ErrandRow
from hub.tickets.asking import A_DAY_MAX, WAITING_MAX
from hub.tickets.ticket import MESSAGES_MAX, TRANSITIONS, Ticket, stepped, with_ticket
from tests.hub.account.conftest import Door
from tests.hub.conftest import NOW, Office

ASKED: Final = {"reason": "points", "text": "Нет баллов.", "email": "anna@mail.ru"}
OLEG: Final = Asked("s-oleg", "Олег", "", "", "alenka", "k")


def opened(door: Door, member: str = "anna", **more: Any) -> str:
    told = door.act("open_ticket", member, **(ASKED | more))
    assert "id" in told, told
    return str(told["id"])


def desk(office: Office, act: str, **body: Any) -> Any:
    return ACTS[act].do(office.hub, OLEG, msgspec.convert(body, ACTS[act].takes))


def test_every_state_knows_where_it_may_go_and_nowhere_else() -> None:
    row = with_ticket(
        ErrandRow("t", "ticket", "anna", "", "", None, NOW, ""), Ticket(programme="alenka", reason="x", made_at="")
    )
    events = {event for events in TRANSITIONS.values() for event in events}
    for state, may in TRANSITIONS.items():
        for event in events:
            if event in may:
                assert stepped(row._replace(state=state), event, NOW, 14).state == may[event]
            else:
                with pytest.raises(NotDone):
                    stepped(row._replace(state=state), event, NOW, 14)


def test_who_waits_waits_since_he_asked_first(door: Door) -> None:
    first = opened(door)
    door.later(60)
    second = opened(door, "boris")
    door.later(60)
    door.act("write_ticket", "anna", id=first, text="И ещё.")
    desk(door.office, "take_ticket", id=first)
    assert [one.id for one in desk(door.office, "tickets").tickets] == [first, second]
    desk(door.office, "answer_ticket", id=first, text="Нашли.", seen=2)
    door.later(60)
    door.act("write_ticket", "anna", id=first, text="Спасибо, а второй чек?")
    assert [one.id for one in desk(door.office, "tickets").tickets] == [second, first]


def test_p34_one_member_has_so_many_that_wait_and_so_many_a_day(door: Door) -> None:
    ids = [opened(door, text=f"Вопрос {one}") for one in range(WAITING_MAX)]
    assert door.act("open_ticket", "anna", **ASKED)["code"] == "ticket_many"
    for number in range(WAITING_MAX, A_DAY_MAX):
        door.act("close_ticket", "anna", id=ids[number - WAITING_MAX])
        ids.append(opened(door, text=f"Вопрос {number}"))
    for id in ids:
        door.act("close_ticket", "anna", id=id)
    assert door.act("open_ticket", "anna", **ASKED)["code"] == "ticket_many"
    door.later(timedelta(days=1).total_seconds())
    opened(door)


def test_p28_one_ticket_is_not_written_into_for_ever(door: Door) -> None:
    id = opened(door)
    for number in range(MESSAGES_MAX - 1):
        door.act("write_ticket", "anna", id=id, text=f"Ещё {number}")
    assert door.act("write_ticket", "anna", id=id, text="И ещё")["code"] == "ticket_long"


def test_an_answer_is_new_until_it_is_read(door: Door) -> None:
    id = opened(door)
    door.later(60)
    desk(door.office, "answer_ticket", id=id, text="Нашли.", seen=1)
    assert door.act("me", "anna")["answers"] == 1 and door.act("tickets", "anna")["tickets"][0]["new"]
    door.act("ticket", "boris", id=id)
    assert door.act("me", "anna")["answers"] == 1, "another's look reads nothing"
    door.later(60)
    door.act("ticket", "anna", id=id)
    assert "answers" not in door.act("me", "anna")


def test_two_operators_hear_of_each_other_and_of_him_who_asks(door: Door) -> None:
    id = opened(door)
    door.act("write_ticket", "anna", id=id, text="И второй чек.")
    with pytest.raises(ActRefused) as refused:
        desk(door.office, "answer_ticket", id=id, text="Нашли.", seen=1)
    assert refused.value.code == "ticket_written_meanwhile"
    desk(door.office, "pass_ticket_on", id=id, text="Спросить магазин.")
    desk(door.office, "answer_ticket", id=id, text="Нашли оба.", seen=2)
    with pytest.raises(ActRefused) as refused:
        desk(door.office, "answer_ticket", id=id, text="Какой чек?", seen=2)
    assert refused.value.code == "ticket_answered_meanwhile"
    assert "Спросить" not in str(door.act("ticket", "anna", id=id))
    (mine,) = door.act("mine", "anna")["tickets"]  # all that is kept of him is his to have
    assert [one["text"] for one in mine["said"]] == ["Нет баллов.", "И второй чек.", "Нашли оба."]


def test_who_has_gone_into_another_has_his_tickets_there(door: Door) -> None:
    id = opened(door, "boris")
    merge(door.office.hub, "boris", "anna", Order(by="Ольга"))
    assert [one["id"] for one in door.act("tickets", "anna")["tickets"]] == [id]
    assert door.act("write_ticket", "anna", id=id, text="Это я.")["id"] == id


def test_of_who_is_erased_nothing_is_left_but_that_somebody_asked(door: Door) -> None:
    id = opened(door)
    erase(door.office.hub, "anna", Order(by="Ольга"), "по просьбе")
    kept = str(door.office.rows("SELECT * FROM errands"))
    assert id in kept and "баллов" not in kept and "mail.ru" not in kept
    with pytest.raises(ActRefused):
        desk(door.office, "ticket", id=id)
    assert desk(door.office, "tickets").tickets == ()
