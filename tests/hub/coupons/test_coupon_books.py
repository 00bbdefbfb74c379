"""What receipts with coupons do to the books: uses, what is counted, what is a case and what it costs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hub.coupons.campaigns import Stopped, write_stopped
from hub.ready.contents import Telling, Whose, blocks
from hub.store.coupon_records import CampaignRow
from hub.store.rows import Rows
from loyalty.bodies import CouponMade, CouponRevoked, MemberMerged
from loyalty.utc import utc_text
from tests.hub.conftest import AA, BB, NOW, Pen
from tests.hub.coupons.conftest import Shop

CC, DD = "cc" * 16, "dd" * 16


def made(serial: str, member: str | None = None, campaign: str = "plain", **more: Any) -> CouponMade:
    life: dict[str, Any] = {"valid_from": utc_text(NOW), "valid_to": utc_text(NOW + timedelta(days=30))}
    return CouponMade(serial=serial, campaign=campaign, member=member, **life | more)


def places(shop: Shop, table: str) -> list[tuple[str, int, int]]:
    found: list[tuple[str, int, int]] = shop.rows(f"SELECT chain, sequence, number FROM {table} ORDER BY number, chain")
    return found


# uses


def test_a_coupon_is_good_for_so_many_receipts_and_one_more_is_a_case(shop: Shop, pens: type[Pen]) -> None:
    sale: dict[str, Any] = {"campaign": "thrice", "uses": 3}
    for n in range(1, 5):
        assert shop.take(shop.used(AA, **sale), pen=pens(f"t{n}")) == ["applied"]
    assert places(shop, "used_coupons") == [("t1", 1, 1), ("t2", 1, 2), ("t3", 1, 3)]
    (case,) = shop.cases()
    assert (case.kind, case.cost_kopecks, case.note) == ("coupon_twice", 100, AA)
    assert [place.chain for place in case.others] == ["t1", "t2", "t3"]
    assert shop.counted("thrice") == (4, 400) and shop.is_sound()


def test_tills_are_told_how_many_uses_are_left_and_the_serial_when_none_is(shop: Shop, pens: type[Pen]) -> None:
    sale: dict[str, Any] = {"campaign": "thrice", "uses": 3}
    cursor = ""
    for n, left in ((1, {AA: 2}), (2, {AA: 1}), (3, {})):
        shop.take(shop.used(AA, **sale), pen=pens(f"t{n}"))
        page = shop.page(cursor)
        assert page.coupon_uses_left == left and page.used_coupons == (() if left else (AA,))
        assert page.returned_coupons == ((AA,) if left else ()), "a till of before takes it still"
        cursor = page.cursor
    shop.take(shop.back(1, AA, till="t2"), pen=pens("t9"))
    page = shop.page(cursor)
    assert page.coupon_uses_left == {AA: 1} and page.used_coupons == () and shop.is_sound()


def test_a_ready_file_tells_the_same(shop: Shop) -> None:
    shop.take(shop.used(AA, campaign="thrice", uses=3), shop.used(BB))
    shop.born(CouponRevoked(serial=CC), "office")
    with shop.hub.store.reading() as reader:
        how = Telling(shop.now, lambda phone: b"", shop.rules["alenka"])
        (block,) = blocks(reader, Whose("alenka", None), how)
    assert (block.used_coupons, block.returned_coupons) == ((BB, CC), (AA,)) and block.coupon_uses_left == {AA: 2}


def test_a_return_makes_room_for_whoever_had_honoured_it_too(shop: Shop, pens: type[Pen]) -> None:
    sale: dict[str, Any] = {"campaign": "thrice", "uses": 2}
    for n in range(1, 5):
        shop.take(shop.used(AA, **sale), pen=pens(f"t{n}"))
    shop.take(shop.back(1, AA, till="t1"), pen=pens("t9"))
    assert places(shop, "used_coupons") == [("t3", 1, 1), ("t2", 1, 2)]
    assert places(shop, "coupon_conflicts") == [("t4", 1, 0)] and shop.counted("thrice") == (3, 300)
    again = pens("t10")
    shop.take(shop.back(1, AA, till="t1"), pen=again)
    assert shop.counted("thrice") == (3, 300), "told by another till too: it came back once"
    assert shop.is_sound()


def test_as_it_was_made_is_how_often_it_may_be_used(shop: Shop) -> None:
    """A till of before tells nothing of that."""
    assert shop.born(made(AA, uses=2), "office") == "applied"
    assert shop.take(shop.used(AA), shop.used(AA), shop.used(AA)) == ["applied"] * 3
    assert [case.sale for case in shop.cases()] == ["3"] and shop.is_sound()


def test_twice_on_one_receipt_is_once(shop: Shop) -> None:
    assert shop.take(shop.used(AA, AA)) == ["applied"]
    assert shop.counted("plain") == (1, 100) and shop.cases() == [] and shop.is_sound()


# what a campaign allows


def test_over_what_a_member_may_have_and_over_all(shop: Shop, pens: type[Pen]) -> None:
    shop.join("anna")
    shop.join("boris")
    for serial, member in ((AA, "anna"), (BB, "boris"), (CC, None), (DD, None)):
        shop.take(shop.used(serial, campaign="once-a-member", member=member))
    assert shop.cases() == []
    shop.take(shop.used("ee" * 16, campaign="once-a-member", member=None, card="cardanna", off=70))
    (case,) = shop.cases()
    assert (case.kind, case.cost_kopecks, case.member) == ("coupon_limit", 70, "anna")
    assert shop.counted("once-a-member", "anna") == (2, 170) and shop.counted("once-a-member") == (5, 470)
    till = pens("t2")
    for n in range(1, 6):
        shop.take(shop.used(f"{n:032x}", campaign="three-in-all"), pen=till)
    assert shop.case_costs() == {"coupon_limit": 70 + 200} and shop.is_sound()


def test_each_kopeck_beyond_the_budget_is_one_uses_and_the_campaign_stops(shop: Shop) -> None:
    for n, off in enumerate((100, 150)):
        shop.take(shop.used(f"{n:032x}", campaign="budget", off=off))
    assert shop.page().stopped_campaigns == ()
    shop.take(shop.used(AA, campaign="budget", off=120))  # 70 of it are beyond
    assert shop.page().stopped_campaigns == ("budget",) and shop.case_costs() == {"coupon_budget": 70}
    shop.take(shop.used(BB, campaign="budget", off=90))
    assert shop.case_costs() == {"coupon_budget": 160}
    assert sum(shop.case_costs().values()) == shop.counted("budget")[1] - 300 and shop.is_sound()


def test_a_return_lets_a_campaign_go_on_whose_budget_was_gone_and_none_that_a_person_stopped(shop: Shop) -> None:
    shop.take(shop.used(AA, campaign="budget", off=300))
    assert shop.page().stopped_campaigns == ("budget",) and shop.hold(BB, "budget") == "coupon_stopped"
    assert shop.cases() == [], "gone to the kopeck is not overdrawn"
    shop.take(shop.back(1, AA))
    assert shop.page().stopped_campaigns == () and shop.is_held(BB, "budget")
    shop.take(shop.used(CC, campaign="budget", off=300))
    stopped = write_stopped(Stopped("Olga", utc_text(NOW)))
    shop.hub.within(lambda writer: writer.write(Rows(campaigns=[CampaignRow("alenka", "budget", 1, 300, stopped)])))
    shop.take(shop.back(3, CC))
    assert shop.counted("budget") == (0, 0) and shop.page().stopped_campaigns == ("budget",) and shop.is_sound()


# revoked, stopped, another's


def test_what_was_sold_before_a_coupon_was_revoked_was_right_whenever_it_comes(shop: Shop, pens: type[Pen]) -> None:
    shop.now = NOW + timedelta(hours=1)
    assert shop.born(made(AA), "office") == "applied" == shop.born(CouponRevoked(serial=AA), "office")
    shop.take(shop.used(AA, off=70), at=NOW)
    assert shop.cases() == []
    shop.now = NOW + timedelta(hours=2)
    shop.take(shop.used(BB, off=30), at=shop.now)
    assert shop.cases() == []
    shop.born(CouponRevoked(serial=CC), "office")
    shop.now += timedelta(minutes=1)
    shop.take(shop.used(CC, off=30), pen=pens("t2"), at=shop.now)
    assert shop.case_costs() == {"coupon_revoked": 30} and shop.is_sound()
    page = shop.page()
    assert set(page.used_coupons) == {AA, BB, CC}


def test_another_members_coupon_is_a_case_and_a_merge_makes_it_his(shop: Shop) -> None:
    shop.join("anna")
    shop.join("boris")
    for serial in (AA, BB, CC):
        assert shop.born(made(serial, "anna"), "office") == "applied"
    shop.take(shop.used(AA, member="boris", off=40), shop.used(BB, off=2), shop.used(CC, member="anna"))
    assert shop.case_costs() == {"coupon_member": 42}
    assert shop.born(made(DD, "anna"), "office") == "applied"
    assert shop.born(MemberMerged(member="anna", into="boris"), "office") == "applied"
    shop.take(shop.used(DD, member="boris"))
    assert shop.case_costs() == {"coupon_member": 42}
    assert shop.counted("plain", "boris") == (3, 240) and shop.counted("plain", "anna") == (0, 0)
    assert {row[0] for row in shop.rows("SELECT member FROM coupons")} == {"boris"}
    assert shop.is_sound()


def test_a_merge_carries_what_was_counted_and_a_return_finds_it(shop: Shop) -> None:
    shop.join("anna")
    shop.join("boris")
    shop.take(shop.used(AA, campaign="once-a-member", member="anna"))
    shop.take(shop.used(BB, campaign="once-a-member", member="boris", off=50))
    shop.born(MemberMerged(member="anna", into="boris"), "office")
    assert shop.counted("once-a-member", "boris") == (2, 150)
    assert shop.hold(CC, "once-a-member", member="anna") == "coupon_limit_member"
    assert shop.take(shop.back(1, AA, member="anna")) == ["applied"]
    assert shop.counted("once-a-member", "boris") == (1, 50) and shop.is_sound()


# made


def test_a_coupon_that_cannot_be_is_not_made(shop: Shop) -> None:
    shop.join("anna", points=30)
    shop.born(made(BB), "office")
    shop.take(shop.used(CC))
    refused = {
        "unknown_member": [made(AA, "nobody"), made(AA, points=5)],
        "not_that_many_points": [made(AA, "anna", points=31)],
        "unknown_account": [made(AA, "anna", stickers=1)],
        "coupon_exists": [made(BB), made(CC)],
    }
    for reason, bodies in refused.items():
        assert [shop.born(body, "account") for body in bodies] == [reason] * len(bodies)
    assert shop.born(made(AA, "anna", points=30), "account") == "applied"
    assert sorted(shop.postings()) == [("member", "anna", -30), ("redeemed", "alenka", 30)]
    assert shop.balance() == 0 and shop.is_sound()


def test_a_coupon_of_a_member_who_owes_costs_no_debt(shop: Shop) -> None:
    shop.join("anna", points=10)
    shop.take(shop.sale(spent=25))
    assert shop.born(made(AA, "anna", points=1), "account") == "not_that_many_points"
    assert shop.snapshot().debt == 15 and shop.is_sound()


# verify


TAMPERED = {
    "a use less": "DELETE FROM used_coupons WHERE number = 1",
    "another discount": "UPDATE used_coupons SET discount_kopecks = 1 WHERE number = 1",
    "another campaign": "UPDATE used_coupons SET campaign = 'plain' WHERE number = 1",
    "another member": "UPDATE used_coupons SET member = 'boris' WHERE number = 1",
    "counted too often": "UPDATE campaigns SET uses = 3",
    "counted too much": "UPDATE campaigns SET discount_kopecks = 1",
    "a member's forgotten": "DELETE FROM campaign_members",
    "a member's too much": "UPDATE campaign_members SET discount_kopecks = 1",
    "a coupon that nobody made": "UPDATE coupons SET serial = replace(serial, 'b', 'c')",
    "for another": "UPDATE coupons SET member = 'boris'",
    "of more uses": """UPDATE coupons SET body = replace(body, '"valid_to":"20', '"uses":7,"valid_to":"20')""",
    "revoked by nobody": """UPDATE coupons SET body = replace(body, '"valid_to":', '"revoked_at":"x","valid_to":')""",
}


@pytest.mark.parametrize("what", TAMPERED)
def test_verify_finds_it(shop: Shop, what: str) -> None:
    shop.join("anna")
    shop.join("boris")
    shop.born(made(BB, "anna"), "office")
    shop.take(shop.used(AA, campaign="thrice", uses=3, member="anna"), shop.used(AA, campaign="thrice", uses=3))
    assert shop.is_sound()
    shop.tamper(TAMPERED[what])
    assert not shop.is_sound()
