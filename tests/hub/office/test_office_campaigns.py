"""The office's page of campaigns: counts, stop and go on; a coupon made for a member, shown with its QR, revoked."""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec.structs import replace

from loyalty.bodies import CouponUse
from tests.hub.conftest import AA, Office
from tests.hub.office.desk import ANTON, OLEG, VERA, Desk

Open = Callable[[], Desk]
TEN = "/campaigns/alenka/ten-percent"


def signed_in(desk: Open, who: object) -> Desk:
    one = desk()
    one.sign_in(who)  # type: ignore[arg-type]
    return one


def test_a_campaign_is_seen_stopped_and_goes_on(office: Office, desk: Open) -> None:
    uses = (CouponUse(serial=AA, campaign="ten-percent", discount_kopecks=12_345),)
    office.take(replace(office.sale(None), coupons=uses))
    oleg, vera = signed_in(desk, OLEG), signed_in(desk, VERA)
    page = oleg.get("/campaigns").text
    assert "Скидка 10 % на весь чек" in page and "123,45" in page and page.count("идёт") >= 4
    assert "Остановить" not in vera.get("/campaigns").text
    assert vera.post(f"{TEN}/stop", reason="x").status_code == 403
    assert oleg.post(f"{TEN}/stop", reason="").status_code == 409
    page = oleg.post(f"{TEN}/stop", reason="опечатка в афише").text
    assert "Акция ten-percent остановлена." in page and "остановлена: Олег" in page and "опечатка в афише" in page
    assert office.hub.changes(till="t9", programme="alenka", after="", limit=9).stopped_campaigns == ("ten-percent",)
    assert "Акция ten-percent продолжается." in oleg.post(f"{TEN}/go-on").text
    assert "так уже и есть" in oleg.post(f"{TEN}/go-on").text


def test_a_coupon_is_made_for_a_member_shown_and_revoked(office: Office, desk: Open) -> None:
    office.join()
    oleg = signed_in(desk, OLEG)
    form = {"campaign": "alenka/plus-50", "who": "cardanna", "days": "10", "key": "k1"}
    answer = oleg.post("/campaigns", **form)
    assert "Купон сделан." in answer.text and "anna" in answer.text
    assert oleg.post("/campaigns", **form).url == answer.url, "a double click"
    path = answer.url.removeprefix(oleg.url)
    picture = oleg.get(f"{path}/slip.svg")
    assert picture.headers["Content-Type"].startswith("image/svg") and "<rect" in picture.text
    found = re.search(r"<dd class=\"number\">(\w{4}-\w{4}-\w{5})</dd>", answer.text)
    assert found is not None and oleg.get(f"/campaigns?called={found.group(1)}").url == answer.url
    assert path in oleg.get("/campaigns?who=cardanna").text
    assert "Напишите причину" in oleg.post(f"{path}/revoke").text
    assert "отозван" in oleg.post(f"{path}/revoke", reason="потерян").text
    anton = signed_in(desk, ANTON)
    assert "потерян" in anton.get(path).text and anton.post(f"{path}/revoke", reason="x").status_code == 403
    assert "Такого купона нет" in oleg.get(f"/campaigns/coupon/{AA}").text
    assert "Такие купоны участники не делают" in oleg.post("/campaigns", **form | {"own": "1", "key": "k2"}).text
    assert office.verdict().faults == ()
