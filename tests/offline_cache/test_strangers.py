"""Sales to a card that the till did not know: they count for whoever has the card as soon as that is known."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta

import pytest

from loyalty.bodies import ClawedBack, OperationRef, Return, SaleNumber
from loyalty.operation import Key, Operation
from loyalty.snapshot import MemberSnapshot
from offline_cache.cache import Cache
from offline_cache.records import Answer
from storage import engine
from storage.sqlite_file import FileError
from tests.offline_cache.conftest import NOW, Till


def stranger(till: Till, number: int, card: str = "1", earned: int = 10) -> Operation:
    return till.sell(number, member=None, card=card, earned=earned)


def answered(till: Till, sold: Operation, result: str) -> None:
    digest = till.cache.operation_hash(sold.key)
    assert digest is not None
    till.cache.answered([Answer(key=sold.key, hash=digest, result=result, reason=None)])


def test_they_count_once_before_and_after_the_hub_has_them(till: Till) -> None:
    stranger(till, 1)
    stranger(till, 2)
    stranger(till, 3, card="another")
    till.page(till.snapshot(points=100, c1="active"))
    assert till.points() == 120, "the hub's word is of before both"
    till.page(till.snapshot(points=110, c1="active"), watermark=1, cursor="2")
    assert till.points() == 120, "of before the second"
    till.page(till.snapshot(points=120, c1="active"), watermark=2, cursor="3")
    assert till.points() == 120


def test_one_that_the_hub_refused_does_nothing(till: Till) -> None:
    sold = stranger(till, 1)
    till.page(till.snapshot(points=100, c1="active"))
    assert till.points() == 110
    answered(till, sold, "refused")
    assert till.points() == 100


def test_what_came_back_of_one_counts_with_it(till: Till) -> None:
    sold = stranger(till, 1)
    back = Return(
        sale=SaleNumber(day=till.DAY, number="R1"),
        of=OperationRef(chain=sold.chain, generation=1, sequence=sold.sequence),
        sold_at=sold.at,
        member=None,
        card="1",
        lines=(),
        refund_kopecks=1_000,
        clawed_back=ClawedBack(points=10),
    )
    till.record(back)
    till.page(till.snapshot(points=100, c1="active"))
    assert till.points() == 100


def test_a_member_told_of_beside_the_feed_has_them_too(till: Till) -> None:
    stranger(till, 1)
    told = till.snapshot(points=100, c1="active")
    till.cache.changes.keep_member(told, watermark=Key(1, 0), at=NOW)
    assert till.points() == 110
    till.cache.changes.keep_member(
        till.snapshot(points=110, c1="active"), watermark=Key(1, 1), at=NOW + timedelta(seconds=1)
    )
    assert till.points() == 110


def test_a_card_that_went_to_another_member_takes_them_along(till: Till) -> None:
    stranger(till, 1)
    till.page(till.snapshot(points=100, c1="active"))
    till.page(MemberSnapshot(member="boris", cards=till.snapshot(c1="active").cards), cursor="2")
    assert till.points() == 100 and till.points("boris") == 10


def test_a_sale_of_nobody_is_nobodys(till: Till) -> None:
    till.sell(1, member=None, earned=0)
    till.page(till.snapshot(points=100, c1="active"))
    assert till.points() == 100


def test_the_card_is_a_part_of_what_must_hold_together(till: Till) -> None:
    stranger(till, 1)
    till.close()
    with closing(engine.connect(till.path)) as connection:
        connection.execute("UPDATE operations SET card = '2'")
    connection.close()
    with pytest.raises(FileError, match=r"Operation 1 in .* is damaged"):
        Cache(till.path, "t1")
    with closing(engine.connect(till.path)) as connection:
        connection.execute("UPDATE operations SET card = '1'")
    connection.close()
    till.restart()


def test_a_file_of_before_is_whole_and_its_sales_by_card_count(till: Till) -> None:
    """As it was written before: without the column."""
    stranger(till, 1)
    till.sell(2, member=None)
    till.sell(3, member="anna", card="1", earned=5)
    till.close()
    with closing(engine.connect(till.path)) as connection:
        connection.execute("DROP INDEX operations_by_card")
        connection.execute("ALTER TABLE operations DROP COLUMN card")
        connection.execute("DELETE FROM _sqlite_migrations WHERE name = '0009_strangers'")
        connection.execute("PRAGMA user_version = 8")
    connection.close()
    till.restart()
    till.page(till.snapshot(points=100, c1="active"))
    assert till.points() == 115
