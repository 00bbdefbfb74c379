"""P18, P19: the office confirms forms on paper, and registers whom it speaks with by telephone."""

from __future__ import annotations

from collections.abc import Callable

from tests.hub.conftest import Office
from tests.hub.desk.conftest import FORMS, P1, P3
from tests.hub.desk.conftest import Desk as Acts
from tests.hub.office.desk import ANTON, OLEG, VERA, Desk

Open = Callable[[], Desk]


def test_p19_a_form_on_paper_waits_and_is_confirmed(office: Office, desk: Open) -> None:
    office.take(office.issued("white", "zoya"), programme="perekrestok")
    form = Acts(office).form("white", P3, proven=False)
    form["consents"] = [{"what": "personal_data", "document": "ПК-ПДн-2026-11"}]
    Acts(office).ask("take_form", programme="perekrestok", **form)
    vera = desk()
    vera.sign_in(VERA)
    page = vera.get("/forms").text
    assert "white" in page and '<td class="number">20</td>' in page and P3[2:] not in page
    assert "подтверждена" in vera.post("/forms/confirm", card="white", key="k1").text
    assert office.cards("zoya") == {"white": "active"} and "Ни одна анкета не ждёт" in vera.get("/forms").text
    assert "уже не ждёт" in vera.post("/forms/confirm", card="white", key="k2").text


def test_p18_an_operator_registers_whom_he_speaks_with(office: Office, desk: Open) -> None:
    office.join("anna", points=150, phone=P1, name="Анна Петрова")
    office.take(office.issued("blank", "gleb"))
    oleg = desk()
    oleg.sign_in(OLEG)
    page = oleg.get("/forms?programme=alenka").text
    assert "checked" not in page and FORMS["personal_data"] in page and FORMS["mailing_sms"] in page
    form = {"programme": "alenka", "card": "blank", "name": "Глеб Сомов", "phone": "8 916 000-00-03", "key": "k1"}
    refused = oleg.post("/forms/register", **form)
    assert refused.status_code == 409 and "Без согласия" in refused.text
    agreed = f"personal_data/{FORMS['personal_data']}"
    assert "у другого участника" in oleg.post("/forms/register", agreed=agreed, **form | {"phone": P1}).text
    assert "начислено: 150" in oleg.post("/forms/register", agreed=agreed, **form).text
    assert "начислено: 150" in oleg.post("/forms/register", agreed=agreed, **form).text, "told twice, done once"
    assert office.cards("gleb") == {"blank": "active"} and office.balance("gleb") == 150
    assert office.rows("SELECT what, source FROM consents") == [("personal_data", "phone")]


def test_a_phone_that_is_taken_is_joined_by_who_may_say_so(office: Office, desk: Open) -> None:
    office.join("anna", points=150, phone=P1, name="Анна Петрова")
    office.take(office.issued("blank", "gleb"))
    vera, anton = desk(), desk()
    vera.sign_in(VERA)
    form = {"programme": "alenka", "card": "blank", "name": "Анна Петрова", "phone": P1, "key": "k1", "same": "yes"}
    form["agreed"] = f"personal_data/{FORMS['personal_data']}"
    assert "теперь у участника" in vera.post("/forms/register", **form).text
    assert office.cards() == {"blank": "active", "cardanna": "active"}
    anton.sign_in(ANTON)
    assert anton.get("/forms").status_code == 403 and anton.post("/forms/register", **form).status_code == 403
