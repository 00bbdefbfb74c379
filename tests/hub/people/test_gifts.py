"""R32: gifts to whom some words find, gifts that wait for a second person, and what becomes of both when the ledger
changes meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from hub.people.cards import merge
from hub.people.gifts import AT_ONCE, Given, gift_called, gifts_of, kept_gift, settings_of
from hub.people.grants import Terms, give, look
from hub.people.orders import NotDone, Order
from hub.people.profile import change_birthday, erase
from hub.people.second import approve, refuse
from hub.people.undoing import undo
from hub.people.where import found, joined_words, parse_where
from hub.people.whom import Found, Gift, Named, share_words
from hub.store.errors import StoreOff
from hub.store.rows import Rows
from loyalty.programme import PercentAccrual, Tier
from tests.hub.conftest import NOW, Office

OLGA, IVAN = Order(by="Olga"), Order(by="Ivan")
TERMS = Terms(reason="we miss you")
TOO_MUCH = 501  # for one member of alenka, by one person (grants.manual)


def by(*words: str, points: int = 10) -> Found:
    return Found("alenka", joined_words(words), [parse_where(one) for one in words], points)


def who(office: Office, *words: str) -> list[str]:
    programme = office.hub.programmes["alenka"]
    with office.hub.store.reading() as reader:
        return list(found(reader, programme, [parse_where(one) for one in words], office.now))


def too_much(office: Office, **order: str) -> Given:
    return give(office.hub, Named([Gift("cardanna", TOO_MUCH)]), TERMS, replace(OLGA, **order))


def bought(office: Office, member: str, kopecks: int, days_ago: int) -> None:
    office.take(office.sale(member, qualifying_kopecks=kopecks), at=NOW - timedelta(days=days_ago))


def balances(office: Office, *members: str) -> list[int]:
    return [office.balance(member) for member in members]


# by words


@pytest.fixture
def buyers(people: Office) -> Office:
    bought(people, "anna", 5_000_01, 1)
    bought(people, "boris", 5_000_00, 1)
    bought(people, "boris", 9_000_00, 40)
    change_birthday(people.hub, "boris", "1988-12-01", OLGA)
    return people


@pytest.mark.parametrize(
    ("words", "members"),
    [
        (["registered"], ["anna", "boris"]),
        (["birthday-month 5"], ["anna"]),
        (["birthday-month 12"], ["boris"]),
        (["birthday-month 1"], []),
        (["bought-more 5000.00 since 2026-03-01"], ["anna"]),
        (["bought-more 4999.99 since 2026-03-01"], ["anna", "boris"]),
        (["bought-more 5000 since 2026-01-01"], ["anna", "boris"]),
        (["bought-more 0 since 2026-03-02"], []),
        (["not-seen-since 2026-03-01"], ["vera"]),
        (["not-seen-since 2026-03-02"], ["anna", "boris", "vera"]),
        (["not-seen-since 2026-03-02", "registered"], ["anna", "boris"]),
        (["not-seen-since 2026-03-02", "bought-more 13000 since 2026-01-01"], ["boris"]),
    ],
)
def test_words_find_whom_they_say(buyers: Office, words: list[str], members: list[str]) -> None:
    assert who(buyers, *words) == members


def test_a_tier_is_what_was_bought_in_the_programmes_window(buyers: Office) -> None:
    with pytest.raises(NotDone, match="each receipt alone"):
        who(buyers, "tier 1")
    tiers = (Tier(from_kopecks=0, rate_bp=100), Tier(from_kopecks=5_000_01, rate_bp=300))
    accrual = PercentAccrual(tiers=tiers, tier_metric="accumulated", tier_window="rolling", tier_days=30)
    programme = replace(buyers.hub.programmes["alenka"], accrual=accrual)
    with buyers.hub.store.reading() as reader:

        def tier(number: int) -> list[str]:
            return list(found(reader, programme, [parse_where(f"tier {number}")], buyers.now))

        assert (tier(1), tier(2)) == (["boris", "vera"], ["anna"])
        with pytest.raises(NotDone, match="there is no tier 3"):
            tier(3)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "rich",
        "birthday-month",
        "birthday-month 13",
        "birthday-month ٣",
        "tier 0",
        "bought-more 1,5 since 2026-03-01",
        "bought-more 5 since March",
        "bought-more 5 before 2026-03-01",
        "not-seen-since 2026-02-30",
        "registered 1",
    ],
)
def test_words_that_nobody_knows_are_told_with_those_that_are_known(words: str) -> None:
    with pytest.raises(NotDone, match=r"is not understood.*Say it like one of these: birthday-month 12, bought-more"):
        parse_where(words)


def test_who_was_erased_or_has_gone_into_another_is_not_found(buyers: Office) -> None:
    erase(buyers.hub, "anna", OLGA, "asked")
    merge(buyers.hub, "vera", "boris", OLGA)
    assert who(buyers) == ["boris"]


def test_a_look_says_how_many_how_much_and_who_and_writes_nothing(buyers: Office) -> None:
    before = buyers.rows("SELECT (SELECT count(*) FROM gifts), (SELECT count(*) FROM settings)")
    looked = look(buyers.hub, by("registered", points=TOO_MUCH), TERMS)
    assert (looked.programme, looked.members, looked.points, looked.waits) == ("alenka", 2, 2 * TOO_MUCH, True)
    with buyers.hub.store.reading() as reader:
        assert share_words(reader, looked.first) == [
            "Анна П., card …anna: 501 points",
            "Борис И., card …oris: 501 points",
        ]
    assert buyers.rows("SELECT (SELECT count(*) FROM gifts), (SELECT count(*) FROM settings)") == before
    with pytest.raises(NotDone, match="more than --total-max 1001"):
        look(buyers.hub, by("registered", points=TOO_MUCH), Terms(reason="why", total_max=1001))
    with pytest.raises(NotDone, match="no member of alenka is found by birthday-month 1"):
        look(buyers.hub, by("birthday-month 1"), TERMS)


def test_the_same_order_finds_the_same_members_whatever_became_of_them(buyers: Office) -> None:
    order = replace(OLGA, key="k")
    given = give(buyers.hub, by("birthday-month 12"), TERMS, order)
    assert (given.members, given.where, given.changed) == (1, "birthday-month 12", True)
    change_birthday(buyers.hub, "anna", "1990-12-17", OLGA)
    change_birthday(buyers.hub, "boris", "1988-11-01", OLGA)
    again = give(buyers.hub, by("birthday-month 12"), TERMS, order)
    assert again.id == given.id and not again.changed and balances(buyers, "anna", "boris") == [150, 50]
    for other in (by("birthday-month 5"), by("birthday-month 12", points=11), Named([Gift("cardboris", 10)])):
        with pytest.raises(NotDone, match="something else was given"):
            give(buyers.hub, other, TERMS, order)
    done = undo(buyers.hub, given.id, IVAN)
    assert (done.members, done.points) == (1, 10) and balances(buyers, "anna", "boris") == [150, 40]
    assert buyers.verdict().faults == ()


def test_words_are_the_same_in_any_order() -> None:
    assert joined_words([" registered", "tier  2"]) == joined_words(["tier 2", "registered", "registered"])


# a second person


def test_more_than_one_person_may_give_waits_for_another_one(people: Office) -> None:
    given = too_much(people)
    assert given.state(people.now) == "waits" and not given.changed and people.balance() == 150
    with pytest.raises(NotDone, match=r"Olga ordered gift .*: another person approves it"):
        approve(people.hub, given.id, Order(by=" olga"))
    with pytest.raises(NotDone, match="is not given: waits for a second person until 2026-03-05 12:00 UTC"):
        undo(people.hub, given.id, IVAN)
    approved = approve(people.hub, given.id, IVAN)
    assert approved.changed and people.balance() == 150 + TOO_MUCH
    assert not approve(people.hub, given.id, IVAN).changed and people.balance() == 150 + TOO_MUCH
    ((text,),) = people.rows("SELECT text FROM operations WHERE chain = 'office'")
    assert '"by":"Olga, Ivan"' in text and people.verdict().faults == ()


def test_all_of_it_together_may_be_too_much_for_one_person(people: Office) -> None:
    for number in range(101):
        people.take(people.issued(f"c{number}", f"m{number}"))
    gifts = [Gift(f"c{number}", 500) for number in range(101)]
    assert give(people.hub, Named(gifts[:100]), TERMS, OLGA).changed
    assert give(people.hub, Named(gifts), TERMS, OLGA).state(people.now) == "waits"


def test_the_same_order_does_not_go_past_the_second_person(people: Office) -> None:
    given = too_much(people, key="k")
    assert too_much(people, key="k").id == given.id and people.balance() == 150
    assert too_much(people, key="k").state(people.now) == "waits"
    approve(people.hub, given.id, IVAN)
    assert not too_much(people, key="k").changed and people.balance() == 150 + TOO_MUCH


def test_what_nobody_approves_in_three_days_is_over(people: Office) -> None:
    given = too_much(people)
    people.now += timedelta(days=3, microseconds=-1)
    assert given.state(people.now) == "waits"
    people.now += timedelta(microseconds=1)
    over = "does not wait for a second person: nobody approved it until 2026-03-05"
    with pytest.raises(NotDone, match=over):
        approve(people.hub, given.id, IVAN)
    with pytest.raises(NotDone, match=over):
        refuse(people.hub, given.id, "late", IVAN)
    assert people.balance() == 150


def test_who_refuses_says_why_and_nobody_gets_any(people: Office) -> None:
    given = too_much(people, key="k")
    refused = refuse(people.hub, given.id, "not these", OLGA)
    assert (refused.refused_by, refused.refused_why) == ("Olga", "not these")
    with pytest.raises(NotDone, match="refused 2026-03-02 12:00 UTC by Olga: not these"):
        approve(people.hub, given.id, IVAN)
    assert too_much(people, key="k").state(people.now) == "refused" and people.balance() == 150
    with pytest.raises(NotDone, match="There is no gift 'nothing'"):
        refuse(people.hub, "nothing", "why", IVAN)
    with pytest.raises(NotDone, match="--reason"):
        refuse(people.hub, given.id, "", IVAN)


def test_points_live_from_when_the_second_person_said_yes(people: Office) -> None:
    given, ends = too_much(people), Terms(reason="why", last_day=date(2026, 3, 3))
    short = give(people.hub, Named([Gift("cardboris", TOO_MUCH)]), ends, OLGA)
    people.now += timedelta(days=2)
    approve(people.hub, given.id, IVAN)
    ((begins,),) = people.rows(f"SELECT active_from FROM lots WHERE granted = {TOO_MUCH}")
    assert begins.startswith("2026-03-04")
    with pytest.raises(NotDone, match="2026-03-03 is over"):
        approve(people.hub, short.id, IVAN)
    with people.hub.store.reading() as reader:
        assert gift_called(reader, short.id).state(people.now) == "waits"


def test_who_was_erased_while_it_waited_gets_none_and_who_went_into_another_gets_it_there(people: Office) -> None:
    given = give(people.hub, by("registered", points=TOO_MUCH), TERMS, OLGA)
    merge(people.hub, "anna", "vera", OLGA)
    erase(people.hub, "boris", OLGA, "asked")
    approved = approve(people.hub, given.id, IVAN)
    assert (approved.done, approved.left_out) == (2, 1)
    assert balances(people, "vera", "boris") == [150 + TOO_MUCH, 40]
    done = undo(people.hub, given.id, IVAN)
    assert (done.members, done.points) == (1, TOO_MUCH) and undo(people.hub, given.id, IVAN).before is not None
    assert people.verdict().faults == ()


def test_a_gift_of_which_everybody_was_erased_is_given_to_nobody(people: Office) -> None:
    given = too_much(people)
    erase(people.hub, "anna", OLGA, "asked")
    approved = approve(people.hub, given.id, IVAN)
    assert (approved.done, approved.left_out, approved.spans) == (1, 1, ())
    assert undo(people.hub, given.id, IVAN).before is None and people.balance() == 150


def test_a_gift_of_which_nobody_knows_any_more_whom_it_is_for_is_not_given(people: Office) -> None:
    given = too_much(people)
    people.tamper("DELETE FROM gifts")
    with pytest.raises(NotDone, match=r"is not in the ledger any more: 0 of them have it"):
        approve(people.hub, given.id, IVAN)
    assert people.balance() == 150


# cut short


def test_finding_that_was_stopped_begins_anew_and_giving_goes_on_with_whom_it_found(
    people: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = AT_ONCE + 3
    for number in range(count):
        people.take(people.issued(f"c{number}", f"m{number:04}"))
    order, whole = replace(OLGA, key="k"), people.hub.within

    def dies(work: Any) -> Any:
        kept = whole(work)
        raise StoreOff(f"the disk is full after {kept.id}")

    with monkeypatch.context() as broken:
        broken.setattr(people.hub, "within", dies)
        with pytest.raises(StoreOff):
            give(people.hub, by(), TERMS, order)
    with people.hub.store.reading() as reader:
        (begun,) = gifts_of(reader)
    assert begun.state(people.now) == "begun" and people.rows("SELECT count(*) FROM gifts") == [(AT_ONCE,)]
    people.take(people.issued("late", "a-first"))

    def stop(done: int) -> None:
        people.take(people.issued("later", "b-second"))
        raise StoreOff("the disk is full")

    with pytest.raises(StoreOff):
        give(people.hub, by(), TERMS, order, stop)
    with pytest.raises(NotDone, match="something else was given"):
        give(people.hub, by("registered"), TERMS, order)
    given = give(people.hub, by(), TERMS, order)
    assert given.id == begun.id and given.is_whole and given.members == count + 4
    assert people.rows("SELECT count(DISTINCT member), sum(remaining) FROM lots WHERE granted = 10") == [
        (count + 4, 10 * (count + 4))
    ]
    assert undo(people.hub, given.id, IVAN).members == count + 4 and people.verdict().faults == ()


def test_two_who_find_under_one_key_do_not_mix_what_they_found(people: Office) -> None:
    for number in range(AT_ONCE):
        people.take(people.issued(f"c{number}", f"m{number:04}"))
    order = replace(OLGA, key="k")
    mine, whole, others = [], people.hub.within, list[Given]()

    def slowly(work: Any) -> Any:
        mine.append(whole(work))
        if len(mine) == 1:  # while the first is between two batches
            people.hub.within = whole  # type: ignore[method-assign]
            others.append(give(people.hub, by(), TERMS, order))
            people.hub.within = slowly  # type: ignore[method-assign, assignment]
        return mine[-1]

    people.hub.within = slowly  # type: ignore[method-assign, assignment]
    given = give(people.hub, by(), TERMS, order)
    people.hub.within = whole  # type: ignore[method-assign]
    assert others[0].is_whole and given.id == others[0].id and not given.changed
    assert people.rows("SELECT count(*) FROM lots WHERE granted = 10") == [(AT_ONCE + 3,)]


def test_who_is_overtaken_while_he_finds_stops(people: Office) -> None:
    """The other one began anew under the same key, and was stopped too."""
    for number in range(AT_ONCE):
        people.take(people.issued(f"c{number}", f"m{number:04}"))
    order, whole = replace(OLGA, key="k"), people.hub.within
    begun = list[Any]()

    def one_more(work: Any) -> Any:
        begun.append(whole(work))
        if len(begun) == 2:
            raise StoreOff("the disk is full")
        if len(begun) == 1:
            with pytest.raises(StoreOff):
                give(people.hub, by(), TERMS, order)
        return begun[0]

    people.hub.within = one_more  # type: ignore[method-assign, assignment]
    with pytest.raises(NotDone, match="Somebody gives it at this moment"):
        give(people.hub, by(), TERMS, order)
    people.hub.within = whole  # type: ignore[method-assign]
    assert give(people.hub, by(), TERMS, order).is_whole and people.verdict().faults == ()


def test_an_undoing_that_was_stopped_goes_on(people: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    count = 2 * AT_ONCE - 1
    for number in range(count):
        people.take(people.issued(f"c{number}", f"m{number:04}"))
    given = give(people.hub, by(), TERMS, OLGA)
    whole, times = people.hub.bear_after, list[int]()

    def dies(*what: Any, **how: Any) -> Any:
        times.append(1)
        if len(times) == 2:
            raise StoreOff("the disk is full")
        return whole(*what, **how)

    with monkeypatch.context() as broken:
        broken.setattr(people.hub, "bear_after", dies)
        with pytest.raises(StoreOff):
            undo(people.hub, given.id, IVAN)
    rest = undo(people.hub, given.id, IVAN)
    assert (rest.members, rest.points) == (count + 3 - AT_ONCE, 10 * (count + 3 - AT_ONCE))
    assert people.rows("SELECT sum(remaining) FROM lots WHERE granted = 10") == [(0,)]
    assert people.verdict().faults == ()


def older(given: Given, done: int) -> Given:
    """As it was kept before whom it is for was."""
    return msgspec.structs.replace(given, listed=False, done=done, second="Ivan", waits_until=None)


def test_a_gift_of_before_that_was_stopped_goes_on(people: Office) -> None:
    order = replace(OLGA, key="k")
    gifts: Sequence[Gift] = [Gift("cardanna", TOO_MUCH), Gift("cardboris", TOO_MUCH)]
    given = give(people.hub, Named(gifts), TERMS, order)
    people.hub.within(lambda writer: writer.write(Rows(settings=settings_of(older(given, 1)))))
    people.tamper("DELETE FROM gifts")
    whole = give(people.hub, Named(gifts), TERMS, order)
    assert whole.id == given.id and whole.is_whole and balances(people, "anna", "boris") == [150, 40 + TOO_MUCH]
    with people.hub.store.reading() as reader:
        assert kept_gift(reader, given.id) == msgspec.structs.replace(whole, changed=False)
