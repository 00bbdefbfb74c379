"""The defects that are planted, each where somebody could make it, and what finds it.

A row whose text the code has outgrown is a red test (test_defects.py): give it the text of today, or another defect of
the same kind, and see `make bite` find it.
"""

from __future__ import annotations

from typing import Final

from tests.bite.planting import Defect

WALK: Final = "tests/life/test_walk.py::test_a_promise_is_kept_whatever_is_told[alenka]"
SEEDS: Final = (20261130, 20261131, 20261132, 20261133)

DEFECTS: Final = (
    Defect(
        name="a coupon's use is not written at pay",
        file="offline_cache/deeds.py",
        text="if not is_left or not use_here(sql, connection, coupon.serial, operation.key):",
        instead="if not is_left:",
        test=WALK,
        seeds=SEEDS,
    ),
    Defect(
        name="a return frees a coupon of which goods are still sold",
        file="loyalty/returns.py",
        text="if not _nothing_left(sale, after) or _nothing_left(sale, before):",
        instead="if _nothing_left(sale, before):",
        test=WALK,
        seeds=SEEDS,
    ),
    Defect(
        name="the hub counts the second use as the first",
        file="hub/books/coupons.py",
        text="    if not coupons.use(row, uses_allowed(made, uses, use.uses)):\n",
        instead="    if not coupons.use(row, uses_allowed(made, uses, use.uses)) and not uses:\n",
        test=WALK,
        seeds=SEEDS,
    ),
    Defect(
        name="what comes back is not taken off what the campaign gave",
        file="hub/books/coupons.py",
        text='whose.member if whose else "", -1, -gone.discount_kopecks)',
        instead='whose.member if whose else "", -1, 0)',
        test=WALK,
        seeds=SEEDS,
    ),
    Defect(
        name="two tills are given the same rubles of a certificate",
        file="hub/certificates/asking.py",
        text="    return Known(row, max(0, row.left - held_by_others(holds, till, at)))\n",
        instead="    return Known(row, max(0, row.left - held_by_others(holds[:0], till, at)))\n",
        test=WALK,
        seeds=SEEDS,
    ),
    Defect(
        name="a refund is all money though a certificate paid",
        file="loyalty/returns.py",
        text="    return min(max(wanted, refund - money_left), left, refund)\n",
        instead="    return min(max(wanted, refund - money_left), left, 0)\n",
        test=WALK,
        seeds=SEEDS,
    ),
    Defect(
        name="a certificate's rubles are lost where another takes its place",
        file="hub/books/certificates.py",
        text="    _fill(ledger, place, fresh, row.left)\n",
        instead="    _fill(ledger, place, fresh, 0)\n",
        test=WALK,
        seeds=SEEDS,
    ),
    Defect(
        name="stickers stay with who brings the goods back",
        file="loyalty/stickers.py",
        text="        taken_back=max(0, sale.stickers.given - kept),\n",
        instead="        taken_back=0,\n",
        test=WALK,
        seeds=SEEDS,
    ),
    Defect(
        name="stickers that were exchanged are not taken off",
        file="loyalty/stickers.py",
        text="[(body.stickers.collection, body.stickers.given - spent_count(body.stickers))]",
        instead="[(body.stickers.collection, body.stickers.given)]",
        test=WALK,
        seeds=SEEDS,
    ),
    Defect(
        name="a receipt without a card is given twice",
        file="hub/books/postings.py",
        text="    if ledger.claim(of) is not None:\n",
        instead="    if ledger.claim(of) is not None and claimed.seen is None:\n",
        test="tests/hub/account/test_receipt_claims.py",
    ),
    Defect(
        name="one member brings as many receipts as he finds",
        file="hub/claims/bring.py",
        text='    rows = [row for row in brought_by(writer, person.member) if row.state != "refused"]\n',
        instead='    rows = [row for row in brought_by(writer, person.member) if row.state == "refused"]\n',
        test="tests/hub/account/test_receipt_claims.py",
    ),
)
