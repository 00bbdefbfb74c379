"""The office's page of card orders (A3): made, in the shop, handed over with the code that the member shows."""

from __future__ import annotations

import re
from collections.abc import Callable

from hub.card_orders.code import code_of
from hub.card_orders.ordering import Form, order_card
from hub.store.office_records import CardOrderRow, StoreRow
from hub.store.rows import Rows
from loyalty.card_numbers import make_number
from tests.hub.conftest import PROGRAMMES, Office
from tests.hub.office.desk import ANTON, IRA, OLEG, VERA, Desk

MADE, OTHER = (make_number(PROGRAMMES["alenka"].cards.schemes[0], serial) for serial in (71, 72))
ADDRESS = "644000, Омск, улица <Ленина>, 1"


def ordered(office: Office, member: str, *, store: str = "", address: str = "") -> str:
    office.join(member)
    office.hub.within(lambda writer: writer.write(Rows(stores=[StoreRow("omsk-7")])))
    return order_card(office.hub, member, Form("Анна <b>", address, store), "k").id


def row(office: Office, id: str) -> CardOrderRow:
    with office.hub.store.reading() as reader:
        return reader.card_orders([id])[id]


def step(desk: Desk, page: str, id: str, event: str, **more: str) -> str:
    keys = re.findall(r'name="key" value="([0-9a-f]+)"', page)
    assert f'value="{event}"' in page
    return desk.post("/card-orders/step", key=keys[0], id=id, event=event, **more).text


def test_an_order_goes_its_way_by_the_office_s_hands(office: Office, desk: Callable[[], Desk]) -> None:
    id = ordered(office, "anna", store="omsk-7")
    oleg, vera = desk(), desk()
    oleg.sign_in(OLEG)
    vera.sign_in(VERA)
    page = oleg.get("/card-orders").text
    assert "Анна &lt;b&gt;" in page and "магазин omsk-7" in page and "Отправлена" not in page
    assert "не свободный бланк" in step(oleg, page, id, "made", card="77")
    assert f"Заказ {id}: изготовлены" in step(oleg, page, id, "made", card=MADE)
    page = vera.get("/card-orders?state=made").text
    assert MADE in page
    step(vera, page, id, "arrived")
    page = vera.get("/card-orders?state=waiting").text
    code = code_of(office.hub.keys.phones, row(office, id))
    assert code and code not in page
    wrong = step(vera, page, id, "handed_over", code="12", state="waiting")
    assert "Код другой" in wrong and id in wrong, "he is asked again where he was"
    assert f"Заказ {id}: выданы" in step(vera, page, id, "handed_over", code=code)
    assert office.cards()[MADE] == "active"
    assert "в другом состоянии" in step(vera, page, id, "returned")


def test_an_address_is_for_those_who_send(office: Office, desk: Callable[[], Desk]) -> None:
    id = ordered(office, "boris", address=ADDRESS)
    oleg, ira, anton = desk(), desk(), desk()
    for one, who in ((oleg, OLEG), (ira, IRA), (anton, ANTON)):
        one.sign_in(who)
    page = oleg.get("/card-orders").text
    assert "улица &lt;Ленина&gt;" in page
    assert "Таких заказов нет" in ira.get("/card-orders").text and anton.get("/card-orders").status_code == 403
    assert "Такого заказа нет" in ira.post("/card-orders/step", key="k", id=id, event="cancelled").text
    step(oleg, page, id, "made", card=OTHER)
    step(oleg, oleg.get("/card-orders?state=made").text, id, "sent")
    sent = oleg.get("/card-orders?state=sent").text
    assert "активирует сам" in sent and 'value="handed_over"' not in sent.partition("<tbody>")[2]
    assert "вернулись" in step(oleg, sent, id, "returned")
    assert "Ленина" not in oleg.get("/card-orders?state=returned").text


def test_a_step_that_is_none_is_said(office: Office, desk: Callable[[], Desk]) -> None:
    oleg = desk()
    oleg.sign_in(OLEG)
    assert "не понят" in oleg.post("/card-orders/step", key="k", id="1", event="burned").text
    assert oleg.get("/card-orders?state=burned").status_code == 200
