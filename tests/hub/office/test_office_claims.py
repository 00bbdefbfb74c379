"""The office adds a purchase without a card: why it earned nothing, and once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from loyalty.bodies import Fiscal
from tests.hub.conftest import DAY, Office
from tests.hub.office.desk import ANTON, OLEG, Desk
from tests.hub.office.test_office_pages import in_as, key_in
from tests.hub.test_receipts_anywhere import Chain

Open = Callable[[], Desk]
QR = "t=20260302T1500&s=100.00&fn=9281000100000001&i=42&fp=123456&n=1"
DOCUMENT = Fiscal(device="9281000100000001", document="42", sign="123456", at=f"{DAY}T15:00", kopecks=1, kind="sale")


@pytest.fixture
def chain(office: Office) -> Chain:
    return Chain(office)


def test_the_office_sees_why_and_adds_it_once(chain: Chain, desk: Open) -> None:
    chain.sell(member=False, fiscal=(DOCUMENT,))
    his = chain.sell()
    oleg, before = in_as(desk, OLEG), chain.office.balance()
    sought = {"who": "cardanna", "receipt": QR}
    look = oleg.get("/claims", params=sought)
    assert look.status_code == 200 and "Карту не предъявили" in look.text
    typed = sought | {"key": key_in(look.text), "reason": "забыл карту"}
    for _ in range(2):  # the button, twice
        assert "Начислено по чеку" in oleg.post("/claims", **typed).text
    points = his.body.accrued.points  # type: ignore[union-attr]
    assert chain.office.balance() - before == points
    assert "Уже начислено" in oleg.get("/claims", params=sought).text
    assert "второй раз нельзя" in oleg.post("/claims", **(typed | {"key": "another"})).text
    assert oleg.post("/claims", **sought).status_code == 409, "no reason"
    assert oleg.get("/claims", params={"who": "cardanna"}).status_code == 409
    assert oleg.get("/claims", params={"who": "cardanna", "total": "x", "day": DAY}).status_code == 409
    assert in_as(desk, ANTON).get("/claims").status_code == 403
    assert chain.office.verdict().faults == ()
