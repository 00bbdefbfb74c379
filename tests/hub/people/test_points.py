"""R32: corrections by hand, and gifts to one or to many, which are undone as a whole while they are unspent."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from hub.jobs.running import Running
from hub.jobs.table import JOBS
from hub.people.alone import alone_each_max
from hub.people.cards import merge
from hub.people.gifts import AT_ONCE, gifts_of
from hub.people.grants import Terms, give
from hub.people.orders import NotDone, Order
from hub.people.points import correct
from hub.people.profile import erase
from hub.people.undoing import undo
from hub.people.whom import Gift, Named
from hub.store.errors import StoreOff
from tests.hub.conftest import Office

OLGA = Order(by="Olga")
TERMS = Terms(reason="birthday of the shop")


def one(office: Office, points: int, *, card: str = "cardanna", order: Order = OLGA, **terms: Any) -> Any:
    return give(office.hub, Named([Gift(card, points)]), Terms(reason="broken eggs", **terms), order)


def many(office: Office, count: int) -> list[Gift]:
    for number in range(count):
        office.take(office.issued(f"c{number}", f"m{number}"))
    return [Gift(f"c{number}", 10, number + 1) for number in range(count)]


# corrections


def test_points_are_put_right_with_who_and_why(people: Office) -> None:
    words = correct(people.hub, "anna", 50, OLGA, "forgotten receipt").words
    assert words == "Member anna: +50 points until 2027-03-02, 200 now."
    correct(people.hub, "cardanna", -200, OLGA, "typing slip")
    assert people.balance() == 0 and people.verdict().faults == ()
    told = people.rows("SELECT text FROM operations WHERE chain = 'office'")
    assert all('"by":"Olga"' in text and '"reason":' in text for (text,) in told) and len(told) == 2


def test_points_more_live_as_those_that_are_bought(people: Office) -> None:
    correct(people.hub, "anna", 50, OLGA, "why")
    correct(people.hub, "anna", 7, OLGA, "why", last_day=date(2026, 3, 2))
    people.now += timedelta(hours=9)
    assert people.balance() == 200, "the last day is over in Moscow"
    people.now += timedelta(days=31)
    assert people.balance() == 200, "a gift of a manager's would be over"
    with pytest.raises(NotDone, match="is over"):
        correct(people.hub, "anna", 7, OLGA, "why", last_day=date(2026, 3, 2))
    with pytest.raises(NotDone, match="of points more"):
        correct(people.hub, "anna", -7, OLGA, "why", last_day=date(2027, 3, 2))


def test_a_correction_does_not_go_round_the_second_person(people: Office) -> None:
    most = alone_each_max(people.hub.programmes["alenka"])
    with pytest.raises(NotDone, match=rf"at most {most} points .* pos-hub grant --card CARD --points {most + 1}"):
        correct(people.hub, "anna", most + 1, OLGA, "why")
    assert correct(people.hub, "anna", most, OLGA, "why").changed
    assert correct(people.hub, "anna", -most - 1, OLGA, "why").changed, "less needs nobody"


def test_more_than_there_is_becomes_a_debt_only_when_that_is_said(people: Office) -> None:
    with pytest.raises(NotDone, match="has 150 points"):
        correct(people.hub, "anna", -151, OLGA, "why")
    correct(people.hub, "anna", -151, OLGA, "why", into_debt=True)
    assert people.balance() == -1 and people.verdict().faults == ()


@pytest.mark.parametrize(
    ("points", "reason", "why"),
    [(0, "why", "--points"), (100_000_001, "why", "--points"), (-100_000_001, "why", "--points"), (1, "", "--reason")],
)
def test_what_is_no_correction_is_told(people: Office, points: int, reason: str, why: str) -> None:
    with pytest.raises(NotDone, match=why):
        correct(people.hub, "anna", points, OLGA, reason)


def test_a_correction_under_a_key_is_made_once(people: Office) -> None:
    order = Order(by="Olga", key="k")
    assert correct(people.hub, "anna", 5, order, "why").changed
    again = correct(people.hub, "anna", 5, order, "why")
    assert not again.changed and again.before is not None and people.balance() == 155


# gifts


def test_points_are_given_once_under_a_key_and_live_as_a_manager_gives_them(people: Office) -> None:
    order = Order(by="Olga", key="k")
    given = one(people, 100, order=order)
    assert given.changed and (given.members, given.points, given.by) == (1, 100, "Olga")
    again = one(people, 100, order=order)
    assert not again.changed and again.id == given.id and people.balance() == 250
    with pytest.raises(NotDone, match="something else was given"):
        one(people, 101, order=order)
    people.now += timedelta(days=31)
    assert people.balance() == 150 and people.verdict().faults == ()


def test_nobody_gets_any_while_one_line_is_wrong(people: Office) -> None:
    people.take(people.reissued("cardanna", "cardnew"))
    erase(people.hub, "boris", OLGA, "asked")
    gifts = [
        Gift("cardanna", 5, 1),
        Gift("cardnew", 5, 2),
        Gift("no", 5, 3),
        Gift("cardboris", 5, 4),
        Gift("cardvera", 0, 5),
    ]
    with pytest.raises(NotDone) as caught:
        give(people.hub, Named(gifts), TERMS, OLGA)
    assert str(caught.value).splitlines() == [
        "Nobody got any:",
        "line 2: card cardnew is of the same member as card cardanna",
        "line 3: nobody has card no",
        "line 4: the member of card cardboris was erased",
        "line 5: 0 points are none to give",
    ]
    people.join("petr", programme="perekrestok")
    with pytest.raises(NotDone, match="several programmes"):
        give(people.hub, Named([Gift("cardanna", 5), Gift("cardpetr", 5)]), TERMS, OLGA)
    with pytest.raises(NotDone, match="nobody is named"):
        give(people.hub, Named([]), TERMS, OLGA)
    assert people.rows("SELECT count(*) FROM lots WHERE granted = 5") == [(0,)]


def test_what_is_more_than_was_said_is_given_to_nobody(people: Office) -> None:
    with pytest.raises(NotDone, match="more than --total-max 99"):
        one(people, 100, total_max=99)
    assert one(people, 100, total_max=100).changed


def test_many_get_points_in_several_transactions_and_all_of_it_is_undone(people: Office) -> None:
    count = 2 * AT_ONCE + 7
    gifts, heard = many(people, count), list[int]()
    given = give(people.hub, Named(gifts), TERMS, Order(by="Olga", key="file"), heard.append)
    assert heard == [AT_ONCE, 2 * AT_ONCE, count] and given.is_whole
    assert people.rows("SELECT count(*), sum(remaining) FROM lots WHERE granted = 10") == [(count, 10 * count)]
    merge(people.hub, "m1", "anna", OLGA)
    done = undo(people.hub, given.id, Order(by="Ivan"))
    assert (done.members, done.points, done.died) == (count, 10 * count, 0)
    assert people.rows("SELECT sum(remaining) FROM lots WHERE granted = 10") == [(0,)] and people.balance() == 150
    again = undo(people.hub, given.id, Order(by="Ivan"))
    assert again.before == "2026-03-02 12:00 UTC by Ivan"
    assert not give(people.hub, Named(gifts), TERMS, Order(by="Olga", key="file")).changed, "undone is not given anew"
    assert people.verdict().faults == ()


def test_an_order_that_was_stopped_goes_on(people: Office) -> None:
    gifts, order = many(people, AT_ONCE + 3), Order(by="Olga", key="file")

    def stop(done: int) -> None:
        raise StoreOff("the disk is full")

    with pytest.raises(StoreOff):
        give(people.hub, Named(gifts), TERMS, order, stop)
    with people.hub.store.reading() as reader:
        (half,) = gifts_of(reader)
    assert (half.done, half.is_whole) == (AT_ONCE, False)
    whole = give(people.hub, Named(gifts), TERMS, order)
    assert whole.id == half.id and whole.is_whole
    assert people.rows("SELECT count(*), sum(remaining) FROM lots WHERE granted = 10") == [
        (len(gifts), 10 * len(gifts))
    ]


def test_a_gift_that_is_spent_in_part_stays_whole(people: Office) -> None:
    given = give(people.hub, Named([Gift("cardanna", 20), Gift("cardboris", 20)]), TERMS, OLGA)
    people.take(people.sale("boris", spent=5))
    with pytest.raises(NotDone, match=r"spent in part, and stays:\nmember boris has 15 of 20 left"):
        undo(people.hub, given.id, OLGA)
    assert people.balance() == 170 and people.balance("boris") == 55
    with pytest.raises(NotDone, match="There is no gift"):
        undo(people.hub, "nothing", OLGA)


def test_an_undone_gift_takes_its_own_points_and_no_others(people: Office) -> None:
    people.grant(30, days=1)  # dies before the gift does
    given = one(people, 100)
    undo(people.hub, given.id, OLGA)
    assert people.rows(
        "SELECT remaining FROM lots WHERE member = 'anna' AND granted IN (30, 100) ORDER BY granted"
    ) == [(30,), (0,)]
    assert people.balance() == 180 and people.verdict().faults == ()


def test_points_of_a_gift_that_died_unspent_are_gone_already(people: Office) -> None:
    given = give(people.hub, Named([Gift("cardanna", 20), Gift("cardboris", 20)]), TERMS, OLGA)
    people.now += timedelta(days=40)
    (expiry,) = [job for job in JOBS if job.name == "expiry"]
    assert sum(Running(people.hub).run(expiry, people.now)) == 2
    done = undo(people.hub, given.id, OLGA)
    assert (done.members, done.points, done.died) == (0, 0, 2) and people.verdict().faults == ()
