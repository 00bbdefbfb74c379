"""Shops of a chain in two cities, as a shop's file would bring them."""

from __future__ import annotations

from typing import Final

from hub.hub import Hub
from hub.places.place import NOWHERE, told, with_place
from hub.store.office_records import StoreRow
from hub.store.seam import Writer
from hub.stores import keep_store

HOURS: Final = "пн-пт 9:00-22:00, сб-вс 10:00-20:00"
SHOPS: Final[dict[str, dict[str, str]]] = {
    "msk-1": {
        "name": "На Арбате",
        "city": "Москва",
        "address": "Арбат, 1",
        "phones": "8 495 123-45-67, 8 800 200-95-55",
        "hours": HOURS,
        "days": "2026-03-08 закрыто",
        "latitude": "55.7522",
        "longitude": "37.6001",
    },
    "msk-2": {
        "name": "На Тверской",
        "city": "Москва",
        "address": "Тверская, 10",
        "hours": "24/7",
        "latitude": "55.7611",
        "longitude": "37.6093",
    },
    "msk-3": {
        "name": "Новый",
        "city": "Москва",
        "address": "Ходынский, 4",
        "latitude": "55.7901",
        "longitude": "37.5312",
    },
    "msk-9": {"name": "Закрылся", "city": "Москва", "address": "Старая, 1", "closed": "да"},
    "omsk-7": {
        "name": "На Ленина",
        "city": "Омск",
        "address": "Ленина, 7",
        "phones": "8 3812 12-34-56",
        "hours": "ежедневно 9:00-21:00",
        "latitude": "54.9885",
        "longitude": "73.3242",
    },
}


def stand(hub: Hub, shops: dict[str, dict[str, str]] = SHOPS) -> None:
    def work(writer: Writer) -> None:
        for id, said in shops.items():
            zone = "Asia/Omsk" if id.startswith("omsk") else None
            keep_store(writer, with_place(StoreRow(id, timezone=zone), told(NOWHERE, said, hub.programmes)))

    hub.within(work)
