"""The office's page of shops: what people are told of one is changed there, by whoever sees it."""

from __future__ import annotations

from collections.abc import Callable

from hub.places.place import place_of
from hub.store.office_records import StoreRow
from hub.stores import keep_store
from tests.hub.conftest import Office
from tests.hub.office.desk import ANTON, OLEG, VERA, Desk

SAID = {"name": "На <Ленина>", "city": "Омск", "phones": "8 3812 12-34-56", "hours": "пн-пт 9-21"}


def row(office: Office, store: str) -> StoreRow:
    with office.hub.store.reading() as reader:
        return reader.stores()[store]


def test_a_shop_is_told_of_changed_and_what_is_wrong_is_said(office: Office, desk: Callable[[], Desk]) -> None:
    oleg = desk()
    oleg.sign_in(OLEG)
    assert "store import" in oleg.get("/shops").text
    for store in ("omsk-7", "msk/1"):
        office.hub.within(lambda writer, store=store: keep_store(writer, StoreRow(store, entity="ООО")))  # type: ignore[misc]
    assert "ничего не сказано" in oleg.get("/shops").text
    wrong = oleg.post("/shops/omsk-7", key="k1", **SAID | {"hours": "пн 9-99", "timezone": "Asia/Omsk"})
    assert wrong.status_code == 409 and "no such time" in wrong.text and "На &lt;Ленина&gt;" in wrong.text
    assert "Mars/Olympus" in oleg.post("/shops/omsk-7", key="k2", **SAID | {"timezone": "Mars/Olympus"}).text
    assert row(office, "omsk-7") == StoreRow("omsk-7", entity="ООО"), "nothing of it is kept"
    done = oleg.post("/shops/omsk-7", key="k3", **SAID | {"timezone": "Asia/Omsk"})
    assert "Магазин omsk-7: записано" in done.text and "mon-fri 09:00-21:00" in done.text
    kept = row(office, "omsk-7")
    assert (kept.timezone, kept.entity, place_of(kept).phones) == ("Asia/Omsk", "ООО", ("+73812123456",))
    form = oleg.get("/shops/omsk-7").text
    assert "mon-fri 09:00-21:00; sat-sun closed" in form and 'value="На &lt;Ленина&gt;"' in form
    oleg.post("/shops/omsk-7", key="k4", name="Омск", timezone="")
    assert place_of(row(office, "omsk-7")).city == "" and row(office, "omsk-7").timezone is None
    assert oleg.post("/shops/msk%2F1", key="k5", name="Арбат").status_code == 200
    assert place_of(row(office, "msk/1")).name == "Арбат"
    assert "нет" in oleg.get("/shops/nobody").text


def test_of_other_shops_nobody_says_anything(office: Office, desk: Callable[[], Desk]) -> None:
    for store in ("omsk-7", "msk-1"):
        office.hub.within(lambda writer, store=store: keep_store(writer, StoreRow(store)))  # type: ignore[misc]
    vera, anton = desk(), desk()
    vera.sign_in(VERA)
    anton.sign_in(ANTON)
    assert "omsk-7" in vera.get("/shops").text and "msk-1" not in vera.get("/shops").text
    vera.post("/shops/msk-1", key="k", name="Мой")
    assert row(office, "msk-1") == StoreRow("msk-1")
    assert anton.get("/shops").status_code == 403
