"""What is told of a balance, and of why fewer points are spent: all that was heard when they were reserved counts.

Boris has 5,000 here.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.printer.document import from_json
from drivers.printer.preview import render
from offline_cache.told_quotes import ToldQuotes
from pos_agent.answers import Reply
from pos_agent.protocol import BasketLine, Pay, Prepare, Redeem, SetBasket
from pos_agent.shown import ON_SCREEN, shown_done
from tests.pos_agent.conftest import Desk
from tests.pos_agent.reserving import Till
from tests.there import there

BIG = BasketLine(id="1", name="Чайник", price="20000.00", category="chocolate")  # points may pay 10,000 of it


@pytest.fixture
def till(desk: Desk, tmp_path: Path) -> Iterator[Till]:
    told = ToldQuotes(tmp_path / "told.db")
    yield Till(desk.cache, told)
    told.close()


def paper(till: Till) -> str:
    """The last one, as it comes out."""
    job = there(till.cache.print_jobs.last_receipt())
    return "\n".join(render(from_json(job.document), ON_SCREEN)).replace("\N{NO-BREAK SPACE}", " ")


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def paid(till: Till) -> Reply:
    return till.do(Pay(sale="1"))


# the balance


def test_r33_points_that_another_receipt_has_are_not_told_as_a_balance(till: Till) -> None:
    till.ready()
    till.replied(Redeem(sale="1"), 500, active=5_000, held=4_500)
    reply = paid(till)
    accrued = till.sales()[0].accrued.points
    assert f"Balance {accrued} bonuses." in plain(reply.text), "of 5,000 another has 4,500 and this one spent 500"
    assert "The balance may change: 4,500 bonuses are reserved for another receipt now." in plain(reply.text)
    assert plain(reply.say[1]) == f"Balance {accrued} bonuses, may change"
    assert f"{accrued} бонусов" in paper(till) and "Уточнится: есть другой чек" in paper(till)


def test_what_others_have_counts_also_where_all_was_had_that_was_asked_for(till: Till) -> None:
    till.ready()
    till.replied(Redeem(points=300, sale="1"), 300, active=5_000, held=4_500)
    assert f"Balance {200 + accrued(till)} bonuses." in plain(paid(till).text)


def test_what_was_spent_elsewhere_counts_and_that_is_sure(till: Till) -> None:
    """The books have less than the till's file."""
    till.ready()
    till.replied(Redeem(sale="1"), 609, active=609)
    reply = paid(till)
    assert f"Balance {accrued(till)} bonuses." in plain(reply.text) and "may change" not in " ".join(reply.say)
    assert "Уточнится" not in paper(till)


def test_of_the_shops_tills_it_is_the_same_and_the_paper_says_that_there_is_no_connection(till: Till) -> None:
    till.at = "shop"
    till.ready()
    till.replied(Redeem(sale="1"), 151, active=451, held=300)  # what others claim is of the day's limit, too
    assert f"Balance {accrued(till)} bonuses." in plain(paid(till).text)
    assert "Без связи: баланс уточнится" in paper(till) and "есть другой чек" not in paper(till)


def test_a_hub_that_says_nothing_of_what_is_free_changes_nothing(till: Till) -> None:
    till.ready()
    till.reserved(Redeem(points=300, sale="1"), 300)
    assert f"Balance {plain_number(4_700 + accrued(till))} bonuses." in plain(paid(till).text)


def test_the_tail_of_prepare_says_the_same(till: Till) -> None:
    till.ready()
    till.replied(Redeem(sale="1"), 500, active=5_000, held=4_500)
    tail = "\n".join(there(there(till.do(Prepare(sale="1")).told).tail))
    assert "Уточнится: есть другой чек" in tail and f"{accrued(till)} бонусов" in tail
    assert "\n".join(there(there(paid(till).told).tail)) == tail


def test_the_page_shows_what_may_be_spent_and_who_has_the_rest(till: Till) -> None:
    till.ready()
    till.replied(Redeem(sale="1"), 500, active=5_000, held=4_500)
    member = there(till.agent.view().visit.member)
    assert (member.balance, member.active) == (5_000, 500)
    assert any("4,500 bonuses of them are reserved at another till" in plain(note) for note in member.notes)


def test_the_page_shows_the_balance_that_the_hub_knows(till: Till) -> None:
    till.ready()
    till.replied(Redeem(sale="1"), 609, active=609)
    member = there(till.agent.view().visit.member)
    assert (member.balance, member.active) == (609, 609)


def test_the_last_sale_is_shown_with_the_balance_that_was_told(till: Till) -> None:
    till.ready()
    till.replied(Redeem(sale="1"), 500, active=5_000, held=4_500)
    paid(till)
    house = till.checkout.house
    shown = there(shown_done(till.cache, "en", house.programme, house.told_balance))
    assert shown.balance == accrued(till)


def accrued(till: Till) -> int:
    """Of the receipt in front, or of the one that was paid."""
    told = till.agent.view().visit.accrued_points
    return told if isinstance(told, int) else till.sales()[0].accrued.points


def plain_number(number: int) -> str:
    return f"{number:,}"


# fewer than were asked for


def why(reply: Reply) -> str | None:
    return there(there(reply.told).limit).reason


def test_who_gets_fewer_reads_why_in_short_and_programs_too(till: Till) -> None:
    till.ready()
    reply = till.replied(Redeem(sale="1"), 500, active=5_000, held=4_500)
    assert why(reply) == "held_elsewhere" and plain(reply.say[0]) == "Only 500 bonuses: the rest is held"
    reply = till.replied(Redeem(points=800, sale="1"), 609, active=609)
    assert why(reply) == "balance_newer" and plain(reply.say[0]) == "Only 609 bonuses: there is no more"
    assert why(till.do(SetBasket(lines=(BIG,), sale="1"))) == "balance_newer", "as long as it bounds"


def test_who_gets_none_is_told_so_and_when_to_ask_again(till: Till) -> None:
    till.ready()
    reply = till.replied(Redeem(sale="1"), 0, active=5_000, held=5_000)
    assert why(reply) == "held_elsewhere" and reply.say[0] == "Another receipt holds them"
    assert "Nothing is redeemed" in reply.text and "when it is over, ask again" in reply.text
    assert "the rest" not in reply.text and "Redeeming 0" not in reply.text
    reply = till.replied(Redeem(sale="1"), 0, active=0)
    assert why(reply) == "balance_newer" and reply.say[0] == "Spent elsewhere by now"


def test_a_silent_hub_is_the_reason_where_it_bounds(till: Till) -> None:
    till.ready()
    reply = till.reserved(Redeem(sale="1"), None)
    assert why(reply) == "hub_silent", "300 without a connection, of 1,000"
    reply = till.reserved(Redeem(points=100, sale="1"), None)
    assert why(reply) == "hub_silent" and plain(reply.say[0]) == "Hub is silent: 100 bonuses"


def test_who_gets_all_hears_no_reason(till: Till) -> None:
    till.ready()
    reply = till.replied(Redeem(points=500, sale="1"), 500, active=5_000, held=4_500)
    assert why(reply) is None and plain(reply.say[0]) == "Redeeming 500 bonuses"


def test_more_than_the_goods_allow_is_told_as_fewer(till: Till) -> None:
    till.ready()
    reply = till.replied(Redeem(points=4_000, sale="1"), 1_000, active=5_000)
    assert why(reply) is None and plain(reply.say[0]) == "Only 1,000 bonuses redeemed"
