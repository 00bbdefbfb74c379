"""A till hears of the cases of its own operations, shows them until they are settled, and says why somebody owes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from msgspec import UNSET

from config.programmes import load_programme
from hub.cases.kinds import KINDS
from hub.cases.settling import Decision, settle
from loyalty.cases import CaseSnapshot
from loyalty.operation import Key
from loyalty.programme import Language
from offline_cache.cache import Cache
from offline_cache.records import Page
from pos_agent.case_words import CASE_WORDS, say_case
from pos_agent.commands.status import _lines
from pos_agent.hub_state import open_cases
from pos_agent.protocol import Balance, Code, IssueCard, Pay, SetBasket
from pos_agent.shown import shown_front
from pos_agent.status import OpenCases
from tests.commands.test_status import STATUS
from tests.pos_agent.conftest import PHONE_KEY, Desk
from tests.pos_agent.test_balance_asked import DEBTOR, lot, told_of
from tests.pos_agent.test_lots_at_the_till import Shop, Till, goods
from tests.pos_agent.test_lots_at_the_till import open_shop as open_shop
from tests.pos_agent.test_page_shown import told

ALENKA = load_programme("alenka")


def shown(till: Till, language: Language = "en") -> OpenCases | None:
    return open_cases(till.cache, ALENKA, language) or None


def three_offline(open_shop: Callable[..., Shop]) -> tuple[Shop, list[Till]]:
    """400 points, three tills without a connection; each lets what the policy allows be spent."""
    shop = open_shop()
    tills = [shop.till(name) for name in ("t1", "t2", "t3")]
    shop.join(400)
    for till in tills:
        till.sync()
        till.online = False
        assert till.sell(goods(1_000)).redeemed.points == ALENKA.offline.receipt_max_points == 300
    for till in tills:
        till.online = True
        till.sync()
    return shop, tills


def test_sec10_r03_every_excess_over_what_was_there_is_a_case_at_its_till(open_shop: Callable[..., Shop]) -> None:
    shop, (first, second, third) = three_offline(open_shop)
    assert shown(first) is None
    earned = third.last.body.accrued.points  # type: ignore[union-attr]
    for till, sale, excess in ((second, "2", 200 - earned), (third, "3", 300)):
        found = shown(till)
        assert found is not None and found.count == 1
        (case,) = found.newest
        assert (case.case, case.kind, case.sale) == (f"debt/{till.cache.till}/1/1", "debt", sale)
        assert case.text == f"receipt {sale}: more was redeemed than there was ({excess} bonuses)"
    assert shop.balance() == 400 - 3 * 300 + 3 * earned


def test_a_settled_case_goes_from_the_till(open_shop: Callable[..., Shop]) -> None:
    shop, (_, second, third) = three_offline(open_shop)
    settle(shop.hub, "debt/t2/1/1", Decision(remedy="accept", by="Olga"))
    second.sync()
    third.sync()
    assert shown(second) is None and shown(third) is not None


def test_what_was_refused_is_shown_until_somebody_has_settled_it(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop()
    one, other = shop.till("t1"), shop.till("t2")
    shop.join(100)
    one.sync()
    other.sync()
    for till in (one, other):  # the same blank card at both
        till.online = False
        till.tell(*_issue(till))
    for till in (one, other):
        till.online = True
        till.sync()
    (refused, *_) = other.cache.refused()
    assert refused == (Key(1, 1), "card_taken") and one.cache.refused() == []
    found = shown(other)
    assert found is not None and "card_taken" in " ".join(case.text for case in found.newest)
    for case in list(found.newest):
        settle(shop.hub, case.case, Decision(remedy="accept", by="Olga"))
    other.sync()
    assert other.cache.refused() == [] and shown(other) is None
    assert other.cache.was_refused(Key(1, 1)), "its points never moved all the same"


def _issue(till: Till) -> list[object]:
    return [SetBasket(lines=(goods(2_000),)), IssueCard(card="2600000000024"), Pay(sale="7")]


# the till's file


def case(id: str = "debt/t1/1/1", state: str = "open", minutes: int = 0, **more: str) -> CaseSnapshot:
    kind = id.split("/")[0]
    at = f"2026-03-02T12:{minutes:02}:00+00:00"
    return CaseSnapshot(id=id, kind=kind, opened_at=at, sale="7", state=state, **more)  # type: ignore[arg-type]


def take(cache: Cache, *cases: CaseSnapshot, cursor: str = "1.1") -> None:
    cache.changes.apply(
        Page(
            members=(),
            used_coupons=(),
            coupon_keys={},
            phone_hash_key=PHONE_KEY,
            watermark=Key(1, 0),
            cursor=cursor,
            pulled_at=None,
            cases=cases,
        )
    )


def test_the_newest_come_first_and_all_are_counted(desk: Desk) -> None:
    take(desk.cache, *(case(f"debt/t1/1/{n}", minutes=n) for n in range(1, 6)))
    found = open_cases(desk.cache, ALENKA, "en")
    assert isinstance(found, OpenCases) and found.count == 5
    assert [one.case for one in found.newest] == ["debt/t1/1/5", "debt/t1/1/4", "debt/t1/1/3"]
    (trouble,) = told(cases=found)
    assert (trouble.of, trouble.code, trouble.stops) == ("hub", "cases", False)
    assert trouble.text.startswith("The office looks into it, open cases: 5. receipt 7: more was redeemed than")
    status = msgspec.structs.replace(STATUS, cases=found)
    assert "cases    5 at the office" in list(_lines(status, "en")) and "дела     5 у офиса" in list(
        _lines(status, "ru")
    )


def test_from_its_beginning_the_feed_tells_all_anew(desk: Desk) -> None:
    take(desk.cache, case())
    desk.cache.changes.apply(
        Page(
            members=(),
            used_coupons=(),
            coupon_keys={},
            phone_hash_key=PHONE_KEY,
            watermark=Key(1, 0),
            cursor="",
            pulled_at=None,
        )
    )
    take(desk.cache, case("clock/t1/1/2"))
    assert [one.id for one in desk.cache.cases.newest_open(9)] == ["clock/t1/1/2"]


def test_a_till_on_which_people_practise_has_none(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "till.db", "t1", training=True)
    take(cache, case())
    assert cache.cases.open_count() == 0
    cache.close()


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("kind", [*KINDS, "of a newer hub"])
def test_each_kind_is_said_in_words_with_what_it_cost(kind: str, language: Language) -> None:
    snapshot = CaseSnapshot(
        id=f"{kind}/t1/1/1",
        kind=kind,
        opened_at="2026-03-02T12:00:00+00:00",
        sale="42",
        note="card_taken",
        cost_points=3,
        cost_kopecks=450,
    )
    text = say_case(snapshot, ALENKA, language)
    assert (kind == "audit" or "42" in text) and "{" not in text and (kind in CASE_WORDS) is (kind in KINDS)
    if kind not in ("audit", "refused", "clock", "identity_conflict", "other_file", "forked", "lost", "odd_blank"):
        assert "4.50 ₽" in text and text.count("3 ") == 1
    without = say_case(CaseSnapshot(id="x", kind=kind, opened_at=snapshot.opened_at), ALENKA, language)
    assert "None" not in without and "(" not in without.replace("(card_taken)", "")


# an account in debt


def test_r33_who_owes_is_told_how_much_why_and_what_pays_it(desk: Desk) -> None:
    """Never a number with a minus, to the cashier or on the paper."""
    told_of(desk, "debtor", DEBTOR, debt=133)
    why = "They were spent twice, or taken back with a return; the next points pay it."
    asked = desk.do(Balance(text=DEBTOR))
    assert asked.text == f"Card ****0178: 133 bonuses are owed. {why}"
    assert asked.say == ("133 bonuses are owed", "The next points pay it")
    desk.basket()
    found = desk.do(Code(text=DEBTOR))
    assert found.code == "member_found" and found.text.startswith(f"Card ****0178: 133 bonuses are owed. {why}")
    assert found.say == ("133 bonuses are owed", "The next points pay it")
    member = shown_front(desk.checkout, desk.checkout.receipts, desk.now).member
    assert member is not None and why in member.notes
    paid = desk.pay("1")
    assert "are owed." in paid.text and why in paid.text and "-" not in paid.text.replace("****", "")
    assert paid.told is not None
    tail = "\n".join(paid.told.tail or ())
    assert "Долг " in tail and "Потрачено дважды или снято\nДолг погасят новые покупки" in tail
    assert "-" not in tail and "Баланс" not in tail


def test_r33_whoever_owes_less_than_he_has_coming_is_in_no_debt(desk: Desk) -> None:
    comes = lot("a", 200, desk.now + timedelta(days=3))
    told_of(desk, "debtor", DEBTOR, comes, debt=133)
    asked = desk.do(Balance(text=DEBTOR))
    assert asked.text.startswith("Card ****0178: 67 bonuses on the account.") and "owed" not in asked.text


def test_there_are_no_cases_where_there_are_none(desk: Desk) -> None:
    assert open_cases(desk.cache, ALENKA, "en") is UNSET and told(cases=UNSET) == ()
