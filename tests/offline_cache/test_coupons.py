"""How often a coupon was used: the hub's word, and what was done here behind it."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from loyalty.bodies import CouponUse, OperationRef, Return, Sale
from loyalty.operation import Key, Operation, hash_operation, utc_text, write_operation
from offline_cache.cache import ROOM, Cache, FileError
from offline_cache.coupons import keep_stopped, keep_told
from storage import engine
from storage.schema import migrate
from tests.offline_cache.conftest import Till

# pytest gives `till` (conftest.py)


def sell(till: Till, number: int, uses: int = 3) -> Operation:
    return till.record(sale(till, number, use("aa", uses)))[-1]


def sale(till: Till, number: int, *uses: CouponUse) -> Sale:
    return msgspec.structs.replace(till.sale(number), coupons=uses)


def use(serial: str, uses: int) -> CouponUse:
    return CouponUse(serial=serial, campaign="c", discount_kopecks=1, uses=uses)


def give_back(till: Till, sold: Operation, serial: str = "aa") -> Key:
    assert isinstance(sold.body, Sale)
    body = Return(
        of=OperationRef(chain=sold.chain, generation=sold.generation, sequence=sold.sequence),
        of_sale=sold.body.sale,
        sold_at=utc_text(till.NOW),
        member=None,
        card=None,
        link="online",
        lines=(),
        refund_kopecks=0,
        coupons=(serial,),
    )
    return till.record(body)[-1].key


def tell(till: Till, left: int | None, included: int, serial: str = "aa") -> None:
    """The hub's word; None: all of it is left."""
    used = (serial,) if left == 0 else ()
    returned = () if left == 0 else (serial,)
    with till.cache.file.transaction() as connection:
        many = {serial: left} if left else {}
        keep_told(till.cache.file.sql, connection, used, returned, many, Key(1, included))


def left(till: Till, uses: int = 3) -> int:
    return till.cache.coupons.uses("aa", uses).left


def test_what_was_done_here_is_counted_besides_the_hubs_word_until_it_is_in_it(till: Till) -> None:
    first = sell(till, 1)
    assert left(till) == 2, "nobody has told anything"
    tell(till, 2, included=0)  # of another till's
    assert left(till) == 1
    tell(till, 1, included=1)  # both
    assert left(till) == 1
    sell(till, 2)
    assert left(till) == 0 and till.cache.coupon_used("aa", 3)
    tell(till, 0, included=2)
    give_back(till, first)
    assert left(till) == 1
    tell(till, 1, included=3)
    assert left(till) == 1
    tell(till, None, included=3)
    assert left(till) == 3 and left(till, 1) == 1


def test_the_last_receipt_here_is_named(till: Till) -> None:
    sold = sell(till, 1)
    sell(till, 2)
    uses = till.cache.coupons.uses("aa", 3)
    assert uses.here == 2 and uses.last is not None and uses.last.number == "2"
    give_back(till, sold)
    assert till.cache.coupons.uses("aa", 3).here == 1
    tell(till, 0, included=9, serial="bb")
    assert till.cache.coupons.uses("bb") == (0, 0, None), "elsewhere"


def test_no_more_uses_than_there_are_and_none_twice_on_a_receipt(till: Till) -> None:
    for number in (1, 2):
        sell(till, number, uses=2)
    with pytest.raises(FileError, match="was used before"):
        sell(till, 3, uses=2)
    with pytest.raises(FileError, match="was used before"):
        till.record(sale(till, 4, use("cc", 5), use("cc", 5)))
    assert till.cache.coupons.uses("cc", 5) == (5, 0, None)


def test_a_sale_that_is_recorded_anew_under_another_number_has_used_it_once(till: Till) -> None:
    sold = sell(till, 1, uses=1)
    chain, text = till.cache.own_chain, write_operation(sold)
    with till.cache.file.transaction() as connection:
        till.cache.file.sql.defer_foreign_keys(connection)
        astray = chain.set_aside(connection, sold.key, hash_operation(text), text)
        now = chain.again(connection, astray, 2, {})
        chain.note(connection, astray, now)
    assert now == Key(2, 1) and till.cache.coupons.uses("aa", 1).here == 1
    give_back(till, till.cache.operation(now) or sold)
    assert not till.cache.coupon_used("aa")


def test_stopped_campaigns_are_those_that_were_told_last(till: Till) -> None:
    for told in (("c", "d"), ("d",), ()):
        with till.cache.file.transaction() as connection:
            keep_stopped(till.cache.file.sql, connection, told)
        assert [one for one in ("c", "d") if till.cache.coupons.is_stopped(one)] == list(told)


def test_coupons_of_a_file_from_before_are_used_and_come_back(tmp_path: Path) -> None:
    """It kept their serials alone, whoever had used them."""
    room = tmp_path / ROOM.name
    (room / "migrations").mkdir(parents=True)
    for file in sorted((ROOM / "migrations").glob("*.sql"))[:18]:
        (room / "migrations" / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    connection = engine.connect(tmp_path / "till.db")
    migrate(connection, room)
    connection.execute("INSERT INTO settings VALUES ('till', 't1'), ('training', '0')")
    connection.execute("INSERT INTO used_coupons VALUES ('aa'), ('bb')")
    connection.close()
    till = Till(tmp_path / "till.db")
    assert till.cache.coupon_used("aa") and till.cache.coupons.uses("aa").last is None
    give_back(till, till.sell(1))
    assert not till.cache.coupon_used("aa") and till.cache.coupon_used("bb")
    till.close()
    Cache(tmp_path / "till.db", "t1").close()
