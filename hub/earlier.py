"""Receipts of the system that the shop had before: found by their number, their fiscal document, a card."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from hub.hub import Hub
from hub.store.records import EarlierNumber, EarlierRow
from hub.store.seam import Reader
from loyalty.bodies import EarlierSale
from loyalty.operation import read_operation


class Earlier(NamedTuple):
    """`zone`: of the store's clock."""

    sale: EarlierSale
    zone: tzinfo


def with_number(hub: Hub, store: str, day: str, number: str) -> list[Earlier]:
    """Several, where tills of the store counted each for itself."""
    with hub.store.reading() as reader:
        return _read(hub, reader, reader.earlier_sales([EarlierNumber(store, day, number)]))


def with_card(hub: Hub, card: str) -> list[Earlier]:
    with hub.store.reading() as reader:
        return _read(hub, reader, reader.earlier_with_cards([card]))


def with_fiscal(hub: Hub, text: str) -> list[Earlier]:
    """By the number of the fiscal document, of whichever device; or DEVICE/NUMBER."""
    device, _, document = text.rpartition("/")
    with hub.store.reading() as reader:
        found = _read(hub, reader, reader.earlier_with_documents([document]))
    return [one for one in found if not device or one.sale.fiscal[0].device == device]


def _read(hub: Hub, reader: Reader, rows: Sequence[EarlierRow]) -> list[Earlier]:
    """In the order of their days."""
    ordered = sorted(rows, key=lambda row: (row.day, row.store, row.number, row.pos))
    texts = reader.operations([row.place for row in ordered])
    shops = reader.named_stores({row.store for row in ordered})
    found = []
    for operation in (read_operation(texts[row.place].text) for row in ordered):
        assert isinstance(operation.body, EarlierSale), "a row of earlier sales is one's"
        shop = shops.get(operation.body.store)
        zone = ZoneInfo(shop.timezone) if shop is not None and shop.timezone else hub.zone_of(operation.programme)
        found.append(Earlier(operation.body, zone))
    return found
