"""The office's page of exchanges that a partner has not answered (P13, P14): asked again, settled by his word."""

from __future__ import annotations

import re
from collections.abc import Callable

from hub.exchanges.asking import ask, given
from hub.exchanges.ordering import Wanted, exchange_points
from hub.outside.partner import ExchangeTold
from hub.outside.services import Service, Services
from tests.hub.conftest import Office
from tests.hub.office.desk import ANTON, IRA, OLEG, Desk

NOBODY = Service(name="partner", url="http://127.0.0.1:1")


def waiting(office: Office, key: str, partner: str = "s7", points: int = 1000) -> str:
    """One whose partner was asked, and is not there."""
    office.hub.services = Services(partners={"s7": NOBODY, "litres": NOBODY})
    row = exchange_points(office.hub, "anna", "perekrestok", Wanted(partner, "123456789", points), key)
    ask(office.hub, office.hub.services, row)
    return row.id


def test_p13_p14_what_waits_is_seen_and_settled(office: Office, desk: Callable[[], Desk]) -> None:
    office.join("anna", programme="perekrestok", points=10_000)
    asked, odd = waiting(office, "a"), waiting(office, "b", "litres", 5000)
    given(office.hub, odd, ExchangeTold(id="<7>", units=49_900))
    oleg = desk()
    oleg.sign_in(OLEG)
    page = oleg.get("/exchanges").text.replace("\u202f", " ").replace("\xa0", " ")
    assert "партнёр не отвечает с" in page and "123456789" in page and "1000 → 100 миль" in page
    assert "Партнёр говорит: 499,00 ₽, номер &lt;7&gt;" in page and "5000 → 500,00" in page
    key = re.findall(r'name="key" value="([0-9a-f]+)"', page)[0]
    assert "партнёра сейчас спросят" in oleg.post("/exchanges/ask", key=key, id=asked).text
    assert "в другом состоянии" in oleg.post("/exchanges/ask", key=key, id=odd).text
    assert "что сказал партнёр" in oleg.post("/exchanges/settle", key=key, id=odd, outcome="paid", reason="").text
    done = oleg.post("/exchanges/settle", key=key, id=odd, outcome="paid", reason="дали ровно 500").text
    assert f"{odd}: баллы списаны" in done
    freed = oleg.post("/exchanges/settle", key=key, id=asked, outcome="freed", reason="не дадут").text
    assert "баллы снова у участника" in freed and "Партнёры ответили на всё" in freed
    assert dict(office.hub.balances("perekrestok")) == {"anna": 5000}
    assert office.verdict().faults == ()


def test_exchanges_are_for_those_who_see_all_shops(office: Office, desk: Callable[[], Desk]) -> None:
    office.join("anna", programme="perekrestok", points=10_000)
    id = waiting(office, "a")
    ira, anton = desk(), desk()
    ira.sign_in(IRA)
    anton.sign_in(ANTON)
    assert "Партнёры ответили на всё" in ira.get("/exchanges").text
    assert "Такого обмена нет" in ira.post("/exchanges/settle", key="k", id=id, outcome="freed", reason="так").text
    assert anton.get("/exchanges").status_code == 403
