"""Who may do what at the office's desk: every role at every page, every form and every act (SEC7). A view or an act
that is new belongs into these tables, or a test is red."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import pytest

from hub.desk.acts import ACTS
from hub.office.door import Clerk
from hub.office.menu import PAGES
from tests.hub.conftest import Office
from tests.hub.office.desk import ANTON, OLEG, VERA, Desk

Open = Callable[[], Desk]
LOOKS: Final = frozenset(
    {
        *("GET /cases", "GET /cases/{id:path}", "GET /day", "GET /tills"),
        *("GET /campaigns", "GET /campaigns/coupon/{serial}", "GET /campaigns/coupon/{serial}/slip.svg"),
        *("GET /members", "GET /members/{member}", "GET /members/{member}/statement"),
        *("GET /certificates", "GET /certificate-orders"),
    }
)
OF_A_MANAGER: Final = LOOKS | {
    *("POST /cases/{id:path}", "POST /members/{member}/correct"),
    *("POST /members/{member}/block", "POST /members/{member}/unblock"),
    *(
        "GET /forms",
        "POST /forms/confirm",
        "POST /forms/register",
        "POST /forms/first-code",
        "GET /claims",
        "POST /claims",
    ),
    *("GET /second", "POST /second"),
    *("GET /shops", "GET /shops/{store:path}", "POST /shops/{store:path}"),
    *("GET /card-orders", "POST /card-orders/step"),
    *("GET /tickets", "GET /tickets/{id}", "GET /tickets/pictures/{id}"),
    *(f"POST /tickets/{{id}}/{what}" for what in ("take", "answer", "pass-on", "close")),
    *(f"POST /certificates/{what}" for what in ("block", "replace", "refund")),
    "GET /members/{member}/phones/{card}",
    *(f"POST /members/{{member}}/phones/{{card}}/{what}" for what in ("link", "revoke")),
}
OF_THE_OFFICE: Final = OF_A_MANAGER | {
    *("GET /gifts", "POST /gifts/{id}/approve", "POST /gifts/{id}/refuse", "GET /sent", "GET /staff", "POST /staff"),
    *("POST /certificates/give", "POST /certificate-orders/settle"),
    *("GET /designs", "GET /designs/{id}.jpg", "POST /designs"),
    *("POST /campaigns", "POST /campaigns/coupon/{serial}/revoke"),
    *(f"POST /campaigns/{{programme}}/{{campaign}}/{what}" for what in ("stop", "go-on")),
    *("GET /mailings", "POST /mailings", "GET /mailings/{id}", "POST /mailings/rules/{programme}"),
    *(f"POST /mailings/{{id}}/{what}" for what in ("start", "stop", "try")),
    *("GET /exchanges", "POST /exchanges/ask", "POST /exchanges/settle"),
    *(f"POST /staff/{{id}}/{what}" for what in ("pin", "key", "revoke", "restore")),
}
OF_AN_AUDITOR: Final = {"GET /sent", "GET /mailings", "GET /mailings/{id}"}
VIEWS: Final = {
    VERA: OF_A_MANAGER,
    OLEG: OF_THE_OFFICE,
    ANTON: LOOKS | OF_AN_AUDITOR,
}
ACTS_OF_AN_AUDITOR: Final = frozenset(
    {"cases", "case", "find_member", "member", "day", "sent", "campaigns", "coupon_state", "coupons_of_member"}
    | {"certificate_history", "certificate_orders", "mailings", "mailing_look", "mailing_report"}
)
ACTS_OF_THE_OFFICE_ALONE: Final = frozenset(
    {
        *("gifts", "approve_gift", "refuse_gift", "mark_staff", "sent"),
        *("coupon_mint", "coupon_revoke", "campaign_stop", "campaign_go_on", "certificate_give"),
        *("mailings", "mailing_make", "mailing_look", "mailing_start", "mailing_stop", "mailing_try"),
        *("mailing_rules", "mailing_report"),
        *("exchanges", "exchange_ask", "exchange_settle"),
        *("certificate_order_settle", "certificate_design_picture", "certificate_design_decide"),
    }
)
OF_A_TILL: Final = frozenset({"card_numbers", "anchor_audit"})  # the office is refused each time


@pytest.mark.parametrize("who", VIEWS, ids=lambda who: who.role)
def test_each_page_and_form_is_for_those_whose_role_may(office: Office, desk: Open, who: Clerk) -> None:
    one = desk()
    one.sign_in(who)
    views = {f"{view.method} {view.path}" for page in PAGES for view in page.views}
    assert views == OF_THE_OFFICE | LOOKS
    for view in sorted(views):
        method, path = view.split()
        ask = one.get if method == "GET" else one.post
        answer = ask(re.sub(r"{[^}]+}", "x", path))
        assert (answer.status_code == 403) is (view not in VIEWS[who]), view
        assert answer.status_code in (200, 403, 409), view
    with office.hub.store.reading() as reader:
        assert list(reader.staff([""])) == [] and list(reader.all_members()) == []


@pytest.mark.parametrize("who", VIEWS, ids=lambda who: who.role)
def test_each_act_is_for_those_whose_role_may(office: Office, desk: Open, who: Clerk) -> None:
    one, programs = desk(), {"Authorization": f"Bearer key-{who.id}"}
    may = {
        VERA: ACTS.keys() - ACTS_OF_THE_OFFICE_ALONE,
        OLEG: ACTS.keys(),
        ANTON: ACTS_OF_AN_AUDITOR,
    }[who]
    told = one.get("/office/api/acts", headers=programs).json()["acts"]
    assert {name for name, act in told.items() if act["allowed"]} == set(may)
    for name in ACTS:
        url, said = f"{one.url}/office/api/acts/{name}", {"key": "k1", "body": {"": 0}}
        status = one.browser.post(url, json=said, headers=programs).status_code
        assert (status == 403) is (name not in may), name
    assert one.browser.post(f"{one.url}/office/api/acts/cases", json={"key": "k1"}).status_code in (401, 403)


@pytest.mark.parametrize("name", sorted(OF_A_TILL))
def test_what_a_till_says_of_itself_nobody_says_in_the_office(office: Office, desk: Open, name: str) -> None:
    head = {"number": 1, "hash": "f" * 64, "known": 0, "known_hash": "0" * 64}
    body = {"anchor_audit": head, "card_numbers": {"file": "f", "virtual": 1}}[name]
    one, programs = desk(), {"Authorization": f"Bearer key-{OLEG.id}"}
    url, said = f"{one.url}/office/api/acts/{name}", {"key": "k1", "programme": "alenka", "body": body}
    assert one.browser.post(url, json=said, headers=programs).status_code == 409
    assert not [name for (name,) in office.rows("SELECT name FROM settings") if name.startswith("audit/")]
