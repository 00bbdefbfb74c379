"""Acts for what people are told of the chain's shops: which there are, and what is said of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final

import msgspec

from hub.desk.act import Act, ActRefused, Asked
from hub.hub import Hub
from hub.places.place import FIELDS, NOTHING, BadPlace, as_fields, place_of, told, with_place
from hub.store.office_records import StoreRow
from hub.store.seam import Writer
from hub.stores import keep_store
from loyalty.utc import is_zone

Said = Annotated[str, msgspec.Meta(max_length=2_000)]


class AskShops(msgspec.Struct, frozen=True, kw_only=True):
    """Body of act `shops`: says nothing."""


class ShopTold(msgspec.Struct, frozen=True, kw_only=True):
    """`place`: as it may be said again (hub/places/place.py: FIELDS); what is not known is not there."""

    store: str
    timezone: str
    place: dict[str, str]


class ShopsListed(msgspec.Struct, frozen=True, kw_only=True):
    """Those of whoever asks."""

    shops: tuple[ShopTold, ...]


class KeepShop(msgspec.Struct, frozen=True, kw_only=True):
    """`place`: all that people are told of it, from now on: what is not said is known no more. `timezone` "": the
    programme's. Refused: no_such_store, bad_place (the message says what is wrong)."""

    store: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    place: dict[str, Said]
    timezone: Annotated[str, msgspec.Meta(max_length=60)] = ""


def _list(hub: Hub, asked: Asked, body: AskShops) -> ShopsListed:
    with hub.store.reading() as reader:
        rows = reader.stores().values()
    return ShopsListed(shops=tuple(_told(row) for row in rows if asked.sees(row.store)))


def _told(row: StoreRow) -> ShopTold:
    place = {field: text for field, text in as_fields(place_of(row)).items() if text}
    return ShopTold(store=row.store, timezone=row.timezone or "", place=place)


def _keep(hub: Hub, asked: Asked, body: KeepShop) -> ShopTold:
    if body.timezone and not is_zone(body.timezone):
        raise ActRefused("bad_place", f"timezone {body.timezone!r}: they are called like Europe/Moscow")
    said = {field: body.place.get(field, "") or NOTHING for field in FIELDS}

    def work(writer: Writer) -> StoreRow:
        row = writer.named_stores([body.store]).get(body.store)
        if row is None or not asked.sees(body.store):
            raise ActRefused("no_such_store", f"there is no store {body.store}")
        new = with_place(row._replace(timezone=body.timezone or None), told(place_of(row), said, hub.programmes))
        if new != row:
            keep_store(writer, new)
        return new

    try:
        return _told(hub.within(work))
    except BadPlace as error:
        raise ActRefused("bad_place", str(error)) from error


SHOP_ACTS: Final[Mapping[str, Act]] = {
    "shops": Act(takes=AskShops, right="keep_shops", do=_list),
    "shop_keep": Act(takes=KeepShop, right="keep_shops", do=_keep),
}
