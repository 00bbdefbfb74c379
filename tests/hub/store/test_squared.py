"""A receipt that came back in parts at several tills leaves nothing in the books, on each database."""

from __future__ import annotations

from pathlib import Path

from hub.store.seam import Store
from loyalty.bodies import CertificateSold, CouponUse, Tender
from tests.hub.certified import ONE
from tests.hub.conftest import AA
from tests.hub.coupons.conftest import Shop
from tests.hub.test_receipts_anywhere import Chain


def test_what_a_receipt_had_used_is_free_once_all_of_it_is_back(store: Store, tmp_path: Path) -> None:
    shop = Shop(tmp_path, store=store)
    chain = Chain(shop)
    chain.written(0, CertificateSold(certificate=ONE, kopecks=100_000))
    tender = Tender(kind="certificate", kopecks=100_000, id=ONE)
    coupon = CouponUse(serial=AA, campaign="once-a-member", discount_kopecks=100)
    sold = chain.sell(300, coupons=(coupon,), tenders=(tender,), paid_kopecks=99_801, link="offline")
    for till, parts, said in ((1, [("1", 3)], "applied"), (2, [("1", 3), ("2", 2)], "more_than_was_redeemed")):
        back = chain.taken_back(sold, [], *parts)
        assert back is not None
        chain.written(till, back, said)
    assert chain.square() > 0 and chain.square() == 0
    with store.reading() as reader:
        assert reader.coupon_uses([AA]) == [] and reader.certificates([ONE])[ONE].left == 100_000
        assert [(row.redeemed, row.offline) for row in reader.days_of(["anna"], "")] == [(0, 0)]
    assert shop.counted("once-a-member", "anna") == (0, 0) and shop.is_sound()
    assert [case.state for case in chain.cases("refused")] == ["settled"]
